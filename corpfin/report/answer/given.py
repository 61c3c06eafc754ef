"""Which inputs are judgements, and what no input tells: figures by grade, estimates that reach the model, omissions."""

from __future__ import annotations

from corpfin.inputs import Figure as InputFigure
from corpfin.report.answer.tree import Block, Figure
from corpfin.report.estimates import counts, estimated, key_of
from corpfin.runs import Projection


def inputs(projection: Projection) -> Block:
    """Number of figures of each grade, and every estimate that a line reads."""
    company = projection.company
    return Block(
        "inputs",
        "Inputs",
        (
            Block(
                "grades",
                "Figures by grade",
                tuple(Figure(grade, grade, count, source="input company") for grade, count in counts(company).items()),
            ),
            Block("estimates", "Estimates", tuple(map(_estimate, estimated(company, projection.summary["btc_price"])))),
        ),
    )


def notes(projection: Projection) -> Block:
    """What the company's file remarks, in its words."""
    remarks = enumerate(projection.company.notes, start=1)
    return Block(
        "notes",
        "Notes of the file",
        tuple(Figure(f"{number}", "Note", remark, source="input notes.items") for number, remark in remarks),
    )


def left_out(projection: Projection) -> Block:
    """What the company's file says it leaves out, in its words."""
    notes = enumerate(projection.company.left_out, start=1)
    return Block(
        "left_out",
        "What is left out",
        tuple(Figure(f"{number}", "Left out", note, source="input notes.left_out") for number, note in notes),
    )


def _estimate(figure: InputFigure) -> Figure:
    key = key_of(figure)
    return Figure(
        key, figure.meaning, figure.value, figure.unit, f"input {key}", None, figure.grade, None, figure.low,
        figure.high, {"why": figure.why},
    )  # fmt: skip
