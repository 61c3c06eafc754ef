"""The treasurer's policy of the month: the company's own, and how far this path's treasurer stands from it.

Treasurers differ more than markets do: in observed quarters they sold between none and nine tenths of the bitcoin they
held and kept between a month and years of cost in cash. A policy is a centre, the company's own, and a spread, the
sector's; a stance says how many spreads a path is from the centre. It is drawn once and drifts slowly, so that a
company keeps its character. On the central path every stance is 0. The pace of spending stands here too, as all
projects read it.
"""

from corpfin.engine import exp, norm_cdf
from corpfin.lines.constants import FUNDING_LEAD, STEP, STEPS_PER_QUARTER, STEPS_PER_YEAR


def months_kept(minimum_cash_months, cash_spread, cash_stance):
    """Months of cost kept [month]. In cash, before funding is sought."""
    return minimum_cash_months * exp(cash_spread * cash_stance)


def lead(funding_lead, lead_spread, cash_stance):
    """Funding lead [month]. How far ahead money is raised: who keeps more cash also raises it earlier."""
    return max(STEP, min(FUNDING_LEAD, funding_lead + lead_spread * cash_stance))


def production_share(production_sold, production_spread, selling_stance):
    """Share of production sold [1]. As it is mined."""
    return max(0, min(1, production_sold + production_spread * selling_stance))


def holdings_share(holdings_sold, selling_spread, selling_stance):
    """Share of free bitcoin sold [1]. In the month, by choice: to build, or because the view on price has changed."""
    return holdings_sold * exp(selling_spread * selling_stance) / STEPS_PER_QUARTER


def mix(source_mix, mix_spread, equity_stance):
    """Share asked of the later source [1].

    Of what bitcoin and shares must meet, what is first asked of the one that ranks later: treasurers mix the two.
    """
    return max(0, min(1, source_mix + mix_spread * equity_stance))


def buyback_share(buyback_spread, selling_stance):
    """Share of notes below par bought back [1].

    In the month, where next year's needs leave the coins: who sells readily also retires notes with what he sells. It
    is rare: within one spread of the centre nobody does.
    """
    return max(0, buyback_spread * (selling_stance - 1)) / STEPS_PER_QUARTER


def prepayment_share(prepayment_spread, prepayment_fall, selling_stance, btc_close_prior, btc_high_prior):
    """Share of loans on bitcoin prepaid [1].

    In the month, of what was lent, once bitcoin is well below its recent high as of last month end: who sells readily
    then takes debt off his coins, with coins. On the central path nobody does.
    """
    return (
        max(0, prepayment_spread * selling_stance) / STEPS_PER_QUARTER
        if btc_close_prior < (1 - prepayment_fall) * btc_high_prior
        else 0
    )


def appetite(growth_spread, growth_stance):
    """Appetite for growth [1]. 1 at the centre; who has none spends and borrows nothing beyond what he must."""
    return max(0, 1 + growth_spread * growth_stance)


def growth_rate(growth_appetite, appetite):
    """Discretionary capex rate [1]. Of the month, over market value: power, land and machines no contract asks for."""
    return growth_appetite * appetite / STEPS_PER_YEAR


def spending_pace(capex_spread, capex_shock):
    """Pace of spending [1].

    Capital expenditure of the month over the plan, which it is on average: bills come in lumps, before it or after.
    """
    return 1 + capex_spread * (norm_cdf(capex_shock) - norm_cdf(0 - capex_shock))
