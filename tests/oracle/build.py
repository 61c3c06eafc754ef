"""A world small enough to work by hand: a market where nothing moves and a company that has nothing.

A case adds what it is about, a note, a fleet, a project, and says how price, share or credit window move. It is written
to files and read back the way a user's are, so the reading of dates, words and defaults is in the oracle too.

The balance-sheet date is 31 December 2026: month 1 is January 2027 (31 days), month 14 is February 2028 (29 days).
The network pays 3.125 BTC and no fees to speak of for each of 144 blocks a day, 450 BTC a day, to 1000 EH/s. Until the
halving at the end of month 20 (31 August 2028), that is; at 100,000 USD it is
100,000 * 450 / 1,000,000 PH = 45 USD per PH a day.
"""

from __future__ import annotations

import calendar
import functools
import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpfin.inputs import Company, Market, Scenario, load_company, load_market, load_scenario
from corpfin.inputs.company import CompanyTables
from corpfin.inputs.rows import layout
from corpfin.paths import central_company, central_market
from corpfin.paths.company import CHANCES, OPERATING, STANCES
from corpfin.runs.cases import prepare_company, prepare_market
from corpfin.runs.projection import Projection, evaluate

AS_OF = date(2026, 12, 31)
PRICE = 100_000.0
SHARE = 10.0

Toy = Callable[..., Projection]
Row = dict[str, Any]

near = functools.partial(pytest.approx, abs=1e-9, rel=0)
"""Equal to 1e-9, whatever the size."""


def end(month: int) -> date:
    """Last day of projected month ``month``; 0 is the balance-sheet date."""
    year, index = divmod(2026 * 12 + 11 + month, 12)
    return date(year, index + 1, calendar.monthrange(year, index + 1)[1])


MARKET: dict[str, Any] = {
    "known_month": [],
    "network": {
        "as_of": AS_OF,
        "network_hashrate": 1000.0,
        "installed_capacity": 1000.0,
        "log_fees": math.log(1e-30),
        "fee_median": 1e-30,
        "fee_persistence": 0.0,
        "fee_volatility": 0.0,
        "halving_date": date(2028, 8, 31),
        "power_median": 45.0,
        "power_spread": 0.25,
        "response_speed": 0.5,
        "hashrate_response": 0.0,
        "exogenous_growth": 0.0,
        "network_orders": 0.0,
        "delivery_months": 1.0,
        "efficiency_progress": 0.0,
        "machine_price": 15.0,  # and stays so: no margin of one month pays more than it costs to make one
        "machine_price_payback": 1.0,
        "machine_price_lag": 1.0,
        "machine_cost": 15.0,
        "machine_cost_decline": 0.0,
        "hurdle_yield": 0.4,
        "investment_sensitivity": 0.0,
        "hashrate_volatility": 0.0,
        "jpm_power_price": 50.0,
        "jpm_efficiency": 32.0,
    },
    "machine": [
        {
            "id": "all",
            "machine_efficiency": 20.0,
            "capacity_share": 1.0,
            "investment_share": 1.0,
            "retirement": 0.0,
            "conversion": 0.0,
        }
    ],
    "price": {"process": "lognormal", "btc_close": PRICE, "volatility": 0.0, "drift": 0.0},
    "factors": {
        "ai_volatility": 0.0,
        "ai_btc_correlation": 0.0,
        "power_volatility": 0.0,
        "power_persistence": 0.0,
        "window_closes": 0.0,
        "window_opens": 1.0,
        "window_ai_beta": 0.0,
        "slip_on_time": 1.0,
        "slip_median": 0.0,
        "slip_sigma": 0.0,
        "overrun_median": 1.0,
        "overrun_sigma": 0.0,
        "gpu_overrun_median": 1.0,
        "gpu_overrun_sigma": 0.0,
        "idio_persistence": 1.0,
    },
    "finance": {
        "cash_yield": 0.0,
        "refinancing_spread": 0.02,
        "refinancing_coupon": 0.08,
        "refinancing_term": 24,
        "refinancing_leverage": 0.6,
        "tax_rate": 0.0,
        "tax_loss_limit": 0.8,
        "distress_coverage": 1.0,
        "hpc_depreciation_life": 20.0,
    },
    "impact": {  # nothing is met
        "impact_coefficient": 0.0,
        "daily_volatility": 0.02,
        "daily_volume": 5000.0,
        "flow_beta": 0.0,
        "lasting_share": 0.5,
        "impact_half_life": 31.0,
        "usual_sold_share": 1.0,
        "unlisted_btc": 0.0,
        "squeeze_sales": 0.0,
        "usual_under_water": 0.0,
        "listed_switching": 0.0,
        "forced_sale_discount": 0.0,
        "machine_absorption": 0.01,
        "shared_capital": 0.0,
        "open_capacity": 1000.0,
        "shut_capacity": 0.0,
        "distress_spread": 0.0,
    },
    "defaults.hpc": {"gpu_life": 5.0, "gpu_residual": 0.0, "gpu_price_decay": 0.0, "utilisation": 1.0},
    "defaults.debt": {  # what only one kind of instrument or project may say itself
        "call_trigger": 1.3,
        "margin_call_ltv": 0.7,
        "restore_ltv": 0.6,
        "release_ltv": 0.6,
        "liquidation_ltv": 0.8,
    },
}

