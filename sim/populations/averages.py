"""What is known of a niche: moving averages that makers act on, learnt from each day with the same small weight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.foundation.compiled import compiled
from sim.foundation.sums import WORTH_SCALE

AVERAGE_WEIGHT = 0.1
"""Weight of a day in the moving averages of views per clip (V_h, M3) and of makers' advantage."""


@compiled
def learn_advantage(advantage: NDArray[np.int64], known: NDArray[np.float64]) -> None:
    """Moving average of (u-o)/T by niche; a niche without sessions learns nothing.

    advantage: shape (2, niches), today's Σ (u-o)/T in fixed point and sessions; known: shape (niches,), moved.
    """
    for niche in range(known.size):
        if advantage[1, niche] > 0:
            mean = advantage[0, niche] / WORTH_SCALE / advantage[1, niche]
            known[niche] += AVERAGE_WEIGHT * (mean - known[niche])


@compiled
def learn_views_per_clip(
    views_of_niche: NDArray[np.int64],
    niche_of_clip: NDArray[np.int16],
    people_per_row: float,
    unlearned: float,
    views_average: NDArray[np.float64],
    clips_average: NDArray[np.float64],
    views_per_clip: NDArray[np.float64],
) -> None:
    """V_h by niche, in views here today per clip published here today, learnt from 0 at launch (M3).

    The ratio of two moving averages, grown in from zero, rather than a moving average of daily ratios: the mean of a ratio of small
    counts is too high, and V_h would depend on the number of rows and niches. niche_of_clip: of the clips published here today; unlearned:
    the part of the launch's ignorance that is left after today; the last three, shape (niches,), are moved.
    """
    published = np.zeros(views_of_niche.size, dtype=np.int64)
    for i in range(niche_of_clip.size):
        published[niche_of_clip[i]] += 1
    for niche in range(views_of_niche.size):
        views_average[niche] += AVERAGE_WEIGHT * (views_of_niche[niche] - views_average[niche])
        clips_average[niche] += AVERAGE_WEIGHT * (published[niche] * people_per_row - clips_average[niche])
        if clips_average[niche] > 0.0:
            views_per_clip[niche] = (1.0 - unlearned) * views_average[niche] / clips_average[niche]
