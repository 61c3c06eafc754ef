"""A line that breaks an identity: the page says so first, and ``corpfin run`` leaves with status 1."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from typer.testing import Result

from corpfin import lines
from corpfin.lines import checks
from corpfin.runs import graphs

Corpfin = Callable[..., Result]
RUN = ("run", "TINY", "--paths", "64", "--months", "6")


def check_bitcoin(btc, btc_prior, total_fleet_btc_mined):
    """Bitcoin roll-forward [BTC]. Broken: what is sold is forgotten."""
    return btc - btc_prior - total_fleet_btc_mined


@pytest.fixture
def broken() -> Iterator[None]:
    """The lines with a check that does not hold."""
    module = ModuleType(checks.__name__)
    vars(module).update({name: value for name, value in vars(checks).items() if not name.startswith("__")})
    module.check_bitcoin = check_bitcoin
    check_bitcoin.__module__ = checks.__name__  # only a module's own functions are its lines
    modules = tuple(module if each is checks else each for each in lines.COMPANY)
    found = graphs.build_graphs(modules)
    kernels = graphs.market_kernel, graphs.company_kernel
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(graphs, "graphs", lambda: found)
        for kernel in kernels:
            kernel.cache_clear()
        yield
    for kernel in kernels:
        kernel.cache_clear()


@pytest.mark.usefixtures("broken")
def test_a_broken_line_is_loud(cli: Corpfin) -> None:
    result = cli(*RUN)
    assert result.exit_code == 1
    first = " ".join(result.stdout.split("\n\n")[0].split())
    assert first.startswith("BROKEN IDENTITY: check_bitcoin (Bitcoin roll-forward) is off by ")
    assert " BTC in 2026-" in first
    assert " on path " in first
    assert "\nANSWER" in result.stdout
    assert " ".join(result.stderr.split()) == f"corpfin: {first}"
    found = cli(*RUN, "--json")
    assert found.exit_code == 1
    told = json.loads(found.stdout)["identities"]
    assert (told["hold"], told["check"]) == (False, "check_bitcoin")
    assert told["check_worst"] > 1


def test_a_model_that_holds_is_quiet(cli: Corpfin) -> None:
    result = cli(*RUN)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "BROKEN" not in result.stdout
