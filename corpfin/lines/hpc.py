"""HPC projects: delivery, rent, construction and the ring-fenced loan up to the call on the parent.

One instance is a contract or campus. What the parent can pay is found in ``treasury``; ``ring`` settles it.
"""

from corpfin.engine import Constant, exp, log
from corpfin.lines.constants import (
    DAYS_PER_YEAR,
    DUST,
    DUST_MW,
    DUST_RATE,
    FUNDING_LEAD,
    HALF_YEAR,
    MONTHS_PER_YEAR,
    ONE_YEAR,
    RATIO_CAP,
    REFINANCING_LEAD,
    S_CURVE_THREE,
    S_CURVE_TWO,
    STEP,
    STEPS_PER_YEAR,
    YEAR,
)

EACH = "hpc"

opening_displaced_mw = Constant(0.0, "MW", "What has left the fleets before the start is in no file")
opening_late_hazard = Constant(0.0, "1", "No project past its outside date when the projection starts")
opening_tenant_hazard = Constant(0.0, "1", "Tenants sound when the projection starts")
opening_tenant_failed = Constant(0.0, "1", "Tenants sound when the projection starts")
opening_tenant_lost = Constant(0.0, "1", "Tenants in place when the projection starts")
opening_vacant_months = Constant(0.0, "month", "Nothing vacant when the projection starts")
opening_loan_rolled = Constant(0.0, "1", "No loan rolled over when the projection starts")


# Delivery


def running(ring_defaulted_prior):
    """1 while the project belongs to its owners, 0 once the lenders have it [1]."""
    return 0 if ring_defaulted_prior > 0 else 1


def delay(slip, stall_months_prior):
    """Months late: construction slip drawn once, plus months stalled for want of money [month]."""
    return slip + stall_months_prior


def ramp_start_month(first_delivery_month, delay):
    """Month in which the next capacity is delivered [month]."""
    return max(first_delivery_month, STEP) + delay


def ramp_months(first_delivery_month, full_delivery_month):
    """Months from the next delivery to the last, both counted [month]."""
    return max(full_delivery_month - max(first_delivery_month, STEP), 0) + STEP


def ramp_share(month_number, ramp_start_month, ramp_months):
    """Share of the capacity still to come that is delivered by now [1]."""
    return max(0, min(1, (month_number - ramp_start_month + STEP) / ramp_months))


def delivered_mw(delivered_mw_prior, opening_delivered_mw, leased_mw, ramp_share, running):
    """Capacity delivered and ready to earn; never handed back while the project runs [MW]."""
    return running * max(delivered_mw_prior, opening_delivered_mw + (leased_mw - opening_delivered_mw) * ramp_share)


def over_delivered(delivered_mw, leased_mw):
    """Delivered beyond what is leased [MW]."""
    return max(0, delivered_mw - leased_mw)


def delivered_share(delivered_mw, leased_mw):
    """Delivered over leased capacity [1]."""
    return delivered_mw / leased_mw if leased_mw > DUST_MW else 0


def opening_complete(opening_delivered_mw, leased_mw):
    """1 when everything leased was delivered before the start [1]."""
    return 1 if opening_delivered_mw >= leased_mw - DUST_MW else 0


def site_mw(delivered_mw, gross_ratio):
    """Power the delivered capacity draws at the meter, cooling and losses included [MW]."""
    return delivered_mw * gross_ratio


def complete(delivered_mw, leased_mw, running, build_arrears_prior):
    """1 once everything leased is delivered and no bill of the building is overdue [1]."""
    return 1 if running > 0 and delivered_mw >= leased_mw - DUST_MW and build_arrears_prior <= DUST else 0


def displaced_mw(displaced_mw_prior, mining_mw_displaced, delivered_mw, opening_delivered_mw, leased_mw):
    """Mining load that has made way for the project; it does not return with a lost project [MW]."""
    return (
        max(
            displaced_mw_prior,
            mining_mw_displaced * (delivered_mw - opening_delivered_mw) / (leased_mw - opening_delivered_mw),
        )
        if leased_mw - opening_delivered_mw > DUST_MW
        else 0
    )


