"""Concentration of income and views: Gini, share of the top 1 %."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def gini(amounts: NDArray[np.int64]) -> float:
    """Gini coefficient of non-negative whole amounts, 0 equal to 1 one has all; NaN when they sum to zero."""
    ordered = np.sort(amounts).astype(np.float64)
    total = ordered.sum()
    if total <= 0:
        return math.nan
    ranks = np.arange(1, ordered.size + 1)
    return float(2.0 * (ranks * ordered).sum() / (ordered.size * total) - (ordered.size + 1) / ordered.size)


def top_share(amounts: NDArray[np.int64], share: float) -> float:
    """Share of the sum held by the top `share` of the amounts, at least one; NaN when they sum to zero."""
    ordered = np.sort(amounts)[::-1]
    total = float(ordered.sum())
    if total <= 0:
        return math.nan
    return float(ordered[: max(1, round(share * ordered.size))].sum()) / total
