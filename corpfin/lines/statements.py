"""Income statement, cash flow statement and balance sheet; projects are consolidated in full.

Those that the company does not consolidate too: what is held against published figures leaves them out, no line does.
"""

from corpfin.lines.constants import DUST, USD_PER_MILLION

SECTIONS = {
    "group_revenue": "Income statement",
    "operating_cash_flow": "Cash flow statement",
    "opening_parent_restricted_cash": "Balance sheet",
}


def group_revenue(mined_value, total_hpc_revenue, services_income):
    """Revenue [USD m]. Bitcoin mined at the mean price, projects, services."""
    return mined_value + total_hpc_revenue + services_income


def fair_value_change(btc_value, btc_value_prior, mined_value, btc_sale_proceeds):
    """Fair value change of bitcoin [USD m].

    Gain or loss on bitcoin at fair value, sold and held, through income (ASU 2023-08).
    """
    return btc_value - btc_value_prior - mined_value + btc_sale_proceeds


def opening_btc_value(opening_btc, opening_btc_close):
    """Bitcoin at fair value at start [USD m]. At the opening price."""
    return opening_btc * opening_btc_close / USD_PER_MILLION


def project_loss(total_hpc_written_off, total_hpc_extinguished):
    """Loss on projects [USD m]. On projects and tenants that are gone: assets that left less liabilities that ended."""
    return total_hpc_written_off - total_hpc_extinguished


def net_income(
    ebitda,
    fair_value_change,
    compensation_expense,
    depreciation,
    interest_expense,
    group_interest_income,
    issue_expense,
    retirement_gain,
    project_loss,
    machine_loss,
    tax,
):
    """Net income [USD m]. Other owners of projects included."""
    return (
        ebitda
        + fair_value_change
        + group_interest_income
        + retirement_gain
        - compensation_expense
        - depreciation
        - interest_expense
        - issue_expense
        - project_loss
        - machine_loss
        - tax
    )


def operating_cash_flow(
    operating_receipts,
    payables_taken,
    total_hpc_noi,
    total_hpc_site_cost_unpaid,
    total_hpc_credit_taken,
    total_hpc_tenant_receipt,
    total_hpc_ring_interest_income,
    running_paid,
    payables_paid,
    interest_paid,
    total_debt_machine_interest_paid,
    total_hpc_loan_interest_paid,
):
    """Operating cash flow [USD m].

    Production sold, rents, also paid ahead, and interest; less bills, tax, interest; payables taken up and paid down.
    """
    return (
        operating_receipts
        + payables_taken
        - payables_paid
        + total_hpc_noi
        + total_hpc_site_cost_unpaid
        - total_hpc_credit_taken
        + total_hpc_tenant_receipt
        + total_hpc_ring_interest_income
        - running_paid
        - interest_paid
        - total_debt_machine_interest_paid
        - total_hpc_loan_interest_paid
    )


def investing_cash_flow(
    btc_sale, buyback_paid, loans_prepaid, collateral_proceeds, fleet_sale, total_hpc_capex_paid, mining_ppe_added
):
    """Investing cash flow [USD m].

    Bitcoin sold for funding, buy-backs and prepayment, all that collateral sold for bills brings, and fleets sold in;
    construction, machines, land out.
    """
    return (
        btc_sale
        + buyback_paid
        + loans_prepaid
        + collateral_proceeds
        + fleet_sale
        - total_hpc_capex_paid
        - mining_ppe_added
    )


def debt_cash_flow(
    debt_raised,
    order_draw,
    total_debt_cost_of_issue,
    revolver_draw,
    notes_proceeds,
    principal_paid,
    total_debt_machine_principal_repaid,
    secured_paid,
    deficiency_paid,
    margin_paid,
    total_debt_repaid_pro_rata,
    loans_prepaid,
    revolver_repaid,
    buyback_paid,
):
    """Net corporate borrowing [USD m]. Corporate debt raised less repaid in cash."""
    return (
        debt_raised
        + order_draw
        - total_debt_cost_of_issue
        + revolver_draw
        + notes_proceeds
        - principal_paid
        - total_debt_machine_principal_repaid
        - secured_paid
        - deficiency_paid
        - margin_paid
        - total_debt_repaid_pro_rata
        - loans_prepaid
        - revolver_repaid
        - buyback_paid
    )


def loan_cash_flow(total_hpc_loan_issued, total_hpc_loan_cost, total_hpc_loan_repaid):
    """Net project borrowing [USD m]. Ring-fenced loans raised less repaid."""
    return total_hpc_loan_issued - total_hpc_loan_cost - total_hpc_loan_repaid


