"""Chain data made to months, worked by hand, and the market file they change."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import log
from pathlib import Path
from typing import Any

import pytest

from corpfin.filings.chain import Chain, ChainMonth, read_chain, whole_months
from corpfin.filings.market import refresh_market, write_refreshed_market
from corpfin.inputs import InputError, Market, load_market

pytestmark = pytest.mark.usefixtures("offline")

EPOCH_START = datetime(2026, 5, 20, tzinfo=UTC)
"""Height 900,000 in the made chain; 150 blocks a day."""

PER_DAY, LOW, HIGH = 150, 120e12, 130e12
CHANGE = 900_000 + PER_DAY * 27
"""Height at which the difficulty changes: 27 days on, 16 June at midnight, in the middle of June."""

HAND = (LOW + HIGH) / 2 * PER_DAY * 30 * 2**32 / (30 * 86_400) / 1e18
"""June: 15 days at each difficulty, 150 blocks a day over 30 days; in EH/s."""


def stamp(day: datetime) -> int:
    return int(day.timestamp())


def made(folder: Path, days: int = 60, change: Callable[[dict[str, Any]], None] = lambda parts: None) -> list[Path]:
    """The three answers over some days from 20 May 2026: price 60,000 + 100 a day, fees 0.02 then 0.03 BTC."""
    moments = [EPOCH_START + timedelta(days=day) for day in range(days)]
    parts: dict[str, Any] = {
        "hashrate": {
            "hashrates": [{"timestamp": stamp(day), "avgHashrate": HAND * 1e18} for day in moments],
            "difficulty": [
                {"time": stamp(EPOCH_START), "height": 899_900, "difficulty": LOW, "adjustment": 1.0},
                {"timestamp": stamp(EPOCH_START + timedelta(days=27)), "height": CHANGE, "difficulty": HIGH},
            ],
            "currentHashrate": 1,
            "currentDifficulty": 1,
        },
        "fees": [
            {"avgHeight": 900_000 + PER_DAY * day, "timestamp": stamp(moment), "avgFees": 2e6 if day < 27 else 3e6}
            for day, moment in enumerate(moments)
        ],
        "prices": {"prices": [{"time": stamp(moment), "USD": 60_000 + 100 * day} for day, moment in enumerate(moments)],
                   "exchangeRates": {}},
    }  # fmt: skip
    change(parts)
    files = []
    for name, contents in parts.items():
        files.append(folder / f"{name}.json")
        files[-1].write_text(json.dumps(contents), encoding="utf-8")
    return files


def june_of(chain: Chain) -> ChainMonth:
    """The one month that the made chain covers; of May it knows the last price."""
    may, june = whole_months(chain)
    assert (may.month, may.price_mean, may.hashrate, may.price_end) == ("2026-05", None, None, 61_100.0)
    return june


def test_a_month_worked_by_hand(tmp_path: Path) -> None:
    june = june_of(read_chain(made(tmp_path)))
    assert june.month == "2026-06"
    assert june.hashrate == pytest.approx(HAND, rel=1e-12)
    assert june.fees_per_block == pytest.approx((15 * 0.02 + 15 * 0.03) / 30)
    assert june.price_end == 60_000 + 100 * 41  # 30 June is day 41
    assert june.price_mean == pytest.approx(60_000 + 100 * (12 + 41) / 2)
    assert june.checks["hashrate"] == f"the interface's own mean is {HAND:,.1f}: agrees"


def test_the_order_of_rows_and_files_does_not_matter(tmp_path: Path) -> None:
    def turned(parts: dict[str, Any]) -> None:
        parts["fees"].reverse()
        parts["prices"]["prices"].reverse()
        parts["hashrate"]["difficulty"].reverse()

    assert whole_months(read_chain(made(tmp_path)[::-1])) == whole_months(read_chain(made(tmp_path, change=turned)))


def test_a_month_that_is_not_over_is_none(tmp_path: Path) -> None:
    assert [month.month for month in whole_months(read_chain(made(tmp_path, days=41)))] == ["2026-05"]


def test_what_does_not_reach_over_a_month_gives_no_figure(tmp_path: Path) -> None:
    def without_early_heights(parts: dict[str, Any]) -> None:
        parts["fees"] = parts["fees"][20:]

    june = june_of(read_chain(made(tmp_path, change=without_early_heights)))
    assert (june.hashrate, june.fees_per_block) == (None, None)
    assert june.checks["hashrate"] == "the heights do not reach over all of 2026-06"
    assert june.price_end is not None


def test_an_unknown_difficulty_gives_no_hash_rate(tmp_path: Path) -> None:
    def late(parts: dict[str, Any]) -> None:
        parts["hashrate"]["difficulty"] = parts["hashrate"]["difficulty"][1:]

    june = june_of(read_chain(made(tmp_path, change=late)))
    assert june.hashrate is None
    assert "difficulty at the start of 2026-06 is not in the files" in june.checks["hashrate"]


def test_a_hash_rate_that_the_interface_denies_does_not_count(tmp_path: Path) -> None:
    def other(parts: dict[str, Any]) -> None:
        for row in parts["hashrate"]["hashrates"]:
            row["avgHashrate"] *= 1.2

    june = june_of(read_chain(made(tmp_path, change=other)))
    assert june.hashrate is None
    assert june.checks["hashrate"].endswith("does not agree")


def test_prices_with_gaps_give_no_mean(tmp_path: Path) -> None:
    def gap(parts: dict[str, Any]) -> None:
        del parts["prices"]["prices"][20:24]

    june = june_of(read_chain(made(tmp_path, change=gap)))
    assert june.price_mean is None
    assert june.price_end == 64_100


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", "is none of the chain's answers"),
        ("[]", "is none of the chain's answers"),
        ('{"prices": [{"time": 1, "USD": "x"}]}', "prices, row 1: time and USD are not both numbers"),
        ('{"prices": 5}', "prices: is not a list"),
        ('{"hashrates": [], "difficulty": [{"height": 1}]}', "difficulty, row 1: height and difficulty"),
        ('{"prices": [{"time": 1, "USD"', "the file ends too early"),
    ],
)
def test_answers_that_are_none(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "answer.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_chain([file])
    assert message in str(error.value)
    assert str(error.value).startswith("answer.json: ")


@pytest.fixture
def market(tmp_path: Path) -> Market:
    """The frozen market with May as its last known month."""
    text = load_market().file.read_text(encoding="utf-8")
    cut = text.index('[[known_month]]\nmonth = "2026-06"'), text.index("[price]")
    file = tmp_path / "market.toml"
    file.write_text(text[: cut[0]] + text[cut[1] :], encoding="utf-8")
    return load_market(file)


def test_a_new_month_is_proposed_and_written(tmp_path: Path, market: Market) -> None:
    found = refresh_market(market, read_chain(made(tmp_path)), "made")
    june = [row for row in found.proposals if "2026-06" in row.field]
    assert {row.field: (row.group, row.filing) for row in june} == {
        "known_month.2026-06.price_mean": ("new", 62_650.0),
        "known_month.2026-06.price_end": ("new", 64_100.0),
        "known_month.2026-06.hashrate": ("new", round(HAND, 1)),
        "known_month.2026-06.fees_per_block": ("new", 0.025),
    }
    assert "credit_open and ai_return of 2026-06 are not on the chain" in found.remarks[0]
    out = tmp_path / "new.toml"
    write_refreshed_market(out, found, force=False)
    written = load_market(out)
    assert [month.month for month in written.tables.known_month] == ["2026-04", "2026-05", "2026-06"]
    assert written.tables.known_month[-1].price_mean == 62_650.0
    before, (april, may, _) = market.tables.known_month, written.tables.known_month
    assert [april, may] == [before[0], before[1].model_copy(update={"price_end": 61_100.0})]
    end, mean = (written.provenance.of(f"known_month.2026-06.{name}") for name in ("price_end", "price_mean"))
    assert end is not None
    assert mean is not None
    assert (end.grade, mean.grade, mean.source) == ("reported", "derived", "chain-2026-07-18")
    assert "mempool interface" in written.provenance.source_text(mean)


def test_a_month_that_is_there_is_held_against_the_chain(tmp_path: Path) -> None:
    market = load_market()
    found = refresh_market(market, read_chain(made(tmp_path)), "made")
    by_field = {row.field: row for row in found.proposals}
    end = by_field["known_month.2026-06.price_end"]
    assert (end.group, end.file, end.filing, end.context) == ("matched", 58_500.0, 64_100.0, "2026-06-01 to 2026-06-30")
    out = tmp_path / "new.toml"
    write_refreshed_market(out, found, force=False)
    assert load_market(out).tables.known_month[-1].price_end == 64_100.0


def test_the_month_of_the_start_gives_the_state_of_the_network(tmp_path: Path) -> None:
    market = load_market()
    text = market.file.read_text(encoding="utf-8")
    cut = text.index("[[known_month]]"), text.index("[price]")
    lines = [line for line in (text[: cut[0]] + text[cut[1] :]).splitlines() if not line.startswith('"known_month')]
    file = tmp_path / "june.toml"
    file.write_text("\n".join(lines).replace("as_of = 2026-03-31", "as_of = 2026-06-30"), encoding="utf-8")
    found = refresh_market(load_market(file), read_chain(made(tmp_path)), "made")
    assert {row.field: row.filing for row in found.proposals} == {
        "network.network_hashrate": round(HAND, 1),
        "network.log_fees": round(log(0.025), 4),
        "price.btc_close": 64_100.0,
    }
    out = tmp_path / "new.toml"
    write_refreshed_market(out, found, force=False)
    assert load_market(out).tables.network.log_fees == round(log(0.025), 4)


def test_a_month_that_lacks_something_is_not_proposed(tmp_path: Path, market: Market) -> None:
    files = made(tmp_path)
    found = refresh_market(market, read_chain(files[2:]), "made")
    assert found.months == ()
    assert {row.group for row in found.proposals if "2026-06" in row.field} == {"unmatched"}
    needs = "a month needs price_mean, price_end, hashrate"
    assert needs in next(row.check for row in found.proposals if row.field == "known_month.2026-06.price_end")


def test_a_gap_between_file_and_chain_is_not_written_over(tmp_path: Path) -> None:
    text = load_market().file.read_text(encoding="utf-8")
    cut = text.index('[[known_month]]\nmonth = "2026-05"'), text.index("[price]")
    file = tmp_path / "april.toml"
    file.write_text(text[: cut[0]] + text[cut[1] :], encoding="utf-8")
    found = refresh_market(load_market(file), read_chain(made(tmp_path)), "made")
    out = tmp_path / "new.toml"
    with pytest.raises(InputError, match="must be 2026-05, the month after 2026-04"):
        write_refreshed_market(out, found, force=False)
    assert not out.exists()


def test_nothing_covered_is_said(tmp_path: Path) -> None:
    found = refresh_market(load_market(), read_chain(made(tmp_path, days=5)), "made")
    assert (found.proposals, found.remarks) == ((), ("the chain data cover no whole month from 2026-03 on",))
