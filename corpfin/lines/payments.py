"""Payments: who is paid from the cash at hand, in which order, and what stays unpaid.

Bills are paid in the order operations, interest, principal, what is owed on bitcoin-backed loans whose collateral has
all been sold, committed capital expenditure, then what may wait. What is still unpaid is a default, with its month and
the first bill that was not paid in full. Principal that cannot be paid is exchanged below par where holders take it: a
default by name, after which the company goes on. A margin call is met from spare cash, as a matured loan on bitcoin is:
for what is not met the lender sells collateral, and that is no default.

One file: whoever asks who is paid before whom wants the whole order.
"""

from corpfin.engine import Constant
from corpfin.lines.constants import (
    BILL_CAPEX,
    BILL_EXCHANGE,
    BILL_INTEREST,
    BILL_MARGIN,
    BILL_MATURITY,
    BILL_OPERATIONS,
    DUST,
)

SECTIONS = {
    "operations_paid": "What is paid",
    "arrears": "Default and exchange",
}

opening_net_payables = Constant(0.0, "USD m", "Counted from what is owed when the projection starts")
opening_building_cash = Constant(0.0, "USD m", "Known at month end: nothing optional is built before")
opening_arrears = Constant(0.0, "USD m", "Nothing overdue when the projection starts")
opening_default_month = Constant(0.0, "month", "Nobody in default when the projection starts")
opening_first_unpaid_bill = Constant(0.0, "1", "Nothing unpaid when the projection starts")
opening_maintenance_paid = Constant(0.0, "USD m", "No machines bought for maintenance when the projection starts")
opening_growth_share = Constant(1.0, "1", "No machines on order when the projection starts")
opening_distressed_exchange = Constant(0.0, "1", "Nothing exchanged when the projection starts")
opening_defaulted = Constant(0.0, "1", "Nobody in default when the projection starts")


def operations_paid(operations_due, spendable):
    """Operating bills paid [USD m]. Bills of the business."""
    return min(operations_due, spendable)


def withholding_paid(withholding_tax, operations_due, operations_paid):
    """Taxes paid for net share settlement [USD m]. Tax on vested shares, paid as all operating bills are."""
    return withholding_tax * operations_paid / operations_due if operations_due > DUST else 0


def running_paid(operations_paid, withholding_paid):
    """Running bills paid [USD m]. Operating bills paid less tax paid for vested shares, which counts as financing."""
    return operations_paid - withholding_paid


def after_operations(spendable, operations_paid):
    """Cash after operating bills [USD m]."""
    return spendable - operations_paid


def interest_paid(interest_due, after_operations):
    """Interest paid [USD m]. On corporate debt."""
    return min(interest_due, after_operations)


def after_interest(after_operations, interest_paid):
    """Cash after interest [USD m]."""
    return after_operations - interest_paid


def principal_paid(principal_payable, after_interest):
    """Principal repaid [USD m]. Of corporate debt, what must be paid in cash."""
    return min(principal_payable, after_interest)


def after_principal(after_interest, principal_paid):
    """Cash after principal [USD m]."""
    return after_interest - principal_paid


def deficiency_paid(total_debt_deficiency_due, after_principal):
    """Deficiencies paid [USD m]. Rest of bitcoin-backed loans whose collateral has all been sold."""
    return min(total_debt_deficiency_due, after_principal)


def after_debt(after_principal, deficiency_paid):
    """Cash after debt service [USD m]. Left for capital expenditure."""
    return max(0, after_principal - deficiency_paid)


def committed_paid(committed_due, after_debt):
    """Committed capex paid [USD m]. What the company is bound to."""
    return min(committed_due, after_debt)


def after_committed(after_debt, committed_paid):
    """Cash after committed capex [USD m]."""
    return after_debt - committed_paid


def kept_service_paid(total_debt_kept_service, after_committed):
    """Service of machines kept, paid [USD m]. In full or not at all: unpaid, the lenders take the machines."""
    return min(total_debt_kept_service, after_committed) if total_debt_kept_service <= after_committed + DUST else 0


def after_machines(after_committed, kept_service_paid):
    """Cash after machine loans [USD m]."""
    return after_committed - kept_service_paid


def payables_paid(payables_by_terms, net_payables_prior, after_machines, target_cash, margin_due, defaulted_prior):
    """Payables paid down [USD m].

    What is owed from what bills leave, for suppliers wait; ahead of what is owed from spare cash alone.
    """
    return (
        0
        if defaulted_prior
        else min(
            max(0, net_payables_prior - payables_by_terms),
            max(min(max(0, net_payables_prior), after_machines), after_machines - target_cash - margin_due),
        )
    )


