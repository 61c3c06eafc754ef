"""What a loaded company, market and scenario tell, and where they are looked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from corpfin.inputs.company import CompanyTables
from corpfin.inputs.documents import Company, Defaults, Market
from corpfin.inputs.errors import InputError
from corpfin.inputs.fields import NEVER
from corpfin.inputs.find import COMPANIES_VARIABLE, AsOf, known_companies, newest, shipped
from corpfin.inputs.load import load_companies, load_company, load_market, load_scenario
from corpfin.inputs.rows import layout


def test_identity(company: Company) -> None:
    assert (company.name, company.ticker, company.as_of) == ("Toy Mining", "TOY", date(2026, 3, 31))
    assert company.notes == ("All of it is invented.",)
    assert company.tables.treasury.cash == 160


@pytest.mark.parametrize(
    ("table", "block", "field", "value", "origin"),
    [
        ("treasury", None, "cash", 160.0, "estimated: between two balance sheets; 150 to 170"),
        ("treasury", None, "btc", 1000.0, "reported: First quarter results (2026-05-07)"),
        ("equity", None, "btc_beta", 1.2, "derived: slope of daily log returns"),
        ("equity", None, "shares", 100.0, "derived: First quarter results (2026-05-07)"),
        ("debt", "line", "maturity", date(2027, 3, 31), "reported: Terms of the notes"),
        ("debt", "line", "put_date", NEVER, "absent: not given, read as never"),
        ("hpc", "lake", "tenant", "A tenant", "text: Terms of the notes; read off a slide"),
        ("hpc", "lake", "escalator", 0.03, "default: Daily chain data (2026-06-01); 0.02 to 0.04"),
        ("hpc", "lake", "noi_margin", 0.85, "default: a toy"),
        ("hpc", "lake", "contract_value", None, "absent: not given"),
        ("balance", None, "tax_losses", 0.0, "default: a toy"),
        ("costs", None, "other_income", 0, "absent: not given, read as 0"),
        ("company", None, "ticker", "TOY", "text"),
    ],
)
def test_value_and_origin(
    table: str, block: str | None, field: str, value: object, origin: str, company: Company
) -> None:
    assert company.value(table, field, block) == value
    assert company.source_of(table, block, field) == origin


def test_integers_become_floats(company: Company) -> None:
    assert all(type(figure.value) is not int for figure in company.figures() if figure.grade == "reported")


def test_figures_cover_every_field_once(company: Company) -> None:
    labels = [(figure.table, figure.id, figure.field) for figure in company.figures()]
    assert len(labels) == len(set(labels)) == sum(len(row.fields) for row in company.rows)


def test_a_figure_carries_its_declaration(company: Company) -> None:
    figure = company.figure("debt", "conv-2031", "coupon")
    assert (figure.value, figure.unit, figure.meaning) == (0.02, "1/year", "Interest rate")


def test_grades_count_figures_not_texts(company: Company) -> None:
    grades = company.grades()
    counted = [figure for figure in company.figures() if figure.grade not in ("text", "absent")]
    assert sum(tally.figures for tally in grades.values()) == len(counted)
    assert sum(tally.share for tally in grades.values()) == pytest.approx(1.0)
    assert (grades["derived"].figures, grades["estimated"].figures) == (5, 9)


@pytest.mark.parametrize(
    ("block", "field", "says"), [("conv-2030", "coupon", "conv-2031"), ("conv-2031", "cupon", "coupon")]
)
def test_unknown_figures_name_the_nearest(block: str, field: str, says: str, company: Company) -> None:
    with pytest.raises(KeyError, match=says):
        company.value("debt", field, block)


def test_digest_sees_figures_not_layout(
    company_text: str, company: Company, defaults: Defaults, tmp_path: Path
) -> None:
    file = tmp_path / "toy.toml"

    def digest(text: str, given: Defaults = defaults) -> str:
        file.write_text(text, encoding="utf-8")
        return load_company(file, given).digest()

    assert (
        digest("\ufeff# moved\n" + company_text.replace("cash = 160", "cash = 160.0  # as printed")) == company.digest()
    )
    other_default = {**defaults.values, "fleet": {**defaults.values["fleet"], "pool_fee": 0.01}}
    changed = {
        digest(company_text.replace("cash = 160", "cash = 161")),
        digest(company_text.replace("Terms of the notes", "Terms of the loan")),
        digest(company_text, replace(defaults, values=other_default)),
    }
    assert len(changed | {company.digest()}) == 4


def test_a_project_reads_its_tenant_before_the_defaults(company_text: str, defaults: Defaults, tmp_path: Path) -> None:
    """The tenant's own word, else its rating's, else the default: each with its grade and range."""
    file = tmp_path / "toy.toml"
    file.write_text(company_text.replace('tenant = "A tenant"', 'tenant = "lessee"'), encoding="utf-8")
    named = load_company(file, defaults)
    assert named.value("hpc", "tenant_default_hazard", "lake") == 0.034
    assert named.value("hpc", "reletting_rent", "lake") == 0.8
    kept = named.figure("hpc", "lake", "lease_kept")
    assert (kept.value, kept.grade, kept.why, kept.low, kept.high) == (0.5, "default", "half of them", 0.25, 0.75)
    file.write_text(company_text, encoding="utf-8")
    assert load_company(file, defaults).value("hpc", "tenant_default_hazard", "lake") == 0.01


def test_market_figures_include_the_defaults(market: Market) -> None:
    assert market.value("machine", "capacity_share", "new") == 0.6
    assert market.value("defaults.hpc", "escalator") == 0.03
    assert market.source_of("known_month", "2026-04", "hashrate").startswith("estimated: Daily chain data")
    assert market.source_of("known_month", "2026-05", "hashrate") == "reported: Daily chain data (2026-06-01)"
    assert market.tables.known_month[1].fees_per_block is None


def test_scenarios_joined(toy: Path, tmp_path: Path) -> None:
    """By name and by path, unless a file really has the sign in its name."""
    both = load_scenario(f"btc-half+{toy / 'scenario.toml'}")
    parts = [load_scenario("btc-half"), load_scenario(toy / "scenario.toml")]
    assert both.name == "+".join(part.name for part in parts)
    assert both.shocks == tuple(shock for part in parts for shock in part.shocks)
    assert both.file.name == "btc-half.toml+scenario.toml"
    with pytest.raises(InputError, match="nearest is capex-40"):
        load_scenario("btc-half+capex-4")
    plus = tmp_path / "a+b.toml"
    plus.write_bytes((toy / "scenario.toml").read_bytes())
    assert load_scenario(str(plus)).shocks == parts[1].shocks


def test_scenario(toy: Path) -> None:
    scenario = load_scenario(toy / "scenario.toml")
    assert (scenario.name, [shock.target for shock in scenario.shocks]) == (
        "toy",
        ["btc_price", "equity.atm_participation"],
    )
    assert scenario.digest() == load_scenario(str(toy / "scenario.toml")).digest()


def test_own_folder_comes_first(
    tmp_path: Path, company_text: str, defaults: Defaults, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticker = min(known_companies())
    (tmp_path / f"{ticker.lower()}.toml").write_text(company_text, encoding="utf-8")
    assert load_company(ticker, defaults, companies=tmp_path).ticker == "TOY"
    monkeypatch.setenv(COMPANIES_VARIABLE, str(tmp_path))
    assert load_company(ticker.lower(), defaults).ticker == "TOY"
    assert known_companies().keys() == known_companies(shipped("companies")).keys()
    empty = tmp_path / "empty"
    empty.mkdir()
    assert known_companies(empty)[ticker].parents[1] == shipped("companies")


def write(file: Path, text: str) -> Path:
    """The file, written with folders where they are missing."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def a_quarter_later(text: str) -> str:
    """A toy file of March as one of June: its months and dates of 2026 three months on."""
    for month in ("06", "05", "04"):
        text = text.replace(f"2026-{month}", f"2026-{int(month) + 3:02d}")
    return text.replace("2026-03-31", "2026-06-30")


