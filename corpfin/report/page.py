"""The one-page answer in plain text: what the company holds, owes and builds, and whether it lives.

Every figure is taken from the answer; nothing is computed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from corpfin.common.tables import columns
from corpfin.common.text import money, percent, row, whole, wrapped, written
from corpfin.report.answer import Answer, Block, Figure
from corpfin.report.answer.tree import SCENARIO_MONTH, months_of
from corpfin.report.outcome_page import carries, kills, price_of_survival, survival

LISTED = 12
"""Estimates listed by name."""

YEARS = 6
"""Calendar years shown side by side."""

LEFT_OUT = 8
"""Lines for what is left out; the rest is counted."""

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
        _left_out(answer["left_out"]),
        ["ANSWER", *kills(answer), *carries(answer)],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines)


def broken(found: Block) -> str:
    """The identity that does not hold, in a sentence; nothing when all do."""
    if found["hold"]:
        return ""
    worst = found.figure("check_worst")
    return (
        f"BROKEN IDENTITY: {found['check']} ({found['says']}) is off by {worst.value:,.6g} {worst.unit} in "
        f"{found['month']} on {found['path']}; no figure here can be relied on"
    )


def _broken(found: Block) -> list[str]:
    return wrapped(broken(found), "", "") if broken(found) else []


def _header(answer: Answer) -> list[str]:
    run = answer["run"]
    return [
        f"{run['company']} ({run['ticker']}), balance sheet of {run['as_of']}",
        *wrapped(f"Scenario {run['scenario']}: {run['story']}", "", ""),
        f"{run['months']} months to {run.figure('months').month}; {run['paths']:,} paths, seed {run['seed']}",
        *wrapped(_seen(run), "", ""),
        *wrapped(_bitcoin(run, answer["break_even"]), "", ""),
        *wrapped(_shown(answer), "", ""),
        "Money in USD m unless another unit is named; ± is one standard error",
    ]


def _seen(run: Block) -> str:
    """How much of what has happened since the balance sheet is in the run."""
    if not run["known_months"]:
        return "Nothing that has happened since the balance sheet is seen but the dated events of the company's file"
    what = "market and share price" if run["known"] == "market" else "market, share price and what the company reported"
    return f"Seen to {run['known_to']}: {what}; chance begins after it"


def _bitcoin(run: Block, costs: Block) -> str:
    """The price that everything below is held against and how it goes on."""
    when = "the last month of history" if run["known_months"] else "the first month"
    spread = "" if run["volatility"] is None else f", volatility {percent(run['volatility'], 0)} a year"
    return (
        f"Bitcoin at {whole(costs['btc_price'])} USD on average in {costs['month_of_costs']}, {when}, and "
        f"{whole(costs['btc_price_end'])} at its end; then {run['process']}{spread}, drift {percent(run['drift'], 0)}"
    )


def _shown(answer: Answer) -> str:
    """Which months stand side by side."""
    run = answer["run"]
    now, then = run["known_to"], run[SCENARIO_MONTH]
    first = f"{now}, {'the last month of history' if run['known_months'] else 'the first month'}"
    second = f", and {then}, the first after it under the scenario" if now != then else ""
    return f"Figures of one month: {first}{second}"


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
        return [heading, head, "  No machine runs, no bitcoin is mined.", hashprice]

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
        *wrapped(
            "Beside a cost: how far it is above the bitcoin price, - below it. Cash cost: power, sites and mining's "
            "share of overhead; all-in: also interest, share pay, depreciation."
        ),
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
        _pair("Needs covered", (_cover(month.figure("next_year_needs")) for month in months), "by liquidity"),
        line("burn", lambda each: money(each.value), "costs, interest beyond receipts"),
        line("runway", _runway, "liquidity over burn alone"),
    ]


def _cover(needs: Figure) -> str:
    return "no needs" if needs.facts["cover"] is None else f"{needs.facts['cover']:,.1f}x"


def _runway(runway: Figure) -> str:
    return f"{whole(runway.value)}{'+' if runway.facts['at_cap'] else ''}"


def _debt(found: Block) -> list[str]:
    lines = ["DEBT DUE BY YEAR by contract: first put, maturity, instalments; no roll-over, no conversion"]
    lines += _due_years(found.block("corporate")) or ["  No corporate debt."]
    loans = _due_years(found.block("loans"))
    if loans:
        lines += ["  Project loans by contract, principal at maturity before scheduled repayment:", *loans]
    paid = found.block("loans_paid").figures
    if paid:
        years = "; ".join(f"{due.name} {money(due.value)}" for due in paid if due.value > 0)
        lines += wrapped(f"Project loans as the model pays them on the central path: {years}", "  ", "    ")
    return lines


def _due_years(found: Block) -> list[str]:
    lines = []
    for year in found.blocks:
        total, *dues = year.figures
        label = f"  {year.name:<5}{money(total.value):>10}  "
        lines += wrapped("; ".join(map(_due, dues)), label, " " * len(label))
    return lines


def _due(due: Figure) -> str:
    day = f" {due.facts['day']:%Y-%m}" if due.facts["day"] else ""
    event = due.facts["event"]
    kind = f"{event}{day}" if due.facts["in_cash"] else f"{event} into shares{day}, not counted"
    return f"{due.name} {money(due.value)} ({kind})"


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
    return [
        "AI AND HPC CAPACITY: leased, delivered now and at each year's end on the central path",
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


def _left_out(found: Block) -> list[str]:
    """What the file leaves out, in its words, as far as the lines go."""
    lines: list[str] = []
    notes = [wrapped(figure.value, "  - ", "    ") for figure in found.figures]
    for number, note in enumerate(notes):
        if lines and len(lines) + len(note) > LEFT_OUT:
            return [LEFT_OUT_HEAD, *lines, f"  and {len(notes) - number} more in the file"]
        lines += note[:LEFT_OUT]
    return [LEFT_OUT_HEAD, *lines] if lines else []


def _estimate(figure: Figure) -> list[str]:
    low, high = (figure.value if end is None else end for end in (figure.low, figure.high))
    known = figure.low is not None or figure.high is not None
    unit = "" if figure.unit == "1" else figure.unit
    return [figure.name, written(figure.value), unit, f"{written(low)} to {written(high)}" if known else ""]