def after_payables(after_machines, payables_paid):
    """Cash after payables [USD m]."""
    return after_machines - payables_paid


def net_payables(net_payables_prior, payables_taken, payables_paid):
    """Net payables [USD m]. Owed to suppliers and customers at month end beyond what stood at the start."""
    return net_payables_prior + payables_taken - payables_paid


def spare_cash(after_payables, target_cash):
    """Spare cash [USD m]. Cash above the target, for what may wait."""
    return max(0, after_payables - target_cash)


def margin_paid(margin_due, spare_cash):
    """Margin calls paid in cash [USD m]. Bitcoin-backed loans repaid, so that lenders sell less collateral."""
    return min(margin_due, spare_cash)


def after_margin(spare_cash, margin_paid):
    """Spare cash after margin calls [USD m]."""
    return spare_cash - margin_paid


def rescue_paid(total_hpc_rescue_call, after_margin):
    """Project rescues paid [USD m]. Paid to keep half-built projects from their lenders."""
    return min(total_hpc_rescue_call, after_margin)


def after_rescue(after_margin, rescue_paid):
    """Spare cash after project rescues [USD m]."""
    return after_margin - rescue_paid


def waivable_service_paid(total_debt_waivable_service, after_rescue):
    """Service of machines let go, paid [USD m]. In full or not at all: unpaid, the lenders take the machines."""
    return min(total_debt_waivable_service, after_rescue) if total_debt_waivable_service <= after_rescue + DUST else 0


def after_waivable(after_rescue, waivable_service_paid):
    """Spare cash after machine loans [USD m]."""
    return after_rescue - waivable_service_paid


def cancellable_paid(total_fleet_cancellable_due, order_draw, after_waivable):
    """Cancellable instalments paid [USD m]. Of machines on order that the company might let go."""
    return order_draw + min(total_fleet_cancellable_due - order_draw, after_waivable)


def after_orders(after_waivable, cancellable_paid, order_draw):
    """Spare cash after orders [USD m]. What lenders paid of them never was in it."""
    return after_waivable - (cancellable_paid - order_draw)


def maintenance_paid(maintenance_due, after_orders):
    """Maintenance capex paid [USD m]. Paid to keep the fleets as they are."""
    return min(maintenance_due, after_orders)


def after_maintenance(after_orders, maintenance_paid):
    """Spare cash after maintenance capex [USD m]."""
    return after_orders - maintenance_paid


def growth_paid(total_fleet_growth_capex, after_maintenance):
    """Growth capex paid [USD m]. Paid for new machines of the fleets."""
    return min(total_fleet_growth_capex, after_maintenance)


def after_growth(after_maintenance, growth_paid):
    """Spare cash after growth capex [USD m]."""
    return after_maintenance - growth_paid


def secured_paid(total_debt_secured_due, after_growth):
    """Matured secured loans repaid [USD m].

    Matured bitcoin-backed loans repaid in cash, so that the collateral comes back whole.
    """
    return min(total_debt_secured_due, after_growth)


def after_secured(after_growth, secured_paid):
    """Spare cash after secured loans [USD m]."""
    return after_growth - secured_paid


def cash_to_build(after_secured, total_debt_kept_ahead):
    """Cash free for optional building [USD m]. Spare cash beyond puts and maturities that are known."""
    return max(0, after_secured - total_debt_kept_ahead)


def pipeline_paid(total_hpc_pipeline_call, cash_to_build):
    """Pipeline capex paid [USD m]. Paid for projects the company is not bound to."""
    return min(total_hpc_pipeline_call, cash_to_build)


def after_pipeline(after_secured, pipeline_paid):
    """Spare cash after pipeline capex [USD m]."""
    return after_secured - pipeline_paid


def prospect_paid(prospect_due, cash_to_build, pipeline_paid):
    """Paid into leases signed later [USD m]. From what is left for optional building."""
    return min(prospect_due, cash_to_build - pipeline_paid)


def after_prospects(after_pipeline, prospect_paid):
    """Spare cash after optional building [USD m]."""
    return after_pipeline - prospect_paid


def building_cash(cash_to_build, pipeline_paid, prospect_paid):
    """Cash left for optional building [USD m]. What next month's decisions count on."""
    return cash_to_build - pipeline_paid - prospect_paid


