"""All companies side by side on the same paths. Usage: python compare.py [TICKER ...]"""

import sys

import corpfin as cf

result = cf.compare(sys.argv[1:] or None, paths=4_096)

for name, failure in result.failures.items():
    print(f"{name} is left out: {failure.problems[0]}", file=sys.stderr)

columns = [
    "survival_36",
    "survival_36_error",
    "survival_60",
    "survival_60_error",
    "dilution",
    "runway",
    "principal_due_24",
]
print(result.sorted("survival_60")[columns].to_string(float_format="{:,.3g}".format))

print("\nCorporate principal due by contract, USD m, nothing rolled over or converted")
print(result.maturities.loc[(slice(None), "corporate"), :].droplevel("debt").to_string(float_format="{:,.0f}".format))

print(f"\nSurvival at 60 months less that of {result.reference}, on the same paths")
print(result.differences[["change_survival_60", "change_survival_60_error"]].to_string(float_format="{:+.3f}".format))
