"""The posterior of parameters whose figures only runs can tell: an emulator proposes, runs decide.

A set of parameters is a point z of a standard normal space that the priors are mapped to. What counts is its misfit q = Σ (residual)², the
residuals in standard deviations of the targets' errors: a set has the weight exp(-q/2) beside its prior. The kernel is the error model
itself, so nothing is approximate but the number of sets (Wilkinson 2013, Stat. Appl. Genet. Mol. Biol. 12(2)).

1. The prior is searched by Sobol' points, a run each.
2. Round after round an emulator is learnt from the runs so far, sets are drawn from the posterior that it believes in (its own error added
   to that of the targets, so that it is bold only where it knows), and run.
3. The sets of the last round get the importance weight exp(p(q'-q)/2), q from the run and q' from the emulator. At p = 1 what the emulator
   believed drops out, and the noise of a run with few rows is averaged over; p = 0 would leave the emulator alone to decide. Where at p = 1
   luck would leave too few sets, p is as large as leaves enough of them: a tolerance, which is told. Weights are cut at √n times their mean
   (Ionides 2008, J. Comput. Graph. Stat. 17(2)).

Draws come from the seed alone: the same answers give the same sets.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from analysis.calibration.emulator import Emulator, learn
from analysis.calibration.targets import Floats, Scale

_LATEST, _NEAREST = 1000, 400
"""An emulator is learnt from the latest runs; and another from those of them that it believes to be nearest, to be exact where it counts."""
_CHAINS, _WARMING, _STEPS, _ADAPTING = 400, 80, 80, 20
_WANTED_ACCEPTANCE, _STEP = 0.3, 0.5
_SMALLEST_STEP, _LARGEST_STEP = 0.05, 0.95
_EDGE = 1e-9
ENOUGH, ENOUGH_SHARE = 100.0, 0.25
"""So many sets worth an equal one are enough, or such a share of those of the last round where that is less."""


@dataclass(frozen=True)
class Plan:
    """How to sample. search: points of the search, a power of two. rounds: of learning, of so many sets. last: sets of the last one."""

    search: int = 512
    rounds: int = 3
    sets: int = 160
    last: int = 640
    seed: int = 1


@dataclass(frozen=True)
class Asked:
    """Runs that the sampler wants: points, shape (runs, parameters), and their seeds. round: 0 is the search."""

    z: Floats
    seeds: tuple[int, ...]
    round: int


@dataclass(frozen=True)
class Round:
    """How a round went: the least misfit of its sets, the median, the effective number of them, and the emulator's mean error."""

    least: float
    median: float
    effective: float
    emulator_error: float


@dataclass(frozen=True)
class Posterior:
    """What a sampler found: the sets of the last round, with weights that sum to one. numbers: of their runs; runs: in all.

    power: how far the runs decided and not the emulator, 1 for wholly.
    """

    z: Floats
    weights: Floats
    misfits: Floats
    power: float
    numbers: range
    runs: int
    rounds: tuple[Round, ...]

    @property
    def effective(self) -> float:
        """The effective number of sets."""
        return effective_size(self.weights)


def sample(levels: tuple[int, ...], scale: Scale, plan: Plan) -> Generator[Asked, Floats, Posterior]:
    """Ask for runs, be told their figures on the scale of the targets, shape (runs, targets), and return the posterior.

    levels: of each parameter, how many values a choice has, 0 for a number. scale: from figures to residuals.
    """
    return (yield from _Sampler(levels, scale, plan).run())


