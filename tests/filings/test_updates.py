"""Pasted tables of monthly updates: known months with their source, or everything that is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpfin.filings.refresh import unfiled
from corpfin.filings.updates import hold_updates, read_updates
from corpfin.filings.write import write_company
from corpfin.inputs import Company, InputError, load_company, load_market

pytestmark = pytest.mark.usefixtures("offline")


def table(folder: Path, *lines: str) -> Path:
    file = folder / "updates.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


@pytest.fixture
def company(tmp_path: Path) -> Company:
    """TINY with April known."""
    text = load_company("TINY").file.read_text(encoding="utf-8")
    month = '[[known_month]]\nmonth = "2026-04"\nbtc_mined = 400.0\n\n[notes]'
    cited = '[sources]\n"known_month" = { grade = "reported", source = "release" }'
    file = tmp_path / "tiny.toml"
    file.write_text(text.replace("[notes]", month).replace("[sources]", cited), encoding="utf-8")
    return load_company(file)


@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_a_pasted_table_becomes_known_months(tmp_path: Path, company: Company, mark: str) -> None:
    lines = [
        ("month", "from", "to", "btc_mined", "btc_sold", "source", "date"),
        ("2026-04", "", "", "410", "", "April update", "2026-05-04"),
        ("2026-05", "", "", "420", '"1,420"', "May update", "2026-06-03"),
        ("", "2026-04", "2026-06", "", "2000", "June update", ""),
    ]
    found = hold_updates(company, read_updates(table(tmp_path, *(mark.join(line) for line in lines))))
    assert [(row.group, row.field, row.file, row.filing) for row in found.proposals] == [
        ("matched", "known_month.2026-04.btc_mined", 400.0, 410.0),
        ("new", "known_month.2026-05.btc_mined", None, 420.0),
        ("new", "known_month.2026-05.btc_sold", None, 1420.0),
        ("new", "known_month.2026-04/2026-06.btc_sold", None, 2000.0),
    ]
    assert found.proposals[3].context == "2026-04-01 to 2026-06-30"
    assert found.proposals[0].accession == "April update"


def test_it_is_written_with_the_release_as_source(tmp_path: Path, company: Company) -> None:
    lines = (
        "month,btc_mined,source,date,url",
        "2026-04,410,April update,2026-05-04,",
        "2026-05,420,May update,,http://x",
    )
    updates = hold_updates(company, read_updates(table(tmp_path, *lines)))
    out, defaults = tmp_path / "new.toml", load_market().defaults
    write_company(out, unfiled(company), defaults, updates=updates, force=False)
    written = load_company(out, defaults)
    assert [(month.month, month.btc_mined) for month in written.tables.known_month] == [
        ("2026-04", 410.0),
        ("2026-05", 420.0),
    ]
    april, may = (written.provenance.of(f"known_month.{month}.btc_mined") for month in ("2026-04", "2026-05"))
    assert april is not None
    assert may is not None
    assert (april.grade, written.provenance.source_text(april)) == ("reported", "April update (2026-05-04)")
    assert may.source == "may-update"
    assert written.provenance.sources["may-update"].url == "http://x"
    assert written.as_of == company.as_of


@pytest.mark.parametrize(
    ("lines", "messages"),
    [
        (["month,btc_mind,source"], ["line 1 = \"btc_mind\": unknown column", "nearest is btc_mined"]),
        (["month,btc_mined", "2026-04,4"], ["has no column source"]),
        (["month,month,source"], ["names a column twice"]),
        ([""], ["has no column source"]),
        (["month,btc_mined,source"], ["holds no row"]),
        (["month,btc_mined,source", "2026-04,4"], ["line 2: has 2 columns, the first line 3"]),
        (
            ["month,btc_mined,source,date", "2026-13,many,x,May", "2026-05,-4,,", ",4,x,", "2026-06,,x,"],
            [
                'line 2, month = "2026-13": is no month',
                'line 2, btc_mined = "many": is not a number',
                'line 2, date = "May": is not a date',
                "line 3, btc_mined = -4",
                "line 3: names no source",
                "line 4: needs either month or both from and to",
                "line 5: has no figure",
            ],
        ),
        (['month,btc_mined,source', '2026-04,"4,x'], ["is no table"]),
    ],
)  # fmt: skip
def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path, lines: list[str], messages: list[str]) -> None:
    with pytest.raises(InputError) as error:
        read_updates(table(tmp_path, *lines))
    for message in messages:
        assert message in str(error.value)
    assert len(error.value.problems) >= len([message for message in messages if "nearest" not in message])


def test_a_table_that_is_no_text_is_said(tmp_path: Path) -> None:
    file = tmp_path / "updates.csv"
    file.write_bytes(b"month,source\n\xff\xfe")
    with pytest.raises(InputError, match=r"updates\.csv: byte 13: is not UTF-8 text"):
        read_updates(file)


def test_a_month_before_the_balance_sheet_is_not_written(tmp_path: Path, company: Company) -> None:
    updates = hold_updates(company, read_updates(table(tmp_path, "month,btc_mined,source", "2026-03,4,x")))
    with pytest.raises(InputError, match="must be after the balance-sheet date"):
        write_company(tmp_path / "new.toml", unfiled(company), load_market().defaults, updates=updates, force=False)
    assert not (tmp_path / "new.toml").exists()
