"""What the world publishes, held against the files: filings of a company, the chain for the market.

Proposed figures, never guessed ones: ``templates/filings.toml`` says which tag gives which field, checks say whether
the figure can be right, and a person decides. No other room needs this one.
"""

from corpfin.filings.chain import read_chain
from corpfin.filings.coins import month_end_prices
from corpfin.filings.files import read_filings
from corpfin.filings.market import refresh_market, write_refreshed_market
from corpfin.filings.refresh import refresh, unfiled
from corpfin.filings.updates import hold_updates, is_table, read_updates
from corpfin.filings.write import write_company

__all__ = [
    "hold_updates",
    "is_table",
    "month_end_prices",
    "read_chain",
    "read_filings",
    "read_updates",
    "refresh",
    "refresh_market",
    "unfiled",
    "write_company",
    "write_refreshed_market",
]
