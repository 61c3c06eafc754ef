"""Hold the model of March 2026 against what was published for June. Usage: python world_check.py [TICKER ...]

central: the market, share prices and signed events of April to June are seen (--known market). median, 5 and 95 %: a
blind run (--known none); nothing random reaches into months that are history. Only what is published stands here.
"""

import sys

import pandas as pd

import corpfin as cf
from corpfin.inputs import known_companies
from corpfin.studies.published import outcomes, published

FAR = 0.15
PATHS = 200

AS_OF = "2026-03-31"

market, tables = cf.load_market(as_of=AS_OF), {}
for ticker in sys.argv[1:] or known_companies(as_of=AS_OF):
    company = cf.load_company(ticker, as_of=AS_OF)
    found = published(company, market, paths=PATHS)
    if found.empty:
        print(f"{ticker}: nothing is published for the end of June")
        continue
    grades = pd.Series({figure: facts["grade"] for figure, facts in outcomes(company).items()})
    tables[ticker] = found.assign(grade=grades, within=found["published"].between(found["low"], found["high"]))

if tables:
    table = pd.concat(tables, names=["company", "figure"]).reset_index(level="company")
    for figure in dict.fromkeys(table.index):
        rows = table.loc[[figure]].set_index("company")
        far, within = (rows["gap"].abs() > FAR).sum(), rows["within"].sum()
        print(f"\n{figure}: n = {len(rows)}, {far} more than {FAR:.0%} off, {within} within the blind band")
        shown = rows.assign(gap=rows["gap"].map("{:+.0%}".format)).drop(columns="within")
        print(shown.to_string(float_format="{:,.1f}".format))
