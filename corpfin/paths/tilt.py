"""Standard normals whose means are moved, so that paths which rarely occur are drawn often, and what makes up for it.

Importance sampling: a path drawn from the moved density counts by its likelihood under the true one. Of the normals of
a stream only their sum over each year after history is moved and needed: scaled to a standard normal it is a **score**.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from corpfin.paths.streams import Array, normals

YEAR = 12
"""Months over which the mean of a stream is moved alike."""


@dataclass(frozen=True, eq=False)
class Tilt:
    """Takes the place of :func:`normals` in the draws of one block, and keeps the scores it drew.

    ``shift`` [standard deviations] moves the scores of a stream, [years after the ``known`` months, components], one
    row for what has no months; ``component`` [P] says which column moves a path. ``scores`` [years, P] are those drawn,
    by stream, with the shift in them; a stream without a month after history has no row.
    """

    shift: Mapping[str, Array]
    component: NDArray[np.int64]
    known: int
    scores: dict[str, Array] = field(default_factory=dict)

    def normals(self, seed: int, name: str, block: int, shape: tuple[int, ...], out: Array | None = None) -> Array:
        """As :func:`normals`: the very same numbers, and the stream's shift added."""
        drawn = normals(seed, name, block, shape, out)
        rows, known = (drawn[None], 0) if drawn.ndim == 1 else (drawn, self.known)
        starts = np.arange(known, len(rows), YEAR)
        months = np.diff(starts, append=len(rows))
        scale = np.sqrt(months)[:, None]
        if name in self.shift:
            rows[known:] += np.repeat(self.shift[name] / scale, months, axis=0)[:, self.component]
        sums = np.add.reduceat(rows, starts, axis=0) if starts.size else np.empty((0, rows.shape[1]))
        self.scores[name] = sums / scale
        return drawn
