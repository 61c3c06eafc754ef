"""The blocks of README that hold figures, from the ledger and some runs: ``python -m tests.golden.readme`` writes them.

``python -m pytest tests/golden --refresh`` does so too, once the record is that of today.
"""

from __future__ import annotations

import io
import json
import os
import re
import runpy
import sys
import tomllib
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

from corpfin.common.text import chance
from corpfin.inputs import known_companies, load_market, vintages

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
README = ROOT / "README.md"
PAGE_OF, PATHS = "WULF", 4_096
"""Company of the page that README shows, and paths of all its figures, which are those of the ledger."""

LEFT = ("POSITION", "SURVIVAL", "ANSWER")
"""Parts of the page that README shows, after its head."""

FAILED_BY, CAME_BY = 24, 3
"""Months by which the companies of the older vintage had failed, and by which the others published figures."""

WEEK = "templates/week"
"""Scenarios that the analyst of README writes in his week."""

DECK, OF = ("MARA", "RIOT", "CLSK"), f"--paths {PATHS}"
OTHER_JOBS = (
    (
        "a miner of your own",
        "`corpfin new my.toml`, filled in, `corpfin check my.toml`",
        "an annotated blank; every problem of the file at once",
    ),
    (
        "a new quarter",
        "`corpfin roll MARA --to 2026-09-30 -o mara.toml`, then `corpfin refresh` and `corpfin diff`",
        "the next file, and what to look up on top of it",
    ),
    (
        "the sector's sales at 50,000",
        f"`corpfin sector --scenario {WEEK}/fifty.toml`",
        "sales by quarter and reason, the circle, the gap",
    ),
    (
        "a notebook",
        '`cf.simulate("all").sums("btc_sold", first="2026-10", last="2027-09")`',
        "quantiles by company and of all together",
    ),
    (
        "an electricity tax",
        "a line in `corpfin/lines/mining.py` below `power_cost`, its rate a field of `[[fleet]]`, `pip install -e .`",
        "projection, simulation, workbook and reference have it",
    ),
    ("help", "`corpfin --help`, `corpfin docs -o reference`", "commands; lines, inputs, columns"),
    ("a report for the telephone", "`corpfin report MARA -o mara.html`", "one file, by day and by night"),
)
"""What the others print is words, files and tables."""

Rows = dict[str, dict[str, Any]]


def record(day: str) -> Rows:
    """The results of a vintage on record, by company."""
    rows: Rows = json.loads((FOLDER / f"{day}.json").read_text(encoding="utf-8"))["companies"]
    return rows


def dates() -> tuple[str, str]:
    """The two newest vintages, the older first."""
    older, newer = sorted(map(str, vintages()))[-2:]
    return older, newer


def answers() -> str:
    """Survival, dilution and verdict of every company of the two newest vintages."""
    before, after = dates()
    heads = [f"{before}: 36", "60", "dilution", f"{after}: 36", "60", "dilution", "with AI against without"]
    lines = ["| company | " + " | ".join(heads) + " |", "|---|" + "---:|" * 6 + "---|"]
    old, new = record(before), record(after)
    for ticker in sorted(new):
        cells = [
            f"{100 * row[ticker][column]:.1f}" if ticker in row else "-"
            for row in (old, new)
            for column in ("survival_36", "survival_60", "dilution")
        ]
        lines.append(f"| {ticker} | " + " | ".join([*cells, new[ticker]["lifeline.verdict"]]) + " |")
    return "\n".join(lines)


