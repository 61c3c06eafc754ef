"""The answer for one company as a document: every block of the answer has its section, known to this file or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from corpfin.common.text import money, percent, written
from corpfin.report import words
from corpfin.report.answer import Answer, Block, Figure
from corpfin.report.answer.tree import months_of
from corpfin.report.document import versions
from corpfin.report.paper.blocks import by_year, money_of, rows, section, side_by_side
from corpfin.report.paper.elements import Bullets, Paper, Part, Plot, Section, Table, Text, Tiles
from corpfin.report.paper.values import between, shown, unit, value
from corpfin.report.words import chance_of
from corpfin.runs.readings import QUANTILES
from corpfin.studies.burdens import TOGETHER

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawn

GROUPS = {
    "dilution": "Paths that survive",
    "dilution_all": "All paths",
    "basic_dilution": "Basic dilution, paths that survive",
}
"""Groups of paths whose dilution stands in the answer."""

ORDER = ("break_even", "survival", "dilution", "liquidity", "debt", "capacity")
"""Sections in the order they are read; blocks that no section is written for stand before them."""

LAST = ("inputs", "notes", "left_out", "run")
"""Sections after all others, those of the studies among them."""

WITHIN = ("identities", "reading", "position", "bitcoin", "drivers")
"""Blocks that stand on top or in another's section."""


def company_paper(answer: Answer, plots: Mapping[str, Drawn] | None = None, studies: Sequence[Section] = ()) -> Paper:
    """The document: answer, position, what becomes of the company, ``studies``, estimates, method.

    ``plots`` by name are those of :func:`corpfin.report.plots.company_plots`; sections without them are tables alone.
    """
    run = answer["run"]
    fault = words.broken(answer["identities"])
    drawn = plots or {}
    others = [block for block in answer.blocks if block.name not in (*ORDER, *LAST, *WITHIN)]
    made = [SECTIONS[name](answer, drawn) for name in ORDER]
    last = [SECTIONS[name](answer, drawn) for name in LAST]
    sections = [_answer(answer), _position(answer), *map(section, others), *made, *studies, *last]
    return Paper(
        title=f"{run['company']} ({run['ticker']})",
        below=f"Balance sheet of {run['as_of']}; scenario {run['scenario']}; {words.asked(run)}",
        head=(Text(fault, loud=True),) if fault else (),
        sections=tuple(each for each in sections if each.parts),
    )


def _answer(answer: Answer) -> Section:
    run, found = answer["run"], answer["survival"]
    alive = [each for each in found.figures if each.name.startswith("survival_")]
    survivors = answer["dilution"]
    liquidity = months_of(answer["liquidity"])[-1].figure("liquidity")
    needs = months_of(answer["liquidity"])[-1].figure("next_year_needs")
    end = found.block("central").figure("dilution").month
    covered = f"end of {liquidity.month}, {words.cover(needs)} the needs of 12 months"
    tiles = [(f"Survival {each.label.lower()}", chance_of(each), str(each.month)) for each in alive]
    tiles.append(("Dilution of survivors, median", value(survivors["dilution_50"], "1"), f"by {end}"))
    tiles.append(("Liquidity, USD m", money(liquidity.value), covered))
    context = (words.seen(run), words.bitcoin(run, answer["break_even"]), words.shown_months(run), words.MONEY)
    return Section(
        "answer",
        "Answer",
        (
            Tiles(tuple(tiles)),
            Text(words.kills(answer)),
            Text(words.carries(answer)),
            Text(f"Scenario {run['scenario']}: {run['story']}"),
            Text(". ".join(context) + "."),
        ),
    )


def _position(answer: Answer) -> Section:
    found = answer["position"]
    return Section(found.name, found.label, (rows("What it holds and owes", found.figures),))


def _break_even(answer: Answer, plots: Mapping[str, Drawn]) -> Section:
    found = answer["break_even"]
    months = months_of(found)
    mines = any(month["power_cost_per_btc"] for month in months)
    table = side_by_side("Costs of a coin, central path", months, drop=("month_of_costs",))
    note = Text(words.COSTS if mines else words.NOTHING_MINED)
    return Section(found.name, found.label, (table, note, *_drawn(plots, "hashprice")))


