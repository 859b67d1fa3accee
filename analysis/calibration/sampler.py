"""The posterior by approximate Bayesian computation: a sequential Monte Carlo sampler whose tolerance falls to the error of the targets.

A set of parameters is a point z of a standard normal space that the priors are mapped to. What counts is its misfit q = Σ (residual)², the
residuals in standard deviations of the targets' errors. At tolerance ε a set has the weight exp(-q/(2ε²)) beside its prior: at ε = 1 the
kernel *is* the error model, so nothing is left to approximate but the number of sets (Wilkinson 2013, Stat. Appl. Genet. Mol. Biol. 12(2)).

1. The prior is searched by Sobol' points, a run each; the third of them that misses least is run in the other worlds too.
2. The tolerance falls so far that the effective sample size drops to a stated share of the sets (Del Moral, Doucet and Jasra 2012, Stat.
   Comput. 22); they are drawn again by weight, and each is moved some times: z' = m + √(1-b²)(z-m) + b·L·ξ, with m and LL' the mean and
   covariance of the sets, accepted by Metropolis and Hastings (a Crank-Nicolson step with the population's own Gaussian: Rudolf and Sprungk
   2018, Found. Comput. Math. 18). A move is a run with a seed of its own, so the noise of few rows is part of what is averaged over.
3. At ε = 1 more moves follow; the populations after the last of them together are the weighted sets.

Whether a move will be accepted hangs on a draw made before its run: so `Asked.limits` says beyond which misfit a run need not go on
(Solonen et al. 2012, Bayesian Anal. 7). Draws come from the seed alone: the same answers give the same sets.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import qmc

from analysis.calibration.targets import Floats

_KEPT_SHARE = 0.6
"""Of the sets that still count after the tolerance has fallen."""
_MOST_STEPS = 60
_WANTED_ACCEPTANCE = 0.25
_SMALLEST_STEP, _LARGEST_STEP = 0.1, 0.95
_EDGE = 1e-9


@dataclass(frozen=True)
class Asked:
    """Runs that the sampler wants: points (runs, parameters), their seeds, and the misfit beyond which each is of no use.

    best: only so many, those that miss least so far, are of use; None for all.
    """

    z: Floats
    seeds: tuple[int, ...]
    limits: Floats
    best: int | None = None


@dataclass
class Sets:
    """Sets of parameters with what their runs came to. z: (sets, parameters); misfits: (sets,); runs: the number of each one's run."""

    z: Floats
    misfits: Floats
    runs: NDArray[np.int64]

    def taken(self, places: NDArray[np.int64]) -> Sets:
        """Those at these places."""
        return Sets(self.z[places].copy(), self.misfits[places].copy(), self.runs[places].copy())


@dataclass
class Posterior:
    """What a sampler found: distinct sets with weights that sum to one; how the tolerance fell and how many moves were accepted.

    runs: in all. Raised instead: EmptyPosteriorError.
    """

    sets: Sets
    weights: Floats
    tolerances: list[float] = field(default_factory=list)
    acceptance: list[float] = field(default_factory=list)
    runs: int = 0

    @property
    def effective(self) -> float:
        """The effective number of sets."""
        return effective_size(self.weights)


class EmptyPosteriorError(Exception):
    """No set comes near the targets: the tolerance stopped at `tolerance`, with the least misfit `least`."""

    def __init__(self, tolerance: float, least: float, runs: NDArray[np.int64]) -> None:
        super().__init__(f"the tolerance stopped at {tolerance:.2g}")
        self.tolerance, self.least, self.runs = tolerance, least, runs


@dataclass(frozen=True)
class Plan:
    """How to sample. search: points of the first population, a power of two; sets: in each later one. moves: after each fall of the
    tolerance; last_moves: at the end, pooled.
    """

    search: int = 512
    sets: int = 192
    moves: int = 1
    last_moves: int = 6
    seed: int = 1


def sample(parameters: int, plan: Plan) -> Generator[Asked, Floats, Posterior]:
    """Ask for runs, be told their misfits (infinite beyond the limit), and return the posterior. Raises EmptyPosteriorError."""
    return (yield from _Sampler(parameters, plan).run())


