"""A company without its move to AI, and what it owns and owes on the first day.

**Without the transition** the company has no HPC project: it mines on, keeps the megawatts, owes no project loan and
builds nothing. The opening balance is made consistent so that nobody gains by the removal:

- money lent or prepaid for a project goes back as far as it is there: for each project the escrow that stands against
  its loan and its tenant's advance, or what both exceed construction spent by, whichever is more (the rest of the money
  may lie in unrestricted cash), and never more than both;
- it comes out of the restricted cash first, that of ventures at equity among it, then out of the unrestricted; what
  neither can cover is noted as ``unmet`` and forgiven with the loan. Restricted cash that is left stays restricted;
- what lenders and tenants paid of the buildings is gone together with the loan and the advance; what owners paid, the
  company and its partners, stays spent;
- a loan that closes after the balance-sheet date is not drawn, an advance due after it is not received, and a debt of
  the parent that such a loan would have repaid in the same month stays due at its maturity;
- a fleet guided to shrink keeps its hash rate: its megawatts are not wanted for anything else;
- of what is known of the months since, cash, delivery and capital expenditure are left out: they are those of the
  company that builds.

The first day's net worth, owners' money in buildings left out on both sides, is then the same with and without, but
for what is unmet: see :class:`Balance`.

Corporate notes, warrants, purchases and share sales stay: they have happened, whatever they were meant for.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from corpfin.engine import Openings, openings
from corpfin.inputs import Company
from corpfin.inputs.documents import Key
from corpfin.inputs.rows import Row
from corpfin.inputs.schema import Value
from corpfin.runs.cases import CompanyCase, MarketCase, prepare_company
from corpfin.runs.graphs import company_graph, market_graph
from corpfin.runs.months import month_number

BUILDING = ("cash", "capex", "delivered_mw")
"""What is known of months of a company that would have been another one without its transition."""


@dataclass(frozen=True)
class Balance:
    """An opening balance at book [USD m]: debts at principal, bitcoin at the opening price, projects in full.

    ``lent_buildings`` is construction at cost as far as lenders and tenants paid for it: what they gave less the escrow
    that is left, at most all that is built. Owners' money in buildings is left out.
    """

    cash: float
    restricted_cash: float
    btc: float
    lent_buildings: float
    corporate_debt: float
    project_loans: float
    prepaid_rent: float

    @property
    def net_worth(self) -> float:
        """What is owned, owners' money in buildings left out, less what is owed [USD m]."""
        owned = self.cash + self.restricted_cash + self.btc + self.lent_buildings
        return owned - self.corporate_debt - self.project_loans - self.prepaid_rent


BALANCE = {
    "cash": "Cash",
    "restricted_cash": "Restricted cash",
    "btc": "Bitcoin",
    "lent_buildings": "Buildings paid by lenders and tenants",
    "corporate_debt": "Corporate debt",
    "project_loans": "Project loans",
    "prepaid_rent": "Prepaid rent",
    "net_worth": "Net worth without owners' buildings",
}
"""The opening balance, line by line."""


@dataclass(frozen=True)
class Counterfactual:
    """A company without its transition; ``returned`` and ``unmet`` as in the module's rule [USD m]."""

    company: Company
    returned: float
    unmet: float


def without_transition(company: Company, market_case: MarketCase) -> Counterfactual:
    """The company without its transition, by the rule at the head of this module."""
    before = _opening(prepare_company(company, market_case), market_case)
    taken = before["hpc", "opening_loan_balance"] + before["hpc", "opening_tenant_prepayment"]
    escrow, spent = before["hpc", "opening_ring_cash"], before["hpc", "opening_construction_spent"]
    returned = float(np.maximum(np.minimum(escrow, taken), taken - spent).sum())
    treasury, restricted = company.tables.treasury, _restricted(company)
    from_rings = min(returned, restricted)
    from_cash = min(returned - from_rings, treasury.cash)
    values: dict[Key, Value] = {
        ("treasury", None, "cash"): treasury.cash - from_cash,
        ("treasury", None, "restricted_cash"): restricted - from_rings,
    }
    closings = {
        month_number(row.loan_issue_date, company.as_of)
        for row in company.tables.hpc
        if row.loan_issue_date is not None and row.loan_repays_parent
    }
    for debt in company.tables.debt:
        if debt.maturity is None or debt.repaid_date is None:
            continue  # without a maturity the known repayment is the only date there is
        if month_number(debt.repaid_date, company.as_of) in closings:
            values["debt", debt.id, "repaid_date"] = date.max  # never: a figure cannot be taken out, only changed
    for fleet in company.tables.fleet:
        if fleet.target_date is not None and (fleet.target_hashrate or 0.0) < fleet.hashrate:
            values["fleet", fleet.id, "target_hashrate"] = fleet.hashrate
    kept = company.changed(values)
    rows = tuple(_not_building(row) for row in kept.rows if row.table != "hpc")
    tables = kept.tables.model_copy(update={"hpc": []})
    without = replace(kept, rows=rows, tables=tables, origin=None)
    return Counterfactual(without, returned, returned - from_rings - from_cash)


def _not_building(row: Row) -> Row:
    """A row without what is known of a company that builds."""
    if row.table != "known_month":
        return row
    written, valid = (
        {name: value for name, value in found.items() if name not in BUILDING} for found in (row.written, row.valid)
    )
    return replace(row, written=written, valid=valid)


def balance(case: CompanyCase, market_case: MarketCase) -> Balance:
    """The opening balance of a case."""
    before = _opening(case, market_case)
    loans, prepaid = before["hpc", "opening_loan_balance"], before["hpc", "opening_tenant_prepayment"]
    escrow, spent = before["hpc", "opening_ring_cash"], before["hpc", "opening_construction_spent"]
    lent = np.minimum(spent, np.maximum(0.0, loans + prepaid - escrow))
    treasury = case.company.tables.treasury
    return Balance(
        cash=treasury.cash,
        restricted_cash=_restricted(case.company),
        btc=float(before["opening_btc_value"]),
        lent_buildings=float(lent.sum()),
        corporate_debt=float(before["debt", "opening_balance"].sum()),
        project_loans=float(loans.sum()),
        prepaid_rent=float(prepaid.sum()),
    )


def _restricted(company: Company) -> float:
    """Restricted cash and that of projects which are not consolidated [USD m]."""
    own = (company.values["hpc", id, "venture_cash"] for id in company.unconsolidated)
    return company.tables.treasury.restricted_cash + sum(value for value in own if isinstance(value, float))


def _opening(case: CompanyCase, market_case: MarketCase) -> Openings:
    return openings(company_graph(), case.data, openings(market_graph(), market_case.data))
