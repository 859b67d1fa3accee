"""Stylised facts of products like this one, with their public ranges, held against the worlds of an ensemble. None of them is fitted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

import sim
from analysis.calibration.ensemble import Ensemble
from analysis.calibration.study import Tell, overrides_of, silent
from analysis.calibration.targets import Floats

DRAWS, AGENTS = 40, 10_000
_WEEK = 7
_MAKING_DAYS = slice(30, 61)
_POWER_DAY = 100
"""The evening whose last 28 days are the power curve."""
_OFTEN_DAYS, _SELDOM_DAYS = 15, 2


@dataclass(frozen=True)
class Fact:
    """One stylised fact. low, high: the public range, None where it is open or nobody has published one."""

    name: str
    label: str
    unit: str
    low: float | None
    high: float | None
    source: str


FACTS = (
    Fact("views_top1", "views of the top 1 % of creators", "share", 0.80, 0.94, "of videos: YouTube 2016, TikTok 2020"),
    Fact("views_gini", "Gini of creators' views", "1", 0.85, 0.95, "of videos: TikTok sample, 2020"),
    Fact(
        "attempts_per_clip", "attempts per usable clip", "attempts", 1.2, 20.0, "vendors 60 to 85 % usable, press tests of Sora 5 to 10 %"
    ),
    Fact("payers", "adopters who ever paid", "share", 0.008, 0.067, "MiniMax, RevenueCat, ChatGPT, Midjourney"),
    Fact("making", "daily users who make", "share", 0.52, 1.0, "Vibes, the Sora team"),
    Fact("installs_half_life", "half-life of installs after their peak", "days", 10.0, 42.0, "Threads, AI photo apps, Clubhouse, Sora"),
    Fact("dau_half_life", "half-life of daily users after their peak", "days", 10.0, 110.0, "Threads 10, Sora's users about 110"),
    Fact(
        "flattening",
        "monthly survival after day 30 over that before",
        "1",
        1.0,
        None,
        "retention rates rise with age (Fader and Hardie 2007)",
    ),
    Fact("often", "monthly users there on 15 days of 28 or more", "share", None, None, "power curve"),
    Fact("seldom", "monthly users there on 1 or 2 days of 28", "share", None, None, "power curve"),
)


def look(ensemble: Ensemble, *, draws: int = DRAWS, agents: int = AGENTS, tell: Tell = silent) -> pd.DataFrame:
    """The facts in some worlds of the ensemble's base that nobody closes, at more rows than the fit: a row a draw, a column a fact."""
    base = sim.load_scenario(ensemble.base)
    family = sim.ScenarioFamily(ensemble.base)
    rows = []
    for number, place in enumerate(ensemble.drawn(draws)):
        own = overrides_of(ensemble.values(place), base, base) | {path: None for path in ensemble.settled}
        rows.append(_facts_of(family.member(own, days=176, agents=agents), ensemble.seeds[place]))
        tell("facts", number + 1, draws)
    return pd.DataFrame(rows)


def _facts_of(scenario: sim.Scenario, seed: int) -> Mapping[str, float]:
    model = sim.Ecosystem(scenario, run_seed=seed)
    active_days = np.zeros(0)
    while model.running:
        model.step()
        if model.world.day == _POWER_DAY:
            bits = model.world.people.activity
            active_days = np.bitwise_count(bits[bits > 0]).astype(np.float64)
    tables, finals = model.tables(), model.finals()
    daily = {str(name): column.to_numpy(np.float64) for name, column in tables["daily"].items()}
    retained = {age: _share(tables["cohorts"], age) for age in (1, 30, 60)}
    return {
        "views_top1": finals["creator_views_top1_share"],
        "views_gini": finals["creator_views_gini"],
        "attempts_per_clip": _ratio(daily["attempts"].sum(), daily["accepted_sessions"].sum()),
        "payers": finals["payers_share"],
        "making": _ratio(daily["makers"][_MAKING_DAYS].sum(), daily["dau"][_MAKING_DAYS].sum()),
        "installs_half_life": half_life(daily["installs"]),
        "dau_half_life": half_life(daily["dau"]),
        "flattening": flattening(retained[1], retained[30], retained[60]),
        "often": _ratio(float((active_days >= _OFTEN_DAYS).sum()), float(len(active_days))),
        "seldom": _ratio(float((active_days <= _SELDOM_DAYS).sum()), float(len(active_days))),
    }


def _share(cohorts: pd.DataFrame, age: int) -> float:
    rows = cohorts[cohorts["age_days"] == age]
    return _ratio(rows["active"].sum(), rows["adopters"].sum())


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0.0 else math.nan


def half_life(metric: Floats) -> float:
    """Days from the peak of a metric's weekly mean until it is first down to half; NaN where that does not happen in the run."""
    weekly = np.convolve(metric, np.ones(_WEEK) / _WEEK, mode="valid")
    peak = int(weekly.argmax())
    below = np.flatnonzero(weekly[peak:] <= 0.5 * weekly[peak])
    return float(below[0]) if below.size else math.nan


def flattening(first: float, thirty: float, sixty: float) -> float:
    """Survival from day 30 to 60 over that from day 1 to 30, taken to 30 days: 1 where churn is constant, more where it flattens."""
    if not (first > 0.0 and thirty > 0.0 and sixty > 0.0):
        return math.nan
    return float((sixty / thirty) / (thirty / first) ** (30.0 / 29.0))


def summary(found: pd.DataFrame, facts: Sequence[Fact] = FACTS) -> pd.DataFrame:
    """A row a fact: fact, unit, low, high (public), sim_low, sim, sim_high (5, 50, 95 % of draws), within (their share), draws, source."""
    rows = []
    for fact in facts:
        numbers = found[fact.name].dropna().to_numpy(np.float64)
        low, middle, high = np.quantile(numbers, (0.05, 0.5, 0.95)) if numbers.size else (math.nan,) * 3
        within = (numbers >= (fact.low or -math.inf)) & (numbers <= (fact.high or math.inf))
        is_ranged = fact.low is not None or fact.high is not None
        rows.append(
            {
                "fact": fact.label,
                "unit": fact.unit,
                "low": fact.low if fact.low is not None else math.nan,
                "high": fact.high if fact.high is not None else math.nan,
                "sim_low": low,
                "sim": middle,
                "sim_high": high,
                "within": float(within.sum() / len(found)) if is_ranged else math.nan,
                "draws": int(numbers.size),
                "source": fact.source,
            }
        )
    return pd.DataFrame(rows)
