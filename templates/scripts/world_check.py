"""Hold the model's first quarter against what each company last reported. Usage: python world_check.py [TICKER ...]"""

import sys

import pandas as pd

import corpfin as cf
from corpfin.inputs import known_companies

QUARTER = slice("2026-04", "2026-06")

rows = {}
for ticker in sys.argv[1:] or sorted(known_companies()):
    projection = cf.project(ticker)
    quarter, reported = projection.monthly.loc[QUARTER], projection.company.tables.reported
    mined, power = quarter["total_fleet_btc_mined"].sum(), quarter["total_fleet_power_cost"].sum()
    rows[ticker] = {
        "BTC mined": mined,
        "reported ": reported.btc_mined,
        "power USD/BTC": power * 1e6 / mined if mined else None,
        "mining cost": power + quarter["total_fleet_site_expense"].sum() - quarter["total_fleet_credits"].sum(),
        "reported  ": reported.mining_cost,
        "HPC revenue": quarter["total_hpc_revenue"].sum(),
        "reported   ": reported.hpc_revenue,
        "interest": quarter["interest_expense"].sum(),
        "reported    ": reported.interest_expense,
        "hashprice": quarter["hashprice"].mean(),
        "delivered MW": quarter["total_hpc_delivered_mw"].iloc[-1],
    }
print(pd.DataFrame(rows).T.to_string(float_format="{:,.1f}".format, na_rep="-"))
