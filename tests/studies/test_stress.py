"""The scenario library: each loads, does something, and none that only takes money away makes a company safer."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import corpfin as cf
from corpfin.inputs import find, known_companies, known_scenarios
from corpfin.report.faces import face_of
from corpfin.runs.cases import prepare_company, prepare_market
from corpfin.studies.stress import Stress
from tests.fixtures.library import stressed
from tests.fixtures.world import MARCH

PATHS = 1_024

MORE = 16_384
"""Paths of companies for which no fault of half a point was ever seen."""

MANY = 65_536
"""Paths where a fault of half a point must be seen."""

ONLY_TAKE_MONEY = (
    "ai-winter",
    "btc-half",
    "capex-40",
    "funding-shut",
    "gpu-half",
    "halving-no-fees",
    "hpc-late-12",
    "margin-call-crash",
    "power-50",
    "slow-bleed",
    "summer-curtailment",
    "tenant-default",
)
"""Scenarios that lower income, raise cost or close a source of money, and do nothing else.

Not among them are those that change how hash rate answers, or raise anything.
"""

SHUT = "funding-shut"

HITS = {
    "ai-winter": "IREN",
    "gpu-half": "IREN",
    "hpc-late-12": "CIFR",
    "capex-40": "CIFR",
    "tenant-default": "CIFR",
    "funding-shut": "IREN",
}
"""A company each scenario should hit; bitcoin and power hit BTDR."""

ERRORS = 3.5
"""Standard errors allowed to luck: with 264 comparisons one in twenty runs would exceed these by chance alone."""


@pytest.fixture(scope="module")
def library() -> Stress:
    return cf.stress(paths=PATHS)


def test_the_library_is_complete() -> None:
    assert {
        "base", "btc-half", "slow-bleed", "halving-no-fees", "funding-shut", "power-50", "summer-curtailment",
        "hpc-late-12", "capex-40", "tenant-default", "gpu-half", "margin-call-crash", "difficulty-stuck", "ai-winter",
        "like-2022", "crisis", "selection", "buying-opportunity",
    } <= set(known_scenarios())  # fmt: skip


@pytest.mark.parametrize("name", sorted(known_scenarios()))
def test_a_scenario_has_a_story_of_two_lines_and_reasons(name: str) -> None:
    scenario = cf.load_scenario(name)
    assert scenario.name == name
    assert len(scenario.story.splitlines()) == 2
    assert all(shock.why for shock in scenario.shocks)
    assert scenario.shocks or name == "base"


@pytest.mark.parametrize("name", sorted(set(known_scenarios()) - {"base"}))
def test_a_scenario_does_something_to_a_company_it_should_hit(name: str, library: Stress) -> None:
    row = library.table.loc[HITS.get(name, "BTDR"), name]
    moved = row[["change_survival_36", "change_survival_60", "change_dilution", "change_funding_gap"]].abs()
    assert (moved > 1e-6).any()


def highest_rise(table: pd.DataFrame, sign: float = 1.0) -> pd.Series:
    """Largest change of survival times ``sign``, in its standard errors, over companies and horizons."""
    changes = [sign * table[f"change_survival_{month}"] / table[f"change_survival_{month}_error"] for month in (36, 60)]
    return pd.concat(changes, axis=1).fillna(0.0).max(axis=1)


@pytest.mark.parametrize("name", [name for name in ONLY_TAKE_MONEY if name != SHUT])
def test_taking_money_away_raises_no_survival(name: str, library: Stress) -> None:
    found = highest_rise(library.table.xs(name, level="scenario"))
    assert (found <= ERRORS).all(), found


@pytest.mark.slow
@pytest.mark.xdist_group("library")
def test_taking_money_away_raises_no_survival_at_the_paths_of_the_ledger() -> None:
    table = stressed(MARCH).table
    found = {name: highest_rise(table.xs(name, level="scenario")).max() for name in ONLY_TAKE_MONEY if name != SHUT}
    assert {name: rise for name, rise in found.items() if rise > ERRORS} == {}


def shut(paths: int, market: Path | None = None, *, closely: Sequence[str] = ()) -> pd.DataFrame:
    """What shut funding does to every company, in the market of a file; to those looked at closely on MANY paths."""
    market_of = cf.load_market(market) if market else None
    others = [ticker for ticker in known_companies() if ticker not in closely]
    runs = [(others, paths), *([(list(closely), MANY)] if closely else [])]
    tables = [cf.stress(some, SHUT, paths=count, market=market_of).table for some, count in runs]
    return pd.concat([table.xs(SHUT, level="scenario") for table in tables])


@pytest.fixture(scope="module")
def nothing_for_growth(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The market in which nobody buys land and power that no contract asks for, or borrows before he must.

    Land and power earn nothing in the model: who has no spare money for them keeps what he has. Notes sold in a good
    year fall due in a bad one: who could sell none has none to repay. Those are gains of a shut market which hide what
    it does to those who need money.
    """
    text = cf.load_market().file.read_text(encoding="utf-8")
    for name in ("growth_appetite", "notes_chance"):
        text, count = re.subn(f"^{name} = .*$", f"{name} = 0.0", text, flags=re.MULTILINE)
        assert count == 1
    file = tmp_path_factory.mktemp("market") / "market.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_shutting_funding_raises_no_survival(nothing_for_growth: Path) -> None:
    found = highest_rise(shut(PATHS, nothing_for_growth))
    assert (found <= ERRORS).all(), found


