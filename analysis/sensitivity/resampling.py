"""What the indices share: intervals by resampling rows, and ranks that know which of them cannot be told apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVEL = 0.95
_RESAMPLES = 999
_SEED = 19910501


def weights_of(rows: int) -> Floats:
    """Shares of `rows` rows in each resample, shape (resamples, rows); the same each time."""
    drawn = np.random.default_rng(_SEED).integers(0, rows, (_RESAMPLES, rows))
    return np.asarray(np.apply_along_axis(np.bincount, 1, drawn, minlength=rows) / rows)


def intervals(resampled: Floats) -> tuple[Floats, Floats]:
    """Ends of the 95 % percentile interval of each column, from its values over the resamples."""
    tail = 50.0 * (1.0 - LEVEL)
    low, high = np.percentile(resampled, (tail, 100.0 - tail), axis=0)
    return low, high


def rank_ranges(low: Floats, high: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The best and the worst rank (1: largest) that each may have: those whose intervals overlap cannot be told apart."""
    surely_above = (low[:, None] > high[None, :]).sum(axis=0)
    surely_below = (high[:, None] < low[None, :]).sum(axis=0)
    return (surely_above + 1).astype(np.int64), (len(low) - surely_below).astype(np.int64)
