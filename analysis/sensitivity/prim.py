"""Scenario discovery: a box, in few dimensions, in which most of the cases of interest lie and little else.

The patient rule induction method peels a small slice off the box again and again, always the one whose going raises the share of cases
most for what it takes, and pastes back what was peeled too much (Friedman and Fisher 1999, *Statistics and Computing* 9:123; gain per
point taken, so that a category is weighed fairly against a slice of 5 %: Kwakkel and Jaxa-Rozen 2016, *Environmental Modelling & Software*
79:311). A condition is kept while its quasi-p-value is small: the chance that the box has so many cases although the condition tells
nothing (Bryant and Lempert 2010, *Technological Forecasting and Social Change* 77:34). Coverage: the share of all cases that lie in the
box. Density: the share of cases among the points in it.

Known limits: greedy, one box, sides along the axes; what is found is fitted, so it must be judged on points that it was not found on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

Span = tuple[float, float]
Side = Span | frozenset[int]
"""What a box allows in one dimension: from where to where, both ends included; or which categories."""
Box = Mapping[int, Side]
"""A side for each dimension that is restricted."""

PEEL = 0.05
"""Share of the points in the box that one slice holds."""
MOST_CONDITIONS = 4
LEAST_SHARE, FEWEST_POINTS = 0.01, 10
"""A box holds that share of the points, and that many, at the least."""
DOUBT = 0.05
"""A condition with a larger quasi-p-value is dropped."""


@dataclass(frozen=True)
class Points:
    """Where a sample was taken and which of it are cases.

    x: shape (points, dimensions); a category is its number from 0. levels: how many categories a dimension has, 0 where it is a number.
    """

    x: Floats
    cases: Bools
    levels: tuple[int, ...]

    def only(self, chosen: Bools) -> Points:
        """Some of the points."""
        return Points(self.x[chosen], self.cases[chosen], self.levels)


@dataclass(frozen=True)
class Score:
    """Of a box: points and cases of the whole sample, and those inside."""

    points: int
    cases: int
    points_inside: int
    cases_inside: int

    @property
    def coverage(self) -> float:
        """Share of all cases that lie inside."""
        return self.cases_inside / self.cases if self.cases else np.nan

    @property
    def density(self) -> float:
        """Share of cases among the points inside."""
        return self.cases_inside / self.points_inside if self.points_inside else np.nan

    @property
    def balance(self) -> float:
        """Harmonic mean of coverage and density; 0 where no case is inside."""
        return 2.0 * self.cases_inside / (self.cases + self.points_inside)


def inside(box: Box, x: Floats) -> Bools:
    """Which points lie in the box."""
    found = np.ones(len(x), dtype=np.bool_)
    for dimension, side in box.items():
        found &= _allowed(side, x[:, dimension])
    return found


def _allowed(side: Side, column: Floats) -> Bools:
    if isinstance(side, frozenset):
        return np.isin(column, list(side))
    return (column >= side[0]) & (column <= side[1])


def score(box: Box, points: Points) -> Score:
    """How many points and cases the box holds."""
    within = inside(box, points.x)
    return Score(len(within), int(points.cases.sum()), int(within.sum()), int(points.cases[within].sum()))


def discover(points: Points, most: int = MOST_CONDITIONS) -> tuple[Box, list[Box]]:
    """The box, with at most so many conditions, and the boxes that peeling went through on the way; an empty box where nothing tells.

    Peels over all dimensions first; those that the best balanced box needs most are peeled over again, by themselves; then pastes, and
    drops what a quasi-p-value does not bear out.
    """
    free = balanced(peel(points, range(points.x.shape[1])), points)
    needed = sorted(free, key=lambda dimension: quasi_p(free, dimension, points))[:most]
    if not needed:
        return {}, [{}]
    path = peel(points, needed)
    return pruned(paste(balanced(path, points), points), points), path


def balanced(path: Sequence[Box], points: Points) -> Box:
    """The box of a path with the highest harmonic mean of coverage and density; the first of equals."""
    return max(path, key=lambda box: score(box, points).balance)


def peel(points: Points, dimensions: Sequence[int]) -> list[Box]:
    """Boxes that shrink, the first without conditions, until none gains, all are cases, or few points are left."""
    fewest = max(FEWEST_POINTS, int(LEAST_SHARE * len(points.x)))
    path: list[Box] = [{}]
    while True:
        box = path[-1]
        within = points.only(inside(box, points.x))
        count, share = len(within.x), within.cases.mean()
        best, gain = None, 0.0
        for dimension, side in _slices(box, within, dimensions):
            kept = _allowed(side, within.x[:, dimension])
            left = int(kept.sum())
            if fewest <= left < count and (rise := (within.cases[kept].mean() - share) / (count - left)) > gain:
                best, gain = {**box, dimension: side}, rise
        if best is None:
            return path
        path.append(best)


def _slices(box: Box, within: Points, dimensions: Sequence[int]) -> Iterator[tuple[int, Side]]:
    """What each slice that can be peeled leaves in its dimension."""
    for dimension in dimensions:
        side, column = box.get(dimension), within.x[:, dimension]
        if within.levels[dimension]:
            held = side if isinstance(side, frozenset) else frozenset(range(within.levels[dimension]))
            yield from ((dimension, held - {one}) for one in sorted(held) if len(held) > 1)
            continue
        low, high = side if isinstance(side, tuple) else (-np.inf, np.inf)
        first, last = np.quantile(column, (PEEL, 1.0 - PEEL))
        above, below = column[column > first], column[column < last]
        if above.size:
            yield dimension, (float(above.min()), high)
        if below.size:
            yield dimension, (low, float(below.max()))


def paste(box: Box, points: Points) -> Box:
    """The box widened, a slice at a time, while its density does not fall."""
    while True:
        now = score(box, points)
        wider = [(score(one, points), one) for one in _widened(box, points)]
        better = [(found, one) for found, one in wider if found.points_inside > now.points_inside and found.density >= now.density]
        if not better:
            return box
        box = max(better, key=lambda pair: (pair[0].density, pair[0].points_inside))[1]


def _widened(box: Box, points: Points) -> Iterator[Box]:
    for dimension, side in box.items():
        if isinstance(side, frozenset):
            yield from ({**box, dimension: side | {one}} for one in range(points.levels[dimension]) if one not in side)
            continue
        others = {other: held for other, held in box.items() if other != dimension}
        column = np.sort(points.x[inside(others, points.x), dimension])
        low, high = side
        slice_ = max(1, int(PEEL * ((column >= low) & (column <= high)).sum()))
        below, above = column[column < low], column[column > high]
        if below.size:
            yield {**box, dimension: (float(below[max(0, below.size - slice_)]), high)}
        if above.size:
            yield {**box, dimension: (low, float(above[min(slice_, above.size) - 1]))}


def quasi_p(box: Box, dimension: int, points: Points) -> float:
    """Chance of as many cases in the box, or more, if the points in it had cases as often as those of the box without this condition."""
    now = score(box, points)
    without = score({other: side for other, side in box.items() if other != dimension}, points)
    if not without.points_inside:
        return 1.0
    return float(binom.sf(now.cases_inside - 1, now.points_inside, without.density))


def pruned(box: Box, points: Points) -> Box:
    """The box without the conditions that it does not need, the least needed first."""
    while box:
        doubts = {dimension: quasi_p(box, dimension, points) for dimension in box}
        worst = max(doubts, key=lambda dimension: doubts[dimension])
        if doubts[worst] <= DOUBT:
            break
        box = {dimension: side for dimension, side in box.items() if dimension != worst}
    return box
