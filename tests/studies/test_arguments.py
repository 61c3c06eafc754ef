"""The same argument gets the same error, whatever is asked."""

from collections.abc import Callable
from typing import Any

import pytest

import corpfin as cf

MANY: dict[str, Callable[..., Any]] = {
    "simulate": cf.simulate,
    "compare": cf.compare,
    "stress": cf.stress,
    "drivers": cf.drivers,
    "lifeline": cf.lifeline,
    "watch": cf.watch,
}
ONE: dict[str, Callable[..., Any]] = {
    "project": cf.project,
    "sensitivity": cf.sensitivity,
    "rare": cf.rare,
    "reverse_stress": lambda company, **options: cf.reverse_stress(company, "btc_price", **options),
}


def message(study: Callable[..., Any], *args: Any, kind: type[Exception] = cf.InputError, **options: Any) -> str:
    with pytest.raises(kind) as caught:
        study(*args, **options)
    assert type(caught.value) is kind
    return str(caught.value)


@pytest.mark.parametrize("name", MANY)
def test_no_company_at_all(name: str) -> None:
    for nothing in ([], (), set()):
        assert message(MANY[name], nothing) == "companies: none is named; give tickers or files, or None for all"


@pytest.mark.parametrize("name", MANY)
def test_what_is_no_company_among_several(name: str) -> None:
    assert message(MANY[name], ["WULF", 3]) == "companies: 3 is no company; give a ticker, a file or a loaded company"


@pytest.mark.parametrize("name", [*MANY, *ONE])
def test_what_is_no_company(name: str) -> None:
    assert message((MANY | ONE)[name], 3) == "companies: 3 is no company; give a ticker, a file or a loaded company"


@pytest.mark.parametrize("name", ONE)
def test_none_is_no_single_company(name: str) -> None:
    assert message(ONE[name], None).startswith("companies: None is no company")


@pytest.mark.parametrize("name", [*MANY, *ONE])
def test_an_unknown_ticker(name: str) -> None:
    assert message((MANY | ONE)[name], "WULV") == "WULV: there is no company of this name; nearest is WULF"


@pytest.mark.parametrize("name", [*MANY, *ONE])
def test_an_unknown_scenario(name: str) -> None:
    option = {"scenarios" if name == "stress" else "scenario": "btc-halv"}
    assert message((MANY | ONE)[name], "WULF", **option).startswith("btc-halv: there is no scenario of this name")


@pytest.mark.parametrize("name", [*MANY, "sensitivity", "rare", "reverse_stress"])
def test_no_path(name: str) -> None:
    assert message((MANY | ONE)[name], "WULF", paths=0, kind=ValueError) == "paths is 0; it must be 1 or more"


@pytest.mark.parametrize("name", [*MANY, "project", "sensitivity", "rare"])
def test_no_month(name: str) -> None:
    assert message((MANY | ONE)[name], "WULF", months=0, kind=ValueError) == "months is 0; it must be 1 or more"


def test_none_stands_for_every_company_known() -> None:
    assert list(cf.simulate(None, paths=1, months=1).outcomes) == list(cf.watch(None, paths=1).table.index)


@pytest.mark.parametrize(
    ("name", "value"), [("seed", 1.5), ("seed", "1"), ("paths", 2.5), ("months", 1.5), ("threads", 0.5)]
)
def test_what_is_no_whole_number(name: str, value: object) -> None:
    asked = {"months": 1, "paths": 2, name: value}
    assert message(cf.simulate, "WULF", kind=ValueError, **asked) == f"{name} is {value!r}; it must be a whole number"


def test_two_companies_of_one_ticker() -> None:
    found = cf.load_company("WULF")
    other = found.changed({("treasury", None, "cash"): 1.0})
    assert message(cf.simulate, [found, other], paths=2, months=1) == (
        f'wulf.toml: company.ticker = "WULF": is taken by {found.name} of {found.file}; '
        "give the other a ticker of its own"
    )
    assert list(cf.simulate([found, "WULF"], paths=2, months=1).outcomes) == ["WULF"]
