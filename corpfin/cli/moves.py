"""What moves one company's survival: how far one figure must move, and which figures move it most."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from corpfin.cli.given import can_write, known_or_leave, tell_written
from corpfin.cli.options import (
    Json,
    Months,
    Name,
    Paths,
    Plots,
    ScenarioName,
    Seed,
    Workers,
    World,
)
from corpfin.common.defaults import LONGEST, MONTHS, PATHS, VARIANT_PATHS


def reverse(
    company: Name,
    target: Annotated[str, typer.Argument(metavar="TARGET", help="btc_price, slip, or table.field of a file.")],
    survival: Annotated[float, typer.Option(help="Share of the paths that survive, between 0 and 1.")] = 0.5,
    at: Annotated[int, typer.Option(min=1, max=LONGEST, help="Month they survive to.")] = MONTHS,
    how: Annotated[Literal["multiply", "add"] | None, typer.Option(help="How the target is moved.")] = None,
    low: Annotated[float | None, typer.Option(help="Lowest level tried: a factor, or what is added.")] = None,
    high: Annotated[float | None, typer.Option(help="Highest level tried.")] = None,
    scenario: ScenarioName = "base",
    paths: Paths = PATHS,
    seed: Seed = 1,
    *,
    workers: Workers,
    world: World,
    json: Json = False,
    plots: Plots = None,
) -> None:
    """Find how far one input or factor must move until survival falls to a share of the paths."""
    from corpfin.report.document import to_json
    from corpfin.report.progress import progress
    from corpfin.report.reverse import reverse_document, reverse_page
    from corpfin.studies import reverse_stress

    can_write(folders=(plots,))
    found, where = world.load(company)
    with workers.at_work() as crew, progress() as callback:
        result = reverse_stress(
            found, target, survival, at, how=how, low=low, high=high, scenario=scenario, paths=paths, seed=seed,
            progress=callback, **crew, **where,
        )  # fmt: skip
        failed = result.failed()
    if plots is not None:
        from corpfin.report.figures import plots_of, save_plots

        tell_written(save_plots(plots, plots_of(result)))
    typer.echo(to_json(reverse_document(result, failed)) if json else reverse_page(result, failed))


def sensitivity(
    company: Name,
    output: Annotated[
        str | None, typer.Option(metavar="NAME", help="survival_36, survival_60 (the usual one), dilution or cash.")
    ] = None,
    top: Annotated[int, typer.Option(min=1, help="Figures shown of each group.")] = 15,
    sobol: Annotated[int, typer.Option(min=0, max=20, help="Sobol indices of so many of the largest.")] = 0,
    samples: Annotated[int, typer.Option(min=2, help="Their sample, a power of two.")] = 64,
    scenario: ScenarioName = "base",
    paths: Paths = VARIANT_PATHS,
    seed: Seed = 1,
    months: Months = MONTHS,
    *,
    workers: Workers,
    world: World,
    json: Json = False,
    csv: Annotated[
        Path | None, typer.Option("--csv", metavar="DIR", help="Write the whole table into this folder too.")
    ] = None,
    plots: Plots = None,
) -> None:
    """Move every figure to the ends of its range and show what matters most, figures that are not known first."""
    from corpfin.report.document import to_json
    from corpfin.report.progress import progress
    from corpfin.report.sensitivity import sensitivity_document, sensitivity_page, write_sensitivity
    from corpfin.studies import sensitivity as study
    from corpfin.studies.sensitivity import outputs

    if samples & (samples - 1):
        raise typer.BadParameter(f"{samples} is not a power of two", param_hint="--samples")
    known_or_leave(output, outputs(months), "output", "--output")
    can_write(folders=(csv, plots))
    found, where = world.load(company)
    with workers.at_work() as crew:
        with progress() as callback:
            result = study(found, scenario, paths=paths, seed=seed, months=months, progress=callback, **crew, **where)
        indices = None
        if sobol:
            with progress() as callback:
                indices = result.sobol(sobol, output=output, samples=samples, progress=callback)
    if csv is not None:
        tell_written(write_sensitivity(csv, result, indices))
    if plots is not None:
        from corpfin.report.plots import save_plots, tornado

        drawn = {f"tornado_{output or result.main_output}": tornado(result, output, top)}
        tell_written(save_plots(plots, drawn))
    document = to_json(sensitivity_document(result, indices)) if json else ""
    typer.echo(document or sensitivity_page(result, top, output, indices))
