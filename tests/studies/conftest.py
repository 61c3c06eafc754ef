"""The studies of the shipped companies are those of March 2026, whose figures the tests know."""

from collections.abc import Iterator

import pytest

from tests.fixtures.world import of_march


@pytest.fixture(scope="module", autouse=True)
def march() -> Iterator[None]:
    with of_march():
        yield
