"""Worlds of levers whose cheapest rescue is known, because it was planted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from analysis.rescuing.cheapest import Ask, Package, Space

COSTS = (
    (0.0, 20.0, 60.0, 120.0),
    (0.0, 15.0, 40.0, 100.0),
    (0.0, 10.0, 20.0, 40.0),
    (0.0, 3.0, 6.0),
    (0.0, 1.0, 2.0),
    (0.0, 1.0, 2.0),
    (0.0, 5.0, 6.0),
    (0.0, 2.0, 5.0),
)
SPACE = Space(COSTS)
"""15,552 packages."""

Chance = Callable[[Package], float]


def asker(chance: Chance, luck: int = 0, *, is_paired: bool = True) -> Ask:
    """Answers with this chance, the same each time. is_paired: a draw has the same luck under every package, as in the model."""

    def ask(packages: Sequence[tuple[Package, range]]) -> list[list[bool]]:
        return [[uniform(luck, draw, package if not is_paired else ()) < chance(package) for draw in draws] for package, draws in packages]

    return ask


def uniform(luck: int, draw: int, package: Package = ()) -> float:
    """The luck of a draw, from 0 to 1."""
    return float(np.random.default_rng([luck, draw, *package]).random())


def cheapest(chance: Chance, probability: float = 0.8, space: Space = SPACE) -> float:
    """What the cheapest package costs whose chance is at least the probability, by looking at all."""
    packages, costs = space.all()
    return min(float(cost) for package, cost in zip(packages.tolist(), costs, strict=True) if chance(tuple(package)) >= probability)


_BENEFITS = ((0, 2, 5, 7), (0, 2, 4, 6), (0, 1, 2, 3), (0, 1, 2), (0, 0, 0), (0, 0.5, 1), (0, 1, -2), (0, 0.2, 0.5))


def additive(package: Package) -> float:
    """Each level adds; lever 4 is a decoy, and the second level of lever 6 does harm."""
    total = sum(benefit[level] for benefit, level in zip(_BENEFITS, package, strict=True))
    return float(1.0 / (1.0 + np.exp(-4.0 * (total - 9.0))))


def pair(package: Package) -> float:
    """Levers 0 and 1 need each other, and each alone does nothing; too much of lever 6 ruins it."""
    return 0.97 if package[0] >= 2 and package[1] >= 2 and package[6] != 2 else 0.02


def interior(package: Package) -> float:
    """Lever 2 must be at its second level: more of it is as bad as less."""
    return 0.97 if package[0] >= 1 and package[2] == 2 and package[5] >= 1 else 0.03


def routes(package: Package) -> float:
    """One dear change does it, or three cheap ones together."""
    return 0.97 if package[1] == 3 or (package[3] == 2 and package[7] == 2 and package[6] == 1) else 0.03


def hopeless(package: Package) -> float:
    """Nothing helps enough: half at the best."""
    return 0.5 if package[0] == 3 else 0.05


def exactly(chance: Chance) -> Chance:
    """The same without luck."""
    return lambda package: float(chance(package) > 0.5)
