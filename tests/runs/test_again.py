"""Lines beyond those that every run keeps: fans of any line, sums over months and companies."""

import numpy as np
import pytest

import corpfin as cf
from corpfin.runs.again import lines_again


@pytest.fixture(scope="module")
def pair() -> cf.Simulation:
    """Two companies on paths that end within a block."""
    return cf.simulate(["MARA", "WULF"], paths=1100, seed=7, months=12)


def test_any_line_has_a_fan_on_the_very_paths(pair: cf.Simulation) -> None:
    """Run again, a line that every run keeps is the same bits; a line of a block, a draw and the market's are there."""
    label = next(iter(pair.outcomes))
    case = pair.outcomes[label].case
    kept = pair.outcomes[label].monthly("cash")
    again = lines_again(pair.market_case, case, ["cash"], kept.shape[1], pair.seed)["cash"]
    assert (again.astype(kept.dtype) == kept).all()
    for line in ("ebitda", "hashprice", "btc_price_end", f"fleet.{case.data.instances['fleet'][0]}.hashrate"):
        fan = pair.fan(label, line)
        assert fan.shape == (pair.months, 5)
        assert (fan["5"] <= fan["95"]).all()
    path = pair.path(label, 5)
    assert pair.monthly(label, "ebitda")[:, 5].tolist() == path["ebitda"].tolist()
    with pytest.raises(KeyError, match="nearest is ebitda"):
        pair.fan(label, "ebitd")


def test_sums_over_months_and_companies_have_quantiles(pair: cf.Simulation) -> None:
    first, last = pair.market_case.labels[1], pair.market_case.labels[2]
    table = pair.sums("btc_sold", first=first, last=last)
    assert list(table.index) == [*pair.outcomes, "all"]
    both = sum(pair.monthly(label, "btc_sold")[1:3].sum(axis=0) for label in pair.outcomes)
    assert table.loc["all", "50"] == pytest.approx(np.median(both))
    assert table.loc["all", "mean"] == pytest.approx(table["mean"].iloc[:-1].sum())
    with pytest.raises(KeyError, match="the run goes from"):
        pair.sums("btc_sold", first="1999-01")
