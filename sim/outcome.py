"""The verdict of a run: a pure function of its daily table, and of its closure where there was one.

shutdown        the product was closed; this wins over everything else
undetermined    fewer than 180 days
vestigial       monthly users under 5 % of adopters or 10 % of their early peak, whichever floor is lower
self_sustaining pays and does not shrink        subsidised  does not shrink and does not pay
harvest         pays and shrinks                fading      neither
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from scipy.stats import binomtest

from sim.foundation.elementary import exp, log
from sim.foundation.streams import BOOTSTRAP, uniforms

OUTCOMES = ("self_sustaining", "subsidised", "harvest", "fading", "vestigial", "shutdown", "undetermined")

SHORTEST_RUN_DAYS = 180
TREND_DAYS = 120
PROFIT_DAYS = 90
SHRINK_PER_MONTH = -0.01
VESTIGIAL_SHARE_OF_ADOPTERS = 0.05
VESTIGIAL_SHARE_OF_PEAK = 0.10
PEAK_DAYS = 120
CLEAR_SHARE = 0.80
"""An outcome in fewer than this share of the seeds leaves the world `contested`."""

OTHER_TREND_DAYS = (90, 120, 150)
OTHER_SHRINK_PER_MONTH = (-0.005, -0.01, -0.02)
"""The windows and thresholds over which the robustness of a class is counted."""

_DAYS_PER_MONTH = 365.25 / 12
_WEEKS_PER_BLOCK = 4
_RESAMPLES = 999
_LOW, _HIGH = 49, 949
"""Places of the 5 % and 95 % points among 999 sorted resamples (the k-th of B is the k / (B + 1) quantile)."""

GATE_DAYS = 28
"""Trailing days over which gates are read."""
ATTEMPTS_OF_A_LOTTERY = 5.0
"""Attempts per usable clip beyond which making is a lottery: the upper end for narrative work with video models (invideo, 1.7 to 5)."""


@dataclass(frozen=True, slots=True)
class GateTest:
    """What breaks a gate: one daily column over another, both over GATE_DAYS trailing days, lies beyond a bound.

    below: "" for a mean a day.
    """

    gate: str
    figure: str
    unit: str
    above: str
    below: str
    bound: float
    breaks_over: bool
    """Over the bound; else under it."""


GATE_TESTS = (
    GateTest("interaction", "attempts per usable clip", "attempts", "attempts", "accepted_sessions", ATTEMPTS_OF_A_LOTTERY, True),
    GateTest("ecosystem", "pay of creators here ÷ their pay outside", "1", "cost_creator_pay_usd", "outside_payout_usd", 1.0, False),
    GateTest("ecosystem", "views outside ÷ views here", "1", "views_outside", "views_here", 1.0, True),
    GateTest("cost", "operating profit a day", "USD", "operating_profit_usd", "", 0.0, False),
)


@dataclass(frozen=True, slots=True)
class GateReading:
    """A gate test over one run.

    first_day: the first day whose trailing window is broken; None: never. broken_share: share of the days with a window that are broken.
    last: the figure over the last window; NaN where there is nothing to divide by.
    """

    test: GateTest
    first_day: int | None
    broken_share: float
    last: float


@dataclass(frozen=True, slots=True)
class Trend:
    """Growth of monthly users per month (0.02: 2 % more a month): the estimate and its 90 % interval."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """The verdict of one run.

    day, cause, first_gate: of a shutdown, else None. first_gate may be None there too: no gate had broken.
    trend, profit_usd: over the windows of the verdict; None where the run was not judged at its horizon.
    agreement: share of nine windows and thresholds that give the same name; None likewise.
    """

    name: str
    day: int | None = None
    cause: str | None = None
    first_gate: str | None = None
    trend: Trend | None = None
    profit_usd: float | None = None
    agreement: float | None = None


def judge(daily: pd.DataFrame, *, closed_day: int | None = None, closed_cause: str | None = None) -> Outcome:
    """The outcome of a run from its daily table (a row a day, columns as in sim/observation/metrics.py).

    closed_day, closed_cause: day and cause of the closure; None for a run that reached its horizon.
    """
    if closed_day is not None:
        return Outcome("shutdown", day=closed_day, cause=closed_cause, first_gate=first_gate(daily))
    if len(daily) < SHORTEST_RUN_DAYS:
        return Outcome("undetermined")
    mau = daily["mau"].to_numpy(dtype=np.float64)
    profit = math.fsum(daily["operating_profit_usd"].to_numpy()[-PROFIT_DAYS:])
    trends = {days: growth_per_month(mau, days) for days in OTHER_TREND_DAYS}
    dead = is_vestigial(mau, adopters=float(daily["installs_total"].iloc[-1]))

    def named(trend: Trend, threshold: float) -> str:
        return "vestigial" if dead else _class_of(pays=profit >= 0.0, shrinks=trend.high < threshold)

    name = named(trends[TREND_DAYS], SHRINK_PER_MONTH)
    others = [named(trend, threshold) for trend in trends.values() for threshold in OTHER_SHRINK_PER_MONTH]
    return Outcome(name, trend=trends[TREND_DAYS], profit_usd=profit, agreement=others.count(name) / len(others))


def _class_of(*, pays: bool, shrinks: bool) -> str:
    if pays:
        return "harvest" if shrinks else "self_sustaining"
    return "fading" if shrinks else "subsidised"


def is_vestigial(mau: NDArray[np.float64], adopters: float) -> bool:
    """Whether monthly users at the end are under 5 % of adopters or under 10 % of their peak in the first 120 days, whichever is lower.

    Nobody at all is vestigial too. mau: people, a value a day.
    """
    floor = min(VESTIGIAL_SHARE_OF_ADOPTERS * adopters, VESTIGIAL_SHARE_OF_PEAK * float(mau[:PEAK_DAYS].max()))
    return bool(mau[-1] < floor or mau[-1] <= 0.0)


def growth_per_month(mau: NDArray[np.float64], days: int = TREND_DAYS) -> Trend:
    """Trend of ln MAU over the last `days` days: Theil-Sen on weekly means, 90 % interval by a block bootstrap over weeks.

    Whole weeks are counted back from the last day; a week without users counts as one person. The bootstrap draws blocks of four
    neighbouring weeks with their dates and fits again. (Drawing residuals instead is too sure of itself: over 17 weeks of white noise it
    covers the truth in 71 % of cases where this does in 94 %; with noise correlated by .8 from week to week, 43 % against 76 %.) Its draws
    are fixed, so the same table gives the same bits everywhere. mau: people, a value a day.
    """
    weeks = days // 7
    tail = mau[-7 * weeks :].reshape(weeks, 7)
    y = np.array([log(max(1.0, math.fsum(week) / 7.0)) for week in tail])
    one, other = np.triu_indices(weeks, k=1)
    slopes = (y[other] - y[one]) / (other - one)
    order = np.argsort(slopes)
    slopes = slopes[order]
    middle = (slopes[(slopes.size - 1) // 2] + slopes[slopes.size // 2]) / 2.0
    resampled = np.sort(_medians(slopes, _pairs_of_resamples(weeks)[:, order]))
    return Trend(*(exp(float(slope) / 7.0 * _DAYS_PER_MONTH) - 1.0 for slope in (resampled[_LOW], middle, resampled[_HIGH])))


@functools.cache
def _resamples(weeks: int) -> NDArray[np.int64]:
    """The weeks of each resample, shape (resamples, weeks)."""
    blocks = -(-weeks // _WEEKS_PER_BLOCK)
    places = weeks - _WEEKS_PER_BLOCK + 1
    start = np.floor(uniforms(0, BOOTSTRAP, _RESAMPLES * blocks) * places).astype(np.int64).reshape(_RESAMPLES, blocks, 1)
    return (start + np.arange(_WEEKS_PER_BLOCK)).reshape(_RESAMPLES, -1)[:, :weeks]


@functools.cache
def _pairs_of_resamples(weeks: int) -> NDArray[np.int32]:
    """How often each pair of different weeks stands in each resample, shape (resamples, pairs): the product of how often its weeks do.

    A resample holds no other slopes than those of the data, only more or less often: so they are worked out and sorted once.
    """
    times = (_resamples(weeks)[:, :, None] == np.arange(weeks)).sum(axis=1)
    one, other = np.triu_indices(weeks, k=1)
    return np.asarray(times[:, one] * times[:, other], dtype=np.int32)


def _medians(slopes: NDArray[np.float64], times: NDArray[np.int32]) -> NDArray[np.float64]:
    """The median of each row of slopes, given as rising slopes and how often each stands in the row, shape (rows, slopes)."""
    up_to = np.cumsum(times, axis=1)
    count = up_to[:, -1:]
    low, high = (np.argmax(up_to > place, axis=1) for place in ((count - 1) // 2, count // 2))
    return np.asarray((slopes[low] + slopes[high]) / 2.0)


def read_gates(daily: pd.DataFrame) -> tuple[GateReading, ...]:
    """Each of GATE_TESTS over a daily table of at least a day. A run shorter than GATE_DAYS is one window.

    A reading aid, not a cause: only runs with a gate mended can tell what would have saved the product.
    """
    window = min(GATE_DAYS, len(daily))
    days = daily["day"].to_numpy()[window - 1 :]

    def total(column: str) -> NDArray[np.float64]:
        values = daily[column].to_numpy(dtype=np.float64) if column else np.ones(len(daily))
        return np.asarray(sliding_window_view(values, window).sum(axis=1))

    readings = []
    for test in GATE_TESTS:
        above, below = total(test.above), total(test.below)
        broken = above > test.bound * below if test.breaks_over else above < test.bound * below
        first = int(days[np.argmax(broken)]) if broken.any() else None
        last = float(above[-1] / below[-1]) if below[-1] else math.nan
        readings.append(GateReading(test, first, float(broken.mean()), last))
    return tuple(readings)


def first_gate(daily: pd.DataFrame) -> str | None:
    """The gate that broke first, those that broke on the same day joined by " and "; None if none did."""
    first: dict[str, int] = {}
    for reading in read_gates(daily) if len(daily) else ():
        if reading.first_day is not None:
            gate = reading.test.gate
            first[gate] = min(first.get(gate, reading.first_day), reading.first_day)
    earliest = min(first.values(), default=0)
    return " and ".join(gate for gate, day in first.items() if day == earliest) or None


def wilson(count: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share: `count` of `n` runs."""
    interval = binomtest(count, n).proportion_ci(confidence_level=0.95, method="wilson")
    return float(interval.low), float(interval.high)


def share_table(outcomes: Sequence[str]) -> dict[str, dict[str, float]]:
    """The outcomes that occur, most frequent first, each with count, share and Wilson's 95 % interval (low, high)."""
    counts = Counter(outcomes)
    table = {}
    for name in sorted(counts, key=lambda name: (-counts[name], OUTCOMES.index(name))):
        count = counts[name]
        low, high = wilson(count, len(outcomes))
        table[name] = {"count": count, "share": count / len(outcomes), "low": low, "high": high}
    return table


def verdict_of(outcomes: Sequence[str]) -> str:
    """The outcome of a world judged by many seeds: the one that at least 80 % of them have, else "contested"."""
    [(name, count)] = Counter(outcomes).most_common(1)
    return name if count >= CLEAR_SHARE * len(outcomes) else "contested"
