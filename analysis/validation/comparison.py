"""What was got beside what is expected, and how far the two may lie apart.

Three kinds of comparison. `Exact`: a number without chance, within the digits that are printed. `Row`: one value a seed, whose mean
must be the expectation within the spread between seeds. `Above`: one value a seed, whose mean must lie above a floor beyond that
spread: an order, a sign. A family of `Row` and `Above` shares one chance of a false alarm, LEVEL: a single comparison is rejected (or,
for `Above`, not believed) at 1 - (1 - LEVEL)^(1/family) (Šidák).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.validation import FEWEST_SEEDS

LEVEL = 1e-3
"""Chance that a true family is rejected."""
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Exact:
    """A number without chance. tolerance: how far it may be from the expectation, as a rule half of the last printed digit."""

    name: str
    value: float
    expected: float
    tolerance: float

    def effort(self, limit: float) -> float:
        """Distance in tolerances: met up to 1. limit does not matter here."""
        del limit
        return abs(self.value - self.expected) / self.tolerance if math.isfinite(self.value) else math.inf


@dataclass(frozen=True)
class _Sample:
    """One value a seed."""

    name: str
    values: NDArray[np.float64]

    @property
    def mean(self) -> float:
        return float(self.values.mean())

    @property
    def error(self) -> float:
        """Standard error of the mean, from the spread between seeds."""
        return float(self.values.std(ddof=1)) / math.sqrt(self.values.size)

    def _distance_in_errors(self, expected: float) -> float:
        distance = self.mean - expected
        if abs(distance) <= _ROUNDING * max(1.0, abs(expected)):
            return 0.0
        return distance / self.error if self.error > 0.0 else math.copysign(math.inf, distance)


@dataclass(frozen=True)
class Row(_Sample):
    """One value a seed, and what the theory says of their mean."""

    expected: float

    @property
    def t(self) -> float:
        """Distance from the expectation in standard errors; 0 where all seeds give the expectation but for rounding."""
        return self._distance_in_errors(self.expected)

    @property
    def chance(self) -> float:
        """Two-sided chance of a t as large as this if the theory holds."""
        return float(2.0 * stats.t.sf(abs(self.t), self.values.size - 1))

    def tolerance(self, limit: float) -> float:
        """How far the mean may be from the expectation when a chance below `limit` rejects."""
        return self.error * float(stats.t.isf(limit / 2.0, self.values.size - 1))

    def effort(self, limit: float) -> float:
        """Distance in tolerances: met up to 1."""
        return abs(self.t) / float(stats.t.isf(limit / 2.0, self.values.size - 1))


@dataclass(frozen=True)
class Above(_Sample):
    """One value a seed, whose mean must lie above the floor beyond the spread between seeds."""

    floor: float

    def tolerance(self, limit: float) -> float:
        """How far the mean must be above the floor."""
        return self.error * float(stats.t.isf(limit, self.values.size - 1))

    def effort(self, limit: float) -> float:
        """Distance that is needed over the distance that is there: met up to 1."""
        t = self._distance_in_errors(self.floor)
        return float(stats.t.isf(limit, self.values.size - 1)) / t if t > 0.0 else math.inf


Comparison = Exact | Row | Above


def exact(name: str, value: float, printed_value: str) -> Exact:
    """A number that must round to a printed one, given as its digits ("0.2666"); a hair of float error is granted at the half."""
    digits = len(printed_value.partition(".")[2])
    return Exact(name, float(value), float(printed_value), 0.5 * 10.0**-digits * (1.0 + 1e-6))


def row(name: str, values: ArrayLike, expected: float) -> Row:
    """A row of a table; raises ValueError for fewer than 20 seeds or values that are no numbers."""
    measured = _measured(name, values)
    if not math.isfinite(expected):
        raise ValueError(f"{name}: not a number")
    return Row(name, measured, float(expected))


def above(name: str, values: ArrayLike, floor: float = 0.0) -> Above:
    """An order or a sign; raises ValueError as `row` does."""
    return Above(name, _measured(name, values), floor)


def jackknife(samples: NDArray[np.float64], estimate: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> NDArray[np.float64]:
    """Pseudo-values of an estimate from samples by seed (first axis): their mean is the estimate less bias, their spread its error."""
    n, whole = len(samples), estimate(samples)
    return np.array([n * whole - (n - 1) * estimate(np.delete(samples, left_out, axis=0)) for left_out in range(n)])


def _measured(name: str, values: ArrayLike) -> NDArray[np.float64]:
    measured = np.asarray(values, dtype=np.float64)
    if measured.ndim != 1 or measured.size < FEWEST_SEEDS:
        raise ValueError(f"{name}: {measured.shape} values; a comparison takes at least {FEWEST_SEEDS} seeds")
    if not np.isfinite(measured).all():
        raise ValueError(f"{name}: not a number")
    return measured


def threshold(rows: int) -> float:
    """The chance below which one row of so many is rejected."""
    return float(-math.expm1(math.log1p(-LEVEL) / rows))


def family_limit(comparisons: Iterable[Comparison]) -> float:
    """The threshold of a family: that of its comparisons which chance enters."""
    return threshold(max(1, sum(not isinstance(one, Exact) for one in comparisons)))


def disagreements(table: Iterable[Row]) -> list[Row]:
    """The rows whose expectation is rejected."""
    rows = list(table)
    limit = threshold(len(rows))
    return [one for one in rows if one.chance < limit]


def largest(table: Sequence[Row]) -> float:
    """The largest |t| of a table."""
    return max(abs(one.t) for one in table)


def printed(table: Sequence[Row]) -> str:
    """The table as text, the rejected rows marked."""
    limit = threshold(len(table))
    lines = [f"{'':2}{'comparison':<56}{'expected':>14}{'mean':>14}{'std error':>12}{'t':>9}"]
    lines += [
        f"{'✗ ' if one.chance < limit else '  '}{one.name:<56}{one.expected:>14.7g}{one.mean:>14.7g}{one.error:>12.2g}{one.t:>9.2f}"
        for one in table
    ]
    lines.append(
        f"{len(table)} rows, family-wise level {LEVEL:g}: a row is rejected below p = {limit:.2g}; largest |t| {largest(table):.2f}"
    )
    return "\n".join(lines)
