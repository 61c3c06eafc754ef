"""A loaded file as the contents of a new one: some figures changed, each with where its new value comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from corpfin.inputs.documents import Company, Market
from corpfin.inputs.provenance import Source


@dataclass(frozen=True)
class Edit:
    """What becomes of one figure: its new ``value`` (None: taken out), and its entry of [sources], empty for none."""

    value: Any
    citation: Mapping[str, Any] = field(default_factory=dict)


def edited(
    document: Company | Market,
    edits: Mapping[str, Edit],
    blocks: Mapping[str, Sequence[Mapping[str, Any]]] | None = None,
    citations: Mapping[str, Mapping[str, Any]] | None = None,
    sources: Sequence[Source] = (),
) -> dict[str, Any]:
    """The contents of a file with its figures edited by key, in its order.

    ``blocks`` are added to the end of their tables, ``citations`` to [sources] and ``sources`` to the documents; a
    document that nothing cites any more goes.
    """
    tables: dict[str, Any] = {}
    for row in document.rows:
        written = dict(row.written)
        for name in row.fields:
            edit = edits.get(f"{row.key}.{name}")
            if edit is not None:
                if edit.value is None:
                    written.pop(name, None)
                else:
                    written[name] = edit.value
        outer, _, inner = row.table.rpartition(".")
        if outer:
            tables.setdefault(outer, {})[inner] = written
        elif row.key == row.table:
            tables[row.table] = written
        else:
            tables.setdefault(row.table, []).append(written)
    for name, added in (blocks or {}).items():
        tables[name] = [*tables.get(name, []), *added]
    return tables | _documents(document, edits, citations or {}, sources)


def _documents(
    document: Company | Market,
    edits: Mapping[str, Edit],
    added: Mapping[str, Mapping[str, Any]],
    sources: Sequence[Source],
) -> dict[str, Any]:
    """Notes, citations and sources of the edited file."""
    provenance = document.provenance
    citations = {key: citation.model_dump(exclude_none=True) for key, citation in provenance.citations.items()}
    for key, edit in edits.items():
        if edit.value is None or not edit.citation:
            citations.pop(key, None)
        else:
            citations[key] = dict(edit.citation)
    citations |= {key: dict(citation) for key, citation in added.items()}
    cited = {citation.get("source") for citation in citations.values()}
    known = {source.id: source for source in (*provenance.sources.values(), *sources)}
    documents = [source.model_dump(exclude_none=True) for source in known.values() if source.id in cited]
    notes = {"items": list(document.notes)} if document.notes or document.left_out else {}
    notes |= {"left_out": list(document.left_out)} if document.left_out else {}
    return {**({"notes": notes} if notes else {}), "sources": citations, "source": documents}
