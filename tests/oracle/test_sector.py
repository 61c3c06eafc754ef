"""Two companies in one market, by hand: what one sells the other meets a month later; capital shared; one left out.

One sells 1,000 bitcoin a month because it wants none; Two holds its bitcoin and sells what pays its 10 m of overhead.
Bitcoin would stand at 100,000 without them. A day's volume is 5,000 m, daily volatility 0.02, half of the impact stays
and the rest halves in 31 days.
"""

from dataclasses import replace
from math import exp, sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpfin.inputs import InputError
from corpfin.runs.cases import prepare_company, prepare_market
from corpfin.runs.together import Sector, project_together, sector_of
from tests.oracle.build import load, near

SELLER = {"treasury": {"btc": 10_000.0, "btc_target": 0.0, "btc_sale_cap": 1_000.0}}
HOLDER = {
    "treasury": {"cash": 0.0, "btc": 5_000.0, "btc_target": 5_000.0, "funding_order": ["btc", "revolver", "atm"]},
    "costs": {"cash_sga": 30.0},
}
ROOT = {"impact_coefficient": 1.0}


def sector(folder: Path, *companies: dict[str, Any], months: int = 3, shock: Any = (), **impact: float) -> Sector:
    """Companies ONE, TWO ... in one market whose [impact] is changed by ``impact``."""
    cases, market_case = [], None
    for name, changes in zip(("ONE", "TWO", "TRE"), companies, strict=False):
        place = folder / name
        place.mkdir(parents=True)
        company, market, scenario = load(place, shock=list(shock), impact=impact, company={"ticker": name}, **changes)
        market_case = market_case or prepare_market(market, scenario, months, "all")
        cases.append(prepare_company(company, market_case))
    assert market_case
    return sector_of(market_case, cases)


def test_three_months_of_the_circle_by_hand(tmp_path: Path) -> None:
    market, one, two, both = project_together(sector(tmp_path, SELLER, HOLDER, **ROOT))
    # month 1: 1,000 and 10 m / 100,000 = 100 bitcoin; 110 m move the price by 0.02 * sqrt(110 / 5000)
    first = 0.02 * sqrt(110 / 5000)
    assert one["btc_sold"][0] == near(1_000)
    assert two["btc_sold"][0] == near(100)
    assert both["excess_sales"][0] == near(1_100)
    assert both["impact"][0] == near(first)
    assert market["btc_price"][0] == 100_000.0
    # month 2, of 28 days: all of it is met; Two sells more coins for the same 10 m
    price = 100_000 * exp(-first)
    assert market["btc_price"][1] == near(price)
    assert market["btc_price_end"][1] == near(price)
    assert two["btc_sold"][1] == near(10e6 / price)
    second = 0.02 * sqrt((price * 1_000 / 1e6 + 10) / 5000)
    assert both["impact"][1] == near(second)
    # month 3: half of the first stays, its other half has faded for 28 days; the second is whole
    level = 0.5 * first + 0.5 * first * 0.5 ** (28 / 31) + second
    assert both["impact_level"][1] == near(level)
    assert market["btc_price"][2] == near(100_000 * exp(-level))
    assert both["listed_sold"] == pytest.approx(one["btc_sold"] + two["btc_sold"], abs=0, rel=0)
    assert both["listed_chosen"] == near([1_000] * 3)
    assert both["listed_forced"] == near(two["btc_sold"])


def test_impact_fades_to_what_lasts(tmp_path: Path) -> None:
    seller = {"treasury": {"btc": 1_000.0, "btc_target": 0.0, "btc_sale_cap": 1_000.0}}
    *_, both = project_together(sector(tmp_path, seller, months=24, **ROOT))
    shot = 0.02 * sqrt(100 / 5000)
    assert both["impact"] == near([shot, *[0.0] * 23])
    days = np.cumsum([0, 28, 31, 30, 31, 30])
    assert both["impact_level"][:6] == near(shot * (0.5 + 0.5 * 0.5 ** (days / 31)))
    assert both["impact_level"][-1] == pytest.approx(0.5 * shot, rel=1e-6)


