"""The operator's trap: what one more user is worth, and whether shrinking helps. Worlds with about a tenth more or fewer users, paired.

What a user is worth is read while both worlds live: the difference in cumulated profit over that in adopters, on the last day that both
have. (To the end of each, a parent that stops at a loss makes all losses alike, and more users only bring that day nearer.) It is before
what it costs to win the user: marketing money and its effect are set apart in the model.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import sim
from analysis.questions.intervals import FEWEST_RUNS, LEVEL, mean_interval
from analysis.questions.tables import NAME, table

Floats = NDArray[np.float64]

STEP = 0.1
"""By what share the levers are moved."""
MORE, LESS, CAPPED = "more marketing", "less marketing", "fewer let in"
_MARKETING = ("adoption.advertising_per_day", "adoption.buzz_per_day")
_CAP = ("adoption.open_share",)
LEVERS: Mapping[str, tuple[tuple[str, ...], float]] = {
    MORE: (_MARKETING, 1.0 + STEP),
    LESS: (_MARKETING, 1.0 - STEP),
    CAPPED: (_CAP, 1.0 - STEP),
}
"""What each world multiplies, from day 0 on and wherever an intervention sets it: the hazards that come from advertising and buzz (word of
mouth follows by itself), or the share of the market that is let in, which a product can only lower."""

METRICS = ("installs_total", "cumulated_loss_usd")
"""The daily metrics that are read."""

HELPS, HARMS, NO, UNCLEAR, FEW = "helps", "harms", "does not", "cannot be told", "too few draws"
DEARER, CHEAPER = "pain", "gain"
_SEED, _RESAMPLES = 20250930, 9999


def pulled(scenario: sim.Scenario, lever: str) -> sim.Scenario:
    """The scenario with a lever of LEVERS moved."""
    paths, factor = LEVERS[lever]

    def moved(values: Mapping[str, sim.Value]) -> dict[str, sim.Value]:
        return {path: value * factor if path in paths and isinstance(value, float | int) else value for path, value in values.items()}

    interventions = tuple(dataclasses.replace(one, changes=moved(one.changes)) for one in scenario.interventions)
    return dataclasses.replace(scenario, values=moved(scenario.values), interventions=interventions)


@dataclass(frozen=True)
class Lived:
    """One world over the draws. saved: whether it sustains itself; days: it lived; curves: for each draw, METRICS by day (2 x days)."""

    saved: NDArray[np.bool_]
    days: Floats
    curves: Sequence[Floats]


TRAP = {
    "world": NAME,
    "adopters": "people",
    "adopters_low": "people",
    "adopters_high": "people",
    "profit": "USD",
    "usd_per_adopter": "USD",
    "usd_low": "USD",
    "usd_high": "USD",
    "user": NAME,
    "p": "share",
    "p_as_it_is": "share",
    "p_change": "share",
    "p_low": "share",
    "p_high": "share",
    "days": "days",
    "days_low": "days",
    "days_high": "days",
    "verdict": NAME,
}
"""Columns of `trap`, a row a world; differences from the world as it is, low and high their 95 % interval. adopters, profit and
usd_per_adopter: on the last day that both live. user: whether one more is DEARER (pain) or CHEAPER (gain), or UNCLEAR, FEW. days: how much
longer it lives, at the most to the horizon. verdict: whether it HELPS to sustain itself, HARMS, does NO such thing, UNCLEAR, FEW."""


def trap(as_it_is: Lived, others: Mapping[str, Lived]) -> pd.DataFrame:
    """Each other world beside the one as it is, draw by draw: columns as in TRAP."""
    return table((_row(name, as_it_is, other) for name, other in others.items()), TRAP)


def _row(name: str, base: Lived, other: Lived) -> dict[str, object]:
    adopters, profit = _apart(base, other)
    band = _ratio_interval(profit, adopters)
    worth = float(profit.sum() / adopters.sum()) if adopters.sum() else np.nan
    change, longer = other.saved.astype(np.float64) - base.saved, other.days - base.days
    row: dict[str, object] = {"world": name, "adopters": adopters.mean(), "profit": profit.mean(), "usd_per_adopter": worth}
    row |= dict(zip(("adopters_low", "adopters_high"), _interval(adopters), strict=True)) | {"usd_low": band[0], "usd_high": band[1]}
    row |= {"user": _user(len(change), band), "p": other.saved.mean(), "p_as_it_is": base.saved.mean(), "p_change": change.mean()}
    row |= dict(zip(("p_low", "p_high"), _interval(change), strict=True)) | {"days": longer.mean()}
    return row | dict(zip(("days_low", "days_high"), _interval(longer), strict=True)) | {"verdict": _verdict(change)}


def _apart(base: Lived, other: Lived) -> tuple[Floats, Floats]:
    """Adopters and profit of the other less those of the one as it is, on the last day both lived, a value a draw."""
    found = []
    for one, two in zip(base.curves, other.curves, strict=True):
        last = min(one.shape[1], two.shape[1]) - 1
        found.append(two[:, last] - one[:, last])
    adopters, loss = np.array(found).T
    return adopters, -loss


def _interval(values: Floats) -> tuple[float, float]:
    return mean_interval(values) or (np.nan, np.nan)


def _ratio_interval(profit: Floats, adopters: Floats) -> tuple[float, float]:
    """The 95 % interval of summed profit over summed adopters, by resampling draws; NaN where the adopters cannot be told from none."""
    low, high = _interval(adopters)
    if np.isnan(low) or low <= 0.0 <= high:
        return np.nan, np.nan

    drawn = np.random.default_rng(_SEED).integers(0, len(profit), (_RESAMPLES, len(profit)))
    ratios = profit[drawn].sum(axis=1) / adopters[drawn].sum(axis=1)
    tail = 50.0 * (1.0 - LEVEL)
    found = np.percentile(ratios, (tail, 100.0 - tail))
    return float(found[0]), float(found[1])


def _user(draws: int, band: tuple[float, float]) -> str:
    if draws < FEWEST_RUNS:
        return FEW
    return DEARER if band[1] < 0.0 else CHEAPER if band[0] > 0.0 else UNCLEAR


def _verdict(change: Floats) -> str:
    if change.size < FEWEST_RUNS:
        return FEW
    if not change.any():
        return NO
    low, high = _interval(change)
    return HELPS if low > 0.0 else HARMS if high < 0.0 else UNCLEAR
