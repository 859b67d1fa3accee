"""What a run is held against: an observable, the value it should have, and how sure that value is.

error     {range: [low, high]}     the ends of a 90 % interval on a log scale around `value`
          {log_sd: .2}             standard deviation of the logarithm      {relative_sd: .2}   of the value, in units of it
          {below: 500e3}           a bound; also {above: x} and {between: [x, y]}: nothing within, outside it the logarithm counts,
                                   with the standard deviation `log_sd` beside it (default: a factor of two is as far as 1.645 of them)
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

Z90 = 1.6448536269514722
"""Half the width of a 90 % interval in standard deviations."""
BOUND_LOG_SD = math.log(2.0) / Z90
FARTHEST = 6.0
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

    def coordinates(self, simulated: Floats, value: float) -> Floats:
        """Simulated figures on the scale of the error: standard deviations from the value, or from the bound; at most FARTHEST.

        What is missing is farthest above.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            if self.kind == "relative_sd":
                found = (np.asarray(simulated) - value) / (self.sd * abs(value))
            else:
                found = np.log(np.asarray(simulated) / self.origin(value)) / self.sd
        return np.clip(np.where(np.isnan(found), FARTHEST, found), -FARTHEST, FARTHEST)

    def origin(self, value: float) -> float:
        """Where the scale of a logarithmic error has its zero: the value, or a bound."""
        if self.kind in ("range", "log_sd"):
            return value
        return self.low if self.high is None and self.low is not None else self.high or value

    @property
    def free(self) -> tuple[float, float]:
        """The coordinates between which nothing is missed."""
        match self.kind:
            case "below":
                return -math.inf, 0.0
            case "above":
                return 0.0, math.inf
            case "between":
                assert self.low is not None
                assert self.high is not None
                return math.log(self.low / self.high) / self.sd, 0.0
        return 0.0, 0.0

    def residuals(self, simulated: Floats, value: float) -> Floats:
        """Distance of simulated figures from the value, or from what is free, in standard deviations."""
        found = self.coordinates(simulated, value)
        return np.asarray(found - np.clip(found, *self.free))

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


@dataclass(frozen=True)
class Scale:
    """The scale of some targets: figures become coordinates, coordinates misfits. free: (targets, 2), between which nothing is missed."""

    targets: tuple[Target, ...]
    free: Floats

    @property
    def count(self) -> int:
        """How many targets there are."""
        return len(self.targets)

    def coordinates(self, observed: pd.DataFrame) -> Floats:
        """The coordinates of the figures of runs, shape (runs, targets); observed: a column a target by name."""
        columns = [target.error.coordinates(observed[target.name].to_numpy(np.float64), target.value) for target in self.targets]
        return np.column_stack(columns)

    def misfits(self, coordinates: Floats, errors: Floats | float = 0.0) -> Floats:
        """Σ residual² of each run, shape (runs,). errors: of the coordinates themselves, beside the errors of the targets, which are 1."""
        missed = coordinates - np.clip(coordinates, self.free[:, 0], self.free[:, 1])
        return np.asarray((missed**2 / (1.0 + np.square(errors))).sum(axis=1))


def scale_of(targets: Sequence[Target]) -> Scale:
    """The scale of these targets."""
    return Scale(tuple(targets), np.array([target.error.free for target in targets], dtype=np.float64).reshape(-1, 2))
