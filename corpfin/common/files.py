"""Files written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