@pytest.fixture
def vintages(tmp_path: Path, company_text: str, toy: Path) -> Path:
    """A folder of two vintages: OLD is in the first only, the second has another pool fee."""
    market = (toy / "market.toml").read_text(encoding="utf-8")
    june = a_quarter_later(market).replace("pool_fee = 0.005", "pool_fee = 0.006")
    write(tmp_path / "2026-03-31" / "market.toml", market)
    write(tmp_path / "2026-03-31" / "toy.toml", company_text)
    write(tmp_path / "2026-06-30" / "market.toml", june)
    write(tmp_path / "2026-06-30" / "toy.toml", a_quarter_later(company_text))
    write(tmp_path / "2026-03-31" / "old.toml", company_text)
    write(tmp_path / "drafts" / "draft.toml", company_text)
    return tmp_path


def test_a_ticker_means_its_newest_vintage(vintages: Path) -> None:
    known = known_companies(vintages)
    assert {"TOY", "OLD"} == known.keys() - known_companies().keys()
    assert [known[name].parent.name for name in ("TOY", "OLD")] == ["2026-06-30", "2026-03-31"]
    assert list(known) == sorted(known)


def test_a_company_goes_with_the_market_of_its_vintage(vintages: Path) -> None:
    loaded = load_companies(["TOY", "OLD", vintages / "2026-03-31" / "toy.toml"], companies=vintages).loaded.values()
    alone = [load_company(company.file, companies=vintages) for company in loaded]
    assert [company.value("fleet", "pool_fee", "north") for company in loaded] == [0.006, 0.005, 0.005]
    assert [company.digest() for company in loaded] == [company.digest() for company in alone]
    assert load_market(company="OLD", companies=vintages).file.parent.name == "2026-03-31"
    assert load_market(company="nobody", companies=vintages).file.parent.name == "2026-06-30"