# Tenant


def late_hazard(
    late_hazard_prior, month_number, full_delivery_month, outside_months, delivered_mw, leased_mw, termination_hazard
):
    """Cumulated hazard of termination while delivery is past the outside date [1]."""
    return late_hazard_prior + (
        termination_hazard / STEPS_PER_YEAR
        if delivered_mw < leased_mw - DUST_MW and month_number > full_delivery_month + outside_months
        else 0
    )


def tenant_hazard(tenant_hazard_prior, delivered_mw, tenant_default_hazard):
    """Cumulated hazard of the tenant failing, from the first delivery on [1]."""
    return tenant_hazard_prior + (tenant_default_hazard / STEPS_PER_YEAR if delivered_mw > DUST_MW else 0)


def tenant_failed(tenant_failed_prior, tenant_lost_prior, tenant_hazard, tenant_clock):
    """1 once the first tenant has failed; the clock is an exponential draw of mean 1 [1]."""
    return 1 if tenant_failed_prior > 0 or (tenant_lost_prior <= 0 and tenant_hazard > tenant_clock) else 0


def tenant_lost(tenant_lost_prior, late_hazard, exit_clock, tenant_failed):
    """1 once the first tenant has failed, or has left because delivery is late [1]."""
    return 1 if tenant_lost_prior > 0 or tenant_failed > 0 or late_hazard > exit_clock else 0


def vacant_months(vacant_months_prior, tenant_lost):
    """Months since the first tenant was lost [month]."""
    return vacant_months_prior + STEP if tenant_lost > 0 else 0


def empty_share(tenant_failed, backstop_share):
    """Share of the rent paid while the space stands empty: the guarantor's, if the tenant failed [1]."""
    return backstop_share if tenant_failed > 0 else 0


# Revenue


def contract_start_month(first_delivery_month, ramp_start_month, opening_complete):
    """Month of the first delivery, before the projection or in it [month]."""
    return first_delivery_month if first_delivery_month <= 0 else (0 if opening_complete > 0 else ramp_start_month)


def years_running(month_number, contract_start_month):
    """Years since the middle of the first contract year, never negative [year]."""
    return max(0, month_number - contract_start_month - HALF_YEAR) / MONTHS_PER_YEAR


def years_past_term(month_number, contract_start_month, term_years):
    """Years the contract's base term is over [year]."""
    return max(0, (month_number - contract_start_month) / MONTHS_PER_YEAR - term_years)


def rent_index(escalator, years_running):
    """Rent over that of the first contract year [1]."""
    return exp(log(1 + escalator * YEAR) * years_running / YEAR)


def price_decay_index(gpu_cloud, gpu_price_decay, years_past_term):
    """Price of computing over the contract's, once the term is over; 1 for space and power [1]."""
    return exp(log(1 - gpu_price_decay * YEAR) * years_past_term / YEAR) if gpu_cloud > 0 else 1


def years_in_term(month_number, contract_start_month, years_past_term):
    """Years of the contract's base term that are over [year]."""
    return max(0, (month_number - contract_start_month) / MONTHS_PER_YEAR) - years_past_term


def reletting_index(gpu_cloud, gpu_price_decay, years_in_term):
    """Market price of computing over what the contract still pays; 1 for space and power [1]."""
    return exp(log(1 - gpu_price_decay * YEAR) * years_in_term / YEAR) if gpu_cloud > 0 else 1


def tenancy(tenant_lost, vacant_months, reletting_months, reletting_rent, reletting_index, empty_share):
    """Share of the contract rent that is paid: all, the guarantor's while empty, the new tenant's afterwards [1]."""
    return (
        1
        if tenant_lost <= 0
        else (reletting_rent * reletting_index if vacant_months > reletting_months else empty_share)
    )


