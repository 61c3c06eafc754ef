"""The reference: method, lines, inputs, shocks, checks and outputs as Markdown, made from the code alone."""

from corpfin.report.reference.write import reference, write_reference

__all__ = ["reference", "write_reference"]
