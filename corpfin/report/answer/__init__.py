"""One answer for all renderings: every figure that is said of a company, computed here and nowhere else.

Page and JSON document take their figures from this tree and only format them, so that a figure cannot differ between
the two.
"""

from corpfin.report.answer.build import answer_of
from corpfin.report.answer.tree import Answer, Block, Figure

__all__ = ["Answer", "Block", "Figure", "answer_of"]
