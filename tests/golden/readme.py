"""The blocks of README that hold figures, from the ledger and one run: ``python -m tests.golden.readme`` writes them.

``python -m pytest tests/golden --refresh`` does so too, once the record is that of today.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from corpfin.inputs import vintages

FOLDER = Path(__file__).parent
README = FOLDER.parents[1] / "README.md"
PAGE_OF, PAGE_PATHS = "WULF", 4_096
"""Company and paths of the page that README shows."""

LEFT = ("POSITION", "SURVIVAL", "ANSWER")
"""Parts of the page that README shows, after its head."""

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
    """Lifeline or new risk, as of the newest vintage, in five lines."""
    _, day = dates()
    rows = record(day)

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
    return "\n".join(
        [
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
    simulation = cf.simulate(PAGE_OF, paths=PAGE_PATHS, as_of=day)
    with patch.dict(os.environ, COLUMNS=str(WIDTH)):  # whatever terminal it is made in
        parts = whole(answer_of(cf.project(PAGE_OF, as_of=day), simulation)).split("\n\n")
    shown = [parts[0], *(part for part in parts if part.startswith(LEFT))]
    return "```\n" + "\n\n[...]\n\n".join(shown) + "\n```"


BLOCKS: dict[str, Callable[[], str]] = {"answers": answers, "question": question, "page": page}
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
