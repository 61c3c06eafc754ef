"""How far must a figure move until half of the paths fail? Usage: python reverse.py [TICKER [TARGET ...]]"""

import sys

import corpfin as cf

ticker = sys.argv[1] if len(sys.argv) > 1 else "CLSK"

for target in sys.argv[2:] or ["btc_price", "equity.atm_participation"]:
    found = cf.reverse_stress(ticker, target, survival=0.5, at=60, paths=4096)
    print(f"\n{ticker} {target}: {found.reason or 'found'}")
    print(found.table.to_string(float_format="{:,.4g}".format))
    common = found.failed()
    if common is not None:
        print("\nThe paths that fail at this level differ most in")
        print(common.table.head(5).to_string(float_format="{:,.3g}".format))
