"""Income tax: losses carried forward offset at most 80 % of income (US rules after 2017); paid a month later.

Accrued on the income of the tax year so far: its months are netted, what a later loss takes back is refunded, and only
the loss of a whole year is carried forward. Simplified: what was earned in the tax year before the start is left out,
book depreciation is used for tax, the interest limit of section 163(j) and the loss limit of section 382 are left out.
"""

from corpfin.engine import Constant
from corpfin.lines.constants import DUST_HASHRATE, STEPS_PER_QUARTER

opening_taxable_income_to_date = Constant(
    0.0, "USD m", "Income of the tax year counted from the start of the projection"
)
opening_tax_to_date = Constant(0.0, "USD m", "No income tax accrued when the projection starts")
opening_tax_payable = Constant(0.0, "USD m", "No income tax due when the projection starts")


def opening_tax_losses_brought_forward(opening_tax_losses):
    """Tax losses brought forward at start [USD m]."""
    return opening_tax_losses


def mining_depreciation_charge(mining_ppe_prior, mining_depreciation):
    """Mining depreciation [USD m]. Of mining plant and corporate assets, until nothing is left."""
    return min(mining_ppe_prior, mining_depreciation / STEPS_PER_QUARTER)


def mining_ppe_added(
    growth_paid,
    maintenance_paid,
    cancellable_paid,
    prospect_paid,
    discretionary_paid,
    total_purchase_bought,
    total_fleet_bound_due,
    committed_share,
):
    """Mining capex [USD m].

    Machines new, replaced and on order, land, power and sites bought, as far as paid; and what is paid into buildings
    let later.
    """
    return (
        growth_paid
        + maintenance_paid
        + cancellable_paid
        + prospect_paid
        + discretionary_paid
        + (total_purchase_bought + total_fleet_bound_due) * committed_share
    )


def deposits_written_off(total_fleet_deposit_lost, mining_ppe_prior, mining_depreciation_charge):
    """Deposits written off [USD m]. Lost with cancelled orders, as far as depreciation has left anything."""
    return min(total_fleet_deposit_lost, mining_ppe_prior - mining_depreciation_charge)


def machines_written_off(
    total_debt_hashrate_taken, total_fleet_hashrate, mining_ppe_prior, mining_depreciation_charge, deposits_written_off
):
    """Machines written off [USD m]. Book value of what lenders took, by its share of the hash rate."""
    return (
        (mining_ppe_prior - mining_depreciation_charge - deposits_written_off)
        * min(1, total_debt_hashrate_taken / total_fleet_hashrate)
        if total_fleet_hashrate > DUST_HASHRATE
        else 0
    )


def fleet_book_sold(
    mining_ppe_prior, mining_depreciation_charge, deposits_written_off, machines_written_off, fleet_sale_share
):
    """Book value of fleets sold [USD m]. Mining plant sold in need, pro rata."""
    return (
        mining_ppe_prior - mining_depreciation_charge - deposits_written_off - machines_written_off
    ) * fleet_sale_share


def mining_ppe(
    mining_ppe_prior,
    mining_depreciation_charge,
    deposits_written_off,
    machines_written_off,
    fleet_book_sold,
    mining_ppe_added,
):
    """Mining PP&E [USD m]. Net book value of mining plant, deposits on machines and corporate assets."""
    return (
        mining_ppe_prior
        - mining_depreciation_charge
        - deposits_written_off
        - machines_written_off
        - fleet_book_sold
        + mining_ppe_added
    )


def machine_loss(
    deposits_written_off, machines_written_off, total_debt_settled_with_machines, fleet_book_sold, fleet_sale
):
    """Loss on machines [USD m].

    Deposits lost and machines taken by lenders, less the loans that end with them; fleets sold below book.
    """
    return deposits_written_off + machines_written_off - total_debt_settled_with_machines + fleet_book_sold - fleet_sale


