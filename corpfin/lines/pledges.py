"""Pledged coins as a source of cash: what they would bring beyond the loans on them.

A lender on bitcoin lets the borrower sell collateral as long as the loan-to-value does not rise: of what coins bring it
takes its loan-to-value, the borrower keeps the rest. No lender of the files publishes the term; that coins are let go
against repayment is seen (Cango, February 2026: 4,451 of them), that the rest may pay other bills is an estimate.

A treasurer may also prepay the loan by choice: then all that the coins sold for it bring goes to the lender.
"""

from corpfin.lines.constants import DUST, USD_PER_MILLION

EACH = "debt"


def topped_up(margin_call_btc, margin_btc_share):
    """Collateral added [BTC]. Bitcoin added to the collateral on a margin call."""
    return margin_call_btc * margin_btc_share


def collateral_called(collateral_prior, topped_up):
    """Collateral after bitcoin added [BTC]. Before anything is given back or sold."""
    return collateral_prior + topped_up


def prepaid(prepayment_sought, prepaid_share):
    """Loan prepaid with its collateral [USD m]. By choice."""
    return prepayment_sought * prepaid_share


def prepaid_btc(prepayment_btc, prepaid_share):
    """Collateral sold to prepay [BTC]. Let go by the lender against the repayment."""
    return prepayment_btc * prepaid_share


def loan_on_collateral(exposure, secured_due):
    """Loan on the collateral [USD m]. Owed once the month's bills are paid, and what a matured loan takes from it."""
    return exposure + secured_due


def collateral_surplus(collateral_called, btc_close, loan_on_collateral):
    """Collateral beyond the loan [USD m]. At the month-end price; below 0 where the loan-to-value is above 1."""
    return collateral_called * btc_close / USD_PER_MILLION - loan_on_collateral


def collateral_equity(collateral_surplus):
    """Equity in collateral [USD m]. What the company keeps when all of it is sold: none above a loan-to-value of 1."""
    return collateral_surplus if collateral_surplus > DUST else 0


def saleable_collateral(collateral_called, prepaid_btc, collateral_surplus):
    """Collateral that can be sold [BTC]. Of loans with a loan-to-value below 1, after what is sold to prepay them."""
    return collateral_called - prepaid_btc if collateral_surplus > DUST else 0


def saleable_loan(loan_on_collateral, prepaid, collateral_surplus):
    """Loan on collateral that can be sold [USD m]. It is repaid in step with the sale."""
    return loan_on_collateral - prepaid if collateral_surplus > DUST else 0
