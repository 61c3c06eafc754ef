"""One definition of exp, log and norm_cdf, in plain IEEE arithmetic, from which every reading takes them.

A C library's own functions differ in the last digits from one library and processor to the next. Here each is a few
additions, multiplications and divisions, which IEEE 754 rounds the same everywhere, so a result is the same on every
machine. They are written over `Ops`: called on floats they serve the interpreter (`corpfin.engine.grammar`), called on
values of the compiler they write its code (`corpfin.engine.vector`). Nothing may fuse a product with a sum.

Errors against the exact value: exp and log below 1 unit in the last place, norm_cdf below 3, also where it is tiny.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

SHIFT = 1.5 * 2.0**52
"""Added to a number and taken off again, it rounds to the nearest whole number."""

_LOG2_HIGH, _LOG2_LOW = float.fromhex("0x1.62e42feep-1"), float.fromhex("0x1.a39ef35793c76p-33")
"""log 2 in two parts; the high part has 33 bits, so that its product with any exponent is exact."""

_PER_LOG2 = float.fromhex("0x1.71547652b82fep+0")
"""1 / log 2."""

_EXP = tuple(1.0 / math.factorial(n) for n in range(2, 14))
"""Taylor coefficients of (exp(r) - 1 - r) / r**2; |r| is at most log(2) / 2."""

_LOG = tuple(2.0 / (2 * n + 1) for n in range(1, 12))
"""Taylor coefficients of (log((1 + s) / (1 - s)) / s - 2) / s**2 in s**2; |s| is at most 0.172."""

_TAIL = (
    0.47205320650984467, -0.0967034773265258, 0.013999634724425471, 0.028600364053549595, -0.03219783742808943,
    0.017936097479712202, -0.005002378590956318, -0.00028562309851940963, 0.0006948971034525177,
    -9.44302497580176e-05, -8.785317542873346e-05, 2.125003107651531e-05, 1.3626831951316531e-05,
    -3.4321503281806613e-06, -2.6128008880784497e-06, 4.0440838412846273e-07, 5.518111291297383e-07,
    1.5239116000050703e-09, -1.1079709664950842e-07, -1.9905745862095474e-08, 1.752110370992027e-08,
    6.2093547342817355e-09, -1.507464793239907e-09, -7.731286908026786e-10,
)  # fmt: skip
"""Coefficients in t = (a - 4) / (a + 4) of (1 + a) exp(a**2 / 2) norm_cdf(-a) for a from 0 to 39.

The Chebyshev expansion of degree 23 (the variable is that of Shepherd and Laframboise, Mathematics of Computation 36,
1981), worked out to 60 digits and written as powers. Its largest relative error is 5e-17.
"""


class Ops(Protocol):
    """What the definitions need of a kind of number, beside + - * / < > and unary minus."""

    def select(self, test: Any, yes: Any, no: Any) -> Any:
        """`yes` where `test` holds, else `no`."""

    def absolute(self, x: Any) -> Any:
        """x without its sign."""

    def power_of_two(self, n: Any) -> Any:
        """2**n for whole n from -1022 to 1023; anything for NaN."""

    def split(self, x: Any) -> tuple[Any, Any]:
        """(m, e) with x = m * 2**e and 1 <= m < 2, for a normal x above zero; anything for other x."""


def exp(ops: Ops, x: Any, low: Any = 0.0) -> Any:
    """e to the power x + low, where `low` is what x lost in rounding; infinity above the range, 0 below it.

    x = n log 2 + r; the power of two is multiplied in as two factors, for results below the normal numbers.
    """
    x = ops.select(x > 710.0, 710.0, x)
    x = ops.select(x < -746.0, -746.0, x)
    n = (x * _PER_LOG2 + SHIFT) - SHIFT
    high, rest = x - n * _LOG2_HIGH, n * _LOG2_LOW - low
    r = high - rest
    lost = (high - r) - rest
    m = 1.0 + (r + (r * r * _polynomial(r, _EXP) + lost))
    half = (n * 0.5 + SHIFT) - SHIFT
    return m * ops.power_of_two(half) * ops.power_of_two(n - half)


def log(ops: Ops, x: Any) -> Any:
    """Natural logarithm; minus infinity at 0, NaN below.

    x = 2**e (1 + f) with 1 + f around 1; s = f / (2 + f), and log(1 + f) = 2 atanh(s) is put together as in
    Sun's fdlibm (1993), so that the large part of f is not rounded.
    """
    tiny = x < 2.0**-1022
    m, e = ops.split(ops.select(tiny, x * 2.0**54, x))
    e = ops.select(tiny, e - 54.0, e)
    above = m > math.sqrt(2.0)
    m = ops.select(above, m * 0.5, m)
    e = ops.select(above, e + 1.0, e)
    f = m - 1.0
    s = f / (2.0 + f)
    z = s * s
    half = f * f * 0.5
    found = e * _LOG2_HIGH - ((half - (s * (half + z * _polynomial(z, _LOG)) + e * _LOG2_LOW)) - f)
    found = ops.select(x > 0.0, found, ops.select(x < 0.0, math.nan, -math.inf))
    return ops.select(x < math.inf, found, x)


def norm_cdf(ops: Ops, x: Any) -> Any:
    """Probability that a standard normal variable is below x.

    The tail beyond |x| is exp(-x**2 / 2) times a smooth function; x is split in two so that its square is not rounded,
    which keeps full relative accuracy down to the smallest numbers.
    """
    a = ops.absolute(x)
    a = ops.select(a > 39.0, 39.0, a)
    shifted = a * (2.0**27 + 1.0)
    high = shifted - (shifted - a)
    power = exp(ops, -(high * high * 0.5), -((a - high) * (a + high) * 0.5))
    tail = _polynomial((a - 4.0) / (a + 4.0), _TAIL) / (1.0 + a) * power
    return ops.select(x > 0.0, 1.0 - tail, tail)


def _polynomial(x: Any, coefficients: Sequence[float]) -> Any:
    """A polynomial by eight coefficients at a time: short chains, on which a processor works side by side."""
    square = x * x
    fourth = square * square
    return _horner(fourth * fourth, [_horner(x, coefficients[i : i + 8]) for i in range(0, len(coefficients), 8)])


def _horner(x: Any, coefficients: Sequence[Any]) -> Any:
    total: Any = coefficients[-1]
    for coefficient in reversed(coefficients[:-1]):
        total = x * total + coefficient
    return total


class Floats:
    """The operations on Python's floats."""

    def select(self, test: bool, yes: float, no: float) -> float:
        return yes if test else no

    def absolute(self, x: float) -> float:
        return abs(x)

    def power_of_two(self, n: float) -> float:
        return math.ldexp(1.0, int(n)) if n == n else n

    def split(self, x: float) -> tuple[float, float]:
        m, e = math.frexp(x) if 0.0 < x < math.inf else (0.5, 1)
        return m * 2.0, e - 1.0


FLOATS = Floats()
