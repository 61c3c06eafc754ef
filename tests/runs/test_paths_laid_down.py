"""A scenario lays down a path of levels by month, and changes one contract or note by its id."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

import corpfin as cf
from corpfin.inputs import InputError
from corpfin.runs.cases import prepare_market
from tests.fixtures.world import frozen

HEAD = '[scenario]\nname = "deck"\nstory = "A price deck."\n'


@pytest.fixture(scope="module", autouse=True)
def world() -> Iterator[None]:
    with frozen():
        yield


def scenario(folder: Path, *shocks: str) -> cf.Scenario:
    file = folder / "deck.toml"
    file.write_text(HEAD + "".join(f'\n[[shock]]\nwhy = "test"\n{shock}\n' for shock in shocks))
    return cf.load_scenario(file)


def prices(found: cf.Scenario) -> tuple[int, np.ndarray]:
    projection = cf.project("TINY", found, months=24)
    return projection.market_case.history, projection["btc_price_end"]


def test_a_price_goes_in_a_line_from_the_last_known_one_and_stays_at_the_last(tmp_path: Path) -> None:
    found = scenario(tmp_path, 'target = "btc_price"\nhow = "path"\nlevels = "+6 = 45000, +12 = 75000"')
    known, price = prices(found)
    before = price[known - 1]
    at = [known, known + 5, known + 8, known + 11, 23]
    expected = [before + (45_000 - before) / 6, 45_000.0, 60_000.0, 75_000.0, 75_000.0]
    assert price[at] == pytest.approx(expected)


def test_steps_begin_at_their_months(tmp_path: Path) -> None:
    found = scenario(
        tmp_path, 'target = "btc_price"\nhow = "path"\nbetween = "step"\nlevels = "+3 = 45000, +6 = 40000"'
    )
    known, price = prices(found)
    _, base = prices(cf.load_scenario("base"))
    assert price[: known + 2].tolist() == base[: known + 2].tolist()
    assert price[known + 2 :].tolist() == [45_000.0] * 3 + [40_000.0] * (24 - known - 5)


def test_a_certain_path_is_every_paths_and_an_uncertain_one_keeps_their_spread(tmp_path: Path) -> None:
    deck = 'target = "btc_price"\nhow = "path"\nlevels = "+6 = 45000"\ncertain = {}'
    certain, around = (
        cf.simulate("TINY", scenario(tmp_path, deck.format(word)), paths=512, months=24) for word in ("true", "false")
    )
    base = cf.simulate("TINY", paths=512, months=24)
    assert np.ptp(certain.month_end_prices[-1]) == 0.0
    ratio = around.month_end_prices[-1] / base.month_end_prices[-1]
    central = cf.project("TINY", months=24)["btc_price_end"][-1]
    np.testing.assert_allclose(ratio, 45_000.0 / central)


def test_a_path_follows_the_shocks_before_it(tmp_path: Path) -> None:
    half = 'target = "btc_price"\nhow = "multiply"\nvalue = 0.5'
    deck = 'target = "btc_price"\nhow = "path"\nlevels = "+6 = 45000"\ncertain = false'
    known, price = prices(scenario(tmp_path, half, deck))
    assert price[known + 5 :] == pytest.approx(45_000.0)


def test_an_input_follows_a_path_from_its_figure_in_the_file(tmp_path: Path) -> None:
    found = scenario(tmp_path, 'target = "network.fee_median"\nhow = "path"\nlevels = "+4 = 0.5"')
    case = prepare_market(cf.load_market(), found, 24)
    fees, known = case.data.inputs[""]["fee_median"], case.history
    before = fees[0]
    steps = [before + (0.5 - before) * part / 4 for part in (1, 2, 3, 4)]
    assert fees[known : known + 5] == pytest.approx([*steps, 0.5])


def test_one_note_alone_is_changed(tmp_path: Path) -> None:
    base = cf.project("DIGR", months=24)
    ids = list(base.values.data.instances["debt"])
    one = ids[0]
    dear = scenario(tmp_path, f'target = "debt.{one}.coupon"\nhow = "add"\nvalue = 0.05')
    moved = cf.project("DIGR", dear, months=24)
    before, after = (found.case.data.inputs["debt"]["coupon"] for found in (base, moved))
    changed = (after != before).reshape(len(ids), -1).any(axis=1).tolist()
    assert changed == [name == one for name in ids]


def test_a_block_the_company_does_not_have_is_said(tmp_path: Path) -> None:
    found = scenario(tmp_path, 'target = "debt.conv-2039.coupon"\nhow = "add"\nvalue = 0.05')
    with pytest.raises(InputError, match=r"has no debt conv-2039"):
        cf.project("DIGR", found, months=24)


@pytest.mark.parametrize(
    ("shock", "message"),
    [
        ('target = "btc_price"\nhow = "path"', "is missing: a path has levels by month"),
        ('target = "btc_price"\nhow = "path"\nlevels = "+6: 45000"', r"months and levels: \+6 = 45000"),
        ('target = "btc_price"\nhow = "path"\nlevels = "2027-13 = 5"', "there is no such month"),
        ('target = "btc_price"\nhow = "path"\nlevels = "+6 = 5"\nvalue = 1.0', "does not belong to a path"),
        ('target = "btc_price"\nhow = "path"\nlevels = "+6 = 5"\nto_month = "+9"', "does not belong to a path"),
        ('target = "slip"\nhow = "path"\nlevels = "+6 = 5"', "slip cannot follow a path"),
        ('target = "ai_factor"\nhow = "path"\nlevels = "+6 = 5"', "of factors: btc_price, power_index"),
        ('target = "network.fee_median"\nhow = "path"\nlevels = "+6 = 5"\ncertain = true', "belongs to a factor"),
        ('target = "btc_price"\nhow = "multiply"', "is missing: by or to what"),
        ('target = "btc_price"\nhow = "multiply"\nvalue = 0.5\nbetween = "step"', 'belongs to how = "path"'),
        ('target = "treasury.x.cash"\nhow = "add"\nvalue = 5.0', "stands once and has no blocks with an id"),
    ],
)
def test_what_is_wrong_with_a_path_is_said(tmp_path: Path, shock: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        scenario(tmp_path, shock)


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ("+6 = 45000, +4 = 60000", "must name later months after earlier ones"),
        ("2026-04 = 45000", "begins in history"),
    ],
)
def test_months_of_a_path_are_held_against_the_calendar(tmp_path: Path, levels: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        cf.project("TINY", scenario(tmp_path, f'target = "btc_price"\nhow = "path"\nlevels = "{levels}"'), months=24)