def contract_revenue(annual_revenue, delivered_share, rent_index, price_decay_index, utilisation):
    """Revenue by contract of what is delivered [USD m]."""
    return annual_revenue / STEPS_PER_YEAR * delivered_share * rent_index * price_decay_index * utilisation


def computers_in_place(gpu_capex, delivered_share, gpu_arrears_prior, gpu_worn_prior):
    """Share of the computers that work: those not paid for, or worn out and not replaced, do not; 1 without any [1]."""
    return (
        max(0, 1 - gpu_arrears_prior / (gpu_capex * delivered_share) - gpu_worn_prior)
        if gpu_capex * delivered_share > DUST
        else 1
    )


def revenue(contract_revenue, tenancy, computers_in_place):
    """Revenue of the project, whoever owns it [USD m]."""
    return contract_revenue * tenancy * computers_in_place


def hpc_site_cost(annual_revenue, delivered_share, rent_index, utilisation, noi_margin):
    """Cost of the site by the contract's margin: it neither falls with prices nor ends with a tenant [USD m]."""
    return annual_revenue / STEPS_PER_YEAR * delivered_share * rent_index * utilisation * (1 - noi_margin)


def noi(revenue, hpc_site_cost):
    """Net operating income [USD m]."""
    return revenue - hpc_site_cost


def credit_taken(revenue, prepayment_credit, tenant_prepayment_prior):
    """Rent settled against what the tenant paid in advance [USD m]."""
    return min(tenant_prepayment_prior, revenue * prepayment_credit)


# Construction


def opening_progress(construction_start_month, full_delivery_month):
    """Share of the planned construction time that is over at the start [1]."""
    return (
        max(0, min(1, (0 - construction_start_month) / (full_delivery_month - construction_start_month)))
        if full_delivery_month > construction_start_month
        else 1
    )


def opening_s_curve(opening_progress):
    """Share of construction spent by then on an S-curve 3 t^2 - 2 t^3 [1]."""
    return opening_progress * opening_progress * (S_CURVE_THREE - S_CURVE_TWO * opening_progress)


def opening_build_share(opening_s_curve, opening_delivered_mw, leased_mw):
    """Share of construction taken as spent where the file does not say: never less than what is delivered [1]."""
    return max(opening_s_curve, opening_delivered_mw / leased_mw) if leased_mw > DUST_MW else 0


def opening_construction_spent(capex_spent, leased_mw, capex_per_mw, opening_build_share, opening_complete):
    """Construction spent by the balance-sheet date, from the file or from the S-curve; all when delivered [USD m]."""
    return (
        min(capex_spent, leased_mw * capex_per_mw)
        if capex_spent >= 0 and opening_complete <= 0
        else (leased_mw * capex_per_mw * opening_build_share)
    )


def construction_budget(leased_mw, capex_per_mw, opening_construction_spent, overrun):
    """Construction still to be paid at the start, with the overrun drawn once [USD m]."""
    return (leased_mw * capex_per_mw - opening_construction_spent) * overrun


def progress(month_number, construction_start_month, full_delivery_month, delay):
    """Share of the construction time that is over, delays included [1]."""
    return (
        max(
            0,
            min(
                1,
                (month_number - construction_start_month) / (full_delivery_month + delay - construction_start_month),
            ),
        )
        if full_delivery_month + delay > construction_start_month
        else 1
    )


def s_curve(progress):
    """Share of construction due by then on an S-curve [1]."""
    return progress * progress * (S_CURVE_THREE - S_CURVE_TWO * progress)


def budget_share(s_curve, opening_s_curve):
    """Share of what was still to be paid at the start that is due by now [1]."""
    return (s_curve - opening_s_curve) / (1 - opening_s_curve) if opening_s_curve < 1 else 1


def construction_due(construction_budget, budget_share, construction_paid_prior, running):
    """Construction bills of the month, those left unpaid earlier included [USD m]."""
    return running * max(0, construction_budget * max(0, budget_share) - construction_paid_prior)


