# ruff: noqa: N801, N805
"""Toy models for the tests of the engine: a savings account, and an economy with a firm that has notes."""

from corpfin.engine import Constant, Given, Graph, Plan, build_model, exp, log, norm_cdf

MONTHS = Constant(12.0, "month/year", "Months in a year")
DEAD_BAND = Constant(1e-9, "EUR", "Amounts below this are nothing")


class savings:
    def interest(balance_prior, rate):
        """Interest on last month's balance [EUR]."""
        return balance_prior * rate / MONTHS

    def balance(balance_prior, interest, deposit, noise):
        """Balance at month end [EUR].

        The deposit varies with the saver's mood.
        """
        return balance_prior + interest + deposit * (1 + noise)


SAVINGS_GIVEN = (
    Given("opening_balance", "EUR", "input", meaning="Balance before month 1"),
    Given("rate", "1/year", "input"),
    Given("deposit", "EUR", "series"),
    Given("noise", "-", "draw"),
)


def savings_graph() -> Graph:
    return Graph.build("savings", [savings], SAVINGS_GIVEN)


class economy:
    def growth(shock, drift, regime):
        """Growth of demand in the month [-]."""
        return exp(drift + shock + regime) - 1

    def demand(demand_prior, growth):
        """Demand for the firm's goods [EUR]."""
        return demand_prior * (1 + growth)

    def mood(demand, demand_prior):
        """Probability that lenders are willing [-]."""
        return norm_cdf(log(demand / demand_prior)) if demand > 0 and demand_prior > 0 else 0


ECONOMY_GIVEN = (
    Given("opening_demand", "EUR", "input"),
    Given("drift", "-", "input"),
    Given("tariff", "-", "series"),
    Given("shock", "-", "draw"),
    Given("regime", "-", "static_draw"),
)


class firm:
    def earnings(demand, demand_prior, margin, tariff, shock):
        """Earnings of the month [EUR]."""
        return (demand + demand_prior) * margin * (1 - tariff) - max(0, min(demand, shock * demand, demand_prior))


class notes:
    EACH = "note"

    def opening_owed(principal, share_repaid):
        """Amount owed before month 1 [EUR]."""
        return principal * (1 - share_repaid)

    def interest(owed_prior, coupon):
        """Interest on the opening balance [EUR]."""
        return owed_prior * coupon / MONTHS

    def is_due(month, due):
        """Whether the note falls due this month [flag]."""
        return month >= due and not due <= 0

    def asked(owed_prior, interest, is_due, hardship):
        """Money the note asks for [EUR]."""
        return interest + (owed_prior if is_due else 0) + abs(hardship)


class purse:
    def available(cash_prior, earnings):
        """Money at hand [EUR]."""
        return max(cash_prior + earnings, 0)

    def granted_share(available, total_note_asked):
        """Share of what is asked that can be paid [-]."""
        return min(1, available / total_note_asked) if total_note_asked > DEAD_BAND else 1

    def in_trouble(granted_share, total_note_owed_prior):
        """Whether a note goes unpaid [flag]."""
        return granted_share < 1 and total_note_owed_prior > 0


class settlement:
    EACH = "note"

    def paid(asked, granted_share):
        """Money the note receives, shortage shared pro rata [EUR]."""
        return asked * granted_share

    def owed(owed_prior, interest, paid, hardship, patience):
        """Amount owed at month end [EUR]."""
        return max(owed_prior + interest + abs(hardship) * patience - paid, 0)


class closing:
    def opening_cash(opening_demand, cover, total_note_opening_owed, total_note_principal):
        """Cash before month 1 [EUR]."""
        return opening_demand * cover + total_note_opening_owed - total_note_principal

    def cash(cash_prior, earnings, total_note_paid):
        """Cash at month end [EUR]."""
        return cash_prior + earnings - total_note_paid

    def check_cash(cash, cash_prior, earnings, total_note_paid, opening_cash):
        """Zero when cash moves only by earnings and payments [EUR]."""
        return cash - cash_prior - earnings + total_note_paid + 0 * opening_cash


FIRM_GIVEN = (
    Given("cover", "-", "input"),
    Given("margin", "-", "input"),
    Given("month", "-", "series"),
    Given("principal", "EUR", "input", "note", "Amount first lent"),
    Given("share_repaid", "-", "input", "note"),
    Given("coupon", "1/year", "input", "note"),
    Given("due", "-", "input", "note"),
    Given("hardship", "EUR", "draw", "note"),
    Given("patience", "-", "static_draw", "note"),
)


def firm_model() -> dict[str, Graph]:
    return build_model(
        Plan("economy", [economy], ECONOMY_GIVEN),
        Plan("firm", [firm, notes, purse, settlement, closing], FIRM_GIVEN, reads=("economy",)),
    )
