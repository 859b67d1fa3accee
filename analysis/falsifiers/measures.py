"""Numbers that could be measured at a real product, taken from one seed of a run."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pandas as pd

import sim

Measure = Callable[[sim.Run, int], float]
"""A run and one of its seeds -> the number; NaN where it is not defined."""

MAKERS = "creator"
RELEASE_WEEK = 9
"""Makers who join from this week on (day 63) come after the release of day 60 in scenarios/falsifiers; cohorts are weeks of adoption."""


def figure(key: str) -> Measure:
    """A figure of the summary, by its path with dots."""

    def read(run: sim.Run, seed: int) -> float:
        found: Any = next(summary for summary in run.summaries if summary["seed"] == seed)
        for part in key.split("."):
            found = found[part]
        return math.nan if found is None else float(found)

    return read


def makers_d30(run: sim.Run, seed: int) -> float:
    """Share of makers active 30 days after they joined, over all who joined."""
    return _kept(_cohorts(run, seed), 30)


def late_makers_d30(run: sim.Run, seed: int) -> float:
    """The same of those who joined from RELEASE_WEEK on."""
    cohorts = _cohorts(run, seed)
    return _kept(cohorts[cohorts["cohort"] >= RELEASE_WEEK], 30)


def flattening(run: sim.Run, seed: int) -> float:
    """By how much the daily survival of adopters is higher from day 30 to 60 than from day 7 to 30; 0 under constant churn."""
    d7, d30, d60 = (figure(f"retention.d{age}")(run, seed) for age in (7, 30, 60))
    return (d60 / d30) ** (1.0 / 30.0) - (d30 / d7) ** (1.0 / 23.0) if d7 > 0.0 and d30 > 0.0 else math.nan


def best_leave_first(run: sim.Run, seed: int) -> float:
    """Share of what leaves weighted by quality, over the same share counted by clips; 1 if the best leave no sooner than others."""
    weighted, counted = (figure(key)(run, seed) for key in ("exported_quality_share", "exported_share"))
    return weighted / counted if counted > 0.0 else math.nan


def views_a_clip(run: sim.Run, seed: int) -> float:
    """Views here over clips published here, all days together."""
    daily = run.daily[run.daily["seed"] == seed]
    clips = float(daily["clips_here"].sum() + daily["clips_both"].sum())
    return float(daily["views_here"].sum()) / clips if clips else math.nan


def _cohorts(run: sim.Run, seed: int) -> pd.DataFrame:
    cohorts = run.cohorts
    return cohorts[(cohorts["seed"] == seed) & (cohorts["side"] == MAKERS)]


def _kept(cohorts: pd.DataFrame, age_days: int) -> float:
    rows = cohorts[cohorts["age_days"] == age_days]
    adopters = float(rows["adopters"].sum())
    return float(rows["active"].sum()) / adopters if adopters else math.nan
