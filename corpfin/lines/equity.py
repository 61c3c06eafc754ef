"""The share: price by betas, and what distress and new shares take from it."""

from corpfin.engine import exp


def opening_undistressed_price(opening_share_price):
    """Undistressed share price at start [USD/share]."""
    return opening_share_price


def distress(distress_discount, coverage_prior, distress_coverage):
    """Distress discount [1]. As liquidity falls short of next year's needs, as of last month end."""
    return distress_discount * max(0, 1 - max(0, coverage_prior) / distress_coverage)


def undistressed_price(
    undistressed_price_prior, btc_beta, btc_return, ai_beta, ai_return, idio_return, known_undistressed_price
):
    """Undistressed share price [USD/share].

    By its betas to bitcoin and to AI equity, and its own noise; a known close sets it anew, before the discount.
    """
    return (
        known_undistressed_price
        if known_undistressed_price > 0
        else undistressed_price_prior * exp(btc_beta * btc_return + ai_beta * ai_return + idio_return)
    )


def share_discount(distress, issue_pressure_prior):
    """Discount on the share [1]. For distress, and for the shares and notes just sold, as of last month end."""
    return 1 - (1 - distress) * (1 - issue_pressure_prior)


def share_price(undistressed_price, share_discount, known_share_price):
    """Share price [USD/share]. At month end: the close where it is known."""
    return known_share_price if known_share_price > 0 else undistressed_price * (1 - share_discount)
