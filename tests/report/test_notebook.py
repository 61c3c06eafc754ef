"""What a notebook shows of a result: one line in words, and a table with labels and units."""

from html.parser import HTMLParser

import pytest

import corpfin as cf
from corpfin import studies
from corpfin.report.plots import survival_curves
from corpfin.studies.result import Result

LONGEST = 200
"""Characters of the longest line that stands for a result."""

FEW = {"paths": 64, "months": 12}


class Cells(HTMLParser):
    """The rows of a table: headings and cells as text; tags must be closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("th", "td"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("th", "td"):
            self.rows[-1][-1] += data


def test_a_simulation_is_one_line_and_a_table(sector: cf.Simulation) -> None:
    assert repr(sector) == "<Simulation DIGR, HALL, RING, TINY; scenario base, 60 months, 1,024 paths, seed 7>"
    head, *rows = Cells(sector._repr_html_()).rows
    assert head[:3] == ["company", "Survival to month 12 [1]", "Survival to month 24 [1]"]
    assert [row[0] for row in rows] == list(sector.outcomes)
    assert {len(row) for row in (head, *rows)} == {len(head)}


@pytest.mark.parametrize("name", ["stress", "lifeline", "compare", "drivers"])
def test_a_study_is_one_line_and_a_table(name: str) -> None:
    result = getattr(studies, name)(["RING", "TINY"], **FEW)
    assert isinstance(result, Result)
    assert len(repr(result)) < LONGEST
    assert repr(result).startswith(f"<{type(result).__name__} base, 12 months, 64 paths, seed 1: ")
    head, *rows = Cells(result._repr_html_()).rows
    assert len(rows) == len(result.table)
    assert {len(row) for row in rows} == {len(head)}
    labels = {column.label for column in result.columns}
    assert all(any(cell.startswith(label) for label in labels) for cell in head[result.table.index.nlevels :])


def test_an_explanation_is_one_line_and_opens_step_by_step(projection: cf.Projection) -> None:
    node = projection.explain("cash", projection.labels[3])
    assert len(repr(node)) < LONGEST
    shown = node._repr_html_()
    assert shown.startswith("<details><summary>cash = ")
    Cells(shown)


def test_a_plot_shows_itself(sector: cf.Simulation) -> None:
    assert survival_curves(sector)._repr_png_().startswith(b"\x89PNG")