def test_the_larger_of_two_laws_counts(tmp_path: Path) -> None:
    *_, both = project_together(sector(tmp_path, SELLER, impact_coefficient=1.0, flow_beta=0.034))
    assert both["impact"][0] == near(max(0.02 * sqrt(100 / 5000), 0.034 * 0.1))


def test_what_is_mined_and_sold_moves_nothing(tmp_path: Path) -> None:
    fleet = [{"hashrate": 100.0, "efficiency": 20.0, "power_price": 10.0, "site_cost": 0.0}]
    miner = {"fleet": fleet, "treasury": {"production_sold": 1.0}}
    market, one, both = project_together(sector(tmp_path, miner, **ROOT))
    assert both["listed_mined"][0] == near(450 * 31 * 0.1)
    assert one["btc_sold"][0] == near(450 * 31 * 0.1)
    assert both["impact_level"].tolist() == [0.0] * 3
    assert both["listed_share"] == near([0.1] * 3)
    assert market["btc_price"].tolist() == [100_000.0] * 3


def test_capital_is_shared_pro_rata(tmp_path: Path) -> None:
    """Both sell shares to pay 30 m; the market gives 10 m a month to all."""
    needy: dict[str, Any] = {
        "treasury": {"cash": 0.0, "funding_order": ["atm", "revolver", "btc"]},
        "costs": {"cash_sga": 90.0},
        "equity": {"average_daily_volume": 1.0, "atm_remaining": 10_000.0, "atm_participation": 0.5},
    }
    rich = {**needy, "equity": {**needy["equity"], "atm_participation": 0.25}}
    together = sector(tmp_path, needy, rich, shared_capital=1.0, open_capacity=30.0)
    _, one, two, both = project_together(together)
    # month 1: a day's volume of 10 m * 21 days * 0.5 = 105 m, and 52.5 m: each sells its 30
    assert both["capital_asked"][0] == near(60)
    assert both["capital_capacity"][0] == near(10)
    assert both["capital_share"][0] == near(1 / 6)
    # month 2: a sixth of 105 and of 52.5 m at the share's price, which has no distress discount here
    assert (one["atm_proceeds"][1], two["atm_proceeds"][1]) == near((105 / 6, 52.5 / 6))
    assert both["capital_asked"][1] == near(105 + 52.5)


def test_a_sector_of_one_without_weight_and_one_left_out(tmp_path: Path) -> None:
    alone = sector(tmp_path / "alone", SELLER)
    market, *_ = project_together(alone)
    assert market["btc_price"].tolist() == [100_000.0] * 3
    together = sector(tmp_path / "two", SELLER, HOLDER, **ROOT)
    market, two, both = project_together(together.without("ONE"))
    assert both["listed_sold"][0] == near(100)
    assert both["impact"][0] == near(0.02 * sqrt(10 / 5000))
    assert two["btc_sold"][1] == near(100 * exp(0.02 * sqrt(10 / 5000)))
    assert float(both.data.inputs[""]["companies"][0]) == 1.0


def test_known_months_are_not_moved_twice(tmp_path: Path) -> None:
    """What was sold in a month whose price is known is in that price."""
    months = [{"month": "2027-01", "price_mean": 90_000.0, "price_end": 80_000.0, "hashrate": 1000.0}]
    together = sector(tmp_path, {**SELLER, "known_month": months}, **ROOT)
    market, _, both = project_together(together)
    assert market["btc_price"][:2].tolist() == [90_000.0, 80_000.0]
    assert both["impact"][0] == 0
    assert both["impact"][1] > 0


def test_a_market_without_the_table_says_so(tmp_path: Path) -> None:
    company, market, scenario = load(tmp_path)
    bare = market.tables.model_copy(update={"impact": None})
    case = prepare_market(replace(market, tables=bare), scenario, 3, "all")
    with pytest.raises(InputError, match="impact: table is missing; companies cannot be run together"):
        sector_of(case, [prepare_company(company, case)])
