"""The Excel workbook: the model itself as live formulas, and an edited book read back."""

from corpfin.workbook.comparison import write_comparison
from corpfin.workbook.line_items import line_items
from corpfin.workbook.read import Change, Conflict, Edited, read_workbook
from corpfin.workbook.save import write_workbook
from corpfin.workbook.sector import write_sector

__all__ = [
    "Change",
    "Conflict",
    "Edited",
    "line_items",
    "read_workbook",
    "write_comparison",
    "write_sector",
    "write_workbook",
]
