"""What is written down each day. Arrays only; tables are made when somebody asks for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.foundation.compiled import compiled
from sim.observation.metrics import DAILY, DAILY_NAMES

_COLUMN = {name: i for i, name in enumerate(DAILY_NAMES)}

SIDES = ("creator", "viewer")
OLDEST_AGE_DAYS = 400
"""Ages beyond which cohorts are no longer counted."""


class Recorder:
    """The daily table under way: one row a day, columns as in DAILY."""

    def __init__(self, days: int) -> None:
        self.rows = np.full((days, len(DAILY)), np.nan)
        self.days_closed = 0

    def write(self, row: Mapping[str, float]) -> None:
        """Write the next day; the names must be those of DAILY."""
        self.rows[self.days_closed] = [row[name] for name in DAILY_NAMES]
        self.days_closed += 1

    def of(self, name: str, days: int) -> NDArray[np.float64]:
        """The last days of a metric, shape (days or fewer,)."""
        return self.rows[max(0, self.days_closed - days) : self.days_closed, _COLUMN[name]]

    def total(self, name: str, days: int, until: int = 0) -> float:
        """Sum of a metric over so many days, the last of them `until` days before the last close."""
        end = self.days_closed - until
        return float(np.add.reduce(self.rows[max(0, end - days) : end, _COLUMN[name]]))

    def last(self, name: str) -> float:
        """A metric at the last close."""
        return float(self.rows[self.days_closed - 1, _COLUMN[name]])

    def table(self) -> pd.DataFrame:
        """The closed days, with `day`; `attrs["units"]` holds the unit of each column."""
        table = pd.DataFrame(self.rows[: self.days_closed], columns=list(DAILY_NAMES))
        table.insert(0, "day", np.arange(self.days_closed, dtype=np.int64))
        table.attrs["units"] = {"day": "day"} | {metric.name: metric.unit for metric in DAILY}
        return table


@compiled
def _count(
    adopted_day: NDArray[np.int16],
    last_active: NDArray[np.int16],
    channel: NDArray[np.int8],
    makers: int,
    rows: NDArray[np.int32],
    day: int,
    cohort_days: int,
    adopters: NDArray[np.int32],
    active: NDArray[np.int32],
) -> None:
    """Count the active rows of today by cohort, side, channel and age, and today's adopters by side and channel."""
    oldest = active.shape[3] - 1
    for i in range(rows.size):
        row = rows[i]
        side = 0 if row < makers else 1
        joined = adopted_day[row]
        age = day - joined
        if age == 0:
            adopters[day, side, channel[row]] += 1
        if last_active[row] == day and age <= oldest:
            active[joined // cohort_days, side, channel[row], age] += 1


class CohortRecorder:
    """Adopters and who of them is active, by adoption cohort, side, channel and age; in rows."""

    def __init__(self, days: int, cohort_days: int, channels: tuple[str, ...]) -> None:
        self.cohort_days = cohort_days
        self.channels = channels
        ages = min(days, OLDEST_AGE_DAYS + 1)
        self.adopters = np.zeros((days, len(SIDES), len(channels)), dtype=np.int32)
        self.active = np.zeros((-(-days // cohort_days), len(SIDES), len(channels), ages), dtype=np.int32)

    def observe(self, people: Any, makers: int, roster: NDArray[np.int32], day: int) -> None:
        """Count today; roster: rows drawn today (everybody who can have been active is on it)."""
        columns = people.adopted_day, people.last_active, people.channel
        _count(*columns, makers, roster, day, self.cohort_days, self.adopters, self.active)

    def table(self, days_closed: int, people_per_row: float) -> pd.DataFrame:
        """cohort, side, channel, age_days, adopters, active (people). Adopters are only those whose day of that age lies inside the run."""
        cohorts, sides, channels, ages = self.active.shape
        within = np.zeros((cohorts, sides, channels, ages), dtype=np.int64)
        for day in range(days_closed):
            within[day // self.cohort_days, :, :, : days_closed - day] += self.adopters[day][:, :, None]
        cohort, side, channel, age = np.nonzero(within)
        at = (cohort, side, channel, age)
        table = pd.DataFrame(
            {
                "cohort": cohort.astype(np.int32),
                "side": np.array(SIDES)[side],
                "channel": np.array(self.channels)[channel],
                "age_days": age.astype(np.int32),
                "adopters": within[at] * people_per_row,
                "active": self.active[at] * people_per_row,
            }
        )
        table.attrs["units"] = {
            "cohort": "week of adoption",
            "side": "name",
            "channel": "name",
            "age_days": "day",
            "adopters": "people",
            "active": "people",
        }
        return table