COMPANY: dict[str, Any] = {
    "company": {"format": 1, "name": "Toy", "ticker": "TOY", "as_of": AS_OF},
    "equity": {
        "share_price": SHARE,
        "shares": 100.0,
        "btc_beta": 0.0,
        "ai_beta": 0.0,
        "idio_volatility": 0.0,
        "average_daily_volume": 0.0,
        "atm_remaining": 0.0,
        "atm_participation": 0.0,
        "atm_discount": 0.0,
        "atm_renewal": 0.0,
        "distress_discount": 0.0,
    },
    "treasury": {
        "cash": 100.0,
        "restricted_cash": 0.0,
        "btc": 0.0,
        "btc_tax_basis": 0.0,
        "production_sold": 1.0,
        "minimum_cash_months": 0.0,
        "repayment_cover": 1.0,
        "btc_sale_cap": 1_000_000.0,
        "funding_order": ["revolver", "btc", "atm"],
    },
    "costs": {"cash_sga": 0.0, "stock_compensation": 0.0, "mining_depreciation": 0.0},
    "balance": {"mining_ppe": 0.0},
    "reported": {"btc_mined": 0.0},
    **{name: [] for name, shape in layout(CompanyTables).items() if shape.repeats},
}

# What each row of a block has before a case says otherwise: no fee, no index, no growth, no decay.
BLANK: dict[str, Row] = {
    "fleet": {"uptime": 1.0, "indexed_share": 0.0, "pool_fee": 0.0, "capex_per_th": 15.0},
    "debt": {
        "kind": "term",
        "coupon": 0.0,
        "amortisation": "bullet",
    },
    "hpc": {
        "kind": "colocation",
        "escalator": 0.0,
        "term_years": 10.0,
        "noi_margin": 1.0,
        "capex_per_mw": 0.0,
        "cooling_share": 0.2,
        "network_share": 0.1,
        "prepayment_credit": 0.5,
        "gross_ratio": 1.4,
        "outside_months": 12.0,
        "termination_hazard": 0.0,
        "tenant_default_hazard": 0.0,
        "reletting_months": 6.0,
        "reletting_rent": 0.8,
        "loan_coupon": 0.0,
        "loan_amortisation": "bullet",
        "loan_to_cost": 1.0,
        "target_dscr": 1.25,
        "lockup_dscr": 1.1,
        "reserve_months": 0.0,
        "cash_sweep": 0.0,
    },
}

DRAWS = {
    **{name: (name,) for name in (*STANCES, *OPERATING, *CHANCES)},
    "price": ("btc_price", "btc_price_end"),
    "mean_price": ("btc_price",),
    "credit_open": ("credit_open",),
    "power_index": ("power_index",),
    "fee_shock": ("fee_shock",),
    "ai_return": ("ai_return",),
    "relief": ("relief",),
    "slip": ("slip",),
    "overrun": ("overrun",),
    "gpu_overrun": ("gpu_overrun",),
    "tenant_clock": ("tenant_clock",),
    "exit_clock": ("exit_clock",),
}


