"""What broke first in time: six things a product lives on, when each broke for good, and in how many draws. This is where they are defined.

Each is read over 28 trailing days, like the gates of a verdict, and has broken on the first day from which it stays broken to the end of
the run. A thing that is broken in the first window was broken from the start. It is a reading aid: what comes first need not be the cause
(a product may live with creators paid less than outside), which only mended worlds can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

import sim
from analysis.questions.tables import NAME, table

Floats = NDArray[np.float64]
Masks = NDArray[np.bool_]

SHORT_RUNWAY_DAYS = 90.0
OF_ITS_PEAK = 0.5
_GATE = {test.above: test for test in sim.GATE_TESTS}
_NOT_OF_USE = ("cost_fixed_usd", "cost_marketing_usd")

Windows = Callable[[str], Floats]
"""The sum of a daily metric over each trailing window."""


@dataclass(frozen=True, slots=True)
class Thing:
    """Something a product lives on. broken: what it is to be broken, in words. test: by window, given sums of daily metrics."""

    name: str
    broken: str
    test: Callable[[Windows], Masks]


def _beyond(above: str) -> Callable[[Windows], Masks]:
    """The test of a gate. A window in which there is nothing to divide by is as the one before."""
    gate = _GATE[above]

    def test(sums: Windows) -> Masks:
        over, under = sums(gate.above), sums(gate.below)
        broken = over > gate.bound * under if gate.breaks_over else over < gate.bound * under
        return _carried(broken, (over > 0.0) | (under > 0.0))

    return test


def _carried(broken: Masks, defined: Masks) -> Masks:
    """The state of the last window that has one, not broken before the first."""
    places = np.maximum.accumulate(np.where(defined, np.arange(len(broken)), -1))
    return np.where(places >= 0, broken[places], False)


def _under_half(values: Floats) -> Masks:
    return np.asarray(values < OF_ITS_PEAK * np.maximum.accumulate(values))


def _margin(sums: Windows) -> Masks:
    costs = sums("cost_usd") - sum(sums(cost) for cost in _NOT_OF_USE)
    return np.asarray(sums("revenue_usd") - costs < 0.0)


THINGS = (
    Thing(
        "learning",
        f"makers do not get better: a usable clip takes over {_GATE['attempts'].bound:.0f} attempts",
        _beyond("attempts"),
    ),
    Thing(
        "readiness",
        "mean readiness of all who ever came, under half of its peak",
        lambda sums: _under_half(sums("readiness_of_adopters")),
    ),
    Thing("audience", "people who watch a day, under half of their peak", lambda sums: _under_half(sums("watchers"))),
    Thing(
        "creator income",
        "creators are paid less here than outside",
        _beyond("cost_creator_pay_usd"),
    ),
    Thing("unit margin", "a day's use brings less than it costs, fixed cost and marketing apart", _margin),
    Thing(
        "cash",
        f"funds for under {SHORT_RUNWAY_DAYS:.0f} days at the last week's loss, or closed",
        lambda sums: np.asarray(sums("runway_days") < SHORT_RUNWAY_DAYS),
    ),
)
"""In the order in which the essay's story would have them."""

METRICS = (
    "attempts",
    "accepted_sessions",
    "readiness",
    "installs_total",
    "watchers",
    "cost_creator_pay_usd",
    "outside_payout_usd",
    "revenue_usd",
    "cost_usd",
    *_NOT_OF_USE,
    "runway_days",
)
"""The daily metrics that the tests read."""


def broken_from(daily: pd.DataFrame, *, closed: bool) -> dict[str, float]:
    """The day from which each of THINGS is broken for good; NaN where it is not.

    daily: a row a day, in order, columns day and METRICS. closed: whether the product was closed on the last day, which is the day its
    cash broke at the latest.
    """
    window = min(sim.GATE_DAYS, len(daily))
    days = daily["day"].to_numpy(dtype=np.float64)[window - 1 :]

    def sums(name: str) -> Floats:
        if name == "runway_days":
            runway = daily[name].to_numpy(dtype=np.float64)[window - 1 :]
            return np.where(np.isnan(runway), np.inf, runway)
        if name == "readiness_of_adopters":
            ready, came = (daily[column].to_numpy(dtype=np.float64) for column in ("readiness", "installs_total"))
            values = np.divide(ready, came, out=np.zeros_like(ready), where=came > 0.0)
        else:
            values = daily[name].to_numpy(dtype=np.float64)
        return np.asarray(sliding_window_view(values, window).sum(axis=1))

    found = {thing.name: _for_good(thing.test(sums), days) for thing in THINGS}
    if closed and np.isnan(found["cash"]):
        found["cash"] = float(days[-1])
    return found


def _for_good(broken: Masks, days: Floats) -> float:
    """The first day from which all windows are broken."""
    whole = np.flatnonzero(~broken)
    start = int(whole[-1]) + 1 if whole.size else 0
    return float(days[start]) if start < len(days) else np.nan


BREAKS = {
    "thing": NAME,
    "broken": NAME,
    "draws": "1",
    "broke": "1",
    "share": "share",
    "low": "share",
    "high": "share",
    "day": "day",
    "day_low": "day",
    "day_high": "day",
    "first": "share",
}
"""Columns of `timeline`. broke: draws in which it did; share, low, high: of all draws, with Wilson's 95 % interval. day, day_low, day_high:
median, 5 and 95 % over the draws in which it broke. first: share of all draws in which nothing broke before it."""


def timeline(days: Sequence[Mapping[str, float]]) -> pd.DataFrame:
    """When each thing broke over the draws (each as `broken_from` gives it): a row a thing, columns as in BREAKS, in the order of breaking.

    The order is that of the median day over all draws, where a draw in which a thing did not break counts as later than any day.
    """
    grid = np.array([[draw[thing.name] for thing in THINGS] for draw in days])
    never = np.where(np.isnan(grid), np.inf, grid)
    earliest = never.min(axis=1, keepdims=True)
    rows = []
    for place, thing in enumerate(THINGS):
        found = grid[~np.isnan(grid[:, place]), place]
        low, high = sim.wilson(len(found), len(grid))
        first = (never[:, place] == earliest[:, 0]) & np.isfinite(never[:, place])
        quantiles = np.percentile(found, (5, 50, 95)) if len(found) else np.full(3, np.nan)
        row = {"thing": thing.name, "broken": thing.broken, "draws": len(grid), "broke": len(found), "share": len(found) / len(grid)}
        row |= {"low": low, "high": high, "day": quantiles[1], "day_low": quantiles[0], "day_high": quantiles[2], "first": first.mean()}
        rows.append((float(np.percentile(never[:, place], 50, method="lower")), row))
    rows.sort(key=lambda one: one[0])
    return table((row for _, row in rows), BREAKS)