def share_cash_flow(atm_proceeds, follow_on_sale, total_offering_cash_raised, total_warrant_strike_proceeds):
    """Proceeds of shares sold [USD m]. Shares sold for cash."""
    return atm_proceeds + follow_on_sale + total_offering_cash_raised + total_warrant_strike_proceeds


def minority_cash_flow(total_hpc_minority_paid_in, total_hpc_minority_distribution):
    """Net paid in by minorities [USD m]. Paid in by other owners of projects less distributed to them."""
    return total_hpc_minority_paid_in - total_hpc_minority_distribution


def financing_cash_flow(
    debt_cash_flow,
    loan_cash_flow,
    share_cash_flow,
    minority_cash_flow,
    relief,
    withholding_paid,
    total_hpc_lost_cash,
):
    """Financing cash flow [USD m].

    Less tax paid for shares withheld and cash that leaves with a lost project; relief is paid in for no shares.
    """
    return (
        debt_cash_flow
        + loan_cash_flow
        + share_cash_flow
        + minority_cash_flow
        + relief
        - withholding_paid
        - total_hpc_lost_cash
    )


def net_cash_flow(operating_cash_flow, investing_cash_flow, financing_cash_flow, unexplained_cash):
    """Net cash flow [USD m]. Change of cash, restricted cash and what nothing explains included."""
    return operating_cash_flow + investing_cash_flow + financing_cash_flow + unexplained_cash


def opening_parent_restricted_cash(restricted_cash, total_hpc_opening_consolidated_principal):
    """Parent restricted cash at start [USD m]. Restricted cash that belongs to no project loan."""
    return restricted_cash if total_hpc_opening_consolidated_principal <= DUST else 0


def parent_restricted_cash(parent_restricted_cash_prior):
    """Parent restricted cash [USD m]. It pays no bills."""
    return parent_restricted_cash_prior


def opening_assets(
    opening_cash,
    opening_parent_restricted_cash,
    total_hpc_opening_ring_cash,
    opening_btc_value,
    opening_mining_ppe,
    total_hpc_opening_hpc_assets,
):
    """Total assets at start [USD m]."""
    return (
        opening_cash
        + opening_parent_restricted_cash
        + total_hpc_opening_ring_cash
        + opening_btc_value
        + opening_mining_ppe
        + total_hpc_opening_hpc_assets
    )


def opening_liabilities(
    total_debt_opening_balance,
    total_hpc_opening_loan_balance,
    total_hpc_opening_tenant_prepayment,
):
    """Total liabilities at start [USD m]."""
    return total_debt_opening_balance + total_hpc_opening_loan_balance + total_hpc_opening_tenant_prepayment


def opening_book_equity(opening_assets, opening_liabilities):
    """Book equity at start [USD m]. Modelled assets less modelled liabilities, not the filed figure."""
    return opening_assets - opening_liabilities


def assets(
    cash,
    parent_restricted_cash,
    total_hpc_ring_cash,
    btc_value,
    mining_ppe,
    total_hpc_hpc_assets,
    total_hpc_gpu_assets,
):
    """Total assets [USD m]."""
    return (
        cash
        + parent_restricted_cash
        + total_hpc_ring_cash
        + btc_value
        + mining_ppe
        + total_hpc_hpc_assets
        + total_hpc_gpu_assets
    )


def liabilities(
    corporate_debt, total_hpc_loan_balance, total_hpc_tenant_prepayment, net_payables, arrears, tax_payable
):
    """Total liabilities [USD m]. Debt, project loans, rent prepaid, net payables, what is overdue."""
    return corporate_debt + total_hpc_loan_balance + total_hpc_tenant_prepayment + net_payables + arrears + tax_payable


def book_equity(
    book_equity_prior,
    net_income,
    compensation_expense,
    withholding_tax,
    share_cash_flow,
    total_debt_settled_in_shares,
    notes_converted,
    minority_cash_flow,
    relief,
    unexplained_cash,
):
    """Book equity [USD m].

    Other owners included: rolled forward from income, issues and cash that nothing explains, not a balancing item.
    """
    return (
        book_equity_prior
        + net_income
        + compensation_expense
        - withholding_tax
        + share_cash_flow
        + total_debt_settled_in_shares
        + notes_converted
        + minority_cash_flow
        + relief
        + unexplained_cash
    )
