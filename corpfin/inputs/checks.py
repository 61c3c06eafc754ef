"""What must hold between the fields of a file, beyond the limits of each.

One file: whoever asks why a file was refused wants every rule in one place.
"""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from corpfin.inputs.company import CompanyTables
from corpfin.inputs.errors import Report, nearest_name, toml_text
from corpfin.inputs.known import check_known, is_month, next_month
from corpfin.inputs.protocol import is_next, next_halving
from corpfin.inputs.rows import Row, layout
from corpfin.inputs.schema import declared

PROCESS_FIELDS = {
    "merton": ("jump_intensity", "jump_mean", "jump_volatility"),
    "two_regime": ("turbulent_volatility", "worsens", "calms"),
    "bootstrap": ("history_file", "mean_block"),
}
"""Fields of [price] that a process needs besides volatility and drift."""

KINDS = {
    name: declared(shape.table)["kind"].words
    for name, shape in layout(CompanyTables).items()
    if "kind" in declared(shape.table)
}
"""Kinds that a shock may be limited to, by table."""

DRAWN = ("price", "factors", "equity")
"""Tables with fields that no line reads but the draws depend on."""

LARGEST_JUMP = {"price_end": 6.0, "hashrate": 2.0}
"""Most that a month can be times the one before, up or down: in November 2013 the price rose 5.5 times."""

TOLERANCE = 1e-9

# table, the field that comes first or is smaller, the other one, whether they may be equal
ORDERED = (
    ("order", "first_payment", "last_payment", True),
    ("order", "first_delivery", "last_delivery", True),
    ("debt", "issue_date", "maturity", False),
    ("debt", "repaid_date", "maturity", True),
    ("debt", "instalments_start", "maturity", True),
    ("debt", "draw_end", "maturity", True),
    ("debt", "put_date", "maturity", True),
    ("debt", "second_put_date", "maturity", True),
    ("debt", "put_date", "second_put_date", False),
    ("debt", "call_date", "maturity", True),
    ("debt", "conversion_price", "capped_call_price", False),
    ("debt", "margin_call_ltv", "liquidation_ltv", False),
    ("debt", "restore_ltv", "margin_call_ltv", False),
    ("debt", "release_ltv", "restore_ltv", True),
    ("hpc", "delivered_mw", "leased_mw", True),
    ("hpc", "first_delivery", "full_delivery", True),
    ("hpc", "receipt_date", "second_receipt_date", False),
    ("hpc", "loan_undrawn", "loan_principal", True),
    ("hpc", "loan_issue_date", "loan_maturity", False),
    ("machine", "first_sale", "last_sale", True),
)

OUT_OF_PROPORTION = (
    ("treasury", "cash", 20),
    ("treasury", "restricted_cash", 50),
    ("debt", "principal", 100),
    ("balance", "mining_ppe", 100),
    ("costs", "cash_sga", 5),
    ("costs", "stock_compensation", 5),
)
"""Money, by table and field, and how many times the market value of all shares it cannot be: a company in distress is
worth a fiftieth of its debt, but nobody's cash is worth twenty times its shares."""


def check_company(rows: Sequence[Row], report: Report) -> None:
    """Report what does not hold within a company file."""
    check_order(rows, report)
    by_table = _by_table(rows)
    as_of = next((row.day("as_of") for row in by_table["company"]), None)
    if as_of is not None:
        _check_month_end("company.as_of", as_of, report)
        _check_dates_after(as_of, rows, report)
    _check_pledges(by_table["treasury"], by_table["debt"], as_of, report)
    _check_machines(by_table["fleet"], by_table["order"], by_table["debt"], report)
    _check_size(rows, by_table["equity"], report)
    for row in rows:
        _check_kind(row, report)
    for row in by_table["fleet"]:
        _check_together(row, "target_hashrate", "target_date", report)
    _check_ordered(by_table, report)
    for row in by_table["debt"]:
        _check_instrument(row, report)
    for row in by_table["hpc"]:
        _check_project(row, report)
    if as_of is not None:
        check_known(as_of, by_table, report)


def _check_size(rows: Sequence[Row], equity: Sequence[Row], report: Report) -> None:
    """Report a unit that cannot be right: money of a balance sheet that dwarfs what all shares are worth."""
    worth = next(((row.number("shares") or 0) * (row.number("share_price") or 0) for row in equity), 0.0)
    if worth <= 0:
        return
    for row in rows:
        for table, name, times in OUT_OF_PROPORTION:
            value = row.number(name) if table == row.table and name in row.valid else None
            if value is not None and value > times * worth:
                message = f"is {value / worth:,.0f} times the market value of {worth:,.6g} USD m; is it in USD million?"
                report.add(f"{row.key}.{name}", message, value, f"at most {times:,g} times the market value")


