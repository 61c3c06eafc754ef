"""Files made wrong, odd or extreme on purpose, each a function of its seed: bytes, lines, values, figures in limits."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from corpfin.inputs.company import CompanyTables
from corpfin.inputs.draws import FACTORS
from corpfin.inputs.market import MarketTables, ScenarioTables
from corpfin.inputs.rows import layout
from corpfin.inputs.schema import Declared, declared
from corpfin.inputs.shock_checks import shockable

Kind = Literal["company", "market", "scenario"]
KINDS: tuple[Kind, ...] = ("company", "company", "company", "market", "scenario")
"""What is mutated, a company as often as the rest together."""

TABLES = {"company": CompanyTables, "market": MarketTables, "scenario": ScenarioTables}
HEADING = re.compile(r"^\[\[?([a-z_.]+)\]\]?")
RANGE = re.compile(r", (low|high) = [-\d.e+]+(?=[ ,])")
"""The ends of a range in [sources], which a figure put elsewhere would leave."""
FIELD = re.compile(r"^(\w+) = (.*)$")
LARGE = 1e12
"""Beyond it a figure of a field without an upper limit is not tried: no field is meant to be without one."""

ODD = [
    "nan", "inf", "-inf", "1e400", "9" * 400, "-1", "-0.0", "0", "5e-324", "1e-300", "1e300", "true", '""', '"x"',
    "[]", "[[1]]", "{}", "1970-01-01", "2099-12-31", "9999-12-31", "07:30:00", "2026-03-31T12:00:00Z", "0x10", "1_000",
    '"\\u001b[2J\\u001b]0;taken\\u0007"', '"\\u202etxt.exe"', '"\\u0000"', '"=1+1"', '"' + "x" * 5_000 + '"', "'''",
    '["btc", "btc", "atm"]', '{ a = { b = { c = 1 } } }', "[" * 2_000, '"a\\nb"', "1.5.2", "0.1e", "\\", "é", "\u202e",
]  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One mutated file: what it was made of, what was done to it, and its bytes."""

    kind: Kind
    origin: str
    done: tuple[str, ...]
    content: bytes

    def __str__(self) -> str:
        return f"{self.kind} from {self.origin}: {'; '.join(self.done)}"


def case(seed: int, number: int, files: dict[Kind, list[Path]]) -> Case:
    """The case of a number under a seed, whatever other cases are made."""
    dice = random.Random(f"{seed}:{number}")
    kind = dice.choice(KINDS)
    file = dice.choice(files[kind])
    text = file.read_text(encoding="utf-8")
    style = dice.random()
    if kind == "scenario" and style < 0.6:
        done, text = ["made"], made_scenario(dice)
    else:
        done = []
    if style < 0.6:  # figures within their limits: most such files load
        text = RANGE.sub("", text)
        for _ in range(dice.choice((1, 2, 3, 5, 8, 12))):
            said, text = figure_in_limits(dice, kind, text)
            done.append(said)
        return Case(kind, file.name, tuple(done), text.encode())
    if style < 0.9:
        for _ in range(dice.choice((1, 1, 2, 3))):
            said, text = dice.choice(LINES)(dice, kind, text)
            done.append(said)
        return Case(kind, file.name, tuple(done), text.encode())
    said, content = garbage(dice, text.encode())
    return Case(kind, file.name, (said,), content)


def fields(kind: Kind, text: str) -> Iterator[tuple[int, Declared]]:
    """The lines of a file that hold a declared field, each with its declaration."""
    shapes, table = layout(TABLES[kind]), ""
    companies = layout(CompanyTables)
    for number, line in enumerate(text.splitlines()):
        if heading := HEADING.match(line):
            table = heading[1]
        name = table.removeprefix("defaults.")
        shape = companies.get(name) if table.startswith("defaults.") else shapes.get(table)
        if (found := FIELD.match(line)) and shape is not None:
            field = declared(shape.table).get(found[1])
            if field is not None:
                yield number, field


