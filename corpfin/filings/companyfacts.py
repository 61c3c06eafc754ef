"""Reads company facts: every figure of a company that stands in no dimension, over all its filings, as one JSON file.

A row is ``{start, end, val, accn, fy, fp, form, filed, frame}``. **``fy`` and ``fp`` are of the filing, not of the
figure**: a comparative of last year carries this year's. The period is ``start`` and ``end``, and nothing else is read.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from corpfin.filings.facts import WHOLE, Fact, Filing, unreadable
from corpfin.filings.mapping import mapping

LARGEST_FILE = 32 << 20


def read_json(path: Path, largest: int = LARGEST_FILE) -> Any:
    """The contents of a JSON file; raises :class:`InputError` with the place where it is none, or above ``largest``."""
    size = path.stat().st_size
    if size > largest:
        raise unreadable(path.name, f"is {size / (1 << 20):,.0f} MB; at most {largest >> 20} MB are read")
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise unreadable(path.name, "is not UTF-8 text", f"byte {error.start:,}") from None
    except json.JSONDecodeError as error:
        cut = " (the file ends too early)" if error.pos >= len(error.doc.rstrip()) - 1 else ""
        place = f"line {error.lineno}, column {error.colno}, byte {len(error.doc[: error.pos].encode()):,}"
        raise unreadable(path.name, f"is not JSON: {error.msg}{cut}", place) from None
    except (RecursionError, ValueError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else f"{error}"
        raise unreadable(path.name, f"is not JSON: {reason}") from None


def is_company_facts(contents: Any) -> bool:
    """Whether JSON is of this form."""
    return isinstance(contents, dict) and isinstance(contents.get("facts"), dict) and "cik" in contents


def company_facts(path: Path, contents: Mapping[str, Any]) -> tuple[dict[str, Filing], str, list[Fact]]:
    """The filings by accession, the number of the filer and the facts of a file that :func:`read_json` read.

    The period of a filing is that of its latest balance sheet: other facts may be of a day after it.
    Raises :class:`InputError` naming the row that is not of the form.
    """
    rows = list(_rows(path, contents["facts"]))
    anchors = mapping().anchor
    periods: dict[str, date] = {}
    for space, tag, _, row, where in rows:
        if f"{space}:{tag}" in anchors:
            accession, end = row["accn"], _day(path, where, row["end"])
            periods[accession] = max(end, periods.get(accession, date.min))
    filings: dict[str, Filing] = {}
    facts = []
    for space, tag, unit, row, where in rows:
        accession, form = row["accn"], row.get("form") or ""
        filing = filings.get(accession)
        if filing is None:
            filed = _day(path, where, row["filed"]) if row.get("filed") else None
            filing = Filing(path.name, form, periods.get(accession), accession, filed, form.endswith("/A"))
            filings[accession] = filing
        value = row["val"]
        if isinstance(value, bool) or not isinstance(value, int | float | None) or not math.isfinite(value or 0):
            raise unreadable(path.name, f"val is {value!r}, not a number", where)
        start = _day(path, where, row["start"]) if row.get("start") else None
        number = None if value is None else float(value)
        facts.append(Fact(f"{space}:{tag}", number, unit, WHOLE, start, _day(path, where, row["end"]), filing))
    return filings, str(contents["cik"]).lstrip("0"), facts


def _rows(path: Path, spaces: Mapping[str, Any]) -> Any:
    for space, tags in spaces.items():
        for tag, body in _items(path, space, tags):
            for unit, rows in _items(path, f"{space}:{tag}", body.get("units") if isinstance(body, dict) else None):
                if not isinstance(rows, list):
                    raise unreadable(path.name, "holds no list of rows", f"{space}:{tag} {unit}")
                for position, row in enumerate(rows, start=1):
                    where = f"{space}:{tag} {unit}, row {position}"
                    missing = [name for name in ("end", "val", "accn") if not isinstance(row, dict) or name not in row]
                    if missing:
                        raise unreadable(path.name, f"lacks {', '.join(missing)}", where)
                    for name in ("accn", "form"):
                        if not isinstance(row.get(name, ""), str | None):
                            raise unreadable(path.name, f"{name} is {row[name]!r}, not text", where)
                    yield space, tag, unit, row, where


def _items(path: Path, where: str, found: Any) -> Any:
    if not isinstance(found, dict):
        raise unreadable(path.name, "is not of the form {tag: {units: {unit: [rows]}}}", where)
    return found.items()


def _day(path: Path, where: str, written: Any) -> date:
    try:
        return date.fromisoformat(written)
    except (TypeError, ValueError):
        raise unreadable(path.name, f"{written!r} is not a date", where) from None
