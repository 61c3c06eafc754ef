"""Corporate debt after payments: repayments, margin calls and liquidations are settled."""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST, DUST_BTC, DUST_HASHRATE, DUST_SHARE, ONE_YEAR, STEP, USD_PER_MILLION

EACH = "debt"

opening_hashrate_taken = Constant(0.0, "EH/s", "No machines taken by lenders when the projection starts")


def opening_pledged_hashrate(collateral_hashrate):
    """Hash rate pledged at start [EH/s]. Machines that secure the loan."""
    return collateral_hashrate


def opening_line_left(opening_undrawn, revolver):
    """Revolver available at start [USD m]."""
    return opening_undrawn * revolver


def funded(issued, pledged_at_issue, pledge_share):
    """Loan paid out [USD m]. Paid out at issue: a loan on bitcoin only as far as the bitcoin is posted."""
    return issued * pledge_share if pledged_at_issue > DUST_BTC else issued


def principal_repaid_share(unsecured_bullet, note_principal_share, exchange, principal_share):
    """Share of its principal repaid [1]. Of what is due: where notes are exchanged, loans are paid in full."""
    return note_principal_share if unsecured_bullet else (1 if exchange else principal_share)


def repaid(principal_due, principal_repaid_share, secured_due, secured_share):
    """Principal repaid [USD m]. In cash."""
    return principal_due * principal_repaid_share + secured_due * secured_share


def collateral_sold(saleable_collateral, collateral_sale_share):
    """Collateral sold for bills [BTC]. By the company, at the month-end price, at an unchanged loan-to-value."""
    return saleable_collateral * collateral_sale_share


def repaid_pro_rata(saleable_loan, collateral_sale_share):
    """Loan repaid as collateral is sold [USD m]. The loan-to-value's part of what the coins bring."""
    return saleable_loan * collateral_sale_share


def still_pledged(collateral_sale_share, saleable_collateral):
    """Share of collateral not sold for bills [1]. What the lender holds, calls for and gives back shrinks to it."""
    return 1 - collateral_sale_share if saleable_collateral > DUST_BTC else 1


def seized(secured_due, secured_share, still_pledged):
    """Loan settled from collateral [USD m]. Matured loan that the lender takes out of its collateral."""
    return secured_due * (1 - secured_share) * still_pledged


def seized_btc(seized, btc_close):
    """Collateral seized [BTC]. Bitcoin the lender sells for a matured loan."""
    return seized * USD_PER_MILLION / btc_close


def repaid_on_call(margin_call_value, margin_btc_share, margin_cash_share, deficiency_due, deficiency_share):
    """Margin call met in cash [USD m]. Loan repaid instead of adding bitcoin, or when all collateral has been sold."""
    return margin_call_value * (1 - margin_btc_share) * margin_cash_share + deficiency_due * deficiency_share


def call_left(margin_call_value, margin_btc_share, margin_cash_share, still_pledged):
    """Margin call not met [USD m]. Neither in bitcoin nor in cash: the lender sells collateral for it."""
    return margin_call_value * (1 - margin_btc_share) * (1 - margin_cash_share) * still_pledged


def delayed_drawn(delayed_draw, drawable, total_debt_drawable):
    """Delayed draw taken [USD m]. Of this commitment, all alike."""
    return delayed_draw * drawable / total_debt_drawable if total_debt_drawable > DUST else 0


def machines_served(under_water, kept_service_share, waivable_service_share):
    """Machine loan served [1]. 1 when what is due on a loan without recourse is paid."""
    return waivable_service_share if under_water else kept_service_share


def machine_interest_paid(cash_interest, recourse, machines_served):
    """Interest paid on machine loans [USD m]. Of loans without recourse, as far as they are served."""
    return cash_interest * (1 - recourse) * machines_served


def machine_principal_repaid(machine_principal, machines_served):
    """Machine loan repaid [USD m]. Of a loan without recourse, as far as it is served."""
    return machine_principal * machines_served


def machines_taken(kept_service, waivable_service, machines_served):
    """Machines taken by the lender [1]. 1 in the month in which a loan without recourse is not served."""
    return kept_service + waivable_service > DUST and 1 - machines_served > DUST_SHARE


