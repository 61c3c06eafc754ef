"""Draw the sector and one company into a folder. Usage: python plots.py [TICKER [FOLDER]]"""

import sys
from pathlib import Path

import corpfin as cf

ticker = sys.argv[1] if len(sys.argv) > 1 else "WULF"
folder = Path(sys.argv[2] if len(sys.argv) > 2 else "plots")

results = {
    "sector": cf.compare(paths=2048),
    "transition": cf.lifeline(paths=1024),
    "scenarios": cf.stress(scenarios=["btc-half", "funding-shut", "crisis"], paths=1024),
    "watch": cf.watch(),
    "company": cf.simulate(ticker, paths=4096),
}
for name, result in results.items():
    for file in cf.save_plots(folder / name, cf.plots_of(result)):
        print(file)
