"""Credit of instruments and issuers as a page, a document and plots."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpfin.common.columns import name_of_error, on_page
from corpfin.common.tables import columns
from corpfin.common.text import chance, percent, wrapped
from corpfin.report.document import records
from corpfin.report.face import Face, joined, study_document
from corpfin.runs.outcome import SURVIVES
from corpfin.runs.readings import HORIZONS, horizons
from corpfin.studies.credit import LOSSES, PAPERS, PRICES, TERM, Credit

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def credit_page(result: Credit) -> str:
    """Terms, losses by horizon, events, covenants and prices."""
    head = [
        f"Credit by instrument; scenario {result.scenario}",
        f"{result.paths:,} paths, seed {result.seed}; ± one standard error",
        *wrapped(SURVIVES, "", ""),
    ]
    sections = [head, *_terms(result), *_losses(result), _events(result), _covenants(result), _prices(result)]
    return joined([section for section in sections if section])


def _names(key: Any) -> tuple[str, ...]:
    """The names in the index of a row."""
    return tuple(map(str, key))


def _rows(result: Credit, part: str) -> list[list[str]]:
    """The rows of one table: instrument under its company."""
    found = on_page(result.columns, part)
    rows = [["", *found]]
    for key, row in result.table.to_dict("index").items():
        company, instrument = _names(key)
        rows.append([f"{company} {instrument}", *(column.cell(row) for column in found.values())])
    return rows


def _terms(result: Credit) -> list[list[str]]:
    return (
        [["INSTRUMENTS, principal in USD m, coupon in %", *columns(_rows(result, PAPERS))]]
        if len(result.table)
        else [["No debt."]]
    )


def _losses(result: Credit) -> list[list[str]]:
    if not len(result.table):
        return []
    term = wrapped(
        "PD: default by the month, in %; years: mean time outstanding, to default, repayment, conversion, put or "
        "the last month; hazard: the last PD over it. Grade: the one whose long-run default rate in that time is "
        "nearest, a mapping and no rating. A default of the company is one of all it owes; a "
        "project's loan defaults alone."
    )
    lost = wrapped(
        "LGD: mean loss over claim of the defaults, each valued on its path in its month; observed: losses seen in the "
        "kind; EL: expected loss of the claim, PD times LGD."
    )
    return [
        ["DEFAULT by horizon", *columns(_rows(result, TERM)), *term],
        ["LOSS in %", *columns(_rows(result, LOSSES)), *lost],
    ]


def _events(result: Credit) -> list[str]:
    months = horizons(result.months, HORIZONS)
    rows = [["", *(f"by {month}" for month in months)]]
    for key, row in result.events.to_dict("index").items():
        company, event = _names(key)
        cells = [chance(row[f"by_{month}"], row[name_of_error(f"by_{month}")]).removesuffix(" %") for month in months]
        if row[f"by_{months[-1]}"] > 0 or event in ("payment default", "any credit event"):
            rows.append([f"{company} {event}", *cells])
    return ["CREDIT EVENTS, share of paths in %; those that happen on none are left out", *columns(rows)]


def _covenants(result: Credit) -> list[str]:
    if result.covenants.empty:
        return ["No covenant in numbers is known: none is assumed."]
    rows = [["", "level", "least", "in", "5 %", "ever below"]]
    for key, row in result.tightest.to_dict("index").items():
        company, instrument, covenant, month = _names(key)
        rows.append(
            [
                f"{company} {instrument} {covenant.replace('_', ' ')}",
                f"{row['covenant_level']:,.4g}",
                f"{row['covenant_headroom']:,.4g}",
                month,
                f"{row['covenant_headroom_5']:,.4g}",
                percent(row["ever_below"], 1),
            ]
        )
    return [
        "COVENANTS in numbers: least headroom on the central path, and paths ever below nothing",
        *columns(rows),
        *wrapped("What an agreement does not say in numbers is assumed to be no covenant."),
    ]


def _prices(result: Credit) -> list[str]:
    quoted = result.table[result.table["quoted"] != ""]
    if quoted.empty:
        return []
    found = on_page(result.columns, PRICES)
    rows = [["", *found]]
    for key, row in quoted.to_dict("index").items():
        company, instrument = _names(key)
        rows.append([f"{company} {instrument}", *(column.cell(row) for column in found.values())])
    beyond = [
        line
        for key, row in quoted.to_dict("index").items()
        if row["market_against_model"] and ", within" not in row["market_against_model"]
        for line in wrapped(f"{' '.join(_names(key))} {row['market_against_model']}.")
    ]
    notes = wrapped(
        "Loss: the model's expected loss a year of the paper's life; spread: the market's, over government bonds; "
        "implied: intensity of default a year by spread and LGD. Bonds pay more than the loss: so many times by grade "
        "and its neighbours (Hull, Predescu and White 2005). No ratio and no verdict on a quote more than a quarter "
        "older than the balance sheet: it is of a borrower two reports ago."
    )
    return ["THE MARKET'S VIEW in basis points a year", *columns(rows), *beyond, *notes]


def _document(result: Credit) -> dict[str, Any]:
    return study_document(result, events=records(result.events), covenants=records(result.covenants))


def _plots(_: Credit) -> dict[str, Figure]:
    return {}


FACE = Face(Credit, _plots, credit_page, _document)
