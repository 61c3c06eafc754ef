"""The model. One room a subject; a line is a function of one expression whose parameters are the lines it reads.

``MARKET`` and ``COMPANY`` state the order in which the rooms are evaluated, which is the order of the sheets.
"""

from corpfin.lines import (
    balances,
    checks,
    debt,
    debt_settlement,
    equity,
    funding,
    hashrate,
    hpc,
    machines,
    metrics,
    mining,
    network,
    offerings,
    payments,
    purchases,
    ring,
    statements,
    tax,
    treasury,
    warrants,
)

MARKET = (network, machines, hashrate)
COMPANY = (
    hpc,
    mining,
    equity,
    warrants,
    offerings,
    purchases,
    debt,
    treasury,
    funding,
    payments,
    debt_settlement,
    ring,
    balances,
    tax,
    statements,
    metrics,
    checks,
)
