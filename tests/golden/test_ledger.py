"""Every result on record is the result of today: a commit that moves a number says so.

Each vintage has a record of its own. ``python -m pytest tests/golden --refresh`` puts today's results on record and
prints what moved, for CHANGELOG.md.
"""

from pathlib import Path

import pytest

from corpfin.inputs import vintages
from tests.golden import ledger
from tests.golden.ledger import ABSENT, Move, Rows

FOLDER = Path(__file__).parent


VINTAGES = sorted(str(day) for day in vintages())


@pytest.mark.parametrize("vintage", VINTAGES)
def test_the_results_are_those_on_record(
    vintage: str, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    """All but those of the scenarios; with ``--refresh`` every column is put on record."""
    if request.config.getoption("--refresh"):
        file, found = on_record(vintage), ledger.results(vintage)
        moved = ledger.moves(ledger.read(file) if file.exists() else {}, found)
        if moved:  # what has not moved stays as it is, to the last digit
            ledger.write(file, found)
        with capsys.disabled():
            print(f"\n{vintage}\n{ledger.table(moved)}" if moved else f"\n{vintage}: nothing moved")
        return
    compare(vintage, ledger.of_base(vintage), of_scenarios=False)


@pytest.mark.slow
@pytest.mark.parametrize("vintage", [pytest.param(day, marks=pytest.mark.xdist_group("library")) for day in VINTAGES])
def test_the_results_of_the_scenarios_are_those_on_record(vintage: str) -> None:
    compare(vintage, ledger.of_scenarios(vintage), of_scenarios=True)


def on_record(vintage: str) -> Path:
    return FOLDER / f"{vintage}.json"


def compare(vintage: str, found: Rows, *, of_scenarios: bool) -> None:
    """Hold one part of the columns against the same part of the record."""
    record = {
        company: {column: value for column, value in row.items() if column.startswith(ledger.SCENARIOS) == of_scenarios}
        for company, row in ledger.read(on_record(vintage)).items()
    }
    moved = ledger.moves(record, found)
    assert not moved, f"{len(moved)} results moved; --refresh puts them on record\n{ledger.table(moved)}"


def test_every_record_is_of_a_vintage_that_ships() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} <= set(VINTAGES)


RECORD: Rows = {
    "AAAA": {"survival_12": 0.5, "central.wall": 100.0, "dilution_median": 0.25, "first_unpaid_bill": "none"},
    "BBBB": {"survival_12": 1.0, "lifeline.change_value": None},
}


@pytest.mark.parametrize(
    ("company", "column", "value", "moved"),
    [
        ("AAAA", "survival_12", 0.5 + 1 / ledger.PATHS, False),
        ("AAAA", "survival_12", 0.5 + 2 / ledger.PATHS, True),
        ("AAAA", "central.wall", 100.00001, False),
        ("AAAA", "central.wall", 100.001, True),
        ("AAAA", "dilution_median", 0.25001, False),
        ("AAAA", "dilution_median", 0.2501, True),
        ("AAAA", "first_unpaid_bill", "interest", True),
        ("BBBB", "lifeline.change_value", 1.0, True),
        ("AAAA", "survival_12", None, True),
    ],
)
def test_a_move_beyond_the_tolerance_is_seen(company: str, column: str, value: ledger.Value, moved: bool) -> None:
    after = {name: dict(row) for name, row in RECORD.items()}
    after[company][column] = value
    expected = [Move(company, column, RECORD[company][column], value)]
    assert ledger.moves(RECORD, after) == (expected if moved else [])


def test_a_column_or_a_company_that_comes_or_goes_is_seen() -> None:
    after: Rows = {"AAAA": RECORD["AAAA"] | {"funding_gap": 1.0}}
    assert ledger.moves(RECORD, after) == [
        Move("AAAA", "funding_gap", ABSENT, 1.0),
        Move("BBBB", "survival_12", 1.0, ABSENT),
        Move("BBBB", "lifeline.change_value", None, ABSENT),
    ]


def test_the_table_of_moves() -> None:
    found = [Move("AAAA", "central.wall", 100.0, 150_000.5), Move("BBBB", "first_unpaid_bill", "none", "interest")]
    assert ledger.table(found).splitlines()[2:] == [
        "| AAAA | central.wall | 100 | 150,000 | +1.499e+05 |",
        "| BBBB | first_unpaid_bill | none | interest |  |",
    ]


def test_what_is_on_record_can_be_read_back(tmp_path: Path) -> None:
    ledger.write(tmp_path / "record.json", RECORD)
    assert ledger.read(tmp_path / "record.json") == RECORD


def test_a_column_without_a_tolerance_is_an_error() -> None:
    with pytest.raises(KeyError, match="no tolerance is declared for the column profit"):
        ledger.tolerance("profit")
