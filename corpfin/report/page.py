"""The one-page answer in plain text: what the company holds, owes and builds, and whether it lives.

Every figure is taken from the answer; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from corpfin.common.tables import columns
from corpfin.common.text import money, row, whole, wrapped, written
from corpfin.report import words
from corpfin.report.answer import Answer, Block, Figure
from corpfin.report.answer.tree import months_of
from corpfin.report.outcome_page import price_of_survival, survival

LISTED = 12
"""Estimates listed by name."""

YEARS = 6
"""Calendar years shown side by side."""

LEFT_OUT = 8
"""Lines for notes, and for what is left out; the rest is counted."""

NOTES_HEAD = "NOTES of the company's file"
LEFT_OUT_HEAD = "WHAT IS LEFT OUT, by the company's file"


def page(answer: Answer) -> str:
    """The answer on one page."""
    sections = [
        _broken(answer["identities"]),
        _header(answer),
        _position(answer),
        _break_even(answer["break_even"]),
        _liquidity(answer["liquidity"]),
        _debt(answer["debt"]),
        _capacity(answer["capacity"]),
        survival(answer),
        price_of_survival(answer),
        _inputs(answer["inputs"]),
        _remarks(answer["notes"], NOTES_HEAD),
        _remarks(answer["left_out"], LEFT_OUT_HEAD),
        ["ANSWER", *wrapped(words.kills(answer)), *wrapped(words.carries(answer))],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def _broken(found: Block) -> list[str]:
    return wrapped(words.broken(found), "", "") if words.broken(found) else []


def _header(answer: Answer) -> list[str]:
    run = answer["run"]
    return [
        f"{run['company']} ({run['ticker']}), balance sheet of {run['as_of']}",
        *wrapped(f"Scenario {run['scenario']}: {run['story']}", "", ""),
        words.asked(run),
        *wrapped(words.seen(run), "", ""),
        *wrapped(words.bitcoin(run, answer["break_even"]), "", ""),
        *wrapped(words.shown_months(run), "", ""),
        words.MONEY,
    ]


def _pair(label: str, cells: Iterable[str], note: str = "") -> str:
    """A figure of one month or two, with a note."""
    return f"  {label:<28}{''.join(f' {cell:>13}' for cell in cells)}  {note}".rstrip()


def _position(answer: Answer) -> list[str]:
    found = answer["position"]
    notes = {
        "btc_value": f"{whole(found['btc'])} BTC at {whole(found['btc_close'])}; "
        f"pledged {whole(found['btc_pledged'])}, lent {whole(found['btc_loaned'])}",
        "market_cap": f"{found['shares']:,g} m shares at {found['share_price']:,g} USD",
    }
    amounts = ("cash", "restricted_cash", "btc_value", "corporate_debt", "project_loans", "market_cap")
    return [
        f"POSITION on {answer['run']['as_of']}",
        *(row(found.figure(name).label, money(found[name]), notes.get(name, "")) for name in amounts),
    ]


def _break_even(found: Block) -> list[str]:
    months = months_of(found)
    heading = "BREAK-EVEN BITCOIN PRICE, USD per BTC, central path"
    head = _pair("", (f"{month['month_of_costs']:>13}{'':7}" for month in months))
    hashprice = _pair(
        found.figure("hashprice").label, (f"{month['hashprice']:>13.2f}{'':7}" for month in months), "USD per PH/s, day"
    )
    if not any(month["power_cost_per_btc"] for month in months):
        return [heading, head, f"  {words.NOTHING_MINED}", hashprice]

    def plain(name: str, note: str = "") -> str:
        return _pair(found.figure(name).label, (f"{whole(month[name]):>13}{'':7}" for month in months), note)

    costs = [figure for figure in found.figures if "over_price" in figure.facts]
    return [
        heading,
        head,
        plain("btc_price"),
        *(_pair(cost.label, (_cost(month.figure(cost.name)) for month in months)) for cost in costs),
        hashprice,
        plain("btc_mined_a_month", "BTC"),
        *wrapped(words.COSTS),
    ]


def _cost(cost: Figure) -> str:
    """A cost of a coin and how far it stands above the price; a dash where nothing is mined."""
    if not cost.value:
        return f"{'-':>13}{'':7}"
    over = f"{100 * cost.facts['over_price']:+,.0f} %"
    return f"{whole(cost.value):>13}{over:>7}"


def _liquidity(found: Block) -> list[str]:
    months = months_of(found)

    def line(name: str, shown: Callable[[Figure], str], note: str) -> str:
        return _pair(found.figure(name).label, (shown(month.figure(name)) for month in months), note)

    return [
        "LIQUIDITY AND RUNWAY at month end, central path",
        _pair("", (str(month.figure("liquidity").month) for month in months)),
        line("liquidity", lambda each: money(each.value), "cash, free bitcoin, undrawn revolvers"),
        line("next_year_needs", lambda each: money(each.value), "burn, debt due, building committed"),
        _pair("Needs covered", (words.cover(month.figure("next_year_needs")) for month in months), "by liquidity"),
        line("burn", lambda each: money(each.value), "costs, interest beyond receipts"),
        line("runway", words.runway, "liquidity over burn alone"),
    ]


def _debt(found: Block) -> list[str]:
    lines = [f"DEBT DUE BY YEAR by contract: {words.DUE}"]
    lines += _due_years(found.block("corporate")) or ["  No corporate debt."]
    loans = _due_years(found.block("loans"))
    if loans:
        lines += [f"  Project loans by contract, {words.LOANS_DUE}:", *loans]
    paid = words.loans_paid(found.block("loans_paid"))
    if paid:
        lines += wrapped(paid, "  ", "    ")
    return lines


def _due_years(found: Block) -> list[str]:
    lines = []
    for year in found.blocks:
        total, *dues = year.figures
        label = f"  {year.name:<5}{money(total.value):>10}  "
        lines += wrapped("; ".join(map(words.due, dues)), label, " " * len(label))
    return lines


def _capacity(found: Block) -> list[str]:
    projects = found.block("projects").blocks
    if not projects:
        return ["AI AND HPC CAPACITY", "  No project in the file."]
    years = [figure.name for figure in found.block("delivered_mw").figures[:YEARS]]
    rows = [["critical MW", "leased", "now", *years, "guided"]]
    for project in projects:
        guided = f"{project['full_delivery']:%Y-%m}" if project["full_delivery"] else "-"
        by_end = [money(project.block("delivered_by_year")[year]) for year in years]
        rows.append([project.name, money(project["leased_mw"]), money(project["delivered_mw"]), *by_end, guided])
    if len(projects) > 1:
        by_end = [money(found.block("delivered_mw")[year]) for year in years]
        rows.append(["all", money(found["leased_mw"]), money(found["delivered_mw_now"]), *by_end, ""])
    assumed = [
        f"{project.name} {project['slip']:.1f} months after guidance at {project['overrun']:.2f} of its cost"
        for project in projects
        if any(figure.name == "slip" for figure in project.figures)
    ]
    left = [month.figure("capex_left") for month in months_of(found)]
    now = found.figure("delivered_mw_now").month
    return [
        f"AI AND HPC CAPACITY: leased, delivered by {now} and at each year's end on the central path",
        *columns(rows),
        *(wrapped(f"Assumed, the mean of what may come: {'; '.join(assumed)}", "  ", "    ") if assumed else []),
        _pair("", (str(figure.month) for figure in left)),
        _pair(left[0].label, (money(figure.value) for figure in left), "the month's included; whole projects"),
    ]


def _inputs(found: Block) -> list[str]:
    figures = found.block("estimates").figures
    by_grade = ", ".join(f"{figure.value} {figure.name}" for figure in found.block("grades").figures)
    lines = [
        f"INPUTS: {by_grade} (default: the market file's)",
        f"  {len(figures)} estimates reach the model; amounts first, the largest first:",
        *columns([_estimate(figure) for figure in figures[:LISTED]]),
    ]
    return [*lines, f"  and {len(figures) - LISTED} more"] if len(figures) > LISTED else lines


def _remarks(found: Block, head: str) -> list[str]:
    """Remarks of the file, in its words, as far as the lines go."""
    lines: list[str] = []
    notes = [wrapped(figure.value, "  - ", "    ") for figure in found.figures]
    for number, note in enumerate(notes):
        if lines and len(lines) + len(note) > LEFT_OUT:
            return [head, *lines, f"  and {len(notes) - number} more in the file"]
        lines += note[:LEFT_OUT]
    return [head, *lines] if lines else []


def _estimate(figure: Figure) -> list[str]:
    low, high = (figure.value if end is None else end for end in (figure.low, figure.high))
    known = figure.low is not None or figure.high is not None
    unit = "" if figure.unit == "1" else figure.unit
    return [figure.name, written(figure.value), unit, f"{written(low)} to {written(high)}" if known else ""]
