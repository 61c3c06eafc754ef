# ruff: noqa: C416, F821, RET504
"""The closed grammar: what it accepts, and what it says to each fault."""

import pickle

import pytest

from corpfin.engine import Constant, GrammarError, check, exp, norm_cdf

HOURS = Constant(24.0, "h/day", "Hours in a day")


def good(a, b):
    """Fine [-]."""
    return min(a, b, 0) * HOURS + (exp(-a) if a > 0 and not (b <= 1 or a) else abs(norm_cdf(b)))


def condition(a):
    return a >= 0


def test_accepts_the_grammar():
    expression = check(good)
    assert expression.names == ("a", "b")
    assert expression.constants == {"HOURS": HOURS}
    assert expression.text.startswith("min(a, b, 0) * HOURS")
    assert not expression.is_flag
    assert check(condition).is_flag


def test_constant_keeps_unit_and_meaning():
    again = pickle.loads(pickle.dumps(HOURS))
    assert (again, again.unit, again.meaning) == (24.0, "h/day", "Hours in a day")


def power(a):
    return a**0


def remainder(a):
    return a % 1


def whole(a):
    return a // 1


def literal(a):
    return a * 30.4


def boolean(a):
    return a * True


def text(a):
    return f"{a}"


def attribute(a):
    return a.real


def element(a):
    return a[0]


def function(a):
    return (lambda: a)()


def anonymous(a):
    return lambda: a


def walrus(a):
    return (b := a) + b


def listing(a):
    return [x for x in a]


def stranger(a):
    return round(a)


def free(a):
    return a + wind


def unused(a, b):
    return a


def local(a):
    b = a
    return b


def nothing(a):
    """Nothing [-]."""


def bare(a):
    return


def default(a=0):
    return a


def starred(*a):
    return a


def keyword(*, a):
    return a


def chained(a):
    return 0 < a < 1


def arithmetic(a):
    return (a > 0) * a


def flag_branch(a):
    return (a > 0) if a else (a > 1)


def number_test(a, b):
    return 1 if a - b else 0


def literal_test(a):
    return a if 1 else 0


def identity(a):
    return a is None


def short_minimum(a):
    return min(a)


def long_abs(a, b):
    return abs(a, b)


def named_argument(a, b):
    return max(a, key=b)


def unpacked(a):
    return max(*a, 0)


def guarded_by_and(a, b):
    return b != 0 and a / b > 1


def shadowing(exp):
    return exp


def plus(a):
    return +a


FAULTS = [
    (power, "`a**0` is a power", "multiply it out"),
    (remainder, "`a % 1` is a remainder", "input or series"),
    (whole, "`a // 1` is a whole-number division", "use /"),
    (literal, "`30.4` is a bare number", 'NAME = Constant(30.4, "unit", "meaning")'),
    (boolean, "`True` is not a number", "write 1 or 0"),
    (text, "is a text", "numbers only"),
    (attribute, "`a.real` reads an attribute", "as a parameter"),
    (element, "`a[0]` reads an element", "as a parameter"),
    (function, "calls a method", "use only min"),
    (anonymous, "`lambda: a` is a lambda", "second line"),
    (walrus, "`b := a` names a value inside the formula", "line of its own"),
    (listing, "`[x for x in a]` is outside the grammar", "use + - * /"),
    (stranger, "`round(a)` calls round", "use only min, max, abs, exp, log and norm_cdf"),
    (free, "`wind` is neither a parameter nor a Constant", "make it a parameter"),
    (unused, "has the parameter b but never uses it", "take it out"),
    (local, "`b = a` is a statement of its own", "make it a line"),
    (nothing, "does not return one expression", "exactly one return"),
    (bare, "does not return one expression", "exactly one return"),
    (default, "has a default, starred or keyword parameter", "plain parameter names"),
    (starred, "has a default, starred or keyword parameter", "plain parameter names"),
    (keyword, "has a default, starred or keyword parameter", "plain parameter names"),
    (chained, "`0 < a < 1` chains comparisons", "with and"),
    (arithmetic, "is a condition used as a number", "write `1 if a > 0 else 0`"),
    (flag_branch, "is a condition used as a number", "write `1 if a > 0 else 0`"),
    (number_test, "`a - b` is a number used as a condition", "compare it: `a - b > 0`"),
    (literal_test, "`1` is a number used as a condition", "compare it"),
    (identity, "`a is None` is not a comparison of numbers", "use < <="),
    (short_minimum, "`min(a)` has fewer than two arguments", "two or more"),
    (long_abs, "`abs(a, b)` has 2 arguments", "give abs one number"),
    (named_argument, "has a keyword or starred argument", "plain arguments"),
    (unpacked, "has a keyword or starred argument", "plain arguments"),
    (guarded_by_and, "`a / b` divides inside and/or", "make the ratio a line with `if`"),
    (shadowing, "uses the name exp", "choose another"),
    (plus, "`+a` is outside the grammar", "use + - * /"),
    (lambda a: a, "is not a plain function", "def and one return"),
]


@pytest.mark.parametrize(("line", "problem", "remedy"), FAULTS, ids=lambda x: getattr(x, "__name__", None))
def test_fault_says_where_what_and_what_instead(line, problem, remedy):
    with pytest.raises(GrammarError) as caught:
        check(line)
    message = str(caught.value)
    assert message.startswith(f"line {line.__name__}, {__file__}:")
    assert int(message.split(":")[1]) >= line.__code__.co_firstlineno
    assert problem in message
    assert remedy in message


def test_another_exp_is_refused(monkeypatch):
    monkeypatch.setitem(globals(), "exp", max)
    with pytest.raises(GrammarError, match=r"calls another exp; take exp from corpfin\.engine"):
        check(good)


def test_a_line_without_source_is_refused():
    scope = {}
    exec("def ghost(a):\n    return a", scope)
    with pytest.raises(GrammarError, match="line ghost: its source cannot be read"):
        check(scope["ghost"])
