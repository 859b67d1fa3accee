"""Comparing what the kernels do over many seeds with closed forms: one family-wise threshold for a table.

A row holds one measured value a seed and the value the theory gives. Its t is the distance of the mean from the expectation in
standard errors between seeds; the table agrees when no row's two-sided Student probability falls below 1 - (1 - LEVEL)^(1/rows)
(Šidák). Seeds are fixed, so that a table which agrees today agrees until a draw or a rule changes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

LEVEL = 1e-3
"""Chance that a true table is rejected."""
SEEDS = range(1, 25)
"""The runs of a comparison."""
FEWEST_SEEDS = 20
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Row:
    """One comparison. values: one a seed; expected: what the theory says of their mean."""

    name: str
    values: NDArray[np.float64]
    expected: float

    @property
    def mean(self) -> float:
        return float(self.values.mean())

    @property
    def error(self) -> float:
        """Standard error of the mean, from the spread between seeds."""
        return float(self.values.std(ddof=1)) / math.sqrt(self.values.size)

    @property
    def t(self) -> float:
        """Distance from the expectation in standard errors; 0 where all seeds give the expectation but for rounding."""
        distance = self.mean - self.expected
        if abs(distance) <= _ROUNDING * max(1.0, abs(self.expected)):
            return 0.0
        return distance / self.error if self.error > 0.0 else math.copysign(math.inf, distance)

    @property
    def chance(self) -> float:
        """Two-sided chance of a t as large as this if the theory holds."""
        return float(2.0 * stats.t.sf(abs(self.t), self.values.size - 1))


def row(name: str, values: ArrayLike, expected: float) -> Row:
    """A row of a table; raises ValueError for fewer than 20 seeds or values that are no numbers."""
    measured = np.asarray(values, dtype=np.float64)
    if measured.ndim != 1 or measured.size < FEWEST_SEEDS:
        raise ValueError(f"{name}: {measured.shape} values; a comparison takes at least {FEWEST_SEEDS} seeds")
    if not (np.isfinite(measured).all() and math.isfinite(expected)):
        raise ValueError(f"{name}: not a number")
    return Row(name, measured, float(expected))


def threshold(rows: int) -> float:
    """The chance below which one row of so many is rejected."""
    return float(-math.expm1(math.log1p(-LEVEL) / rows))


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


def assert_agrees(title: str, table: Sequence[Row]) -> None:
    """Fail with the whole table unless every row agrees; the table is printed either way (`pytest -rP` shows it)."""
    text = f"{title}\n{printed(table)}"
    print(text)
    assert not disagreements(table), text


def assert_rejected(title: str, table: Sequence[Row]) -> None:
    """Fail unless the table is rejected: the negative control of a comparison."""
    assert disagreements(table), f"{title}: a planted error passes\n{printed(table)}"
