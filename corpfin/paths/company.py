"""What is random in one company: noise of its share, and delay, cost and tenants of its projects.

Stream names carry the ticker and the project's id, so another company or project changes nobody else's draws; a tenant
that rents from several has a stream of its own name.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from corpfin.engine import arrays
from corpfin.inputs.draws import drawn_by
from corpfin.paths.processes import MONTH
from corpfin.paths.streams import BLOCK, Array, Normals, buffers, normals, uniforms

STANCES = ("selling_stance", "cash_stance", "equity_stance", "growth_stance")
"""Draws that are a treasurer's character: they drift slowly."""

OPERATING = ("output_shock", "overhead_shock", "working_capital_shock", "capex_shock")
"""Draws that are the accidents of running the business: they pass within months."""

CHANCES = ("equity_shock", "notes_shock")
"""Draws of which each month is new."""

NEVER_CLOCK = 1e9
"""Cumulated hazard that is never reached: the clock of something that cannot happen."""


@dataclass(frozen=True, slots=True)
class Project:
    """A project as far as chance is concerned.

    ``remaining_months`` [month] is the planned time from the balance-sheet date to full delivery; zero or less when
    nothing is left to be late. ``tenant`` names a party that rents elsewhere too, and fails there in the same month.
    """

    id: str
    remaining_months: float
    tenant: str = ""

    @property
    def building(self) -> bool:
        """Whether it is still under construction."""
        return self.remaining_months > 0


@dataclass(frozen=True, slots=True)
class CompanyRandomness:
    """Parameters of a company's draws; meanings and units as in the [equity] and [factors] tables.

    ``months`` is the horizon M, of which the first ``known`` are history of the market, and of the share as far as its
    price is known; of the first ``disclosed`` of them the company's own doings are known too, so that nothing in them
    differs between paths. A market that is known does not tell what a treasurer does in it.
    ``convexity`` [months after history] is what :meth:`MarketRandomness.convexity` takes from each month's return.
    ``hazards`` says whether tenants can fail and contracts be terminated at all, ``varied`` whether treasurers and
    operations differ between paths.
    """

    months: int
    known: int
    idio_volatility: float
    idio_persistence: float
    slip_on_time: float
    slip_median: float
    slip_sigma: float
    overrun_median: float
    overrun_sigma: float
    gpu_overrun_median: float
    gpu_overrun_sigma: float
    project_correlation: float = 0.0
    policy_persistence: float = 0.0
    operating_persistence: float = 0.0
    share_drift: float = 0.0
    convexity: tuple[float, ...] = ()
    hazards: bool = True
    varied: bool = True
    disclosed: int = 0

    def certain(self) -> CompanyRandomness:
        """The same company without chance: no noise, projects as late and dear as expected, tenants staying."""
        return replace(
            self,
            idio_volatility=0.0,
            convexity=(),
            slip_on_time=0.0,
            slip_median=(1.0 - self.slip_on_time) * _mean(self.slip_median, self.slip_sigma),
            slip_sigma=0.0,
            overrun_median=_mean(self.overrun_median, self.overrun_sigma),
            overrun_sigma=0.0,
            gpu_overrun_median=_mean(self.gpu_overrun_median, self.gpu_overrun_sigma),
            gpu_overrun_sigma=0.0,
            project_correlation=0.0,
            hazards=False,
            varied=False,
        )


