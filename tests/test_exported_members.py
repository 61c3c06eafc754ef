"""The public names: those of ``corpfin.__all__``, no others, each to be imported and documented."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from pathlib import Path

import pytest

import corpfin

ROOMS = ("inputs", "runs", "studies", "workbook", "report.figures", "report.plots", "paths", "engine")
"""Rooms that state the names others take from them."""


def names_for_the_checker() -> list[str]:
    """The names the package imports for type checkers alone."""
    tree = ast.parse(Path(corpfin.__file__).read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    return [alias.name for node in guarded.body if isinstance(node, ast.ImportFrom) for alias in node.names]


def test_type_checkers_see_what_is_exported() -> None:
    assert sorted(names_for_the_checker()) == sorted(corpfin.__all__)


def test_exported_names_are_in_order_and_listed() -> None:
    assert list(corpfin.__all__) == sorted(corpfin.__all__)
    assert set(corpfin.__all__) <= set(dir(corpfin))


@pytest.mark.parametrize("name", corpfin.__all__)
def test_each_exported_name_is_there_and_documented(name: str) -> None:
    found = getattr(corpfin, name)
    assert callable(found), f"{name} is neither a class nor a function"
    assert found.__name__ == name
    assert found.__module__.startswith("corpfin."), f"{name} is somebody else's"
    own = inspect.getdoc(found) if "__doc__" not in vars(found) else found.__doc__
    assert own, f"{name} has no docstring"


@pytest.mark.parametrize("name", [n for n in corpfin.__all__ if n[0].islower()])
def test_the_parameters_of_each_exported_function_have_types(name: str) -> None:
    signature = inspect.signature(getattr(corpfin, name))
    bare = [parameter.name for parameter in signature.parameters.values() if parameter.annotation is parameter.empty]
    assert bare == []
    assert signature.return_annotation is not signature.empty


@pytest.mark.parametrize("room", ROOMS)
def test_each_room_has_the_names_it_states(room: str) -> None:
    module = import_module(f"corpfin.{room}")
    assert [name for name in module.__all__ if not hasattr(module, name)] == []
    assert len(set(module.__all__)) == len(module.__all__)


def test_a_name_that_is_not_exported_is_an_error() -> None:
    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = corpfin.no_such_thing
