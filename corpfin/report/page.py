"""The one-page answer in plain text: what the company holds, owes and builds, and whether it lives.

Every figure is taken from the answer; nothing is computed here.
"""

from __future__ import annotations

import math

from corpfin.common.tables import columns
from corpfin.common.text import chance, money, percent, row, whole, wrapped, written
from corpfin.report.answer import Answer, Block, Figure

LISTED = 12
"""Estimates listed by name."""

YEARS = 6
"""Calendar years shown side by side."""

SHOWN = 0.05
"""Amounts that would be printed as nothing are left out of sentences [USD m]."""

BESIDE = {
    "cash_cost_per_btc": "sites, mining's share of overhead",
    "all_in_cost_per_btc": "also interest, share pay, depreciation",
}
"""What a cost of a coin holds that the one above it does not."""

FAILS_FOR = {
    "operations": "running costs it cannot pay",
    "interest": "interest it cannot pay",
    "maturity or put": "principal it can neither repay nor roll over",
    "margin call": "a margin call it cannot meet",
    "committed capex": "construction it is bound to pay for",
}
"""Causes of default as the end of a sentence."""

CARRIES = {
    "projects": "the projects pass up {} after their own debt service",
    "mining": "mining brings {} after power and sites",
    "other_income": "other income is {}",
    "overhead": "overhead is {}",
    "interest": "corporate interest {}",
}
"""What comes in and goes out, as parts of a sentence."""


def page(answer: Answer) -> str:
    """The answer on one page."""
    sections = [
        _header(answer),
        _position(answer),
        _break_even(answer["break_even"]),
        _liquidity(answer["liquidity"]),
        _debt(answer["debt"]),
        _capacity(answer["capacity"]),
        _survival(answer),
        _price_of_survival(answer),
        _inputs(answer["inputs"]),
        ["ANSWER", *_kills(answer), *_carries(answer)],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections)