def test_the_market_without_a_company_is_the_newest(
    vintages: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, company_text: str
) -> None:
    shipped_market = load_market().file
    assert shipped_market.parents[1] == shipped("companies")
    assert shipped_market.parent.name == max(folder.name for folder in shipped("companies").iterdir())
    assert load_market(companies=vintages).file == vintages / "2026-06-30" / "market.toml"
    monkeypatch.setenv(COMPANIES_VARIABLE, str(vintages))
    assert load_market().file == vintages / "2026-06-30" / "market.toml"
    undated = company_text.replace("as_of = 2026-03-31", "")
    bare = write(tmp_path_factory.mktemp("bare") / "toy.toml", undated)
    assert load_market(company=bare, companies=bare.parent).file == shipped_market


def test_a_company_without_a_market_beside_it_goes_with_the_one_of_its_date(
    tmp_path_factory: pytest.TempPathFactory, company_text: str
) -> None:
    bare = write(tmp_path_factory.mktemp("bare") / "toy.toml", company_text)
    assert load_market(company=bare, companies=bare.parent).file == shipped("companies") / "2026-03-31" / "market.toml"


@pytest.mark.parametrize("as_of", ["2026-03-31", date(2026, 3, 31)])
def test_a_date_names_the_vintage(vintages: Path, as_of: AsOf) -> None:
    assert known_companies(vintages, as_of)["TOY"] == vintages / "2026-03-31" / "toy.toml"
    assert load_company("toy", companies=vintages, as_of=as_of).as_of == date(2026, 3, 31)
    assert load_market(companies=vintages, as_of=as_of).as_of == date(2026, 3, 31)
    assert load_companies(["TOY"], companies=vintages, as_of=as_of).loaded["TOY"].as_of == date(2026, 3, 31)
    assert "OLD" not in known_companies(vintages, "2026-06-30")
    assert newest(vintages) == date(2026, 6, 30)


