"""Whole numbers that somebody asks for: a seed, a number of paths, months or threads."""

from __future__ import annotations

import operator


def whole_number(name: str, value: object, least: int | None = None) -> int:
    """The whole number given as ``name``, ``least`` or more where that is said; ``ValueError`` for anything else.

    >>> whole_number("paths", 1024, 1)
    1024
    >>> whole_number("seed", 1.5)
    Traceback (most recent call last):
    ValueError: seed is 1.5; it must be a whole number
    """
    try:
        found = operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        raise ValueError(f"{name} is {value!r}; it must be a whole number") from None
    if least is not None and found < least:
        raise ValueError(f"{name} is {found}; it must be {least} or more")
    return found
