"""Which unknown figure of a company matters most? Usage: python sensitivity.py [TICKER]"""

import sys

import corpfin as cf

ticker = sys.argv[1] if len(sys.argv) > 1 else "CLSK"
result = cf.sensitivity(ticker, paths=1024)
shown = ["grade", "low", "high", "survival_60_low", "survival_60_high", "survival_60_high_error", "dilution_swing"]

print(
    f"{ticker} survives 60 months on {result.base['survival_60']:.1%} of paths. What moves that, unknown figures first:"
)
print(result.table[shown].head(15).to_string(float_format="{:,.3g}".format))

indices = result.sobol(3, samples=16)
print("\nShares of the variance when the three largest vary together (Sobol indices, 95 % intervals)")
print(indices.table.loc["survival_60"].to_string(float_format="{:.2f}".format))