class _Sampler:
    def __init__(self, parameters: int, plan: Plan) -> None:
        self.parameters, self.plan = parameters, plan
        self.generator = np.random.default_rng(plan.seed)
        self.runs = 0
        self.tolerance = np.inf
        self.scale = 0.5
        self.tolerances: list[float] = []
        self.acceptance: list[float] = []

    def run(self) -> Generator[Asked, Floats, Posterior]:
        sets = yield from self.search()
        while self.tolerance > 1.0:
            sets = self.lower(sets)
            for _ in range(self.plan.moves):
                sets = yield from self.move(sets)
        found = []
        for _ in range(self.plan.last_moves):
            sets = yield from self.move(sets)
            found.append(sets)
        return self.pooled(found)

    def ask(self, z: Floats, limits: Floats, best: int | None = None) -> Generator[Asked, Floats, Sets]:
        """The runs at these points."""
        numbers = np.arange(self.runs, self.runs + len(z))
        self.runs += len(z)
        seeds = tuple(int(seed) for seed in self.generator.integers(0, 2**32, len(z)))
        misfits = yield Asked(z, seeds, limits, best)
        return Sets(z, misfits, numbers)

    def search(self) -> Generator[Asked, Floats, Sets]:
        """The first population: points that fill the prior evenly."""
        cube = qmc.Sobol(self.parameters, seed=self.generator).random(self.plan.search)
        return (yield from self.ask(ndtri(np.clip(cube, _EDGE, 1.0 - _EDGE)), np.full(len(cube), np.inf), best=len(cube) // 3))

    def lower(self, sets: Sets) -> Sets:
        """Let the tolerance fall, and draw as many sets as make a population by their weights."""
        wanted = _KEPT_SHARE * self.plan.sets
        before = 0.0 if np.isinf(self.tolerance) else 1.0 / self.tolerance**2
        power = _largest_power(sets.misfits, before, wanted)
        if len(self.tolerances) >= _MOST_STEPS or power <= before:
            raise EmptyPosteriorError(float(self.tolerance), float(sets.misfits.min()), sets.runs[np.argsort(sets.misfits)])
        self.tolerance = 1.0 if power >= 1.0 else power**-0.5
        self.tolerances.append(float(self.tolerance))
        weights = _weights(sets.misfits, power - before)
        self.gauss(sets.z, weights)
        places = (np.arange(self.plan.sets) + self.generator.random()) / self.plan.sets
        return sets.taken(np.searchsorted(np.cumsum(weights)[:-1], places).astype(np.int64))

    def gauss(self, z: Floats, weights: Floats) -> None:
        """The mean and the covariance of the sets, leaning towards the prior as far as they are few."""
        mean = weights @ z
        away = z - mean
        covariance = (away * weights[:, None]).T @ away
        few = self.parameters / (self.parameters + effective_size(weights))
        self.mean = mean
        self.factor = np.linalg.cholesky((1.0 - few) * covariance + few * np.eye(self.parameters))

    def move(self, sets: Sets) -> Generator[Asked, Floats, Sets]:
        """Move each set once."""
        b = self.scale
        proposed = self.mean + np.sqrt(1.0 - b**2) * (sets.z - self.mean) + b * self.generator.standard_normal(sets.z.shape) @ self.factor.T
        ratio = self.log_ratio(proposed) - self.log_ratio(sets.z)
        luck = np.log(self.generator.random(len(sets.z)))
        limits = sets.misfits + 2.0 * self.tolerance**2 * (ratio - luck)
        new = yield from self.ask(proposed, limits)
        accepted = new.misfits <= limits
        share = float(accepted.mean())
        self.acceptance.append(share)
        self.scale = float(np.clip(b * np.exp(share - _WANTED_ACCEPTANCE), _SMALLEST_STEP, _LARGEST_STEP))
        return Sets(
            np.where(accepted[:, None], new.z, sets.z),
            np.where(accepted, new.misfits, sets.misfits),
            np.where(accepted, new.runs, sets.runs),
        )

    def log_ratio(self, z: Floats) -> Floats:
        """ln of the prior over the Gaussian that the moves keep, up to a constant."""
        standard = np.linalg.solve(self.factor, (z - self.mean).T)
        return np.asarray(0.5 * (standard**2).sum(axis=0) - 0.5 * (z**2).sum(axis=1))

    def pooled(self, populations: list[Sets]) -> Posterior:
        """The distinct sets of some populations, each weighted by how often it stands in them."""
        runs = np.concatenate([one.runs for one in populations])
        _, first, counts = np.unique(runs, return_index=True, return_counts=True)
        z, misfits = (np.concatenate([getattr(one, name) for one in populations]) for name in ("z", "misfits"))
        sets = Sets(z[first], misfits[first], runs[first])
        return Posterior(sets, counts / counts.sum(), self.tolerances, self.acceptance, self.runs)


def effective_size(weights: Floats) -> float:
    """How many equally weighted draws these are worth: (Σw)²/Σw²."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def _weights(misfits: Floats, power: float) -> Floats:
    """exp(-power·q/2), summing to one; zero where the misfit is infinite."""
    logs = -0.5 * power * (misfits - misfits.min())
    weights = np.where(np.isfinite(misfits), np.exp(logs), 0.0)
    return np.asarray(weights / weights.sum())


def _largest_power(misfits: Floats, before: float, wanted: float) -> float:
    """The largest 1/ε² up to 1 at which the sets still count for so many; `before` where even the next to nothing is too far."""
    if not np.isfinite(misfits).any():
        return before
    if effective_size(_weights(misfits, 1.0 - before)) >= wanted:
        return 1.0
    low, high = 0.0, 1.0 - before
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if effective_size(_weights(misfits, middle)) >= wanted else (low, middle)
    return before + low
