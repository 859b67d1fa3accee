"""Elementary effects: which of many factors matter at all, from few runs.

A trajectory walks through the unit cube and moves one factor a step, each factor once. The elementary effect of a factor is the change of
the output over the size of its step; over the trajectories μ* is the mean of their sizes, μ that of the effects themselves and σ their
standard deviation (Morris 1991, *Technometrics* 33:161; μ* after Campolongo, Cariboni and Saltelli 2007, *Environmental Modelling &
Software* 22:1509). μ* ranks; |μ| far below μ*, or σ as large as μ*, tells of effects that hang on the other factors.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sensitivity.resampling import intervals, weights_of

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Effects:
    """One number a factor each; low and high: 95 % interval of mu_star, by resampling whole trajectories."""

    mu_star: Floats
    low: Floats
    high: Floats
    mu: Floats
    sigma: Floats


def elementary_effects(trajectories: Floats, outputs: Floats) -> Floats:
    """The effects, shape (trajectories, factors).

    trajectories: points, shape (trajectories, factors + 1, factors). outputs: shape (trajectories, factors + 1).
    Raises ValueError unless every step moves one factor, and every trajectory each of them.
    """
    steps = np.diff(trajectories, axis=1)
    moved = steps != 0.0
    if not (moved.sum(axis=2) == 1).all() or not (moved.sum(axis=1) == 1).all():
        raise ValueError("a trajectory must move each factor once, one a step")
    found = np.empty((len(trajectories), trajectories.shape[2]))
    walk, step, factor = np.nonzero(moved)
    found[walk, factor] = np.diff(outputs, axis=1)[walk, step] / steps[walk, step, factor]
    return found


def effects_of(effects: Floats) -> Effects:
    """μ*, μ and σ of each factor from its effects, shape (trajectories, factors), two trajectories or more."""
    sizes = np.abs(effects)
    low, high = intervals(weights_of(len(effects)) @ sizes)
    return Effects(sizes.mean(axis=0), low, high, effects.mean(axis=0), effects.std(axis=0, ddof=1))