def question() -> str:
    """What a coin costs, and lifeline or new risk, as of the newest vintage, in six lines."""
    _, day = dates()
    rows = record(day)

    def ends(cost: str) -> str:
        each = sorted((row[f"central.{cost}_cost_per_btc"], name) for name, row in rows.items())
        return " to ".join(f"{value:,.0f} ({name})" for value, name in (each[0], each[-1]))

    def of(verdict: str) -> str:
        names = [ticker for ticker in sorted(rows) if rows[ticker]["lifeline.verdict"] == verdict]
        return ", ".join(f"{name}{moved(name)}" for name in names) or "none"

    def moved(name: str) -> str:
        change = 100 * rows[name]["lifeline.change_survival_60"]
        return "" if rows[name]["lifeline.verdict"] == "no transition" else f" ({change:+.1f})"

    built = [name for name in rows if rows[name]["lifeline.verdict"] != "no transition"]
    worth = [name for name in built if rows[name]["lifeline.change_value"] > 0]
    latest = min(built, key=lambda name: rows[name]["lifeline.late_change_survival_60"])
    late = 100 * rows[latest]["lifeline.late_change_survival_60"]
    weak = sorted(rows, key=lambda name: rows[name]["survival_60"])[:3]
    end = ", ".join(f"{name} {100 * rows[name]['survival_60']:.0f} %" for name in weak)
    last = load_market(as_of=day).tables.known_month[-1]
    return "\n".join(
        [
            f"- **In the red**: with bitcoin at {last.price_mean:,.0f} USD in {last.month} a coin costs "
            f"{ends('all_in')} all in, {ends('power')} of power alone.",
            f"- **Lifeline**: {of('lifeline')}. **New risk**: {of('new risk')}. In brackets: points of survival to "
            "month 60.",
            f"- **Mixed**, survival one way and value the other: {of('mixed')}.",
            f"- No lease to judge: {of('no transition')}.",
            f"- It adds value per share at {len(worth)} of {len(built)}; a year's delay costs {latest} most, "
            f"{late:+.1f} points.",
            f"- Least likely to pay every bill for five years: {end}.",
        ]
    )


def page() -> str:
    """Some parts of the one-page answer, as it is printed."""
    import corpfin as cf
    from corpfin.common.text import WIDTH
    from corpfin.report.answer import answer_of
    from corpfin.report.page import page as whole

    _, day = dates()
    simulation = cf.simulate(PAGE_OF, paths=PATHS, as_of=day)
    with patch.dict(os.environ, COLUMNS=str(WIDTH)):  # whatever terminal it is made in
        parts = whole(answer_of(cf.project(PAGE_OF, as_of=day), simulation)).split("\n\n")
    shown = [parts[0], *(part for part in parts if part.startswith(LEFT))]
    return "```\n" + "\n\n[...]\n\n".join(shown) + "\n```"


def companies() -> str:
    """How many companies there are as of which date."""
    first, before, after = (f"{len(known_companies(as_of=day))} as of {day}" for day in sorted(map(str, vintages())))
    return (
        f"Companies: {after}, {before}, and {first}, whose fate is known: these serve the back-test alone "
        "(`corpfin list`, `--as-of DATE`)."
    )