def check_order(rows: Iterable[Row], report: Report) -> None:
    """Report the pairs of fields of a row, and its funding order, that stand in the wrong order."""
    for row in rows:
        table = row.table.removeprefix("defaults.")
        for ordered_table, lower, upper, equal in ORDERED:
            if ordered_table == table and not row.valid.keys().isdisjoint({lower, upper}):
                _check_pair(row, lower, upper, equal, report)
        shares = ("cooling_share", "network_share")
        if not row.valid.keys().isdisjoint(shares) and sum(row.number(share) or 0 for share in shares) > 1 + TOLERANCE:
            written = next(share for share in shares if share in row.valid)
            message = "cooling_share and network_share together are above 1"
            report.add(f"{row.key}.{written}", message, row.valid[written])
        order = row.words("funding_order")
        if len(set(order)) < len(order) and "funding_order" in row.valid:
            allowed = row.fields["funding_order"].allowed
            report.add(f"{row.key}.funding_order", "names one of them twice", order, allowed)


def check_market(rows: Sequence[Row], report: Report) -> None:
    """Report what does not hold within a market file, its defaults included."""
    check_order(rows, report)
    by_table = _by_table(rows)
    as_of = next((row.day("as_of") for row in by_table["network"]), None)
    if as_of is not None:
        _check_month_end("network.as_of", as_of, report)
        _check_known_months(as_of, by_table["known_month"], report)
        for network in by_table["network"]:
            _check_network(as_of, network, report)
        _check_jumps(by_table, report)
    for price in by_table["price"]:
        for name in PROCESS_FIELDS.get(str(price.get("process")), ()):
            if price.get(name) is None:
                report.add(f"price.{name}", f'is missing: process = "{price.get("process")}" needs it')
    ordered = any(row.number("network_orders") for row in by_table["network"])
    for share in ("capacity_share", *(["order_share"] if ordered else [])):
        _check_sum(by_table["machine"], share, report)
    if as_of is not None:
        _check_on_sale(as_of, by_table["machine"], report)


def _check_sum(machines: Sequence[Row], share: str, report: Report) -> None:
    """Report shares of classes that do not sum to one, unless one of them is no number."""
    given = [row.number(share) for row in machines if share in row.valid or share not in row.written]
    total = sum(value or 0.0 for value in given)
    if machines and len(given) == len(machines) and abs(total - 1) > TOLERANCE:
        report.add(f"machine.{share}", f"sums to {total:.6g} over all classes; it must sum to 1")


def _check_on_sale(as_of: date, machines: Sequence[Row], report: Report) -> None:
    """Report the first month after the start in which no class can be ordered: new orders would go nowhere."""
    sold = [row for row in machines if row.number("investment_share") != 0]
    ends = [day for row in sold if (day := row.day("last_sale")) is not None]
    for number in sorted({_month(as_of) + 1} | {_month(day) + 1 for day in ends if day > as_of}):
        if machines and not any(
            _month(row.day("first_sale") or as_of) <= number and (_month(row.day("last_sale") or date.max) >= number)
            for row in sold
        ):
            label = f"{(number - 1) // 12}-{(number - 1) % 12 + 1:02d}"
            message = f"no class with an investment_share above 0 is on sale in {label}; orders must go to some class"
            report.add("machine.last_sale", message)
            return


def _month(day: date) -> int:
    return day.year * 12 + day.month


def _check_pair(row: Row, lower: str, upper: str, equal: bool, report: Report) -> None:
    first, second = row.get(lower), row.get(upper)
    if isinstance(first, date) and isinstance(second, date):
        wrong, side, far_side = first > second, "before", "after"
    elif isinstance(first, float) and isinstance(second, float):
        wrong, side, far_side = first > second, "below", "above"
    else:
        return
    if not wrong and (equal or first != second):
        return
    written, other, limit = lower, upper, second
    if lower not in row.valid:
        written, other, limit, side, far_side = upper, lower, first, far_side, side
    rule = f"not be {far_side}" if equal else f"be {side}"
    origin = "" if other in row.valid else ", the default"
    report.add(f"{row.key}.{written}", f"must {rule} {other} ({toml_text(limit)}{origin})", row.valid[written])


def _check_month_end(key: str, day: date, report: Report) -> None:
    last = monthrange(day.year, day.month)[1]
    if day.day != last:
        report.add(key, "must be the last day of a month", day, None, str(day.replace(day=last)))


def _check_dates_after(as_of: date, rows: Iterable[Row], report: Report) -> None:
    for row in rows:
        for name, field in row.fields.items():
            remedy, day = field.spec.future, row.day(name)
            if remedy and day is not None and day <= as_of:
                report.add(f"{row.key}.{name}", f"must be after the balance-sheet date {as_of}; {remedy}", day)


