"""The contents of an input file written out as TOML again: what is made from one passes every check a file does."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

_CONTROL = re.compile("[\x7f]")
_BARE = re.compile("[A-Za-z0-9_-]+")
WIDTH = 120


def toml_file(contents: Mapping[str, Any], head: str = "") -> str:
    """TOML of a mapping of tables and lists of tables; scalars and lists of scalars come first, after the ``head``.

    >>> print(toml_file({"none": [], "a": {"x": 1.5, "day": date(2026, 3, 31)}, "b": [{"id": "one"}]}), end="")
    none = []
    <BLANKLINE>
    [a]
    x = 1.5
    day = 2026-03-31
    <BLANKLINE>
    [[b]]
    id = "one"
    """
    lines = [f"{_key(name)} = {_value(value)}" for name, value in contents.items() if not _is_tables(value)]
    for name, value in contents.items():
        if _is_group(value):
            for inner, table in value.items():
                lines += ["", f"[{_key(name)}.{inner}]", *(_line(field, item) for field, item in table.items())]
        elif _is_tables(value):
            for block in [value] if isinstance(value, Mapping) else value:
                lines += ["", f"[{_key(name)}]" if isinstance(value, Mapping) else f"[[{_key(name)}]]"]
                lines += [_line(field, inner) for field, inner in block.items()]
    return head + "\n".join(lines).lstrip("\n") + "\n"


def head_of(text: str) -> str:
    """The comment that a file begins with, and the blank line below it; empty when it begins with none.

    >>> head_of("# A company.\\n\\n[company]\\n# not this\\n")
    '# A company.\\n\\n'
    """
    found = re.match(r"(#[^\n]*\n)+", text)
    return f"{found[0]}\n" if found else ""


def _is_tables(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _is_group(value: Any) -> bool:
    """Whether a table holds nothing but tables by plain names, each of which has its own heading."""
    if not isinstance(value, Mapping) or not value:
        return False
    return all(isinstance(inner, Mapping) and _BARE.fullmatch(name) for name, inner in value.items())


def _line(name: str, value: Any) -> str:
    """A field; a list too long for a line has a line for each of its items."""
    line = f"{_key(name)} = {_value(value)}"
    if isinstance(value, list) and len(line) > WIDTH:
        return "\n".join([f"{_key(name)} = [", *(f"  {_value(item)}," for item in value), "]"])
    return line


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _value(name)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _CONTROL.sub("\\\\u007f", json.dumps(value, ensure_ascii=False))
        case date():
            return value.isoformat()
        case Mapping():
            return "{ " + ", ".join(f"{_key(name)} = {_value(inner)}" for name, inner in value.items()) + " }"
        case list() | tuple():
            return "[" + ", ".join(_value(item) for item in value) + "]"
        case _:
            return repr(value)
