"""Power laws in counts: Clauset, Shalizi & Newman (2009), SIAM Review 51(4) 661-703, and Yule's law, which is one in the tail.

P(k) ∝ k^-γ for k ≥ k_min                     (Clauset et al., discrete)
P(k) = (γ-1)·B(k, γ) for k ≥ 1                 (Yule 1925; Simon 1955)
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import betaln, ndtr, zeta

Whole = NDArray[np.int64]
_FEWEST_IN_TAIL = 50


class Tail(NamedTuple):
    """A power law fitted to the counts from k_min on. distance: the largest between its distribution and theirs (Kolmogorov-Smirnov)."""

    exponent: float
    k_min: int
    distance: float


def fit_tail(counts: ArrayLike) -> Tail:
    """Exponent by maximum likelihood from the k_min on that brings law and counts nearest. Raises ValueError for fewer than 50 counts."""
    values, numbers = _tally(counts)
    if numbers.sum() < _FEWEST_IN_TAIL:
        raise ValueError(f"a tail needs at least {_FEWEST_IN_TAIL} counts of 1 or more")
    in_tail = numbers[::-1].cumsum()[::-1]
    candidates = values[in_tail >= _FEWEST_IN_TAIL]
    return min((_fit_from(int(k), values, numbers) for k in candidates), key=lambda tail: tail.distance)


def _tally(counts: ArrayLike) -> tuple[Whole, Whole]:
    whole = np.asarray(counts, dtype=np.int64)
    values, numbers = np.unique(whole[whole >= 1], return_counts=True)
    return values, numbers.astype(np.int64)


def _fit_from(k_min: int, values: Whole, numbers: Whole) -> Tail:
    here = values >= k_min
    k, n = values[here], numbers[here]
    mean_log = float(n @ np.log(k)) / n.sum()
    exponent = float(minimize_scalar(lambda g: np.log(zeta(g, k_min)) + g * mean_log, bounds=(1.01, 8.0), method="bounded").x)
    above = zeta(exponent, k + 1.0) / zeta(exponent, k_min)
    empirical = 1.0 - n.cumsum() / n.sum()
    return Tail(exponent, k_min, float(np.abs(above - empirical).max()))


def fit_yule(counts: ArrayLike) -> float:
    """γ of Yule's law by maximum likelihood over all counts of 1 and more."""
    values, numbers = _tally(counts)
    return float(minimize_scalar(lambda g: -float(numbers @ _log_yule(values, g)), bounds=(1.01, 8.0), method="bounded").x)


def _log_yule(k: Whole, exponent: float) -> NDArray[np.float64]:
    return np.asarray(np.log(exponent - 1.0) + betaln(k, exponent))


def yule_against_lognormal(counts: ArrayLike) -> float:
    """Vuong's z of Yule's law against the log-normal rounded to whole numbers from 1, each at its best fit: above 0 speaks for Yule."""
    values, numbers = _tally(counts)
    edges = np.log(np.stack((values - 0.5, values + 0.5)))

    def log_normal(shape: NDArray[np.float64]) -> NDArray[np.float64]:
        mean, sd = shape[0], np.exp(shape[1])
        low, high = ndtr(-(edges[0] - mean) / sd), ndtr(-(edges[1] - mean) / sd)
        return np.asarray(np.log(np.maximum(low - high, 1e-300)) - np.log(ndtr((mean - np.log(0.5)) / sd)))

    best = minimize(lambda shape: -float(numbers @ log_normal(shape)), np.zeros(2), method="Nelder-Mead").x
    ratio = _log_yule(values, fit_yule(counts)) - log_normal(best)
    total, n = float(numbers @ ratio), int(numbers.sum())
    spread = float(numbers @ (ratio - total / n) ** 2) / n
    return total / float(np.sqrt(n * spread))