def figure_in_limits(dice: random.Random, kind: Kind, text: str) -> tuple[str, str]:
    """One number, date or word put elsewhere within what its field allows."""
    found = [(number, field) for number, field in fields(kind, text) if field.kind in ("number", "date", "word")]
    numbers = [(number, field) for number, field in found if field.kind == "number"]
    if not numbers:
        return "no number", text
    number, field = dice.choice(found if dice.random() < 0.1 else numbers)
    lines = text.splitlines()
    old = lines[number].partition(" = ")[2].partition("#")[0].strip()
    new = allowed_value(dice, field, old)
    lines[number] = f"{field.name} = {new}"
    return f"line {number + 1}: {field.name} = {old[:40]} -> {new}", "\n".join(lines) + "\n"


def allowed_value(dice: random.Random, field: Declared, old: str) -> str:
    """A value that a field allows: an end of its range, close to it, anywhere by order of magnitude, or a step off."""
    if field.kind == "word":
        return f'"{dice.choice(field.words)}"' if old.startswith('"') else old
    if field.kind == "date":
        try:
            return str(date.fromisoformat(old) + timedelta(days=dice.choice((-900, -31, -1, 1, 31, 400, 4_000))))
        except ValueError:
            return old
    low = field.limits.get("ge", field.limits.get("gt", -LARGE))
    high = field.limits.get("le", field.limits.get("lt", LARGE))
    inside_low = low if "ge" in field.limits else math.nextafter(low, math.inf)
    inside_high = high if "le" in field.limits else math.nextafter(high, -math.inf)
    any_size = 10 ** dice.uniform(-9, math.log10(max(high, 1e-8)))
    try:
        near = float(old) * 10 ** dice.uniform(-3, 3)
    except ValueError:
        near = any_size
    picks = [inside_low, inside_high, low + (high - low) * dice.random(), any_size, near, near, near, 1e-12]
    return repr(float(min(max(dice.choice(picks), inside_low), inside_high)))


def made_scenario(dice: random.Random) -> str:
    """A scenario that is right in form, of shocks to anything, by anything."""
    targets = [*FACTORS, *FACTORS, *shockable()]
    months = ["+1", "+2", "+6", "2026-09", "2027-01", "halving", "+90", "2031-12"]
    lines = ["[scenario]", 'name = "made"', 'story = "made at random"']
    for _ in range(dice.choice((1, 1, 2, 4))):
        how = dice.choice(["add", "multiply", "set", "path"])
        value = dice.choice([0, 1, -1, 0.5, 2, 1e-9, 1e6, 1e12, -0.3, 100, 40_000, 10 ** dice.uniform(-6, 6)])
        lines += ["", "[[shock]]", f'target = "{dice.choice(targets)}"', f'how = "{how}"', 'why = "made at random"']
        if how == "path":
            lines.append(f'levels = "+2 = {abs(value):.6g}, +9 = {dice.choice([1, 0.5, 60_000])}"')
            continue
        lines.append(f"value = {value!r}")
        if dice.random() < 0.6:
            lines.append(f'from_month = "{dice.choice(months)}"')
        if dice.random() < 0.3:
            lines.append(f'to_month = "{dice.choice(months)}"')
    return "\n".join(lines) + "\n"


def _odd_value(dice: random.Random, kind: Kind, text: str) -> tuple[str, str]:
    lines = text.splitlines()
    number = dice.choice([at for at, line in enumerate(lines) if " = " in line] or [0])
    odd = dice.choice(ODD)
    lines[number] = f"{lines[number].partition(' = ')[0]} = {odd}"
    return f"line {number + 1}: {lines[number][:60]}", "\n".join(lines)


def _odd_key(dice: random.Random, kind: Kind, text: str) -> tuple[str, str]:
    lines = text.splitlines()
    number = dice.choice([at for at, line in enumerate(lines) if " = " in line] or [0])
    key = dice.choice(['"\\u001b[31mred"', '"\\u202egnp"', "x" * 300, '""', "a.b.c", "id", '"debt.\\u0007"'])
    lines[number] = f"{key} ={lines[number].partition(' =')[2]}"
    return f"line {number + 1}: {lines[number][:60]}", "\n".join(lines)