def cooling_due(construction_due, cooling_share):
    """Of it, cooling [USD m]."""
    return construction_due * cooling_share


def network_due(construction_due, network_share):
    """Of it, network and fit-out [USD m]."""
    return construction_due * network_share


def shell_due(construction_due, cooling_due, network_due):
    """Of it, shell and power [USD m]."""
    return construction_due - cooling_due - network_due


def tenant_capex(construction_due, tenant_funded, tenant_lost):
    """Construction bills the tenant pays while it is there, and later takes back as credit [USD m]."""
    return construction_due * tenant_funded if tenant_lost <= 0 else 0


def gpu_delivered_cost(gpu_capex, delivered_mw, opening_delivered_mw, leased_mw):
    """Computers for the capacity delivered since the start [USD m]."""
    return gpu_capex * max(0, delivered_mw - opening_delivered_mw) / leased_mw if leased_mw > DUST_MW else 0


def gpu_due(gpu_delivered_cost, gpu_paid_prior, running):
    """Computers paid as the capacity for them is delivered, those left unpaid earlier included [USD m]."""
    return running * max(0, gpu_delivered_cost - gpu_paid_prior)


def replacement_cost(gpu_capex, gpu_residual, gpu_price_decay, gpu_life):
    """Cost of a new set of computers at the end of a life, old ones sold [USD m]."""
    return gpu_capex * (exp(log(1 - gpu_price_decay * YEAR) * gpu_life / YEAR) - gpu_residual)


def gpu_replacement(replacement_cost, delivered_share, gpu_life, month_number, contract_start_month, running):
    """Computers replaced: one life's cost spread evenly over the next life [USD m]."""
    return (
        running * max(0, replacement_cost) * delivered_share / (gpu_life * STEPS_PER_YEAR)
        if month_number - contract_start_month >= gpu_life * MONTHS_PER_YEAR
        else 0
    )


def capex_due(construction_due, tenant_capex, gpu_due, gpu_replacement):
    """Bills for construction and computers that the project must pay [USD m]."""
    return construction_due - tenant_capex + gpu_due + gpu_replacement


# Loan


def opening_loan_balance(loan_principal, loan_issue_month):
    """Ring-fenced loan outstanding at the start [USD m]."""
    return loan_principal if loan_issue_month <= 0 else 0


def opening_loan_due_month(loan_maturity_month):
    """Month in which the loan is due [month]."""
    return loan_maturity_month


def opening_ring_cash(
    restricted_cash,
    opening_loan_balance,
    total_hpc_opening_loan_balance,
    loan_principal,
    total_hpc_loan_principal,
):
    """Restricted cash of the ring: pro rata to the loans outstanding, or to loans to come while none is [USD m]."""
    return (
        restricted_cash * opening_loan_balance / total_hpc_opening_loan_balance
        if total_hpc_opening_loan_balance > DUST
        else (restricted_cash * loan_principal / total_hpc_loan_principal if total_hpc_loan_principal > DUST else 0)
    )


def opening_reserve(reserve_months, opening_loan_balance, loan_coupon, opening_ring_cash):
    """Reserve account at the start: what is restricted, up to the months of interest it should hold [USD m]."""
    return min(opening_ring_cash, reserve_months * opening_loan_balance * loan_coupon / STEPS_PER_YEAR / STEP)


def loan_issued(loan_principal, loan_issue_month, month_number, running, tenancy, defaulted_prior):
    """Loan closed this month; nobody lends on a lost project, an empty hall or to a defaulted owner [USD m]."""
    return running * loan_principal if month_number == loan_issue_month and tenancy > 0 and defaulted_prior <= 0 else 0


def closing_distribution(loan_issued, loan_distribution, loan_repays_parent):
    """Proceeds that go up to the parent at closing [USD m]."""
    return loan_distribution + loan_repays_parent if loan_issued > DUST else 0


def loan_cost(loan_issued, loan_issue_cost):
    """Fees of the loan [USD m]."""
    return loan_issue_cost if loan_issued > DUST else 0


