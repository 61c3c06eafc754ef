"""The files handed in, told apart by what they hold and read together: one company, one set of facts."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from corpfin.filings.companyfacts import company_facts, is_company_facts, read_json
from corpfin.filings.facts import Fact, Facts, Filing
from corpfin.filings.inline import is_inline, read_inline
from corpfin.inputs import InputError, Problem


def read_filings(paths: Iterable[Path]) -> Facts:
    """The facts of inline XBRL documents and company-facts files of one company.

    Raises :class:`InputError` for all the files that cannot be read, or where they are of several filers; ``OSError``
    for a file that is not there.
    """
    problems: list[Problem] = []
    known: dict[str, Filing] = {}
    documents: list[Filing] = []
    facts: list[Fact] = []
    filers: dict[str, str] = {}
    files = list(paths)
    for path in sorted(files, key=is_inline):  # company facts first: they know the accession and date of a document
        try:
            if is_inline(path):
                filing, filer, found = read_inline(path, known)
                documents.append(filing)
            else:
                contents = read_json(path)
                if not is_company_facts(contents):
                    message = 'is not of the company-facts form {"cik": ..., "facts": {...}}'
                    problems.append(Problem(path.name, "", None, message))
                    continue
                filings, filer, found = company_facts(path, contents)
                known |= filings
        except InputError as error:
            problems += error.problems
            continue
        facts += found
        if filer:
            filers.setdefault(filer, path.name)
    if len(filers) > 1:
        named = ", ".join(f"{name} is of CIK {filer}" for filer, name in filers.items())
        problems.append(Problem(files[0].name, "", None, f"the files are of several companies: {named}"))
    if problems:
        raise InputError(problems, "PARSING")
    return Facts(facts, documents)
