"""How one field of an input table is declared: unit, range, meaning, and what the model sees when it is left out.

The declaration is the only place where a field is described. Loading, error messages, the annotated template, the
listing of a company and the workbook's Inputs sheet are all made from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

NEVER = 100_000.0
"""Month number of a date that is not given: beyond any horizon."""

HIGHEST: dict[str, float] = {
    "USD m": 500_000,
    "USD m/quarter": 100_000,
    "USD m/year": 100_000,
    "m share": 50_000,
    "m share/day": 5_000,
    "USD/share": 1_000_000,
    "BTC": 21_000_000,
    "BTC/quarter": 500_000,
    "BTC/block": 1_000,
    "USD/BTC": 10_000_000,
    "EH/s": 100_000,
    "MW": 50_000,
    "J/TH": 10_000,
    "USD/MWh": 5_000,
    "USD/TH": 10_000,
}
"""Upper limit of a field by its unit, where it declares none: generous, but a figure in thousands is above most."""

LOWEST: dict[str, float] = {
    "USD m": 0.001,
    "USD m/quarter": 0.001,
    "m share": 0.001,
    "USD/share": 0.001,
    "USD/BTC": 0.01,
    "BTC/block": 1e-30,
    "EH/s": 0.001,
    "J/TH": 0.1,
    "USD/MWh": 0.1,
    "USD/TH": 0.01,
    "day": 0.1,
    "month": 0.1,
    "year": 0.1,
    "1/month": 0.0001,
    "1": 0.0001,
}
"""Least that a field above 0 may be, by its unit: what others are divided by is never next to nothing. Fees, of which
only the logarithm is taken, may be."""


@dataclass(frozen=True)
class Spec:
    """What is known of a field beyond its type.

    ``unit`` is empty for texts. ``absent`` is the number the model reads when neither the company file nor the
    market defaults give the field; None means that one of the two must. ``model`` is False for fields that inform
    people (a name, a tenant, a reported figure to check against) and never reach a line. ``kinds`` are the kinds of
    block that have the field, none when every kind does; ``needed`` says that a block of these must give it.
    ``future`` is what to do with a date that does not lie after the balance sheet; empty where it may lie before.
    """

    unit: str
    meaning: str
    absent: float | None = None
    model: bool = True
    kinds: tuple[str, ...] = ()
    needed: bool = False
    future: str = ""


class Table(BaseModel):
    """Base of every input table: no unknown keys, no silent conversion from text, only finite numbers."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


def given(
    unit: str,
    meaning: str,
    *,
    required: bool = False,
    absent: float | None = None,
    model: bool = True,
    kind: str | tuple[str, ...] = (),
    future: str = "",
    **limits: Any,
) -> Any:
    """Declare a field; ``limits`` are pydantic's ``ge gt le lt min_length pattern``.

    Without an upper limit of its own a field has that of its unit (``HIGHEST``); one above 0 (``gt=0``) is at least the
    least of its unit (``LOWEST``). A field of some ``kind`` that is ``required`` is so for blocks of it only. A word's
    first choice is the plain one; each of the others becomes the 0-or-1 input of its name where a line reads it.
    """
    kinds = (kind,) if isinstance(kind, str) else kind
    spec = Spec(unit, meaning, absent, model, kinds, required and bool(kinds), future)
    if unit in HIGHEST and limits.keys().isdisjoint({"le", "lt"}):
        limits["le"] = HIGHEST[unit]
    if limits.get("gt") == 0:
        limits["ge"] = LOWEST[unit]
        del limits["gt"]
    if required and not kind:
        return Field(description=meaning, json_schema_extra={"spec": spec}, **limits)  # type: ignore[dict-item]
    return Field(default=None, description=meaning, json_schema_extra={"spec": spec}, **limits)  # type: ignore[dict-item]


def text(meaning: str, *, required: bool = False, **limits: Any) -> Any:
    """Declare a field for people: it never reaches a line."""
    return given("", meaning, required=required, model=False, **limits)


def blocks(meaning: str) -> Any:
    """Declare a table that stands in double brackets, once for each of its kind; none when the file has none."""
    return Field(default_factory=list, description=meaning)


def spec_of(info: FieldInfo) -> Spec:
    """The declaration of a field of a :class:`Table`; ``KeyError`` if it was not made with :func:`given`."""
    extra = info.json_schema_extra
    if not isinstance(extra, dict):
        raise KeyError("field was not declared with given()")
    spec = extra["spec"]
    assert isinstance(spec, Spec)
    return spec