def refinancing_rate(loan_coupon, refinancing_spread, refinancing_coupon):
    """Interest rate of the loan once rolled over [1/year]."""
    return max(loan_coupon + refinancing_spread, refinancing_coupon)


def loan_rate(loan_coupon, loan_rolled_prior, refinancing_rate):
    """Interest rate, higher once rolled over [1/year]."""
    return refinancing_rate if loan_rolled_prior > 0 else loan_coupon


def loan_interest(loan_balance_prior, loan_rate, days):
    """Interest of the month on the opening balance, actual days over 365 [USD m]."""
    return loan_balance_prior * loan_rate * days / DAYS_PER_YEAR


def level_interest(loan_balance_prior, loan_rate):
    """A twelfth of a year's interest, on which schedule and cover rest: days of a month move neither [USD m]."""
    return loan_balance_prior * loan_rate / STEPS_PER_YEAR


def cfads(noi, credit_taken, gpu_replacement):
    """Cash flow available for debt service [USD m]."""
    return noi - credit_taken - gpu_replacement


def contract_credit(contract_prepayment_prior, contract_revenue, prepayment_credit):
    """Rent settled against what the tenant paid in advance, if the contract is kept [USD m]."""
    return min(contract_prepayment_prior, contract_revenue * prepayment_credit)


def contract_cfads(contract_revenue, hpc_site_cost, contract_credit, gpu_replacement):
    """Cash flow for debt service if the contract is kept: what the repayment schedule was sculpted on [USD m]."""
    return contract_revenue - hpc_site_cost - contract_credit - gpu_replacement


def refinancing_cover(cfads, loan_balance_prior, refinancing_rate):
    """Cash flow of a year over a year's interest at the rate of a new loan [1]."""
    return (
        max(0 - RATIO_CAP, min(RATIO_CAP, cfads * STEPS_PER_YEAR / (loan_balance_prior * refinancing_rate)))
        if loan_balance_prior * refinancing_rate > DUST_RATE
        else RATIO_CAP
    )


def lendable(
    refinancing_cover, target_dscr, complete, tenancy, loan_balance_prior, loan_to_cost, hpc_cost_prior, gpu_cost_prior
):
    """1 when a new lender would take the loan: built, let, and well covered, or covered and within its cost [1]."""
    return (
        1
        if complete > 0
        and tenancy > 0
        and (
            refinancing_cover >= target_dscr
            or (refinancing_cover >= 1 and loan_balance_prior <= loan_to_cost * (hpc_cost_prior + gpu_cost_prior))
        )
        else 0
    )


def loan_roll(loan_balance_prior, loan_due_month_prior, month_number, credit_open, lendable, is_history):
    """1 when the loan is rolled over: near its end, window open, a lender to be found; not in history [1]."""
    return (
        1
        if loan_balance_prior > DUST
        and loan_due_month_prior - month_number <= REFINANCING_LEAD
        and credit_open > 0
        and lendable > 0
        and not is_history
        else 0
    )


def loan_rolled(loan_rolled_prior, loan_roll):
    """1 once the loan has been rolled over [1]."""
    return max(loan_rolled_prior, loan_roll)


def loan_due_month(loan_due_month_prior, loan_roll, month_number, refinancing_term):
    """Month in which the loan is due, later once rolled over [month]."""
    return month_number + refinancing_term if loan_roll > 0 else loan_due_month_prior


def loan_balloon(loan_balance_prior, loan_due_month, month_number):
    """Principal due at maturity [USD m]."""
    return loan_balance_prior if month_number >= loan_due_month else 0


def loan_scheduled(loan_balance_prior, loan_balloon, sculpted, complete, contract_cfads, target_dscr, level_interest):
    """Repayment sculpted to the target cover of the contract, from completion on; none if that earns nothing [USD m].

    It stands in the loan agreement: a tenant that leaves does not lower it, so its cash flow must bear it or default.
    """
    return (
        min(loan_balance_prior, max(0, contract_cfads / target_dscr - level_interest))
        if sculpted > 0 and complete > 0 and loan_balloon <= DUST
        else 0
    )


