"""A platform with two sides that is not ours: it has an exact line between launching and unwinding, so that a search for one can be judged.

Each day each agent of a side reconsiders with chance .1 and then is in with chance D(x) = 1/(1 + e^(-k(x - 1/2))), x the share of the other
side that is in. Because D(1 - x) = 1 - D(x), the line N1 + N2 = 1 is invariant, and for k > 4 it parts what launches from what unwinds
(after Evans and Schmalensee 2010, *Review of Network Economics* 9(4)). For k < 4 there is one equilibrium, one half, and nothing to tip.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from analysis.questions.tracing import Axis

SIDES = (Axis("first_side", 0.0, 1.0), Axis("second_side", 0.0, 1.0))
HAZARD = 0.1
DAYS = 200


def launches(k: float = 10.0, agents: int = 400) -> Callable[[Sequence[Mapping[str, float]], Sequence[int]], list[bool]]:
    """Whether runs that begin with these shares of the two sides end with more than half of all agents in."""

    def run(point: Mapping[str, float], seed: int) -> bool:
        draws = np.random.default_rng(seed)
        inside = np.array([round(point[axis.path] * agents) for axis in SIDES])
        for _ in range(DAYS):
            chance = 1.0 / (1.0 + np.exp(-k * (inside[::-1] / agents - 0.5)))
            leaving, coming = draws.binomial(inside, HAZARD), draws.binomial(agents - inside, HAZARD)
            inside = inside - leaving + draws.binomial(leaving + coming, chance)
        return bool(inside.sum() > agents)

    return lambda points, seeds: [run(point, seed) for point, seed in zip(points, seeds, strict=True)]