def citing() -> str:
    """The example of how a result is cited."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    return f'"corpfin {version}, vintage {dates()[1]}, scenario base, {PATHS:,} paths, seed 1."'


def backtests() -> str:
    """What was said blind of the oldest vintage and of the last but one, and what came."""
    import corpfin as cf
    from corpfin.common.columns import on_page
    from corpfin.studies.backtest import ALL, MODEL
    from corpfin.studies.judged_columns import COVERED, LEVELS, PAGE, RANKED
    from corpfin.studies.ratios import RATIOS

    told = {column.name: column for table in (COVERED, LEVELS, RANKED) for column in on_page(table, PAGE).values()}
    rows: dict[str, list[str]] = {}
    oldest, day, _ = sorted(map(str, vintages()))
    for vintage, month in ((oldest, FAILED_BY), (day, CAME_BY)):
        found = cf.backtest(vintage, known="none", paths=PATHS, months=month)
        level, held = found.rows("level", "none")[month], found.rows("coverage", "none")[ALL]
        order = found.rows("order", "none", month=month)
        cells = {
            "months run": f"{month}",
            "companies, of them failed": f"{level['companies']:.0f}, {level['failures']:.0f}",
            "failures expected": told["expected"].cell(level),
            "AUC of the model": told["auc"].cell(order[MODEL]),
            **{f"AUC of {ratio.label}": told["auc"].cell(order[ratio.name]) for ratio in RATIOS},
            "figures published": f"{held['judged']:.0f}",
            "of them in the 80 % band, %": told["coverage_80"].cell(held),
            "off by, median, %": told["off"].cell(held),
        }
        for name, cell in cells.items():
            rows.setdefault(name, []).append(cell)
    head = [f"| blind; 95 % interval in brackets | {oldest} | {day} |", "|---|---:|---:|"]
    return "\n".join([*head, *(f"| {name} | {' | '.join(cells)} |" for name, cells in rows.items())])


def week() -> str:
    """The jobs of an analyst's week as commands, and what they answer."""
    import corpfin as cf
    from corpfin.report.answer import answer_of
    from corpfin.report.words import kills

    _, day = dates()
    asked: dict[str, Any] = {"paths": PATHS, "as_of": day}
    fails = kills(answer_of(cf.project("MARA", as_of=day), cf.simulate("MARA", **asked))).split("; ")[0]
    deck = cf.compare(DECK, cf.load_scenario(ROOT / WEEK / "deck.toml"), **asked).table["survival_60"]
    late = cf.stress("WULF", ROOT / WEEK / "late.toml", **asked).table.loc["WULF", "late"]["change_survival_60"]
    order = cf.compare(**asked).table
    first = order["default_month"].idxmin()
    soon = order["failure_12"].idxmax()
    soonest = chance(order.loc[soon, "failure_12"], order.loc[soon, "failure_12_error"])
    alive = ", ".join(f"{ticker} {100 * deck[ticker]:.1f}" for ticker in DECK)
    jobs = (
        ("the morning's page", f"`corpfin run MARA {OF}`", fails.removeprefix("What kills it: ")),
        (
            "a price deck for three companies",
            f"`corpfin new deck.toml --scenario`, filled in as `{WEEK}/deck.toml`; "
            f"`corpfin compare {' '.join(DECK)} --scenario {WEEK}/deck.toml {OF}`",
            f"survival to month 60 with that price on every path: {alive} %",
        ),
        (
            "one contract dearer, building late, the ATM shut",
            f"`corpfin stress WULF --scenario {WEEK}/late.toml`",
            f"{100 * late:+.1f} points of survival to month 60",
        ),
        (
            "who dies first, with gap and wall",
            f"`corpfin compare --all {OF} --sort default_month --ascending --csv first.csv --units --plots plots`",
            f"{first}'s failures come first, median month {order.loc[first, 'default_month']:.0f}; likeliest by month "
            f"12: {soon}, {soonest}",
        ),
    )
    return "\n".join(["| job | commands | what comes |", "|---|---|---|", *map(_row, (*jobs, *OTHER_JOBS))])


def _row(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def mechanisms() -> str:
    """The table of the script, which takes a minute."""
    printed = io.StringIO()
    with redirect_stdout(printed), patch.object(sys, "argv", ["mechanisms.py", dates()[0]]):
        runpy.run_path(str(ROOT / "templates" / "scripts" / "mechanisms.py"), run_name="__main__")
    return f"```\n{printed.getvalue().strip()}\n```"


def mechanisms_of(text: str, column: str) -> dict[str, dict[str, float]]:
    """The figures of one of the tables that the script prints, by company and mechanism."""
    head, *rows = text.split(f"\n{column}, %, as of ")[-1].split("\n\n")[0].strip("`\n ").splitlines()[1:]
    names = head.split()[1:]
    found: dict[str, dict[str, float]] = {name: {} for name in names}
    for row in rows:
        mechanism, *figures = row.rsplit(maxsplit=len(names))
        for name, figure in zip(names, figures, strict=True):
            found[name][mechanism] = float(figure)
    return found


BLOCKS: dict[str, Callable[[], str]] = {
    "answers": answers,
    "question": question,
    "companies": companies,
    "page": page,
    "backtest": backtests,
    "week": week,
    "mechanisms": mechanisms,
    "citing": citing,
}
"""What makes the block between the marks of its name."""


def marked(name: str) -> re.Pattern[str]:
    """The block of a name with its marks."""
    return re.compile(rf"(<!-- {name}: [^\n]*-->\n)(.*?)(\n<!-- end of {name} -->)", re.DOTALL)


def block(name: str) -> str:
    """What README holds between the marks."""
    found = marked(name).search(README.read_text(encoding="utf-8"))
    assert found, f"README has no block {name}"
    return found[2]


def write() -> None:
    """Write every block anew."""
    text = README.read_text(encoding="utf-8")
    for name, make in BLOCKS.items():
        made = make()
        text = marked(name).sub(lambda found, made=made: f"{found[1]}{made}{found[3]}", text)  # type: ignore[misc]
    README.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
