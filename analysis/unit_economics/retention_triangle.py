"""The retention triangle, adoption week x age in weeks, and the survival curve that is made of it.

The table of cohorts counts who is *active* on a day, not who is still there. Reading: those who are still there come with a chance that
does not change, so that the activity of a cohort falls as its survival does. Age week t is the days 7t+1 to 7t+7 after adoption; the day of
adoption is left out, because everybody is active then by definition. A cell is used when the whole cohort has lived its whole week.

    S(t+1)/S(t) = sum of active days at age t+1 / sum at age t, over the cohorts that have both        (chain ladder, Mack 1993)

so that a curve is never made of young cohorts at one age and old ones at the next. S is then made never rising by pooling neighbours
(isotonic regression), because a curve of survival cannot rise; people who come back are read as not having left.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

Numbers = NDArray[np.float64]

WEEK = 7
CELL = ["cohort", "side", "channel"]


def triangle(cohorts: pd.DataFrame, days: int) -> pd.DataFrame:
    """A row a cell that is whole: cohort, side, channel, age_week, adopters (people), active_days (people x days), share (mean of a day).

    cohorts: of one seed, as in a run. days: that were lived.
    """
    at_first = cohorts[cohorts["age_days"] == 0].set_index(CELL)["adopters"].rename("adopters")
    later = cohorts[cohorts["age_days"] > 0]
    age_week = ((later["age_days"] - 1) // WEEK).rename("age_week")
    active = later.groupby([*(later[name] for name in CELL), age_week])["active"].sum().rename("active_days").reset_index()
    last_age = WEEK * active["age_week"] + WEEK
    is_whole = (WEEK * active["cohort"] + WEEK - 1 + last_age < days) & (last_age <= cohorts["age_days"].max())
    table = active[is_whole].join(at_first, on=CELL)
    table["share"] = table["active_days"] / (WEEK * table["adopters"])
    return pd.DataFrame(table[[*CELL, "age_week", "adopters", "active_days", "share"]]).reset_index(drop=True)


def grid(table: pd.DataFrame) -> Numbers:
    """Active days by cohort and age week, shape (cohorts, weeks), summed over sides and channels; NaN where a cell is not whole."""
    if table.empty:
        return np.full((0, 0), np.nan)
    sums = table.groupby(["cohort", "age_week"])["active_days"].sum().unstack()
    whole = sums.reindex(index=range(int(table["cohort"].max()) + 1), columns=range(int(table["age_week"].max()) + 1))
    return whole.to_numpy(dtype=np.float64)


def survival_curve(active: Numbers) -> Numbers:
    """S(0) = 1, S(1), ... of a grid of active days, never rising; empty without a cell."""
    links, weights = [], []
    for age in range(active.shape[1]):
        both = ~np.isnan(active[:, age]) & (~np.isnan(active[:, age + 1]) if age + 1 < active.shape[1] else False)
        before = active[both, age].sum()
        weights.append(max(before, 1.0))
        if before <= 0.0:
            break
        links.append(active[both, age + 1].sum() / before)
    left = np.cumprod([1.0, *links]) if weights else np.zeros(0)
    if left.size < 2:
        return np.asarray(left)
    falling = isotonic_regression(left, weights=np.array([*weights, weights[-1]])[: left.size], increasing=False).x
    return np.asarray(falling / falling[0])


def known_by(active: Numbers, day: int) -> Numbers:
    """The grid as it stood after so many days: what came later is NaN."""
    cohort, age = np.indices(active.shape)
    return np.where(WEEK * (cohort + 1) + WEEK * (age + 1) <= day, active, np.nan)
