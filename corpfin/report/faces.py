"""Which face belongs to which result: a study is registered here, in one line."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from corpfin.report.face import Face

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FACES = {
    "Simulation": "simulation",
    "Comparison": "compare",
    "Stress": "stress",
    "Drivers": "drivers",
    "Lifeline": "lifeline",
    "WatchList": "watch",
    "Sensitivity": "sensitivity",
    "ReverseStress": "reverse",
    "Rare": "rare",
    "Backtest": "backtest",
    "Credit": "credit",
    "Roll": "roll",
    "Diff": "diff",
    "SectorStudy": "sector",
}
"""Type of a result to the module of this room that renders it, loaded when asked for."""


def face_of(result: object) -> Face[Any]:
    """The face of a result; ``TypeError`` for what has none."""
    name = type(result).__name__
    if name not in FACES:
        raise TypeError(f"a {name} is no result that can be shown; results are {', '.join(FACES)}")
    face: Face[Any] = import_module(f"corpfin.report.{FACES[name]}").FACE
    return face


def plots_of(result: object) -> dict[str, Figure]:
    """The plots of a result, by name, ready for :func:`corpfin.save_plots`; ``TypeError`` for what has none."""
    return face_of(result).plots(result)
