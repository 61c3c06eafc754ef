"""The funding gap from below: what leased megawatts still need, less what is there or signed, beside what VanEck says.

VanEck's report of 17 June 2026 is known from summaries alone: a near gap of 50 bn, needs of 221 bn in the end, a
quarter of what is leased delivered, 27 GW of power in all, 21.1 bn for IREN. Whether escrow, signed loans and
prepayments are netted is not said; what cannot be reconciled stays a remainder with a name.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from corpfin.engine import Values
from corpfin.runs.together import Sector

NEAR, LONG, IREN, DELIVERED, POWER = 50_000.0, 221_000.0, 21_100.0, 0.25, 27_000.0
"""VanEck: near gap, long need and IREN's gap [USD m], share delivered [1], power of all sites [MW at the meter]."""

OWN_DELIVERED = (0.11, 0.18)
"""The same share by a count of company disclosures."""

GROSS_RATIO, CAPEX_PER_MW = 1.40, 11.0
"""Power at the meter over let power [1], cost of a let megawatt [USD m], where no company states its own."""


def gap_table(sector: Sector, values: list[Values]) -> pd.DataFrame:
    """What each company still needs at the start, on the central path [USD m, MW], and the sum of all, ``sector``."""
    rows = {}
    for case, found in zip(sector.cases, values[1:-1], strict=True):
        hpc = {
            name: found["hpc", name][:, 0].sum() if found["hpc", name].size else 0.0
            for name in ("left_to_build", "ring_cash", "signed_left", "delivered_mw")
        }
        undrawn = found["debt", "undrawn"][:, 0].sum() if found["debt", "undrawn"].size else 0.0
        leased = case.data.openings.get("hpc", {}).get("leased_mw", np.zeros(0)).sum()
        net = max(0.0, hpc["left_to_build"] - hpc["ring_cash"] - hpc["signed_left"] - undrawn)
        rows[case.label] = {
            "leased_mw": leased,
            "delivered_mw": hpc["delivered_mw"],
            "left_to_build": hpc["left_to_build"],
            "escrowed": hpc["ring_cash"],
            "signed_to_come": hpc["signed_left"] + undrawn,
            "gap_after_signed": net,
            "liquidity": found["liquidity"][0],
        }
    table = pd.DataFrame(rows).T.astype(float).rename_axis("company")
    table.loc["sector"] = table.sum()
    return table


def bridge(table: pd.DataFrame) -> pd.DataFrame:
    """From the gap of the model to VanEck's 50 and 221 bn and to IREN's 21.1: steps that add up, with grades."""
    own = table.loc["sector"]
    spare = own["left_to_build"] - own["escrowed"] - own["signed_to_come"] - own["gap_after_signed"]
    rows = [
        ("near", "gap of what is leased, net", own["gap_after_signed"], "model"),
        ("near", "more than they need, held by single companies", spare, "model"),
        ("near", "escrow that is not taken off", own["escrowed"], "model"),
        ("near", "signed loans and prepayments that are not taken off", own["signed_to_come"], "model"),
        ("near", "liquidity of all, which a gap would take off", -own["liquidity"], "model"),
    ]
    if "IREN" in table.index:
        iren = table.loc["IREN"]
        beyond = IREN - (iren["left_to_build"] - iren["liquidity"])
        rows.append(("near", "IREN beyond what it has let: 21.1 bn less own cost and liquidity", beyond, "derived"))
        rows += [
            ("iren", "build cost left of what is let", iren["left_to_build"], "model"),
            ("iren", "liquidity", -iren["liquidity"], "model"),
            ("iren", "remainder: sites not let", beyond, "remainder"),
            ("iren", "VanEck's figure for IREN", IREN, "reported"),
        ]
    near = sum(row[2] for row in rows if row[0] == "near")
    rows += [
        (
            "near",
            "remainder: companies, plans and prices that VanEck does not publish",
            NEAR - near,
            "remainder",
        ),
        ("near", "VanEck's near gap", NEAR, "reported"),
    ]
    unlet = POWER / GROSS_RATIO - own["leased_mw"]
    rows += [
        ("long", "build cost left of what is let", own["left_to_build"], "model"),
        ("long", f"sites not let: {unlet:,.0f} MW at {CAPEX_PER_MW:g} m", unlet * CAPEX_PER_MW, "estimated"),
        (
            "long",
            "remainder: computers, and what let megawatts cost elsewhere",
            LONG - own["left_to_build"] - unlet * CAPEX_PER_MW,
            "remainder",
        ),
        ("long", "VanEck's long need", LONG, "reported"),
    ]
    order = {"near": 0, "long": 1, "iren": 2}
    rows.sort(key=lambda row: order[row[0]])
    return pd.DataFrame(rows, columns=["to", "step", "usd_m", "grade"]).set_index("to")
