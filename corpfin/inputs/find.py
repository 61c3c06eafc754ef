"""Where input files are: the shipped ones, the user's own folder, a path; and of which date.

A vintage is a folder named by a balance-sheet date that holds everything of it. A ticker means its newest vintage
unless a date is given.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from corpfin.common.files import read_plain
from corpfin.inputs.errors import InputError, Problem, nearest_name

COMPANIES_VARIABLE = "CORPFIN_COMPANIES"

MARKET = "market.toml"
"""Name of the market file that stands beside the companies of its date."""

OUTCOMES = "outcomes.toml"
"""Name of the file of what became of the companies of a vintage; no run reads it."""

VINTAGE = re.compile(r"\d{4}-\d{2}-\d{2}")
"""How a vintage folder, which holds everything of one balance-sheet date, is named."""

AsOf = date | str | None
"""A balance-sheet date, also written ``YYYY-MM-DD``; None for the newest there is."""


def shipped(kind: Literal["companies", "templates"]) -> Path:
    """The shipped folder: inside the package when it is installed, beside it in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / kind
    return inside if inside.is_dir() else package.parent / kind


def known_companies(companies: Path | None = None, as_of: AsOf = None) -> dict[str, Path]:
    """Every company that can be loaded by name: ticker in capitals to the file of its newest vintage, or of ``as_of``.

    Files of the user's folder (``companies``, else the folder named by CORPFIN_COMPANIES) stand before shipped ones,
    those in the folder itself before those of its vintages. Raises :class:`InputError` if that folder is not one, and
    for what is no date.
    """
    day = date_asked(as_of)
    known: dict[str, Path] = {}
    for file in _company_files(companies):
        if file.stem.upper() not in known and (day is None or date_of(file) in (day, None)):
            known[file.stem.upper()] = file
    return dict(sorted(known.items()))


def companies_of(as_of: AsOf = None, companies: Path | None = None) -> dict[str, Path]:
    """Every company of one date, ``as_of``, else the newest there is: ticker in capitals to file.

    Raises :class:`InputError` as :func:`known_companies`, and when there is none of the date, with the dates there are.
    """
    day = date_asked(as_of)
    found = known_companies(companies, day or newest(companies))
    if not found and day is not None:
        raise no_such_date("companies", day, vintages(companies=companies), "there is no company of this date")
    return found


def vintages(ticker: str | None = None, companies: Path | None = None) -> list[date]:
    """The balance-sheet dates there are of a company, of all when None, the newest first."""
    files = _company_files(companies)
    found = {date_of(file) for file in files if ticker is None or file.stem.upper() == ticker.upper()}
    return sorted((day for day in found if day is not None), reverse=True)


def newest(companies: Path | None = None) -> date | None:
    """The newest balance-sheet date of the user's folder, where it holds a company, else of the shipped ones."""
    for root in _roots(companies):
        days = [day for day in map(date_of, _files_below(root)) if day is not None]
        if days:
            return max(days)
    return None


def companies_in(folder: Path) -> dict[str, Path]:
    """The company files of one folder, by ticker in capitals."""
    return {name: file for name, file in _by_name(folder, str.upper).items() if file.name not in (MARKET, OUTCOMES)}


def find_vintage(date_or_path: str | Path, companies: Path | None = None) -> Path:
    """The folder of a vintage, given by its date or by path; the user's stands before the shipped one.

    Raises :class:`InputError` if there is none.
    """
    if isinstance(date_or_path, Path) or Path(date_or_path).name != date_or_path:
        folder = Path(date_or_path)
        if not folder.is_dir():
            message = f"{folder} is not a folder; give the date of a vintage or the path of its folder"
            raise InputError([Problem(folder.name, "", None, message)], "MISSING")
        return folder
    known = {folder.name: folder for folder in reversed(_folders(companies)) if _folder_date(folder) is not None}
    return _found(date_or_path, date_or_path, known, "vintage")


def find_market(company: str | Path | None = None, companies: Path | None = None, as_of: AsOf = None) -> Path:
    """The market file that goes with a company, given by ticker or path: the one beside the company's file.

    Where there is none: one of the company's date, in the user's folder before the shipped ones, else the first there
    is. With no company named: that of ``as_of``, when None the user's own, else that of the newest vintage. Raises
    :class:`InputError` if the user's folder is not one, and where there is no market of ``as_of``.
    """
    day = date_asked(as_of)
    markets = [file for folder in _folders(companies) if (file := folder / MARKET).is_file()]
    if company is not None:
        known = {} if _is_path(company) else known_companies(companies, day)
        own = Path(company) if _is_path(company) else known.get(str(company).upper())
        if own is not None and (own.parent / MARKET).is_file():
            return own.parent / MARKET
        day = (date_of(own) if own else None) or day
    elif day is None and shipped("companies") in (markets[0].parent, markets[0].parent.parent):
        day = newest(companies)
    same = [file for file in markets if day is None or date_of(file) == day]
    if not same and company is None and as_of is not None:
        days = {found for found in map(date_of, markets) if found is not None}
        raise no_such_date(MARKET, day, days, "there is no market of this date")
    return (same or markets)[0]


def known_scenarios() -> dict[str, Path]:
    """Every shipped scenario: name to file."""
    return _by_name(shipped("templates") / "scenarios", str.lower)


