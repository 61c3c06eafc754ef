"""The toy world itself: what it earns before a case adds anything."""

from tests.oracle.build import Toy, end, near


def test_nothing_moves(toy: Toy) -> None:
    p = toy(14)
    assert p.labels[0] == "2027-01"
    assert p.market.data.series["days"][[0, 1, 13]] == near([31, 28, 29])
    assert end(1).isoformat() == "2027-01-31"
    assert end(14).isoformat() == "2028-02-29"
    assert p["cash"] == near([100.0] * 14)
    assert p["share_price"] == near([10.0] * 14)
    assert p["network_btc"][:2] == near([(3.1 + 0.025) * 144 * 31, 450 * 28])
    assert p["hashprice"] == near([45.0] * 14)
    assert not p["defaulted"].any()
