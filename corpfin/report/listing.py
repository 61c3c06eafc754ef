"""The companies one can ask about, and whether their files can be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from textwrap import shorten

from corpfin.common.tables import columns
from corpfin.common.text import percent, wrapped
from corpfin.inputs import Batch, Company, Failure, Market
from corpfin.inputs.documents import COUNTED
from corpfin.inputs.find import date_of

LONGEST_NAME = 36
"""Longer company names are cut."""


def listing(
    files: Mapping[str, Path], batch: Batch, dates: Mapping[str, Sequence[date]]
) -> tuple[list[str], list[str]]:
    """A row for each of the ``files`` by ticker, and in words what is wrong with those that did not load.

    ``batch`` holds the files under their paths; ``dates`` are all balance-sheet dates there are of a ticker.
    """
    rows = [["ticker", "company", "as of", *COUNTED]]
    faults = []
    for ticker, file in files.items():
        failure = batch.failed.get(str(file))
        if failure is None:
            rows.append(_row(ticker, batch.loaded[str(file)]))
        else:
            rows.append([ticker, "cannot be used, see below", "", *("-" for _ in COUNTED)])
            faults.append(f"{ticker}: {_reason(failure)}")
    return [*columns(rows, left=3, indent=""), *_others(files, dates)], faults


def _others(files: Mapping[str, Path], dates: Mapping[str, Sequence[date]]) -> list[str]:
    """For each date but those of the ``files``, the companies that --as-of finds there."""
    of: dict[date, list[str]] = {}
    for ticker, file in files.items():
        for day in dates[ticker]:
            if day != date_of(file):
                of.setdefault(day, []).append(ticker)
    lines = [line for day in sorted(of, reverse=True) for line in wrapped(f"--as-of {day}: {', '.join(of[day])}", "")]
    return ["", *lines] if lines else []


def verdict(document: Company | Market) -> str:
    """One line on a company or market file without fault.

    The share of estimates and defaults says how much of it is judgement.
    """
    grades = document.grades()
    figures = sum(tally.figures for tally in grades.values())
    shares = ", ".join(f"{percent(grades[grade].share, 0)} {grade}" for grade in COUNTED)
    name = document.name if isinstance(document, Company) else "a market"
    return f"{document.file.name}: ok, {name}, as of {document.as_of}, {figures} figures: {shares}"


def _reason(failure: Failure) -> str:
    """The first problem of a file and how many more there are."""
    first, *others = failure.problems
    return f"{first}" + (f" (and {len(others)} more)" if others else "")


def _row(ticker: str, company: Company) -> list[str]:
    grades = company.grades()
    return [
        ticker,
        shorten(company.name, LONGEST_NAME, placeholder=" ..."),
        f"{company.as_of}",
        *(percent(grades[grade].share, 0) for grade in COUNTED),
    ]
