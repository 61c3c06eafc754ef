"""The schedule of debt under the name the plots know it by."""

from corpfin.studies.schedule import Due, debt_due, loans_due

__all__ = ["Due", "debt_due", "loans_due"]
