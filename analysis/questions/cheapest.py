"""The cheapest package of changes that does, with a given probability, what is wanted; found with few of all the packages there are.

A package takes a level of each lever, 0 for leaving it as it is; its cost is the sum of what its levels cost. All that one can do is
ask of a package and a draw whether it does what is wanted. More of a lever need not be better, and levers may need each other.

A smooth guess of the probability (a Gaussian process over the levels, in probits) says what to ask next. As long as nothing passes: what
passes so far, else what might be best (the upper confidence bound). Then: the package of most expected saving, which is what it would save
over the cheapest that passed, times the chance that it passes too (constrained expected improvement: Gardner et al. 2014, *ICML*; here the
gain is known and only the constraint is not). A package is asked in stages of more and more draws and given up when the upper end of
Wilson's interval is under the bar (racing: Maron and Moore 1997, *Artificial Intelligence Review* 11). At last each level of the cheapest
is lowered by itself, and the likeliest exchanges of one level for another are tried. Where nothing passes, the likeliest are asked on and
half of them given up at each stage (successive halving: Jamieson and Talwalkar 2016, *AISTATS*). Known limit: that nothing is cheaper is
not proved.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve, cholesky, solve_triangular
from scipy.spatial.distance import cdist
from scipy.special import ndtr, ndtri

import sim

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Package = tuple[int, ...]
Ask = Callable[[Sequence[tuple[Package, range]]], list[list[bool]]]
"""Whether each package does what is wanted in each of its draws, in their order. Every package meets the same draws."""

wilson = lru_cache(maxsize=None)(sim.wilson)
"""Asked again and again for a few hundred pairs of numbers."""

MOST_PACKAGES = 500_000
"""More are not searched: they are listed, and the guess is asked of many of them."""
_STAGES = (4, 8, 16)
_FIRST = 24
"""Packages that are asked at random at first, beside nothing and everything."""
_BATCH = 6
_LOOKED_AT = 4_000
"""Packages of which the guess is asked in a round, drawn anew each time."""
_EXCHANGES = 24
"""How many exchanges of one level for another are tried at the end."""
_ROUNDS_WITHOUT = 25
"""Rounds after which nothing is held to pass."""
_REFINED = (48, 24, 12)
"""How many packages are asked on, stage by stage, to find the likeliest where nothing passes."""
_LEAST_SAVING = 0.002
"""The search ends where the most expected saving is less, as a share of what the cheapest that passed costs."""


@dataclass(frozen=True)
class Space:
    """All packages. costs: for each lever what its levels cost, the first 0. budget: the most that a package may cost."""

    costs: tuple[tuple[float, ...], ...]
    budget: float = math.inf

    @property
    def nothing(self) -> Package:
        """The package that changes nothing."""
        return (0,) * len(self.costs)

    @property
    def size(self) -> int:
        """How many packages there are, whatever they cost."""
        return math.prod(len(levels) for levels in self.costs)

    def cost(self, package: Package) -> float:
        """What it costs."""
        return float(sum(levels[level] for levels, level in zip(self.costs, package, strict=True)))

    def all(self) -> tuple[Whole, Array]:
        """The packages within the budget, shape (packages, levers), and what they cost."""
        grid = np.indices([len(levels) for levels in self.costs]).reshape(len(self.costs), -1).T
        costs = np.sum([np.asarray(levels)[grid[:, place]] for place, levels in enumerate(self.costs)], axis=0)
        return grid[costs <= self.budget], costs[costs <= self.budget]

    def lowered(self, package: Package) -> list[Package]:
        """The packages with one level less, or several, of one lever, where that is cheaper."""
        found = []
        for place, level in enumerate(package):
            for other, cost in enumerate(self.costs[place]):
                if cost < self.costs[place][level]:
                    found.append((*package[:place], other, *package[place + 1 :]))
        return found


@dataclass
class Searched:
    """What was asked. answers: package -> whether each of its first draws did what is wanted. ended: whether the search came to an end."""

    space: Space
    draws: int
    answers: dict[Package, list[bool]] = field(default_factory=dict)
    ended: bool = False

    @property
    def runs(self) -> int:
        """How many draws were asked."""
        return sum(len(answers) for answers in self.answers.values())

    def share(self, package: Package) -> float:
        """A cautious share of the draws asked: half a draw of each kind is added."""
        answers = self.answers[package]
        return (sum(answers) + 0.5) / (len(answers) + 1.0)

    def is_done(self, package: Package) -> bool:
        """Whether all its draws were asked."""
        return len(self.answers.get(package, ())) >= self.draws

    def is_out(self, package: Package, bar: float) -> bool:
        """Whether it is surely under the bar."""
        answers = self.answers.get(package, [])
        return bool(answers) and wilson(sum(answers), len(answers))[1] < bar

    def passed(self, bar: float) -> list[Package]:
        """Those that do what is wanted in at least such a share of all draws, the cheapest first."""
        done = [one for one in self.answers if self.is_done(one) and sum(self.answers[one]) >= bar * self.draws]
        return sorted(done, key=lambda one: (self.space.cost(one), one))

    def front(self) -> list[Package]:
        """Those than which none is both cheaper and likelier, the cheapest first."""
        best, found = -1.0, []
        for package in sorted(self.answers, key=lambda one: (self.space.cost(one), -self.share(one), one)):
            if self.share(package) > best:
                best = self.share(package)
                found.append(package)
        return found


def search(space: Space, ask: Ask, bars: Sequence[float], draws: int, *, most_runs: int = 3000, seed: int = 1) -> Searched:
    """Look for the cheapest package that passes each bar (a share of the draws), in turn. Raises ValueError for too large a space."""
    if space.size > MOST_PACKAGES:
        raise ValueError(f"{space.size} packages are more than {MOST_PACKAGES}")
    looking = _Looking(space, ask, Searched(space, draws), most_runs, np.random.default_rng(seed))
    looking.begin()
    for bar in bars:
        looking.found.ended = looking.improve(bar) and looking.polish(bar)
        if not looking.found.passed(bar):
            if looking.found.ended:
                looking.refine()
            break
    return looking.found


class _Looking:
    """A search that goes on."""

    def __init__(self, space: Space, ask: Ask, found: Searched, most_runs: int, luck: np.random.Generator) -> None:
        self.space, self.found, self._ask, self._most_runs, self._luck = space, found, ask, most_runs, luck
        self.packages, self.costs = space.all()
        self._tops = np.array([max(len(levels) - 1, 1) for levels in space.costs], dtype=np.float64)
        self.places = self.packages / self._tops
        self.names = [tuple(row) for row in self.packages.tolist()]
        self._index = {name: place for place, name in enumerate(self.names)}

    def begin(self) -> None:
        """Nothing, the dearest, and some at random, half of them with hardly a lever left alone."""
        dearest = self.names[int(np.lexsort((self.packages.sum(axis=1), self.costs))[-1])]
        used = (self.packages > 0).mean(axis=1)
        weights = np.concatenate([np.ones_like(used), np.exp(6.0 * used)]).reshape(2, -1)
        drawn = [
            self.names[place]
            for row in weights
            for place in self._luck.choice(len(row), min(_FIRST // 2, len(row)), replace=False, p=row / row.sum())
        ]
        self.more(list(dict.fromkeys([self.space.nothing, dearest, *drawn])))

    def more(self, packages: Sequence[Package]) -> None:
        """Ask the next stage of each."""
        asked = []
        for package in packages:
            begun = len(self.found.answers.get(package, ()))
            until = next((stage for stage in (*_STAGES, self.found.draws) if stage > begun), begun)
            asked.append((package, range(begun, min(until, self.found.draws))))
        for (package, _), answers in zip(asked, self._ask(asked), strict=True):
            self.found.answers.setdefault(package, []).extend(answers)

    def improve(self, bar: float) -> bool:
        """Ask what promises most until nothing does; False where the runs were used up before."""
        without = 0
        while self.found.runs < self._most_runs:
            passed = self.found.passed(bar)
            without = 0 if passed else without + 1
            if without > _ROUNDS_WITHOUT or (passed and not self.space.cost(passed[0])):
                return True
            chosen = self._promising(bar, passed[0] if passed else None)
            if not chosen:
                return True
            self.more(chosen)
        return False

    def refine(self) -> None:
        """Where nothing passes, find what is likeliest: ask on, and give up half at each stage."""
        for count in _REFINED:
            mean = Guess.fitted(*self._asked()).at(self._asked()[0])[0]
            asked = list(self.found.answers)
            likeliest = [asked[place] for place in np.argsort(-mean, kind="stable")[:count].tolist()]
            if left := [one for one in likeliest if not self.found.is_done(one)]:
                self.more(left)

    def _promising(self, bar: float, best: Package | None) -> list[Package]:
        """The next packages to ask, empty where none is worth it."""
        looked = self._looked_at(bar, best)
        if not len(looked):
            return []
        guess = Guess.fitted(*self._asked())
        mean, sd = guess.at(self.places[looked])
        if best is None:
            passing = [self._index[one] for one, answers in self.found.answers.items() if sum(answers) >= bar * len(answers)]
            worth = ndtr(mean + sd) + np.isin(looked, passing)
        else:
            worth = (1.0 - self.costs[looked] / self.space.cost(best)) * ndtr((mean - ndtri(bar)) / sd)
        chosen: list[Package] = []
        for _ in range(_BATCH):
            at = int(np.argmax(worth))
            if worth[at] < (_LEAST_SAVING if best is not None else 1e-9):
                break
            chosen.append(self.names[looked[at]])
            worth = worth * (1.0 - guess.likeness(self.places[looked], self.places[looked[at]][None])[:, 0])
            worth[at] = 0.0
        return chosen

    def _looked_at(self, bar: float, best: Package | None) -> Whole:
        """Places of packages worth a guess: cheaper than the best, not given up, not wholly asked; where there are many, some of them."""
        answers = self.found.answers
        if best is None:
            bar = min(bar, max(wilson(sum(one), len(one))[0] for one in answers.values()))
        cheap = np.flatnonzero(self.costs < (math.inf if best is None else self.space.cost(best)))
        if len(cheap) > _LOOKED_AT:
            cheap = np.sort(self._luck.choice(cheap, _LOOKED_AT, replace=False))
            near = {*answers, *(self.space.lowered(best) if best is not None else ())}
            cheap = np.union1d(cheap, [self._index[one] for one in near if best is None or self.space.cost(one) < self.space.cost(best)])
        closed = [self._index[one] for one in answers if self.found.is_done(one) or self.found.is_out(one, bar)]
        return np.setdiff1d(cheap, np.array(closed, dtype=np.int64))

    def _asked(self) -> tuple[Array, Whole, Whole]:
        """Places of what was asked, how often it did what is wanted, and of how many draws."""
        at = np.array(list(self.found.answers), dtype=np.float64) / self._tops
        yes = np.array([sum(one) for one in self.found.answers.values()])
        return at, yes, np.array([len(one) for one in self.found.answers.values()])

    def polish(self, bar: float) -> bool:
        """Lower each level of the cheapest that passed, then try the likeliest exchanges; False where the runs were used up before."""
        tried: dict[Package, list[Package]] = {}
        while passed := self.found.passed(bar):
            best = passed[0]
            left = self._open(self.space.lowered(best), bar)
            if not left:
                if best not in tried:
                    tried[best] = self._exchanges(best, bar)
                left = self._open(tried[best], bar)
            if not left:
                return True
            if self.found.runs >= self._most_runs:
                return False
            self.more(left)
        return True

    def _open(self, packages: Sequence[Package], bar: float) -> list[Package]:
        """Those of which it is not known whether they pass."""
        return [one for one in packages if not self.found.is_done(one) and not self.found.is_out(one, bar)]

    def _exchanges(self, best: Package, bar: float) -> list[Package]:
        """Cheaper packages with one level lower and another higher, those of most expected saving."""
        ceiling, found = self.space.cost(best), []
        for lower in self.space.lowered(best):
            for place, level in enumerate(lower):
                raised = [(*lower[:place], other, *lower[place + 1 :]) for other in range(len(self.space.costs[place])) if other != level]
                found += [one for one in raised if self.space.cost(one) < ceiling and one not in self.found.answers]
        found = list(dict.fromkeys(found))
        if not found:
            return []
        mean, sd = Guess.fitted(*self._asked()).at(np.array(found) / self._tops)
        worth = (1.0 - np.array([self.space.cost(one) for one in found]) / ceiling) * ndtr((mean - ndtri(bar)) / sd)
        return [found[place] for place in np.argsort(-worth, kind="stable")[:_EXCHANGES].tolist()]


_KINDS = tuple((slope, height, reach) for slope in (0.5, 1.0) for height in (1.0, 2.0) for reach in (0.5, 1.0, 2.0))
"""Spreads of the slopes and of the rest, in probits, and the distance in levels (of the lever's all) over which the rest is forgotten."""


@dataclass(frozen=True)
class Guess:
    """A Gaussian process over the levels of the levers, each from 0 to 1: a constant, a slope a lever, and a rest that may jump.

    Its observations are probits of cautious shares, with the variance that so few draws leave (delta method).
    """

    kind: tuple[float, float, float]
    at_asked: Array
    middle: float
    lower: Array
    pull: Array

    @classmethod
    def fitted(cls, at: Array, yes: Whole, draws: Whole) -> Guess:
        """The kind under which the answers are likeliest."""
        share = (yes + 0.5) / (draws + 1.0)
        probit = ndtri(share)
        noise = share * (1.0 - share) / (draws + 1.0) / (np.exp(-(probit**2)) / (2.0 * np.pi))
        middle = float(np.average(probit, weights=1.0 / noise))
        fits = [cls._fit(kind, at, probit - middle, noise, middle) for kind in _KINDS]
        return max(fits, key=lambda fit: fit[0])[1]

    @classmethod
    def _fit(cls, kind: tuple[float, float, float], at: Array, height: Array, noise: Array, middle: float) -> tuple[float, Guess]:
        lower = np.asarray(cholesky(_covariance(kind, at, at) + np.diag(noise), lower=True))
        pull = np.asarray(cho_solve((lower, True), height))
        evidence = -0.5 * float(height @ pull) - float(np.log(np.diag(lower)).sum())
        return evidence, cls(kind, at, middle, lower, pull)

    def at(self, places: Array) -> tuple[Array, Array]:
        """Mean and standard deviation, probits."""
        shared = _covariance(self.kind, self.at_asked, places)
        half = solve_triangular(self.lower, shared, lower=True)
        slope, height, _ = self.kind
        prior = height**2 + slope**2 * (1.0 + (places**2).sum(axis=1))
        return self.middle + shared.T @ self.pull, np.sqrt(np.maximum(prior - (half**2).sum(axis=0), 1e-9))

    def likeness(self, one: Array, other: Array) -> Array:
        """How like the rest of two packages is, from 0 to 1."""
        return np.asarray(np.exp(-cdist(one, other, "cityblock") / self.kind[2]))


def _covariance(kind: tuple[float, float, float], one: Array, other: Array) -> Array:
    slope, height, reach = kind
    return np.asarray(slope**2 * (1.0 + one @ other.T) + height**2 * np.exp(-cdist(one, other, "cityblock") / reach))
