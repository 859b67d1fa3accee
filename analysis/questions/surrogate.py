"""A smooth guess of a probability over one or two settings, from runs that only say yes or no, and how sure it is.

A latent height f is a Gaussian process and P(yes) = Φ(f). Its covariance is a constant, a slope along each axis and a Matérn 5/2, whose
height and lengths are those most probable under wide priors. The posterior is that of expectation propagation (Rasmussen and Williams
2006, *Gaussian Processes for Machine Learning*, section 3.6), all sites at once: Laplace's approximation, which is simpler, does not learn
from an answer that was expected, and so never becomes sure. Known limit: a jump within less than a grid step comes out too smooth.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.optimize import minimize
from scipy.special import log_ndtr

Array = NDArray[np.float64]

_COMMON_SD, _SLOPE_SD = 2.0, 8.0
"""Prior spread of the height that all settings share, and of its rise along an axis: from hardly any to a jump within a tenth of it."""
_LN_HEIGHT, _LN_HEIGHT_SD = 0.0, 0.5
_LN_LENGTH, _LN_LENGTH_SD = np.log(0.5), 0.4
"""Priors of the waves on top: heights of a third to three, lengths of a fifth to all of an axis."""
_ROUNDS, _DAMPING, _SETTLED = 60, 0.8, 1e-3
_JITTER = 1e-8


@dataclass(frozen=True)
class Posterior:
    """What runs at `x` (runs x axes, each axis from 0 to 1) say about f anywhere.

    wave: ln of height and of the length of each axis. pull: weight of each run in the mean. root_weight: square root of the precision of
    its site. lower: Cholesky factor of I + S^½ K S^½. evidence: log posterior of the waves, up to a constant. fitted: to how many runs the
    waves were fitted.
    """

    x: Array
    wave: Array
    pull: Array
    root_weight: Array
    lower: Array
    evidence: float
    fitted: int

    def mean(self, at: Array) -> Array:
        """Posterior mean of f at these points."""
        return np.asarray(covariance(at, self.x, self.wave) @ self.pull)

    def explained(self, at: Array) -> Array:
        """V such that the posterior covariance of two points is their prior one minus the product of their columns of V."""
        shared = self.root_weight[:, None] * covariance(self.x, at, self.wave)
        return np.asarray(solve_triangular(self.lower, shared, lower=True))

    def variance(self, at: Array) -> Array:
        """Posterior variance of f at these points."""
        prior = _COMMON_SD**2 + _SLOPE_SD**2 * ((at - 0.5) ** 2).sum(axis=1) + np.exp(2.0 * self.wave[0])
        return np.asarray(np.maximum(prior - (self.explained(at) ** 2).sum(axis=0), 0.0))


def covariance(one: Array, other: Array, wave: Array) -> Array:
    """Prior covariance of f between two sets of points: a constant, a slope along each axis and a Matérn 5/2."""
    scaled = (one[:, None, :] - other[None, :, :]) / np.exp(wave[1:])
    distance = np.sqrt(5.0 * (scaled**2).sum(axis=2))
    trend = _COMMON_SD**2 + _SLOPE_SD**2 * ((one - 0.5) @ (other - 0.5).T)
    return np.asarray(trend + np.exp(2.0 * wave[0]) * (1.0 + distance + distance**2 / 3.0) * np.exp(-distance))


def fit(x: Array, yes: NDArray[np.bool_], before: Posterior | None = None) -> Posterior:
    """The posterior after runs at `x` that said yes or no. before: an earlier one, from whose waves to look for better."""
    sign = np.where(yes, 1.0, -1.0)
    guess = _usual(x.shape[1]) if before is None else before.wave
    simplex = np.vstack([guess, guess + 0.4 * np.eye(len(guess))])
    options = {"xatol": 0.1, "fatol": 0.05, "initial_simplex": simplex}
    found = minimize(lambda wave: -posterior(x, sign, wave).evidence, guess, method="Nelder-Mead", options=options)
    return posterior(x, sign, found.x)


def refit(x: Array, yes: NDArray[np.bool_], before: Posterior) -> Posterior:
    """The posterior after more runs, with the waves of the one before."""
    return replace(posterior(x, np.where(yes, 1.0, -1.0), before.wave), fitted=before.fitted)


def _usual(axes: int) -> Array:
    return np.array([_LN_HEIGHT] + [_LN_LENGTH] * axes)


def posterior(x: Array, sign: Array, wave: Array) -> Posterior:
    """The posterior with these waves; sign: 1 for yes, -1 for no."""
    prior = covariance(x, x, wave) + _JITTER * np.eye(len(x))
    weight, push = np.zeros(len(x)), np.zeros(len(x))
    for _ in range(_ROUNDS):
        root, lower, mean, spread = _marginals(prior, weight, push)
        free = 1.0 / np.diag(spread) - weight
        there = (mean / np.diag(spread) - push) / free
        z, ratio = _tilt(sign, there, free)
        shrunk = 1.0 / free - ratio * (z + ratio) / (free**2 + free)
        moved = there + sign * ratio / np.sqrt(free**2 + free)
        step_weight = np.maximum(1.0 / shrunk - free, 1e-12) - weight
        step_push = moved / shrunk - there * free - push
        weight, push = weight + _DAMPING * step_weight, push + _DAMPING * step_push
        if np.abs(step_weight).max() + np.abs(step_push).max() < _SETTLED:
            break
    root, lower, mean, spread = _marginals(prior, weight, push)
    pull = push - root * cho_solve((lower, True), root * (prior @ push))
    evidence = _log_evidence(sign, weight, push, lower, mean, spread)
    offsets = (wave - _usual(x.shape[1])) / np.array([_LN_HEIGHT_SD] + [_LN_LENGTH_SD] * x.shape[1])
    return Posterior(x, wave, pull, root, lower, evidence - 0.5 * float((offsets**2).sum()), len(x))


def _marginals(prior: Array, weight: Array, push: Array) -> tuple[Array, Array, Array, Array]:
    """Root of the weights, Cholesky factor, posterior mean and covariance at the runs."""
    root = np.sqrt(weight)
    lower = np.asarray(cholesky(np.eye(len(weight)) + root[:, None] * prior * root[None, :], lower=True))
    half = solve_triangular(lower, root[:, None] * prior, lower=True)
    spread = prior - half.T @ half
    return root, lower, spread @ push, spread


def _tilt(sign: Array, there: Array, free: Array) -> tuple[Array, Array]:
    """z and φ(z)/Φ(z) of each run under the others' mean `there` and precision `free`."""
    z = sign * there / np.sqrt(1.0 + 1.0 / free)
    return z, np.exp(-0.5 * z**2 - 0.5 * np.log(2.0 * np.pi) - log_ndtr(z))


def _log_evidence(sign: Array, weight: Array, push: Array, lower: Array, mean: Array, spread: Array) -> float:
    """Log marginal likelihood of the answers (equations 3.65, 3.73 and 3.74 there)."""
    free = 1.0 / np.diag(spread) - weight
    there = (mean / np.diag(spread) - push) / free
    z, _ = _tilt(sign, there, free)
    both = free + weight
    fits = 0.5 * float(push @ spread @ push - (push**2 / both).sum())
    fits += 0.5 * float((there * free / both * (weight * there - 2.0 * push)).sum())
    return float(log_ndtr(z).sum() + 0.5 * np.log1p(weight / free).sum() - np.log(np.diag(lower)).sum()) + fits


def expected_gain(mean: float, variance: float) -> float:
    """By how much the variance of f at a point is expected to fall with one more run there."""
    z = np.array([1.0, -1.0]) * mean / np.sqrt(1.0 + variance)
    ratio = np.exp(-0.5 * z**2 - 0.5 * np.log(2.0 * np.pi) - log_ndtr(z))
    return float((np.exp(log_ndtr(z)) * ratio * (z + ratio)).sum()) * variance**2 / (1.0 + variance)
