"""Hold the network's rule against the chain. Usage: python network_history.py [MARKET_FILE]

Prices and fees of the months the file knows are given, its hash rate is not: the model answers them by its own rule.
Columns add one thing after the other: nothing on order and machines at a standing price; machines on order at the start
and later ones on their way; machine price that follows what machines earn; new generations of machines.
"""

import sys
from dataclasses import replace

import numpy as np
import pandas as pd

import corpfin as cf
from corpfin.engine import interpret
from corpfin.paths import central_market
from corpfin.runs import cases, graphs

market = cf.load_market(*sys.argv[1:2])
months = market.tables.known_month or sys.exit(f"{market.file} knows no months")
facts = {name: market.tables.network.__dict__[name] for name in ("network_orders", "delivery_months")}
still = {"machine_price_payback": 0.001, "machine_price_lag": 1.0, "machine_cost_decline": 0.0}
still["machine_cost"] = market.tables.network.machine_price
columns = {"standing": {"network_orders": 0.0, "delivery_months": 1.0, **still, "efficiency_progress": 0.0}}
columns["orders"] = columns["standing"] | facts
columns["price"] = {"efficiency_progress": 0.0}
columns["generations"] = {}

shown = pd.DataFrame({"chain": [month.hashrate for month in months]}, [month.month for month in months])
for column, changes in columns.items():
    changed = market.changed({("network", None, name): value for name, value in changes.items()})
    case = cases.prepare_market(changed, cf.load_scenario("base"), len(months))
    data = replace(case.data, series=case.data.series | {"known_hashrate": np.zeros(len(months))})
    network = interpret(graphs.market_graph(), data, {"": central_market(case.randomness)})
    shown[column] = network["network_hashrate"]
shown["difference"] = (shown["generations"] / shown["chain"] - 1).map("{:+.0%}".format)
for name in ("hashprice", "machine_price", "machine_yield", "network_orders", "fleet_under_water"):
    shown[name] = network[name]
shown["installed"] = network["machine", "installed"].sum(axis=0)
print(shown[[label[-2:] in ("03", "06", "09", "12") for label in shown.index]].to_string(float_format="{:,.2f}".format))
