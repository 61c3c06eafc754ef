"""exp, log and norm_cdf: against exact values worked out in decimal, at their limits, and the same in every reading."""

import math
import random
from collections.abc import Callable
from decimal import Decimal, localcontext

import numpy as np
import pytest

from corpfin.engine import arrays, exp, log, maths, norm_cdf

dice = random.Random(4711)
TWO_PI = Decimal("6.28318530717958647692528676655900576839433879875021164194988918461563281257241799725606965068")
EXPONENTS = [
    *(dice.uniform(-708, 709) for _ in range(300)), *(dice.uniform(-1, 1) for _ in range(300)),
    *(dice.uniform(-745, -708) for _ in range(100)), 1e-300, -1e-17, 0.34657359027997264, -0.34657359027997264,
]  # fmt: skip
NUMBERS = [
    *(math.exp(dice.uniform(-744, 709)) for _ in range(300)), *(dice.uniform(0.3, 3) for _ in range(300)),
    *(1 + dice.uniform(-1, 1) * 2.0 ** -dice.randrange(1, 52) for _ in range(100)), 5e-324, 2.0**-1022, 1.7e308,
    math.sqrt(2), 0.5, 2.0, 10.0,
]  # fmt: skip
SCORES = [
    *(dice.uniform(-38.4, 9) for _ in range(200)), *(dice.uniform(-4, 4) for _ in range(200)), 1e-9, -1e-300, 4.0, -4.0,
]  # fmt: skip


def exact_norm_cdf(x: Decimal) -> Decimal:
    """Series near the middle, Laplace's continued fraction in the tails."""
    a = abs(x)
    density = (-a * a / 2).exp() / TWO_PI.sqrt()
    if a > 4:
        fraction = Decimal(0)
        for n in range(400, 0, -1):
            fraction = n / (a + fraction)
        tail = density / (a + fraction)
    else:
        term = total = a
        for n in range(3, 300, 2):
            term = term * a * a / n
            total += term
        tail = Decimal("0.5") - density * total
    return 1 - tail if x > 0 else tail


@pytest.mark.parametrize(
    ("function", "exact", "numbers", "bound"),
    [
        (exp, Decimal.exp, EXPONENTS, 1.0),
        (log, Decimal.ln, NUMBERS, 1.0),
        (norm_cdf, exact_norm_cdf, SCORES, 3.0),
    ],
    ids=["exp", "log", "norm_cdf"],
)
def test_error_in_units_of_the_last_place(
    function: Callable[[float], float], exact: Callable[[Decimal], Decimal], numbers: list[float], bound: float
) -> None:
    with localcontext() as context:
        context.prec = 60
        errors = {}
        for x in numbers:
            right = exact(Decimal(x))
            errors[x] = float(abs(Decimal(function(x)) - right) / Decimal(math.ulp(float(right))))
    assert {x: error for x, error in errors.items() if not error < bound} == {}
    assert max(errors.values()) > 0.4  # the measure sees even the rounding of the result


def test_limits() -> None:
    assert exp(0.0) == 1.0
    assert exp(-1000.0) == 0.0
    assert exp(-745.0) == 5e-324
    assert exp(709.7) < math.inf
    assert exp(math.inf) == math.inf
    assert exp(-math.inf) == 0.0
    assert log(1.0) == 0.0
    assert log(math.inf) == math.inf
    assert norm_cdf(0.0) == 0.5
    assert norm_cdf(9.0) == 1.0
    assert norm_cdf(-math.inf) == 0.0
    assert norm_cdf(math.inf) == 1.0
    assert 0 < norm_cdf(-38.4) < 1e-320
    assert all(math.isnan(function(math.nan)) for function in (exp, log, norm_cdf))


def test_faults_are_those_of_pythons_own_functions() -> None:
    with pytest.raises(OverflowError, match="math range error"):
        exp(710.0)
    for x in (0.0, -0.0, -1.0, -math.inf):
        with pytest.raises(ValueError, match="math domain error"):
            log(x)


def test_norm_cdf_is_symmetric_and_grows() -> None:
    scores = np.linspace(-9, 9, 20001)
    found = arrays.norm_cdf(scores)
    assert (np.diff(found) >= -4e-16).all()
    np.testing.assert_allclose(found + arrays.norm_cdf(-scores), 1.0, rtol=0, atol=2.3e-16)


SPECIAL = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    5e-324,
    -5e-324,
    2.0**-1022,
    1e308,
    -1e308,
    709.8,
    -746.0,
    math.inf,
    -math.inf,
    math.nan,
]


@pytest.mark.parametrize("name", ["exp", "log", "norm_cdf"])
@pytest.mark.parametrize("count", [1, 7, 64, 1000])
def test_arrays_are_the_scalars_bit_for_bit(name: str, count: int) -> None:
    x = np.array((SPECIAL + EXPONENTS + NUMBERS + SCORES)[-count:] if count < 1000 else SPECIAL + EXPONENTS + NUMBERS)
    expected = np.array([getattr(maths, name)(maths.FLOATS, float(value)) for value in x])
    found = getattr(arrays, name)(x)
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(np.signbit(found)[found == 0], np.signbit(expected)[found == 0])
    assert getattr(arrays, name)(x, out=x) is x
    np.testing.assert_array_equal(x, expected)


def test_an_array_that_cannot_be_filled_is_refused() -> None:
    with pytest.raises(ValueError, match=r"float64 array of shape \(4,\)"):
        arrays.exp(np.zeros(4), out=np.zeros(8)[::2])