def _check_pledges(treasury: Sequence[Row], debts: Sequence[Row], as_of: date | None, report: Report) -> None:
    pledges = {
        row.key: collateral
        for row in debts
        if row.has("collateral_btc")
        and (collateral := row.number("collateral_btc"))
        and not ((issued := row.day("issue_date")) and as_of and issued > as_of)
    }
    for row in treasury:
        held, lent = row.number("btc"), row.number("btc_loaned") or 0.0
        if held is not None and sum(pledges.values()) + lent > held + TOLERANCE:
            parts = [f"{amount:.12g} to {key}" for key, amount in pledges.items()]
            parts += [f"{lent:.12g} lent"] if lent else []
            report.add(f"{row.key}.btc", f"is less than what is pledged or lent: {', '.join(parts)}", held)


def _check_machines(fleets: Sequence[Row], orders: Sequence[Row], debts: Sequence[Row], report: Report) -> None:
    """Report loans that are secured on more machines than there are, those on order counted."""
    own = sum(row.number("hashrate") or 0.0 for row in fleets) + sum(
        row.number("order_hashrate") or 0.0 for row in orders
    )
    pledged = {row.key: amount for row in debts if (amount := row.number("collateral_hashrate"))}
    if sum(pledged.values()) > own + TOLERANCE:
        key = max(pledged, key=lambda name: pledged[name])
        total = sum(pledged.values())
        message = f"is too much: all loans have {total:.6g} EH/s of the {own:.6g} in [[fleet]] and [[order]]"
        report.add(f"{key}.collateral_hashrate", message, pledged[key])


def _check_together(row: Row, first: str, second: str, report: Report) -> None:
    for name, other in ((first, second), (second, first)):
        if name in row.written and other not in row.written:
            report.add(f"{row.key}.{other}", f"is missing: {name} is given and the two go together")


def _check_ordered(by_table: Mapping[str, Sequence[Row]], report: Report) -> None:
    """Report machines on order that go nowhere, are paid at no time, or whose deposits the balance sheet lacks."""
    fleets = {row.id: row for row in by_table["fleet"] if row.id}
    for row in by_table["order"]:
        fleet = row.valid.get("fleet")
        if fleet is not None and fleet not in fleets:
            message = "there is no such [[fleet]]"
            report.add(f"{row.key}.fleet", message, fleet, ", ".join(fleets), nearest_name(str(fleet), fleets))
        if row.id in fleets:
            message = "is the id of a fleet; an order stands among the fleets and needs one of its own"
            report.add(f"{row.key}.id", message, row.id)
        _check_together(row, "first_payment", "last_payment", report)
        if (row.number("order_price") or 0) > 0 and not row.written.keys() & {"first_payment", "last_payment"}:
            report.add(f"{row.key}.first_payment", "is missing: there is an order_price to be paid")
    paid = sum(row.number("deposit") or 0.0 for row in by_table["order"])
    for row in by_table["balance"]:
        plant = row.number("mining_ppe")
        if plant is not None and paid > plant + TOLERANCE:
            message = f"is less than the deposits on machines that are a part of it, {paid:.12g}"
            report.add(f"{row.key}.mining_ppe", message, plant)


def _check_kind(row: Row, report: Report) -> None:
    """Report what a block of its kind lacks and what belongs to another kind, which the model would not read."""
    kind = row.valid.get("kind")
    if kind is None:
        return
    for name, field in row.fields.items():
        if field.spec.needed and row.has(name) and name not in row.written:
            report.add(f"{row.key}.{name}", f"is missing: a {kind} has one", None, field.allowed)
        if name in row.valid and not row.has(name):
            report.add(f"{row.key}.{name}", f'belongs to {field.of_kinds}, not "{kind}"', row.valid[name])


def _check_instrument(row: Row, report: Report) -> None:
    if row.valid.get("repaid_in_shares") and row.valid.get("principal_in_cash"):
        message = "does not go with principal_in_cash: what is paid in cash is not converted"
        report.add(f"{row.key}.repaid_in_shares", message, row.valid["repaid_in_shares"])
    if "second_put_date" in row.valid and "put_date" not in row.written:
        report.add(f"{row.key}.put_date", "is missing: there is a second_put_date")
    if "instalments_start" in row.valid and row.get("amortisation") == "bullet":
        message = 'says nothing of a bullet; give amortisation = "straight_line" or "annuity"'
        report.add(f"{row.key}.instalments_start", message, row.valid["instalments_start"])
    if row.has("draw_end") and (row.number("undrawn") or 0) > 0 and "draw_end" not in row.written:
        report.add(f"{row.key}.draw_end", "is missing: there is an undrawn amount")
    pledges = row.has("collateral_btc") and not row.written.get("collateral_btc")
    if pledges and (row.number("principal") or 0) > 0:
        message = f"is missing: a drawn {row.valid['kind']} has collateral"
        report.add(f"{row.key}.collateral_btc", message, None, "above 0")


