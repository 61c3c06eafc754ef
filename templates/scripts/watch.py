"""What to look at first: price against cost, funding, execution. Usage: python watch.py [TICKER ...]"""

import sys

import corpfin as cf

result = cf.watch(sys.argv[1:] or None)
table = result.table

print(f"Flags as of {result.month}")
print(table[["price_flag", "funding_flag", "execution_flag"]].to_string())

print("\nRed flags first: what they are read from, USD and USD m")
red = table[(table[["price_flag", "funding_flag", "execution_flag"]] == "red").any(axis=1)]
prices = ["btc_price", "power_cost_per_btc", "cash_cost_per_btc"]
columns = [*prices, "liquidity", "principal_due_24", "equity_to_complete", "burn", "ring_money"]
print(red[columns].to_string(float_format="{:,.0f}".format))
