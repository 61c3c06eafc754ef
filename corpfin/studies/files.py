"""Files written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Write a text under a temporary name and rename it, so that nobody ever reads half a file.

    Raises ``OSError``, naming ``path``, if it cannot be written; an existing file is then as it was.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        os.replace(temporary, path)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None
    finally:
        temporary.unlink(missing_ok=True)


def write_new(path: Path, text: str) -> None:
    """Write a file that does not exist yet; ``FileExistsError`` if it does, ``OSError`` if it cannot be written."""
    if path.exists():
        raise FileExistsError(f"{path} exists already and is left as it is")
    write_whole(path, text)
