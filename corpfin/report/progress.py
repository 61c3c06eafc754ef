"""A bar for long work, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TimeRemainingColumn
from rich.text import Text

from corpfin.engine.objects import AT_WORK
from corpfin.runs.scatter import Progress as Callback


class Stage(ProgressColumn):
    """What is going on; that the model is compiled is said only while it is."""

    def render(self, task: Task) -> Text:
        """The words for the task as it stands."""
        if AT_WORK.is_set():
            return Text("compiling the model (once per machine)")
        return Text("simulating" if task.completed else "starting")


@contextmanager
def progress() -> Iterator[Callback | None]:
    """A callback that draws a bar on standard error while the context lasts; None when that is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    columns = (Stage(), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("simulation", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
