"""The point of no return: until which day a fix saves more often than not. Knows nothing of scenarios: it asks through a callable.

P(saved) against the day is taken not to rise: isotonic regression by pooling adjacent violators (Barlow, Bartholomew, Bremner & Brunk
1972, *Statistical Inference under Order Restrictions*). The day is where that falls under one half, straight between the days asked; its
interval resamples whole draws, which live through all days. The band of P is Wilson's interval of each day, made monotone likewise.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

import sim
from analysis.questions.intervals import FEWEST_RUNS, LEVEL, mean_interval
from analysis.questions.tables import table

Floats = NDArray[np.float64]
Saved = NDArray[np.bool_]

Evaluate = Callable[[int], Saved]
"""Whether each draw is saved by a fix that comes on this day; the same draws in the same order each time."""
Told = Callable[[int, Saved], None]
"""Told the day and which draws were saved."""

BUDGET = 24
"""Days asked at the most."""
_START = 9
_NARROW = 3
"""Days so near to each other that nothing between them is asked for the interval's sake."""
_SEED = 20250930
_LOOKS, _RESAMPLES = 200, 2000


def seek(evaluate: Evaluate, last: int, *, budget: int = BUDGET, told: Told | None = None) -> dict[int, Saved]:
    """Ask where P(saved) falls under one half: day -> which draws were saved, in the order of days.

    It starts with days spread over 0 to `last`, halves the gap in which P crosses one half until it is a day, and then the widest gap
    inside the interval of that day. The same answers lead to the same questions.
    """
    asked: dict[int, Saved] = {}
    due = list(dict.fromkeys(np.linspace(0, last, min(_START, last + 1, budget)).round().astype(int).tolist()))
    while due:
        for day in due:
            asked[day] = np.asarray(evaluate(day), dtype=np.bool_)
            if told:
                told(day, asked[day])
        asked = dict(sorted(asked.items()))
        due = _next(asked) if len(asked) < budget else []
    return asked


def _next(asked: Mapping[int, Saved]) -> list[int]:
    """The day to ask next, none where all is known that can be."""
    days, grid = _grid(asked)
    middle = crossing(days, falling(grid.mean(axis=1)))
    if middle in (0.0, np.inf):
        return []
    low, high = np.clip(_resampled(days, grid, _LOOKS), 0.0, days[-1])
    gaps = list(zip(days[:-1].astype(int).tolist(), days[1:].astype(int).tolist(), strict=True))
    around = [(a, b) for a, b in gaps if a <= middle <= b and b - a > 1]
    inside = [(a, b) for a, b in gaps if a < high and b > low and b - a > _NARROW]
    widest = max(around or inside, key=lambda gap: gap[1] - gap[0], default=None)
    return [] if widest is None else [(widest[0] + widest[1]) // 2]


def _grid(asked: Mapping[int, Saved]) -> tuple[Floats, Floats]:
    """The days, and which draws were saved: days x draws."""
    return np.array(list(asked), dtype=np.float64), np.array(list(asked.values()), dtype=np.float64)


def falling(shares: Floats) -> Floats:
    """The nearest values that do not rise."""
    return np.asarray(isotonic_regression(shares, increasing=False).x)


def crossing(days: Floats, shares: Floats) -> float:
    """Where shares that do not rise fall under one half; 0 where they are under it on the first day, infinite where on none."""
    under = np.flatnonzero(shares < 0.5)
    if not under.size:
        return np.inf
    place = int(under[0])
    if not place:
        return 0.0
    above, below = shares[place - 1], shares[place]
    return float(days[place - 1] + (above - 0.5) / (above - below) * (days[place] - days[place - 1]))


def _resampled(days: Floats, grid: Floats, resamples: int) -> Floats:
    """The 95 % interval of the crossing over resampled draws, shape (2,)."""
    draws = grid.shape[1]
    drawn = np.random.default_rng(_SEED).integers(0, draws, (resamples, draws))
    weights = np.apply_along_axis(np.bincount, 1, drawn, minlength=draws) / draws
    found = np.sort([crossing(days, falling(shares)) for shares in weights @ grid.T])
    tail = (1.0 - LEVEL) / 2.0
    return np.array([found[int(tail * resamples)], found[-1 - int(tail * resamples)]])


def day_of_no_return(asked: Mapping[int, Saved]) -> tuple[float, float, float]:
    """The day on which P(saved) falls under one half, and its 95 % interval, days.

    0: it is under it on the first day; infinite: on none that was asked. NaN for an interval of fewer than FEWEST_RUNS draws.
    """
    days, grid = _grid(asked)
    middle = crossing(days, falling(grid.mean(axis=1)))
    if grid.shape[1] < FEWEST_RUNS:
        return middle, np.nan, np.nan
    low, high = _resampled(days, grid, _RESAMPLES)
    return middle, float(low), float(high)


CURVE = {"day": "day", "draws": "1", "saved": "1", "share": "share", "p": "share", "low": "share", "high": "share"}
"""Columns of `curve`. saved: draws saved; share: of all; p, low, high: made monotone, with the 95 % band."""


def curve(asked: Mapping[int, Saved]) -> pd.DataFrame:
    """P(saved) against the day of the fix: a row a day asked, columns as in CURVE."""
    days, grid = _grid(asked)
    counts, draws = grid.sum(axis=1), grid.shape[1]
    bounds = np.array([sim.wilson(int(count), draws) for count in counts])
    p, low, high = (falling(values) for values in (counts / draws, bounds[:, 0], bounds[:, 1]))
    columns = (days, np.full(len(days), draws), counts, counts / draws, p, low, high)
    return table((dict(zip(CURVE, row, strict=True)) for row in zip(*columns, strict=True)), CURVE)


def rise(asked: Mapping[int, Saved]) -> tuple[int, int, float] | None:
    """The two days between which P(saved) rises most, beyond luck draw by draw, and by how much; None where it nowhere does."""
    days, grid = list(asked), _grid(asked)[1]
    pairs = [(a, b) for a in range(len(days)) for b in range(a + 1, len(days))]
    a, b = max(pairs, key=lambda pair: grid[pair[1]].mean() - grid[pair[0]].mean(), default=(0, 0))
    interval = mean_interval(grid[b] - grid[a])
    return (days[a], days[b], float((grid[b] - grid[a]).mean())) if interval and interval[0] > 0.0 else None
