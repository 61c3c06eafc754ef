"""The model itself: its registry of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from corpfin.cli.given import can_write, known_or_leave, tell_written
from corpfin.cli.options import CsvFile, Json

if TYPE_CHECKING:
    import pandas as pd


def lines(
    name: Annotated[str | None, typer.Argument(metavar="[LINE]", help="A line: cash, or debt.interest.")] = None,
    sheet: Annotated[str | None, typer.Option(metavar="SHEET", help="The lines of one sheet of the workbook.")] = None,
    csv: CsvFile = None,
    json: Json = False,
) -> None:
    """Print the lines of the model, what each reads and who reads it, in the order of the month."""
    from corpfin.common.tables import write_csv
    from corpfin.report.document import to_json
    from corpfin.report.lines import lines_page
    from corpfin.workbook.line_items import line_items

    known_or_leave(sheet, list(line_items()["sheet"].unique()), "sheet", "--sheet")
    can_write(files=(csv,))
    try:
        found = line_items(name, sheet)
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0]), param_hint="LINE") from None
    if csv is not None:
        write_csv(csv, _written(found))
    tell_written([csv])
    typer.echo(to_json({"lines": found.to_dict("records")}) if json else lines_page(found, prose=name is not None))


def _written(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its lists of names as text, by order."""
    lists = {name: table[name].map(" ".join) for name in ("reads", "read_by")}
    return table.assign(**lists).set_index("order")
