"""Sentences that page and report share: the same words for the same figures, whatever they are printed on.

Every figure is taken from the answer; nothing is computed here.
"""

from __future__ import annotations

from corpfin.common.text import chance, money, percent, whole
from corpfin.report.answer import Answer, Block, Figure
from corpfin.report.answer.tree import SCENARIO_MONTH, months_of
from corpfin.runs import identities

SHOWN = 0.05
"""Amounts that would be printed as nothing are left out of sentences [USD m]."""

UNPAID = {
    "operations": "running costs",
    "interest": "interest",
    "maturity or put": "principal it can neither repay nor roll over",
    "margin call": "what a lender whose collateral is sold is still owed",
    "committed capex": "construction it is bound to pay for",
    "distressed exchange": "principal that its holders exchange below par",
}
"""First unpaid bills as the end of a sentence."""

CARRIES = {
    "projects": "the projects pass up {} after their own debt service",
    "mining": "mining brings {} after power and sites",
    "other_income": "other income is {}",
    "overhead": "overhead is {}",
    "tax_on_pay": "tax on pay in shares {}",
    "interest": "corporate interest {}",
}
"""What comes in and goes out, as parts of a sentence."""

MONEY = "Money in USD m unless another unit is named; ± is one standard error"
COSTS = (
    "Beside a cost: how far it is above the bitcoin price, - below it. Cash cost: power, sites and mining's "
    "share of overhead; all-in: also interest, share pay, depreciation."
)
NOTHING_MINED = "No machine runs, no bitcoin is mined."
DUE = "first put, maturity, instalments; no roll-over, no conversion"
LOANS_DUE = "principal at maturity before scheduled repayment"


def broken(found: Block) -> str:
    """The identity that does not hold, in a sentence; nothing when all do."""
    if found["hold"]:
        return ""
    worst = found.figure("check_worst")
    return identities.broken(found["check"], found["says"], worst.value, worst.unit, found["month"], found["path"])


def asked(run: Block) -> str:
    """Length of the run and what it is drawn from."""
    return f"{run['months']} months to {run.figure('months').month}; {run['paths']:,} paths, seed {run['seed']}"


def seen(run: Block) -> str:
    """How much of what has happened since the balance sheet is in the run."""
    if not run["known_months"]:
        return "Nothing that has happened since the balance sheet is seen but the dated events of the company's file"
    what = "market and share price" if run["known"] == "market" else "market, share price and what the company reported"
    return f"Seen to {run['known_to']}: {what}; chance begins after it"


def bitcoin(run: Block, costs: Block) -> str:
    """The price that everything is held against and how it goes on."""
    when = "the last month of history" if run["known_months"] else "the first month"
    spread = "" if run["volatility"] is None else f", volatility {percent(run['volatility'], 0)} a year"
    return (
        f"Bitcoin at {whole(costs['btc_price'])} USD on average in {costs['month_of_costs']}, {when}, and "
        f"{whole(costs['btc_price_end'])} at its end; then {run['process']}{spread}, drift {percent(run['drift'], 0)}"
    )


def shown_months(run: Block) -> str:
    """Which months stand side by side."""
    now, then = run["known_to"], run[SCENARIO_MONTH]
    first = f"{now}, {'the last month of history' if run['known_months'] else 'the first month'}"
    second = f", and {then}, the first after it under the scenario" if now != then else ""
    return f"Figures of one month: {first}{second}"


def cover(needs: Figure) -> str:
    """How often liquidity covers the needs."""
    return "no needs" if needs.facts["cover"] is None else f"{needs.facts['cover']:,.1f}x"


def runway(figure: Figure) -> str:
    """Months the money lasts, with a sign where it is longer than what is counted."""
    return f"{whole(figure.value)}{'+' if figure.facts['at_cap'] else ''}"


def due(figure: Figure) -> str:
    """An instrument, what it asks for, and what happens to it."""
    day = f" {figure.facts['day']:%Y-%m}" if figure.facts["day"] else ""
    event = figure.facts["event"]
    kind = f"{event}{day}" if figure.facts["in_cash"] else f"{event} into shares{day}, not counted"
    return f"{figure.name} {money(figure.value)} ({kind})"


def loans_paid(found: Block) -> str:
    """Project loans by year as the model pays them; nothing where there is none."""
    years = "; ".join(f"{paid.name} {money(paid.value)}" for paid in found.figures if paid.value > 0)
    return f"Project loans as the model pays them on the central path: {years}" if found.figures else ""


def not_the_median(price: Block) -> str:
    """What the central path is against the paths."""
    central = price.figure("central")
    return (
        f"The central path is the one without chance, not the median of the paths: it has bitcoin at "
        f"{whole(central.value)} in {central.month}, above {percent(price['below_central'], 0)} of them; half end "
        f"below {whole(price['q50'])}."
    )


def central_end(central: Block) -> str:
    """What becomes of the company on the central path."""
    failed = f"fails {central['default_month']}, first unpaid: {central['first_unpaid_bill']}"
    return failed if central["default_month"] else "survives"


def driving(found: Block) -> list[Figure]:
    """What would have had to be absent, the largest share first; nothing where no path fails."""
    return sorted((each for each in found.block("shares").figures if each.value > 0), key=lambda each: -each.value)


def driven(found: Block) -> str:
    """What the shares of the drivers are shares of."""
    return (
        f"Failures that would have been paid without a burden in the {found['window']} months before; shares of "
        f"{found['failures']:,} failures on {found['paths']:,} paths, which overlap:"
    )


def kills(answer: Answer) -> str:
    """What kills the company, as a sentence."""
    run, found = answer["run"], answer["reading"].block("kills")
    failing, *when = found.figures
    if when:
        half, *bills = when
        first, *others = (f"{UNPAID[bill.name]} ({percent(bill.value, 0)}" for bill in bills)
        unpaid = ", then ".join((f"{first} of the failures)", *(f"{other})" for other in others)))
        text = (
            f"{chance_of(failing)} of paths fail within {run['months']} months, half of these by {half.value}; "
            f"first unpaid: {unpaid}."
        )
    else:
        text = f"nothing on {run['paths']:,} paths of {run['months']} months ({chance_of(failing)} fail)."
    lenders = answer["survival"].figure("project_defaults")
    taken = f" Lenders take at least one project on {chance_of(lenders)}." if lenders.value else ""
    return f"What kills it: {text}{taken}"


def carries(answer: Answer) -> str:
    """Liquidity against needs, and what a year brings in and costs, as sentences."""
    means, found = months_of(answer["liquidity"])[-1], answer["reading"].block("carries")
    amounts = [(words, found[name]) for name, words in CARRIES.items()]
    shown = [words.format(money(amount)) for words, amount in amounts if abs(amount) >= SHOWN]
    left = found["left"]
    return (
        f"What carries it: liquidity of {money(means['liquidity'])} at the end of {means.figure('liquidity').month} "
        f"against needs of {money(means['next_year_needs'])} in the next 12 months. "
        f"In the {found['months']} months to {found.figure('months').month} on the central path "
        f"{', '.join(shown)}; {'this leaves' if left >= 0 else 'this falls short by'} {money(abs(left))} before tax, "
        "building and principal."
    )


def chance_of(figure: Figure) -> str:
    """A probability of the answer with its error."""
    return chance(figure.value, figure.error or 0.0)
