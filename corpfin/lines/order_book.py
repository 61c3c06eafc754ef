"""The network's order book by class: what is paid for and not yet delivered.

It closes the month: what is ordered is known only after hashprice and machine price are.
"""

from corpfin.lines.constants import DUST_SHARE

EACH = "machine"


def opening_on_order(opening_network_orders, order_share):
    """Machines of the class on order at start [EH/s]. Its part of the order book."""
    return opening_network_orders * order_share


def ordered(investment, on_sale, total_machine_on_sale):
    """Machines of the class ordered [EH/s]. New orders go to the classes then on sale."""
    return investment * on_sale / max(total_machine_on_sale, DUST_SHARE)


def on_order(on_order_prior, delivered, ordered):
    """Machines of the class on order [EH/s]. Paid for and not yet delivered."""
    return on_order_prior - delivered + ordered