class _Sampler:
    def __init__(self, levels: tuple[int, ...], scale: Scale, plan: Plan) -> None:
        self.levels, self.scale, self.plan = np.asarray(levels), scale, plan
        self.generator = np.random.default_rng(plan.seed)
        self.z, self.figures = np.zeros((0, len(levels))), np.zeros((0, scale.count))
        self.rounds: list[Round] = []

    def run(self) -> Generator[Asked, Floats, Posterior]:
        cube = qmc.Sobol(len(self.levels), seed=self.generator).random(self.plan.search)
        yield from self.ask(ndtri(np.clip(cube, _EDGE, 1.0 - _EDGE)))
        for number in range(self.plan.rounds + 1):
            believed = self.learnt()
            z = self.proposed(believed, self.plan.last if number == self.plan.rounds else self.plan.sets)
            yield from self.ask(z)
            gained, misses = self.gained(z, believed)
            weights = weights_of(gained)
            error = float(believed.errors.mean())
            self.rounds.append(Round(float(misses.min()), float(np.median(misses)), effective_size(weights), error))
        last = range(len(self.z) - len(z), len(self.z))
        power = largest_power(gained, min(ENOUGH, ENOUGH_SHARE * len(z)))
        return Posterior(z, weights_of(power * gained), misses, power, last, len(self.z), tuple(self.rounds))

    def ask(self, z: Floats) -> Generator[Asked, Floats, None]:
        """Have these points run."""
        seeds = tuple(int(seed) for seed in self.generator.integers(0, 2**32, len(z)))
        figures = yield Asked(z, seeds, len(self.rounds) + (len(self.z) > 0))
        self.z, self.figures = np.concatenate([self.z, z]), np.concatenate([self.figures, figures])

    def learnt(self) -> Emulator:
        """An emulator of the runs that are believed to be near. (Chosen by their points, not by their luck, which would be a bias.)"""
        z, figures = self.z[-_LATEST:], self.figures[-_LATEST:]
        rough = learn(self.inputs(z), figures)
        near = np.argsort(self.believed_misfits(z, rough), kind="stable")[:_NEAREST]
        return learn(self.inputs(z[near]), figures[near])

    def inputs(self, z: Floats) -> Floats:
        """What an emulator sees of points: numbers as they are, of a choice its value alone, spread as evenly."""
        levels = np.maximum(self.levels, 1)
        chosen = np.floor(ndtr(z) * levels).clip(0, levels - 1)
        spread = np.sqrt(np.maximum(levels**2 - 1, 1) / 12.0)
        return np.where(self.levels > 0, (chosen - (levels - 1) / 2.0) / spread, z)

    def believed_misfits(self, z: Floats, emulator: Emulator) -> Floats:
        """q' of points: residuals of what the emulator says, with its own error beside that of the targets."""
        return self.scale.misfits(emulator(self.inputs(z)), emulator.errors)

    def gained(self, z: Floats, emulator: Emulator) -> tuple[Floats, Floats]:
        """How much likelier the latest points are by their runs than the emulator believed, (q'-q)/2, and their misfits."""
        misses = self.scale.misfits(self.figures[-len(z) :])
        return 0.5 * (self.believed_misfits(z, emulator) - misses), misses

    def proposed(self, emulator: Emulator, count: int) -> Floats:
        """So many draws from the posterior that an emulator believes in: many chains, warmed up from the prior, a place each.

        A step is z' = m + √(1-b²)(z-m) + b·L·ξ, m and LL' the mean and covariance of the chains, accepted by Metropolis and Hastings
        (Rudolf and Sprungk 2018, Found. Comput. Math. 18).
        """
        chains = max(count, _CHAINS)
        z = self.generator.standard_normal((chains, len(self.levels)))
        misses = self.believed_misfits(z, emulator)
        b = _STEP
        for step in range(_WARMING + _STEPS):
            heat = min(1.0, (step + 1) / _WARMING) ** 2
            if step % _ADAPTING == 0:
                mean, factor = self.gauss(z)
            new = mean + np.sqrt(1.0 - b**2) * (z - mean) + b * self.generator.standard_normal(z.shape) @ factor.T
            missed = self.believed_misfits(new, emulator)
            gained = -0.5 * heat * (missed - misses) + _log_ratio(new, mean, factor) - _log_ratio(z, mean, factor)
            accepted = np.log(self.generator.random(chains)) < gained
            z, misses = np.where(accepted[:, None], new, z), np.where(accepted, missed, misses)
            b = float(np.clip(b * np.exp(0.2 * (accepted.mean() - _WANTED_ACCEPTANCE)), _SMALLEST_STEP, _LARGEST_STEP))
        return z[self.generator.permutation(chains)[:count]]

    def gauss(self, z: Floats) -> tuple[Floats, Floats]:
        """The mean of the chains and a factor of their covariance, which leans towards the prior's as far as they are few."""
        few = len(self.levels) / (len(self.levels) + len(z))
        covariance = (1.0 - few) * np.cov(z, rowvar=False).reshape(z.shape[1], -1) + few * np.eye(z.shape[1])
        return z.mean(axis=0), np.linalg.cholesky(covariance)


def _log_ratio(z: Floats, mean: Floats, factor: Floats) -> Floats:
    """ln of the prior over the Gaussian that the steps keep, up to a constant."""
    standard = np.linalg.solve(factor, (z - mean).T)
    return np.asarray(0.5 * (standard**2).sum(axis=0) - 0.5 * (z**2).sum(axis=1))


def effective_size(weights: Floats) -> float:
    """How many equally weighted draws these are worth: (Σw)²/Σw²."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def weights_of(logs: Floats) -> Floats:
    """Weights that sum to one from their logarithms, none above √n times the mean."""
    weights = np.exp(logs - logs.max())
    weights = np.asarray(np.minimum(weights, np.sqrt(len(weights)) * weights.mean()))
    return weights / weights.sum()


def largest_power(logs: Floats, enough: float) -> float:
    """The largest power up to 1 to which weights can be taken and still be worth enough equal ones."""
    low, high = 0.0, 1.0
    if effective_size(weights_of(logs)) >= enough:
        return 1.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if effective_size(weights_of(middle * logs)) >= enough else (low, middle)
    return low