def _liquidity(answer: Answer, plots: Mapping[str, Drawn]) -> Section:
    found = answer["liquidity"]
    months = months_of(found)
    table = side_by_side("At month end, central path", months)
    covered = ("Needs covered by liquidity", *(words.cover(month.figure("next_year_needs")) for month in months), "")
    whole = Table(table.caption, table.head, (*table.rows, covered), table.words)
    note = Text(
        "Liquidity: cash, free bitcoin, undrawn revolvers. Needs: burn, debt due, building committed. Burn: costs and "
        "interest beyond receipts; runway: liquidity over burn alone."
    )
    return Section(found.name, found.label, (whole, note, *_drawn(plots, "cash")))


def _debt(answer: Answer, plots: Mapping[str, Drawn]) -> Section:
    found = answer["debt"]
    parts: list[Part] = [
        part
        for name, note in (("corporate", words.DUE), ("loans", words.LOANS_DUE))
        for part in _due(found.block(name), note)
    ] or [Text("No debt falls due.")]
    paid = by_year("As the model pays it on the central path", [*found.blocks[2:]])
    return Section(found.name, found.label, (*_drawn(plots, "principal_due"), *parts, *([paid] if paid.rows else [])))


def _due(found: Block, note: str) -> list[Part]:
    cells = [
        (year.name, money_of(year["total"]), "; ".join(map(words.due, year.figures[1:])))
        for year in found.blocks
    ]  # fmt: skip
    return [Table(found.label, ("year", "in cash, USD m", "instruments"), tuple(cells), (0, 2), note)] if cells else []


def _capacity(answer: Answer, plots: Mapping[str, Drawn]) -> Section:
    found = answer["capacity"]
    projects = found.block("projects").blocks
    if not projects:
        return Section(found.name, found.label, (Text("No project in the file."),))
    years = [each.name for each in found.block("delivered_mw").figures]
    cells = [
        (
            project.name,
            money(project["leased_mw"]),
            money(project["delivered_mw"]),
            *(money(project.block("delivered_by_year")[year]) for year in years),
            f"{project['full_delivery']:%Y-%m}" if project["full_delivery"] else "-",
        )
        for project in projects
    ]
    by_end = (money(found.block("delivered_mw")[year]) for year in years)
    cells.append(("all", money(found["leased_mw"]), money(found["delivered_mw_now"]), *by_end, ""))
    left = [month.figure("capex_left") for month in months_of(found)]
    capex = Table(
        "Building still to be paid, the month's included, whole projects",
        ("", *(str(each.month) for each in left), "unit"),
        ((left[0].label, *map(shown, left), unit(left[0])),),
        (0, len(left) + 1),
    )
    now = found.figure("delivered_mw_now").month
    caption = f"Critical MW leased, delivered by {now} and at each year's end on the central path"
    table = Table(caption, ("project", "leased", "now", *years, "guided"), tuple(cells))
    return Section(found.name, found.label, (*_drawn(plots, "delivered_against_leased"), table, capex))


def _survival(answer: Answer, plots: Mapping[str, Drawn]) -> Section:
    found, prices = answer["survival"], answer["bitcoin"].blocks
    alive = [each for each in found.figures if each.name.startswith("survival_")]
    names = ("mean", "q50", "q5", "q95", "central")
    table = Table(
        "Share of paths not in default, and bitcoin at month end on these paths, USD",
        ("", "month", "survival", "mean", "median", "5 %", "95 %", "central"),
        tuple(
            (each.label, str(each.month), chance_of(each), *(value(price[name], "USD/BTC") for name in names))
            for each, price in zip(alive, prices, strict=True)
        ),
        (0, 1),
    )
    bills = [each for each in found.block("first_unpaid_bills").figures if each.value > 0]
    lenders = [found.figure("project_defaults")] if answer["capacity"].block("projects").blocks else []
    ends = [(each.label, chance_of(each)) for each in (*bills, *lenders)]
    parts: list[Part] = [table, Text(words.not_the_median(prices[-1]))]
    parts.append(Text(f"{found.block('central').label}: {words.central_end(found.block('central'))}."))
    parts += _drawn(plots, "survival", "btc_price")
    if ends:
        parts.append(Table("How it ends", ("", "share of all paths"), tuple(ends)))
    if drivers := words.driving(answer["drivers"]):
        cells = tuple(
            ("Several together" if each.name == TOGETHER else each.label, chance_of(each), each.facts["meaning"])
            for each in drivers
        )
        caption = words.driven(answer["drivers"]).removesuffix(":")
        parts.append(Table(caption, ("driven by", "share", "meaning"), cells, (0, 2)))
    return Section(found.name, found.label, tuple(parts))


