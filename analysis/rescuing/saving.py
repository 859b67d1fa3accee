"""Which package of changes to recommend: found with some draws, then held to others, so that nothing is taken for good that was lucky."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.rescuing.cheapest import Ask, Package, Searched, Space, search
from sim import wilson

NEEDS_NONE, NEED_UNCLEAR, SAVED, UNCLEAR, LOST = "needs no saving", "cannot tell whether it needs saving", "saved", "cannot tell", "lost"
_MOST_CERTIFIED = 8


@dataclass(frozen=True)
class Held:
    """A package held to the draws that decide. count: in how many of them it does what is wanted."""

    package: Package
    count: int
    draws: int

    @property
    def share(self) -> float:
        """The share of the draws."""
        return self.count / self.draws

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of its probability."""
        return wilson(self.count, self.draws)


@dataclass(frozen=True)
class Decision:
    """What is to be done. kind: NEEDS_NONE, NEED_UNCLEAR, SAVED, UNCLEAR (the interval of the best holds the bar) or LOST.

    chosen: the cheapest package that does it; under LOST the likeliest, under NEEDS_NONE and NEED_UNCLEAR nothing. held: all that were held
    to the draws that decide, the cheapest first. without: lever that the chosen one uses -> what is left when it alone is left out.
    searched: None where there was no need.
    """

    kind: str
    chosen: Held
    held: tuple[Held, ...]
    without: dict[int, Held]
    searched: Searched | None


def decide(
    space: Space, look: Ask, certify: Ask, *, probability: float, looked: int, draws: int, most_runs: int = 3000, seed: int = 1
) -> Decision:
    """The cheapest package that does what is wanted with a probability of at least `probability`.

    look: asked by the search, `looked` draws of a package at the most. certify: other draws, which decide; `draws` of each package.
    A package is SAVED where its whole interval is at or above the probability. Raises ValueError for too large a space.
    """
    held = _Holding(certify, draws)
    [base] = held.all([space.nothing])
    if base.share >= probability:
        return Decision(NEEDS_NONE if base.interval[0] >= probability else NEED_UNCLEAR, base, (base,), {}, None)
    searched = search(space, look, _bars(probability, draws), looked, most_runs=most_runs, seed=seed)
    found = held.all([space.nothing, *_candidates(searched, probability, draws)])
    kind, chosen = _choice(space, found, probability)
    while True:
        parts = [place for place, level in enumerate(chosen.package) if level]
        without = dict(zip(parts, held.all([_left_out(chosen.package, place) for place in parts]), strict=True))
        again = _choice(space, [chosen, *without.values()], probability)
        if again[0] != kind or again[1] == chosen:
            break
        chosen = again[1]
    return Decision(
        kind, chosen, tuple(sorted(held.known.values(), key=lambda one: (space.cost(one.package), one.package))), without, searched
    )


class _Holding:
    """Holds packages to the draws that decide, each once."""

    def __init__(self, certify: Ask, draws: int) -> None:
        self.known: dict[Package, Held] = {}
        self._certify, self._draws = certify, draws

    def all(self, packages: Sequence[Package]) -> list[Held]:
        new = [one for one in dict.fromkeys(packages) if one not in self.known]
        if new:
            for package, answers in zip(new, self._certify([(one, range(self._draws)) for one in new]), strict=True):
                self.known[package] = Held(package, sum(answers), self._draws)
        return [self.known[one] for one in packages]


def fewest_to_show(probability: float, draws: int) -> int | None:
    """Of so many draws how many must do what is wanted for the whole interval to be above the probability; None if not even all suffice."""
    return next((count for count in range(draws + 1) if wilson(count, draws)[0] >= probability), None)


def draws_to_show(probability: float) -> int:
    """How many draws show the probability if all of them do what is wanted."""
    return next(draws for draws in range(1, 100_000) if wilson(draws, draws)[0] >= probability)


def _bars(probability: float, draws: int) -> tuple[float, ...]:
    """What the search looks for: the probability itself, and a share that the deciding draws could show to be above it."""
    fewest = fewest_to_show(probability, draws)
    return (probability,) if fewest is None else (probability, fewest / draws)


def _candidates(searched: Searched, probability: float, draws: int) -> list[Package]:
    """What is worth the draws that decide: the cheapest that passed, those that few cost less and are likelier."""
    passed = [one for bar in _bars(probability, draws) for one in searched.passed(bar)[:3]]
    return list(dict.fromkeys([*passed, *reversed(searched.front())]))[:_MOST_CERTIFIED]


def _choice(space: Space, found: Sequence[Held], probability: float) -> tuple[str, Held]:
    """The cheapest whose whole interval is above the probability; else the cheapest whose share is; else the likeliest."""

    def cost(one: Held) -> tuple[float, int, Package]:
        return space.cost(one.package), sum(level > 0 for level in one.package), one.package

    if sure := [one for one in found if one.interval[0] >= probability]:
        return SAVED, min(sure, key=cost)
    if likely := [one for one in found if one.share >= probability]:
        return UNCLEAR, min(likely, key=cost)
    best = min(found, key=lambda one: (-one.share, cost(one)))
    return UNCLEAR if best.interval[1] >= probability else LOST, best


def _left_out(package: Package, place: int) -> Package:
    return (*package[:place], 0, *package[place + 1 :])


def front(space: Space, held: Sequence[Held]) -> list[Held]:
    """Those than which none is both cheaper and likelier, the cheapest first."""
    best, found = -math.inf, []
    for one in sorted(held, key=lambda one: (space.cost(one.package), -one.share, one.package)):
        if one.share > best:
            best = one.share
            found.append(one)
    return found
