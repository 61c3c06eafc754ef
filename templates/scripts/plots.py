"""Draw the sector and one company into a folder. Usage: python plots.py [TICKER [FOLDER]]"""

import sys
from pathlib import Path

import corpfin as cf
from corpfin.inputs import known_companies
from corpfin.report import plots

ticker = sys.argv[1] if len(sys.argv) > 1 else "WULF"
folder = Path(sys.argv[2] if len(sys.argv) > 2 else "plots")

sector = cf.simulate(sorted(known_companies()), paths=2048)
transition = cf.lifeline(paths=1024)
prices = {company: cf.load_company(company).tables.equity.share_price for company in transition.table.index}

figures = {
    **plots.company_plots(cf.project(ticker), cf.simulate(ticker, paths=4096)),
    **{f"sector_{name}": figure for name, figure in plots.sector_plots(sector).items()},
    "sector_stress": plots.stress_heat_map(cf.stress(scenarios=["btc-half", "funding-shut", "crisis"], paths=1024)),
    "sector_lifeline": plots.lifeline_map(transition, prices),
}
for file in plots.save_plots(folder, figures):
    print(file)
