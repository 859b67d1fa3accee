"""Critical mass of a two-sided launch: a toy whose frontier is known exactly, and the model's own."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

from analysis.validation.comparison import Comparison, Exact, exact, row
from analysis.validation.own_critical_mass import TARGETS as OWN
from analysis.validation.target import Section, Target

AGENTS, HAZARD, ROUNDS = 4000, 0.1, 400
"""Agents of a side; chance a round that one of them makes up her mind anew."""
STEEPNESS = 10.0
OUTER = ((6.0, "0.07072"), (8.0, "0.02125"), (10.0, "0.00719"), (12.0, "0.00255"))
"""k and the lower of the two equilibria that a launch may end in; the upper is one minus it."""
BELOW, ABOVE = ((0.2, 0.7), (0.4, 0.55), (0.05, 0.8)), ((0.2, 0.9), (0.45, 0.65), (0.15, 0.95))
"""Starts whose sum is below one, and above."""
_SOURCE = "Evans & Schmalensee 2010; derived"


def demand(share: float, steepness: float) -> float:
    """D(x) = 1/(1 + e^(-k(x - ½))): the share of one side that joins when so many of the other are there."""
    return float(expit(steepness * (share - 0.5)))


def check_equilibria(seeds: Sequence[int], *, steepness_factor: float = 1.0) -> list[Comparison]:
    """Outer equilibria; N1 + N2 = 1 stays so, which makes it the frontier; k < 4 has one equilibrium. steepness_factor: on k."""
    del seeds
    table: list[Comparison] = []
    for k, text in OUTER:
        steepness = steepness_factor * k
        low = float(brentq(lambda x, k=steepness: demand(x, k) - x, 1e-9, 0.3))
        table += [
            exact(f"k = {k:g}: lower equilibrium", low, text),
            Exact(f"k = {k:g}: upper", demand(1.0 - low, steepness), 1.0 - low, 1e-9),
        ]
    one, other = 0.15, 0.85
    for _ in range(500):
        one, other = one + 0.01 * (demand(other, STEEPNESS) - one), other + 0.01 * (demand(one, STEEPNESS) - other)
    table.append(Exact("N1 + N2 from a start at 1", one + other, 1.0, 1e-9))
    grid = np.linspace(0.0, 1.0, 1001)
    for k, equilibria in ((3.0, 1), (10.0, 3)):
        distance = expit(steepness_factor * k * (expit(steepness_factor * k * (grid - 0.5)) - 0.5)) - grid
        crossings = int(((distance[:-1] > 0.0) & (distance[1:] <= 0.0) | (distance[:-1] < 0.0) & (distance[1:] >= 0.0)).sum())
        table.append(Exact(f"k = {k:g}: equilibria", crossings, equilibria, 0.5))
    return table


def _launched(seed: int, start: tuple[float, float], steepness: float) -> NDArray[np.float64]:
    """Shares of both sides after all rounds."""
    random = np.random.default_rng([seed, round(1000 * start[0]), round(1000 * start[1])])
    there = np.array([round(AGENTS * share) for share in start])
    for _ in range(ROUNDS):
        joining = expit(steepness * (there[::-1] / AGENTS - 0.5))
        there = there - random.binomial(there, HAZARD * (1.0 - joining)) + random.binomial(AGENTS - there, HAZARD * joining)
    return np.asarray(there / AGENTS)


def check_launches(seeds: Sequence[int], *, steepness: float = STEEPNESS) -> list[Comparison]:
    """4000 agents a side: starts below the frontier unwind, starts above it launch; with k = 3 all end in the middle. steepness: k."""
    table: list[Comparison] = []
    for starts, expected, end in ((BELOW, 0.0, 0.00719), (ABOVE, 1.0, 1.0 - 0.00719)):
        for start in starts:
            ends = np.array([_launched(seed, start, steepness) for seed in seeds])
            name = f"from {start[0]:g} and {start[1]:g}"
            table.append(Exact(f"{name}: share launched", float((ends.min(axis=1) > 0.9).mean()), expected, 1e-9))
            table.append(row(f"{name}: where it ends", ends.mean(axis=1), end))
    for start in ((0.05, 0.05), (0.95, 0.95)):
        ends = np.array([_launched(seed, start, 0.3 * steepness) for seed in seeds])
        table.append(row(f"k = 3, from {start[0]:g} and {start[1]:g}: where it ends", ends.mean(axis=1), 0.5))
    return table


SECTION = Section(
    "critical_mass",
    "4.4 Critical mass",
    (
        *OWN,
        Target("launch_equilibria", "toy", "equilibria and frontier of a two-sided launch", _SOURCE, check_equilibria),
        Target("launches", "toy", "launches of agents below and above the frontier", _SOURCE, check_launches),
    ),
)
