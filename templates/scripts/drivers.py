"""What would have had to be absent for failures to be paid? Usage: python drivers.py [TICKER ...]"""

import sys

import corpfin as cf
from corpfin.studies.burdens import DRIVERS

result = cf.drivers(sys.argv[1:] or None, paths=4_096)

print("Share of failures that would have been paid without it; shares overlap")
print(result.table[["failing", *DRIVERS]].to_string(float_format="{:.3f}".format))

print("\nThe same by the first bill left unpaid")
print(result.bills.to_string(float_format="{:.2f}".format))
