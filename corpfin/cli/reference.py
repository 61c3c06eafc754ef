"""The command line as a document: every command with its arguments and options."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter, getdoc, signature
from typing import Any, Literal, get_args, get_origin

from typer.models import ArgumentInfo

from corpfin.cli.options import command
from corpfin.report.reference.prose import document, prose


def commands_reference(commands: Mapping[str, Callable[..., None]]) -> str:
    """Every command with what it does and what may be typed, as Markdown."""
    parts = []
    for name, function in commands.items():
        parameters = signature(command(function)).parameters.values()
        parts += [f"## corpfin {name}", prose(getdoc(function)), "\n".join(map(_told, parameters))]
    return document("Commands", *parts)


def _told(parameter: Parameter) -> str:
    """How an argument or option is typed, what it means and what it is when left out."""
    kind, declared = get_args(parameter.annotation)
    typed = declared.metavar or _value(kind)
    if not isinstance(declared, ArgumentInfo):
        said = [name for name in (declared.default, *(declared.param_decls or ())) if isinstance(name, str)]
        name = ", ".join(said) or f"--{parameter.name.replace('_', '-')}"
        typed = name if kind is bool else f"{name} {typed}"
    empty = parameter.default in (None, False, Parameter.empty)
    return f"- `{typed}`: {declared.help}{'' if empty else f' Left out: {parameter.default}.'}"


def _value(kind: Any) -> str:
    """What stands for a value of this type: its choices, or the kind of number or text."""
    if get_origin(kind) is Literal:
        return "|".join(get_args(kind))
    inner = [each for each in get_args(kind) if each is not type(None)] or [kind]
    return _value(inner[0]) if get_args(kind) else {int: "N", float: "X"}.get(kind, "TEXT")