def _header(answer: Answer) -> list[str]:
    run = answer["run"]
    return [
        f"{run['company']} ({run['ticker']}), balance sheet of {run['as_of']}",
        *wrapped(f"Scenario {run['scenario']}: {run['story']}", "", ""),
        f"{run['months']} months to {run.figure('months').month}; {run['paths']:,} paths, seed {run['seed']}",
        *wrapped(_seen(run), "", ""),
        *wrapped(_bitcoin(run, answer["break_even"]), "", ""),
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
    heading = f"BREAK-EVEN BITCOIN PRICE in {found['month_of_costs']}, USD per BTC"
    hashprice = row(found.figure("hashprice").label, f"{found['hashprice']:.2f}", "USD per PH/s and day")
    if not found["power_cost_per_btc"]:
        return [heading, "  No machine runs, no bitcoin is mined.", hashprice]
    costs = [figure for figure in found.figures if "over_price" in figure.facts]
    return [
        heading,
        row(found.figure("btc_price").label, whole(found["btc_price"])),
        *(row(cost.label, whole(cost.value), "; ".join(filter(None, _beside(cost)))) for cost in costs),
        hashprice,
        row(found.figure("btc_mined_a_month").label, whole(found["btc_mined_a_month"]), "BTC"),
    ]


def _beside(cost: Figure) -> tuple[str, str]:
    over = cost.facts["over_price"]
    return f"{percent(abs(over), 0)} {'above' if over > 0 else 'below'}", BESIDE.get(cost.name, "")


def _liquidity(found: Block) -> list[str]:
    needs, runway = found.figure("next_year_needs"), found.figure("runway")
    cover = "none" if needs.facts["cover"] is None else f"covered {needs.facts['cover']:,.1f}x"
    shown = {
        "liquidity": (money(found["liquidity"]), "cash, free bitcoin, undrawn revolvers"),
        "next_year_needs": (money(needs.value), f"burn, debt due, building committed; {cover}"),
        "burn": (money(found["burn"]), "running cost and interest that receipts do not cover"),
        "runway": (
            f"{whole(runway.value)}{'+' if runway.facts['at_cap'] else ''}",
            "liquidity over burn, debt and building aside",
        ),
    }
    return [
        f"LIQUIDITY AND RUNWAY at the end of {runway.month}, central path",
        *(row(found.figure(name).label, *cells) for name, cells in shown.items()),
    ]


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
        return ["AI AND HPC CAPACITY", "  No project."]
    years = [figure.name for figure in found.block("delivered_mw").figures[:YEARS]]
    rows = [["critical MW", "leased", "now", *years, "guided"]]
    for project in projects:
        guided = f"{project['full_delivery']:%Y-%m}" if project["full_delivery"] else "-"
        by_end = [money(project.block("delivered_by_year")[year]) for year in years]
        rows.append([project.name, money(project["leased_mw"]), money(project["delivered_mw"]), *by_end, guided])
    if len(projects) > 1:
        by_end = [money(found.block("delivered_mw")[year]) for year in years]
        rows.append(["all", money(found["leased_mw"]), money(found["delivered_mw_now"]), *by_end, ""])
    left = found.figure("capex_left")
    return [
        "AI AND HPC CAPACITY: leased, delivered now and at each year's end on the central path",
        *columns(rows),
        row(left.label, money(left.value), "whole projects, before partners and lenders"),
    ]


def _survival(answer: Answer) -> list[str]:
    found = answer["survival"]
    alive = [figure for figure in found.figures if figure.name.startswith("survival_")]
    causes = [figure for figure in found.block("causes").figures if figure.value > 0]
    lenders = [found.figure("project_defaults")] if answer["capacity"].block("projects").blocks else []
    central = found.block("central")
    end = f"fails {central['default_month']}: {central['default_cause']}" if central["default_month"] else "survives"
    return [
        "SURVIVAL, share of paths not in default",
        *(row(f"{figure.label} ({figure.month})", _chance(figure)) for figure in alive),
        row(central.label, end),
        *(row(figure.label, _chance(figure)) for figure in causes),
        *(row(figure.label, _chance(figure), "at least one") for figure in lenders),
    ]


def _price_of_survival(answer: Answer) -> list[str]:
    found, quantiles = answer["survival"], answer["dilution"]
    central = found.block("central")
    dilution, basic = central.figure("dilution"), central.figure("basic_dilution")
    bitcoin = [found.figure(name) for name in ("btc_sold_median", "btc_left_median")]
    return [
        f"PRICE OF SURVIVAL by {dilution.month}, median; dilution: diluted shares over those at the start",
        _of_survivors("Dilution of survivors", "survivors", quantiles),
        _of_survivors("Basic dilution of survivors", "basic", quantiles),
        row(dilution.label, percent(dilution.value), f"basic {percent(basic.value)}"),
        *(row(figure.label, whole(figure.value), _spread(figure)) for figure in bitcoin),
    ]


def _of_survivors(label: str, name: str, quantiles: Block) -> str:
    low, median, high = (quantiles[f"{name}_{quantile}"] for quantile in (5, 50, 95))
    if not math.isfinite(median):
        return row(label, "none survives")
    return row(label, percent(median), f"5 to 95 %: {percent(low)} to {percent(high)}")


def _spread(figure: Figure) -> str:
    return f"5 to 95 %: {whole(figure.low or 0.0)} to {whole(figure.high or 0.0)} BTC"


def _inputs(found: Block) -> list[str]:
    figures = found.block("estimates").figures
    by_grade = ", ".join(f"{figure.value} {figure.name}" for figure in found.block("grades").figures)
    lines = [
        f"INPUTS: {by_grade} (default: the market file's)",
        f"  {len(figures)} estimates reach the model; amounts first, the largest first:",
        *columns([_estimate(figure) for figure in figures[:LISTED]]),
    ]
    return [*lines, f"  and {len(figures) - LISTED} more"] if len(figures) > LISTED else lines


def _estimate(figure: Figure) -> list[str]:
    low, high = (figure.value if end is None else end for end in (figure.low, figure.high))
    known = figure.low is not None or figure.high is not None
    unit = "" if figure.unit == "1" else figure.unit
    return [figure.name, written(figure.value), unit, f"{written(low)} to {written(high)}" if known else ""]


def _kills(answer: Answer) -> list[str]:
    """What kills the company, as a sentence."""
    run, found = answer["run"], answer["reading"].block("kills")
    failing, *when = found.figures
    if when:
        half, *causes = when
        first, *others = (f"{FAILS_FOR[cause.name]} ({percent(cause.value, 0)}" for cause in causes)
        by_cause = ", then ".join((f"{first} of the failures)", *(f"{other})" for other in others)))
        text = (
            f"{_chance(failing)} of paths fail within {run['months']} months, half of these by {half.value}: "
            f"for {by_cause}."
        )
    else:
        text = f"nothing on {run['paths']:,} paths of {run['months']} months ({_chance(failing)} fail)."
    lenders = answer["survival"].figure("project_defaults")
    taken = f" Lenders take at least one project on {_chance(lenders)}." if lenders.value else ""
    return wrapped(f"What kills it: {text}{taken}")


def _carries(answer: Answer) -> list[str]:
    """Liquidity against needs, and what a year brings in and costs, as sentences."""
    means, found = answer["liquidity"], answer["reading"].block("carries")
    amounts = [(words, found[name]) for name, words in CARRIES.items()]
    shown = [words.format(money(amount)) for words, amount in amounts if abs(amount) >= SHOWN]
    left = found["left"]
    return wrapped(
        f"What carries it: liquidity of {money(means['liquidity'])} against needs of {money(means['next_year_needs'])} "
        f"in the next 12 months. In the {found['months']} months to {found.figure('months').month} on the central path "
        f"{', '.join(shown)}; {'this leaves' if left >= 0 else 'this falls short by'} {money(abs(left))} before tax, "
        "building and principal."
    )


def _chance(figure: Figure) -> str:
    return chance(figure.value, figure.error or 0.0)
