"""A seed of a run lived again, for what no table holds: the visits of single people, and what each creator earned and was seen."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import sim
from analysis.estimators.visits import BgNbd, expected_visits, fit_visits
from analysis.unit_economics.contribution import Whole
from analysis.unit_economics.retention_triangle import WEEK

Numbers = NDArray[np.float64]

SAMPLE = 2000
"""People whose visits are followed."""
FEWEST_PEOPLE = 50


@dataclass(frozen=True)
class Relived:
    """adopted: day, shape (people followed,), -1 for never. came: whether she was active, shape (people, days).

    income (micro-USD, here and outside), views (here): of every creator who made at least one attempt, a number a row.
    """

    adopted: NDArray[np.int64]
    came: NDArray[np.bool_]
    income: Whole
    views: Whole


def relive(scenario: sim.Scenario, seed: int, days: int) -> Relived:
    """Live a seed again and look at a sample of people each evening, and at all creators on the last."""
    model = sim.Ecosystem(scenario, run_seed=seed)
    people, creators = model.world.people, model.world.creators
    rows = np.unique(np.linspace(0, scenario.agents - 1, min(SAMPLE, scenario.agents)).astype(np.int64))
    came = np.zeros((rows.size, days), dtype=np.bool_)
    for day in range(days):
        model.step()
        came[:, day] = people.last_active[rows] == day
    made = creators.attempts > 0
    income = (creators.pay_micro + creators.outside_pay_micro)[made]
    return Relived(people.adopted_day[rows].astype(np.int64), came, income, creators.views[made].copy())


@dataclass(frozen=True)
class VisitForecast:
    """Active days after the split, a person: foretold by BG/NBD and by a constant rate, and those that came. law: by weeks."""

    law: BgNbd
    bgnbd: float
    constant_rate: float
    came: float


def visit_forecast(adopted: NDArray[np.int64], came: NDArray[np.bool_], split_day: int) -> VisitForecast | None:
    """BG/NBD fitted to the active days before `split_day`, of those who had joined by then; what it says of the days after.

    A visit is a day on which she was active, time is in weeks, and the day of adoption is the first visit. The constant rate takes the
    repeat visits per person and day so far. None where too few joined, nobody came again or nothing was seen after.
    """
    days = came.shape[1]
    joined = (adopted >= 0) & (adopted < split_day - 1)
    if joined.sum() < FEWEST_PEOPLE or split_day >= days:
        return None
    start, visits = adopted[joined], came[joined]
    day = np.arange(days)
    repeats = visits & (day > start[:, None])
    before = repeats[:, :split_day]
    count = before.sum(axis=1)
    last = np.where(count > 0, (day[:split_day] * before).max(axis=1) - start, 0)
    watched = split_day - 1 - start
    after = float(repeats[:, split_day:].sum())
    if after <= 0.0 or not count.any():
        return None
    law = fit_visits(count, last / WEEK, watched / WEEK)
    told = _foretold(law, watched, days - split_day)
    rate = float(count.sum() / watched.sum())
    people = float(joined.sum())
    return VisitForecast(law, told / people, rate * (days - split_day), after / people) if np.isfinite(told) else None


def _foretold(law: BgNbd, watched: NDArray[np.int64], ahead: int) -> float:
    """Expected visits of all people in so many days after the last of those for which each was watched; NaN where it cannot be reckoned."""
    ages, counts = np.unique(watched, return_counts=True)
    parameters = law.r, law.alpha, law.a, law.b
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return float(
            sum(
                n * (expected_visits(*parameters, (age + ahead) / WEEK) - expected_visits(*parameters, age / WEEK))
                for age, n in zip(ages.tolist(), counts.tolist(), strict=True)
            )
        )
