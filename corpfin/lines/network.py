"""The bitcoin network, first half: reward, and what a hash would earn if hash rate stood still."""

from corpfin.engine import exp, log
from corpfin.lines.constants import BLOCKS_PER_DAY, DUST_SHARE, FEE_UNIT, HALF, HASHPRICE_UNIT, PH_PER_EH, STEP


def btc_close(btc_price_end):
    """Bitcoin price, month end [USD/BTC]."""
    return btc_price_end


def opening_btc_high(past_btc_high, opening_btc_close):
    """Recent bitcoin high at start [USD/BTC]. The price at the start where no higher one is given."""
    return max(past_btc_high, opening_btc_close)


def btc_high(btc_close, btc_high_prior, high_fade):
    """Recent bitcoin high [USD/BTC]. Of month-end prices; it fades, as highs of more than a year ago are forgotten."""
    return max(btc_close, btc_high_prior * (1 - high_fade * STEP))


def btc_return(btc_close, btc_close_prior):
    """Bitcoin log return [1]. Log change of the bitcoin price over the month."""
    return log(btc_close / btc_close_prior)


def btc_swing(btc_return, btc_dip):
    """Bitcoin swing within the month [1]. Log distance that lies between its two ends and its lowest price, twice."""
    return (
        exp(log(max(btc_return * btc_return + btc_dip, DUST_SHARE)) * HALF)
        if btc_return * btc_return + btc_dip > DUST_SHARE
        else abs(btc_return)
    )


def btc_low(btc_close_prior, btc_return, btc_swing):
    """Bitcoin price, lowest of the month [USD/BTC]. The minimum of a Brownian bridge between its two ends."""
    return btc_close_prior * exp((btc_return - btc_swing) * HALF)


def block_subsidy(subsidy_before_halving, share_before_halving):
    """Block subsidy [BTC/block]. New bitcoin per block; a month with a halving is split by days."""
    return subsidy_before_halving * (share_before_halving + HALF * (1 - share_before_halving))


def log_fee_median(fee_median):
    """Log median fees [1]. Natural log of the fees per block the process returns to."""
    return log(fee_median / FEE_UNIT)


def log_fees(log_fees_prior, log_fee_median, fee_persistence, fee_volatility, fee_shock, known_fees):
    """Log fees [1]. Natural log of fees per block: AR(1) around its median, or history where it is known."""
    return (
        log(known_fees / FEE_UNIT)
        if known_fees > 0
        else log_fee_median + fee_persistence * (log_fees_prior - log_fee_median) + fee_volatility * fee_shock
    )


def fees_per_block(log_fees):
    """Fees per block [BTC/block]. Transaction fees."""
    return exp(log_fees) * FEE_UNIT


def network_btc(block_subsidy, fees_per_block, days):
    """Bitcoin paid to miners [BTC]. Paid to all miners, at the protocol's pace of blocks."""
    return (block_subsidy + fees_per_block) * BLOCKS_PER_DAY * days


def prospective_hashprice(btc_price, network_btc, days, network_hashrate_prior):
    """Prospective hashprice [USD/PH/day]. If hash rate stayed where it was: what a miner sees when deciding to run."""
    return btc_price * network_btc / (days * network_hashrate_prior * PH_PER_EH)


def log_hashprice(prospective_hashprice):
    """Log of prospective hashprice [1]. What the break-even of every class of machines is held against."""
    return log(prospective_hashprice / HASHPRICE_UNIT)
