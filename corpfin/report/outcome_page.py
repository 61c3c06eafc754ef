"""What becomes of the company, as lines of the page: survival, its price, what kills the company, what carries it.

Every figure is taken from the answer; nothing is computed here.
"""

from __future__ import annotations

import math

from corpfin.common.text import chance, money, percent, row, whole, wrapped
from corpfin.report.answer import Answer, Block, Figure
from corpfin.report.answer.tree import months_of
from corpfin.runs.outcome import SURVIVES
from corpfin.studies.burdens import TOGETHER

SHOWN = 0.05
"""Amounts that would be printed as nothing are left out of sentences [USD m]."""

UNPAID = {
    "operations": "running costs",
    "interest": "interest",
    "maturity or put": "principal it can neither repay nor roll over",
    "margin call": "a margin call",
    "committed capex": "construction it is bound to pay for",
}
"""First unpaid bills as the end of a sentence."""

CARRIES = {
    "projects": "the projects pass up {} after their own debt service",
    "mining": "mining brings {} after power and sites",
    "other_income": "other income is {}",
    "overhead": "overhead is {}",
    "interest": "corporate interest {}",
}
"""What comes in and goes out, as parts of a sentence."""


def survival(answer: Answer) -> list[str]:
    """Survival with the bitcoin price beside it, what stays unpaid first, what drives failures."""
    found = answer["survival"]
    spotless = found.figure("no_credit_event")
    alive = [figure for figure in found.figures if figure.name.startswith("survival_")]
    bills = [figure for figure in found.block("first_unpaid_bills").figures if figure.value > 0]
    lenders = [found.figure("project_defaults")] if answer["capacity"].block("projects").blocks else []
    central = found.block("central")
    failed = f"fails {central['default_month']}, first unpaid: {central['first_unpaid_bill']}"
    end = failed if central["default_month"] else "survives"
    prices = answer["bitcoin"].blocks
    return [
        "SURVIVAL, share of paths not in default, and bitcoin at month end on these paths, USD",
        *wrapped(SURVIVES),
        f"{'':46}{'mean':>9} {'median':>9} {'5 %':>9} {'95 %':>9} {'central':>9}",
        *(
            f"{row(f'{figure.label} ({figure.month})', _chance(figure)):<46}{_prices(price)}"
            for figure, price in zip(alive, prices, strict=True)
        ),
        row(spotless.label, _chance(spotless), "nothing breached, taken or unpaid"),
        *wrapped(_not_the_median(prices[-1])),
        row(central.label, end),
        *(row(figure.label, _chance(figure)) for figure in bills),
        *(row(figure.label, _chance(figure), "at least one") for figure in lenders),
        *_drivers(answer["drivers"]),
    ]


def _prices(price: Block) -> str:
    return " ".join(f"{whole(price[name]):>9}" for name in ("mean", "q50", "q5", "q95", "central"))


def _not_the_median(price: Block) -> str:
    """What the central path is against the paths."""
    central = price.figure("central")
    return (
        f"The central path is the one without chance, not the median of the paths: it has bitcoin at "
        f"{whole(central.value)} in {central.month}, above {percent(price['below_central'], 0)} of them; half end "
        f"below {whole(price['q50'])}."
    )


def _drivers(found: Block) -> list[str]:
    """What would have had to be absent, the largest share first; nothing where no path fails."""
    shares = sorted((each for each in found.block("shares").figures if each.value > 0), key=lambda each: -each.value)
    if not shares:
        return []
    return [
        *wrapped(
            f"Failures that would have been paid without a burden in the {found['window']} months before; shares of "
            f"{found['failures']:,} failures on {found['paths']:,} paths, which overlap:"
        ),
        *(
            row(f"Driven by {each.label}" if each.name != TOGETHER else "Several together", _chance(each))
            for each in shares
        ),
    ]


def price_of_survival(answer: Answer) -> list[str]:
    """Dilution, and bitcoin sold and left."""
    found, quantiles = answer["survival"], answer["dilution"]
    central, basic = (found.block("central").figure(name) for name in ("dilution", "basic_dilution"))
    bitcoin = [found.figure(name) for name in ("btc_sold_median", "btc_left_median")]
    return [
        f"PRICE OF SURVIVAL by {central.month}, median; dilution: diluted shares over those at the start",
        row("Dilution of survivors", *_quantiles(quantiles, "survivors")),
        row("Basic dilution of survivors", *_quantiles(quantiles, "basic")),
        row(central.label, percent(central.value), f"basic: {percent(basic.value)}"),
        *(row(figure.label, whole(figure.value), _spread(figure)) for figure in bitcoin),
    ]


def _quantiles(found: Block, name: str) -> tuple[str, ...]:
    low, median, high = (found[f"{name}_{quantile}"] for quantile in (5, 50, 95))
    spread = f"5 to 95 %: {percent(low)} to {percent(high)}"
    return (percent(median), spread) if math.isfinite(median) else ("none survives",)


def _spread(figure: Figure) -> str:
    return f"5 to 95 %: {whole(figure.low or 0.0)} to {whole(figure.high or 0.0)} BTC"


def kills(answer: Answer) -> list[str]:
    """What kills the company, as a sentence."""
    run, found = answer["run"], answer["reading"].block("kills")
    failing, *when = found.figures
    if when:
        half, *bills = when
        first, *others = (f"{UNPAID[bill.name]} ({percent(bill.value, 0)}" for bill in bills)
        unpaid = ", then ".join((f"{first} of the failures)", *(f"{other})" for other in others)))
        text = (
            f"{_chance(failing)} of paths fail within {run['months']} months, half of these by {half.value}; "
            f"first unpaid: {unpaid}."
        )
    else:
        text = f"nothing on {run['paths']:,} paths of {run['months']} months ({_chance(failing)} fail)."
    lenders = answer["survival"].figure("project_defaults")
    taken = f" Lenders take at least one project on {_chance(lenders)}." if lenders.value else ""
    return wrapped(f"What kills it: {text}{taken}")


def carries(answer: Answer) -> list[str]:
    """Liquidity against needs, and what a year brings in and costs, as sentences."""
    means, found = months_of(answer["liquidity"])[-1], answer["reading"].block("carries")
    amounts = [(words, found[name]) for name, words in CARRIES.items()]
    shown = [words.format(money(amount)) for words, amount in amounts if abs(amount) >= SHOWN]
    left = found["left"]
    return wrapped(
        f"What carries it: liquidity of {money(means['liquidity'])} at the end of {means.figure('liquidity').month} "
        f"against needs of {money(means['next_year_needs'])} in the next 12 months. "
        f"In the {found['months']} months to {found.figure('months').month} on the central path "
        f"{', '.join(shown)}; {'this leaves' if left >= 0 else 'this falls short by'} {money(abs(left))} before tax, "
        "building and principal."
    )


def _chance(figure: Figure) -> str:
    return chance(figure.value, figure.error or 0.0)
