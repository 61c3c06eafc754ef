"""The sector study: tables that add up, the circle's gain, one left out, the bridge to published figures."""

import json
import math
from datetime import date
from functools import cache

import numpy as np
import pytest

from corpfin.inputs import InputError
from corpfin.report.document import to_json
from corpfin.report.faces import face_of, plots_of
from corpfin.runs.difference import share_difference
from corpfin.runs.joint import Found
from corpfin.studies.gap import IREN, LONG, NEAR
from corpfin.studies.network_safety import supply
from corpfin.studies.sector import SectorStudy, sector

FEW = ["IREN", "MARA", "CANG"]


@cache
def found(**changes: str) -> SectorStudy:
    return sector(FEW, paths=64, seed=7, months=48, **changes)  # type: ignore[arg-type]


def test_alone_and_together_stand_side_by_side() -> None:
    table = found().table
    assert sorted(table.index) == sorted(FEW)
    extra = table["survival_48_alone"] - table["survival_48_together"]
    np.testing.assert_allclose(table["extra_default"], extra, atol=1e-12)
    joint = found().joint
    np.testing.assert_allclose(joint.sum(), 1.0)
    for name in ("alone", "together"):
        alive = (joint.index.to_numpy() * joint[name]).sum()
        assert alive == pytest.approx((1 - table[f"survival_48_{name}"]).sum())


def test_who_leaves_one_out_each() -> None:
    who = found().who
    assert list(who.index) == list(who.columns) == list(found().table.index)
    assert (np.diag(who) == 0).all()
    assert found().table["moves_others"].tolist() == pytest.approx(who.sum(axis=1).tolist())


def test_sales_by_quarter_add_up_by_reason() -> None:
    flows = found().flows
    np.testing.assert_allclose(
        flows["listed_sold"], flows["listed_chosen"] + flows["listed_forced"] + flows["listed_liquidated"], rtol=1e-5
    )
    assert (flows["listed_sold_5"] <= flows["listed_sold_95"]).all()


@pytest.mark.slow
def test_the_gain_is_one_without_impact_and_grows_with_it() -> None:
    assert found(impact="0").loop.to_numpy() == pytest.approx(1.0, rel=1e-12)
    assert math.isnan(found(impact="0").runaway)
    loop = found().loop
    assert (loop.loc[1.0] >= 1).all()
    assert (loop.loc[5.0] >= loop.loc[0.5]).all()
    assert (found(impact="high").loop.loc[1.0] > loop.loc[1.0]).all()


def test_no_path_that_differs_is_no_difference_of_exactly_nothing() -> None:
    """By Agresti and Min, 64 paths that all agree leave an error of 1/66: half a path either way."""
    same = Found(64, {}, {}, {("alone", "together", "IREN"): {48: (0, 0)}})
    assert (
        same.difference("alone", "together", "IREN", 48) == share_difference(0, 0, 64) == (0.0, pytest.approx(1 / 66))
    )
    none = found().table.query("extra_default == 0")
    assert len(none) > 0
    assert (none["extra_default_error"] > 0).all()


def test_the_bridge_sums_to_its_ends() -> None:
    bridge = found().bridge
    for to, end in (("near", NEAR), ("long", LONG), ("iren", IREN)):
        steps = bridge.loc[to, "usd_m"].to_numpy()
        assert steps[-1] == end
        assert steps[:-1].sum() == pytest.approx(end)
    gap = found().gap
    np.testing.assert_allclose(gap.loc["sector"], gap.drop("sector").sum())


def test_supply_by_protocol() -> None:
    """210,000 blocks of each subsidy until April 2024; at the halving all of the fifth epoch's too."""
    halving = date(2028, 4, 12)
    assert supply(halving, halving) == 210_000 * (50 + 25 + 12.5 + 6.25 + 3.125)
    # 1,000 days before: 144,000 blocks of 3.125 less
    assert supply(date(2025, 7, 17), halving) == 210_000 * 96.875 - 144_000 * 3.125


def test_the_network_by_price() -> None:
    network = found().network
    assert (np.diff(network["fleet_under_water"]) <= 0).all()
    assert (np.diff(network["security_budget"]) > 0).all()
    assert network.loc[1.0, "hashrate_half_year_later"] == 1.0


def test_one_left_out_and_one_that_is_not_there() -> None:
    less = sector(FEW, without=["CANG"], paths=16, months=12)
    assert sorted(less.table.index) == ["IREN", "MARA"]
    with pytest.raises(InputError, match='"MARE": is not in the run; nearest is MARA'):
        sector(FEW, without=["MARE"], paths=16, months=12)
    with pytest.raises(ValueError, match="impact is 'strong'; it must be one of 0, low, base, high"):
        sector(FEW, impact="strong", paths=16, months=12)  # type: ignore[arg-type]


def test_page_document_and_plots() -> None:
    page = face_of(found()).page(found())
    headings = ("The circle", "Who is pulled down", "To VanEck's near gap", "The network by price", "now and then")
    for heading in (*headings, "What is said, and what the run says"):
        assert heading in page
    document = json.loads(to_json(face_of(found()).document(found())))
    assert {row["company"] for row in document["table"]} == set(FEW)
    frames = {"loop", "joint", "who", "flows", "gap", "bridge", "capacity", "network", "elasticity", "readings"}
    assert frames <= set(document)
    assert set(plots_of(found())) == {"circle", "joint_defaults", "sales", "gap", "megawatts", "network_by_price"}