def find_company(name_or_path: str | Path, companies: Path | None = None, as_of: AsOf = None) -> Path:
    """The file of a company given by ticker (in any case) or by path.

    Raises :class:`InputError` if there is none, or none of ``as_of``: with the dates there are and the nearest.
    """
    day = date_asked(as_of)
    if _is_path(name_or_path):
        file = Path(name_or_path)
        found = date_of(file)
        if day is not None and found is not None and found != day:
            raise other_date(file.name, found, day)
        return file
    name = str(name_or_path).upper()
    known = known_companies(companies, day)
    if name not in known and (days := vintages(name, companies)):
        raise no_such_date(name, day, days, "there is no vintage of this date")
    return _found(str(name_or_path), name, known or known_companies(companies), "company")


def find_scenario(name_or_path: str | Path) -> Path:
    """The file of a scenario given by name (in any case) or by path; raises :class:`InputError` if there is none."""
    if _is_path(name_or_path):
        return Path(name_or_path)
    return _found(str(name_or_path), str(name_or_path).lower(), known_scenarios(), "scenario")


def date_asked(as_of: AsOf) -> date | None:
    """A date as given; raises :class:`InputError` for a text that is none."""
    if not isinstance(as_of, str):
        return as_of
    try:
        return date.fromisoformat(as_of)
    except ValueError:
        message = "is no date; write a balance-sheet date as YYYY-MM-DD"
        raise InputError([Problem("as-of", "", None, f"{as_of} {message}")], "MISSING") from None


def date_of(file: Path) -> date | None:
    """The date of a company or market file: that of its vintage's folder, else the one it states; None without one."""
    if (day := vintage_of(file)) is not None:
        return day
    try:
        return _stated(file, file.stat().st_mtime_ns)
    except (OSError, ValueError, RecursionError):
        return None  # whoever loads the file says what is wrong with it


@cache
def _stated(file: Path, modified: int) -> date | None:
    """The date that a file states, read once for each time it was ``modified``."""
    contents = tomllib.loads(read_plain(file).decode("utf-8-sig"))
    table: Any = contents.get("network" if file.name == MARKET else "company")
    stated = table.get("as_of") if isinstance(table, dict) else None
    return stated if isinstance(stated, date) and not isinstance(stated, datetime) else None


def is_market(name_or_path: str | Path) -> bool:
    """Whether a name is the path of a market file: by its name, else by what it holds."""
    if not _is_path(name_or_path):
        return False
    file = Path(name_or_path)
    try:
        return file.name == MARKET or "network" in tomllib.loads(read_plain(file).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return False


def vintage_of(file: Path) -> date | None:
    """The date of the vintage whose folder holds a file; None where that is no folder of a vintage."""
    return _folder_date(file.parent)


def _folder_date(folder: Path) -> date | None:
    try:
        return date.fromisoformat(folder.name) if VINTAGE.fullmatch(folder.name) else None
    except ValueError:
        return None


def other_date(name: str, found: date, run: date) -> InputError:
    """A company, or its file, whose date is not that of the run."""
    message = (
        f"the run starts from {run}, and all companies of a run share its months, machines and prices; give the market "
        "file of the company's date (corpfin new --market writes a blank) or companies of one date (--as-of)"
    )
    return InputError([Problem(name, "company.as_of", found, message)])


def no_such_date(name: str, day: date | None, days: Iterable[date], message: str) -> InputError:
    """A date that a company or market is not of, with those there are."""
    known = sorted(days)
    near = min(known, key=lambda other: abs(other - day)) if day and known else None
    return InputError(
        [Problem(name, "as-of", day, message, ", ".join(map(str, known)), str(near) if near else None)], "MISSING"
    )


def _roots(companies: Path | None) -> list[Path]:
    """The user's folder, where there is one, and the shipped one."""
    named = os.environ.get(COMPANIES_VARIABLE)
    own = companies or (Path(named) if named else None)
    if own is not None and not own.is_dir():
        raise InputError(
            [Problem(own.name, "", None, f"{own} is not a folder; company files are looked for there")], "MISSING"
        )
    return [root for root in (own, shipped("companies")) if root is not None]


def _folders_below(root: Path) -> list[Path]:
    """A root and its vintages, the newest first."""
    dated = [path for path in root.glob("*") if _folder_date(path) is not None and path.is_dir()]
    return [root, *sorted(dated, reverse=True)]


def _folders(companies: Path | None) -> list[Path]:
    """The folders that hold company files, those that come first first."""
    return [folder for root in _roots(companies) for folder in _folders_below(root)]


def _files_below(root: Path) -> Iterator[Path]:
    for folder in _folders_below(root):
        yield from (file for file in sorted(folder.glob("*.toml")) if file.name not in (MARKET, OUTCOMES))


def _company_files(companies: Path | None) -> Iterator[Path]:
    """Every company file, those that come first first."""
    for root in _roots(companies):
        yield from _files_below(root)


def _by_name(folder: Path, fold: Callable[[str], str]) -> dict[str, Path]:
    return {fold(file.stem): file for file in sorted(folder.glob("*.toml"))}


def _is_path(name_or_path: str | Path) -> bool:
    return isinstance(name_or_path, Path) or Path(name_or_path).name != name_or_path or name_or_path.endswith(".toml")


def _found(written: str, name: str, known: dict[str, Path], what: str) -> Path:
    if name in known:
        return known[name]
    nearest = nearest_name(name, known, count=3)
    others = "" if nearest or not known else f"; known are {', '.join(sorted(known))}"
    problem = Problem(written, "", None, f"there is no {what} of this name{others}", nearest=nearest)
    raise InputError([problem], "MISSING")