def _check_project(row: Row, report: Report) -> None:
    leased, delivered = row.number("leased_mw"), row.number("delivered_mw")
    undelivered = leased is not None and delivered is not None and delivered < leased - TOLERANCE
    for name in ("first_delivery", "full_delivery"):
        if undelivered and name not in row.written:
            report.add(f"{row.key}.{name}", f"is missing: {delivered:g} of {leased:g} MW are delivered")
    for receipt in ("receipt", "second_receipt"):
        _check_together(row, f"{receipt}_amount", f"{receipt}_date", report)
    if "second_receipt_date" in row.valid and "receipt_date" not in row.written:
        report.add(f"{row.key}.receipt_date", "is missing: there is a second_receipt_date")
    if "loan_undrawn" in row.valid and "loan_principal" not in row.written:
        report.add(f"{row.key}.loan_principal", "is missing: loan_undrawn is a part of it")
    if (row.number("loan_principal") or 0) > 0:
        for name in ("loan_maturity", "loan_coupon"):
            if name not in row.written and row.get(name) is None:
                report.add(f"{row.key}.{name}", "is missing: the project has a loan", None, row.fields[name].allowed)
    if row.valid.get("venture_cash") and row.get("consolidated") is not False:
        report.add(
            f"{row.key}.venture_cash",
            "is for a project with consolidated = false; the cash of the others is in treasury.restricted_cash",
            row.number("venture_cash"),
        )
    _check_closing(row, report)


def _check_closing(row: Row, report: Report) -> None:
    """Report a loan that sends more up to the parent at closing than it brings."""
    sent, brought = ("loan_distribution", "loan_repays_parent"), ("loan_principal", "loan_issue_cost")
    if any(name in row.written and name not in row.valid for name in (*sent, *brought)):
        return
    up = sum(row.number(name) or 0.0 for name in sent)
    principal, cost = (row.number(name) or 0.0 for name in brought)
    if up > principal - cost + TOLERANCE:
        written = max(sent, key=lambda name: row.number(name) or 0.0)
        report.add(
            f"{row.key}.{written}",
            f"{' and '.join(sent)} together are {up:.12g}, more than the loan brings "
            f"(loan_principal less loan_issue_cost, {principal - cost:.12g})",
            row.number(written),
        )


def _check_known_months(as_of: date, months: Sequence[Row], report: Report) -> None:
    previous = f"{as_of:%Y-%m}"
    for row in months:
        month = str(row.valid.get("month", ""))
        if not is_month(month):
            if month:
                report.add(f"{row.key}.month", "there is no such month", month, "YYYY-MM, MM from 01 to 12")
            return
        expected = next_month(previous)
        if month != expected:
            report.add(f"{row.key}.month", f"must be {expected}, the month after {previous}", month)
            return
        previous = month


def _check_network(as_of: date, network: Row, report: Report) -> None:
    """Report a halving and machines that cannot be of the market's date."""
    halving = network.day("halving_date")
    if halving is not None and not is_next(halving, as_of):
        message = f"cannot be the next halving after {as_of}; one is expected every four years"
        nearest = str(next_halving(as_of))
        report.add(f"{network.key}.halving_date", message, halving, None, nearest)
    installed, running = network.number("installed_capacity"), network.number("network_hashrate")
    if installed is not None and running is not None and installed < running:
        message = f"is less than runs: network_hashrate is {running:g}"
        report.add(f"{network.key}.installed_capacity", message, installed)


def _check_jumps(tables: Mapping[str, Sequence[Row]], report: Report) -> None:
    """Report a known month that cannot follow the one before: a price or hash rate of another date or unit."""
    last = {
        "price_end": next((row.number("btc_close") for row in tables["price"]), None),
        "hashrate": next((row.number("network_hashrate") for row in tables["network"]), None),
    }
    for row in tables["known_month"]:
        for name, most in LARGEST_JUMP.items():
            value, before = row.number(name), last[name]
            if value is not None and before is not None and not before / most <= value <= before * most:
                message = f"cannot follow the {before:,.6g} before it; is it of this month, and in the unit asked for?"
                report.add(f"{row.key}.{name}", message, value, f"{before / most:,.6g} to {before * most:,.6g}")
                return
            last[name] = value or before


def _by_table(rows: Iterable[Row]) -> defaultdict[str, list[Row]]:
    tables: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        tables[row.table].append(row)
    return tables
