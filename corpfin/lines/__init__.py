"""The model. One room a subject; a line is a function of one expression whose parameters are the lines it reads.

``MARKET`` and ``COMPANY`` state the order in which the rooms are evaluated, which is the order of the sheets.
"""

from corpfin.lines import (
    balances,
    checks,
    collateral,
    construction,
    cost_to_complete,
    debt,
    delivery,
    equity,
    hashrate,
    machines,
    metrics,
    mining,
    network,
    offerings,
    project_books,
    project_loan,
    project_settlement,
    project_waterfall,
    purchases,
    rent,
    statements,
    tax,
    tenant,
    treasury,
    warrants,
)

MARKET = (network, machines, hashrate)
COMPANY = (
    delivery,
    tenant,
    rent,
    construction,
    project_loan,
    project_waterfall,
    cost_to_complete,
    mining,
    equity,
    warrants,
    offerings,
    purchases,
    debt,
    treasury,
    collateral,
    project_settlement,
    project_books,
    balances,
    tax,
    statements,
    metrics,
    checks,
)
