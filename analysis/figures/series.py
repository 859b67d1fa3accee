"""Daily columns of a run as arrays over seeds, and their median and band."""

from __future__ import annotations

import datetime

import numpy as np
from numpy.typing import NDArray

from sim.evidence import Evidence
from sim.results import Run

WEEK = 7

Grid = NDArray[np.float64]
"""Seeds x days; NaN where a ratio is not defined."""
Dates = NDArray[np.datetime64]


def days_shown(run: Run, evidence: Evidence | None) -> int:
    """Days on the time axis: ten more than the longest run, and as many as the public figures need, inside the horizon."""
    longest: int = max(summary["days_run"] for summary in run.summaries)
    windows = [figure.days(run.launch_date) for figure in (evidence.figures if evidence else ())]
    return min(run.days, max(longest, *(window[1] for window in windows if window), 0) + 10)


def dates_of(run: Run, days: int) -> Dates:
    """The calendar dates of so many days from the launch."""
    return np.datetime64(run.launch_date, "D") + np.arange(days)


def date_words(run: Run, day: float) -> str:
    """The calendar date of a day of the run: 28 Nov 2025."""
    date = run.launch_date + datetime.timedelta(days=round(day))
    return f"{date.day} {date:%b %Y}"


def closing_days(run: Run) -> tuple[float, float, float] | None:
    """The 5, 50 and 95 % points of the days on which runs were closed; None where none was."""
    found = run.ensemble["closing_day"]
    return None if found is None else (float(found["q05"]), float(found["q50"]), float(found["q95"]))


def open_days(run: Run) -> int | None:
    """Days before the first closures (5 % of them); None where no run was closed."""
    closing = closing_days(run)
    return None if closing is None else round(closing[0])


def by_seed(run: Run, column: str, days: int, *, weekly: bool = False, hold: bool = False) -> Grid:
    """A daily column as seeds x days, or its trailing mean of seven days; after a closure 0, or the last value if `hold`."""
    grid = np.zeros((len(run.seeds), days))
    for row, seed in enumerate(run.seeds):
        values = run.daily.loc[run.daily["seed"] == seed, column]
        if weekly:
            values = values.rolling(WEEK, min_periods=1).mean()
        grid[row, : len(values)] = values
        if hold:
            grid[row, len(values) :] = values.iloc[-1]
    return grid


def lived(run: Run, days: int) -> NDArray[np.bool_]:
    """Whether the product was open, seeds x days."""
    lengths = np.array([summary["days_run"] for summary in run.summaries])
    return np.arange(days)[None, :] < lengths[:, None]


def ratio_by_seed(run: Run, above: str, below: str, days: int) -> Grid:
    """One daily column over another, both over seven trailing days; NaN after a closure and where there is nothing to divide by."""
    part, whole = (by_seed(run, column, days, weekly=True) for column in (above, below))
    defined = lived(run, days) & (whole > 0.0)
    return np.asarray(np.divide(part, whole, out=np.full(part.shape, np.nan), where=defined))


def bands(grid: Grid) -> Grid:
    """The 5, 50 and 95 % points over the seeds that have a value, shape (3, days); NaN where fewer than half of them have one."""
    result = np.full((3, grid.shape[1]), np.nan)
    enough = 2 * np.count_nonzero(~np.isnan(grid), axis=0) >= grid.shape[0]
    percentile = np.nanpercentile if np.isnan(grid).any() else np.percentile
    result[:, enough] = percentile(grid[:, enough], (5, 50, 95), axis=0)
    return result
