"""What is held at month end: bitcoin and its tax cost, shares and the ATM programme."""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST_BTC, HALF, USD_PER_MILLION

SECTIONS = {
    "opening_btc_tax_cost": "Bitcoin",
    "atm_gross": "Shares",
}

opening_atm_shares_sold = Constant(0.0, "m share", "Shares sold at the market since the projection started")
opening_issue_pressure = Constant(0.0, "1", "The opening price carries what was sold before")
opening_shares_granted = Constant(0.0, "m share", "Shares issued otherwise since the projection started")
opening_btc_sold_total = Constant(0.0, "BTC", "Bitcoin sold since the projection started")
opening_btc_sold_for_buyback_total = Constant(0.0, "BTC", "Bitcoin sold for buy-backs since the projection started")
opening_btc_sold_forced_total = Constant(0.0, "BTC", "Bitcoin sold under pressure since the projection started")


def opening_btc_tax_cost(opening_btc, btc_tax_basis):
    """Tax cost of bitcoin at start [USD m]."""
    return opening_btc * btc_tax_basis / USD_PER_MILLION


def btc_sold_forced(btc_sold_for_funding, total_debt_collateral_sold, total_debt_liquidated_btc):
    """Bitcoin sold under pressure [BTC]. To meet a shortfall, collateral for bills among it, or by lenders."""
    return btc_sold_for_funding + total_debt_collateral_sold + total_debt_liquidated_btc


def btc_sold(btc_sold_by_policy, btc_sold_for_prepayment, btc_sold_forced, btc_sold_for_buyback):
    """Bitcoin sold [BTC]. By the company and by its lenders."""
    return btc_sold_by_policy + btc_sold_for_prepayment + btc_sold_forced + btc_sold_for_buyback


def btc_sold_total(btc_sold_total_prior, btc_sold):
    """Bitcoin sold to date [BTC]. Since the projection started."""
    return btc_sold_total_prior + btc_sold


def btc_sold_for_buyback_total(btc_sold_for_buyback_total_prior, btc_sold_for_buyback):
    """Bitcoin sold for buy-backs to date [BTC]. Since the projection started."""
    return btc_sold_for_buyback_total_prior + btc_sold_for_buyback


def btc_sold_forced_total(btc_sold_forced_total_prior, btc_sold_forced):
    """Bitcoin sold under pressure to date [BTC]. Since the projection started."""
    return btc_sold_forced_total_prior + btc_sold_forced


def btc(btc_prior, total_fleet_btc_mined, btc_sold):
    """Bitcoin owned [BTC]. Free and pledged together."""
    return max(0, btc_prior + total_fleet_btc_mined - btc_sold)


def btc_pledged(total_debt_collateral):
    """Bitcoin pledged [BTC]. To lenders."""
    return total_debt_collateral


def btc_value(btc, btc_close):
    """Bitcoin at fair value [USD m]. At the month-end price, ASU 2023-08."""
    return btc * btc_close / USD_PER_MILLION


def collateral_proceeds(collateral_sale, total_debt_repaid_pro_rata):
    """Proceeds of collateral sold for bills [USD m]. What the company keeps, and its lenders' part."""
    return collateral_sale + total_debt_repaid_pro_rata


def btc_sale_proceeds(
    policy_proceeds, loans_prepaid, btc_sale, buyback_paid, collateral_proceeds, total_debt_liquidation_proceeds
):
    """Proceeds of bitcoin sold [USD m]. By the company and by its lenders."""
    return (
        policy_proceeds
        + loans_prepaid
        + btc_sale
        + buyback_paid
        + collateral_proceeds
        + total_debt_liquidation_proceeds
    )


def mined_value(total_fleet_btc_mined, btc_price):
    """Mining revenue [USD m]. Bitcoin mined at the month's mean price; also its tax cost."""
    return total_fleet_btc_mined * btc_price / USD_PER_MILLION


def btc_disposal_share(btc_sold, btc_prior, total_fleet_btc_mined):
    """Share of bitcoin sold [1]. Of the bitcoin at hand."""
    return min(1, btc_sold / (btc_prior + total_fleet_btc_mined)) if btc_prior + total_fleet_btc_mined > DUST_BTC else 0


def tax_cost_sold(btc_tax_cost_prior, mined_value, btc_disposal_share):
    """Tax cost of bitcoin sold [USD m]. At average cost."""
    return (btc_tax_cost_prior + mined_value) * btc_disposal_share


