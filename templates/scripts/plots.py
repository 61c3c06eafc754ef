"""Draw the sector and one company into a folder. Usage: python plots.py [TICKER [FOLDER]]"""

import sys
from pathlib import Path

import corpfin as cf
from corpfin.inputs import known_companies
from corpfin.report import plots

ticker = sys.argv[1] if len(sys.argv) > 1 else "WULF"
folder = Path(sys.argv[2] if len(sys.argv) > 2 else "plots")

sector = cf.simulate(sorted(known_companies()), paths=2048)
figures = {
    "survival": plots.survival_curves(sector),
    "delivered_against_leased": plots.delivered_against_leased(sector),
    "cash": plots.fan_chart(sector, ticker, "cash"),
    "dilution": plots.fan_chart(sector, ticker, "dilution"),
    "maturity_wall": plots.maturity_wall(cf.load_company(ticker)),
    "hashprice": plots.hashprice_against_break_even(cf.project(ticker)),
    "reverse_stress": plots.reverse_curve(cf.reverse_stress(ticker, "overrun", survival=0.5, paths=2048)),
}
for file in plots.save_plots(folder, figures):
    print(file)
