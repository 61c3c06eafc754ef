"""Randomness: price processes, factors, company draws and the named counter-based streams they come from."""

from corpfin.paths.company import NEVER_CLOCK, CompanyRandomness, Project, central_company, company_draws
from corpfin.paths.market import MarketRandomness, central_market, market_draws
from corpfin.paths.processes import Bootstrap, Lognormal, Merton, PriceProcess, TwoRegime
from corpfin.paths.shocks import DrawShock, apply
from corpfin.paths.streams import BLOCK, locate, normals, uniforms
from corpfin.paths.tilt import Tilt

__all__ = [
    "BLOCK",
    "NEVER_CLOCK",
    "Bootstrap",
    "CompanyRandomness",
    "DrawShock",
    "Lognormal",
    "MarketRandomness",
    "Merton",
    "PriceProcess",
    "Project",
    "Tilt",
    "TwoRegime",
    "apply",
    "central_company",
    "central_market",
    "company_draws",
    "locate",
    "market_draws",
    "normals",
    "uniforms",
]