def dscr(cfads, level_interest, loan_scheduled):
    """Debt service cover of the month; nothing to serve is covered [1]."""
    return (
        max(0 - RATIO_CAP, min(RATIO_CAP, cfads / (level_interest + loan_scheduled)))
        if level_interest + loan_scheduled > DUST
        else RATIO_CAP
    )


# The ring's own waterfall


def ring_interest_income(ring_cash_prior, cash_yield, days):
    """Interest earned on the ring's cash [USD m]."""
    return ring_cash_prior * cash_yield * days / DAYS_PER_YEAR


def ring_available(
    ring_cash_prior, ring_interest_income, noi, credit_taken, loan_issued, loan_cost, closing_distribution
):
    """Cash in the ring before it pays anything [USD m]."""
    return ring_cash_prior + ring_interest_income + noi - credit_taken + loan_issued - loan_cost - closing_distribution


def ring_debt_service(loan_interest, loan_scheduled, loan_balloon):
    """Interest and principal due in the ring [USD m]."""
    return loan_interest + loan_scheduled + loan_balloon


def reserve_target(reserve_months, loan_balance_prior, loan_issued, loan_rate, loan_scheduled):
    """What the debt service reserve account should hold: months of interest and repayment [USD m]."""
    return reserve_months * ((loan_balance_prior + loan_issued) * loan_rate / STEPS_PER_YEAR + loan_scheduled) / STEP


def reserve_kept(reserve_prior, reserve_target, loan_issued, ring_available, ring_debt_service):
    """Of the reserve account, filled when a loan closes, what debt service leaves: it pays no construction [USD m]."""
    return min(
        reserve_target if loan_issued > DUST else min(reserve_prior, reserve_target),
        max(0, ring_available - ring_debt_service),
    )


def service_shortfall(ring_debt_service, ring_available):
    """Interest and principal the ring cannot pay itself [USD m]."""
    return max(0, ring_debt_service - ring_available)


def ring_shortfall(ring_available, capex_due, ring_debt_service, reserve_kept, service_shortfall):
    """Bills the ring cannot pay itself, its reserve account kept for debt service [USD m]."""
    return service_shortfall + max(0, capex_due - max(0, ring_available - ring_debt_service - reserve_kept))


def supported(loan_balance_prior, loan_issued, complete_prior, build_arrears_prior):
    """1 while the owners may pay: always without a loan, with one until all is delivered and paid for [1]."""
    return 1 if loan_balance_prior + loan_issued <= DUST or complete_prior <= 0 or build_arrears_prior > DUST else 0


def bound(committed, loan_balance_prior, loan_issued, completion_guarantee):
    """1 when the owners must pay what they are asked: committed, and no loan or a completion guarantee [1]."""
    return 1 if committed > 0 and (loan_balance_prior + loan_issued <= DUST or completion_guarantee > 0) else 0


def owners_call(ring_shortfall, supported):
    """Money asked of the owners [USD m]."""
    return ring_shortfall * supported


def committed_call(owners_call, ownership, bound):
    """The parent's part of it where it is bound to pay [USD m]."""
    return owners_call * ownership * bound


def optional_call(owners_call, ownership, bound):
    """The parent's part of it where it may stop [USD m]."""
    return owners_call * ownership * (1 - bound)


def rescue_call(optional_call, loan_balance_prior, loan_issued):
    """Of that, what keeps a half-built project from its lenders: worth raising money for [USD m]."""
    return optional_call if loan_balance_prior + loan_issued > DUST else 0


def pipeline_call(optional_call, rescue_call):
    """Of that, the rest: paid from spare cash, or the project stalls [USD m]."""
    return optional_call - rescue_call


def ring_excess(ring_available, capex_due, ring_debt_service, reserve_target):
    """Cash above bills and reserve [USD m]."""
    return max(0, ring_available - capex_due - ring_debt_service - reserve_target)


