"""exp, log and norm_cdf of whole arrays: the definitions of `corpfin.engine.maths`, compiled, bit for bit the same.

Each takes an array [any shape] and gives a new one, or fills `out`, which may be the array itself: float64,
C-contiguous and of the same shape, else ValueError.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from corpfin.engine.objects import compiled, host
from corpfin.engine.vector import write_functions

Array = NDArray[np.float64]


def _apply(function: str, x: Array, out: Array | None = None) -> Array:
    source = np.ascontiguousarray(x, dtype=np.float64)
    found = np.empty(source.shape) if out is None else out
    if found.shape != source.shape or found.dtype != np.float64 or not found.flags.c_contiguous:
        raise ValueError(f"out must be a C-contiguous float64 array of shape {source.shape}")
    run, width = _functions()[function], host().width
    whole = source.size // width * width
    run(source.ctypes.data, found.ctypes.data, whole)
    if whole < source.size:
        rest = np.zeros(width)
        rest[: source.size - whole] = source.reshape(-1)[whole:]
        run(rest.ctypes.data, rest.ctypes.data, width)
        found.reshape(-1)[whole:] = rest[: source.size - whole]
    return found


exp = partial(_apply, "exp")
log = partial(_apply, "log")
norm_cdf = partial(_apply, "norm_cdf")


@cache
def _functions() -> dict[str, Callable[..., None]]:
    code = compiled(write_functions(host().width), host())
    types = ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64
    return {name: code.function(name, *types) for name in ("exp", "log", "norm_cdf")}