@pytest.mark.slow
def test_shutting_funding_raises_no_survival_at_many_paths(nothing_for_growth: Path) -> None:
    """What decides here is what the treasurer does instead, so a small rise would be a fault of policy.

    Rolling notes over whether money was short or not once raised MARA's survival by 0.65 points when the window shut:
    eight standard errors at this number of paths, invisible in the library's.
    """
    table = shut(MORE, nothing_for_growth, closely=["MARA"])
    assert table.loc["MARA", "change_survival_60_error"] < 0.65 / 100 / (2 * ERRORS)
    found = highest_rise(table)
    assert (found <= ERRORS).all(), found


@pytest.mark.slow
def test_what_shut_funding_gains_is_notes_not_sold() -> None:
    """With land, power and notes for sale six companies are safer for a year without markets, by under five points.

    Notes sold in a good year fall due in a bad one. BITF and CANG, whose own debts they pay, gain nothing.
    """
    table = shut(MORE)
    rise = highest_rise(table)
    gain = table[["change_survival_36", "change_survival_60"]].max(axis=1)
    assert set(rise.index[rise > ERRORS]) == {"BTDR", "CLSK", "HIVE", "HUT", "MARA", "RIOT"}
    assert gain.max() < 0.05


@pytest.mark.slow
def test_in_june_shut_funding_gains_what_is_not_built(tmp_path: Path) -> None:
    """A loan raised against a lease binds its owner to what building costs beyond it, which may be more than he has.

    Without funding for a year he does not begin: a gain of some points for Core Scientific. Where no loan can
    be raised, nothing is bought for growth and nobody borrows before he must, shut funding raises no survival.
    """
    june = find.shipped("companies").parent / "2026-06-30"
    text = (june / "market.toml").read_text(encoding="utf-8")
    for name in ("growth_appetite", "notes_chance", "advance_rate", "gpu_advance_rate"):
        text, count = re.subn(f"^{name} = .*$", f"{name} = 0.0", text, flags=re.MULTILINE)
        assert count == 1
    bare = tmp_path / "market.toml"
    bare.write_text(re.sub(r", low = [\d.-]+, high = [\d.-]+", "", text), encoding="utf-8")

    def rise(companies: list[Path], market: Path, paths: int) -> pd.Series:
        table = cf.stress(companies, scenarios=SHUT, paths=paths, market=cf.load_market(market)).table
        return highest_rise(table.xs(SHUT, level="scenario"))

    built = rise([june / "corz.toml"], june / "market.toml", PATHS)
    assert (built > ERRORS).all(), built
    found = rise([june / f"{ticker.lower()}.toml" for ticker in find.companies_in(june)], bare, PATHS // 4)
    assert (found <= ERRORS).all(), found


def richer(folder: Path, *more: int, paths: int) -> pd.DataFrame:
    """What so much more cash at the start does to every company, by scenario."""
    files = [folder / f"richer-{added}.toml" for added in more]
    for added, file in zip(more, files, strict=True):
        file.write_text(
            f'[scenario]\nname = "{file.stem}"\nstory = "More cash at the start."\n\n'
            f'[[shock]]\ntarget = "treasury.cash"\nhow = "add"\nvalue = {added}.0\nwhy = "test"\n',
            encoding="utf-8",
        )
    return cf.stress(scenarios=files, paths=paths).table.drop("base", level="scenario")


def assert_richer_is_safer(table: pd.DataFrame) -> None:
    found = highest_rise(table, -1.0)
    assert (found <= ERRORS).all(), found
    saved = (table["change_survival_60"] > 0).groupby(level="scenario").sum()
    assert (saved >= 6).all()  # it does save companies


def test_adding_cash_lowers_no_survival(tmp_path: Path) -> None:
    assert_richer_is_safer(richer(tmp_path, 200, paths=PATHS))


@pytest.mark.slow
def test_adding_cash_lowers_no_survival_at_more_paths(tmp_path: Path) -> None:
    assert_richer_is_safer(richer(tmp_path, 50, 1000, paths=MORE // 2))


def test_a_shut_atm_alone_raises_no_survival() -> None:
    base = cf.load_scenario("funding-shut")
    shocks = [shock for shock in base.shocks if shock.target == "equity.atm_participation"]
    tables = base.tables.model_copy(update={"shock": shocks})
    found = cf.stress(["RIOT", "MARA", "BTDR"], type(base)(base.file, tables), paths=PATHS).table
    changed = found[found["change_survival_36_error"] > 0]
    assert len(changed) == 3
    assert (changed["change_survival_36"] <= ERRORS * changed["change_survival_36_error"]).all()


def test_base_differs_from_itself_by_exactly_nothing(library: Stress) -> None:
    base = library.table.xs("base", level="scenario").filter(regex="^(change|error)_")
    assert (base == 0.0).all().all()


def test_companies_without_projects_ignore_what_happens_to_projects(library: Stress) -> None:
    for name in ("hpc-late-12", "capex-40", "tenant-default", "gpu-half"):
        found = library.table.loc[["MARA", "CLSK"]].xs(name, level="scenario")
        assert (found[["change_survival_60", "change_dilution", "change_funding_gap"]] == 0.0).all().all()


def test_gpu_rent_leaves_colocation_alone() -> None:
    market = cf.load_market()
    base, half = (prepare_market(market, cf.load_scenario(name)) for name in ("base", "gpu-half"))
    for ticker, share in (("CORZ", 1.0), ("IREN", 0.5)):
        company = cf.load_company(ticker, market.defaults)
        before, after = (prepare_company(company, case).data.inputs["hpc"]["annual_revenue"] for case in (base, half))
        np.testing.assert_allclose(after[:, -1], share * before[:, -1])


def test_a_finished_project_is_not_late() -> None:
    """Highrise (1.53 MW, delivered) keeps its dates when every building of Hut 8 is a year late after history."""
    base, late = cf.project("HUT"), cf.project("HUT", "hpc-late-12")
    first = base.market_case.history
    assert (late["hpc", "delay"][:, :first] == base["hpc", "delay"][:, :first]).all()
    delays = late["hpc", "delay"][:, first] - base["hpc", "delay"][:, first]
    assert dict(zip(base.values.data.instances["hpc"], delays, strict=True)) == pytest.approx(
        {"river-bend-fluidstack": 12.0, "beacon-point-phase-1": 12.0, "highrise-ai": 0.0}, rel=1e-12, abs=0.0
    )


def test_scenarios_combine() -> None:
    both = cf.load_scenario("btc-half+capex-40")
    parts = [cf.load_scenario(name) for name in ("btc-half", "capex-40")]
    assert both.name == "btc-half+capex-40"
    assert both.shocks == tuple(shock for part in parts for shock in part.shocks)
    result = cf.stress("CIFR", ["btc-half", "capex-40", "btc-half+capex-40"], paths=512)
    survival = result.matrix("survival_60").loc["CIFR"]
    assert survival["btc-half+capex-40"] <= min(survival["btc-half"], survival["capex-40"])
    assert list(result.stories) == ["base", "btc-half", "capex-40", "btc-half+capex-40"]


def test_an_unknown_scenario_is_an_error_with_the_nearest_name() -> None:
    with pytest.raises(cf.InputError, match=r"btc-haf.*nearest is btc-half"):
        cf.stress("HIVE", "btc-haf", paths=16)
    with pytest.raises(cf.InputError, match=r"capex-4.*nearest is capex-40"):
        cf.stress("HIVE", "btc-half+capex-4", paths=16)


def test_a_scenario_does_not_pass_for_another_of_its_name(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    text = cf.load_scenario("btc-half").file.read_text(encoding="utf-8")
    file.write_text(text.replace('name = "btc-half"', 'name = "base"'), encoding="utf-8")
    with pytest.raises(cf.InputError, match=r'mine.toml: scenario.name = "base": is the name of base.toml too'):
        cf.stress("HIVE", file, paths=16)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('target = "hpc.anual_revenue"', "nearest is hpc.annual_revenue"),
        ('target = "btc_prize"', "nearest is btc_price"),
        ('target = "hpc.annual_revenue"\nkind = "convertible"', "is no kind of hpc.annual_revenue"),
        ('target = "equity.btc_beta"\nkind = "colocation"', "only debt and hpc have kinds"),
        ('target = "hpc.annual_revenue"\nkind = "gpu_clod"', "gpu_cloud"),
    ],
)
def test_a_shock_that_names_nothing_is_an_error(line: str, message: str, tmp_path: Path) -> None:
    file = tmp_path / "wrong.toml"
    head = '[scenario]\nname = "wrong"\nstory = "No such thing."\n\n'
    file.write_text(f'{head}[[shock]]\n{line}\nhow = "multiply"\nvalue = 0.5\nwhy = "test"\n', encoding="utf-8")
    with pytest.raises(cf.InputError, match=message):
        cf.stress("HIVE", file, paths=16)


def test_results_do_not_depend_on_company_or_scenario_beside_them(library: Stress, tmp_path: Path) -> None:
    alone = cf.stress("CORZ", "capex-40", paths=PATHS)
    pd.testing.assert_frame_equal(alone.table, library.table.loc[(["CORZ"], ["base", "capex-40"]), :])
    alone.to_csv(tmp_path / "stress.csv")
    assert len(pd.read_csv(tmp_path / "stress.csv")) == 2
    assert "| CORZ |" in alone.to_markdown("survival_60")


def test_a_scenario_that_lies_beyond_the_run_is_said_to_change_nothing() -> None:
    result = cf.stress("MARA", ["halving-no-fees", "btc-half"], paths=64, months=12)
    assert result.inert == {"halving-no-fees": "changes nothing before 2028-04, and the run is from 2026-04 to 2027-03"}
    assert (result.table.xs("halving-no-fees", level="scenario").filter(regex="^change_.*[^r]$") == 0).all(axis=None)
    page = " ".join(face_of(result).page(result).split())
    assert "halving-no-fees changes nothing before 2028-04, and the run is from 2026-04 to 2027-03." in page
    with pytest.raises(cf.InputError, match="changes nothing before 2028-04"):
        cf.simulate("MARA", "halving-no-fees", paths=64, months=12)
