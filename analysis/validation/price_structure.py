"""The price structure of a two-sided platform: Rochet & Tirole (2003), JEEA 1(4) 990-1029, with linear demand on both sides.

Every pair of a buyer and a seller is a transaction. D_B = a - p_B, D_S = b - p_S and a cost c of a transaction have the optimum
margin μ = (a + b - c)/3, p_B = a - μ, p_S = b - μ: the side that is worth less to have is paid to join.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.validation.comparison import Comparison, Exact, above, exact, row
from analysis.validation.target import Section, Target

CASES = ((2.0, 1.0, 0.3, "1.1000", "0.1000"), (3.0, 1.0, 0.2, "1.7333", "-0.2667"), (1.0, 1.0, 0.25, "0.4167", "0.4167"))
"""a, b, c and the two prices."""
STEPS = 60
"""Prices are swept in steps of 1/60, which hold all six optima."""
AGENTS = 20_000
_SOURCE = "Rochet & Tirole 2003"


def _prices(reservation: float, lowest: float) -> NDArray[np.float64]:
    return np.arange(round(lowest * STEPS), round(reservation * STEPS) + 1) / STEPS


def _demand(values: NDArray[np.float64], mass: float, prices: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mass of agents whose value exceeds each price."""
    return mass * (1.0 - np.searchsorted(np.sort(values), prices, side="right") / values.size)


def _optimum(
    buyers: NDArray[np.float64], sellers: NDArray[np.float64], case: tuple[float, float, float], cross_side: float
) -> NDArray[np.float64]:
    """The pair of prices with the highest profit in a sweep over agents with these values.

    cross_side: 1 earns on transactions of both sides; 0 prices each side alone, at half of the cost.
    """
    a, b, cost = case
    price_b, price_s = _prices(a, -1.0), _prices(b, -1.0)
    demand_b, demand_s = _demand(buyers, a + 1.0, price_b), _demand(sellers, b + 1.0, price_s)
    together = (price_b[:, None] + price_s[None, :] - cost) * demand_b[:, None] * demand_s[None, :]
    apart = ((price_b - 0.5 * cost) * demand_b)[:, None] + ((price_s - 0.5 * cost) * demand_s)[None, :]
    best = np.unravel_index(np.argmax(cross_side * together + (1.0 - cross_side) * apart), together.shape)
    return np.array([price_b[best[0]], price_s[best[1]]])


def check_sweep(seeds: Sequence[int], *, cross_side: float = 1.0) -> list[Comparison]:
    """A sweep of both prices finds the optimum: with evenly spread values as printed, with drawn ones on average."""
    table: list[Comparison] = []
    even = (np.arange(AGENTS) + 0.5) / AGENTS
    for a, b, cost, text_b, text_s in CASES:
        found = _optimum((a + 1.0) * even - 1.0, (b + 1.0) * even - 1.0, (a, b, cost), cross_side)
        name = f"a={a:g} b={b:g} c={cost:g}"
        margin = (a + b - cost) / 3.0
        table += [exact(f"{name}: p_B", found[0], text_b), exact(f"{name}: p_S", found[1], text_s)]
        drawn = []
        for seed in seeds:
            random = np.random.default_rng(seed)
            drawn.append(_optimum(random.uniform(-1.0, a, AGENTS), random.uniform(-1.0, b, AGENTS), (a, b, cost), cross_side))
        prices = np.array(drawn)
        table += [row(f"{name}: p_B, drawn", prices[:, 0], a - margin), row(f"{name}: p_S, drawn", prices[:, 1], b - margin)]
        if b < margin:
            table.append(above(f"{name}: creators are paid to join", -prices[:, 1]))
    return table


def check_elasticities(seeds: Sequence[int], *, cross_side: float = 1.0) -> list[Comparison]:
    """At the optimum of the sweep (p - c)/p = 1/(η_B + η_S) and p_B/η_B = p_S/η_S."""
    del seeds
    table: list[Comparison] = []
    even = (np.arange(AGENTS) + 0.5) / AGENTS
    for a, b, cost, *_ in CASES:
        p_b, p_s = _optimum((a + 1.0) * even - 1.0, (b + 1.0) * even - 1.0, (a, b, cost), cross_side)
        eta_b, eta_s = p_b / (a - p_b), p_s / (b - p_s)
        name, price = f"a={a:g} b={b:g} c={cost:g}", p_b + p_s
        table.append(Exact(f"{name}: Lerner index", (price - cost) / price, 1.0 / (eta_b + eta_s), 1e-9))
        table.append(Exact(f"{name}: price over elasticity", p_b / eta_b, p_s / eta_s, 1e-9))
    return table


SECTION = Section(
    "price_structure",
    "4.5 Price structure of a two-sided platform",
    (
        Target("price_sweep", "toy", "a sweep of both prices finds the optimum, and who is paid", _SOURCE, check_sweep),
        Target("elasticities", "toy", "Lerner index and balance of elasticities there", _SOURCE, check_elasticities),
    ),
)