def build(folder: Path, months: int, **changes: Any) -> Projection:
    """Project the toy company changed by ``changes`` over ``months`` months.

    - A table (``treasury={...}``, ``network={...}``, ``finance={...}``) changes some of its fields.
    - A block (``debt=[{...}, ...]``) lists its rows; ids are made up where a row has none.
    - ``known`` lists the rows of [[known_month]] of the company, ``known_month`` those of the market; ``seen`` says how
      much of it the run may see.
    - A draw (``price``, ``mean_price``, ``credit_open``, ``power_index``, ``fee_shock``, ``ai_return``, ``relief``,
      stances and shocks by name; for projects ``slip``, ``overrun``, ``gpu_overrun``, ``tenant_clock``,
      ``exit_clock``) is a number for all months or a list; a short list goes on with its last number. ``share`` is the
      share price by month.

    ``AssertionError`` when a check of the model does not hold.
    """
    draws = {name: changes.pop(name) for name in (*DRAWS, "share") if name in changes}
    seen = changes.pop("seen", "all")
    company, market, scenario = load(folder, **changes)
    market_case = prepare_market(market, scenario, months, seen)
    case = prepare_company(company, market_case)
    market_draws = central_market(market_case.randomness)
    company_draws = central_company(case.randomness, case.ticker, case.projects)
    if "share" in draws:
        path = [SHARE, *_path(draws.pop("share"), months)]
        company_draws["idio_return"][:] = np.diff(np.log(path))
    arrays = market_draws | company_draws
    for name, value in draws.items():
        for key in DRAWS[name]:
            arrays[key][:] = _path(value, len(arrays[key]))
    projection = evaluate(case, market_case, market_draws, company_draws)
    broken = {
        name: column.abs().max()
        for name, column in projection.monthly.items()
        if str(name).startswith("check_") and column.abs().max() > 1e-7
    }
    assert not broken, f"identities do not hold: {broken}"
    return projection


def load(folder: Path, **changes: Any) -> tuple[Company, Market, Scenario]:
    """The toy company, its market and scenario, written to files and read back.

    ``changes`` are those of :func:`build` but for the draws; ``shock=[{...}]`` lists the shocks of the scenario.
    """
    shocks = [{"why": "a toy"} | shock for shock in changes.pop("shock", [])]
    scenario = {"scenario": {"name": "toy", "story": "What moves is listed."}, "shock": shocks}
    known = changes.pop("known", [])
    market = load_market(_write(folder / "market.toml", _merged(MARKET, changes), sourced=tuple(MARKET)))
    tables = _merged(COMPANY, changes | {"known_month": known})
    changes = {name: value for name, value in changes.items() if name not in COMPANY}
    company = load_company(_write(folder / "company.toml", tables, sourced=tuple(COMPANY)[1:]), market.defaults)
    if changes:
        raise TypeError(f"no such table, block or draw: {', '.join(changes)}")
    return company, market, load_scenario(_write(folder / "scenario.toml", scenario))


def _path(value: float | Sequence[float], length: int) -> list[float]:
    values = list(value) if isinstance(value, Sequence) else [value]
    return [float(values[min(index, len(values) - 1)]) for index in range(length)]


def _merged(base: Mapping[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The tables of ``base`` with those of ``changes`` that belong to it, which are taken out of ``changes``."""
    merged: dict[str, Any] = {}
    for table, content in base.items():
        change = changes.pop(table, None)
        if isinstance(content, list):
            blank = BLANK.get(table, {})
            rows = content if change is None else [blank | row for row in change]
            named = table != "known_month"  # a month is its own name
            merged[table] = [{"id": f"{table}-{n}"} | row if named else row for n, row in enumerate(rows, 1)]
        else:
            merged[table] = content | (change or {})
    return merged


def _write(file: Path, tables: Mapping[str, Any], sourced: Sequence[str] = ()) -> Path:
    """Write a TOML file; empty lists stand first, and each of the ``sourced`` tables that is there gets a grade."""
    lines = [f"{name} = []" for name, content in tables.items() if content == []]
    for name, content in tables.items():
        for row in content if isinstance(content, list) else [content]:
            lines += [f"[[{name}]]" if isinstance(content, list) else f"[{name}]"]
            lines += [f"{key} = {_toml(value)}" for key, value in row.items() if value is not None]
    if sourced:
        lines += ["[sources]"]
        lines += [f'"{name}" = {{ grade = "estimated", why = "a toy" }}' for name in sourced if tables[name]]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return value.isoformat() if isinstance(value, date) else repr(value)
