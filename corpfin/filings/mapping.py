"""Which tags give which field of a company file: ``templates/filings.toml``, read and checked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from corpfin.inputs import InputError, Problem, Table, shipped
from corpfin.inputs.read import read_toml

PeriodKind = Literal["instant", "quarter", "cover"]
NAME = "filings.toml"


class Way(Table):
    """One way a figure is published; the first that the files hold is taken.

    ``sum`` are tags that must all be there, ``some`` tags of which those that are there are added, ``less`` tags taken
    off. Without ``axis`` a figure of the whole company is meant; with it (``*``: any one axis), the one ``member`` (a
    pattern of its name without prefix), or the sum of all members where none is given. ``filer`` limits a way to one
    ticker, ``measures`` and ``factor`` replace the field's where a filer publishes a wrong unit or scale, and
    ``proven`` demands that a check of the field holds before the figure counts. ``without`` names a table of the
    company file that must be empty.
    """

    sum: list[str] = Field(default_factory=list)
    some: list[str] = Field(default_factory=list)
    less: list[str] = Field(default_factory=list)
    axis: str | None = None
    member: str | None = None
    filer: str | None = None
    period: PeriodKind | None = None
    measures: list[str] | None = None
    factor: float = 1.0
    proven: bool = False
    without: str | None = None
    note: str = ""


class FieldMap(Table):
    """One field of the company file: its key, of which period, the measures a filing may give it in, how many of them
    are one of the file's, and over which other field it stands (``over``)."""

    key: str
    period: PeriodKind
    measures: list[str]
    per: float = 1.0
    over: str | None = None
    way: list[Way]


class Figure(Table):
    """A figure that has no field of its own but bears on one: listed as unmatched beside the ``nearest``."""

    name: str
    nearest: str
    period: PeriodKind
    measures: list[str]
    per: float = 1.0
    unit: str
    way: list[Way]


class Identity(Table):
    """What must add up at the balance-sheet date: ``left`` is the sum of ``right``, tags of the whole company or mapped
    fields. ``of`` are the fields it vouches for; where it fails they do not count.
    """

    name: str
    left: list[str]
    right: list[str]
    of: list[str] = Field(default_factory=list)


class Coins(Table):
    """The check of coins: units times the month-end price is the fair value, within ``tolerance``."""

    of: str
    tolerance: float
    fair_value: list[Way]


class Instruments(Table):
    """How a loan is published: the tags of its terms, and the axes that do not tell one loan from another.

    ``amount`` is what is outstanding before unamortised cost, ``net`` what the balance sheet carries, ``cost`` the
    unamortised discount and cost between them, ``face`` what was issued.
    """

    amount: list[str]
    net: list[str]
    cost: list[str]
    face: list[str]
    coupon: list[str]
    maturity: list[str]
    conversion_price: list[str]
    ignored_axes: list[str]


class Mapping(Table):
    """The whole mapping."""

    format: Literal[1]
    anchor: list[str]
    field: list[FieldMap]
    figure: list[Figure]
    identity: list[Identity]
    coins: Coins
    debt: Instruments


@cache
def mapping() -> Mapping:
    """The shipped mapping; raises :class:`InputError` with everything that is wrong with it."""
    return load_mapping(shipped("templates") / NAME)


def load_mapping(path: Path) -> Mapping:
    """A mapping from a file; raises :class:`InputError` with everything that is wrong with it."""
    contents = read_toml(path, NAME)
    try:
        found = Mapping.model_validate(contents)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=False)
        problems = [Problem(path.name, _key(contents, item["loc"]), None, item["msg"]) for item in details]
        raise InputError(problems) from None
    ways = [(field.key, way) for field in found.field for way in field.way]
    ways += [(figure.name, way) for figure in found.figure for way in figure.way]
    ways += [(found.coins.of, way) for way in found.coins.fair_value]
    faults = [Problem(path.name, name, None, fault) for name, way in ways if (fault := _fault(way))]
    if faults:
        raise InputError(faults)
    return found


def _fault(way: Way) -> str:
    if bool(way.sum) == bool(way.some):
        return "a way gives either sum or some"
    if way.member is not None:
        if way.axis is None:
            return "member needs an axis"
        try:
            re.compile(way.member)
        except re.error as error:
            return f"member is not a pattern: {error}"
    return ""


def _key(contents: Any, place: Sequence[str | int]) -> str:
    """The place of a fault as people number it, with the key of its block."""
    words: list[str] = []
    inner = contents
    for part in place:
        try:
            inner = inner[part]
        except (KeyError, IndexError, TypeError):
            inner = None
        named = inner.get("key") or inner.get("name") if isinstance(inner, dict) else None
        words.append(f"[{named or part + 1}]" if isinstance(part, int) else f"{'.' if words else ''}{part}")
    return "".join(words)
