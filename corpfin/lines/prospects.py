"""Leases not yet signed: capacity the company talks of, let at a rate and built with lenders' money.

Nothing of it is in the base case, where the rate is zero. What is let is a building of average cost and rent of which
the company owns the part that lenders do not pay; that company stands outside the books, at what was paid into it.
"""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST_COST, STEP, STEPS_PER_YEAR

opening_prospect_signed_mw = Constant(0.0, "MW", "Leases signed at the start are projects of the file")


def prospect_equity(prospect_capex, prospect_lent):
    """Own money per MW [USD m/MW]. What lenders do not pay of a building."""
    return prospect_capex * (1 - prospect_lent)


def prospect_wanted_mw(
    hpc_potential_mw, prospect_signed_mw_prior, prospect_conversion, credit_open, is_history, defaulted_prior
):
    """Capacity tenants ask for [MW]. A share of what is still to let, while lenders are there."""
    return (
        max(0, hpc_potential_mw - prospect_signed_mw_prior) * prospect_conversion / STEPS_PER_YEAR
        if credit_open and not is_history and not defaulted_prior
        else 0
    )


def prospect_signed_mw(
    prospect_signed_mw_prior, prospect_wanted_mw, prospect_building_mw_prior, prospect_equity, building_cash_prior
):
    """Capacity let since the start [MW]. No more is signed than spare cash will build, that under way included."""
    return prospect_signed_mw_prior + (
        min(prospect_wanted_mw, max(0, building_cash_prior / prospect_equity - prospect_building_mw_prior))
        if prospect_equity > DUST_COST
        else prospect_wanted_mw
    )


def prospect_started_mw(prospect_building_mw_prior, prospect_signed_mw, prospect_signed_mw_prior):
    """Capacity under construction [MW]. When the month begins, what is let in it included."""
    return prospect_building_mw_prior + prospect_signed_mw - prospect_signed_mw_prior


def prospect_finished_mw(prospect_started_mw, prospect_months):
    """Capacity to finish [MW]. An even part of what is under construction, if it is paid."""
    return prospect_started_mw * min(1, STEP / prospect_months) if prospect_months > 0 else prospect_started_mw


def prospect_due(prospect_finished_mw, prospect_equity):
    """Own money asked for [USD m]. Beside the lenders', as the buildings go up."""
    return prospect_finished_mw * prospect_equity


def prospect_distribution(prospect_delivered_mw_prior, prospect_noi, prospect_cover):
    """Distribution of buildings let [USD m]. What debt service, covered as lenders ask, leaves of their NOI."""
    return (
        prospect_delivered_mw_prior * prospect_noi / STEPS_PER_YEAR * (1 - 1 / prospect_cover)
        if prospect_cover > 0
        else 0
    )
