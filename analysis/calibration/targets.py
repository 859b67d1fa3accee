"""What a run is held against: an observable, the value it should have, and how sure that value is.

error     {range: [low, high]}     the ends of a 90 % interval on a log scale around `value`
          {log_sd: .2}             standard deviation of the logarithm      {relative_sd: .2}   of the value, in units of it
          {below: 500e3}           a bound; also {above: x} and {between: [x, y]}: nothing within, outside it the logarithm counts,
                                   with the standard deviation `log_sd` beside it (default: a factor of two is as far as 1.645 of them)
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Z90 = 1.6448536269514722
"""Half the width of a 90 % interval in standard deviations."""
BOUND_LOG_SD = math.log(2.0) / Z90
FARTHEST = 10.0
"""Standard deviations beyond which a miss counts no more: a figure that is 0, or missing, is so far away."""

_WHOLE_RUN_DAYS = 176
FIT, CHECK = "fit", "check"
USES = (FIT, CHECK)
"""Targets that a fit uses, and those it is only checked against."""


@dataclass(frozen=True, slots=True)
class Error:
    """How sure a value is. kind: as in the heading. low, high: ends of a range or bounds, else None. sd: in units of the kind."""

    kind: str
    sd: float
    low: float | None = None
    high: float | None = None

    def residuals(self, simulated: Floats, value: float) -> Floats:
        """Distance of simulated figures from the value in standard deviations, at most FARTHEST; what is missing is that far away."""
        simulated = np.asarray(simulated, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.kind == "relative_sd":
                found = (simulated - value) / (self.sd * abs(value))
            elif self.kind in ("range", "log_sd"):
                found = np.log(simulated / value) / self.sd
            else:
                over = np.zeros_like(simulated) if self.high is None else np.maximum(0.0, np.log(simulated / self.high))
                under = np.zeros_like(simulated) if self.low is None else np.minimum(0.0, np.log(simulated / self.low))
                found = (over + under) / self.sd
        return np.clip(np.where(np.isnan(found), FARTHEST, found), -FARTHEST, FARTHEST)

    def interval(self, value: float) -> tuple[float | None, float | None]:
        """The 90 % interval of the public figure, or its bounds; None: open on that side."""
        if self.kind == "relative_sd":
            return value - Z90 * self.sd * abs(value), value + Z90 * self.sd * abs(value)
        if self.kind == "log_sd":
            return value * math.exp(-Z90 * self.sd), value * math.exp(Z90 * self.sd)
        return self.low, self.high

    def replicated(self, simulated: Floats, value: float, normal: Floats) -> Floats:
        """The figure as its source would have published it, had the simulation been true: with an error drawn (standard normal)."""
        if self.kind == "relative_sd":
            return simulated + normal * self.sd * abs(value)
        return simulated * np.exp(self.sd * normal) if self.kind in ("range", "log_sd") else simulated


@dataclass(frozen=True, slots=True)
class Observable:
    """How a figure is taken from a run. statistic: last, mean or sum of a daily metric, ratio of the sums of two, or figure of a summary.

    days: first and last, both included; None for a figure.
    """

    statistic: str
    of: tuple[str, ...]
    days: tuple[int, int] | None

    def of_run(self, daily: Mapping[str, Floats], figures: Mapping[str, float], *, closed: bool) -> float:
        """The figure in one run; NaN where it ends too soon, or the figure is undefined.

        daily: a value a day by metric. closed: whether the run ended by a closure; after it nothing is sold, so sums go on, and means end.
        """
        if self.statistic == "figure":
            return float(figures[self.of[0]])
        assert self.days is not None
        above = daily[self.of[0]]
        first, last = self.days
        if (last if self.statistic == "last" or not closed else first) >= len(above):
            return math.nan
        above = above[first : last + 1]
        match self.statistic:
            case "last":
                return float(above[-1])
            case "mean":
                return math.fsum(above) / len(above)
            case "sum":
                return math.fsum(above)
        below = math.fsum(daily[self.of[1]][first : last + 1])
        return math.fsum(above) / below if below else math.nan

    @property
    def metrics(self) -> tuple[str, ...]:
        """The daily metrics it needs."""
        return () if self.statistic == "figure" else self.of

    @property
    def last_day(self) -> int | None:
        """The last day it needs; None for a figure, which needs the whole run."""
        return None if self.days is None else self.days[1]


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that a run is held against. world: "" for the base, else one of the file's other worlds. use: one of USES.

    is_strong: whether it counts in the predictive check. place: where it stands.
    """

    name: str
    label: str
    world: str
    observable: Observable
    value: float
    error: Error
    unit: str
    use: str
    source: str
    confidence: str
    is_strong: bool = False
    note: str = ""
    place: str = ""

    def residuals(self, simulated: Floats) -> Floats:
        """Distances in standard deviations."""
        return self.error.residuals(simulated, self.value)

    @property
    def needs_days(self) -> int:
        """Days that must have been published or lived for it; a retention needs its age and some days of adopters more."""
        last = self.observable.last_day
        if last is not None:
            return last + 1
        name = self.observable.of[0]
        return int(name.removeprefix("retention.d")) + 14 if name.startswith("retention.d") else _WHOLE_RUN_DAYS


def misfits(residuals: Floats) -> Floats:
    """Σ z² of each run, shape (runs,); residuals: (runs, targets)."""
    return np.asarray((residuals**2).sum(axis=1))


def residuals_of(targets: tuple[Target, ...] | list[Target], observed: pd.DataFrame) -> Floats:
    """Residuals of the observables of runs, a column a target by name: shape (runs, targets)."""
    if not targets:
        return np.zeros((len(observed), 0))
    return np.column_stack([target.residuals(observed[target.name].to_numpy(np.float64)) for target in targets])
