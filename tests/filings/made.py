"""Filings made for the tests, to the documented formats: nothing in them is of a company that exists."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
 xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:xbrldi="http://xbrl.org/2006/xbrldi"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:iso4217="http://www.xbrl.org/2003/iso4217"
 xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2020-02-12"
 xmlns:us-gaap="http://fasb.org/us-gaap/2026" xmlns:dei="http://xbrl.sec.gov/dei/2026" xmlns:srt="http://fasb.org/srt/2026"
 xmlns:ifrs="https://xbrl.ifrs.org/taxonomy/2025-03-27/ifrs-full" xmlns:tiny="http://tiny.example/20260630"
 xmlns:clsk="http://clsk.example/20260630">
<body>"""

Members = Sequence[tuple[str, str]]


@dataclass
class Document:
    """An inline XBRL document written fact by fact."""

    form: str = "10-Q"
    period: str = "June 30, 2026"
    symbol: str = "TINY"
    filer: str = "0000000042"
    lines: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)
    contexts: dict[tuple[str | None, str, Members], str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.form:
            self.words("dei:DocumentType", self.form)
            self.words("dei:DocumentPeriodEndDate", self.period, format="ixt:date-monthname-day-year-en")
            self.words("dei:TradingSymbol", self.symbol)

    def context(self, end: str, start: str | None = None, members: Members = ()) -> str:
        """The id of a context."""
        return self.contexts.setdefault((start, end, tuple(members)), f"c-{len(self.contexts) + 1}")

    def unit(self, measure: str) -> str:
        """The id of a unit, given by its measure, ``over/under`` for a quotient."""
        return self.units.setdefault(measure, f"u-{len(self.units) + 1}")

    def number(
        self,
        tag: str,
        text: str,
        end: str = "2026-06-30",
        start: str | None = None,
        *,
        members: Members = (),
        unit: str = "iso4217:USD",
        format: str | None = "ixt:num-dot-decimal",
        hidden: bool = False,
        **given: str,
    ) -> Document:
        """A numeric fact; ``given`` are further attributes."""
        if format:
            given["format"] = format
        attributes = {"name": tag, "contextRef": self.context(end, start, members), "unitRef": self.unit(unit)} | given
        (self.hidden if hidden else self.lines).append(_tag("nonFraction", attributes, text))
        return self

    def millions(self, tag: str, text: str, end: str = "2026-06-30", start: str | None = None, **more: Any) -> Document:
        """A figure printed in millions."""
        return self.number(tag, text, end, start, scale="6", decimals="-6", **more)

    def words(self, tag: str, text: str, members: Members = (), **given: str) -> Document:
        """A fact in words, of the period of the year to date."""
        attributes = {"name": tag, "contextRef": self.context("2026-06-30", "2026-01-01", members)} | given
        self.lines.append(_tag("nonNumeric", attributes, escape(text)))
        return self

    def raw(self, line: str) -> Document:
        """A line as it stands."""
        self.lines.append(line)
        return self

    def text(self) -> str:
        """The document."""
        contexts = "".join(self._context(*key, name) for key, name in self.contexts.items())
        units = "".join(_unit(measure, name) for measure, name in self.units.items())
        header = (
            f'<div style="display:none"><ix:header><ix:hidden>{"".join(self.hidden)}</ix:hidden>'
            f"<ix:resources>{contexts}{units}</ix:resources></ix:header></div>"
        )
        return "\n".join([HEAD, header, *(f"<p>{line}</p>" for line in self.lines), "</body></html>"])

    def write(self, path: Path) -> Path:
        """The document as a file."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(self.text(), encoding="utf-8")
        return path

    def _context(self, start: str | None, end: str, members: Members, name: str) -> str:
        inner = "".join(
            f'<xbrldi:explicitMember dimension="{axis}">{member}</xbrldi:explicitMember>' for axis, member in members
        )
        segment = f"<xbrli:segment>{inner}</xbrli:segment>" if inner else ""
        days = (
            f"<xbrli:startDate>{start}</xbrli:startDate><xbrli:endDate>{end}</xbrli:endDate>"
            if start
            else f"<xbrli:instant>{end}</xbrli:instant>"
        )
        entity = f'<xbrli:identifier scheme="http://www.sec.gov/CIK">{self.filer}</xbrli:identifier>{segment}'
        return (
            f'<xbrli:context id="{name}"><xbrli:entity>{entity}</xbrli:entity>'
            f"<xbrli:period>{days}</xbrli:period></xbrli:context>"
        )


def _tag(kind: str, attributes: dict[str, str], text: str) -> str:
    written = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f"<ix:{kind} {written}>{text}</ix:{kind}>"


def _unit(measure: str, name: str) -> str:
    parts = [f"<xbrli:measure>{part}</xbrli:measure>" for part in measure.split("/")]
    if len(parts) == 2:
        inner = (
            f"<xbrli:divide><xbrli:unitNumerator>{parts[0]}</xbrli:unitNumerator>"
            f"<xbrli:unitDenominator>{parts[1]}</xbrli:unitDenominator></xbrli:divide>"
        )
        return f'<xbrli:unit id="{name}">{inner}</xbrli:unit>'
    return f'<xbrli:unit id="{name}">{parts[0]}</xbrli:unit>'


Row = tuple[str, str, str | None, str, float | None, str]
"""Tag, unit, start, end, value, filing."""

FILINGS = {
    "10-Q 2025-06-30": ("0000000042-25-000020", "10-Q", "2025-08-05", 2025, "Q2"),
    "10-K 2025-12-31": ("0000000042-26-000001", "10-K", "2026-02-20", 2025, "FY"),
    "10-Q 2026-03-31": ("0000000042-26-000007", "10-Q", "2026-05-05", 2026, "Q1"),
    "10-Q 2026-06-30": ("0000000042-26-000012", "10-Q", "2026-08-06", 2026, "Q2"),
    "10-Q/A 2026-06-30": ("0000000042-26-000015", "10-Q/A", "2026-09-01", 2026, "Q2"),
    "20-F 2025-12-31": ("0000000042-26-000003", "20-F", "2026-03-30", 2025, "FY"),
    "6-K 2026-06-30": ("0000000042-26-000013", "6-K", "2026-08-20", 2026, "Q2"),
}


def company_facts(path: Path, rows: Iterable[Row], cik: int = 42) -> Path:
    """A company-facts file; ``fy`` and ``fp`` are of the filing, whatever the period."""
    spaces: dict[str, Any] = {}
    for tag, unit, start, end, value, filing in rows:
        space, name = tag.split(":")
        accession, form, filed, year, part = FILINGS[filing]
        row = {"end": end, "val": value, "accn": accession, "fy": year, "fp": part, "form": form, "filed": filed}
        row |= {"start": start} if start else {}
        body = spaces.setdefault(space, {}).setdefault(name, {"label": name, "description": None, "units": {}})
        body["units"].setdefault(unit, []).append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cik": cik, "entityName": "Tiny Hash Ltd.", "facts": spaces}), encoding="utf-8")
    return path
