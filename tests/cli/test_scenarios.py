"""What can be asked with --scenario, and a blank to write one's own."""

from pathlib import Path

from corpfin.inputs import known_scenarios
from tests.cli.conftest import Corpfin


def test_every_scenario_is_listed_with_what_it_changes(cli: Corpfin) -> None:
    result = cli("scenarios")
    assert result.exit_code == 0
    heads = [line for line in result.stdout.splitlines() if line and not line.startswith(" ")]
    assert heads == sorted(known_scenarios())
    assert "  - btc_price: multiply 0.5, for good." in result.stdout


def test_a_scenario_says_whom_it_does_not_reach(cli: Corpfin) -> None:
    paragraphs = cli("scenarios").stdout.split("\n\n")
    late = next(text for text in paragraphs if text.startswith("capex-40"))
    assert "Changes nothing of " in late
    assert "TINY" in late.split("Changes nothing of ")[1]


def test_a_blank_scenario_filled_in_can_be_run(cli: Corpfin, tmp_path: Path) -> None:
    file = tmp_path / "deck.toml"
    assert cli("new", file, "--scenario").exit_code == 0
    text = file.read_text()
    for name, written in {
        "name": "deck",
        "story": "A deck",
        "target": "btc_price",
        "how": "path",
        "why": "test",
    }.items():
        text = text.replace(f'\n{name} = ""', f'\n{name} = "{written}"')
    file.write_text(text.replace('# levels = ""', 'levels = "+6 = 45000"'))
    result = cli("run", "TINY", "--scenario", file, "--paths", 64, "--months", 12)
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Scenario deck: A deck" in result.stdout


def test_one_blank_at_a_time(cli: Corpfin, tmp_path: Path) -> None:
    result = cli("new", tmp_path / "x.toml", "--scenario", "--market")
    assert result.exit_code == 2
    assert "give one of them" in result.stderr
