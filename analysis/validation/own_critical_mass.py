"""The critical mass of the model itself: roots of its mean field against worlds started low and high.

A world in which nothing is forgotten, every session brings a usable clip that stays here, and clips live for a day. The share c of
creators who come on a day then obeys

    c = E Λ((v - e + α·ln(1 + V(A)) - o)/T),   A = M·c/A0,   V = (N·slots/(M·c))·ρ·(1 - (1-ρ)^H),   ρ = A/(A + e^o_watch)

over the worth o of makers' time elsewhere; M creators, N people. Everybody's readiness to watch rests at what a visit was worth by the
rule `any_view`, 1 - (1-ρ)^H, so that clips bring watchers and watchers bring views. With the network off (α = 0) there is one root.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit
from scipy.stats import norm

from analysis.validation.comparison import Comparison, Exact, above, row
from analysis.validation.target import Target
from analysis.validation.worlds import ALL_IN, AT_ONCE, lived

ROWS, LAST_DAYS = 1000, 60
LOW, HIGH = 0.02, 0.95
"""Readiness of everybody on the first day."""
LEARNING = {LOW: 1.0, HIGH: 0.4}
"""κ: no root depends on it, only how soon a world is at rest. On the first day nobody knows how clips are seen here, so that those who
start high must not believe it at once."""
STATUS, TEMPERATURE, OUTSIDE_SD, OUTSIDE_PULL, SLOTS, DEPTH = 1.0, 0.33, 0.2, 20.0, 100.0, 20.0
"""α, T and the spread of o in USD; e^o_watch; views of a visit; H. As many creators as pure viewers, and A0 = M."""


class Setting(NamedTuple):
    """net: v - e - mean o in USD; status: α; roots: how many there must be; days from low and from high until a world is at rest."""

    net: float
    status: float
    roots: int
    days_from_low: int
    days_from_high: int


SETTINGS = {
    "weak network": Setting(-0.6, 0.3, 1, 150, 150),
    "between": Setting(-1.45, STATUS, 3, 800, 300),
    "rich": Setting(-0.8, STATUS, 1, 250, 200),
    "network off": Setting(-0.2, 0.0, 1, 100, 100),
}
"""Near a low root hardly anybody comes, so that habits change slowly."""


def field(share: NDArray[np.float64], net: float, status: float) -> NDArray[np.float64]:
    """The right-hand side at shares c of creators who come."""
    given = share / (share + OUTSIDE_PULL)
    views = 2.0 * SLOTS * given * (1.0 - (1.0 - given) ** DEPTH) / share
    outside = OUTSIDE_SD * norm.ppf((np.arange(200) + 0.5) / 200)
    worth = net + status * np.log1p(views)[..., None] - outside
    return np.asarray(expit(worth / TEMPERATURE).mean(axis=-1))


def roots(net: float, status: float) -> list[float]:
    """All c in (0, 1) that the mean field leaves as they are, from the lowest."""
    grid = np.geomspace(1e-4, 1.0, 800)
    left_over = field(grid, net, status) - grid
    places = np.flatnonzero(left_over[:-1] * left_over[1:] < 0.0)
    return [float(brentq(lambda c: float(field(np.array(c), net, status)) - c, grid[i], grid[i + 1])) for i in places]


@cache
def _share_that_comes(seed: int, name: str, start: float, rows: int, days: int, status_factor: float) -> float:
    """Share of creators who come on a day, mean of the last days of a world of so many rows."""
    setting = SETTINGS[name]
    values: dict[str, Any] = {
        "agents": rows,
        "creators_share": 0.5,
        "days": days,
        "habit.initial": start,
        "habit.learning_rate": LEARNING[start],
        "habit.forgetting_per_day": 0.0,
        "habit.novelty_making_usd": 0.0,
        "habit.novelty_watching_logit": 0.0,
        "habit.depth_views": DEPTH,
        "rules.watching_reward": "any_view",
        "creators.value_usd": 10.0,
        "creators.value_ln_sd": 0.0,
        "creators.making_outside_usd": 10.0 - setting.net,
        "creators.making_outside_usd_sd": OUTSIDE_SD,
        "creators.talent_sd": 0.0,
        "creators.clip_noise_sd": 0.0,
        "creators.status_usd": status_factor * setting.status,
        "creators.temperature_usd": TEMPERATURE,
        "making.effort_usd": 0.0,
        "dials.export_leakage": 0.0,
        "dials.monetization": 0.0,
        "watching.outside_logit": math.log(OUTSIDE_PULL),
        "watching.outside_logit_sd": 0.0,
        "watching.slots_per_visit": SLOTS,
        "watching.freshness_decay_per_day": 10.0,
        "watching.attraction_scale": 500.0 * rows,
    }
    daily = lived(seed, ALL_IN, AT_ONCE, values).tables()["daily"]
    return float(daily["makers"].iloc[-LAST_DAYS:].mean()) / (500.0 * rows)


def _at_rest(seed: int, name: str, start: float, days: int, status_factor: float) -> float:
    """The share that comes, as of endlessly many rows: what their number adds falls as one over it, so that two sizes take it off."""
    few, many = (_share_that_comes(seed, name, start, rows, days, status_factor) for rows in (ROWS, 2 * ROWS))
    return 2.0 * many - few


def check_roots(seeds: Sequence[int], *, names: Sequence[str] = tuple(SETTINGS), status_factor: float = 1.0) -> list[Comparison]:
    """Worlds from low and from high come to rest at the lowest and the highest root; they part only where there are three.

    names: of the settings to look at; status_factor: on α of the worlds.
    """
    table: list[Comparison] = []
    for name in names:
        setting = SETTINGS[name]
        found = roots(setting.net, setting.status)
        low = np.array([_at_rest(seed, name, LOW, setting.days_from_low, status_factor) for seed in seeds])
        high = np.array([_at_rest(seed, name, HIGH, setting.days_from_high, status_factor) for seed in seeds])
        table.append(Exact(f"{name}: roots", len(found), setting.roots, 0.5))
        table.append(row(f"{name}: share that comes, from low", low, found[0]))
        table.append(row(f"{name}: share that comes, from high", high, found[-1]))
        if setting.roots == 3:
            table.append(above(f"{name}: high over low", high - low, 0.5 * (found[-1] - found[0])))
    return table


TARGETS = (Target("own_critical_mass", "rule", "the model's own critical mass, network on and off (M3–M6)", "derived", check_roots),)
