"""What becomes of the company, as lines of the page: survival and its price.

Every figure is taken from the answer; nothing is computed here.
"""

from __future__ import annotations

import math

from corpfin.common.text import percent, row, whole, wrapped
from corpfin.report import words
from corpfin.report.answer import Answer, Block, Figure
from corpfin.report.words import chance_of
from corpfin.runs.outcome import SURVIVES
from corpfin.studies.burdens import TOGETHER


def survival(answer: Answer) -> list[str]:
    """Survival with the bitcoin price beside it, what stays unpaid first, what drives failures."""
    found = answer["survival"]
    spotless = found.figure("no_credit_event")
    alive = [figure for figure in found.figures if figure.name.startswith("survival_")]
    bills = [figure for figure in found.block("first_unpaid_bills").figures if figure.value > 0]
    lenders = [found.figure("project_defaults")] if answer["capacity"].block("projects").blocks else []
    central = found.block("central")
    prices = answer["bitcoin"].blocks
    return [
        "SURVIVAL, share of paths not in default, and bitcoin at month end on these paths, USD",
        *wrapped(SURVIVES),
        f"{'':46}{'mean':>9} {'median':>9} {'5 %':>9} {'95 %':>9} {'central':>9}",
        *(
            f"{row(f'{figure.label} ({figure.month})', chance_of(figure)):<46}{_prices(price)}"
            for figure, price in zip(alive, prices, strict=True)
        ),
        row(spotless.label, chance_of(spotless), "nothing breached, taken or unpaid"),
        *wrapped(words.not_the_median(prices[-1])),
        row(central.label, words.central_end(central)),
        *(row(figure.label, chance_of(figure)) for figure in bills),
        *(row(figure.label, chance_of(figure), "at least one") for figure in lenders),
        *_drivers(answer["drivers"]),
    ]


def _prices(price: Block) -> str:
    return " ".join(f"{whole(price[name]):>9}" for name in ("mean", "q50", "q5", "q95", "central"))


def _drivers(found: Block) -> list[str]:
    shares = words.driving(found)
    if not shares:
        return []
    return [
        *wrapped(words.driven(found)),
        *(
            row(f"Driven by {each.label}" if each.name != TOGETHER else "Several together", chance_of(each))
            for each in shares
        ),
    ]


def price_of_survival(answer: Answer) -> list[str]:
    """Dilution, and bitcoin sold and left."""
    found, quantiles = answer["survival"], answer["dilution"]
    central, basic = (found.block("central").figure(name) for name in ("dilution", "basic_dilution"))
    names = ("btc_sold_median", "btc_sold_forced_median", "btc_sold_for_buyback_mean", "btc_left_median")
    bitcoin = [found.figure(name) for name in names]
    return [
        f"PRICE OF SURVIVAL by {central.month}, median; dilution: diluted shares over those at the start",
        row("Dilution of survivors", *_quantiles(quantiles, "dilution")),
        row("Basic dilution of survivors", *_quantiles(quantiles, "basic_dilution")),
        row(central.label, percent(central.value), f"basic: {percent(basic.value)}"),
        *(row(figure.label, whole(figure.value), _spread(figure)) for figure in bitcoin),
    ]


def _quantiles(found: Block, name: str) -> tuple[str, ...]:
    low, median, high = (found[f"{name}_{quantile}"] for quantile in (5, 50, 95))
    spread = f"5 to 95 %: {percent(low)} to {percent(high)}"
    return (percent(median), spread) if math.isfinite(median) else ("none survives",)


def _spread(figure: Figure) -> str:
    return f"5 to 95 %: {whole(figure.low or 0.0)} to {whole(figure.high or 0.0)} BTC"
