"""One number for everything a summary holds, to the last bit."""

from hashlib import sha256
from typing import Any

import numpy as np

from corpfin.runs.tally import Summary


def digest(summary: Summary) -> str:
    """The digest of a summary: whatever the order in which its blocks came."""
    found = sha256()
    for part in (summary.spans, summary.tallies, summary.pairs):
        _add(found, part)
    return found.hexdigest()


def _add(found: Any, value: Any) -> None:
    match value:
        case dict():
            for key in sorted(value):
                found.update(repr(key).encode())
                _add(found, value[key])
        case np.ndarray():
            found.update(f"{value.shape}{value.dtype}".encode() + value.tobytes())
        case int() | float() | str() | tuple():
            found.update(repr(value).encode())
        case _:
            _add(found, vars(value))
