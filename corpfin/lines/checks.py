"""Checks: each is zero when it holds, every month on every path, in every reading of the model.

Beyond a trillion dollars or shares a check is of the millionth part of what it adds up: sixteen digits hold no more.
"""

from corpfin.lines.constants import LARGE_COUNT, LARGE_SUM


def check_balance_sheet(assets, liabilities, book_equity):
    """Balance sheet balances [USD m]. Assets equal liabilities and equity, equity rolled forward from income."""
    return (assets - liabilities - book_equity) / max(1, assets / LARGE_SUM)


def check_cash(cash, total_hpc_ring_cash, cash_prior, total_hpc_ring_cash_prior, net_cash_flow):
    """Cash ties to cash flow [USD m]. Cash moves by the cash flow statement."""
    return (cash + total_hpc_ring_cash - cash_prior - total_hpc_ring_cash_prior - net_cash_flow) / max(
        1, (cash + total_hpc_ring_cash + cash_prior + total_hpc_ring_cash_prior) / LARGE_SUM
    )


def check_bitcoin(btc, btc_prior, total_fleet_btc_mined, btc_sold):
    """Bitcoin roll-forward [BTC]. Bitcoin moves by what is mined and sold."""
    return btc - btc_prior - total_fleet_btc_mined + btc_sold


def check_debt(
    corporate_debt,
    corporate_debt_prior,
    debt_cash_flow,
    total_debt_cost_of_issue,
    notes_fee,
    total_debt_settled_in_shares,
    notes_converted,
    total_debt_liquidation_proceeds,
    total_debt_pik_interest,
    total_debt_settled_with_machines,
    retirement_gain,
):
    """Debt roll-forward [USD m]. Corporate debt moves by cash, PIK interest, conversion and collateral taken."""
    return (
        corporate_debt
        - corporate_debt_prior
        - debt_cash_flow
        - total_debt_cost_of_issue
        - notes_fee
        + total_debt_settled_in_shares
        + notes_converted
        + total_debt_liquidation_proceeds
        - total_debt_pik_interest
        + total_debt_settled_with_machines
        + retirement_gain
    ) / max(1, (corporate_debt + corporate_debt_prior) / LARGE_SUM)


def check_shares(shares, opening_shares, atm_shares_sold, shares_granted):
    """Share count roll-forward [m share]. Shares are the opening count and everything sold and granted since."""
    return (shares - opening_shares - atm_shares_sold - shares_granted) / max(1, shares / LARGE_COUNT)


def check_delivered(total_hpc_over_delivered):
    """Delivery within the lease [MW]. No project delivers more than it has leased."""
    return total_hpc_over_delivered


def check_pledged(btc, btc_pledged):
    """Pledged bitcoin within bitcoin owned [BTC]. Pledged bitcoin never exceeds bitcoin held."""
    return max(0, btc_pledged - btc)


def check_cash_not_negative(cash):
    """Cash not negative [USD m]. What cannot be paid stays unpaid."""
    return min(0, cash)


def check_recovery(
    total_debt_claim_recovered,
    total_debt_covered_claim,
    trade_recovered,
    notes_recovered,
    total_hpc_guarantee_recovered,
    equity_residual,
    administration,
    gross_estate,
):
    """Estate is distributed [USD m]. What creditors, shareholders and administration receive is what there is."""
    return (
        total_debt_claim_recovered
        - total_debt_covered_claim
        + trade_recovered
        + notes_recovered
        + total_hpc_guarantee_recovered
        + equity_residual
        + administration
        - gross_estate
    )
