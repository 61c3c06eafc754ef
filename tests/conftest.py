"""The one option of the tests."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--refresh`` writes the ledger of results anew and prints what moved."""
    parser.addoption("--refresh", action="store_true", help="write tests/golden anew and print the table of what moved")