def company_draws(
    parameters: CompanyRandomness,
    ticker: str,
    projects: Sequence[Project],
    seed: int,
    block: int,
    out: dict[str, Array] | None = None,
    source: Normals = normals,
) -> dict[str, Array]:
    """One company in the 1,024 paths of a block: name -> float64, C-contiguous, paths innermost.

    - ``idio_return`` [M, 1024]: log return of the share that no factor explains; 0 in known months, after which the
      deviation starts from zero. The log deviation from the price the factors imply is AR(1): a year's volatility
      would otherwise send a sound company's share towards zero over five. Its expected level is 1. ``share_drift`` and
      ``convexity`` are added, so that the undistressed share is expected to grow at its drift whatever its betas.
    - :data:`STANCES`, :data:`OPERATING` and :data:`CHANCES` [M, 1024]: standard normals of persistence
      ``policy_persistence``, ``operating_persistence`` and none a month, drawn in the first month that is not disclosed
      from their long-run spread, so that a company keeps its character along a path; 0 in disclosed months.
    - ``relief`` [M, 1024, USD m]: zero, which only a study of drivers changes.
    - ``slip`` [K, 1024, month]: delay of each of the K projects: none with probability ``slip_on_time``, else a
      lognormal share of the months that remained.
    - ``overrun`` [K, 1024]: actual over guided construction cost, lognormal.
      Builder, crew and supplies are the owner's: the normals of slip and overrun of all its projects share a factor,
      and any two of them correlate by ``project_correlation``.
    - ``gpu_overrun`` [K, 1024]: actual over agreed cost of computers, lognormal.
    - ``tenant_clock`` [K, 1024]: the tenant fails once its cumulated hazard is above this standard exponential number
      (inversion of the survival function: Lando, Review of Derivatives Research 2, 1998). Projects of any company
      whose ``tenant`` has the same name share it.
    - ``exit_clock`` [K, 1024]: the same for termination past the outside date.

    Rows are in the order of ``projects``. ``out`` takes the arrays of an earlier block for reuse, ``source`` may be
    :meth:`Tilt.normals`. ``ValueError`` when they do not fit, or when two projects share an id.
    """
    ids = [project.id for project in projects]
    if len(set(ids)) < len(ids):
        raise ValueError(f"{ticker}: project ids must differ: {', '.join(ids)}")
    rows = {draw.name: len(projects) if draw.static else parameters.months for draw in drawn_by("company")}
    draws = buffers({name: (count, BLOCK) for name, count in rows.items()}, out)
    idio = draws["idio_return"]
    source(seed, f"company/{ticker}/idio", block, idio.shape, idio)
    _revert(idio, parameters)
    draws["relief"][:] = 0.0
    for names, kept in (
        (STANCES, parameters.policy_persistence),
        (OPERATING, parameters.operating_persistence),
        (CHANCES, 0.0),
    ):
        for name in names:
            if parameters.varied:
                stance = draws[name]
                source(seed, f"company/{ticker}/{name.replace('_', '-')}", block, stance.shape, stance)
                _wander(stance, parameters.disclosed, kept)
            else:
                draws[name][:] = 0.0

    common = np.zeros(BLOCK)
    if parameters.project_correlation and projects:
        source(seed, f"company/{ticker}/hpc/{ticker}/building", block, common.shape, common)
        common *= math.sqrt(parameters.project_correlation)
    for k, project in enumerate(projects):
        stream = f"company/{ticker}/hpc/{project.id}"
        slip, overrun, gpu_overrun = (draws[name][k] for name in ("slip", "overrun", "gpu_overrun"))
        source(seed, f"{stream}/slip", block, slip.shape, slip)
        _share(slip, common, parameters.project_correlation)
        _lognormal(slip, max(project.remaining_months, 0.0) * parameters.slip_median, parameters.slip_sigma)
        slip[uniforms(seed, f"{stream}/on-time", block, slip.shape) < parameters.slip_on_time] = 0.0
        source(seed, f"{stream}/overrun", block, overrun.shape, overrun)
        _share(overrun, common, parameters.project_correlation)
        _lognormal(overrun, parameters.overrun_median, parameters.overrun_sigma)
        source(seed, f"{stream}/gpu-overrun", block, gpu_overrun.shape, gpu_overrun)
        _lognormal(gpu_overrun, parameters.gpu_overrun_median, parameters.gpu_overrun_sigma)
        for name, party in (("tenant_clock", f"tenant/{project.tenant}" if project.tenant else stream),
                            ("exit_clock", stream)):  # fmt: skip
            clock = draws[name][k]
            if parameters.hazards:
                uniforms(seed, f"{party}/{name}", block, clock.shape, clock)
                arrays.log(np.subtract(1.0, clock, out=clock), out=clock)  # 1 - u is exact, and u is never 1
                np.negative(clock, out=clock)
            else:
                clock[:] = NEVER_CLOCK
    return draws


def central_company(parameters: CompanyRandomness, ticker: str, projects: Sequence[Project]) -> dict[str, Array]:
    """The company of the projection, a path of its :meth:`certain` parameters.

    What is drawn by month is [M], what belongs to a project [K].
    """
    draws = company_draws(parameters.certain(), ticker, projects, 0, 0)
    return {name: array[:, 0].copy() for name, array in draws.items()}


def _revert(z: Array, parameters: CompanyRandomness) -> None:
    """Turn standard normals [M, P] into the monthly returns of a mean-reverting log deviation, in place."""
    known, kept = parameters.known, parameters.idio_persistence
    step = parameters.idio_volatility * math.sqrt(MONTH)
    z *= step
    z[:known] = 0.0
    for t in range(known + 1, parameters.months):
        z[t] += kept * z[t - 1]
    for t in range(parameters.months - 1, known, -1):
        z[t] -= z[t - 1]
    variance = 0.0
    for t in range(known, parameters.months):
        grown = kept * kept * variance + step * step
        z[t] += (variance - grown) / 2.0
        variance = grown
    z[known:] += parameters.share_drift * MONTH
    for t, correction in enumerate(parameters.convexity, start=known):
        z[t] += correction


def _share(z: Array, common: Array, correlation: float) -> None:
    """Mix a common factor, scaled already, into standard normals, in place; they stay as they are without one."""
    if correlation:
        z *= math.sqrt(1.0 - correlation)
        z += common


def _mean(median: float, sigma: float) -> float:
    """Mean of a lognormal number."""
    return median * math.exp(sigma * sigma / 2.0)


def _wander(z: Array, known: int, kept: float) -> None:
    """Turn standard normals [M, P] into AR(1) ones of unit variance in every month after the ``known``, in place."""
    z[:known] = 0.0
    z[known + 1 :] *= math.sqrt(1.0 - kept * kept)
    for t in range(known + 1, len(z)):
        z[t] += kept * z[t - 1]


def _lognormal(z: Array, median: float, sigma: float) -> None:
    """Turn standard normals into lognormal numbers, in place."""
    z *= sigma
    arrays.exp(z, out=z)
    z *= median
