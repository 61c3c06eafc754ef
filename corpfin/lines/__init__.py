"""The model. One room a subject; a line is a function of one expression whose parameters are the lines it reads.

``MARKET`` and ``COMPANY`` state the order in which the rooms are evaluated, which is the order of the sheets. A run of
companies together has ``SECTOR`` too, and in market and company the rooms ``MARKET_TOGETHER`` and ``COMPANY_TOGETHER``
before the others: their lines take the place of figures that a company alone is given.
"""

from corpfin.lines import (
    balances,
    capital,
    checks,
    construction,
    cost_to_complete,
    debt,
    debt_ladder,
    debt_settlement,
    delivery,
    draws,
    equity,
    flows,
    funding,
    hashrate,
    impact,
    machines,
    metrics,
    mining,
    network,
    offerings,
    order_book,
    order_settlement,
    orders,
    payments,
    project_books,
    project_ladder,
    project_loan,
    project_settlement,
    project_waterfall,
    purchases,
    rent,
    sector_capital,
    sector_conversion,
    sector_debt,
    sector_delivery,
    sector_price,
    statements,
    tax,
    tenant,
    treasury,
    warrants,
)

MARKET = (network, machines, hashrate, order_book)
COMPANY = (
    delivery,
    tenant,
    rent,
    construction,
    project_loan,
    project_waterfall,
    cost_to_complete,
    project_ladder,
    orders,
    mining,
    equity,
    warrants,
    offerings,
    purchases,
    debt,
    debt_ladder,
    draws,
    treasury,
    funding,
    payments,
    debt_settlement,
    order_settlement,
    project_settlement,
    project_books,
    balances,
    tax,
    statements,
    metrics,
    checks,
)

SECTOR = (flows, impact, capital)
MARKET_TOGETHER = (sector_price, sector_conversion)
COMPANY_TOGETHER = (sector_capital,)
COMPANY_ADDED = (sector_delivery, sector_debt)