def _dilution(answer: Answer, plots: Mapping[str, Drawn]) -> Section:
    found, quantiles = answer["survival"], answer["dilution"]
    shares = [int(100 * q) for q in QUANTILES]
    groups = tuple((label, *(shown(quantiles.figure(f"{name}_{q}")) for q in shares)) for name, label in GROUPS.items())
    central = found.block("central")
    bitcoin = [found.figure(name) for name in ("btc_sold_median", "btc_left_median")]
    return Section(
        quantiles.name,
        "Price of survival: dilution and bitcoin",
        (
            Table(
                f"Diluted shares over those at the start, less one, by {central.figure('dilution').month}",
                ("paths", *(f"{q} %" for q in shares)),
                groups,
            ),
            Text(
                f"Central path: {value(central['dilution'], '1')}, basic {value(central['basic_dilution'], '1')}. A "
                "column is the share of the paths that lie below."
            ),
            *_drawn(plots, "dilution"),
            Table(
                "Bitcoin, median of all paths",
                ("", "BTC", "5 to 95 % of the paths"),
                tuple((each.label, value(each.value, "BTC"), between(each)) for each in bitcoin),
            ),
            *(_drawn(plots, "btc") if value(found.figure("btc_left_median").high, "BTC") != "0" else ()),
        ),
    )


def _inputs(answer: Answer, _: Mapping[str, Drawn]) -> Section:
    found = answer["inputs"]
    grades = ", ".join(f"{each.value} {each.name}" for each in found.block("grades").figures)
    estimates = found.block("estimates").figures
    cells = tuple((each.name, each.label, *_estimate(each), each.facts["why"] or "") for each in estimates)
    head = ("figure", "meaning", "value", "unit", "range", "why")
    return Section(
        found.name,
        "Estimates and their sources",
        (
            Text(f"Figures of the company by grade: {grades} (default: the market file's)."),
            Table(f"The {len(estimates)} estimates that reach the model", head, cells, (0, 1, 3, 5)),
        ),
    )


def _estimate(figure: Figure) -> tuple[str, str, str]:
    low, high = (figure.value if end is None else end for end in (figure.low, figure.high))
    known = figure.low is not None or figure.high is not None
    return written(figure.value), unit(figure), f"{written(low)} to {written(high)}" if known else ""


def _remarks(name: str) -> Callable[[Answer, Mapping[str, Drawn]], Section]:
    """The section of a block of remarks."""

    def made(answer: Answer, _: Mapping[str, Drawn]) -> Section:
        found = answer[name]
        remarks = tuple(each.value for each in found.figures)
        return Section(found.name, found.label, (Bullets(remarks),) if remarks else ())

    return made


def _method(answer: Answer, _: Mapping[str, Drawn]) -> Section:
    run, identities = answer["run"], answer["identities"]
    made = ", ".join(f"{name} {number}" for name, number in versions().items())
    asked = tuple((each.label, _plain(each)) for each in run.figures if each.name != "story")
    digests = tuple((each.label, str(each.value)) for each in run.block("digests").figures)
    return Section(
        run.name,
        "Method and versions",
        (
            Text(
                "A monthly model of the company's mining, projects, debt, treasury and shares, run on one path without "
                "chance (the central path) and on simulated ones of bitcoin, the network, power, delivery and tenants. "
                "A company is in default when a payment finds no money after it sold, drew and issued what it may. "
                "These are projections from public figures and stated assumptions, and no investment advice."
            ),
            Table("What was asked", ("", ""), asked, (0, 1)),
            Table("Digests of what was read", ("file", "digest"), digests, (0, 1)),
            Text(
                f"Computed with {made}. The accounts hold on every path and month: the largest value of a check is "
                f"{identities['check_worst']:.2g}."
                if identities["hold"]
                else f"Computed with {made}. {words.broken(identities)}."
            ),
        ),
    )


def _plain(figure: Figure) -> str:
    if figure.unit == "1/year":
        return "-" if figure.value is None else f"{percent(figure.value, 0)} a year"
    return value(figure.value, figure.unit)


def _drawn(plots: Mapping[str, Drawn], *names: str) -> list[Part]:
    return [Plot(name, plots[name]) for name in names if name in plots]


SECTIONS: dict[str, Callable[[Answer, Mapping[str, Drawn]], Section]] = {
    "break_even": _break_even,
    "survival": _survival,
    "dilution": _dilution,
    "liquidity": _liquidity,
    "debt": _debt,
    "capacity": _capacity,
    "inputs": _inputs,
    "notes": _remarks("notes"),
    "left_out": _remarks("left_out"),
    "run": _method,
}