def ebitda(
    mined_value,
    total_fleet_credits,
    services_income,
    prospect_distribution,
    total_hpc_noi,
    total_hpc_site_cost_unpaid,
    operating_cost,
):
    """EBITDA [USD m]. Earnings before interest, tax, depreciation, pay in shares and marks on bitcoin."""
    return (
        mined_value
        + total_fleet_credits
        + services_income
        + prospect_distribution
        + total_hpc_noi
        + total_hpc_site_cost_unpaid
        - operating_cost
    )


def depreciation(mining_depreciation_charge, total_hpc_project_depreciation):
    """Depreciation [USD m]. Of everything."""
    return mining_depreciation_charge + total_hpc_project_depreciation


def interest_expense(
    interest_due, total_debt_pik_interest, total_debt_machine_interest_paid, total_hpc_loan_interest_paid
):
    """Interest expense [USD m]. On corporate debt, what is added to principal included, and in the rings."""
    return interest_due + total_debt_pik_interest + total_debt_machine_interest_paid + total_hpc_loan_interest_paid


def group_interest_income(interest_income, total_hpc_ring_interest_income):
    """Interest income [USD m]. On cash of the parent and of the rings."""
    return interest_income + total_hpc_ring_interest_income


def issue_expense(total_debt_cost_of_issue, notes_fee, total_hpc_loan_cost):
    """Debt issue cost [USD m]. Fees and capped calls of new debt, charged at once."""
    return total_debt_cost_of_issue + notes_fee + total_hpc_loan_cost


def retirement_gain(total_debt_bought_back, buyback_paid, exchanged_face, exchange_paper):
    """Gain on debt retired [USD m]. Notes bought back or exchanged below par; taxable like other income."""
    return total_debt_bought_back - buyback_paid + exchanged_face - exchange_paper


def realised_gain(btc_sale_proceeds, tax_cost_sold):
    """Realised gain on bitcoin [USD m]. Taxable gain on bitcoin sold."""
    return btc_sale_proceeds - tax_cost_sold


def taxable_income(
    ebitda,
    realised_gain,
    compensation_expense,
    depreciation,
    interest_expense,
    group_interest_income,
    issue_expense,
    machine_loss,
    retirement_gain,
    total_hpc_minority_income,
):
    """Taxable income [USD m]. Marks on bitcoin count only when sold, other owners' share of projects is theirs."""
    return (
        ebitda
        + realised_gain
        + group_interest_income
        + retirement_gain
        - compensation_expense
        - depreciation
        - interest_expense
        - issue_expense
        - machine_loss
        - total_hpc_minority_income
    )


def taxable_income_to_date(taxable_income_to_date_prior, tax_year_start, taxable_income):
    """Taxable income, year to date [USD m]. Months of the tax year offset each other without limit."""
    return (0 if tax_year_start else taxable_income_to_date_prior) + taxable_income


def tax_losses_brought_forward(tax_losses_brought_forward_prior, tax_losses_prior, tax_year_start):
    """Tax losses brought forward [USD m]. Carried into the tax year from those before."""
    return tax_losses_prior if tax_year_start else tax_losses_brought_forward_prior


def tax_losses_used(taxable_income_to_date, tax_losses_brought_forward, tax_loss_limit):
    """Tax losses used, year to date [USD m]. Losses of earlier years that offset income of this one."""
    return min(tax_losses_brought_forward, max(0, taxable_income_to_date) * tax_loss_limit)


def tax_losses(tax_losses_brought_forward, taxable_income_to_date, tax_losses_used):
    """Tax losses carried forward [USD m]. What would be carried forward if the tax year ended with the month."""
    return tax_losses_brought_forward + max(0, 0 - taxable_income_to_date) - tax_losses_used


def tax_to_date(taxable_income_to_date, tax_losses_used, tax_rate):
    """Income tax, year to date [USD m]. On the income of the tax year so far."""
    return (max(0, taxable_income_to_date) - tax_losses_used) * tax_rate


def tax(tax_to_date, tax_to_date_prior, tax_year_start):
    """Income tax [USD m]. Of the month; negative when a loss takes back what was accrued earlier in the tax year."""
    return tax_to_date - (0 if tax_year_start else tax_to_date_prior)


def tax_payable(tax):
    """Income tax payable [USD m]. At month end, settled a month later; negative: to be refunded."""
    return tax
