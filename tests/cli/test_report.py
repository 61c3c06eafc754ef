"""Reports from the command line, and an answer in Markdown."""

from pathlib import Path

from tests.cli.conftest import Corpfin

FEW = ("--paths", "64", "--months", "12")


def test_a_report_is_written_and_named(cli: Corpfin, tmp_path: Path) -> None:
    file = tmp_path / "tiny.html"
    result = cli("report", "TINY", "-o", file, *FEW)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", f"{file} written\n")
    assert file.read_text().startswith("<!doctype html>")


def test_a_company_that_cannot_be_used_is_missing_from_the_others(cli: Corpfin, tmp_path: Path) -> None:
    result = cli("report", "TINY", "NONE", "-o", tmp_path / "all", *FEW)
    assert result.exit_code == 2
    assert sorted(file.name for file in (tmp_path / "all").iterdir()) == ["TINY.html", "index.html"]
    assert "NONE" in result.stderr


def test_several_do_not_fit_one_file(cli: Corpfin, tmp_path: Path) -> None:
    result = cli("report", "TINY", "DIGR", "-o", tmp_path / "both.html", *FEW)
    assert result.exit_code == 2
    assert "give a folder for several" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_sector_does_not_fit_one_file(cli: Corpfin, tmp_path: Path) -> None:
    result = cli("report", "TINY", "--sector", "-o", tmp_path / "one.html", *FEW)
    assert result.exit_code == 2
    assert "give a folder" in result.stderr


def test_a_market_that_has_no_sector_is_told_before_anything_is_written(cli: Corpfin, tmp_path: Path) -> None:
    result = cli("report", "TINY", "--sector", "-o", tmp_path, *FEW)
    assert result.exit_code == 2
    assert "impact: table is missing" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_run_in_markdown(cli: Corpfin) -> None:
    result = cli("run", "TINY", "--markdown", *FEW)
    assert result.exit_code == 0
    assert result.stdout.startswith("# ")
    assert "## Answer" in result.stdout


def test_markdown_or_json(cli: Corpfin) -> None:
    result = cli("run", "TINY", "--markdown", "--json", *FEW)
    assert result.exit_code == 2
    assert "give one of them" in result.stderr


def test_files_of_a_run_are_named(cli: Corpfin, tmp_path: Path) -> None:
    result = cli("run", "TINY", "--csv", tmp_path / "t", *FEW)
    assert {f"{file} written" for file in (tmp_path / "t").iterdir()} == set(result.stderr.splitlines())
