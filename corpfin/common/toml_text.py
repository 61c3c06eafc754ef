"""The contents of an input file written out as TOML again: what is made of it passes every check a file does."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

_CONTROL = re.compile("[\x7f]")


def toml_file(contents: Mapping[str, Any]) -> str:
    """TOML of a mapping of tables and lists of tables; scalars and lists of scalars come first.

    >>> print(toml_file({"none": [], "a": {"x": 1.5, "day": date(2026, 3, 31)}, "b": [{"id": "one"}]}), end="")
    none = []
    [a]
    x = 1.5
    day = 2026-03-31
    [[b]]
    id = "one"
    """
    lines = [f"{_key(name)} = {_value(value)}" for name, value in contents.items() if not _is_tables(value)]
    for name, value in contents.items():
        if _is_tables(value):
            for block in [value] if isinstance(value, Mapping) else value:
                lines.append(f"[{_key(name)}]" if isinstance(value, Mapping) else f"[[{_key(name)}]]")
                lines += [f"{_key(field)} = {_value(inner)}" for field, inner in block.items()]
    return "\n".join(lines) + "\n"


def _is_tables(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _value(name)


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
