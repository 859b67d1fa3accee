"""Daily metrics of many runs as a table of runs and days."""

from __future__ import annotations

import numpy as np
import pandas as pd

HELD_AFTER_CLOSURE = ("installs_total", "cumulated_loss_usd")
"""Metrics that add up and so stay as they were when a product is closed; of the others nothing comes any more."""
_WEEK = 7


def runs_by_day(series: pd.DataFrame, key: str, metric: str, days: int, *, weekly: bool = False) -> pd.DataFrame:
    """A daily metric of many runs as a table of runs x days, or its trailing mean of seven days; after a closure 0, or what added up.

    series: a row a run and day, columns `key`, day and the metric.
    """
    wide = series.pivot(index=key, columns="day", values=metric).reindex(columns=range(days)).astype(np.float64)
    if metric in HELD_AFTER_CLOSURE:
        return wide.ffill(axis=1)
    means = wide.T.rolling(_WEEK, min_periods=1).mean().T.where(wide.notna()) if weekly else wide
    return means.fillna(0.0)
