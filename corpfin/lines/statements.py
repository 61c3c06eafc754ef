"""Income statement, cash flow statement and balance sheet; projects are consolidated in full."""

from corpfin.lines.constants import DUST, USD_PER_MILLION

# Income statement


def group_revenue(mined_value, total_hpc_revenue, services_income):
    """Revenue: bitcoin mined at the mean price, projects, services [USD m]."""
    return mined_value + total_hpc_revenue + services_income


def fair_value_change(btc_value, btc_value_prior, mined_value, btc_sale_proceeds):
    """Gain or loss on bitcoin at fair value, sold and held, through income (ASU 2023-08) [USD m]."""
    return btc_value - btc_value_prior - mined_value + btc_sale_proceeds


def opening_btc_value(opening_btc, opening_btc_close):
    """Bitcoin at the opening price [USD m]."""
    return opening_btc * opening_btc_close / USD_PER_MILLION


def project_loss(total_hpc_written_off, total_hpc_extinguished):
    """Loss on projects and tenants that are gone: assets that left less liabilities that ended [USD m]."""
    return total_hpc_written_off - total_hpc_extinguished


def net_income(
    ebitda,
    fair_value_change,
    compensation_expense,
    depreciation,
    interest_expense,
    group_interest_income,
    issue_expense,
    project_loss,
    tax,
):
    """Net income, other owners of projects included [USD m]."""
    return (
        ebitda
        + fair_value_change
        + group_interest_income
        - compensation_expense
        - depreciation
        - interest_expense
        - issue_expense
        - project_loss
        - tax
    )


# Cash flow statement


def operating_cash_flow(
    operating_receipts,
    total_hpc_noi,
    total_hpc_site_cost_unpaid,
    total_hpc_credit_taken,
    total_hpc_ring_interest_income,
    operations_paid,
    interest_paid,
    total_hpc_loan_interest_paid,
):
    """Cash from operations: production sold, rents and interest in; bills, tax and interest out [USD m]."""
    return (
        operating_receipts
        + total_hpc_noi
        + total_hpc_site_cost_unpaid
        - total_hpc_credit_taken
        + total_hpc_ring_interest_income
        - operations_paid
        - interest_paid
        - total_hpc_loan_interest_paid
    )


def investing_cash_flow(btc_sale, total_hpc_capex_paid, mining_ppe_added):
    """Cash from investing: bitcoin sold for funding in; construction, computers, machines, land out [USD m]."""
    return btc_sale - total_hpc_capex_paid - mining_ppe_added


def debt_cash_flow(
    debt_raised,
    total_debt_cost_of_issue,
    revolver_draw,
    principal_paid,
    secured_paid,
    margin_paid,
    revolver_repaid,
):
    """Corporate debt raised less repaid in cash [USD m]."""
    return (
        debt_raised
        - total_debt_cost_of_issue
        + revolver_draw
        - principal_paid
        - secured_paid
        - margin_paid
        - revolver_repaid
    )


def loan_cash_flow(total_hpc_loan_issued, total_hpc_loan_cost, total_hpc_loan_repaid):
    """Ring-fenced loans raised less repaid [USD m]."""
    return total_hpc_loan_issued - total_hpc_loan_cost - total_hpc_loan_repaid


def share_cash_flow(atm_proceeds, total_offering_cash_raised, total_warrant_strike_proceeds):
    """Shares sold for cash [USD m]."""
    return atm_proceeds + total_offering_cash_raised + total_warrant_strike_proceeds


def minority_cash_flow(total_hpc_minority_paid_in, total_hpc_minority_distribution):
    """Paid in by other owners of projects less distributed to them [USD m]."""
    return total_hpc_minority_paid_in - total_hpc_minority_distribution


def financing_cash_flow(debt_cash_flow, loan_cash_flow, share_cash_flow, minority_cash_flow, total_hpc_lost_cash):
    """Cash from financing [USD m]."""
    return debt_cash_flow + loan_cash_flow + share_cash_flow + minority_cash_flow - total_hpc_lost_cash


def net_cash_flow(operating_cash_flow, investing_cash_flow, financing_cash_flow):
    """Change of cash, restricted cash included [USD m]."""
    return operating_cash_flow + investing_cash_flow + financing_cash_flow


# Balance sheet


def opening_parent_restricted_cash(restricted_cash, total_hpc_loan_principal):
    """Restricted cash that belongs to no project loan [USD m]."""
    return restricted_cash if total_hpc_loan_principal <= DUST else 0


def parent_restricted_cash(parent_restricted_cash_prior):
    """Restricted cash of the parent, which pays no bills [USD m]."""
    return parent_restricted_cash_prior


def opening_assets(
    opening_cash,
    opening_parent_restricted_cash,
    total_hpc_opening_ring_cash,
    opening_btc_value,
    opening_mining_ppe,
    total_hpc_opening_hpc_assets,
):
    """Assets at the start [USD m]."""
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
    """Liabilities at the start [USD m]."""
    return total_debt_opening_balance + total_hpc_opening_loan_balance + total_hpc_opening_tenant_prepayment


def opening_book_equity(opening_assets, opening_liabilities):
    """Equity at the start: modelled assets less modelled liabilities, not the filed figure [USD m]."""
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
    """Assets [USD m]."""
    return (
        cash
        + parent_restricted_cash
        + total_hpc_ring_cash
        + btc_value
        + mining_ppe
        + total_hpc_hpc_assets
        + total_hpc_gpu_assets
    )


def liabilities(total_debt_balance, total_hpc_loan_balance, total_hpc_tenant_prepayment, arrears, tax_payable):
    """Liabilities: debt, project loans, rent prepaid, what is overdue [USD m]."""
    return total_debt_balance + total_hpc_loan_balance + total_hpc_tenant_prepayment + arrears + tax_payable


def book_equity(
    book_equity_prior,
    net_income,
    compensation_expense,
    share_cash_flow,
    total_debt_settled_in_shares,
    minority_cash_flow,
):
    """Equity, other owners included: rolled forward from income and issues, not a balancing item [USD m]."""
    return (
        book_equity_prior
        + net_income
        + compensation_expense
        + share_cash_flow
        + total_debt_settled_in_shares
        + minority_cash_flow
    )
