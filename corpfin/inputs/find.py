"""Where input files are: the shipped ones, the user's own folder, a path."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from corpfin.inputs.errors import InputError, Problem, nearest_name

COMPANIES_VARIABLE = "CORPFIN_COMPANIES"

MARKET = "market.toml"
"""Name of the market file that stands beside the companies of its date."""

OUTCOMES = "outcomes.toml"
"""Name of the file of what became of the companies of a vintage; no run reads it."""

VINTAGE = re.compile(r"\d{4}-\d{2}-\d{2}")
"""How a vintage folder, which holds everything of one balance-sheet date, is named."""


def shipped(kind: Literal["companies", "templates"]) -> Path:
    """The shipped folder: inside the package when it is installed, beside it in a checkout."""
    package = Path(__file__).parents[1]
    inside = package / kind
    return inside if inside.is_dir() else package.parent / kind


def known_companies(companies: Path | None = None) -> dict[str, Path]:
    """Every company that can be loaded by name: ticker in capitals to the file of its newest vintage.

    Files of the user's folder (``companies``, else the folder named by CORPFIN_COMPANIES) stand before shipped ones,
    those in the folder itself before those of its vintages. Raises :class:`InputError` if that folder is not one.
    """
    known: dict[str, Path] = {}
    for folder in _company_folders(companies):
        known |= companies_in(folder)
    return dict(sorted(known.items()))


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
    known = {folder.name: folder for folder in _company_folders(companies) if VINTAGE.fullmatch(folder.name)}
    return _found(date_or_path, date_or_path, known, "vintage")


def find_market(company: str | Path | None = None, companies: Path | None = None) -> Path:
    """The market file that goes with a company, given by ticker or path: the one beside the company's file.

    Where there is none, or no company is named: that of the user's folder or of its newest vintage, else that of the
    newest shipped one. Raises :class:`InputError` if the user's folder is not one.
    """
    folders = _company_folders(companies)
    if company is not None:
        file = Path(company) if _is_path(company) else known_companies(companies).get(str(company).upper())
        folders += [file.parent] if file else []
    return next(file for folder in reversed(folders) if (file := folder / MARKET).is_file())


def known_scenarios() -> dict[str, Path]:
    """Every shipped scenario: name to file."""
    return _by_name(shipped("templates") / "scenarios", str.lower)


def find_company(name_or_path: str | Path, companies: Path | None = None) -> Path:
    """The file of a company given by ticker (in any case) or by path; raises :class:`InputError` if there is none."""
    if _is_path(name_or_path):
        return Path(name_or_path)
    known = known_companies(companies)
    return _found(str(name_or_path), str(name_or_path).upper(), known, "company")


def find_scenario(name_or_path: str | Path) -> Path:
    """The file of a scenario given by name (in any case) or by path; raises :class:`InputError` if there is none."""
    if _is_path(name_or_path):
        return Path(name_or_path)
    return _found(str(name_or_path), str(name_or_path).lower(), known_scenarios(), "scenario")


def _company_folders(companies: Path | None) -> list[Path]:
    """The folders that hold company files, those that come first last: vintages by date, shipped before the user's."""
    named = os.environ.get(COMPANIES_VARIABLE)
    own = companies or (Path(named) if named else None)
    if own is not None and not own.is_dir():
        raise InputError(
            [Problem(own.name, "", None, f"{own} is not a folder; company files are looked for there")], "MISSING"
        )
    return [
        folder
        for root in (shipped("companies"), own)
        if root is not None
        for folder in (*sorted(path for path in root.glob("*") if VINTAGE.fullmatch(path.name) and path.is_dir()), root)
    ]


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