def drawn(revolver_draw, headroom, total_debt_headroom):
    """Revolver drawn [USD m]. All revolvers alike."""
    return revolver_draw * headroom / total_debt_headroom if total_debt_headroom > DUST else 0


def returned(revolver_repaid, repayable, total_debt_repayable):
    """Revolver repaid [USD m]. From surplus cash, all revolvers alike."""
    return revolver_repaid * repayable / total_debt_repayable if total_debt_repayable > DUST else 0


def undrawn(undrawn_prior, drawn, returned, delayed_drawn, machines_taken):
    """Undrawn commitment [USD m]. Committed and not drawn; none of a lender who took the machines."""
    return 0 if machines_taken else undrawn_prior - drawn + returned - delayed_drawn


def released(release_btc, still_pledged, seized_btc, principal_due, principal_repaid_share):
    """Collateral released [BTC].

    Bitcoin the lender gives back, if what this loan must be paid in cash has been paid.
    """
    return (
        max(0, release_btc * still_pledged - seized_btc)
        if principal_due <= DUST or 1 - principal_repaid_share <= DUST_SHARE
        else 0
    )


def pledged(pledged_at_issue, pledge_share):
    """Collateral posted at issue [BTC]. Bitcoin pledged for a loan drawn this month."""
    return pledged_at_issue * pledge_share


def bought_back(below_par_face, total_debt_below_par_cost, buyback_paid):
    """Principal bought back [USD m]. Below par, all notes that can be had so alike."""
    return below_par_face * buyback_paid / total_debt_below_par_cost if total_debt_below_par_cost > DUST else 0


def exchanged(principal_due, principal_repaid_share, exchange):
    """Principal exchanged below par [USD m]. What was due and not paid: it becomes a new note."""
    return principal_due * (1 - principal_repaid_share) if exchange else 0


def balance_before_call(
    brought_forward,
    funded,
    drawn,
    delayed_drawn,
    repaid,
    machine_principal_repaid,
    seized,
    prepaid,
    repaid_pro_rata,
    settled_in_shares,
    repaid_on_call,
    returned,
    bought_back,
    exchanged,
):
    """Balance before liquidation [USD m].

    Outstanding before a lender who was not paid sells collateral or takes machines.
    """
    return max(
        0,
        brought_forward
        + funded
        + drawn
        + delayed_drawn
        - repaid
        - machine_principal_repaid
        - seized
        - prepaid
        - repaid_pro_rata
        - settled_in_shares
        - repaid_on_call
        - returned
        - bought_back
        - exchanged,
    )


def collateral_before_call(collateral_called, pledged, prepaid_btc, collateral_sold, released, seized_btc):
    """Collateral before liquidation [BTC]. Bitcoin held before a lender whose margin call was not met sells it."""
    return max(0, collateral_called + pledged - prepaid_btc - collateral_sold - released - seized_btc)


def ltv_after_call(balance_before_call, btc_loan, collateral_before_call, btc_close):
    """Loan-to-value after margin call [1]. At the month-end price."""
    return (
        balance_before_call * btc_loan * USD_PER_MILLION / (collateral_before_call * btc_close)
        if collateral_before_call > DUST_BTC
        else 0
    )


def recoverable(balance_before_call, btc_loan, collateral_before_call, btc_close):
    """Loan recoverable from collateral [USD m]. All of it, or what the collateral is worth at month end."""
    return min(balance_before_call * btc_loan, collateral_before_call * btc_close / USD_PER_MILLION)


def called_in(ltv_after_call, liquidation_ltv, recoverable, call_left, restore_ltv):
    """Loan repaid by liquidation [USD m].

    By the sale of collateral for a margin call that was not met: all that can be recovered above the liquidation level,
    else as much as restores the loan-to-value called for. What is sold is collateral no more, so that takes the call
    over one less that loan-to-value.
    """
    return (
        recoverable
        if ltv_after_call > liquidation_ltv or (call_left > DUST and call_left >= recoverable * (1 - restore_ltv))
        else (call_left / (1 - restore_ltv) if call_left > DUST else 0)
    )