def revolver_repaid(total_debt_repayable, after_prospects):
    """Revolver repaid [USD m]. From surplus cash."""
    return min(total_debt_repayable, after_prospects)


def after_revolver(after_prospects, revolver_repaid):
    """Spare cash after revolvers [USD m]."""
    return after_prospects - revolver_repaid


def growth_room(after_revolver, free_btc_value_prior, next_year_needs_prior, repayment_cover, notes_balance_prior):
    """Spare cash beyond next year's needs [USD m].

    What is left when cash and free bitcoin, as of last month end, cover next year's needs as a repayment must, and the
    new notes: money that is borrowed waits for growth that is signed, or the notes would be a trap.
    """
    return max(
        0,
        min(
            after_revolver,
            after_revolver + free_btc_value_prior - repayment_cover * next_year_needs_prior - notes_balance_prior,
        ),
    )


def discretionary_paid(growth_rate, market_cap_prior, growth_room, defaulted_prior):
    """Discretionary capex paid [USD m].

    Power, land and machines bought without a contract, by appetite, from what next year's needs leave; who had money
    went on in the shut window of 2022. No lease is assumed, so they earn nothing.
    """
    return 0 if defaulted_prior else min(growth_rate * market_cap_prior, growth_room)


def optional_paid(
    rescue_paid, cancellable_paid, maintenance_paid, growth_paid, pipeline_paid, prospect_paid, discretionary_paid
):
    """Optional capex paid [USD m]. Capital expenditure paid that might have waited."""
    return (
        rescue_paid
        + cancellable_paid
        + maintenance_paid
        + growth_paid
        + pipeline_paid
        + prospect_paid
        + discretionary_paid
    )


def explained_cash(
    after_payables, margin_paid, waivable_service_paid, optional_paid, order_draw, secured_paid, revolver_repaid
):
    """Cash all movements come to [USD m]. Unrestricted, at month end, before what is known of it."""
    return (
        after_payables
        - margin_paid
        - waivable_service_paid
        - (optional_paid - order_draw)
        - secured_paid
        - revolver_repaid
    )


def unexplained_cash(known_cash_gap, explained_cash):
    """Unexplained cash movement [USD m].

    Known cash less what all movements come to, in a month of which it is known; never more than is there.
    """
    return max(known_cash_gap, 0 - explained_cash)


def cash(explained_cash, unexplained_cash):
    """Unrestricted cash [USD m]. At month end."""
    return explained_cash + unexplained_cash


def principal_share(principal_paid, principal_payable):
    """Share of principal repaid [1]. Of the principal due, all lenders alike."""
    return principal_paid / principal_payable if principal_payable > DUST else 1


def margin_cash_share(margin_paid, margin_due):
    """Share of margin calls paid in cash [1]. Of the margin calls left over, what is met by repayment."""
    return margin_paid / margin_due if margin_due > DUST else 1


def deficiency_share(deficiency_paid, total_debt_deficiency_due):
    """Share of deficiencies paid [1]. All lenders alike."""
    return deficiency_paid / total_debt_deficiency_due if total_debt_deficiency_due > DUST else 1


def committed_share(committed_paid, committed_due):
    """Share of committed capex paid [1]. All projects and purchases alike."""
    return committed_paid / committed_due if committed_due > DUST else 1


def rescue_share(rescue_paid, total_hpc_rescue_call):
    """Share of project rescues paid [1]. Of the calls of half-built projects."""
    return rescue_paid / total_hpc_rescue_call if total_hpc_rescue_call > DUST else 1


def kept_service_share(kept_service_paid, total_debt_kept_service):
    """Share of kept machines' service paid [1]. All or nothing."""
    return kept_service_paid / total_debt_kept_service if total_debt_kept_service > DUST else 1


def waivable_service_share(waivable_service_paid, total_debt_waivable_service):
    """Share of other machines' service paid [1]. All or nothing."""
    return waivable_service_paid / total_debt_waivable_service if total_debt_waivable_service > DUST else 1


def cancellable_share(cancellable_paid, total_fleet_cancellable_due):
    """Share of cancellable instalments paid [1]. All orders alike."""
    return cancellable_paid / total_fleet_cancellable_due if total_fleet_cancellable_due > DUST else 1


def growth_share(growth_paid, total_fleet_growth_capex):
    """Share of growth capex paid [1]. Of the new machines."""
    return growth_paid / total_fleet_growth_capex if total_fleet_growth_capex > DUST else 1


