"""The options of the tests, and how many companies and paths are drawn at random."""

import pytest
from hypothesis import settings

settings.register_profile("quick", max_examples=40, deadline=None, derandomize=True)
settings.register_profile("long", max_examples=2_000, deadline=None)
settings.load_profile("quick")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--refresh`` writes the ledger of results anew and prints what moved; ``--fuzz N`` judges N mutated files."""
    parser.addoption("--refresh", action="store_true", help="write tests/golden anew and print the table of what moved")
    parser.addoption("--fuzz", type=int, default=0, metavar="N", help="mutated files to judge in tests/faults, not 80")
