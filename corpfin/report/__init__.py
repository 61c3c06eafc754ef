"""What the studies found, written down: the one-page answer, the JSON document, CSV tables, the walk of a cell."""

from corpfin.common.files import write_new
from corpfin.report.answer import answer_of
from corpfin.report.document import document, to_json, versions
from corpfin.report.listing import listing, verdict
from corpfin.report.page import page
from corpfin.report.tables import write_tables
from corpfin.report.walk import walk

__all__ = [
    "answer_of",
    "document",
    "listing",
    "page",
    "to_json",
    "verdict",
    "versions",
    "walk",
    "write_new",
    "write_tables",
]
