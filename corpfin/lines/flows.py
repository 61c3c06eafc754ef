"""The sector's bitcoin: what listed companies mine and sell, what the rest of the network sells, how much is unusual.

Miners sell about what they mine, and the price of a coin knows it; what weighs on the price is what is sold beyond.
"""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST_BTC, DUST_MW, STEPS_PER_QUARTER, USD_PER_MILLION

SECTIONS = {
    "listed_mined": "Listed companies",
    "unlisted_mined": "The rest of the network",
    "excess_sales": "Beyond the usual",
    "listed_hashrate": "Machines",
    "leased_megawatts": "Capacity for AI",
}

opening_given_up = Constant(0.0, "EH/s", "What has left the fleets before the start is in no file")


def listed_mined(total_company_total_fleet_btc_mined):
    """Mined by listed companies [BTC]. All of them."""
    return total_company_total_fleet_btc_mined


def listed_sold(total_company_btc_sold):
    """Sold by listed companies [BTC]. All of them, for whatever reason."""
    return total_company_btc_sold


def listed_liquidated(total_company_total_debt_liquidated_btc):
    """Liquidated by lenders [BTC]. Collateral of loans sold by those who hold it."""
    return total_company_total_debt_liquidated_btc


def listed_chosen(total_company_btc_sold_by_policy, total_company_btc_sold_for_prepayment):
    """Sold by choice [BTC].

    By policy, to prepay loans, or known to be sold: the reason of a known sale is not known.
    """
    return total_company_btc_sold_by_policy + total_company_btc_sold_for_prepayment


def listed_forced(listed_sold, listed_chosen, listed_liquidated):
    """Sold for want of cash [BTC]. To meet a shortfall, or for notes bought back: what no policy asked for."""
    return max(0, listed_sold - listed_chosen - listed_liquidated)


def listed_btc(total_company_btc):
    """Held by listed companies [BTC]. At month end, pledged coins among them."""
    return total_company_btc


def sold_over_mined(listed_sold, listed_mined):
    """Sold over mined [1]. Of the listed companies."""
    return listed_sold / max(DUST_BTC, listed_mined)


def unlisted_mined(network_btc, listed_mined):
    """Mined by the rest [BTC]. Of the network; private miners are taken to sell it as it is mined."""
    return max(0, network_btc - listed_mined)


def unlisted_squeezed(unlisted_btc_prior, squeeze_sales, fleet_under_water, usual_under_water):
    """Sold from stock by the rest [BTC].

    The rest of the network as one seller: of what it holds, in proportion to the share of machines under water beyond
    what is usual.
    """
    return unlisted_btc_prior * squeeze_sales / STEPS_PER_QUARTER * max(0, fleet_under_water - usual_under_water)


def unlisted_btc(unlisted_btc_prior, unlisted_squeezed):
    """Held by the rest [BTC]. What it might sell; not the coins of the first years, which answer no hashprice."""
    return unlisted_btc_prior - unlisted_squeezed


def excess_sales(listed_sold, listed_mined, usual_sold_share, unlisted_squeezed, is_history):
    """Sales beyond the usual [BTC]. None in months that are history: their price knows what was sold."""
    return 0 if is_history else max(0, listed_sold - usual_sold_share * listed_mined) + unlisted_squeezed


def excess_value(excess_sales, btc_price):
    """Value of sales beyond the usual [USD m]. At the month's mean price."""
    return excess_sales * btc_price / USD_PER_MILLION


def listed_hashrate(total_company_total_fleet_operating_hashrate):
    """Hash rate of listed companies [EH/s]. Of machines at work."""
    return total_company_total_fleet_operating_hashrate


def listed_share(listed_hashrate, network_hashrate):
    """Listed share of the network [1]. Of hash rate."""
    return listed_hashrate / network_hashrate


def given_up(total_company_total_fleet_planned_hashrate, total_company_total_fleet_hashrate):
    """Given up for AI [EH/s]. Machines of listed companies whose megawatts went to projects, since the start."""
    return max(0, total_company_total_fleet_planned_hashrate - total_company_total_fleet_hashrate)


def freed_hashrate(given_up, given_up_prior):
    """Given up this month [EH/s]. Machines that gave their power to AI."""
    return max(0, given_up - given_up_prior)


def left_fleets(freed_hashrate, total_company_total_fleet_machines_removed):
    """Left the listed fleets [EH/s]. Given up for AI, or taken down on the way to a lower guided hash rate."""
    return freed_hashrate + total_company_total_fleet_machines_removed


def dumped(left_fleets, total_company_total_fleet_machines_taken_away):
    """Machines dumped [EH/s]. On the market for used ones: those that left the fleets, those that lenders took."""
    return left_fleets + total_company_total_fleet_machines_taken_away


def leased_megawatts(total_company_total_hpc_leased_mw):
    """Leased by all companies [MW]. Signed with tenants."""
    return total_company_total_hpc_leased_mw


def delivered_megawatts(total_company_total_hpc_delivered_mw):
    """Delivered by all companies [MW]. While the projects are theirs."""
    return total_company_total_hpc_delivered_mw


def lost_megawatts(total_company_total_hpc_lost_mw):
    """Leased capacity lost [MW]. Of projects the lenders have taken."""
    return total_company_total_hpc_lost_mw


def late_megawatts(total_company_total_hpc_late_mw):
    """Leased capacity late [MW]. Should have been delivered by the plan of the start, and is not."""
    return total_company_total_hpc_late_mw


def megawatts_delivered(delivered_megawatts, leased_megawatts):
    """Delivered over leased [1]. Of all companies."""
    return delivered_megawatts / max(DUST_MW, leased_megawatts)
