"""The files a book was made from, kept in it: what its reader changed is held against them, not against today's."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlsxwriter.worksheet import Worksheet

from corpfin.common.toml_text import toml_file
from corpfin.inputs import Company, InputError, Market, Scenario
from corpfin.inputs.edit import edited
from corpfin.inputs.load import company_from, market_from, scenario_from
from corpfin.runs.capacity import with_capacity
from corpfin.workbook.book import FIRST_ROW, HEADING_ROW, LEAD_ROW, LONGEST_TEXT, TITLE_ROW, clean
from corpfin.workbook.styles import Styles

FILES = "Files"
CONTINUED = "(continued)"


@dataclass(frozen=True)
class Base:
    """What a book was made from: company and market as their files were, and the scenario."""

    company: Company
    market: Market
    scenario: Scenario


def base_of(company: Company, market: Market, scenario: Scenario) -> Base:
    """What the files say where company or market were edited since."""
    return Base(company.origin or company, with_capacity(market.origin or market), scenario)


def write_files(page: Worksheet, styles: Styles, base: Base) -> None:
    """Fill the sheet: a line of a file a row."""
    page.write_string(TITLE_ROW - 1, 0, "Files", styles.text("title"))
    lead = "The figures this book was made from, as files; what was changed in it is told apart by them"
    page.write_string(LEAD_ROW - 1, 0, lead, styles.text("lead"))
    for column, (heading, width) in enumerate((("File", 12), ("Text", 150))):
        page.set_column(column, column, width)
        page.write_string(HEADING_ROW - 1, column, heading, styles.text("heading"))
    page.freeze_panes(HEADING_ROW, 1)
    page.hide_gridlines(2)
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    row = HEADING_ROW
    for name, contents in _contents(base).items():
        for line in toml_file(contents).splitlines():
            for start in range(0, max(len(line), 1), LONGEST_TEXT):
                page.write_string(row, 0, CONTINUED if start else name, styles.text("section"))
                page.write_string(row, 1, clean(line[start : start + LONGEST_TEXT]), styles.text("label"))
                row += 1


def _contents(base: Base) -> dict[str, Mapping[str, Any]]:
    return {
        "company": edited(base.company, {}),
        "market": edited(base.market, {}),
        "scenario": base.scenario.tables.model_dump(exclude_none=True, by_alias=True),
    }


def read_files(page: Any) -> Base | None:
    """What a book was made from; None where it cannot be read, such as files of another version of the program."""
    lines: dict[str, list[str]] = {}
    last = ""
    for row in page.iter_rows(min_row=FIRST_ROW, max_col=2, values_only=True):
        name, text = (str(value or "") for value in row)
        if name == CONTINUED and last:
            lines[last][-1] += text
        elif name:
            lines.setdefault(name, []).append(text)
            last = name
    try:
        company, market, scenario = (
            tomllib.loads("\n".join(lines.get(name, ()))) for name in ("company", "market", "scenario")
        )
        made = market_from(market, Path("market.toml"))
        return Base(
            company_from(company, Path("company.toml"), made.defaults), made, scenario_from(scenario, Path("scenario"))
        )
    except (InputError, ValueError, RecursionError):
        return None