def called_in_btc(called_in, btc_close, collateral_before_call):
    """Collateral liquidated after margin call [BTC]. Bitcoin the lender sells at the month-end price."""
    return min(collateral_before_call, called_in * USD_PER_MILLION / btc_close)


def liquidated_btc(seized_btc, called_in_btc):
    """Collateral sold by lenders [BTC]. At maturity or below water."""
    return seized_btc + called_in_btc


def liquidation_proceeds(seized, called_in):
    """Proceeds of collateral sold [USD m]. Loans repaid by the lenders' sales, at maturity or below water."""
    return seized + called_in


def settled_with_machines(machines_taken, balance_before_call):
    """Loan settled with machines [USD m]. The claim of a lender without recourse ends with the machines."""
    return balance_before_call if machines_taken else 0


def hashrate_taken(machines_taken, pledged_hashrate_prior, total_fleet_hashrate):
    """Hash rate taken by the lender [EH/s]. It leaves the fleets next month."""
    return min(pledged_hashrate_prior, total_fleet_hashrate) if machines_taken else 0


def pledged_hashrate(
    pledged_hashrate_prior, machines_taken, total_fleet_machines_retired, total_fleet_planned_hashrate_prior
):
    """Hash rate pledged [EH/s]. Machines that secure the loan; they age, and what replaces them is not pledged."""
    return (
        0
        if machines_taken
        else (
            pledged_hashrate_prior * (1 - total_fleet_machines_retired / total_fleet_planned_hashrate_prior)
            if total_fleet_planned_hashrate_prior > DUST_HASHRATE
            else pledged_hashrate_prior
        )
    )


def balance(balance_before_call, called_in, settled_with_machines):
    """Principal outstanding [USD m]. At month end."""
    return max(0, balance_before_call - called_in - settled_with_machines)


def collateral(collateral_before_call, called_in_btc, balance_before_call, called_in):
    """Collateral [BTC]. Bitcoin pledged at month end; what a liquidation leaves over comes back."""
    return (
        0
        if called_in_btc > DUST_BTC and balance_before_call - called_in <= DUST
        else collateral_before_call - called_in_btc
    )


def if_converted_shares(convertible, rolled, balance, share_price, conversion_price, principal_in_cash, excess_share):
    """If-converted shares [m share].

    Shares the notes would become if they converted today, when in the money (if-converted, ASU 2020-06). Of notes whose
    principal is paid in cash only the excess counts.
    """
    return (
        balance / conversion_price * (excess_share if principal_in_cash else 1)
        if convertible and not rolled and share_price > conversion_price
        else 0
    )


def line_left(undrawn, revolver, month_number, issue_month, due_month):
    """Revolver available [USD m]. What can be drawn at month end."""
    return undrawn if revolver and month_number >= issue_month and month_number < due_month else 0


def uncovered_balance(balance, collateral, btc_close, btc_loan):
    """Uncovered principal [USD m]. Of the balance at month end, what no collateral pays back."""
    return max(0, balance - collateral * btc_close / USD_PER_MILLION * btc_loan)


def instalments_wait(instalments_start_month, month_number):
    """Months before instalments [1]. After this one, in which no principal is repaid yet."""
    return max(0, instalments_start_month - month_number - STEP) / STEP


def due_within_year(
    balance,
    uncovered_balance,
    falls_due_month,
    month_number,
    roll,
    straight_line,
    annuity,
    payments_left,
    in_the_money,
    principal_in_cash,
    converts_later,
    under_water,
    instalments_wait,
    btc_loan,
    collateral,
):
    """Principal due within twelve months [USD m].

    What may be demanded in cash, instalments included, and at once what is left of a loan whose collateral is sold.
    """
    return (
        0
        if (in_the_money and not principal_in_cash) or converts_later or under_water
        else (
            uncovered_balance
            if (not roll and falls_due_month - month_number <= ONE_YEAR) or (btc_loan and collateral <= DUST_BTC)
            else (
                balance
                * min(1, max(0, ONE_YEAR / STEP - instalments_wait) / max(1, payments_left - 1 - instalments_wait))
                if straight_line or annuity
                else 0
            )
        )
    )
