"""A TOML file read from disk, or one problem that says why it could not be."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from corpfin.common.files import read_plain
from corpfin.inputs.errors import FailureKind, InputError, Problem, nearest_name


def read_toml(path: Path, model: str) -> dict[str, Any]:
    """The contents of a TOML file; ``model`` is the template that an empty one should start from.

    Raises :class:`InputError` of kind MISSING when there is no file at ``path``, PARSING when it cannot be read as
    TOML in UTF-8 or holds nothing.
    """
    return toml_of(read_file(path), path, model)


def read_file(path: Path) -> bytes:
    """What stands in a file; raises what :func:`read_toml` does where there is none or it cannot be read."""
    if path.is_dir():
        raise _failure(path, "is a folder; give the path of a file", "MISSING")
    if path.is_symlink() and not path.exists():
        raise _failure(path, f"is a link to {path.readlink()}, where there is no file", "MISSING")
    if not path.exists():
        siblings = [file.name for file in path.parent.glob("*.toml")]
        raise _failure(path, "there is no such file", "MISSING", nearest_name(path.name, siblings, count=3))
    try:
        return read_plain(path)
    except OSError as error:
        raise _failure(path, f"cannot be read ({(error.strerror or 'unknown reason').lower()})") from None
    except ValueError as error:
        raise _failure(path, f"is not TOML: {error}") from None


def toml_of(text: bytes, path: Path, model: str) -> dict[str, Any]:
    """The contents of a file whose text was read; raises what :func:`read_toml` does for a text that is no TOML."""
    try:
        contents = tomllib.loads(text.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise _failure(path, f"is not UTF-8 text: line {line} holds byte 0x{error.object[error.start]:02x}") from None
    except (ValueError, RecursionError) as error:
        raise _failure(path, f"is not TOML: {error or 'nested too deeply'}") from None
    if not contents:
        raise _failure(path, f"is empty; start from templates/{model}")
    return contents


def _failure(path: Path, message: str, kind: FailureKind = "PARSING", nearest: str | None = None) -> InputError:
    return InputError([Problem(path.name, "", None, message, nearest=nearest)], kind)
