"""Survival and dilution, %, with each mechanism off after history. Usage: python mechanisms.py [DATE [TICKER ...]]"""

import sys
import tempfile
from pathlib import Path

import pandas as pd

import corpfin as cf

SHOCK = '[[shock]]\ntarget = "{}"\nhow = "set"\nvalue = {}.0\nwhy = "off"'
SPREADS = ["cash", "lead", "selling", "production", "mix", "growth", "uptime", "overhead", "equity", "buyback"]
ALWAYS_OPEN = {"equity_closes": 0, "window_share_floor": 0, "window_btc_floor": 0, "window_fall": 1, "shut_atm": 1}
OFF = {
    "everything": {},
    "all treasurers alike": {f"finance.{name}_spread": 0 for name in SPREADS},
    "no holdings sold by choice": {"treasury.holdings_sold": 0},
    "raised six months ahead": {"treasury.funding_lead": 6, "finance.lead_spread": 0},
    "sources in strict order": {"treasury.source_mix": 0, "finance.mix_spread": 0},
    "no land and power for growth": {"treasury.growth_appetite": 0},
    "equity window never shuts": {f"finance.{name}": value for name, value in ALWAYS_OPEN.items()},
    "no shares for growth": {"equity.equity_growth": 0},
    "no notes before a need": {"finance.notes_chance": 0},
    "no new notes": {"finance.notes_of_value": 0},
    "roll-over on leverage alone": {"finance.cash_cover_floor": 0, "finance.asset_cover_floor": 0},
    "overhead is not cut": {"costs.deepest_cut": 0},
    "no loans against leases": {"hpc.advance_rate": 0, "hpc.gpu_advance_rate": 0},
    "no cures by owners": {"hpc.cure_months": 0},
    "fleets do not age": {"fleet.retirement": 0},
}
when, tickers, found = next(iter(sys.argv[1:]), None), sys.argv[2:] or None, {}
with tempfile.TemporaryDirectory() as folder:
    file = Path(folder, "off.toml")
    for name, values in OFF.items():
        shocks = [SHOCK.format(*item) for item in values.items()]
        file.write_text("\n".join([f'[scenario]\nname = "off"\nstory = "{name}"', *shocks]))
        found[name] = cf.simulate(tickers, cf.load_scenario(file), as_of=when, paths=4096).summary
for column in ("survival_60", "dilution"):
    table = pd.DataFrame({name: 100 * each[column] for name, each in found.items()}).T
    print(f"\n{column}, %, as of {when or 'the newest date'}\n{table.round(1).to_string()}")
