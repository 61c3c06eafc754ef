# ruff: noqa: N801, N805
"""A model of three graphs: an economy, firms that sell what their machines make, and a pool that the firms share.

The pool adds up the firms; what it comes to meets economy and firms a month later.
"""

from corpfin.engine import Data, Given, Graph, Plan, build_model


class mint:
    def price(price_prior, impact_prior, shock):
        """Price at month end [EUR]."""
        return max(price_prior - impact_prior + shock, 0)

    def news(total_firm_sold_prior, price):
        """What all firms sold a month ago at this price [EUR]."""
        return total_firm_sold_prior * price


class machines:
    EACH = "machine"

    def made(size, uptime, speed):
        """Goods made in the month [t]."""
        return size * uptime * speed


class store:
    def sold(stock_prior, total_machine_made, share_sold, alarm_prior):
        """Goods sold, all of them after an alarm [t]."""
        return (stock_prior + total_machine_made) * (1 if alarm_prior else share_sold)

    def stock(stock_prior, total_machine_made, sold):
        """Goods at month end [t]."""
        return stock_prior + total_machine_made - sold

    def takings(sold, price, price_prior, weight):
        """Goods sold at the mean of two prices, the weight added to show that a given is read [EUR]."""
        return sold * (price + price_prior) / (1 + 1) + weight - weight


class pool:
    def opening_impact(total_firm_opening_sold, weight, depth):
        """Fall of the price to come, before month 1 [EUR]."""
        return weight * total_firm_opening_sold / depth

    def impact(impact_prior, total_firm_sold, weight, depth, kept, mood):
        """Fall of the price to come [EUR]."""
        return weight * (impact_prior * kept + total_firm_sold / depth + mood)

    def alarm(price, floor, total_firm_sold, total_firm_sold_prior, weight):
        """Whether the price is low although less was sold [flag]."""
        return weight > 0 and price < floor and total_firm_sold < total_firm_sold_prior

    def cover(total_firm_sold, total_firm_total_machine_made, total_firm_total_machine_made_prior):
        """Goods sold over the goods made in two months [-]."""
        return total_firm_sold / (total_firm_total_machine_made + total_firm_total_machine_made_prior + 1)


MINT_GIVEN = (
    Given("opening_price", "EUR", "input"),
    Given("weight", "-", "input", meaning="1, or 0 for a pool without effect"),
    Given("shock", "EUR", "draw"),
)
FIRM_GIVEN = (
    Given("opening_stock", "t", "input"),
    Given("opening_sold", "t", "input"),
    Given("share_sold", "-", "input"),
    Given("size", "t", "input", "machine"),
    Given("opening_made", "t", "input", "machine"),
    Given("uptime", "-", "draw", "machine"),
    Given("speed", "-", "static_draw", "machine"),
)
POOL_GIVEN = (
    Given("depth", "t/EUR", "input"),
    Given("kept", "-", "input"),
    Given("floor", "EUR", "input"),
    Given("opening_alarm", "flag", "input"),
    Given("mood", "EUR", "draw"),
)
PLANS = (
    Plan("economy", [mint], MINT_GIVEN, reads=("pool",)),
    Plan("firm", [machines, store], FIRM_GIVEN, reads=("economy", "pool"), members=True),
    Plan("pool", [pool], POOL_GIVEN, reads=("economy", "firm")),
)
MODEL: dict[str, Graph] = build_model(*PLANS)
ECONOMY, FIRM, POOL = MODEL.values()


def economy_data(months: int, weight: float = 1.0) -> Data:
    return Data.of(months, {"": {"opening_price": 100.0, "weight": weight}})


def firm_data(months: int, name: str, stock: float, sold: float, share: float, sizes: list[float]) -> Data:
    figures = {"opening_stock": stock, "opening_sold": sold, "share_sold": share}
    block = {"size": sizes, "opening_made": sizes}
    ids = {"machine": [f"m{k}" for k in range(len(sizes))]}
    return Data.of(months, {"": figures, "machine": block}, instances=ids, member=name)


def pool_data(months: int) -> Data:
    return Data.of(months, {"": {"depth": 10.0, "kept": 0.5, "floor": 98.0, "opening_alarm": 0.0}})


def firms_data(months: int) -> list[Data]:
    """Three firms of two machines, one and none."""
    return [
        firm_data(months, "a", 10, 4, 0.5, [2.0, 4.0]),
        firm_data(months, "b", 20, 6, 0.25, [8.0]),
        firm_data(months, "c", 7, 1, 0.125, []),
    ]
