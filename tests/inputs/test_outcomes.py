"""What may stand in an outcomes file, and every way it can be wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from corpfin.inputs import InputError, known_companies, shipped
from corpfin.inputs.find import OUTCOMES as NAME
from corpfin.inputs.find import VINTAGE, companies_in, find_vintage
from corpfin.inputs.outcomes import FIGURES, Driver, load_outcomes
from corpfin.inputs.template import outcomes_template
from corpfin.studies.burdens import DRIVERS, TOGETHER
from corpfin.studies.realised import FLOWS, LEVELS
from tests.fixtures.vintage import OUTCOMES, vintage

AS_OF = date(2026, 3, 31)
SHIPPED = sorted(
    folder for folder in shipped("companies").glob("*") if VINTAGE.fullmatch(folder.name) and (folder / NAME).is_file()
)
KNOWN = "event, miss, DIGR, HALL, RING, TINY"
FAULTS = {
    "ticker": ('[RING."2026-06-30"]', '[RANG."2026-06-30"]', f"RANG: unknown table; allowed {KNOWN}; nearest is RING"),
    "no-date": (
        '[RING."2026-06-30"]',
        "[RING]",
        'RING.shares: is no table of a date; figures stand below one: [RING."2027-03-31"]\n'
        'RING.capex: is no table of a date; figures stand below one: [RING."2027-03-31"]',
    ),
    "too-early": (
        '[RING."2026-06-30"]',
        '[RING."2025-06-30"]',
        'RING."2025-06-30": must be after the balance-sheet date 2026-03-31',
    ),
    "mid-month": (
        '[RING."2026-06-30"]',
        '[RING."2026-06-15"]',
        'RING."2026-06-15": is no month end; the model has figures of month ends; nearest is 2026-06-30',
    ),
    "figure": (
        "hashrate = {",
        "hash_rate = {",
        f'DIGR."2027-03-31".hash_rate: is no figure known here; allowed {", ".join(FIGURES)}; nearest is hashrate',
    ),
    "unit": (
        'value = 70.0, unit = "EH/s"',
        'value = 70.0, unit = "BTC"',
        'DIGR."2027-03-31".hashrate.unit = "BTC": is not the unit of this figure; allowed EH/s',
    ),
    "thousands": (
        "value = 2604.17",
        "value = 2604170.0",
        'DIGR."2026-06-30".debt_principal.value = 2604170: is too high; allowed at most 500,000',
    ),
    "negative": (
        "value = 2604.17",
        "value = -3.0",
        'DIGR."2026-06-30".debt_principal.value = -3: cannot be negative; allowed 0 or more',
    ),
    "no-why": (
        'grade = "estimated", why = "invented"',
        'grade = "estimated", source = "invented"',
        'DIGR."2026-06-30".debt_principal: an estimate needs its reason: why = "..."',
    ),
    "kind": (
        "chapter_11",
        "chapter_7",
        'event[1].kind = "chapter_7": is not known here; allowed chapter_11, rescue, exchange, lenders_take_assets or '
        "survived; nearest is chapter_11",
    ),
    "event-of-nobody": (
        'ticker = "TINY"\ndate',
        'ticker = "TINI"\ndate',
        'event[1].ticker = "TINI": is no company of this vintage; allowed DIGR, HALL, RING, TINY; nearest is TINY',
    ),
    "past-event": (
        "date = 2027-05-14",
        "date = 2026-03-31",
        "event[1].date = 2026-03-31: must be after the balance-sheet date 2026-03-31",
    ),
    "driver": (
        '["power", "price"]',
        '["powr", "price"]',
        'event[1].drivers = ["powr", "price"]: is not a full list of the words known here; allowed each of interest, '
        "principal, margin, construction, power, price and tenant; nearest is power",
    ),
    "event-without-source": (
        'grade = "reported"\nsource = "invented"\n\n[[miss]]',
        'grade = "reported"\n\n[[miss]]',
        'event[3]: a reported figure needs a source: source = "..."',
    ),
    "stood-after-failing": (
        'ticker = "DIGR"\ndate',
        'ticker = "TINY"\ndate',
        "event[2].date = 2027-06-30: TINY failed on 2027-05-14; it cannot be said to stand from then on",
    ),
    "missed-figure": (
        'figure = "btc"',
        'figure = "share"',
        f'miss[1].figure = "share": is no figure known here; allowed {", ".join(FIGURES)}; nearest is shares',
    ),
    "silent-miss": (
        'text = "A failure moves nobody else"',
        "",
        "miss[2].text: is missing: What is wrong and for which reason",
    ),
}


def refusal(home: Path) -> list[str]:
    with pytest.raises(InputError) as caught:
        load_outcomes(home / NAME, AS_OF)
    return str(caught.value).splitlines()


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault(name: str, tmp_path: Path) -> None:
    old, new, says = FAULTS[name]
    assert OUTCOMES.count(old) == 1
    home = vintage(tmp_path, OUTCOMES.replace(old, new))
    assert refusal(home) == [f"outcomes.toml: {line}" for line in says.splitlines()]


def test_faults_are_told_together(tmp_path: Path) -> None:
    names = ("mid-month", "figure", "kind", "silent-miss")
    text = OUTCOMES
    for name in names:
        text = text.replace(*FAULTS[name][:2])
    said = refusal(vintage(tmp_path, text))
    assert sorted(said) == sorted(f"outcomes.toml: {FAULTS[name][2]}" for name in names)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty; start from templates/outcomes.toml"),
        ("[TINY", "is not TOML"),
        ("TINY = 3", 'TINY = 3: is not written as a table; its headings are [TINY."2027-03-31"]'),
        ('[TINY."2026-06-30"]\ncash = 3.0', 'TINY."2026-06-30".cash = 3: is not an entry; allowed { value = ...'),
        ("event = 3", "event: is not written as a table here; its heading is [[event]]"),
        ('[TINY]\n"2026-06-30" = 3', "TINY.2026-06-30: is no table of a date"),
        ('[TINY."2026-06-30"]\ncash = { }', 'TINY."2026-06-30".cash.value: is missing'),
    ],
)
def test_what_is_no_outcomes_file(text: str, says: str, tmp_path: Path) -> None:
    assert any(says in line for line in refusal(vintage(tmp_path, text)))


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    found = load_outcomes(vintage(tmp_path) / NAME, AS_OF)
    assert [(item.ticker, item.date.isoformat(), item.figure) for item in found.figures][-2:] == [
        ("TINY", "2026-06-30", "shares"),
        ("TINY", "2026-06-30", "btc_sold"),
    ]
    failure = found.failure("TINY")
    assert failure is not None
    assert (failure.kind, failure.date, failure.drivers) == ("chapter_11", date(2027, 5, 14), ["power", "price"])
    assert found.failure("DIGR") is None
    assert (found.survived("DIGR"), found.survived("HALL")) == (date(2027, 6, 30), None)
    assert [miss.figure for miss in found.misses] == ["btc", None]


def test_the_first_failure_counts(tmp_path: Path) -> None:
    earlier = OUTCOMES.replace("[[miss]]\ntext", '[[event]]\nticker = "TINY"\ndate = 2026-12-01\nkind = "exchange"\n'
                               'grade = "estimated"\nwhy = "invented"\n\n[[miss]]\ntext')  # fmt: skip
    failure = load_outcomes(vintage(tmp_path, earlier) / NAME, AS_OF).failure("TINY")
    assert failure is not None
    assert failure.kind == "exchange"


@pytest.mark.parametrize("folder", SHIPPED, ids=lambda folder: folder.name)
def test_the_shipped_outcomes_are_as_they_must_be(folder: Path) -> None:
    found = load_outcomes(folder / NAME, date.fromisoformat(folder.name))
    assert found.figures
    assert found.events


def test_the_outcomes_are_no_company(tmp_path: Path) -> None:
    assert "OUTCOMES" not in known_companies()
    assert list(companies_in(vintage(tmp_path))) == ["DIGR", "HALL", "RING", "TINY"]


def test_the_words_are_those_of_the_studies() -> None:
    assert (*get_args(Driver), TOGETHER) == DRIVERS
    assert {*LEVELS, *FLOWS} == set(FIGURES)


def test_the_shipped_blank_is_the_one_the_declarations_make() -> None:
    blank = (shipped("templates") / "outcomes.toml").read_text(encoding="utf-8")
    remedy = "python -c 'from corpfin.inputs.template import outcomes_template as t; print(t(), end=\"\")'"
    assert blank == outcomes_template(), f"write it anew: {remedy} > templates/outcomes.toml"
    assert all(f"# {name} = " in blank for name in FIGURES)


def test_a_vintage_is_found_by_date_and_by_path(tmp_path: Path) -> None:
    home = vintage(tmp_path)
    assert find_vintage(home) == find_vintage("2026-03-31", tmp_path) == find_vintage(str(home)) == home
    assert find_vintage("2026-03-31") == shipped("companies") / "2026-03-31"
    for wrong, says in (
        ("2026-03-30", "there is no vintage of this "),
        (tmp_path / "none", f"none: {tmp_path / 'none'} is not a folder; give the date of a vintage or the path"),
    ):
        with pytest.raises(InputError) as caught:
            find_vintage(wrong, tmp_path)
        assert says in str(caught.value)
