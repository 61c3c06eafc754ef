"""Books of the frozen companies are written once and shared."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import corpfin as cf
from corpfin.workbook import write_workbook
from tests.fixtures.world import frozen

Written = Callable[[str], tuple[Path, cf.Projection]]
MONTHS = 36
"""Months of the shared books: a halving is among them, and three years' rows are all kinds of row there are."""

Short = tuple[Path, cf.Projection]


@pytest.fixture(scope="module", autouse=True)
def world() -> Iterator[None]:
    with frozen():
        yield


@pytest.fixture(scope="session")
def market() -> cf.Market:
    with frozen():
        return cf.load_market()


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory, market: cf.Market) -> Written:
    """The book of a company under the base scenario over three years, with its projection."""
    folder = tmp_path_factory.mktemp("books")
    made: dict[str, tuple[Path, cf.Projection]] = {}

    def book(ticker: str) -> tuple[Path, cf.Projection]:
        if ticker not in made:
            with frozen():
                projection = cf.project(ticker, months=MONTHS, market=market)
                made[ticker] = write_workbook(folder / f"{ticker}.xlsx", projection), projection
        return made[ticker]

    return book


@pytest.fixture(scope="session")
def short(tmp_path_factory: pytest.TempPathFactory, market: cf.Market) -> Short:
    """A book of six months, for what does not depend on how many there are: it is read and written ten times faster."""
    with frozen():
        projection = cf.project("TINY", months=6, market=market)
        return write_workbook(tmp_path_factory.mktemp("short") / "tiny.xlsx", projection), projection


@pytest.fixture
def tiny(short: Short) -> cf.Company:
    """The company of the short book."""
    return short[1].company


@pytest.fixture(scope="session")
def simulation(market: cf.Market) -> cf.Simulation:
    with frozen():
        return cf.simulate(["HALL", "DIGR"], paths=2_048, seed=7, months=36, market=market)


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Prints what was compared past pytest's capture, so that a run shows how much its equality rests on."""

    def aloud(text: str) -> None:
        with capsys.disabled():
            print(f"\n{text}")

    return aloud
