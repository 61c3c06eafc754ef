"""The proposed figures written into a new company or market file: whole and checked, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpfin.common.files import whole_file
from corpfin.common.toml_text import head_of, toml_file
from corpfin.filings.facts import Filing
from corpfin.filings.mapping import mapping
from corpfin.filings.refresh import Proposal, Refresh
from corpfin.filings.updates import Updates
from corpfin.inputs import Company, InputError, Market, Problem, load_company
from corpfin.inputs.documents import Defaults
from corpfin.inputs.edit import Edit, edited
from corpfin.inputs.provenance import Source


def write_company(
    out: Path, found: Refresh, defaults: Defaults, *, updates: Updates | None = None, force: bool
) -> list[str]:
    """Write the company file of the filing's date: matched figures changed, ``as_of`` moved, pasted months entered.

    A figure that a filing should give and this one does not is of the old date: where the date moves it stays, as an
    estimate that says so. Returns what a person should know of the file. Raises ``FileExistsError`` for a file that is
    there without ``force`` and :class:`InputError` where the file would not pass its checks; nothing is written then.
    """
    company = found.company
    months = updates or Updates()
    if not found.of("matched") and not months.proposals:
        raise InputError([Problem(out.name, "", None, "is not written: no figure of the filing matches the file")])
    edits = {row.field: Edit(row.filing, _citation(row)) for row in found.of("matched")}
    pasted = {key: {"grade": "reported", "source": source.id} for key, source in months.cited.items()}
    edits |= {key: Edit(value, pasted[key]) for key, value in months.edits.items()}
    old = _left_behind(found) if found.day != company.as_of else {}
    edits["company.as_of"] = Edit(found.day)
    filings = {_id(fact.filing): fact.filing for row in found.of("matched") for fact in row.facts}
    sources = [_source(name, filing) for name, filing in filings.items()]
    sources += months.cited.values()
    blocks = {"known_month": months.blocks} if months.blocks else {}
    contents = edited(company, edits, blocks, {**old, **pasted}, sources)
    _write(out, company, contents, force, lambda path: load_company(path, defaults))
    return [f"{key}: still of {company.as_of}, not in the filing" for key in old]


def write_market(
    out: Path,
    market: Market,
    edits: Mapping[str, Edit],
    months: Sequence[Mapping[str, Any]],
    citations: Mapping[str, Mapping[str, Any]],
    sources: Sequence[Source],
    load: Callable[[Path], Any],
    *,
    force: bool,
) -> None:
    """Write a market file with figures edited and months added; raises as :func:`write_company` does."""
    contents = edited(market, edits, {"known_month": months} if months else {}, citations, sources)
    _write(out, market, contents, force, load)


def _write(
    out: Path, base: Company | Market, contents: Mapping[str, Any], force: bool, load: Callable[[Path], Any]
) -> None:
    """Write contents that load; nothing else."""
    if out.exists() and not force:
        raise FileExistsError(f"{out} exists already and is left as it is; --force writes over it")
    head = head_of(base.file.read_text(encoding="utf-8"))
    with whole_file(out) as temporary:
        temporary.write_text(toml_file(contents, head), encoding="utf-8")
        try:
            load(temporary)
        except InputError as error:
            problems = [replace(problem, file=out.name) for problem in error.problems]
            remedy = "nothing is written: the file would not pass its checks"
            if isinstance(base, Company):
                remedy += "; what is behind the new date goes with corpfin roll, or by hand"
            raise InputError([*problems, Problem(out.name, "", None, remedy)], error.kind) from None


def _citation(row: Proposal) -> dict[str, Any]:
    """Reported where the filing prints the figure, derived where it is worked out of several."""
    source = _id(row.facts[0].filing)
    if not row.formula:
        return {"grade": "reported", "source": source, "why": f"{row.tag}, {row.context}"}
    return {"grade": "derived", "source": source, "why": row.formula}


def _left_behind(found: Refresh) -> dict[str, dict[str, Any]]:
    """Citations of the figures that a filing should give and this one does not: estimates of the old date."""
    company, matched = found.company, {row.field for row in found.of("matched")}
    asked = [item.key for item in mapping().field]
    asked += [f"{row.key}.principal" for row in company.rows if row.table == "debt" and "issue_date" not in row.written]
    asked += [f"{row.key}.loan_principal" for row in company.rows if row.table == "hpc"]
    given = {f"{row.key}.{name}" for row in company.rows for name in row.written}
    citations = {}
    for key in asked:
        if key in given and key not in matched:
            before = company.provenance.of(key)
            source = {"source": before.source} if before and before.source else {}
            why = f"Of {company.as_of}; not found in the filing of {found.day}"
            citations[key] = {"grade": "estimated", **source, "why": why}
    return citations


def _id(filing: Filing) -> str:
    """The id of a filing among the sources of a file."""
    if filing.accession:
        return f"filing-{filing.accession}"
    form = "".join(sign if sign.isalnum() else "-" for sign in filing.form.lower()) or "document"
    return f"filing-{form}-{filing.period_end or 'undated'}"


def _source(name: str, filing: Filing) -> Source:
    return Source(id=name, title=filing.title, date=filing.filed)
