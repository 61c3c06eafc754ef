"""The field declarations read back: the kind and limits of a field, in words, and what is wrong with a value."""

from __future__ import annotations

import math
import sys
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Literal

from pydantic.fields import FieldInfo

from corpfin.common.text import OBEYED
from corpfin.inputs.company import ID, MONTH
from corpfin.inputs.errors import nearest_name
from corpfin.inputs.fields import NEVER, Spec, Table, spec_of
from corpfin.inputs.market import LEVELS, SHOCK_MONTH

Value = float | str | bool | date | list[str]
Kind = Literal["number", "date", "word", "words", "truth", "text"]

UNKNOWN = -1
"""The number that stands for what is not known; a limit that nothing can reach lies below it."""

FIRST_DATE, LAST_DATE = date(2009, 1, 3), date(2099, 12, 31)
PATTERNS = {
    ID: "small letters, digits and hyphens",
    MONTH: "YYYY-MM",
    SHOCK_MONTH: "YYYY-MM; +1 for the first month that is not history, +2 for the next and so on; MM for that month of "
    "every year; halving for the month of the next one",
    LEVELS: "months and levels: +6 = 45000, 2027-12 = 80000",
    r"^[A-Z][A-Z0-9.]{0,5}$": "one to six capital letters, digits or dots, a letter first",
    r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$": "MM-DD, from 01-01 to 12-31",
}
EXPECTED: dict[Kind, str] = {
    "date": "a date without quotation marks, such as 2026-03-31",
    "word": "one word in quotation marks",
    "words": "a list of words in quotation marks",
    "truth": "true or false without quotation marks",
    "text": "text in quotation marks",
}


