"""Ruin of net cash that walks at random: the closed form watched without pause, the law of weekly checks, a walk through the books."""

from __future__ import annotations

import math

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray
from scipy.stats import norm

import sim

X0, SIGMA, WEEKS = 50.0, 10.0, 52
"""Cash at the start, spread of a week (both in the same money), and for how long."""
SHIFT = 0.583
"""The barrier of weekly checks lies so many σ further off (Broadie, Glasserman & Kou 1997)."""

CONTINUOUS = (
    (1.0, "0.2666", "0.3597", "0.3679"),
    (0.5, "0.3702", "0.5507", "0.6065"),
    (2.0, "0.1210", "0.1353", "0.1353"),
    (-1.0, "0.7247", "0.9777", "1.0000"),
)
"""Drift a week; chance of ruin within 52 weeks, within 260, ever."""


def ruin(x0: float, drift: float, sigma: float, weeks: float) -> float:
    """Chance that a walk watched without pause has passed zero by then; for infinitely many weeks, ever."""
    mirrored = math.exp(-2.0 * drift * x0 / sigma**2)
    if math.isinf(weeks):
        return min(1.0, mirrored)
    scale = sigma * math.sqrt(weeks)
    return float(norm.cdf((-x0 - drift * weeks) / scale) + mirrored * norm.cdf((-x0 + drift * weeks) / scale))


def weekly_ruin(x0: float, drift: float, sigma: float, weeks: int, points: int = 6) -> NDArray[np.float64]:
    """Chance that a walk watched weekly has been below zero after 1, 2, ... weeks: the density of the survivors, week by week.

    points: nodes of Gauss and Legendre on each stretch of one σ.
    """
    stretches = math.ceil((x0 + max(drift, 0.0) * weeks) / sigma + 7.0 * math.sqrt(weeks))
    nodes, weights = leggauss(points)
    x = (sigma * (np.arange(stretches)[:, None] + 0.5 * (nodes[None, :] + 1.0))).ravel()
    w = np.tile(0.5 * sigma * weights, stretches)
    step = _without_dust(norm.pdf(x[:, None] - x[None, :], drift, sigma) * w[None, :])
    density = _without_dust(norm.pdf(x - x0, drift, sigma))
    alive = []
    for _ in range(weeks):
        alive.append(float((w * density).sum()))
        density = _without_dust((step * density).sum(axis=1))
    return 1.0 - np.array(alive)


def _without_dust(density: NDArray[np.float64]) -> NDArray[np.float64]:
    """Numbers too small to matter and slow to multiply become zero."""
    return np.where(density < 1e-40, 0.0, density)


def ruined_in_week(steps: NDArray[np.float64]) -> NDArray[np.int64]:
    """First week of each walk below zero, WEEKS where it survives; steps: net cash by walk and week. Without books."""
    below = X0 + np.cumsum(steps, axis=1) < 0.0
    return np.where(below.any(axis=1), below.argmax(axis=1), WEEKS)


def ruined_by_the_books(weeks: NDArray[np.float64]) -> int:
    """The same for one walk, posted to books that are closed and checked every week."""
    books = sim.Books(WEEKS, 1)
    books.open_day(-1)
    books.post("opening_cash", X0)
    books.close_day()
    for week, net in enumerate(weeks.tolist()):
        books.open_day(week)
        books.post("advertising" if net > 0.0 else "fixed", abs(net))
        insolvent = books.cash_micro("operator") < 0
        books.close_day(insolvent)
        if insolvent:
            return week
    return WEEKS
