"""Production: what fleets mine of the bitcoin that the network pays, once it is known which of them run."""

EACH = "fleet"


def btc_mined(network_btc, operating_hashrate, network_hashrate, total_fleet_operating_hashrate, pool_fee):
    """Bitcoin mined [BTC].

    The fleet's share of what the network pays, less the pool's fee. The network is no smaller than the company's own
    machines that run, so that nobody mines more than there is.
    """
    return network_btc * operating_hashrate / max(network_hashrate, total_fleet_operating_hashrate) * (1 - pool_fee)
