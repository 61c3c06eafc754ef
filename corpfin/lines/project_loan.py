"""The project's loan: interest, cover, rolling over, repayment."""

from corpfin.engine import Constant
from corpfin.lines.constants import (
    DAYS_PER_YEAR,
    DUST,
    DUST_RATE,
    FUNDING_LEAD,
    RATIO_CAP,
    REFINANCING_LEAD,
    STEPS_PER_YEAR,
)

EACH = "hpc"


def opening_loan_closed(loan_principal, loan_issue_month):
    """Loan closed at start [1]. 1 when there is a loan at the start."""
    return loan_principal > DUST and loan_issue_month <= 0


opening_loan_rolled = Constant(0.0, "1", "No loan rolled over when the projection starts")


def opening_loan_balance(loan_principal, opening_loan_undrawn, loan_issue_month):
    """Project loan at start [USD m]. Ring-fenced loan outstanding at the start."""
    return loan_principal - opening_loan_undrawn if loan_issue_month <= 0 else 0


def opening_loan_due_month(loan_maturity_month):
    """Loan maturity month at start [month]. Month in which the loan is due."""
    return loan_maturity_month


def loan_closes(loan_principal, loan_issue_month, month_number, running, tenancy, defaulted_prior):
    """Loan closing this month [1].

    1 in the month the loan closes; nobody lends on a lost project, an empty hall or to a defaulted owner.
    """
    return (
        running and loan_principal > DUST and month_number == loan_issue_month and tenancy > 0 and not defaulted_prior
    )


def loan_closed(loan_closed_prior, loan_closes, loan_raises):
    """Loan closed [1]. 1 once the loan has closed, signed at the start or raised against the lease."""
    return loan_closed_prior or loan_closes or loan_raises


def loan_available(
    loan_undrawn_prior,
    newly_lent,
    raising_fee,
    loan_closed,
    loan_issue_month,
    month_number,
    running,
    tenancy,
    defaulted_prior,
):
    """Loan commitment at hand [USD m].

    What is committed and not yet drawn, of a loan that has closed or will within the coming months.
    """
    return (
        running * (loan_undrawn_prior + newly_lent - raising_fee)
        if (loan_closed or (loan_issue_month > month_number and loan_issue_month - month_number <= FUNDING_LEAD))
        and tenancy > 0
        and not defaulted_prior
        else 0
    )


def draw_share(loan_available, capex_left):
    """Share of bills drawn [1]. Loan and owners pay side by side: the loan the same share of every bill to come."""
    return min(1, loan_available / capex_left) if capex_left > DUST else 0


def loan_drawn(draw_share, capex_due, gpu_replacement, loan_closed):
    """Project loan drawn as spent [USD m]. For the month's bills of building and computers."""
    return draw_share * (capex_due - gpu_replacement) if loan_closed else 0


def loan_undrawn(loan_undrawn_prior, newly_lent, raising_fee, loan_drawn):
    """Project loan not yet drawn [USD m]. It bears no interest and is no cash of the ring."""
    return max(0, loan_undrawn_prior + newly_lent - raising_fee - loan_drawn)


def loan_issued(loan_closes, loan_principal, opening_loan_undrawn, raising_fee, loan_drawn, interest_drawn):
    """Project loan drawn [USD m]. At closing and, where so agreed, as it is spent."""
    return (loan_principal - opening_loan_undrawn if loan_closes else 0) + raising_fee + loan_drawn + interest_drawn


def loan_committed(loan_closes, loan_principal, newly_raised):
    """Project loan committed [USD m]. At closing, drawn or not."""
    return (loan_principal if loan_closes else 0) + newly_raised


def closing_distribution(loan_closes, loan_distribution, loan_repays_parent):
    """Distribution at loan closing [USD m]. Proceeds that go up to the parent at closing."""
    return loan_distribution + loan_repays_parent if loan_closes else 0


def loan_cost(loan_closes, loan_issue_cost, raising_fee):
    """Loan fees [USD m]. Paid at closing."""
    return (loan_issue_cost if loan_closes else 0) + raising_fee


def refinancing_rate(loan_coupon, refinancing_spread, refinancing_coupon):
    """Refinancing rate [1/year]. Interest rate of the loan once rolled over."""
    return max(loan_coupon + refinancing_spread, refinancing_coupon)


