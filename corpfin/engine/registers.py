"""LLVM code as text: instructions, loops, and registers of several numbers on which one calculates as on floats."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager

from corpfin.engine import maths


class Code:
    """The text of one function: values are numbered, loops opened and closed, the width of a register known."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.lines: list[str] = []
        self.count = 0
        self.at = "entry"

    def emit(self, text: str) -> str:
        """Write an instruction with a result, and give the result's name."""
        self.count += 1
        name = f"%b{self.count}"
        self.lines.append(f"  {name} = {text}")
        return name

    def do(self, text: str) -> None:
        """Write an instruction without a result."""
        self.lines.append(f"  {text}")

    @contextmanager
    def loop(self, stop: str | int, step: int = 1) -> Iterator[str]:
        """Repeat what is written inside for 0, step, ... below `stop`; gives the name of the counter."""
        with self.adding_up(stop, 0, step) as (counter, _, _):
            yield counter

    @contextmanager
    def adding_up(self, stop: str | int, sums: int, step: int = 1) -> Iterator[tuple[str, list[str], list[str]]]:
        """A loop that carries sums from 0.0: counter, the sums so far, and a list to fill with the next ones."""
        self.count += 1
        number, before = self.count, self.at
        head, body, latch, done = (f"{part}{number}" for part in ("head", "body", "latch", "done"))
        kept, following = [f"%sum{number}_{i}" for i in range(sums)], []  # type: tuple[list[str], list[str]]
        self.do(f"br label %{head}")
        self.lines.append(f"{head}:")
        self.do(f"%i{number} = phi i64 [ 0, %{before} ], [ %j{number}, %{latch} ]")
        for i, name in enumerate(kept):
            self.do(f"{name} = phi {self.wide} [ zeroinitializer, %{before} ], [ %next{number}_{i}, %{latch} ]")
        self.do(f"%more{number} = icmp slt i64 %i{number}, {stop}")
        self.do(f"br i1 %more{number}, label %{body}, label %{done}")
        self.lines.append(f"{body}:")
        self.at = body
        yield f"%i{number}", kept, following
        self.do(f"br label %{latch}")
        self.lines.append(f"{latch}:")
        for i, value in enumerate(following):
            self.do(f"%next{number}_{i} = fadd {self.wide} {kept[i]}, {value}")
        self.do(f"%j{number} = add i64 %i{number}, {step}")
        self.do(f"br label %{head}")
        self.lines.append(f"{done}:")
        self.at = done

    @property
    def wide(self) -> str:
        """The type of a register of numbers."""
        return f"<{self.width} x double>"

    @property
    def bits(self) -> str:
        """The type of a register of whole numbers."""
        return f"<{self.width} x i64>"

    @property
    def flags(self) -> str:
        """The type of a register of conditions."""
        return f"<{self.width} x i1>"

    def constant(self, value: float) -> str:
        """A number as a register, exactly."""
        return f"splat (double {_hex(value)})"

    def address(self, base: str, index: str | int) -> str:
        """The address of a number of an array."""
        return self.emit(f"getelementptr double, ptr {base}, i64 {index}")

    def integer(self, base: str, index: str | int) -> str:
        """A whole number of an array."""
        place = self.emit(f"getelementptr i64, ptr {base}, i64 {index}")
        return self.emit(f"load i64, ptr {place}, align 8")

    def load(self, base: str, index: str | int) -> str:
        """A register of numbers from an array."""
        return self.emit(f"load {self.wide}, ptr {self.address(base, index)}, align 8")

    def store(self, value: str, base: str, index: str | int) -> None:
        """A register of numbers to an array."""
        self.do(f"store {self.wide} {value}, ptr {self.address(base, index)}, align 8")

    def spread(self, single: str) -> str:
        """A single number in every lane."""
        one = self.emit(f"insertelement {self.wide} poison, double {single}, i64 0")
        return self.emit(f"shufflevector {self.wide} {one}, {self.wide} poison, <{self.width} x i32> zeroinitializer")

    def text(self, head: str) -> str:
        """The function as written so far."""
        return "\n".join([f"define {head} {{", "entry:", *self.lines, "  ret void", "}", ""])


class Value:
    """A register of numbers on which `maths` and the formulas calculate; every operation writes an instruction."""

    def __init__(self, code: Code, name: str) -> None:
        self.code, self.name = code, name

    def other(self, value: Value | float) -> str:
        return value.name if isinstance(value, Value) else self.code.constant(value)

    def of(self, operation: str, left: str, right: str) -> Value:
        return Value(self.code, self.code.emit(f"{operation} {self.code.wide} {left}, {right}"))

    def compare(self, relation: str, value: Value | float) -> str:
        return self.code.emit(f"fcmp {relation} {self.code.wide} {self.name}, {self.other(value)}")

    def __add__(self, value: Value | float) -> Value:
        return self.of("fadd", self.name, self.other(value))

    def __radd__(self, value: float) -> Value:
        return self.of("fadd", self.other(value), self.name)

    def __sub__(self, value: Value | float) -> Value:
        return self.of("fsub", self.name, self.other(value))

    def __rsub__(self, value: float) -> Value:
        return self.of("fsub", self.other(value), self.name)

    def __mul__(self, value: Value | float) -> Value:
        return self.of("fmul", self.name, self.other(value))

    def __truediv__(self, value: Value | float) -> Value:
        return self.of("fdiv", self.name, self.other(value))

    def __neg__(self) -> Value:
        return Value(self.code, self.code.emit(f"fneg {self.code.wide} {self.name}"))

    def __lt__(self, value: Value | float) -> str:
        return self.compare("olt", value)

    def __gt__(self, value: Value | float) -> str:
        return self.compare("ogt", value)


class Lanes:
    """The operations of `maths.Ops` on registers."""

    def __init__(self, code: Code) -> None:
        self.code = code

    def select(self, test: str, yes: Value | float, no: Value | float) -> Value:
        code = self.code
        a, b = (x.name if isinstance(x, Value) else code.constant(x) for x in (yes, no))
        return Value(code, code.emit(f"select {code.flags} {test}, {code.wide} {a}, {code.wide} {b}"))

    def absolute(self, x: Value) -> Value:
        code = self.code
        return Value(code, code.emit(f"call {code.wide} @llvm.fabs.v{code.width}f64({code.wide} {x.name})"))

    def power_of_two(self, n: Value) -> Value:
        """The last bits of n + SHIFT are n; moved to the exponent's place and biased they are the power."""
        raised = self.whole("add", self.whole("shl", self.cast((n + maths.SHIFT).name), 52), 1023 << 52)
        return self.number(raised)

    def split(self, x: Value) -> tuple[Value, Value]:
        """The exponent's bits, put into the fraction of 2**52, are a number; put in their place, 1 gives m."""
        bits = self.cast(x.name)
        exponent = self.number(self.whole("or", self.whole("lshr", bits, 52), 0x433 << 52))
        fraction = self.whole("or", self.whole("and", bits, (1 << 52) - 1), 1023 << 52)
        return self.number(fraction), exponent - (2.0**52 + 1023.0)

    def cast(self, value: str) -> str:
        return self.code.emit(f"bitcast {self.code.wide} {value} to {self.code.bits}")

    def number(self, value: str) -> Value:
        return Value(self.code, self.code.emit(f"bitcast {self.code.bits} {value} to {self.code.wide}"))

    def whole(self, operation: str, value: str, constant: int) -> str:
        return self.code.emit(f"{operation} {self.code.bits} {value}, splat (i64 {constant})")


def _hex(value: float) -> str:
    return f"0x{struct.unpack('>Q', struct.pack('>d', value))[0]:016X}"