@dataclass(frozen=True)
class Declared:
    """One field of a table: its declaration, its kind, its words (for a choice) and its limits by pydantic's names."""

    name: str
    spec: Spec
    kind: Kind
    required: bool
    words: tuple[str, ...]
    limits: Mapping[str, Any]

    @property
    def graded(self) -> bool:
        """Whether a value needs a grade: every number does, and every other field that the model reads."""
        return self.spec.model or bool(self.spec.unit)

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that a line may ask for: all but the first, the plain one, which is none of the others."""
        return self.words[1:]

    @property
    def allowed(self) -> str | None:
        """What may be written, for people; None when anything of the kind may."""
        match self.kind:
            case "number":
                return _range(self.limits)
            case "date":
                return f"{FIRST_DATE} to {LAST_DATE}"
            case "word":
                return _listed(self.words, "or")
            case "words":
                return f"each of {_listed(self.words, 'and')}" if self.words else None
            case "truth":
                return "true or false"
            case "text":
                pattern = self.limits.get("pattern")
                return None if pattern is None else PATTERNS[pattern]

    @property
    def of_kinds(self) -> str:
        """The kinds of block that have the field, as a file writes them; empty when every kind does."""
        quoted = tuple(f'"{kind}"' for kind in self.spec.kinds)
        return f"kind = {_listed(quoted, 'or')}" if quoted else ""

    @property
    def only(self) -> str:
        """Which kinds of block alone have the field, in words; empty when every kind does."""
        only = f"Only for {self.of_kinds}" if self.of_kinds else ""
        return f"{only}, which must give it" if self.spec.needed else only

    @property
    def absence(self) -> str:
        """What the model reads when the field is left out, in words; empty where it reads nothing or must be given."""
        absent = self.spec.absent
        if self.required or self.spec.needed or not self.spec.model:
            return ""
        if absent is None:
            return "Left out: the market file's default"
        if self.kind == "date":
            return "Left out: never" if absent == NEVER else "Left out: by the balance-sheet date"
        if self.kind == "truth":
            return f"Left out: {'true' if absent else 'false'}"
        if self.kind == "word":
            return f"Left out: {self.words[0]}"
        if absent < UNKNOWN:
            return "Left out: none"
        return f"Left out: {absent:g}" if absent > UNKNOWN else "Left out: not known"

    @property
    def expected(self) -> str:
        """The kind of value, for people."""
        if self.kind != "number":
            return EXPECTED[self.kind]
        return f"a number in {self.spec.unit}" if self.spec.unit not in ("", "1") else "a number"

    @property
    def described(self) -> str:
        """Meaning and unit."""
        named = self.spec.unit if self.kind == "number" and self.spec.unit != "1" else ""
        return f"{self.spec.meaning} [{named}]" if named else self.spec.meaning


@cache
def declared(table: type[Table]) -> Mapping[str, Declared]:
    """The fields of a table that hold values, by the name a file gives them, in order of declaration.

    Fields that are tables are left out.
    """
    return {
        written: _declared(written, info)
        for name, info in table.model_fields.items()
        if table_in(info.annotation) is None
        for written in [info.alias or name]
    }


def table_in(annotation: Any) -> type[Table] | None:
    """The table class in ``T``, ``T | None`` or ``list[T]``; None if the annotation holds no table."""
    inner = _bare(annotation)
    if typing.get_origin(inner) is list:
        inner = typing.get_args(inner)[0]
    return inner if isinstance(inner, type) and issubclass(inner, Table) else None


def is_list(annotation: Any) -> bool:
    """Whether an annotation is a list, optional or not."""
    return typing.get_origin(_bare(annotation)) is list


def within(field: Declared, value: float) -> bool:
    """Whether a number field may hold a value."""
    low, high = _bounds(field.limits)
    open_low, open_high = "gt" in field.limits, "lt" in field.limits
    return (low < value or (low == value and not open_low)) and (value < high or (value == high and not open_high))


def fault(field: Declared, value: Any) -> tuple[str, str | None, str | None]:
    """What is wrong with a value that the field does not allow: message, what is allowed, nearest word."""
    if value == "":
        return f"is blank; fill in {field.expected}", field.allowed, None
    if not _is_kind(field.kind, value):
        unquoted = " without quotation marks" if field.kind == "number" and isinstance(value, str) else ""
        return f"is {_described(value)}; expected {field.expected}{unquoted}", field.allowed, None
    if sign := obeyed(value):
        return f"holds U+{ord(sign):04X}, which a terminal obeys or reads backwards; take it out", field.allowed, None
    match field.kind:
        case "number":
            return _number_fault(field, value), field.allowed, None
        case "date":
            return "is before the first bitcoin" if value < FIRST_DATE else "is implausibly late", field.allowed, None
        case "word":
            return "is not known here", field.allowed, nearest_name(str(value), field.words)
        case "words":
            strange = next((word for word in value if word not in field.words), None)
            near = nearest_name(str(strange), field.words) if strange else None
            return "is not a full list of the words known here", field.allowed, near
        case _:
            return "is not written as it must be", field.allowed, None


def obeyed(value: Any) -> str | None:
    """The first character of a text, or of a list of them, that a terminal would obey; None where there is none."""
    texts = value if isinstance(value, list) else [value]
    found = next((sign for text in texts if isinstance(text, str) and (sign := OBEYED.search(text))), None)
    return found[0] if found else None


def _number_fault(field: Declared, value: float) -> str:
    if not abs(value) <= sys.float_info.max:
        return "is not a finite number"
    low, high = _bounds(field.limits)
    if low == 0 and value < 0:
        return "cannot be negative"
    if high <= 1.5 and 1 < value <= 100:
        decimal = f"{value / 100:.4f}".rstrip("0")
        return f"rates are decimals, {decimal if len(decimal) > 3 else f'{value / 100:.2f}'} is {value:g} %"
    return "is too low" if value <= low else "is too high"


def _declared(name: str, info: FieldInfo) -> Declared:
    annotation = _bare(info.annotation)
    limits = {
        limit: getattr(item, limit)
        for item in info.metadata
        for limit in ("ge", "gt", "le", "lt", "pattern")
        if getattr(item, limit, None) is not None
    }
    kind: Kind
    if typing.get_origin(annotation) is Literal:
        kind, words = "word", typing.get_args(annotation)
    elif typing.get_origin(annotation) is list:
        kind, words = "words", typing.get_args(typing.get_args(annotation)[0])
    else:
        kinds: dict[Any, Kind] = {float: "number", bool: "truth", date: "date", str: "text"}
        kind, words = kinds[annotation], ()
    return Declared(name, spec_of(info), kind, info.is_required(), tuple(str(word) for word in words), limits)


def _bare(annotation: Any) -> Any:
    """``T`` of ``T | None``."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return next(member for member in typing.get_args(annotation) if member is not type(None))
    return annotation


def _is_kind(kind: Kind, value: Any) -> bool:
    match kind:
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "date":
            return isinstance(value, date) and not isinstance(value, datetime)
        case "words":
            return isinstance(value, list) and all(isinstance(word, str) for word in value)
        case "truth":
            return isinstance(value, bool)
        case "word":
            return isinstance(value, str | int) and not isinstance(value, bool)
        case "text":
            return isinstance(value, str)


def _described(value: Any) -> str:
    if isinstance(value, datetime):
        return f"a date with a time of day (write {value.date()})"
    names = {bool: "a truth value", int: "a number", float: "a number", str: "text", date: "a date"}
    names |= {list: "a list", dict: "a table"}
    return names.get(type(value), "a time of day")


def _bounds(limits: Mapping[str, Any]) -> tuple[float, float]:
    low = limits.get("ge", limits.get("gt", -math.inf))
    high = limits.get("le", limits.get("lt", math.inf))
    return low, high


def _range(limits: Mapping[str, Any]) -> str | None:
    if "ge" in limits and "le" in limits:
        return f"{_limit(limits['ge'])} to {_limit(limits['le'])}"
    words = {"ge": "{} or more", "gt": "above {}", "le": "at most {}", "lt": "below {}"}
    return " and ".join(words[name].format(_limit(limits[name])) for name in words if name in limits) or None


def _limit(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:g}"


def _listed(words: tuple[str, ...], joint: str) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}"
