"""Columns of the tables that stand beside the main one of a study, most of them lines of the model."""

from __future__ import annotations

from collections.abc import Iterator

from corpfin.common.columns import TEXT, Heading
from corpfin.runs.graphs import heading_of
from corpfin.runs.readings import HORIZONS, QUANTILES
from corpfin.runs.together import graphs_together
from corpfin.studies.circle import SHOCKS
from corpfin.studies.network_safety import ANSWERED, CURVE
from corpfin.studies.network_safety import LINES as NETWORK_LINES
from corpfin.studies.sector_tables import CAPACITY, FLOWS

ENDS = (5, 95)
"""Quantiles told of a line of the sector [%]."""


OF_COVENANT = "unit of the covenant"
"""What stands for the unit where each row has its own: money, or a ratio."""


def of_line(name: str) -> Heading:
    """A line of the model as a column."""
    return heading_of(name, graphs_together())


def with_ends(line: str) -> Iterator[Heading]:
    """A line and its quantiles over the paths."""
    own = of_line(line)
    yield own
    for q in ENDS:
        yield Heading(f"{line}_{q}", own.unit, f"{own.label}, {q} % quantile", f"{q} % of the paths are below")


def simulation_survival() -> tuple[Heading, ...]:
    """Of ``Simulation.survival``, below each company."""
    return (
        Heading("survival", "1", "Survival", "share of paths not in default at the end of the month"),
        Heading("survival_error", "1", "Survival, error", "its standard error"),
    )


def simulation_bills() -> tuple[Heading, ...]:
    """Of ``Simulation.first_unpaid_bills``."""
    return (
        Heading("first_unpaid_bill", TEXT, "First unpaid bill", "what a path in default left unpaid first"),
        Heading("share", "1", "Share of paths", "in default by the horizon for it"),
        Heading("share_error", "1", "Share of paths, error", "its standard error"),
    )


def simulation_dilution() -> tuple[Heading, ...]:
    """Of ``Simulation.dilution``."""
    groups = {
        "dilution": ("Dilution", "of paths that survive to the end"),
        "dilution_all": ("Dilution, all paths", "of all paths, those in default as they stand"),
        "basic_dilution": ("Basic dilution", "of paths that survive to the end"),
    }
    found = [
        Heading(f"{name}_{100 * q:.0f}", "1", f"{label}, {100 * q:.0f} % quantile", meaning)
        for name, (label, meaning) in groups.items()
        for q in QUANTILES
    ]
    mean = Heading("dilution_mean", "1", "Dilution, mean", "of paths that survive to the end")
    errors = (Heading(f"{each.name}_error", "1", f"{each.label}, error", "its standard error") for each in found)
    mean_error = Heading("dilution_mean_error", "1", "Dilution, mean, error", "its standard error")
    return (*found, mean, mean_error, *errors)


def credit_events() -> tuple[Heading, ...]:
    """Of ``Credit.events``, below each company and event."""
    return tuple(
        heading
        for month in HORIZONS
        for heading in (
            Heading(f"by_{month}", "1", f"By month {month}", "share of paths on which it has happened by then"),
            Heading(f"by_{month}_error", "1", f"By month {month}, error", "its standard error"),
        )
    )


def credit_covenants() -> tuple[Heading, ...]:
    """Of ``Credit.covenants``, below each company, instrument, covenant and month."""
    return (
        Heading(
            "covenant_level",
            OF_COVENANT,
            "Level of the covenant",
            "what the agreement asks for, in the covenant's unit",
        ),
        Heading("covenant_headroom", OF_COVENANT, "Headroom, central path", "in the covenant's unit; a breach below 0"),
        *(
            Heading(
                f"covenant_headroom_{100 * q:.0f}",
                OF_COVENANT,
                f"Headroom, {100 * q:.0f} % quantile",
                "of the paths recorded",
            )
            for q in QUANTILES
        ),
        Heading("below", "1", "Share below", "of the paths recorded, below no headroom in the month"),
        Heading("ever_below", "1", "Share ever below", "in any month shown"),
    )


def sector_loop() -> tuple[Heading, ...]:
    """Gain of the circle by strength of the impact."""
    falls = [round(100 * shock) for shock in SHOCKS]
    return tuple(
        Heading(f"gain_{fall}", "1", f"Gain after {fall} %", "total over direct fall of the price, in logs")
        for fall in falls
    )


def sector_effects() -> tuple[Heading, ...]:
    """What each thing that companies meet of each other does by itself."""
    return (
        Heading("defaults", "1", "Defaults more", "companies in default more than alone, mean of the paths"),
        Heading("largest", "1", "Largest of a company", "of the one whose probability of default it raises most"),
    )


