"""Reports as files: of one company, or of several with an index, each with its studies run for it."""

from __future__ import annotations

from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from corpfin.common.defaults import DIFFERENCE_PATHS, MONTHS, PATHS, VARIANT_PATHS
from corpfin.common.files import write_whole
from corpfin.inputs import AsOf, Company, Failure, Market
from corpfin.inputs.known import Known
from corpfin.report.answer import answer_of
from corpfin.report.paper.company import company_paper
from corpfin.report.paper.elements import Section
from corpfin.report.paper.html import html
from corpfin.report.paper.index import index_paper
from corpfin.report.paper.sector import sector_paper
from corpfin.report.paper.studies import levers_section, lifeline_section, stress_section
from corpfin.report.plots import company_plots
from corpfin.runs import Simulation, project, simulate
from corpfin.runs.batch import gather, prepare_batch
from corpfin.runs.cases import prepare_market
from corpfin.runs.projection import Companies, ScenarioLike, market_and_date, scenario_of
from corpfin.runs.scatter import Progress
from corpfin.studies import Lifeline, Stress, lifeline, reverse_stress, sector, stress

LEVERS = ("btc_price", "power_index")
"""What is moved until half of the paths survive, and a third lever: delays of who builds, machines of who does not."""
BUILDS, MINES = "slip", "fleet.hashrate"

SECTOR = "sector.html"
"""The page of the companies run together, beside the index."""


def write_report(
    file: Path | str,
    companies: Companies,
    scenario: ScenarioLike = "base",
    *,
    paths: int = PATHS,
    seed: int = 1,
    months: int = MONTHS,
    with_sector: bool = False,
    threads: int | None = None,
    executor: Executor | None = None,
    market: Market | None = None,
    as_of: AsOf = None,
    known: Known = "all",
    folder: Path | None = None,
    progress: Progress | None = None,
) -> tuple[list[Path], dict[str, Failure]]:
    """Write the report of one company into ``file``, or of several into this folder with an index beside them.

    One company and a name that ends in ``.html`` make one file; otherwise each is ``TICKER.html`` in a folder, made
    when missing, beside ``index.html`` and, ``with_sector``, ``sector.html``: the companies run together. All run on
    the same paths; ``companies`` None stands for all known by ticker. The studies run on at most 4,096 paths, the
    levers on 2,048. Returns the files written, and by name why a company is missing. Raises ``InputError`` when no
    company can be used and for a sector whose market file has no [impact], ``OSError`` when a file cannot be written.
    """
    file, shocks = Path(file), scenario_of(scenario)
    market, as_of = market_and_date(companies, market, as_of, folder)
    found, failures = gather(companies, market, as_of, folder)
    _, unfit = prepare_batch(found, prepare_market(market, shocks, months, known))
    failures |= unfit
    found = [company for company in found if company.ticker not in unfit]
    world: dict[str, Any] = {"seed": seed, "threads": threads, "executor": executor, "market": market, "known": known}
    world |= {"progress": progress}
    compared = world | {"paths": min(paths, DIFFERENCE_PATHS), "months": months}
    together = sector(found, shocks, folder=folder, **compared) if with_sector else None
    simulation = simulate(found, shocks, paths=paths, months=months, **world)
    stressed, carried = stress(found, **compared), lifeline(found, shocks, **compared)
    alone = file.suffix == ".html" and len(found) == 1 and not with_sector
    written = []
    if not alone:
        file.mkdir(parents=True, exist_ok=True)
    for company in found:
        levers = _levers(company, shocks, min(paths, VARIANT_PATHS), months, world)
        studies = (*_sections(stressed, carried, company.ticker), levers)
        own = _alone(simulation, company.ticker)
        projection = project(company, shocks, months=months, market=market, known=known)
        paper = company_paper(answer_of(projection, own, threads=threads), company_plots(projection, own), studies)
        written.append(_written(file if alone else file / f"{company.ticker}.html", html(paper)))
    if together is not None:
        written.append(_written(file / SECTOR, html(sector_paper(together))))
    if not alone:
        index = index_paper(simulation, stressed, carried, SECTOR if with_sector else "")
        written.append(_written(file / "index.html", html(index)))
    return written, failures


def _sections(stressed: Stress, carried: Lifeline, ticker: str) -> tuple[Section, ...]:
    return stress_section(stressed, ticker), lifeline_section(carried, ticker)


def _levers(company: Company, scenario: ScenarioLike, paths: int, months: int, world: dict[str, Any]) -> Section:
    third = BUILDS if company.tables.hpc else MINES
    names = (*LEVERS, *([third] if company.tables.hpc or company.tables.fleet else []))
    return levers_section(
        [reverse_stress(company, name, at=months, scenario=scenario, paths=paths, **world) for name in names]
    )


def _alone(simulation: Simulation, ticker: str) -> Simulation:
    """The simulation as if the company had been the only one: paths do not depend on which run together."""
    return Simulation(simulation.market_case, simulation.seed, simulation.paths, {ticker: simulation.outcomes[ticker]})


def _written(file: Path, text: str) -> Path:
    write_whole(file, text)
    return file
