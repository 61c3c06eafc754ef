"""Machines installed at the start of a market: solved from hash rate and what pays where its file is silent."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from corpfin.inputs import InputError, Market, Problem, protocol
from corpfin.inputs.provenance import Citation, Provenance
from corpfin.lines import machines, network

MACHINES: Any = machines
NETWORK: Any = network
"""The lines of the market, which carry no types."""

CAPACITY = ("network", None, "installed_capacity")
FURTHEST = 2.0
"""How many times what hash rate and prices of the date imply the installed machines cannot be, nor their inverse."""


def paying_share(market: Market) -> float:
    """Share of the installed machines that pay their electricity at the market's opening price, reward and hash rate.

    The model's own lines, read once at the start: classes by their share of capacity.
    """
    start, price = market.tables.network, market.tables.price.btc_close
    reward = protocol.subsidy_before(start.halving_date) + math.exp(start.log_fees)
    day = 1.0
    btc = NETWORK.network_btc(reward, 0.0, day)
    pays = NETWORK.log_hashprice(NETWORK.prospective_hashprice(price, btc, day, start.network_hashrate))
    running = 0.0
    for row in market.tables.machine:
        breakeven = MACHINES.median_breakeven(row.machine_efficiency, start.power_median)
        score = MACHINES.power_score(pays, breakeven, start.power_spread)
        running += row.capacity_share * MACHINES.running_share(score)
    return running


def with_capacity(market: Market) -> Market:
    """The market with its machines installed: as its file says, else hash rate over the share of machines that pay.

    What is solved is graded as derived. ``InputError`` for machines that cannot be of the file's own date: when they
    would run at the file's price, the hash rate would be less than half or more than twice what the file says.
    """
    start, share = market.tables.network, paying_share(market)
    solved = start.network_hashrate / share if share > 0 else math.inf
    given = start.installed_capacity
    if given is not None and solved / FURTHEST <= given <= solved * FURTHEST:
        return market
    if given is None and math.isfinite(solved):
        why = (
            f"solved: {start.network_hashrate:,.6g} EH/s over the {share:.1%} of the machines that pay their power "
            f"at a bitcoin price of {market.tables.price.btc_close:,.6g}"
        )
        key = ".".join(filter(None, CAPACITY))
        cited = Citation.model_validate({"grade": "derived", "why": why})
        provenance = Provenance({**market.provenance.citations, key: cited}, market.provenance.sources)
        return replace(market.changed({CAPACITY: solved}), provenance=provenance)
    message = (
        f"cannot be of {start.as_of}: at the file's price, hash rate and power price {share:.1%} of the machines pay, "
        f"which makes about {solved:,.4g} EH/s; leave it out to have it solved"
    )
    raise InputError([Problem(market.file.name, "network.installed_capacity", given, message)])