def free_to_distribute(
    loan_balance_prior, loan_issued, loan_principal, loan_issue_month, month_number, complete, dscr, lockup_dscr
):
    """1 when cash may leave the ring: no loan and none to come, or complete and above the lock-up cover [1].

    Nothing but the closing distribution leaves in the month a loan closes.
    """
    return (
        1
        if (loan_balance_prior + loan_issued <= DUST and (loan_principal <= DUST or loan_issue_month <= month_number))
        or (loan_balance_prior > DUST and loan_issued <= DUST and complete > 0 and dscr >= lockup_dscr)
        else 0
    )


def loan_swept(ring_excess, free_to_distribute, cash_sweep, loan_balance_prior, loan_scheduled, loan_balloon):
    """Excess cash that repays the loan early [USD m]."""
    return min(loan_balance_prior - loan_scheduled - loan_balloon, ring_excess * free_to_distribute * cash_sweep)


def distributed(ring_excess, free_to_distribute, loan_swept):
    """Cash that leaves the ring for the owners [USD m]."""
    return ring_excess * free_to_distribute - loan_swept


def parent_distribution(distributed, ownership, closing_distribution):
    """Cash that reaches the parent [USD m]."""
    return distributed * ownership + closing_distribution


def construction_left(construction_budget, construction_paid_prior, tenant_funded, tenant_lost):
    """Construction the owners have still to pay [USD m]."""
    return max(0, construction_budget - construction_paid_prior) * (1 - (tenant_funded if tenant_lost <= 0 else 0))


def gpu_left(gpu_capex, opening_delivered_mw, leased_mw, gpu_paid_prior):
    """Computers still to be paid [USD m]."""
    return max(0, gpu_capex * (1 - opening_delivered_mw / leased_mw) - gpu_paid_prior) if leased_mw > DUST_MW else 0


def capex_left(construction_left, gpu_left, running):
    """Construction and computers the project has still to pay, this month's included [USD m]."""
    return running * (construction_left + gpu_left)


def months_to_completion(full_delivery_month, delay, month_number):
    """Months to the last delivery [month]."""
    return max(STEP, full_delivery_month + delay - month_number)


def capex_soon(capex_left, capex_due, gpu_replacement, months_to_completion):
    """Of what is left after this month's bills, the part due in the coming months at an even pace [USD m]."""
    return max(0, capex_left - capex_due + gpu_replacement) * min(1, FUNDING_LEAD / months_to_completion)


def loan_to_come(
    loan_principal,
    loan_issue_cost,
    loan_distribution,
    loan_repays_parent,
    loan_issue_month,
    month_number,
    running,
    tenancy,
):
    """Proceeds of a signed loan that closes within the coming months, as far as they stay in the ring [USD m]."""
    return (
        running * max(0, loan_principal - loan_issue_cost - loan_distribution - loan_repays_parent)
        if tenancy > 0 and loan_issue_month > month_number and loan_issue_month - month_number <= FUNDING_LEAD
        else 0
    )


def closing_within_year(loan_distribution, loan_repays_parent, loan_issue_month, month_number, running, tenancy):
    """Money a signed loan sends up to the parent when it closes within twelve months [USD m]."""
    return (
        running * (loan_distribution + loan_repays_parent)
        if tenancy > 0 and loan_issue_month > month_number and loan_issue_month - month_number <= ONE_YEAR
        else 0
    )


def ring_left(ring_available, capex_due, ring_debt_service, reserve_kept, loan_to_come):
    """Cash the ring will have for construction after this month, its reserve account left alone [USD m]."""
    return max(0, ring_available - capex_due - ring_debt_service - reserve_kept) + loan_to_come


def call_soon(capex_soon, ring_left, ownership, bound):
    """What the parent will be bound to pay in the coming months: money is raised for it ahead [USD m]."""
    return bound * ownership * max(0, capex_soon - ring_left)
