"""Files appear whole or not at all."""

import os
from pathlib import Path

import pytest

from corpfin.common.files import whole_file, write_new, write_whole


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    write_whole(file, "old\n")
    write_whole(file, "new\n")
    assert file.read_text(encoding="utf-8") == "new\n"
    assert os.listdir(tmp_path) == ["a.csv"]


def test_a_file_that_cannot_be_written_is_named_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(OSError, match=r"a\.csv") as caught:
        write_whole(tmp_path / "a.csv", "text")
    assert caught.value.filename == str(tmp_path / "a.csv")
    assert os.listdir(tmp_path) == ["a.csv"]


def test_a_new_file_overwrites_nothing(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    write_new(file, "first")
    with pytest.raises(FileExistsError, match="left as it is"):
        write_new(file, "second")
    assert file.read_text(encoding="utf-8") == "first"


def test_a_writer_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    write_whole(file, b"old")
    with pytest.raises(ZeroDivisionError), whole_file(file) as temporary:
        temporary.write_bytes(bytes([1 // 0]))
    assert file.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.png"]
