"""The files as figures under a scenario: inputs by month and before month 1, parameters of randomness, the price."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd

from corpfin.common.files import read_plain
from corpfin.engine import Data, arrays
from corpfin.inputs import Company, InputError, Market, Problem, Table
from corpfin.inputs.fields import HIGHEST, LOWEST
from corpfin.inputs.schema import declared
from corpfin.paths import Bootstrap, Lognormal, Merton, PriceProcess, TwoRegime
from corpfin.runs.declared import Member, ModelInput
from corpfin.runs.shocks import Shocks


def parameters(document: Company | Market, table: str, shocks: Shocks, problems: list[Problem]) -> dict[str, float]:
    """The parameters of randomness that a table gives, or has without being given, under the scenario, by name.

    Faults join ``problems``.
    """
    written: Table = getattr(document.tables, table)
    found: dict[str, float] = {}
    for name, field in declared(type(written)).items():
        if field.spec.model or field.kind != "number":
            continue
        target, value = f"{table}.{name}", getattr(written, name)
        if value is None:
            value = field.spec.absent
        if value is not None:
            factor, addition = shocks.change(target, before=value, at_start=True)
            changed = value * factor + addition
            problems += shocks.faults(target, _owner(document, table, None), field, value, changed)
            found[name] = float(changed[0])
        elif target in shocks.fields:
            message = f"{document.file.name} does not give it: nothing reads it"
            problems.append(Problem(shocks.scenario.file.name, f"shock {target}", None, message))
    return found


def _owner(document: Company | Market, table: str, id: str | None) -> str:
    """A block for messages: ``WULF debt.conv-2031``, ``network``."""
    block = f"{table}.{id}" if id else table
    return f"{document.ticker} {block}" if isinstance(document, Company) else block


def by_month(
    document: Company | Market,
    items: Sequence[ModelInput],
    instances: Mapping[str, Sequence[Member]],
    as_of: date,
    months: int,
    shocks: Shocks,
    series: dict[str, Any],
) -> tuple[Data, list[Problem]]:
    """Inputs by month and before month 1, and what is wrong with those that the scenario changes."""
    problems: list[Problem] = []
    base: dict[str, dict[str, Any]] = {"": {}}
    spread: dict[str, dict[str, Any]] = {"": {}}
    kinds = {(row.table, row.id): str(row.get("kind")) for row in document.rows if "kind" in row.fields}
    for item in items:
        sources = [item.source(member) for member in instances[item.scope]]
        values = [item.read(document.values[source.key], as_of) if source else item.left_out for source in sources]
        column = np.array(values, dtype=float)
        changed = np.repeat(column[:, None], months, axis=1)
        for k, source in enumerate(sources):
            if source is None or source.target not in shocks.fields:
                continue
            before = column[k]
            kind = kinds.get((source.table, source.id))
            factor, addition = shocks.change(source.target, kind, source.id, before=before, at_start=item.opening)
            changed[k] = before * factor + addition
            if source.id == instances[item.scope][k].id:  # what is shared is said once
                owner = _owner(document, source.table, source.id)
                problems += shocks.faults(source.target, owner, source.field, before, changed[k])
            if item.opening:
                column[k] = changed[k, 0]
        base.setdefault(item.scope, {})[item.name] = column if item.scope else column[0]
        spread.setdefault(item.scope, {})[item.name] = changed if item.scope else changed[0]
    ids = {scope: [str(member.id) for member in found] for scope, found in instances.items() if scope}
    return Data.of(months, spread, instances=ids, openings=base, series=series), problems


def price_process(market: Market, price: Mapping[str, float]) -> PriceProcess:
    """The bitcoin price process the market file names; ``InputError`` for a history that cannot be used."""
    parameter = price.__getitem__
    match market.tables.price.process:
        case "merton":
            names = ("volatility", "drift", "jump_intensity", "jump_mean", "jump_volatility")
            return Merton(*map(parameter, names))
        case "two_regime":
            names = ("drift", "volatility", "turbulent_volatility", "worsens", "calms")
            return TwoRegime(*map(parameter, names))
        case "bootstrap":
            return Bootstrap(parameter("drift"), _history(market), parameter("mean_block"))
        case _:
            return Lognormal(parameter("volatility"), parameter("drift"))


def _history(market: Market) -> tuple[float, ...]:
    """Monthly log returns of the history file that stands beside the market file."""
    file = market.file.parent / str(market.tables.price.history_file)
    try:
        prices = pd.read_csv(BytesIO(read_plain(file)))["price_end"].dropna().to_numpy(dtype=float)
        least, most = LOWEST["USD/BTC"], HIGHEST["USD/BTC"]
        if len(prices) < 3 or not ((prices >= least) & (prices <= most)).all():
            raise ValueError(f"fewer than three prices, or one that is not {least:g} to {most:,.0f} USD/BTC")
    except (OSError, KeyError, ValueError) as error:
        why = "has no column price_end" if isinstance(error, KeyError) else f"cannot be used: {error}"
        raise InputError([Problem(market.file.name, "price.history_file", file.name, why)]) from None
    return tuple(np.diff(arrays.log(prices)).tolist())
