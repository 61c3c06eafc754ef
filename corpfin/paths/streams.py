"""Named streams of random numbers: what is drawn depends on seed, name and block, and on nothing else.

Each (seed, stream name, block of paths) has a Philox generator of its own, keyed by a hash of the three (Salmon,
Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11). No generator is ever shared, so neither
the order of drawing nor the number of threads matters, and a new name leaves every other name's numbers as they were.

Arrays are drawn with the paths of a block innermost and the months before them. A generator fills them in that order,
so more months only append, and more paths are more blocks.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.random import Generator, Philox
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import NDArray

from corpfin.common.numbers import whole_number

Array = NDArray[np.float64]

Normals = Callable[[int, str, int, tuple[int, ...], Array | None], Array]
"""What draws standard normals: :func:`normals`, or what stands in for it."""

BLOCK = 1024
"""Paths in a block; part of the identity of every path, never to be changed."""


def locate(path: int) -> tuple[int, int]:
    """Block and lane of a path, both counted from 0.

    >>> locate(4711)
    (4, 615)
    """
    if path < 0:
        raise ValueError(f"path {path}: paths are counted from 0")
    return divmod(path, BLOCK)


def generator(seed: int, name: str, block: int) -> Generator:
    """The generator of one stream in one block, at its beginning.

    Its 128-bit key is the BLAKE2b digest of the three; seed and block are whole numbers at the two ends of the
    hashed text, so that no two triples share a text. ``ValueError`` for a negative block or a seed that is not whole.
    """
    if block < 0:
        raise ValueError(f"block {block}: blocks are counted from 0")
    digest = blake2b(f"{whole_number('seed', seed)}|{name}|{int(block)}".encode(), digest_size=16).digest()
    words = np.frombuffer(digest, dtype="<u8").astype(np.uint64)
    return Generator(Philox(_Key(words)))  # type: ignore[arg-type]  # any ISeedSequence will do, as its page says


class _Key(ISeedSequence):
    """The key of a Philox generator, which it asks for as its seed; given as `key` it costs three times as much."""

    def __init__(self, words: NDArray[np.uint64]) -> None:
        self.words = words

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> NDArray[np.uint64]:
        """The two words of the key; ``ValueError`` for another number of them."""
        if n_words != len(self.words) or np.dtype(dtype) != np.uint64:
            raise ValueError(f"a Philox key is {len(self.words)} words of 64 bits, not {n_words} of {np.dtype(dtype)}")
        return self.words


def normals(seed: int, name: str, block: int, shape: tuple[int, ...], out: Array | None = None) -> Array:
    """Standard normals of ``shape``, whose last axis is the :data:`BLOCK` paths.

    ``out`` is filled and returned when given (float64, C-contiguous, of this shape); new memory costs as much as the
    drawing. The global interpreter lock is released meanwhile. ``ValueError`` for another shape.
    """
    _check(shape)
    return generator(seed, name, block).standard_normal(shape, out=out)


def uniforms(seed: int, name: str, block: int, shape: tuple[int, ...], out: Array | None = None) -> Array:
    """Uniforms on [0, 1) of ``shape``; otherwise as :func:`normals`."""
    _check(shape)
    return generator(seed, name, block).random(shape, out=out)


def buffers(shapes: dict[str, tuple[int, ...]], out: dict[str, Array] | None) -> dict[str, Array]:
    """The arrays to fill: those of ``out``, or new ones.

    ``ValueError`` naming the first array of ``out`` that is missing, or not float64, C-contiguous and of its shape.
    """
    if out is None:
        return {name: np.empty(shape) for name, shape in shapes.items()}
    for name, shape in shapes.items():
        array = out.get(name)
        if array is None or array.shape != shape or array.dtype != np.float64 or not array.flags.c_contiguous:
            raise ValueError(f"out[{name!r}] must be a C-contiguous float64 array of shape {shape}")
    return out


def _check(shape: tuple[int, ...]) -> None:
    if not shape or shape[-1] != BLOCK:
        raise ValueError(f"shape {shape}: the last axis must be the {BLOCK} paths of a block")
