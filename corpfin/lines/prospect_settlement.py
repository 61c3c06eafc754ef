"""Leases not yet signed, after payments: what was built."""

from corpfin.engine import Constant

opening_prospect_building_mw = Constant(0.0, "MW", "Leases signed at the start are projects of the file")
opening_prospect_delivered_mw = Constant(0.0, "MW", "Leases signed at the start are projects of the file")


def prospect_built_mw(prospect_finished_mw, prospect_share):
    """Capacity finished [MW]. As far as the company's part was paid."""
    return prospect_finished_mw * prospect_share


def prospect_building_mw(prospect_started_mw, prospect_built_mw):
    """Capacity left to build [MW]. Let and not yet finished at month end."""
    return prospect_started_mw - prospect_built_mw


def prospect_delivered_mw(prospect_delivered_mw_prior, prospect_built_mw):
    """Capacity built since the start [MW]. It earns from next month."""
    return prospect_delivered_mw_prior + prospect_built_mw
