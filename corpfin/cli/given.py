"""What is found out of what was given before the work begins, and how a command ends."""

from __future__ import annotations

import errno
import io
import os
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import typer

from corpfin.common.broken import BrokenIdentity
from corpfin.inputs import InputError

BROKEN = 1
BAD_INPUT = 2
INTERRUPTED = 130


def known_or_leave(name: str | None, known: Sequence[str], what: str, option: str) -> None:
    """Leave with the nearest names for a name that is not among the known ones."""
    from corpfin.studies.result import known_name

    try:
        if name is not None:
            known_name(name, known, what)
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0]), param_hint=option) from None


def can_write(files: Sequence[Path | None] = (), folders: Sequence[Path | None] = ()) -> None:
    """Find out before the work whether what is asked for can be written; ``OSError`` names the first that cannot be.

    Folders are made when missing.
    """
    for folder in filter(None, folders):
        folder.mkdir(parents=True, exist_ok=True)
    for path in filter(None, (*files, *folders)):
        if path in files and path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
        try:
            with TemporaryFile(dir=path if path in folders else path.parent):
                pass
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(path)) from None


def tell_written(files: Iterable[Path | None]) -> None:
    """Name on standard error every file that was written."""
    for file in filter(None, files):
        typer.echo(f"{file} written", err=True)


def leave(faults: list[str]) -> None:
    """Print what is wrong and leave with status 2, if anything is."""
    if faults:
        typer.echo("\n".join(faults), err=True)
        raise typer.Exit(BAD_INPUT)


def tolerant_output() -> None:
    """Let characters that the standard output cannot encode be replaced."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def _is_of_a_model(error: Exception) -> bool:
    """Whether an error says that lines do not fit together; an engine that is not loaded has raised none."""
    engine = sys.modules.get("corpfin.engine")
    return engine is not None and isinstance(error, engine.ModelError)


@contextmanager
def loud_when_broken() -> Iterator[None]:
    """Name on standard error, at the end, each identity that a run found broken, and leave with status 1.

    Another fault's status goes before it.
    """
    told: dict[str, None] = {}

    def listen(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
        if issubclass(category, BrokenIdentity):
            told[str(message)] = None
        else:
            others(message, category, *where, **more)

    with warnings.catch_warnings():
        warnings.simplefilter("always", BrokenIdentity)
        others, warnings.showwarning = warnings.showwarning, listen
        try:
            yield
        finally:
            for message in told:
                typer.echo(f"corpfin: {message}", err=True)
    if told:
        raise typer.Exit(BROKEN)


@contextmanager
def for_people() -> Iterator[None]:
    """Turn what a user may run into, a bad file above all, into a message without a traceback."""
    try:
        with loud_when_broken():
            yield
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        typer.echo("interrupted", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except MemoryError:
        message = "not enough memory; ask for fewer paths or months"
    except OSError as error:
        message = f"{error.filename}: {error.strerror}" if error.filename else f"{error}"
    except InputError as error:
        message = f"{error}"
    except Exception as error:
        if not _is_of_a_model(error):
            raise
        message = f"{error}"
    else:
        return
    typer.echo(f"corpfin: {message}", err=True)
    raise typer.Exit(BAD_INPUT)
