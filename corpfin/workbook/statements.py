"""The statements as an analyst prints them, by month and by period, taken apart from the lines of the model."""

from __future__ import annotations

from dataclasses import dataclass

from corpfin.workbook.accounts import Term, terms
from corpfin.workbook.book import Book
from corpfin.workbook.periods import Block, Item, Monthly, Periods, lay_out_periods
from corpfin.workbook.wiring import Wiring

STATEMENTS = "Financials"
REVENUES = ("mined_value", "total_hpc_revenue", "services_income")
OPERATING = ("operating_receipts",)
FINANCING = ("debt_cash_flow", "loan_cash_flow", "share_cash_flow", "minority_cash_flow")


@dataclass(frozen=True)
class Flows:
    """The rows of the cash flow statement by month: what came and went, its total."""

    moves: tuple[tuple[Term, Item], ...]
    net: Item


def lay_out_statements(book: Book, wiring: Wiring, monthly: Monthly, periods: Periods) -> Flows:
    """Add income, cash flow and balance sheet, by month and by year and quarter."""
    made = _Statements(wiring, monthly)
    income, share = made.income()
    cash, flows = made.cash_flow()
    blocks = (income, share, *cash, *made.balance_sheet())
    lay_out_periods(monthly, periods, STATEMENTS, "Income, cash flow and balance sheet", blocks)
    return flows


class _Statements:
    def __init__(self, wiring: Wiring, monthly: Monthly) -> None:
        self.wiring, self.monthly = wiring, monthly

    def there(self, name: str) -> bool:
        return self.wiring.row(name) in self.monthly.book.homes

    def links(self, section: str, found: list[Term]) -> list[Item]:
        return [self.monthly.link(section, term.datum, term.sign) for term in found]

    def income(self) -> tuple[Block, Block]:
        """Revenue by business, what it costs to run, earnings down to net income; per share."""
        monthly, wiring, section = self.monthly, self.wiring, "income"
        monthly.head("Income statement")
        revenues = [monthly.link(section, wiring.row(name)) for name in REVENUES if self.there(name)]
        revenue = monthly.total(section, "Revenue", revenues)
        taken = {*REVENUES, "total_hpc_noi"}
        costs = []
        if self.there("total_hpc_noi"):
            note = "what projects and hosting computers cost to run"
            noi, rent = wiring.row("total_hpc_noi"), wiring.row("total_hpc_revenue")
            costs.append(monthly.difference(section, "HPC operating cost", noi, rent, note))
        found = [term for term in terms(wiring, wiring.row("ebitda"), ("operating_cost",)) if term.name not in taken]
        costs += self.links(section, found)
        ebitda = monthly.total(section, "EBITDA", [revenue, *costs])
        below = [term for term in terms(wiring, wiring.row("net_income")) if term.name != "ebitda"]
        others = self.links(section, below)
        income = monthly.total(section, "Net income", [ebitda, *others])
        monthly.head("Per share", minor=True)
        shares = monthly.link("per share", wiring.row("shares"), how="mean", label="Shares outstanding, mean")
        each = Item("per share", "Net income per share", "USD/share", "over mean shares", "per",
                    income.values / shares.values, (income, shares))  # fmt: skip
        monthly.quotient(each)
        gaps = (
            monthly.tie("Statements: revenue", revenue, wiring.row("group_revenue")),
            monthly.tie("Statements: EBITDA", ebitda, wiring.row("ebitda")),
            monthly.tie("Statements: net income", income, wiring.row("net_income")),
        )
        assert len(gaps) == len(monthly.checks)
        items = (*revenues, revenue, *costs, ebitda, *others, income)
        return Block("Income statement", items), Block("Per share", (shares, each))

    def cash_flow(self) -> tuple[list[Block], Flows]:
        """Cash flow by activity, each taken apart, down to the change of all cash."""
        monthly, wiring, section = self.monthly, self.wiring, "cash flow"
        monthly.head("Cash flow statement")
        blocks, moves, totals = [], [], []
        for part in terms(wiring, wiring.row("net_cash_flow")):
            if not part.name.endswith("_cash_flow"):
                item = monthly.link(section, part.datum, part.sign)
                totals.append(item)
                moves.append((part, item))
                blocks.append(Block("Other", (item,)))
                continue
            found = list(terms(wiring, part.datum, (*OPERATING, *FINANCING)))
            rows = self.links(section, found)
            total = monthly.total(section, wiring.describe(part.datum)[0], rows)
            monthly.tie(f"Statements: {wiring.describe(part.datum)[0].lower()}", total, part.datum)
            totals.append(total)
            moves += zip(found, rows, strict=True)
            blocks.append(Block(total.label, (*rows, total)))
        net = monthly.total(section, "Net cash flow", totals)
        monthly.tie("Statements: net cash flow", net, wiring.row("net_cash_flow"))
        return [*blocks, Block("Change of cash", (net,))], Flows(tuple(moves), net)

    def balance_sheet(self) -> list[Block]:
        """Assets, liabilities and equity at the end, and equity carried forward from income."""
        monthly, wiring, section = self.monthly, self.wiring, "balance sheet"
        monthly.head("Balance sheet")
        blocks, sums = [], []
        for name, label in (("assets", "Total assets"), ("liabilities", "Total liabilities")):
            found = list(terms(wiring, wiring.row(name), ("corporate_debt",)))
            rows = [monthly.link(section, term.datum, term.sign, "last") for term in found]
            total = monthly.total(section, label, rows, how="last")
            monthly.tie(f"Statements: {label.lower()}", total, wiring.row(name))
            sums.append(total)
            blocks.append(Block(label.removeprefix("Total ").capitalize(), (*rows, total)))
        equity = wiring.row("book_equity")
        monthly.head("Equity carried forward", minor=True)
        moves = [(term.sign, term.datum) for term in terms(wiring, equity) if not term.lag]
        first, rows, last = monthly.corkscrew("equity", equity, moves, monthly.opening(equity))
        both = monthly.total(section, "Liabilities and equity", [sums[1], last], how="last")
        monthly.balance("Statements: assets are liabilities and equity", sums[0], both)
        blocks.append(Block("Equity carried forward", (first, *rows, last, both)))
        return blocks
