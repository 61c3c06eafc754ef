"""Company, market and scenario files, from disk to checked objects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from corpfin.common.same import Same
from corpfin.inputs.checks import check_company, check_market
from corpfin.inputs.company import CompanyTables
from corpfin.inputs.documents import Company, Defaults, Market, Scenario
from corpfin.inputs.errors import Failure, InputError, Report, nearest_name
from corpfin.inputs.fields import Table
from corpfin.inputs.find import AsOf, find_company, find_market, find_scenario, vintage_of
from corpfin.inputs.market import MarketTables, ScenarioTables
from corpfin.inputs.provenance import SOURCES, Documents, check_provenance, provenance_of
from corpfin.inputs.read import read_file, read_toml, toml_of
from corpfin.inputs.rows import Row, check_names, check_row, collect, layout
from corpfin.inputs.shock_checks import check_scenario
from corpfin.inputs.tenants import tenants_of, with_tenants

DEFAULTS = "defaults"
JOIN = "+"
"""Between the names of scenarios that are run together."""

UNDEFAULTED = ("company", "reported", "quote", "known_month")
"""Tables of a company that no market file can give defaults for: what they hold is of one company."""

DEFAULTED = {name: shape.table for name, shape in layout(CompanyTables).items() if name not in UNDEFAULTED}


@dataclass
class Batch:
    """Several companies by name: those that loaded, and why the others did not."""

    loaded: dict[str, Company] = field(default_factory=dict)
    failed: dict[str, Failure] = field(default_factory=dict)


def load_company(
    name_or_path: str | Path,
    defaults: Defaults | None = None,
    companies: Path | None = None,
    *,
    as_of: AsOf = None,
) -> Company:
    """A company by ticker (in any case) or by the path of its file.

    A ticker means its newest vintage, or that of ``as_of``. ``defaults`` fill what the file leaves out (those of the
    market file that goes with it when None). Tickers are looked for in ``companies``, else in the folder named by
    CORPFIN_COMPANIES, then among the shipped ones. Raises :class:`InputError` with every problem of the file, and where
    there is none of ``as_of``, with the dates there are.
    """
    path = find_company(name_or_path, companies, as_of)
    if defaults is None:
        defaults = load_market(company=path, companies=companies).defaults
    return _company(path, read_file(path), Same(defaults))


@lru_cache(maxsize=64)
def _company(path: Path, text: bytes, defaults: Same[Defaults]) -> Company:
    """The company of a text; the same object for the same text, with all that was found out about it."""
    return company_from(toml_of(text, path, "company.toml"), path, defaults.it)


def company_from(contents: Mapping[str, Any], path: Path, defaults: Defaults) -> Company:
    """A company from what its file says, read or made; ``path`` names it in messages.

    Raises :class:`InputError` with every problem.
    """
    report = Report(path)
    check_names(contents, [*layout(CompanyTables), *layout(Documents), SOURCES], report)
    rows = collect(contents, layout(CompanyTables), defaults.values, report)
    rows = with_tenants(rows, defaults.tenants, report)
    _check_complete(rows, report)
    check_company(rows, report)
    _check_folder(path, "company.as_of", rows, report)
    check_provenance(contents, rows, report)
    report.close()
    tables = CompanyTables.model_validate(_tables(contents, CompanyTables))
    return Company(path, tuple(rows), provenance_of(contents), defaults, *_notes(contents), tables)


def load_companies(
    names: Iterable[str | Path],
    defaults: Defaults | None = None,
    companies: Path | None = None,
    *,
    as_of: AsOf = None,
) -> Batch:
    """Several companies, each as :func:`load_company` does it; a bad file does not stop the others.

    The results are keyed by the name as given.
    """
    batch = Batch()
    markets: dict[Path, Defaults] = {}
    for name in names:
        try:
            given = defaults
            if given is None:
                file = find_market(find_company(name, companies, as_of), companies)
                given = markets[file] = markets.get(file) or load_market(file).defaults
            batch.loaded[str(name)] = load_company(name, given, companies, as_of=as_of)
        except InputError as error:
            batch.failed[str(name)] = Failure(error.kind, tuple(error.problems))
    return batch


def load_market(
    path: Path | str | None = None,
    *,
    company: Path | str | None = None,
    companies: Path | None = None,
    as_of: AsOf = None,
) -> Market:
    """The market file at ``path``; when None, the one that stands beside the file of ``company``.

    Where none stands beside it, one of the company's date; without a company that of ``as_of``, when None of the newest
    vintage; in ``companies`` (or the folder named by CORPFIN_COMPANIES) before the shipped ones. Raises
    :class:`InputError` with every problem of the file, and where there is none of ``as_of``.
    """
    file = find_market(company, companies, as_of) if path is None else Path(path)
    return _market(file, read_file(file))


@lru_cache(maxsize=16)
def _market(file: Path, text: bytes) -> Market:
    """The market of a text; the same object for the same text."""
    return market_from(toml_of(text, file, "market.toml"), file)


def market_from(contents: Mapping[str, Any], file: Path) -> Market:
    """A market from what its file says, read or made; ``file`` names it in messages.

    Raises :class:`InputError` with every problem.
    """
    report = Report(file)
    check_names(contents, [*layout(MarketTables), DEFAULTS, *layout(Documents), SOURCES], report)
    rows = collect(contents, layout(MarketTables), {}, report)
    default_rows = _collect_defaults(contents.get(DEFAULTS, {}), report)
    rows += default_rows
    check_market(rows, report)
    tenants = tenants_of(rows, report)
    _check_folder(file, "network.as_of", rows, report)
    check_provenance(contents, rows, report)
    report.close()
    provenance = provenance_of(contents)
    values = {row.table.removeprefix(f"{DEFAULTS}."): row.valid for row in default_rows}
    tables = MarketTables.model_validate(_tables(contents, MarketTables))
    return Market(file, tuple(rows), provenance, Defaults(values, provenance, tenants), *_notes(contents), tables)


def load_scenario(name_or_path: str | Path) -> Scenario:
    """A shipped scenario by name, any by path, or several joined by ``+``: all their shocks, one after the other.

    Raises :class:`InputError` with every problem of the files.
    """
    if isinstance(name_or_path, str) and JOIN in name_or_path and not Path(name_or_path).exists():
        return joined([load_scenario(name.strip()) for name in name_or_path.split(JOIN)])
    path = find_scenario(name_or_path)
    return scenario_from(read_toml(path, "scenarios/base.toml"), path)


def scenario_from(contents: Mapping[str, Any], path: Path) -> Scenario:
    """A scenario from what its file says, read or made; ``path`` names it in messages.

    Raises :class:`InputError` with every problem.
    """
    report = Report(path)
    check_names(contents, list(layout(ScenarioTables)), report)
    check_scenario(collect(contents, layout(ScenarioTables), {}, report), report)
    report.close()
    return Scenario(path, ScenarioTables.model_validate(contents))


def joined(parts: Sequence[Scenario]) -> Scenario:
    """Several scenarios as one: all their shocks, one after the other."""
    first = parts[0].tables
    name, story = JOIN.join(part.name for part in parts), "\n".join(part.story for part in parts)
    head = first.scenario.model_copy(update={"name": name, "story": story})
    shocks = [shock for part in parts for shock in part.shocks]
    file = parts[0].file.with_name(JOIN.join(part.file.name for part in parts))
    return Scenario(file, first.model_copy(update={"scenario": head, "shock": shocks}))


def _collect_defaults(written: Any, report: Report) -> list[Row]:
    """The rows of the ``[defaults.*]`` tables: any field that a company file may leave out."""
    rows: list[Row] = []
    if not isinstance(written, dict):
        report.add(DEFAULTS, "is not written as a table; its headings are [defaults.equity] and so on", written)
        return rows
    for name, block in written.items():
        key = f"{DEFAULTS}.{name}"
        if name not in DEFAULTED or not isinstance(block, dict):
            report.add(key, "unknown table", None, ", ".join(DEFAULTED), nearest_name(name, DEFAULTED))
            continue
        row = Row(key, None, key, DEFAULTED[name], block, check_row(key, DEFAULTED[name], block, report, partial=True))
        for field_name in row.valid:
            if row.fields[field_name].required:
                report.add(f"{key}.{field_name}", "has no default; every company file gives it")
        rows.append(row)
    return rows


def _check_folder(file: Path, key: str, rows: Sequence[Row], report: Report) -> None:
    """Report a file that stands in the vintage of another date."""
    table, _, name = key.partition(".")
    stated = next((row.day(name) for row in rows if row.table == table), None)
    day = vintage_of(file)
    if stated is not None and day is not None and day != stated:
        report.add(key, f"the file stands in the folder of {day}", stated, None, str(day))


def _check_complete(rows: Sequence[Row], report: Report) -> None:
    """Report the fields that the model reads and that are given by neither file nor default nor a value for absence."""
    for row in rows:
        for name, declared in row.fields.items():
            lacking = declared.spec.model and not declared.required and declared.spec.absent is None
            if lacking and name not in row.written and name not in row.defaults:
                message = f"is not given: {declared.described}; give it or add a default to [{DEFAULTS}.{row.table}]"
                report.add(f"{row.key}.{name}", message, None, declared.allowed)


def _notes(contents: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The remarks, and what is left out."""
    written = contents.get("notes", {})
    return tuple(written.get("items", ())), tuple(written.get("left_out", ()))


def _tables(contents: Mapping[str, Any], tables: type[Table]) -> dict[str, Any]:
    return {name: contents[name] for name in tables.model_fields if name in contents}
