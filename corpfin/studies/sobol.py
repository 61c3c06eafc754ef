"""Sobol indices: what share of an output's variance each of several figures explains, alone and with the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd


@dataclass(frozen=True, eq=False)
class Sobol:
    """Sobol indices of some figures, varied together and evenly within their ranges.

    ``table`` has one row per output and figure: first-order index S1 (share of the output's variance that the figure
    explains alone), total index ST (alone and with others), each with the half width of its 95 % interval.
    ``values`` [R, outputs] are the outputs of the runs.
    """

    table: pd.DataFrame
    values: pd.DataFrame = field(repr=False)


def sobol_indices(
    bounds: Mapping[str, tuple[float, float]],
    evaluate: Callable[[np.ndarray], pd.DataFrame],
    samples: int,
    seed: int = 1,
) -> Sobol:
    """First-order and total Sobol indices of a function of evenly distributed inputs, with 95 % intervals.

    ``evaluate`` turns [R, D] inputs into R rows of outputs. Sampling and estimators are those of Saltelli et al.,
    Computer Physics Communications 181, 2010, as SALib implements them (Iwanaga, Usher and Herman 2022); the
    intervals are bootstrapped. An output that does not vary over the sample has indices of zero. ``ValueError`` when
    ``samples`` is not a power of two.
    """
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    if samples < 2 or samples & (samples - 1):
        raise ValueError(f"samples is {samples}; a Sobol sequence is balanced only for a power of two")
    problem = {"num_vars": len(bounds), "names": list(bounds), "bounds": [list(ends) for ends in bounds.values()]}
    points = sampling.sample(problem, samples, calc_second_order=False, seed=seed)
    values = evaluate(points)
    names = ("S1", "S1_conf", "ST", "ST_conf")
    tables = {}
    for output, column in values.items():
        flat = column.to_numpy(dtype=float)
        if np.ptp(flat.reshape(samples, -1)[:, [0, -1]]) > 0:  # the two independent samples; the rest mixes them
            found = analysis.analyze(problem, flat, calc_second_order=False, seed=seed + 1)
        else:
            found = dict.fromkeys(names, np.zeros(len(bounds)))
        tables[output] = pd.DataFrame({name: found[name] for name in names}, index=pd.Index(list(bounds), name="input"))
    return Sobol(pd.concat(tables, names=["output"]), values)
