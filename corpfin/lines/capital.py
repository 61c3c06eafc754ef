"""What the sector asks of the capital market against what that gives, and what is still needed to deliver.

What is asked beyond capacity is granted pro rata: everybody sells the same share of what the market would take of them
alone. The gap is built from below: what leased megawatts still cost less what is escrowed, signed and undrawn.
"""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST, DUST_SHARE, STEPS_PER_QUARTER

SECTIONS = {"capital_capacity": "Capital market", "capex_to_deliver": "Funding gap"}

opening_capital_share = Constant(1.0, "1", "The market gave what was asked when the projection starts")
opening_distress_premium = Constant(0.0, "1/year", "Nobody in default when the projection starts")


def capital_capacity(credit_open, open_capacity, shut_capacity):
    """Capital market capacity [USD m]. What it gives the sector in a month, by the state of the credit window."""
    return (open_capacity if credit_open else shut_capacity) / STEPS_PER_QUARTER


def equity_asked(total_company_atm_proceeds, capital_share_prior, total_company_follow_on_sale):
    """Equity asked [USD m].

    Shares sold at the market, and what would have been sold had the others not asked too; and offerings, which are sold
    whole or not at all.
    """
    return total_company_atm_proceeds / max(DUST_SHARE, capital_share_prior) + total_company_follow_on_sale


def debt_asked(
    total_company_total_debt_rolled_over,
    total_company_debt_raised,
    total_company_notes_issued,
    total_company_total_hpc_loan_committed,
):
    """Debt asked [USD m]. Notes rolled over and issued, and loans of projects when they close, drawn or not."""
    return (
        total_company_total_debt_rolled_over
        + total_company_debt_raised
        + total_company_notes_issued
        + total_company_total_hpc_loan_committed
    )


def capital_asked(equity_asked, debt_asked):
    """Capital asked [USD m]. By all companies in the month."""
    return equity_asked + debt_asked


def capital_share(capital_capacity, capital_asked, shared_capital):
    """Share of capital granted [1].

    Of what is asked, all alike; met next month by whoever sells shares. A loan is closed and a note rolled over whole
    or not at all, so that a part of it, the same for all, would be nothing, and everybody's the month after.
    """
    return min(1, capital_capacity / capital_asked) if shared_capital and capital_asked > DUST else 1


def companies_in_default(total_company_defaulted):
    """Companies in default [1]. Their number."""
    return total_company_defaulted


def distress_premium(companies_in_default, companies, distress_spread):
    """Distress premium [1/year]. On the spread of whoever rolls over, by the share of the sector in default."""
    return distress_spread * companies_in_default / companies


def capex_to_deliver(total_company_total_hpc_left_to_build):
    """Capex left for leased capacity [USD m]. Still to be paid at month end, overruns included."""
    return total_company_total_hpc_left_to_build


def escrowed(total_company_total_hpc_ring_cash):
    """Escrowed in projects [USD m]. Cash of the rings, which pays nothing else."""
    return total_company_total_hpc_ring_cash


def signed_to_come(total_company_total_hpc_signed_left, total_company_total_debt_undrawn):
    """Signed money to come, all companies [USD m]. Undrawn loans, and payments ahead agreed with tenants."""
    return total_company_total_hpc_signed_left + total_company_total_debt_undrawn


def gap_after_signed(capex_to_deliver, escrowed, signed_to_come):
    """Funding gap after signed money [USD m]. What delivering all that is leased asks beyond it and what is there."""
    return max(0, capex_to_deliver - escrowed - signed_to_come)


def liquidity_of_all(total_company_liquidity):
    """Liquidity of all companies [USD m]. Cash, free bitcoin and unused lines."""
    return total_company_liquidity
