"""Is the move to AI a lifeline or a new risk? Usage: python lifeline.py [TICKER ...]"""

import sys

import corpfin as cf

result = cf.lifeline(sys.argv[1:] or None, paths=4_096)

survival = ["change_survival_36", "change_survival_60", "change_survival_60_error"]
columns = ["verdict", *survival, "change_value", "change_funding"]
print("With the transition less without it, on the same paths")
print(result.table[columns].to_string(float_format="{:+,.3f}".format))

print("\nDelivery twelve months late less as planned")
moving = result.table.query("verdict != 'no transition'")
print(
    moving[["late_change_survival_60", "late_change_survival_60_error", "late_change_value"]].to_string(
        float_format="{:+,.3f}".format
    )
)
