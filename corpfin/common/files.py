"""Files written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

LARGEST = 16 * 1024 * 1024
"""Most bytes that a file somebody writes may have: a company's has thirty thousand."""


def read_plain(path: Path) -> bytes:
    """What a file holds; never waits for a pipe, nor reads without end from a device.

    Raises ``OSError``, naming ``path``, for what is no plain file, is larger than :data:`LARGEST` or cannot be read.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "a pipe or device, not a file", str(path))
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise OSError(errno.EFBIG, f"larger than {LARGEST // 2**20} MiB", str(path))
    return content


def user_cache() -> Path | None:
    """The user's own folder for what can be made or fetched again; None for a user without a home, as in a container.

    >>> user_cache() is None or user_cache().is_absolute()
    True
    """
    try:
        found = platformdirs.user_cache_path("corpfin")
    except RuntimeError:  # no home; older versions give a path that begins with a tilde
        return None
    return found if found.is_absolute() else None


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary name beside ``path`` to write to, renamed when all went well: nobody ever reads half a file.

    Raises ``OSError``, naming ``path``, if it cannot be written; an existing file is then as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        yield temporary
        os.replace(temporary, path)
    except OSError as error:
        if error.errno is None:  # not the system's: it says itself what is wrong
            raise
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        temporary.unlink(missing_ok=True)


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a text or bytes, whole or not at all; ``OSError``, naming ``path``, if it cannot be written."""
    with whole_file(path) as temporary:
        temporary.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)


def write_new(path: Path, text: str) -> None:
    """Write a file that does not exist yet; ``FileExistsError`` if it does, ``OSError`` if it cannot be written."""
    if path.exists():
        raise FileExistsError(f"{path} exists already and is left as it is")
    write_whole(path, text)
