"""Checks: each is zero when it holds, every month on every path, in every reading of the model."""


def check_balance_sheet(assets, liabilities, book_equity):
    """Assets equal liabilities and equity, equity rolled forward from income [USD m]."""
    return assets - liabilities - book_equity


def check_cash(cash, total_hpc_ring_cash, cash_prior, total_hpc_ring_cash_prior, net_cash_flow):
    """Cash moves by the cash flow statement [USD m]."""
    return cash + total_hpc_ring_cash - cash_prior - total_hpc_ring_cash_prior - net_cash_flow


def check_bitcoin(btc, btc_prior, total_fleet_btc_mined, btc_sold):
    """Bitcoin moves by what is mined and sold [BTC]."""
    return btc - btc_prior - total_fleet_btc_mined + btc_sold


def check_debt(
    total_debt_balance,
    total_debt_balance_prior,
    debt_cash_flow,
    total_debt_cost_of_issue,
    total_debt_settled_in_shares,
    total_debt_liquidation_proceeds,
):
    """Corporate debt moves by cash raised and repaid, conversion and liquidation [USD m]."""
    return (
        total_debt_balance
        - total_debt_balance_prior
        - debt_cash_flow
        - total_debt_cost_of_issue
        + total_debt_settled_in_shares
        + total_debt_liquidation_proceeds
    )


def check_shares(shares, opening_shares, atm_shares_sold, shares_granted):
    """Shares are the opening count and everything sold and granted since [m share]."""
    return shares - opening_shares - atm_shares_sold - shares_granted


def check_delivered(total_hpc_over_delivered):
    """No project delivers more than it has leased [MW]."""
    return total_hpc_over_delivered


def check_pledged(btc, btc_pledged):
    """Pledged bitcoin never exceeds bitcoin held [BTC]."""
    return max(0, btc_pledged - btc)


def check_cash_not_negative(cash):
    """Cash is never negative: what cannot be paid stays unpaid [USD m]."""
    return min(0, cash)
