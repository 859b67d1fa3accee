"""Sobol' indices: which share of the variance of an output each factor, or group of factors, has a part in.

First order, S = Var E[Y | X_i] / Var Y: what would go if X_i were known. Total order, T = E Var[Y | all but X_i] / Var Y: what would stay
if all else were known. A and B are independent samples and C_i is A with factor i out of B:

    S_i = mean(f(B)·(f(C_i) - f(A))) / V        Saltelli et al. 2010, *Computer Physics Communications* 181:259, table 2 (b)
    T_i = mean((f(A) - f(C_i))²) / 2V           Jansen 1999, same table (f)

f(B) and f(A) are taken from their mean, which leaves S as it is and makes its estimate steadier. Known limit: intervals resample rows as
if they were drawn independently; they come from a Sobol' sequence, so the intervals are somewhat too wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from analysis.sensitivity.resampling import intervals, weights_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Indices:
    """One number a group each, with its 95 % interval by resampling rows.

    additive: sum of the first-order indices, and the ends of its interval. variance: of the output.
    """

    first: Floats
    first_low: Floats
    first_high: Floats
    total: Floats
    total_low: Floats
    total_high: Floats
    additive: tuple[float, float, float]
    variance: float


def design(points: int, dimensions: int, groups: Sequence[Sequence[int]], seed: int) -> tuple[Floats, Floats, list[Floats]]:
    """A, B and, for each group of columns, A with these columns out of B; each of shape (points, dimensions) in the unit cube.

    points: a power of two, for which a Sobol' sequence is even.
    """
    drawn = qmc.Sobol(2 * dimensions, scramble=True, seed=np.random.default_rng(seed)).random(points)
    a, b = drawn[:, :dimensions], drawn[:, dimensions:]
    mixed = []
    for group in groups:
        one = a.copy()
        one[:, list(group)] = b[:, list(group)]
        mixed.append(one)
    return a, b, mixed


def indices_of(of_a: Floats, of_b: Floats, of_mixed: Floats) -> Indices:
    """The indices of each group. of_a, of_b: outputs, shape (points,). of_mixed: shape (points, groups).

    Raises ValueError where the output does not vary.
    """
    both = np.concatenate([of_a, of_b])
    variance = float(both.var(ddof=1))
    if variance == 0.0:
        raise ValueError("the output does not vary")
    a, b, mixed = of_a - both.mean(), of_b - both.mean(), of_mixed - both.mean()
    products, squares = b[:, None] * (mixed - a[:, None]), (mixed - a[:, None]) ** 2 / 2.0
    weights = weights_of(len(a))
    spread = weights @ (a**2 + b**2) / 2.0 - (weights @ (a + b) / 2.0) ** 2
    spread = np.where(spread > 0.0, spread, np.nan)[:, None]
    with_variance = ~np.isnan(spread[:, 0])
    first, total = (intervals((weights @ terms / spread)[with_variance]) for terms in (products, squares))
    low, high = intervals((weights @ products / spread)[with_variance].sum(axis=1, keepdims=True))
    alone = products.mean(axis=0) / variance
    additive = (float(alone.sum()), float(low[0]), float(high[0]))
    return Indices(alone, *first, squares.mean(axis=0) / variance, *total, additive, variance)
