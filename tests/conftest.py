"""The options of the tests, and how many companies and paths are drawn at random."""

import pytest
from hypothesis import Phase, settings

PHASES = tuple(phase for phase in Phase if phase != Phase.explain)  # which traces every line: 20 GB for one property
settings.register_profile("quick", max_examples=40, deadline=None, derandomize=True, phases=PHASES)
settings.register_profile("long", max_examples=2_000, deadline=None, phases=PHASES)
settings.load_profile("quick")


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--refresh`` writes the ledger of results anew and prints what moved; ``--fuzz N`` judges N mutated files.

    ``--edits N`` holds N further edits of a book to the engine: ``pytest tests/workbook -m slow -k reacts --edits N``.
    """
    parser.addoption("--refresh", action="store_true", help="write tests/golden anew and print the table of what moved")
    parser.addoption("--fuzz", type=int, default=0, metavar="N", help="mutated files to judge in tests/faults, not 80")
    parser.addoption("--edits", type=int, default=0, metavar="N", help="further edits of each book in tests/workbook")
