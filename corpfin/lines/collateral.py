"""Corporate debt after the treasury has spoken: repayments, margin calls and liquidations are settled."""

from corpfin.lines.constants import DUST, DUST_BTC, ONE_YEAR, STEP, USD_PER_MILLION

EACH = "debt"


def repaid(principal_due, principal_share):
    """Principal repaid in cash [USD m]."""
    return principal_due * principal_share


def topped_up(margin_call_btc, margin_btc_share):
    """Bitcoin added to the collateral on a margin call [BTC]."""
    return margin_call_btc * margin_btc_share


def repaid_on_call(margin_call_value, margin_btc_share, margin_cash_share):
    """Loan repaid on a margin call instead of adding bitcoin [USD m]."""
    return margin_call_value * (1 - margin_btc_share) * margin_cash_share


def drawn(revolver_draw, headroom, total_debt_headroom):
    """Drawn on the revolver, all revolvers alike [USD m]."""
    return revolver_draw * headroom / total_debt_headroom if total_debt_headroom > DUST else 0


def returned(revolver_repaid, repayable, total_debt_repayable):
    """Revolver repaid from surplus cash, all revolvers alike [USD m]."""
    return revolver_repaid * repayable / total_debt_repayable if total_debt_repayable > DUST else 0


def undrawn(undrawn_prior, drawn, returned):
    """Committed and not drawn [USD m]."""
    return undrawn_prior - drawn + returned


def released(release_btc, principal_share):
    """Bitcoin the lender gives back, if what was due has been paid [BTC]."""
    return release_btc if principal_share >= 1 else 0


def pledged(pledged_at_issue, pledge_share):
    """Bitcoin pledged for a loan drawn this month [BTC]."""
    return pledged_at_issue * pledge_share


def balance_before_sale(balance_prior, issued, drawn, repaid, settled_in_shares, repaid_on_call, returned):
    """Outstanding before the lender sells any collateral [USD m]."""
    return max(0, balance_prior + issued + drawn - repaid - settled_in_shares - repaid_on_call - returned)


def collateral_before_sale(collateral_prior, pledged, topped_up, released):
    """Collateral before the lender sells any [BTC]."""
    return max(0, collateral_prior + pledged + topped_up - released)


def ltv_after_call(balance_before_sale, btc_loan, collateral_before_sale, btc_close):
    """Loan-to-value after the margin call, at the month-end price [1]."""
    return (
        balance_before_sale * btc_loan * USD_PER_MILLION / (collateral_before_sale * btc_close)
        if collateral_before_sale > DUST_BTC
        else 0
    )


def liquidated_btc(ltv_after_call, liquidation_ltv, balance_before_sale, btc_close, collateral_before_sale):
    """Collateral the lender sells to get its money back [BTC]."""
    return (
        min(collateral_before_sale, balance_before_sale * USD_PER_MILLION / btc_close)
        if ltv_after_call > liquidation_ltv
        else 0
    )


def liquidation_proceeds(liquidated_btc, btc_close):
    """Loan repaid by that sale [USD m]."""
    return liquidated_btc * btc_close / USD_PER_MILLION


def balance(balance_before_sale, liquidation_proceeds):
    """Outstanding at month end [USD m]."""
    return max(0, balance_before_sale - liquidation_proceeds)


def collateral(collateral_before_sale, liquidated_btc, balance_before_sale, liquidation_proceeds):
    """Bitcoin pledged at month end; what a liquidation leaves over comes back [BTC]."""
    return (
        0
        if liquidated_btc > DUST_BTC and balance_before_sale - liquidation_proceeds <= DUST
        else collateral_before_sale - liquidated_btc
    )


def convertible_shares(convertible, rolled, balance, share_price, conversion_price, principal_in_cash, excess_share):
    """Shares the notes would become if they converted today, when in the money (if-converted, ASU 2020-06) [m share].

    Of notes whose principal is paid in cash only the excess counts.
    """
    return (
        balance / conversion_price * (excess_share if principal_in_cash > 0 else 1)
        if convertible > 0 and rolled <= 0 and share_price > conversion_price
        else 0
    )


def line_left(undrawn, revolver, month_number, due_month):
    """What can be drawn at month end [USD m]."""
    return undrawn if revolver > 0 and month_number < due_month else 0


def due_within_year(
    balance,
    falls_due_month,
    month_number,
    roll,
    straight_line,
    annuity,
    payments_left,
    in_the_money,
    principal_in_cash,
):
    """Principal that may be demanded in cash within twelve months, instalments included [USD m]."""
    return (
        0
        if in_the_money > 0 and principal_in_cash <= 0
        else (
            balance
            if roll <= 0 and falls_due_month - month_number <= ONE_YEAR
            else (
                balance * min(1, ONE_YEAR / STEP / max(1, payments_left - 1)) if straight_line > 0 or annuity > 0 else 0
            )
        )
    )
