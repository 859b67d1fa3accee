"""What is publicly visible of a product by a day: early indicators of many worlds, as tables a teller learns from.

By day n: of the days 0 to n - 1, and nothing later. Daily metrics are taken from the long run, whose first days they are; retention, which
is no daily metric, from a run of n days of the same scenario and seed, whose people and luck are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from analysis.early_warning.logistic import Floats
from analysis.experiments.by_day import runs_by_day

EARLY_DAYS = (7, 14, 30, 60)
LOG, LOGIT = "log", "logit"
MOST_MISSING = 0.2
"""An indicator that more of the worlds lack by a day is not used on that day."""

_WEEK = 7
_LEAST_SHARE = 1e-3
_LEAST = {"people": 1.0}
"""What a number of zero counts as on a logarithmic scale, by unit; ratios: LEAST_RATIO."""
_LEAST_RATIO = 1e-2

Days = Mapping[str, Floats]
"""Daily metric -> worlds x days."""


@dataclass(frozen=True)
class Indicator:
    """What one can see. scale: on which a teller looks at it. needs: daily metrics; none: a figure of the short run, by name."""

    name: str
    label: str
    unit: str
    scale: str
    needs: tuple[str, ...]
    of: Callable[[Days, int], Floats] | None
    meaning: str

    def scaled(self, values: Floats) -> Floats:
        """Values on the scale of the indicator; what is 0 counts as the least there is."""
        if self.scale == LOGIT:
            return np.asarray(logit(np.clip(values, _LEAST_SHARE, 1.0 - _LEAST_SHARE)))
        return np.asarray(np.log(np.maximum(values, _LEAST.get(self.unit, _LEAST_RATIO))))

    def natural(self, scaled: float) -> float:
        """The value that stands at a place of the scale."""
        return float(expit(scaled)) if self.scale == LOGIT else float(np.exp(scaled))


def _sum(days: Days, metric: str, first: int, last: int) -> Floats:
    return np.asarray(days[metric][:, max(first, 0) : last].sum(axis=1))


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.asarray(np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0.0))


def _last_week(above: Sequence[str], below: Sequence[str]) -> Callable[[Days, int], Floats]:
    """The sum of some metrics over that of others, both over the last week."""

    def of(days: Days, n: int) -> Floats:
        return _ratio(*(np.sum([_sum(days, metric, n - _WEEK, n) for metric in metrics], axis=0) for metrics in (above, below)))

    return of


def _growth(metric: str) -> Callable[[Days, int], Floats]:
    """The last week over the week before; not defined before there are two."""

    def of(days: Days, n: int) -> Floats:
        if n < 2 * _WEEK:
            return np.full(len(days[metric]), np.nan)
        return _ratio(_sum(days, metric, n - _WEEK, n), _sum(days, metric, n - 2 * _WEEK, n - _WEEK))

    return of


def _daily_share(days: Days, n: int) -> Floats:
    return _ratio(_sum(days, "dau", n - _WEEK, n) / _WEEK, _sum(days, "installs", 0, n))


_CLIPS = ("clips_here", "clips_both", "clips_outside")
_EXPORTED = _last_week(_CLIPS[1:], _CLIPS)

INDICATORS = (
    Indicator("installs", "installs", "people", LOG, ("installs",), lambda days, n: _sum(days, "installs", 0, n), "installs to date"),
    Indicator("dau", "daily users", "people", LOG, ("dau",), lambda days, n: _sum(days, "dau", n - _WEEK, n) / _WEEK, "mean of a week"),
    Indicator("installs_growth", "growth of installs", "1", LOG, ("installs",), _growth("installs"), "a week over the week before"),
    Indicator("dau_growth", "growth of daily users", "1", LOG, ("dau",), _growth("dau"), "a week over the week before"),
    Indicator("daily_share", "daily users per install", "share", LOGIT, ("dau", "installs"), _daily_share, "a week's mean over installs"),
    Indicator("making_share", "share making", "share", LOGIT, ("makers", "dau"), _last_week(("makers",), ("dau",)), "of daily users"),
    Indicator(
        "attempts_per_clip", "attempts per kept clip", "attempts", LOG, ("attempts", "accepted_sessions"),
        _last_week(("attempts",), ("accepted_sessions",)), "over a week",
    ),
    Indicator("exported_share", "share exported", "share", LOGIT, _CLIPS, _EXPORTED, "clips that also or only go outside, over a week"),
    Indicator("d1", "D1", "share", LOGIT, (), None, "adopters active 1 day later"),
    Indicator("d7", "D7", "share", LOGIT, (), None, "adopters active 7 days later"),
    Indicator("d30", "D30", "share", LOGIT, (), None, "adopters active 30 days later"),
)  # fmt: skip
BY_NAME = {indicator.name: indicator for indicator in INDICATORS}
METRICS = tuple(dict.fromkeys(metric for indicator in INDICATORS for metric in indicator.needs))
"""The daily metrics that the indicators are made of."""
FEWEST_METRICS = ("installs", "dau")
"""Without these nothing can be told."""


@dataclass(frozen=True)
class Early:
    """What is visible by a day. values: a row a world that is still open, its index the place of the world; a column an indicator.

    closed: how many worlds were closed before: their end is known, and they are neither learnt from nor told. left_out: indicators that
    too many lack. missing: indicator -> worlds that lack it, and count as the mean.
    """

    day: int
    values: pd.DataFrame
    closed: int
    left_out: tuple[str, ...]
    missing: Mapping[str, int]

    @property
    def scaled(self) -> Floats:
        """The indicators on their scales, shape (worlds, indicators)."""
        return np.column_stack([BY_NAME[str(name)].scaled(column.to_numpy(np.float64)) for name, column in self.values.items()])


def days_of(series: pd.DataFrame, runs: pd.Series[str], metrics: Sequence[str], days: int) -> dict[str, Floats]:
    """Daily metrics as worlds x days, in the order of these runs; after a closure 0, or what added up."""
    return {metric: runs_by_day(series, "run", metric, days).loc[list(runs)].to_numpy() for metric in metrics}


def early(day: int, daily: Days, retention: Mapping[str, Floats], days_run: Floats) -> Early:
    """What is visible by a day. daily: the metrics that are there. retention: d1, d7, d30 by that day. days_run: of each world."""
    there = days_run >= day
    found: dict[str, Floats] = {}
    for one in INDICATORS:
        if one.of is not None and set(one.needs) <= daily.keys():
            found[one.name] = one.of(daily, day)[there]
        elif one.name in retention:
            found[one.name] = retention[one.name][there]
    lacking = {name: int(np.isnan(values).sum()) for name, values in found.items()}
    left_out = tuple(name for name, values in found.items() if lacking[name] > MOST_MISSING * there.sum() or not _varies(values))
    kept = {name: values for name, values in found.items() if name not in left_out}
    missing = {name: lacking[name] for name in kept if lacking[name]}
    return Early(day, pd.DataFrame(kept, index=np.flatnonzero(there)), int((~there).sum()), left_out, missing)


def _varies(values: Floats) -> bool:
    defined = values[~np.isnan(values)]
    return bool(len(defined)) and bool(np.ptp(defined) > 0.0)
