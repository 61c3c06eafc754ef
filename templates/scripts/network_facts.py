"""The network facts the model must reproduce: hash rate since October 2025, who is under water, JPMorgan's cost.
From the state of October 2025 the network is given the prices of the following months and answers by its own rule.
"""

from dataclasses import replace

import numpy as np

import corpfin as cf
from corpfin.engine import interpret
from corpfin.runs import cases, graphs

MONTHS = ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]
PRICE = np.array([96281.99, 88915.92, 90477.77, 68855.45, 69532.58, 73725.34, 77985.61, 62999.59])  # mean, Coinbase
HASHRATE = [1075.8, 1058.0, 988.4, 1003.5, 982.8, 962.2, 976.9, 925.8]  # mean, from the difficulty of each epoch
JPM = {"2025-11": (152.3, 94e3), "2025-12": (149.3, 90e3), "2026-02": (125.9, 77e3), "2026-06": (124.9, 78e3)}
OCTOBER = {"opening_network_hashrate": 1081.3, "installed_capacity": 1081.3 / 0.984, "opening_network_orders": 52.0}
"""Orders: what the rule orders in a month and a half at October's hashprice."""
market, count = cf.load_market(as_of="2026-03-31"), len(MONTHS)
data = cases.prepare_market(market, cf.load_scenario("base"), count).data
inputs = data.inputs[""] | {name: np.full(count, value) for name, value in OCTOBER.items()}
before = data.openings[""] | {name: np.array(value) for name, value in OCTOBER.items()}
series = data.series | {"known_hashrate": np.zeros(count), "known_fees": np.full(count, 0.019)}
data = replace(data, inputs=data.inputs | {"": inputs}, openings=data.openings | {"": before}, series=series)
still = ("ai_return", "btc_dip", "fee_shock", "hashrate_shock", "power_index", "credit_open")
draws = dict.fromkeys(still, np.zeros(count)) | {"btc_price": PRICE, "btc_price_end": PRICE}
network = interpret(graphs.market_graph(), data, {"": draws})
print("month     model EH/s  chain EH/s   difference   hashprice  under water  USD/TH  ordered  on order")
seen = ("network_hashrate", "hashprice", "fleet_under_water", "machine_price", "investment", "network_orders")
rows = zip(MONTHS, HASHRATE, *(network[name] for name in seen), strict=True)
for month, chain, model, paid, under, price, *book in rows:
    row = f"{month}   {model:9.1f}   {chain:9.1f}   {model / chain - 1:9.1%}   {paid:9.2f}  {under:11.1%}  {price:6.2f}"
    print(row, *(f"{value:8.1f}" for value in book))

print("\nJPMorgan's production cost: 5 c/kWh at 32 J/TH on the day's difficulty")
facts = market.tables.network
power = facts.jpm_power_price * facts.jpm_efficiency * 24 / (144 * network["block_subsidy"][-1])
for month, (difficulty, published) in JPM.items():
    cost = power * difficulty * 2**32 / 600 / 1e6
    print(f"{month}   {cost:9,.0f}   published {published:9,.0f}   {cost / published - 1:+.1%}")