def loan_rate(loan_coupon, loan_rolled_prior, refinancing_rate):
    """Loan interest rate [1/year]. Higher once rolled over."""
    return refinancing_rate if loan_rolled_prior else loan_coupon


def loan_interest(loan_balance_prior, loan_rate, days):
    """Loan interest due [USD m]. Interest of the month on the opening balance, actual days over 365."""
    return loan_balance_prior * loan_rate * days / DAYS_PER_YEAR


def level_interest(loan_balance_prior, loan_rate):
    """Level loan interest [USD m].

    A twelfth of a year's interest, on which schedule and cover rest: days of a month move neither.
    """
    return loan_balance_prior * loan_rate / STEPS_PER_YEAR


def cfads(noi, credit_taken, gpu_replacement):
    """CFADS [USD m]. Cash flow available for debt service."""
    return noi - credit_taken - gpu_replacement


def contract_credit(contract_prepayment_prior, contract_revenue, prepayment_credit):
    """Contract prepayment credit [USD m].

    Rent settled against what the tenant paid in advance, if the contract is kept.
    """
    return min(contract_prepayment_prior, contract_revenue * prepayment_credit)


def contract_cfads(contract_revenue, hpc_site_cost, contract_credit, gpu_replacement):
    """Contract CFADS [USD m].

    Cash flow for debt service if the contract is kept: what the repayment schedule was sculpted on.
    """
    return contract_revenue - hpc_site_cost - contract_credit - gpu_replacement


def refinancing_cover(cfads, loan_balance_prior, refinancing_rate):
    """Refinancing interest cover [1]. Cash flow of a year over a year's interest at the rate of a new loan."""
    return (
        max(0 - RATIO_CAP, min(RATIO_CAP, cfads * STEPS_PER_YEAR / (loan_balance_prior * refinancing_rate)))
        if loan_balance_prior * refinancing_rate > DUST_RATE
        else RATIO_CAP
    )


def lendable(
    refinancing_cover, target_dscr, complete, tenancy, loan_balance_prior, loan_to_cost, hpc_cost_prior, gpu_cost_prior
):
    """Loan refinanceable [1].

    1 when a new lender would take the loan: built, let, and well covered, or covered and within its cost.
    """
    return (
        complete
        and tenancy > 0
        and (
            refinancing_cover >= target_dscr
            or (refinancing_cover >= 1 and loan_balance_prior <= loan_to_cost * (hpc_cost_prior + gpu_cost_prior))
        )
    )


def loan_roll(loan_balance_prior, loan_due_month_prior, month_number, credit_open, lendable):
    """Loan rolled over this month [1]. 1 when it is rolled over: near its end, window open, a lender to be found."""
    return (
        loan_balance_prior > DUST
        and loan_due_month_prior - month_number <= REFINANCING_LEAD
        and credit_open
        and lendable
    )


def loan_rolled(loan_rolled_prior, loan_roll):
    """Loan rolled over [1]. 1 once the loan has been rolled over."""
    return loan_rolled_prior or loan_roll


def loan_due_month(loan_due_month_prior, loan_roll, loan_raises, month_number, refinancing_term):
    """Loan maturity month [month]. Month in which the loan is due, later once rolled over."""
    return month_number + refinancing_term if loan_roll or loan_raises else loan_due_month_prior


def loan_balloon(loan_balance_prior, loan_due_month, month_number):
    """Loan balloon due [USD m]. Principal due at maturity."""
    return loan_balance_prior if month_number >= loan_due_month else 0


def loan_scheduled(loan_balance_prior, loan_balloon, sculpted, complete, contract_cfads, target_dscr, level_interest):
    """Scheduled loan repayment [USD m].

    Sculpted to the target cover of the contract, from completion on; none if that earns nothing.

    It stands in the loan agreement: a tenant that leaves does not lower it, so its cash flow must bear it or
    default.
    """
    return (
        min(loan_balance_prior, max(0, contract_cfads / target_dscr - level_interest))
        if sculpted and complete and loan_balloon <= DUST
        else 0
    )


def dscr(cfads, level_interest, loan_scheduled):
    """DSCR [1]. Debt service cover of the month; nothing to serve is covered."""
    return (
        max(0 - RATIO_CAP, min(RATIO_CAP, cfads / (level_interest + loan_scheduled)))
        if level_interest + loan_scheduled > DUST
        else RATIO_CAP
    )
