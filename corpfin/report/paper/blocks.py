"""Any block of the answer as tables: its figures in rows, months side by side, the blocks within below it."""

from __future__ import annotations

from collections.abc import Sequence

from corpfin.report.answer import Block, Figure
from corpfin.report.answer.tree import SCENARIO_MONTH, months_of
from corpfin.report.paper.elements import Part, Section, Table
from corpfin.report.paper.values import between, shown, unit

COLUMNS = ("", "figure", "unit", "range", "month", "grade", "from")


def section(block: Block) -> Section:
    """A block that no section of its own was written for."""
    return Section(block.name, block.label, tuple(tables(block)))


def tables(block: Block) -> list[Part]:
    """The figures of a block and of those within, a table each."""
    months = months_of(block)
    own = [side_by_side(block.label, months)] if len(months) > 1 else [rows(block.label, block.figures)]
    inner = [each for each in block.blocks if each.name != SCENARIO_MONTH]
    return [part for part in own if part.rows] + [part for each in inner for part in tables(each)]


def rows(caption: str, figures: Sequence[Figure]) -> Table:
    """Figures in rows; a column that says nothing of any of them is left out."""
    cells = [
        (
            each.label,
            shown(each),
            unit(each),
            between(each),
            str(each.month or ""),
            each.grade or "",
            each.source.removeprefix("input ").removeprefix("line ").removeprefix("study "),
        )
        for each in figures
    ]
    kept = [place for place, _ in enumerate(COLUMNS) if place < 2 or any(row[place] for row in cells)]
    same = kept and len(cells) > 1 and 4 in kept and len({row[4] for row in cells}) == 1
    if same:
        caption = f"{caption}, {cells[0][4]}"
        kept.remove(4)
    head = tuple(COLUMNS[place] for place in kept)
    words = tuple(number for number, place in enumerate(kept) if place not in (1, 3))
    return Table(caption, head, tuple(tuple(row[place] for place in kept) for row in cells), words)


def side_by_side(caption: str, months: Sequence[Block], drop: Sequence[str] = ()) -> Table:
    """The same figures in the last month of history and in the scenario's first."""
    first = months[0]
    kept = [each for each in first.figures if each.name not in drop]
    head = ("", *(str(next(each.month for each in month.figures if each.month)) for month in months), "unit")
    cells = tuple((each.label, *(shown(month.figure(each.name)) for month in months), unit(each)) for each in kept)
    return Table(caption, head, cells, (0, len(head) - 1))


def by_year(caption: str, blocks: Sequence[Block], what: str = "USD m") -> Table:
    """Amounts by calendar year, a row a block; years and blocks in which nothing stands anywhere are left out."""
    found = [(block.label, block.values()) for block in blocks]
    found = [(label, amounts) for label, amounts in found if any(map(shown_amount, amounts.values()))]
    years = sorted({year for _, amounts in found for year, amount in amounts.items() if shown_amount(amount)})
    cells = tuple((label, *(money_of(amounts.get(year)) for year in years)) for label, amounts in found)
    return Table(caption, (what, *years), cells)


def shown_amount(amount: float | None) -> bool:
    """Whether an amount is more than dust."""
    return amount is not None and abs(amount) >= 0.05


def money_of(amount: float | None) -> str:
    """An amount, a dash where there is none to speak of."""
    return f"{amount:,.1f}" if amount is not None and shown_amount(amount) else "-"
