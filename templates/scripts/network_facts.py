"""Print the network facts the model must reproduce: who is under water, JPMorgan's cost, hash rate since October 2025.

From the state of October 2025 the network is given the prices of the following months and answers by its own rule.
"""

import dataclasses

import numpy as np

import corpfin as cf
from corpfin.engine import interpret
from corpfin.studies.model import market_graph, prepare_market

MONTHS = ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]
PRICE = [96281.99, 88915.92, 90477.77, 68855.45, 69532.58, 73725.34, 77985.61, 62999.59]  # mean, Coin Metrics, Coinbase
HASHRATE = [1075.8, 1058.0, 988.4, 1003.5, 982.8, 962.2, 976.9, 925.8]  # mean, from the difficulty of each epoch
DIFFICULTY = {
    "2025-11": (152.3, 94_000),
    "2025-12": (149.3, 90_000),
    "2026-02": (125.9, 77_000),
    "2026-06": (124.9, 78_000),
}

case = prepare_market(cf.load_market(), cf.load_scenario("base"), len(MONTHS))
october = {
    "opening_network_hashrate": 1081.3,
    "installed_capacity": 1081.3 / (1 - 0.016),
    "opening_btc_close": 109554.24,
}
inputs = dict(case.data.inputs[""])
data = dataclasses.replace(
    case.data,
    inputs={**case.data.inputs, "": inputs | {name: np.full(len(MONTHS), value) for name, value in october.items()}},
    openings={**case.data.openings, "": dict(case.data.openings[""]) | {k: np.array(v) for k, v in october.items()}},
    series={**case.data.series, "known_hashrate": np.zeros(len(MONTHS)), "known_fees": np.full(len(MONTHS), 0.019)},
)
draws = {name: np.zeros(len(MONTHS)) for name in ("ai_return", "fee_shock", "hashrate_shock")}
draws |= {name: np.ones(len(MONTHS)) for name in ("power_index", "credit_open")}
draws |= {"btc_price": np.array(PRICE), "btc_price_end": np.array(PRICE)}
network = interpret(market_graph(), data, {"": draws})

print("month     model EH/s  chain EH/s   difference   hashprice   under water")
for month, model, chain, hashprice, under in zip(
    MONTHS, network["network_hashrate"], HASHRATE, network["hashprice"], network["fleet_under_water"], strict=True
):
    print(f"{month}   {model:9.1f}   {chain:9.1f}   {model / chain - 1:9.1%}   {hashprice:9.2f}   {under:10.1%}")

print("\nJPMorgan's production cost: 5 c/kWh at 32 J/TH on the day's difficulty")
values = {
    name: float(case.data.inputs[""][name][0]) for name in ("jpm_power_price", "jpm_efficiency", "subsidy_before")
}
for month, (difficulty, published) in DIFFICULTY.items():
    hashrate = difficulty * 2**32 / 600 / 1e6
    cost = values["jpm_power_price"] * values["jpm_efficiency"] * hashrate * 24 / (144 * values["subsidy_before"])
    print(f"{month}   {cost:9,.0f}   published {published:9,.0f}   {cost / published - 1:+.1%}")