def btc_tax_cost(btc_tax_cost_prior, mined_value, tax_cost_sold):
    """Tax cost of bitcoin [USD m]. Of the bitcoin held."""
    return btc_tax_cost_prior + mined_value - tax_cost_sold


def atm_gross(atm_proceeds, atm_discount):
    """ATM sales, gross [USD m]. Shares sold at the market, at their market price."""
    return atm_proceeds / (1 - atm_discount)


def atm_shares(atm_gross, share_price, known_shares_sold):
    """ATM shares sold [m share]. In the month."""
    return known_shares_sold if known_shares_sold >= 0 else atm_gross / share_price


def follow_on_shares(follow_on_sale, follow_on_discount, share_price):
    """Follow-on shares sold [m share]. In the month, at a discount to the close."""
    return follow_on_sale / (1 - follow_on_discount) / share_price


def issue_pressure(
    issue_pressure_prior,
    pressure_kept,
    issue_reaction,
    atm_shares,
    follow_on_shares,
    notes_issued,
    share_price,
    average_daily_volume,
    follow_on_days,
):
    """Price pressure of issues [1].

    What new shares, and convertibles at the shares they are worth, take from the price: as observed for a marketed
    offering, by size, and digested over the months.
    """
    return min(
        HALF,
        pressure_kept * issue_pressure_prior
        + (
            issue_reaction
            * (atm_shares + follow_on_shares + notes_issued / share_price)
            / (average_daily_volume * follow_on_days)
            if average_daily_volume > 0 and follow_on_days > 0
            else 0
        ),
    )


def atm_shares_sold(atm_shares_sold_prior, atm_shares, follow_on_shares):
    """Shares sold for cash to date [m share]. At the market and in follow-on offerings, since the start."""
    return atm_shares_sold_prior + atm_shares + follow_on_shares


def atm_remaining(atm_remaining_prior, atm_registered, atm_gross):
    """ATM programme left [USD m]. Registered and not sold."""
    return max(0, atm_remaining_prior + atm_registered - atm_gross)


def shares_granted(
    shares_granted_prior,
    compensation_shares,
    total_offering_shares_sold,
    total_warrant_exercised,
    total_debt_new_shares,
    notes_conversion_shares,
):
    """Other shares issued to date [m share].

    Shares issued otherwise than at the market since the projection started: pay, offerings, warrants, conversion.
    """
    return (
        shares_granted_prior
        + compensation_shares
        + total_offering_shares_sold
        + total_warrant_exercised
        + total_debt_new_shares
        + notes_conversion_shares
    )


def shares_issued(
    atm_shares,
    follow_on_shares,
    compensation_shares,
    total_offering_shares_sold,
    total_warrant_exercised,
    total_debt_new_shares,
    notes_conversion_shares,
):
    """Shares issued [m share]. This month."""
    return (
        atm_shares
        + follow_on_shares
        + compensation_shares
        + total_offering_shares_sold
        + total_warrant_exercised
        + total_debt_new_shares
        + notes_conversion_shares
    )


def shares(shares_prior, shares_issued):
    """Shares outstanding [m share]."""
    return shares_prior + shares_issued


def basic_dilution(shares, opening_shares):
    """Basic dilution [1]. Shares outstanding over those at the start, less one."""
    return shares / opening_shares - 1


def opening_diluted_shares(opening_shares, total_warrant_opening_dilutive, total_debt_opening_if_converted_shares):
    """Diluted shares at start [m share]. Penny warrants and notes in the money are shares already."""
    return opening_shares + total_warrant_opening_dilutive + total_debt_opening_if_converted_shares


def diluted_shares(shares, total_warrant_dilutive, total_debt_if_converted_shares, notes_dilutive):
    """Diluted shares [m share]. Shares if every warrant and convertible in the money became shares."""
    return shares + total_warrant_dilutive + total_debt_if_converted_shares + notes_dilutive


def dilution(diluted_shares, opening_diluted_shares):
    """Dilution [1].

    Diluted shares over diluted shares at the start, less one; below 0 once rights have fallen out of the money.
    """
    return diluted_shares / opening_diluted_shares - 1


def opening_market_cap(opening_shares, opening_share_price):
    """Market cap at start [USD m]. Market value of the shares."""
    return opening_shares * opening_share_price


def market_cap(shares, share_price):
    """Market cap [USD m]. Market value of the shares."""
    return shares * share_price