def test_a_date_there_is_none_of_names_those_there_are_and_the_nearest(vintages: Path) -> None:
    allowed = "no vintage of this date; allowed 2026-03-31, 2026-06-30; nearest is 2026-06-30"
    with pytest.raises(InputError, match=f"TOY: as-of = 2026-08-31: there is {allowed}"):
        load_company("TOY", companies=vintages, as_of="2026-08-31")
    with pytest.raises(InputError, match=r"OLD: as-of = 2026-06-30: .*; allowed 2026-03-31; nearest is 2026-03-31"):
        load_company("OLD", companies=vintages, as_of="2026-06-30")
    with pytest.raises(InputError, match=r"market\.toml: as-of = 2019-12-31: there is no market of this date; allowed"):
        load_market(companies=vintages, as_of="2019-12-31")
    with pytest.raises(InputError, match="2026-02-30 is no date; write a balance-sheet date as YYYY-MM-DD"):
        load_company("TOY", companies=vintages, as_of="2026-02-30")
    with pytest.raises(InputError, match=r"toy\.toml: company\.as_of = 2026-03-31: the run starts from 2026-06-30"):
        load_company(vintages / "2026-03-31" / "toy.toml", companies=vintages, as_of="2026-06-30")


def test_a_file_in_the_folder_of_another_date_is_refused(vintages: Path, company_text: str, toy: Path) -> None:
    stray = write(vintages / "2026-06-30" / "stray.toml", company_text)
    with pytest.raises(InputError, match="as_of = 2026-03-31: the file stands in the folder of 2026-06-30"):
        load_company(stray)
    write(vintages / "2026-06-30" / "market.toml", (toy / "market.toml").read_text(encoding="utf-8"))
    with pytest.raises(InputError, match=r"market\.toml: network\.as_of = 2026-03-31: the file stands in the folder"):
        load_market(companies=vintages)


def test_files_in_the_folder_itself_come_before_its_vintages(vintages: Path, toy: Path, company_text: str) -> None:
    own = write(vintages / "toy.toml", company_text)
    market = write(vintages / "market.toml", (toy / "market.toml").read_text(encoding="utf-8"))
    assert known_companies(vintages)["TOY"] == own
    assert "MARKET" not in known_companies(vintages)
    assert load_market(companies=vintages).file == market
    assert load_market(company="OLD", companies=vintages).file.parent.name == "2026-03-31"


def test_blocks_that_there_are_none_of_may_be_left_out(
    tmp_path: Path, company: Company, company_text: str, defaults: Defaults
) -> None:
    """Written as an empty list or not at all: the same company, and each list is empty, not missing."""
    repeated = [name for name, shape in layout(CompanyTables).items() if shape.repeats]
    head = company_text.partition("[[fleet]]")[0]
    sources = "[sources]" + company_text.partition("[sources]")[2]
    entries = tuple(f'"{name}' for name in repeated)
    kept = "".join(line for line in sources.splitlines(keepends=True) if not line.startswith(entries))
    kept = kept.partition('[[source]]\nid = "terms"')[0]
    without = load_company(write(tmp_path / "without.toml", head + kept), defaults)
    empty = "".join(f"{name} = []\n" for name in repeated)
    emptied = load_company(write(tmp_path / "empty.toml", empty + head + kept), defaults)
    assert [getattr(without.tables, name) for name in repeated] == [[]] * len(repeated)
    assert without.digest() == emptied.digest() != company.digest()


def test_own_folder_that_is_none(tmp_path: Path, defaults: Defaults) -> None:
    with pytest.raises(InputError, match="is not a folder; company files are looked for there"):
        load_company("TOY", defaults, companies=tmp_path / "nowhere")


