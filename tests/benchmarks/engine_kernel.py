"""Time of the kernel against the time of drawing its normals, side by side: python tests/benchmarks/engine_kernel.py.

A toy of 200 lines, 40 of them in a block of three instances, with six normals per path and month, on one thread.
"""

import importlib.util
import tempfile
import time
from pathlib import Path
from statistics import median
from types import ModuleType

import numpy as np

from corpfin.engine import Data, Given, Graph, Kernel, Row

PATHS, MONTHS, BLOCK, LINES, SHOCKS = 100_352, 60, 1024, 200, 6
SHAPES = (
    "{a} + {b} * rate",
    "max({a} - {b}, 0) + min({a}, {b})",
    "({a} + {b}) / ({c} * {c} + 1) if {c} > {a} and {b} < rate else {a} - {c} * rate",
    "{a} * (1 - rate) + {b} * rate - {c}",
    "{a} / ({b} + 1) if {b} > 0 else {c}",
)


def module(name: str, names: list[str], readable: list[str], each: str = "") -> str:
    """The source of a module whose lines read earlier ones; every fifth line carries a balance from month to month."""
    text = [f'EACH = "{each}"' if each else ""]
    known = list(readable)
    for i, line in enumerate(names):
        a, b, c = known[-1], known[(7 * i + 3) % len(known)], known[(3 * i + 1) % len(known)]
        formula = SHAPES[i % len(SHAPES)].format(a=a, b=b, c=c)
        read = dict.fromkeys([x for x in (a, b, c, "rate") if x in formula.replace("(", " ").replace(")", " ").split()])
        if i % 5 == 0:
            formula = f"{line}_prior * rate + " + formula
            read = dict.fromkeys([f"{line}_prior", *read, "rate"])
        text.append(f'def {line}({", ".join(read)}):\n    """{name} [-]."""\n    return {formula}\n')
        if i % 5 == 0 and not each:
            text.append(f'def opening_{line}(start):\n    """Start [-]."""\n    return start\n')
        if i % 5 == 0 and each:
            text.append(f'def opening_{line}(own_start):\n    """Start [-]."""\n    return own_start\n')
        known.append(line)
    return "\n".join(text)


def load(folder: Path, name: str, source: str) -> ModuleType:
    path = folder / f"{name}.py"
    path.write_text(source, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def build(folder: Path) -> Graph:
    shocks = [f"shock_{i}" for i in range(SHOCKS)]
    early, inner, late = ([f"{kind}_{i}" for i in range(n)] for kind, n in (("early", 80), ("inner", 40), ("late", 79)))
    modules = [
        load(folder, "early", module("early", early, shocks)),
        load(folder, "inner", module("inner", inner, early[-8:], each="part")),
        load(folder, "late", module("late", late, [*early[-8:], "total_part_inner_39"])),
    ]
    given = [Given("rate", "-", "input"), Given("start", "-", "input"), Given("own_start", "-", "input", "part")]
    return Graph.build("benchmark", modules, [*given, *(Given(shock, "-", "draw") for shock in shocks)])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        graph = build(Path(folder))
    data = Data.of(
        MONTHS, {"": {"rate": 0.01, "start": 1.0}, "part": {"own_start": [1.0, 2.0, 3.0]}},
        instances={"part": ["x", "y", "z"]},
    )  # fmt: skip
    kernel = Kernel(graph)
    whole, narrowed = kernel.prepare(data), kernel.prepare(data, paths=PATHS)
    normals = np.zeros((SHOCKS, MONTHS, BLOCK))
    draws = {"": {f"shock_{i}": normals[i] for i in range(SHOCKS)}}
    rows = [Row("", f"late_{i}") for i in range(5)]
    print(f"lines {len(graph.lines)}, {PATHS} paths x {MONTHS} months on one thread, processor time")
    for name, prepared in (("whole", whole), ("narrowed", narrowed)):
        start = time.process_time()
        prepared.run(draws, record=rows[:1], worst=rows, final=rows)
        compiled = time.process_time() - start
        stream = np.random.Generator(np.random.Philox(1))
        drawing, running = [], []
        for _ in range(PATHS // BLOCK):
            start = time.process_time()
            stream.standard_normal(out=normals)
            middle = time.process_time()
            prepared.run(draws, record=rows[:1], worst=rows, final=rows)
            running.append(time.process_time() - middle)
            drawing.append(middle - start)
        ratio = median(running) / median(drawing)
        print(f"{name}: compile or load {compiled:.2f} s; a block over its {SHOCKS} normals {ratio:.2f}")


if __name__ == "__main__":
    main()