def sector_joint() -> tuple[Heading, ...]:
    """Paths by number of companies in default."""
    return (
        Heading("alone", "1", "Alone", "share of the paths when each is run alone"),
        Heading("together", "1", "Together", "share of the paths when they are run together"),
    )


def sector_flows() -> tuple[Heading, ...]:
    """Bitcoin and capital by quarter."""
    return (
        *(of_line(name) for name in FLOWS),
        *list(with_ends("listed_sold"))[1:],
        Heading("sold_over_mined", "1", "Sold over mined", "of listed companies"),
        of_line("capital_asked"),
        of_line("capital_capacity"),
        Heading("rationed", "1", "Capital rationed", "share of paths on which more is asked than given in a month"),
    )


def sector_history() -> tuple[Heading, ...]:
    """What was reported of earlier quarters."""
    return of_line("listed_mined"), of_line("listed_sold"), Heading("source", TEXT, "Source", "who counted")


def sector_gap() -> tuple[Heading, ...]:
    """What each company still needs to deliver what it leased."""
    names = "leased_mw", "delivered_mw", "left_to_build", "escrowed", "signed_to_come", "gap_after_signed", "liquidity"
    leased = Heading("leased_mw", "MW", "Leased capacity", "megawatts under contract")
    return tuple(leased if name == "leased_mw" else of_line(name) for name in names)


def sector_bridge() -> tuple[Heading, ...]:
    """From the gap to published figures."""
    return (
        Heading("step", TEXT, "Step", "what is added"),
        Heading("usd_m", "USD m", "Amount", "of the step"),
        Heading("grade", TEXT, "Grade", "the model's, or how well it is known"),
    )


def sector_capacity() -> tuple[Heading, ...]:
    """Megawatts and money by month: means, and ends over the paths."""
    return tuple(each for name in CAPACITY for each in with_ends(name))


def sector_network() -> tuple[Heading, ...]:
    """The network of one month by price."""
    answered = f"Hash rate after {ANSWERED} months"
    drawn = {"btc_price": Heading("btc_price", "USD/BTC", "Bitcoin price, month's mean", "mean of the month")}
    return (
        *(drawn.get(name) or of_line(name) for name in NETWORK_LINES),
        Heading("budget_share", "1", "Security budget over value", "a year of it over the market value of all coins"),
        Heading("hashrate_half_year_later", "1", answered, "over that at the price of the central path"),
    )


def sector_elasticity() -> tuple[Heading, ...]:
    """How much hash rate answers to price, by month and price over that of the month."""
    of_network = {heading.name: heading for heading in sector_network()}
    return tuple(of_network[name] for name in CURVE)


def sector_readings() -> tuple[Heading, ...]:
    """What each reading of the article takes and comes to."""
    last = "over the last month of history, central path"
    return (
        Heading("price_in_a_year", "1", "Price in a year", last),
        Heading("price_at_end", "1", "Price at the end", last),
        Heading("lowest_under_water", "1", "Lowest share under water", "of machines, central path"),
        Heading("highest_under_water", "1", "Highest share under water", "of machines, central path"),
        Heading("hashrate_at_end", "1", "Hash rate at the end", last),
        Heading("in_default_alone", "1", "In default, alone", "companies at the end, mean of the paths"),
        Heading("in_default_together", "1", "In default, together", "companies at the end, mean of the paths"),
        Heading("five_or_more", "1", "Five or more in default", "share of the paths"),
        Heading("delivered", "1", "Delivered over leased at the end", "mean of the paths"),
        Heading("btc_kept", "1", "Bitcoin kept", "held at the end over held now"),
        Heading(
            "impact_at_end", "1", "Weight on the price at the end", "log of the price without its sales over with them"
        ),
    )


def rare_shift() -> tuple[Heading, ...]:
    """Which luck it takes to fail."""
    return (
        Heading("way", "1", "Way to fail", "the likeliest first"),
        Heading("pilot_share", "1", "Share of the pilots", "of the paths nearest to failure that fail so"),
        Heading("factor", TEXT, "Factor", "what is drawn"),
        Heading("year", "year", "Year", "after history; 0 for what is drawn once"),
        Heading("deviations", "1", "Deviations", "by which its mean is moved; plus is a higher price, cost or delay"),
    )


def reverse_points() -> tuple[Heading, ...]:
    """The levels of interest of a reverse stress."""
    return (
        Heading("level", "level", "Level", "by what the target is multiplied, or what is added"),
        Heading("value", "unit", "Value", "what the target becomes, where it is one figure"),
        Heading("survival", "1", "Survival", "share of paths not in default at the month asked for"),
        Heading("survival_error", "1", "Survival, error", "its standard error"),
    )
