"""What became of the companies of a vintage: figures published later, events, and what the model gets wrong.

``outcomes.toml`` stands beside the companies it is about. No run reads it; the back-test holds runs against it.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal

from corpfin.inputs.errors import Report, nearest_name
from corpfin.inputs.fields import HIGHEST, Table, blocks, given, text
from corpfin.inputs.find import companies_in
from corpfin.inputs.provenance import ground_fault
from corpfin.inputs.read import read_toml
from corpfin.inputs.rows import check_names, check_row, collect, layout

Unit = Literal["USD m", "BTC", "m share", "EH/s"]
FIGURES: dict[str, tuple[Unit, str]] = {
    "btc": ("BTC", "Bitcoin owned, at the month's end"),
    "cash": ("USD m", "Unrestricted cash, at the month's end"),
    "cash_and_restricted": ("USD m", "Cash and restricted cash, at the month's end"),
    "debt_principal": ("USD m", "Debt owed, loans of consolidated projects among it, at the month's end"),
    "debt_carrying": ("USD m", "The same as the balance sheet carries it"),
    "shares": ("m share", "Shares outstanding, at the month's end"),
    "hashrate": ("EH/s", "Installed hash rate, at the month's end"),
    "btc_mined": ("BTC", "Bitcoin mined since the balance sheet"),
    "btc_sold": ("BTC", "Bitcoin sold since the balance sheet"),
    "capex": ("USD m", "Capital expenditure since the balance sheet"),
    "hpc_revenue": ("USD m", "Revenue of HPC since the balance sheet"),
}
"""What may be published of a company, with its unit and meaning."""

Kind = Literal["chapter_11", "rescue", "exchange", "lenders_take_assets", "survived"]
SURVIVED: Kind = "survived"
"""The one kind of event that is no failure: the company stood on that day."""

Driver = Literal["interest", "principal", "margin", "construction", "power", "price", "tenant"]
"""The burdens of :mod:`corpfin.studies.burdens`, in which the model says why a path fails."""


class Published(Table):
    """A figure of a company at a date: an entry of ``[TICKER."2026-06-30"]``."""

    value: float = given("", "The figure", required=True, ge=0, model=False)
    unit: Unit = text("Its unit", required=True)
    grade: Literal["reported", "derived", "estimated"] = text("How well it is known", required=True)
    source: str | None = text("Where it stands", min_length=1)
    why: str | None = text("The formula of a derived figure or the reason for an estimate", min_length=1)


class Event(Table):
    """[[event]]: what happened to a company; every kind but the last is a failure."""

    ticker: str = text("The company", required=True, min_length=1)
    date: dt.date = text("Day of it; of the last kind, the day on which the company is known to stand", required=True)
    kind: Kind = text("What happened", required=True)
    cause: str | None = text("Why it failed, as it was told", min_length=1)
    drivers: list[Driver] | None = text("The cause in the words of the model")
    what: str | None = text("What happened, for people", min_length=1)
    grade: Literal["reported", "derived", "estimated"] = text("How well it is known", required=True)
    source: str | None = text("Where it stands", min_length=1)
    why: str | None = text("The reason for an estimate", min_length=1)

    @property
    def failed(self) -> bool:
        """Whether the company failed."""
        return self.kind != SURVIVED


class Miss(Table):
    """[[miss]]: what the model gets wrong of this vintage, and why."""

    ticker: str | None = text("The company; all of them when left out", min_length=1)
    figure: str | None = text("The figure, where it is one", min_length=1)
    text: str = text("What is wrong and for which reason", required=True, min_length=1)


class OutcomeTables(Table):
    """The tables of an outcomes file beside those of the companies."""

    event: list[Event] = blocks("What happened to a company")
    miss: list[Miss] = blocks("What the model gets wrong, and why")


@dataclass(frozen=True)
class Outcome:
    """A figure of a company published for the end of a month."""

    ticker: str
    date: dt.date
    figure: str
    published: Published


@dataclass(frozen=True)
class Outcomes:
    """An outcomes file: its figures, its events and what the model gets wrong, in the order of the file."""

    file: Path
    figures: tuple[Outcome, ...]
    events: tuple[Event, ...]
    misses: tuple[Miss, ...]

    def failure(self, ticker: str) -> Event | None:
        """The first failure of a company, None when none is known."""
        return min(
            (each for each in self.events if each.ticker == ticker and each.failed),
            key=attrgetter("date"),
            default=None,
        )

    def survived(self, ticker: str) -> dt.date | None:
        """The last day on which a company is known to stand, None when none is."""
        days = [each.date for each in self.events if each.ticker == ticker and not each.failed]
        return max(days, default=None)


def load_outcomes(file: Path, as_of: dt.date) -> Outcomes:
    """The outcomes file of a vintage of ``as_of``; raises :class:`InputError` with every problem of it."""
    contents = read_toml(file, "outcomes.toml")
    report = Report(file)
    shapes, tickers = layout(OutcomeTables), companies_in(file.parent)
    check_names(contents, [*shapes, *tickers], report)
    rows = collect(contents, shapes, {}, report)
    figures = [found for ticker in tickers for found in _of_company(ticker, contents.get(ticker, {}), as_of, report)]
    for row in rows:
        ticker, figure, day = row.valid.get("ticker"), row.valid.get("figure"), row.day("date")
        if ticker is not None and ticker not in tickers:
            near = nearest_name(str(ticker), tickers)
            report.add(f"{row.key}.ticker", "is no company of this vintage", ticker, ", ".join(tickers), near)
        if figure is not None and figure not in FIGURES:
            near = nearest_name(str(figure), FIGURES)
            report.add(f"{row.key}.figure", "is no figure known here", figure, ", ".join(FIGURES), near)
        if day is not None and day <= as_of:
            report.add(f"{row.key}.date", f"must be after the balance-sheet date {as_of}", day)
        _check_ground(row.key, row.valid, row.written, report)
    if not report.problems:
        _check_order([Event.model_validate(block) for block in contents.get("event", [])], report)
    report.close()
    found = OutcomeTables.model_validate({name: contents[name] for name in shapes if name in contents})
    return Outcomes(file, tuple(figures), tuple(found.event), tuple(found.miss))


def _of_company(ticker: str, written: Any, as_of: dt.date, report: Report) -> Iterator[Outcome]:
    """The figures of a company, those that are as they must be; the others go into the report."""
    heading = f'[{ticker}."{_month_end(as_of.year + 1, as_of.month)}"]'
    if not isinstance(written, dict):
        report.add(ticker, f"is not written as a table; its headings are {heading}", written)
        return
    for name, figures in written.items():
        key = f'{ticker}."{name}"'
        day = _date(name)
        if day is None or not isinstance(figures, dict):
            report.add(f"{ticker}.{name}", f"is no table of a date; figures stand below one: {heading}")
            continue
        if day <= as_of:
            report.add(key, f"must be after the balance-sheet date {as_of}")
        if day != (end := _month_end(day.year, day.month)):
            report.add(key, "is no month end; the model has figures of month ends", nearest=str(end))
        for figure, entry in figures.items():
            yield from _figure(f"{key}.{figure}", ticker, day, figure, entry, report)


def _figure(key: str, ticker: str, day: dt.date, figure: str, entry: Any, report: Report) -> Iterator[Outcome]:
    if figure not in FIGURES:
        report.add(key, "is no figure known here", None, ", ".join(FIGURES), nearest_name(figure, FIGURES))
        return
    unit = FIGURES[figure][0]
    if not isinstance(entry, dict):
        report.add(key, "is not an entry", entry, f'{{ value = ..., unit = "{unit}", grade = ..., source = "..." }}')
        return
    valid = check_row(key, Published, entry, report)
    value, said = valid.get("value"), valid.get("unit")
    if isinstance(value, float) and value > HIGHEST[unit]:
        report.add(f"{key}.value", "is too high", value, f"at most {HIGHEST[unit]:,.0f}")
    if said is not None and said != unit:
        report.add(f"{key}.unit", "is not the unit of this figure", said, unit)
    _check_ground(key, valid, entry, report)
    if valid.keys() >= {"value", "unit", "grade"} and valid.keys() == entry.keys():
        yield Outcome(ticker, day, figure, Published.model_validate(entry))


def _check_ground(key: str, valid: Mapping[str, Any], written: Mapping[str, Any], report: Report) -> None:
    lacking = ground_fault(valid.get("grade"), written)
    if lacking:
        report.add(key, lacking)


def _check_order(events: list[Event], report: Report) -> None:
    """Report companies that are said to stand after they failed."""
    for number, event in enumerate(events, start=1):
        failures = [each.date for each in events if each.ticker == event.ticker and each.failed]
        if not event.failed and failures and event.date >= min(failures):
            message = f"{event.ticker} failed on {min(failures)}; it cannot be said to stand from then on"
            report.add(f"event[{number}].date", message, event.date)


def _date(written: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        return None


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])
