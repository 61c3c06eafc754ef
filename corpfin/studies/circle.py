"""The circle: how far the price falls in all after a shock, for what the sector then sells, by the strength of impact.

Read off the central path: the price is set lower from the first month after history on, and what companies do then is
held against what they do without the shock. The gain is the log fall with the circle over the log fall without.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from corpfin.engine import Job, Row, run_together
from corpfin.engine.data import Array
from corpfin.runs.together import Sector, kernel_together

SHOCKS = (0.1, 0.3, 0.5)
"""Falls of the price from one month to the next [1]."""

MULTIPLES = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
"""Strengths of impact, over the one of the run, at which the gain is shown."""

WATCHED = 24
"""Months after the shock among which the largest gain is taken: most notes fall due and most coins are sold by then."""

RUNAWAY = 2.0
"""Gain at which the circle adds as much again as the shock: each round is then half as large as the one before or more.

Nothing runs away without end here, as coins that can be sold are finite."""

FURTHEST, PACE = 1000.0, 1.4
"""Largest multiple of impact that is tried, and each over the last."""


class Circle:
    """The central path of a sector under price shocks, at any strength of impact."""

    def __init__(self, sector: Sector) -> None:
        self.sector, self.ready = sector, sector.prepared(0)
        self.known = sector.openings()
        self.first = min(sector.market_case.history, len(sector.market_case.labels) - 1)
        factors = np.array([1.0, *(1.0 - shock for shock in SHOCKS)])
        self.draws = []
        for own in sector.central():
            wide = {
                scope: {
                    name: np.repeat(np.asarray(array)[..., None], factors.size, axis=-1)
                    for name, array in named.items()
                }
                for scope, named in own.items()
            }
            for name in ("own_btc_price", "own_btc_price_end"):
                if name in wide.get("", {}):
                    wide[""][name][self.first :] *= factors
            self.draws.append(wide)

    def prices(self, multiple: float) -> Array:
        """Month-end prices [M, 1 + shocks] at a multiple of the impact, without a shock first."""
        own = self.sector.inputs
        stronger = {name: own[name] * multiple for name in ("impact_coefficient", "flow_beta")}
        data = self.sector.with_inputs(**stronger).data
        ready = [*self.ready[:-1], kernel_together("sector").prepare(data, *self.known[:-1])]
        row = [Row("", "btc_price_end")]
        jobs = [
            Job(one, draws, record=row if one.graph.name == "market" else ())
            for one, draws in zip(ready, self.draws, strict=True)
        ]
        prices: Array = run_together(jobs, len(SHOCKS) + 1)[0].record[0]
        return prices

    def gains(self, multiple: float) -> Array:
        """The gain of each shock: total over direct log fall, the largest of the months watched."""
        prices = self.prices(multiple)[self.first : self.first + WATCHED]
        total = np.log(prices[:, :1] / prices[:, 1:])
        return np.asarray((total / -np.log(1.0 - np.array(SHOCKS))).max(axis=0))

    def table(self, multiples: Sequence[float] = MULTIPLES) -> pd.DataFrame:
        """Gains by multiple of the impact, one column a shock."""
        rows = [self.gains(multiple) for multiple in multiples]
        names = [f"gain_{round(100 * shock)}" for shock in SHOCKS]
        return pd.DataFrame(rows, index=pd.Index(multiples, name="impact_multiple"), columns=names)

    def runaway(self) -> float:
        """The first multiple of the impact, each ``PACE`` times the last, at which the gain of any shock reaches
        ``RUNAWAY``; nan when none up to the furthest does.

        Stronger still, the sector's sales take the price down without a shock, and the gain of one falls again.
        """
        multiple = 1.0
        while multiple <= FURTHEST:
            if self.gains(multiple).max() >= RUNAWAY:
                return multiple
            multiple *= PACE
        return float("nan")
