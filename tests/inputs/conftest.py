"""A toy company, market and scenario: nothing real, one of everything."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpfin.inputs.documents import Company, Defaults, Market
from corpfin.inputs.load import load_company, load_market


@pytest.fixture(scope="session")
def toy() -> Path:
    """The folder of the toy files."""
    return Path(__file__).parent / "toy"


@pytest.fixture(scope="session")
def market(toy: Path) -> Market:
    return load_market(toy / "market.toml")


@pytest.fixture(scope="session")
def defaults(market: Market) -> Defaults:
    return market.defaults


@pytest.fixture(scope="session")
def company(toy: Path, defaults: Defaults) -> Company:
    return load_company(toy / "company.toml", defaults)


@pytest.fixture(scope="session")
def company_text(toy: Path) -> str:
    return (toy / "company.toml").read_text(encoding="utf-8")
