"""Every scenario of the library, and two of them together. Usage: python stress.py [TICKER ...]"""

import sys

import corpfin as cf
from corpfin.inputs import known_scenarios

scenarios = [*known_scenarios(), "btc-half+funding-shut"]
result = cf.stress(sys.argv[1:] or None, scenarios, paths=1_024)

percent = "{:+.0%}".format
print("Survival at 60 months, and what each scenario changes about it")
print(result.matrix("survival_60")[["base"]].T.to_string(float_format="{:.0%}".format))
print(result.matrix("change_survival_60").drop(columns="base").T.to_string(float_format=percent))

clear = result.table.query("change_survival_60 < -2 * change_survival_60_error")
worst = clear["change_survival_60"].unstack("scenario").idxmin(axis=1)
print("\nThe scenario that hurts most, where one clearly hurts")
for company, scenario in worst.items():
    print(f"{company:6} {scenario}: {result.stories[scenario].splitlines()[0]}")
