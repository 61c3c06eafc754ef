"""A line that breaks an identity: the page of ``corpfin run`` says so first, and every command leaves with status 1."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from typer.testing import Result

import corpfin as cf
from corpfin import lines
from corpfin.common.broken import BrokenIdentity
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
    assert re.search(r" on path \d+ of TINY under base; ", first)
    assert "\nANSWER" in result.stdout
    assert " ".join(result.stderr.split()) == f"corpfin: {first}"
    found = cli(*RUN, "--json")
    assert found.exit_code == 1
    told = json.loads(found.stdout)["identities"]
    assert (told["hold"], told["check"]) == (False, "check_bitcoin")
    assert told["check_worst"] > 1


@pytest.mark.usefixtures("broken")
def test_a_broken_line_is_loud_in_every_study(cli: Corpfin) -> None:
    few = ("--paths", 16, "--months", 6)
    for words in (("watch", "TINY", *few[:2]), ("compare", "TINY", *few), ("stress", "TINY", *few)):
        result = cli(*words)
        assert result.exit_code == 1
        assert result.stdout != ""
        assert re.match(r"corpfin: BROKEN IDENTITY: check_bitcoin .* on path \d+ of TINY under ", result.stderr)
        assert result.stderr.count("\n") == 1
    both = cli("watch", "TINY", "RANG", *few[:2])
    assert both.exit_code == 2, "what a user did goes before it"
    assert "BROKEN IDENTITY" in both.stderr


@pytest.mark.usefixtures("broken")
def test_whoever_runs_it_in_python_is_warned() -> None:
    with pytest.warns(BrokenIdentity, match=r"on path \d+ of TINY under base"):
        cf.simulate("TINY", paths=16, months=6)


def test_a_model_that_holds_is_quiet(cli: Corpfin) -> None:
    result = cli(*RUN)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "BROKEN" not in result.stdout
