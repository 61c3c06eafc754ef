"""Tests of the studies share the kernels of the user's cache: compiling the model takes half a minute."""

import os
from collections.abc import Iterator

import pytest

CACHE = os.environ.get("CORPFIN_CACHE")  # as it is before tests of the engine choose a folder of their own


@pytest.fixture(scope="package", autouse=True)
def kernel_cache() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        if CACHE is None:
            patch.delenv("CORPFIN_CACHE", raising=False)
        else:
            patch.setenv("CORPFIN_CACHE", CACHE)
        yield