def test_installed_files_come_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    module = tmp_path / "corpfin" / "inputs" / "find.py"
    monkeypatch.setattr("corpfin.inputs.find.__file__", str(module))
    assert shipped("companies") == tmp_path / "companies"
    (tmp_path / "corpfin" / "companies").mkdir(parents=True)
    assert shipped("companies") == tmp_path / "corpfin" / "companies"


def test_batch_keeps_the_good_and_names_the_bad(tmp_path: Path, company_text: str, defaults: Defaults) -> None:
    (tmp_path / "zzgood.toml").write_text(company_text, encoding="utf-8")
    (tmp_path / "zzwrong.toml").write_text(company_text.replace("cash = 160", "cash = -160"), encoding="utf-8")
    (tmp_path / "zztorn.toml").write_text(company_text + '"', encoding="utf-8")
    batch = load_companies(["ZZGOOD", "ZZWRONG", "ZZTORN", "ZZGONE"], defaults, companies=tmp_path)
    assert list(batch.loaded) == ["ZZGOOD"]
    assert {name: failure.kind for name, failure in batch.failed.items()} == {
        "ZZWRONG": "INVALID",
        "ZZTORN": "PARSING",
        "ZZGONE": "MISSING",
    }
    assert [problem.key for problem in batch.failed["ZZWRONG"].problems] == ["treasury.cash"]


@pytest.mark.parametrize(
    ("contents", "kind", "says"),
    [
        pytest.param(b"", "PARSING", "is empty; start from templates/company.toml", id="empty"),
        pytest.param(b"# nothing\n", "PARSING", "is empty; start from", id="comment"),
        pytest.param(
            b"[company]\nname = Toy", "PARSING", r"is not TOML: Invalid value \(at line 2, column 8\)", id="toml"
        ),
        pytest.param(b"[a]\n[a]\n", "PARSING", r"is not TOML: Cannot declare .* \(at line 2", id="twice"),
        pytest.param(b"a = 2026-02-30", "PARSING", "is not TOML: Invalid date", id="date"),
        pytest.param(b"a = " + b"[" * 10_000, "PARSING", "is not TOML: ", id="deep"),
        pytest.param(b"a = 1\nb = '\xe9'", "PARSING", "is not UTF-8 text: line 2 holds byte 0xe9", id="latin"),
    ],
)
def test_unreadable_file(contents: bytes, kind: str, says: str, tmp_path: Path, defaults: Defaults) -> None:
    file = tmp_path / "toy.toml"
    file.write_bytes(contents)
    with pytest.raises(InputError, match=rf"^toy\.toml: {says}") as caught:
        load_company(file, defaults)
    assert caught.value.kind == kind


def test_a_folder_and_a_file_that_is_not_there(tmp_path: Path, defaults: Defaults) -> None:
    (tmp_path / "mara.toml").touch()
    with pytest.raises(InputError, match="is a folder; give the path of a file"):
        load_company(tmp_path, defaults)
    with pytest.raises(InputError, match=r"maar\.toml: there is no such file; nearest is mara\.toml"):
        load_company(tmp_path / "maar.toml", defaults)


def test_unknown_names_say_what_is_known(tmp_path: Path, company_text: str, defaults: Defaults) -> None:
    (tmp_path / "zzzz.toml").write_text(company_text, encoding="utf-8")
    with pytest.raises(InputError, match=r"ZZZ: there is no company of this name; nearest is ZZZZ"):
        load_company("ZZZ", defaults, companies=tmp_path)
    with pytest.raises(InputError, match=r"\$\$\$: there is no company of this name; known are .*ZZZZ"):
        load_company("$$$", defaults, companies=tmp_path)
    with pytest.raises(InputError, match="there is no scenario of this name"):
        load_scenario("no-such-scenario")


def test_market_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        load_market(tmp_path / "market.toml")
