"""``roll`` and ``diff``: from one balance-sheet date to the next."""

import csv
import json
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import Result

from tests.fixtures.world import FOLDER

Corpfin = Callable[..., Result]
FEW = ("--paths", 128, "--months", 24)


@pytest.fixture
def two(cli: Corpfin, tmp_path: Path) -> Path:
    """HALL in March, and in June as the model has it but for half of its cash, with a market of that date."""
    earlier, later = tmp_path / "2026-03-31", tmp_path / "2026-06-30"
    for folder in (earlier, later):
        folder.mkdir()
    for name in ("hall.toml", "market.toml"):
        (earlier / name).write_text((FOLDER / "companies" / name).read_text("utf-8"), encoding="utf-8")
    assert cli("roll", earlier / "hall.toml", "--to", "2026-06-30", "-o", later / "hall.toml", *FEW).exit_code == 0
    rolled = (later / "hall.toml").read_text(encoding="utf-8")
    cash = tomllib.loads(rolled)["treasury"]["cash"]
    text = rolled.replace(f"\ncash = {cash}\n", f"\ncash = {cash / 2}\n")
    assert text != rolled
    (later / "hall.toml").write_text(text, encoding="utf-8")
    market = (
        (FOLDER / "companies" / "market.toml").read_text("utf-8").replace("as_of = 2026-03-31", "as_of = 2026-06-30")
    )
    blind = market.split("[[known_month]]")
    after = blind[-1][blind[-1].index("[price]") :]
    sources = [line for line in after.splitlines() if not line.startswith('"known_month')]
    (later / "market.toml").write_text(blind[0] + "\n".join(sources) + "\n", encoding="utf-8")
    return tmp_path


def test_a_rolled_file_is_clean_and_can_be_run(cli: Corpfin, two: Path) -> None:
    file = two / "2026-06-30" / "hall.toml"
    checked = cli("check", file)
    assert (checked.exit_code, checked.stderr) == (0, "")
    assert checked.stdout.startswith("hall.toml: ok, Halyard Sites plc, as of 2026-06-30")
    assert cli("run", "HALL", "--companies", two, *FEW).exit_code == 0


def test_without_a_file_the_rolled_one_goes_to_standard_output(cli: Corpfin, tmp_path: Path) -> None:
    found = cli("roll", "HALL", "--to", "2026-09-30", *FEW)
    assert (found.exit_code, found.stderr) == (0, "")
    assert tomllib.loads(found.stdout)["company"]["as_of"] == date(2026, 9, 30)
    assert found.stdout.startswith("# Halyard Sites plc, rolled by corpfin from 2026-03-31 to 2026-09-30")


def test_roll_writes_page_table_and_document_and_no_file_twice(cli: Corpfin, tmp_path: Path) -> None:
    file, table = tmp_path / "next.toml", tmp_path / "next.csv"
    found = cli("roll", "HALL", "--to", "2026-06-30", "-o", file, "--csv", table, *FEW)
    assert found.stdout.startswith("HALL rolled from 2026-03-31 to 2026-06-30")
    assert found.stderr == f"{file} written\n{table} written\n"
    with table.open(encoding="utf-8", newline="") as stream:
        assert next(csv.reader(stream)) == ["figure", "unit", "before", "after", "survival_swing", "dilution_swing"]
    again = cli("roll", "HALL", "--to", "2026-06-30", "-o", file, *FEW)
    assert again.exit_code == 2
    assert "exists already and is left as it is" in again.stderr
    document = json.loads(cli("roll", "HALL", "--to", "2026-06-30", "--json", *FEW).stdout)
    assert tomllib.loads(document["text"])["company"]["ticker"] == "HALL"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ("HALL", "--to", "2026-06-15"),
            "HALL: to = 2026-06-15: must be the last day of a month; nearest is 2026-06-30",
        ),
        (("HALL", "--to", "2026-03-31"), "must be after the file's date, 2026-03-31"),
        (("HALL", "--to", "June"), "June is no date"),
        (("NONE", "--to", "2026-06-30"), "there is no company of this name"),
        (("HALL", "--to", "2026-06-30", "--as-of", "2025-12-31"), "HALL: as-of = 2025-12-31: there is no vintage"),
        (("HALL", "--to", "2026-06-30", "-o", "hall.txt"), "does not end in .toml"),
    ],
)
def test_roll_says_what_is_wrong(cli: Corpfin, words: tuple[str, ...], message: str) -> None:
    found = cli("roll", *words, *FEW)
    assert (found.exit_code, found.stdout) == (2, "")
    assert message in " ".join(found.stderr.replace("│", " ").split())


def test_diff_explains_table_document_and_page(cli: Corpfin, two: Path, tmp_path: Path) -> None:
    words = ("diff", "HALL", "--companies", two, *FEW)
    found = cli(*words, "--csv", tmp_path / "diff.csv")
    assert (found.exit_code, found.stderr) == (0, f"{tmp_path / 'diff.csv'} written\n")
    assert found.stdout.startswith("HALL: why the answer changed from 2026-03-31 to 2026-06-30")
    assert "treasury.cash" in found.stdout
    with (tmp_path / "diff.csv").open(encoding="utf-8", newline="") as stream:
        steps = [row["step"] for row in csv.DictReader(stream)]
    assert steps == ["2026-03-31", "market and time", "balance", "rest"]
    document = json.loads(cli(*words, "--from", "2026-03-31", "--to", "2026-06-30", "--json").stdout)
    assert [row["step"] for row in document["table"]] == steps
    files = [two / day / "hall.toml" for day in ("2026-03-31", "2026-06-30")]
    assert cli("diff", *files, *FEW).stdout == found.stdout


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("HALL",), "HALL: from: there is no file of HALL before 2026-03-31 to hold it against; name two files"),
        (("HALL", "--from", "2025-12-31"), "HALL: as-of = 2025-12-31: there is no vintage of this date"),
        (("HALL", "RING"), "the other file is of RING; two files of one company can be held against each other"),
        (("HALL", "--to", "2030-01-31"), "HALL: as-of = 2030-01-31: there is no vintage of this date"),
    ],
)
def test_diff_says_what_is_wrong(cli: Corpfin, words: tuple[str, ...], message: str) -> None:
    found = cli("diff", *words, *FEW)
    assert (found.exit_code, found.stdout) == (2, "")
    assert message in " ".join(found.stderr.split())