def _lost_line(dice: random.Random, kind: Kind, text: str) -> tuple[str, str]:
    lines = text.splitlines()
    gone = lines.pop(dice.randrange(len(lines)))
    return f"without {gone[:60]!r}", "\n".join(lines)


def _twice(dice: random.Random, kind: Kind, text: str) -> tuple[str, str]:
    lines = text.splitlines()
    number = dice.randrange(len(lines))
    lines.insert(dice.randrange(len(lines)), lines[number])
    return f"again {lines[number][:60]!r}", "\n".join(lines)


def _blocks(text: str) -> list[str]:
    return re.split(r"\n(?=\[)", text)


def _lost_block(dice: random.Random, kind: Kind, text: str) -> tuple[str, str]:
    blocks = _blocks(text)
    gone = blocks.pop(dice.randrange(len(blocks)))
    return f"without block {gone[:30]!r}", "\n".join(blocks)


def _more_blocks(dice: random.Random, kind: Kind, text: str) -> tuple[str, str]:
    blocks = _blocks(text)
    several = [block for block in blocks if re.search(r'^id = "', block, re.M) and not block.startswith("[[source]]")]
    if not several:
        return _twice(dice, kind, text)
    block = dice.choice(several)
    table, name = HEADING.match(block), re.search(r'^id = "(.*)"', block, re.M)
    assert table is not None
    assert name is not None
    count = dice.choice((1, 2, 5, 20))
    copies = [re.sub(r'^id = ".*"', f'id = "{name[1]}-{n}"', block, flags=re.M) for n in range(count)]
    at = next((n for n, other in enumerate(blocks) if other.startswith("[sources]")), None)
    if at is not None:
        graded = "\n".join(
            f'"{table[1]}.{name[1]}-{n}" = {{ grade = "estimated", why = "made" }}' for n in range(count)
        )
        blocks[at] = blocks[at].replace("[sources]", f"[sources]\n{graded}", 1)
    return f"{count} more of {table[1]} {name[1]}", "\n".join([*blocks, *copies])


def _scaled(dice: random.Random, kind: Kind, text: str) -> tuple[str, str]:
    """A figure in another unit: thousands, dollars, per cent."""
    numbers = list(re.finditer(r"(?m)^(\w+) = (-?[\d.]+)", text))
    if not numbers:
        return _twice(dice, kind, text)
    found = dice.choice(numbers)
    new = f"{float(found[2]) * dice.choice((1e-6, 1e-3, 0.01, -1, 100, 1e3, 1e6)):.12g}"
    return f"{found[1]} = {new}", f"{text[: found.start(2)]}{new}{text[found.end(2) :]}"


LINES: list[Callable[[random.Random, Kind, str], tuple[str, str]]] = [
    _odd_value, _odd_value, _odd_value, _odd_key, _lost_line, _twice, _lost_block, _more_blocks, _scaled, _scaled,
]  # fmt: skip


def garbage(dice: random.Random, content: bytes) -> tuple[str, bytes]:
    """Bytes no editor writes: flipped, cut, filled, mixed."""
    match dice.randrange(6):
        case 0:
            flipped = bytearray(content)
            for _ in range(dice.choice((1, 3, 30))):
                flipped[dice.randrange(len(flipped))] ^= 1 << dice.randrange(8)
            return "bits flipped", bytes(flipped)
        case 1:
            return "cut short", content[: dice.randrange(len(content))]
        case 2:
            at = dice.randrange(len(content))
            return "bytes put in", content[:at] + dice.randbytes(dice.choice((1, 8, 200))) + content[at:]
        case 3:
            return "nothing but bytes", dice.randbytes(dice.choice((0, 1, 100, 5_000)))
        case 4:
            return "in another encoding", content.decode().encode(dice.choice(("utf-16", "utf-32", "utf-8-sig")))
        case _:
            cut = sorted(dice.randrange(len(content)) for _ in range(2))
            return "a part moved", content[cut[1] :] + content[cut[0] : cut[1]] + content[: cut[0]]
