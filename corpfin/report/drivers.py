"""The drivers of failure as a page."""

from __future__ import annotations

from corpfin.common.tables import columns
from corpfin.common.text import chance, percent, wrapped
from corpfin.studies.drivers import BURDENS, DRIVERS, TOGETHER, WINDOW, Drivers

LABELS = {burden.name: burden.label for burden in BURDENS} | {TOGETHER: "several"}
"""The drivers as headings of a page."""


def drivers_page(result: Drivers) -> str:
    """Failures and their drivers, and both by the first bill that stayed unpaid."""
    head = [
        f"What drives failures within {result.months} months; scenario {result.scenario}, {result.paths:,} paths, "
        f"seed {result.seed}",
        "Share of the failures that would have been paid without it, in %, ± one error",
    ]
    rows = [["", "fail %", "median month", *(LABELS[name] for name in DRIVERS[:4])]]
    more = [["", *(LABELS[name] for name in DRIVERS[4:])]]
    for ticker, row in result.table.to_dict("index").items():
        failing = chance(row["failing"], row["error_failing"]).removesuffix(" %")
        if not row["failing"]:
            rows.append([str(ticker), failing, *["-"] * 5])
            more.append([str(ticker), *["-"] * (len(DRIVERS) - 4)])
            continue
        shares = [chance(row[name], row[f"error_{name}"]).removesuffix(" %") for name in DRIVERS]
        rows.append([str(ticker), failing, f"{row['median_month']:.0f}", *shares[:4]])
        more.append([str(ticker), *shares[4:]])
    notes = wrapped(
        f"A burden is a driver of a failure when the company, without it in the {WINDOW} months up to the failure, is "
        "not in default at the end of that month. Interest, principal with puts, margin calls, and capex (building and "
        "machines bought) are paid for it; power is no dearer and bitcoin no cheaper than at the start; tenant: none "
        "is lost, no project is late. Burdens overlap: shares need not add up to 100; several: none alone would have "
        "been enough."
    )
    sections = [head, columns(rows), columns(more), notes]
    if len(result.bills):
        bills = [["", "all", *(LABELS[name] for name in DRIVERS)]]
        for (ticker, bill), row in zip(result.bills.index, result.bills.to_dict("records"), strict=True):
            shares = [percent(row[name], 0).removesuffix(" %") for name in ("share", *DRIVERS)]
            bills.append([f"{ticker} {bill}", *shares])
        sections.append(
            [
                "DRIVERS BY THE FIRST BILL LEFT UNPAID, in %: of all failures of a company, then of these",
                *columns(bills),
            ]
        )
    return "\n\n".join("\n".join(lines) for lines in sections)
