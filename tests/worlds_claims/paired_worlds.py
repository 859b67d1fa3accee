"""A world lived as shipped and with something changed, from the same seeds, and how sure the difference is.

The rule of every claim here: over 20 paired seeds the one-sided 99 % limit of the mean difference (paired t, 19 degrees of freedom) lies
beyond the threshold the test names. A chance result passes one in a hundred times; the seeds are fixed, so a test passes always or never.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ecosystem import Ecosystem
from sim.foundation.parameters import Value
from sim.scenario import Scenario, load_scenario

SEEDS = range(1, 21)
T_99 = 2.539
"""The 99 % point of Student's t with 19 degrees of freedom."""


@dataclass(frozen=True, slots=True)
class Life:
    """One run: daily table, cohort counts, closing day and cause, and the makers at the end (a row each)."""

    daily: pd.DataFrame
    cohorts: pd.DataFrame
    closed_day: int | None
    closed_cause: str
    makers: pd.DataFrame

    def total(self, column: str, first: int = 0, last: int | None = None) -> float:
        """Sum of a daily column from day `first` up to before day `last` (negative: counted from the end)."""
        return math.fsum(self.daily[column].to_numpy()[first:last])

    def retention(self, age_days: int, *, side: str | None = None, first_weeks: int | None = None) -> float:
        """D_n, of all or of one side (creator, viewer), over all adopters or those of the first so many weeks."""
        rows = self.cohorts[self.cohorts["age_days"] == age_days]
        if side is not None:
            rows = rows[rows["side"] == side]
        if first_weeks is not None:
            rows = rows[rows["cohort"] < first_weeks]
        return math.fsum(rows["active"]) / math.fsum(rows["adopters"])


Changes = dict[str, Value]
Figure = Callable[[Life], float]


class Size(NamedTuple):
    """How long and how finely a world is lived."""

    days: int
    agents: int


def lives(name: str, size: Size, changes: Changes | None = None) -> list[Life]:
    """The world of this name under each seed, with these changes."""
    scenario = load_scenario(name, changes or {}, days=size.days, agents=size.agents)
    return [_live(scenario, seed) for seed in SEEDS]


def _live(scenario: Scenario, seed: int) -> Life:
    model = Ecosystem(scenario, run_seed=seed).run()
    tables, creators = model.tables(), model.world.creators
    adopted_day = model.world.people.adopted_day[: creators.x_make.size]
    makers = pd.DataFrame({"adopted_day": adopted_day, "talent": creators.talent, "x_make": creators.x_make})
    return Life(tables["daily"], tables["cohorts"], model.closed_day, model.closed_cause, makers[adopted_day >= 0])


@dataclass(frozen=True, slots=True)
class Margin:
    """A figure over the seeds, or a paired difference of one: its mean and the one-sided 99 % limits of the mean."""

    values: NDArray[np.float64]

    @property
    def mean(self) -> float:
        """Mean over the seeds."""
        return float(self.values.mean())

    @property
    def low(self) -> float:
        """With 99 % confidence the mean is above this."""
        return self.mean - self._reach

    @property
    def high(self) -> float:
        """With 99 % confidence the mean is below this."""
        return self.mean + self._reach

    @property
    def _reach(self) -> float:
        assert self.values.size == len(SEEDS), "T_99 is for twenty seeds"
        return T_99 * float(self.values.std(ddof=1)) / math.sqrt(self.values.size)


def of(runs: Sequence[Life], figure: Figure) -> Margin:
    """A figure over the seeds."""
    return Margin(np.array([figure(run) for run in runs]))


def gain(runs: Sequence[Life], twins: Sequence[Life], figure: Figure) -> Margin:
    """How much larger a figure is in the runs than in their twins, seed by seed."""
    return Margin(np.array([figure(run) - figure(twin) for run, twin in zip(runs, twins, strict=True)]))


def ratio(runs: Sequence[Life], twins: Sequence[Life], figure: Figure) -> Margin:
    """ln of the figure in the runs over that in their twins, seed by seed: 0 where nothing changes."""
    return Margin(np.array([math.log(figure(run) / figure(twin)) for run, twin in zip(runs, twins, strict=True)]))