def secured_share(secured_paid, total_debt_secured_due):
    """Share of secured loans repaid [1]. Of the matured bitcoin-backed loans, what is repaid in cash."""
    return secured_paid / total_debt_secured_due if total_debt_secured_due > DUST else 1


def pipeline_share(pipeline_paid, total_hpc_pipeline_call):
    """Share of pipeline capex paid [1]. Of the calls of other uncommitted projects."""
    return pipeline_paid / total_hpc_pipeline_call if total_hpc_pipeline_call > DUST else 1


def prospect_share(prospect_paid, prospect_due):
    """Share paid of leases signed later [1]. What is not paid is built later."""
    return prospect_paid / prospect_due if prospect_due > DUST else 1


def arrears(operations_due, operations_paid, interest_due, interest_paid):
    """Arrears [USD m]. Bills and interest overdue."""
    return max(0, operations_due - operations_paid) + max(0, interest_due - interest_paid)


def exchange(
    exchange_price,
    operations_due,
    operations_paid,
    interest_due,
    interest_paid,
    principal_payable,
    principal_paid,
    total_debt_loan_due,
    cash_cover_prior,
    defaulted_prior,
):
    """Exchange below par [1].

    1 when notes cannot be repaid but all other lenders and everything before them can, and the business earns more than
    it costs to run: then holders take longer paper for less than they are owed rather than go to court.
    """
    return (
        exchange_price > 0
        and cash_cover_prior > 0
        and principal_payable - principal_paid > DUST
        and principal_paid >= total_debt_loan_due
        and operations_due - operations_paid <= DUST
        and interest_due - interest_paid <= DUST
        and not defaulted_prior
    )


def exchanged_face(exchange, principal_payable, principal_paid):
    """Principal exchanged below par [USD m]. Principal of notes that is due and not paid."""
    return principal_payable - principal_paid if exchange else 0


def note_principal_share(exchange, principal_paid, total_debt_loan_due, principal_payable, principal_share):
    """Share of notes repaid [1]. Of the principal due on them: in an exchange, what is left once loans are paid."""
    return (
        (principal_paid - total_debt_loan_due) / (principal_payable - total_debt_loan_due)
        if exchange
        else principal_share
    )


def unpaid(bills, operations_paid, interest_paid, principal_paid, exchanged_face, deficiency_paid, committed_paid):
    """Bills unpaid [USD m]. Left unpaid this month."""
    return max(
        0, bills - operations_paid - interest_paid - principal_paid - exchanged_face - deficiency_paid - committed_paid
    )


def defaulted(defaulted_prior, unpaid):
    """In payment default [1]. 1 from the first month in which a bill stays unpaid."""
    return defaulted_prior or unpaid > DUST


def distressed_exchange(distressed_exchange_prior, exchange):
    """Distressed exchange [1]. 1 from the first month in which notes were exchanged below par: the company goes on."""
    return distressed_exchange_prior or exchange


def failed(defaulted, distressed_exchange):
    """Defaulted in either way [1]. By a bill that stayed unpaid, or by an exchange, which is a default by name."""
    return defaulted or distressed_exchange


def default_month(default_month_prior, failed, month_number):
    """Month of default [month]. Of payment default or distressed exchange; 0 while there is none."""
    return default_month_prior if default_month_prior > 0 else (month_number if failed else 0)


def bill_unpaid(
    operations_due,
    operations_paid,
    interest_due,
    interest_paid,
    principal_payable,
    principal_paid,
    exchanged_face,
    total_debt_deficiency_due,
    deficiency_paid,
):
    """Bill unpaid this month [1]. The first in the order of payment that was not paid in full."""
    return (
        BILL_OPERATIONS
        if operations_due - operations_paid > DUST
        else (
            BILL_INTEREST
            if interest_due - interest_paid > DUST
            else (
                BILL_MATURITY
                if principal_payable - principal_paid - exchanged_face > DUST
                else (BILL_MARGIN if total_debt_deficiency_due - deficiency_paid > DUST else BILL_CAPEX)
            )
        )
    )


def first_unpaid_bill(first_unpaid_bill_prior, defaulted, distressed_exchange, bill_unpaid):
    """First unpaid bill [1].

    1 operations, 2 interest, 3 maturity or put, 4 margin call of a lender whose collateral is sold, 5 committed capex,
    6 none, but notes exchanged below par. The order of payment decides: it says where the money ran out, not what
    drained it.
    """
    return (
        first_unpaid_bill_prior
        if first_unpaid_bill_prior > 0
        else (bill_unpaid if defaulted else (BILL_EXCHANGE if distressed_exchange else 0))
    )
