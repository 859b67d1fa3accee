"""Intervals by resampling whole runs: a run is one observation, its days are not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

FEWEST_RUNS = 5
"""Under this many runs no interval is given: resampling three or four numbers says little about the next one."""

LEVEL = 0.95
_RESAMPLES, _RESAMPLES_OF_CURVES = 9999, 999
_SEED = 20250930
_ROUNDING = 1e-12


def mean_interval(values: NDArray[np.float64]) -> tuple[float, float] | None:
    """The 95 % interval of the mean of `values`, one a run: bias-corrected and accelerated bootstrap (Efron 1987), the same each time.

    Values that are equal but for rounding have the interval they span. None for fewer than FEWEST_RUNS values.
    """
    if values.size < FEWEST_RUNS:
        return None
    if np.ptp(values) <= _ROUNDING * np.abs(values).max():
        return float(values.min()), float(values.max())
    generator = np.random.default_rng(_SEED)
    found = bootstrap((values,), np.mean, n_resamples=_RESAMPLES, confidence_level=LEVEL, method="BCa", random_state=generator)
    return float(found.confidence_interval.low), float(found.confidence_interval.high)


def mean_band(grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """The 95 % band of the mean over runs, day by day, shape (2, days): percentile bootstrap; NaN for fewer than FEWEST_RUNS runs.

    grid: runs x days. The same runs are drawn for each day, so a run keeps its days together.
    """
    if grid.shape[0] < FEWEST_RUNS:
        return np.full((2, grid.shape[1]), np.nan)
    generator = np.random.default_rng(_SEED)
    drawn = generator.integers(0, grid.shape[0], (_RESAMPLES_OF_CURVES, grid.shape[0]))
    weights = np.apply_along_axis(np.bincount, 1, drawn, minlength=grid.shape[0]) / grid.shape[0]
    tail = 50.0 * (1.0 - LEVEL)
    return np.asarray(np.percentile(weights @ grid, (tail, 100.0 - tail), axis=0))
