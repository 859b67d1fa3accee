"""Inequality of attention by the model's own feed (M4): how views fall to clips as these age and differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv
from scipy.stats import norm

import sim
from analysis.validation.comparison import Comparison, Exact, above, exact, row
from analysis.validation.target import Section, Target
from analysis.validation.toy_attention import TARGETS as TOYS
from analysis.validation.worlds import ALL_IN, AT_ONCE, EVERY_DAY, launched

_FEED: dict[str, Any] = {
    "agents": 2000,
    "creators_share": 0.5,
    "dials.export_leakage": 0.0,
    "creators.clip_noise_sd": 0.0,
    "watching.attraction_scale": 1e4,
    "watching.outside_logit_sd": 0.0,
}
"""A feed in which every maker has a clip a day, all of them like her talent, and all stay here."""


def _fed(seed: int, days: int, values: dict[str, Any]) -> sim.Ecosystem:
    world = launched(seed, ALL_IN, EVERY_DAY, AT_ONCE, _FEED, {"days": days}, values)
    return world.run()


def check_decay(seeds: Sequence[int], *, decay: float = 0.24) -> list[Comparison]:
    """Views of a day fall to clips as e^(-δ·age), so that a clip's attention has the half-life ln 2/δ. decay: δ of the world; .24 is true.

    Mean views of clips by age over those of the day's own clips; every maker has one of each age. There is no chance in it: weights are
    kept in grains of 2^-20.
    """
    days, grain = 12, 2.0**-20
    seen = []
    for seed in seeds[:3]:
        clips = _fed(seed, days, {"watching.freshness_decay_per_day": decay}).world.shelf.fresh()
        age = days - 1 - clips.day
        by_age = np.bincount(age, weights=clips.views_today) / np.bincount(age)
        seen.append(by_age / by_age[0])
    shares = np.mean(seen, axis=0)
    table: list[Comparison] = [Exact(f"views at age {k} over age 0", shares[k], math.exp(-0.24 * k), grain) for k in (1, 3, 7, 11)]
    slope = -float(np.polyfit(np.arange(days), np.log(shares), 1)[0])
    return [*table, Exact("half-life (days)", math.log(2.0) / slope, math.log(2.0) / 0.24, 1e-5)]


def check_top_shares(seeds: Sequence[int], *, slope_factor: float = 1.0) -> list[Comparison]:
    """Views by maker are log-normal with σ = β·(spread of talent): Gini 2Φ(σ/√2) - 1, top 1 % Φ(σ - z_.99). slope_factor: on β."""
    table: list[Comparison] = []
    for slope in (0.41, 0.82, 1.64):
        feed = {"agents": 8000, "watching.quality_slope": slope_factor * slope, "creators.talent_sd": 1.0}
        finals = [_fed(seed, 1, feed).finals() for seed in seeds]
        gini = 2.0 * norm.cdf(slope / math.sqrt(2.0)) - 1.0
        top = float(norm.cdf(slope - norm.ppf(0.99)))
        table += [
            row(f"σ = {slope:g}: Gini of views", [one["creator_views_gini"] for one in finals], gini),
            row(f"σ = {slope:g}: share of the top 1 %", [one["creator_views_top1_share"] for one in finals], top),
        ]
    return table


def check_popularity(seeds: Sequence[int], *, exponent: float = 0.5) -> list[Comparison]:
    """Where views bring views (χ > 0) they are less equal among clips, and more so the stronger. exponent: χ of the stronger world."""
    shares = [[_clip_gini(seed, chi) for chi in (0.0, 0.5 * exponent, exponent)] for seed in seeds]
    found = np.array(shares)
    return [
        above("Gini of clips' views, χ = .25 over 0", found[:, 1] - found[:, 0]),
        above("Gini of clips' views, χ = .5 over .25", found[:, 2] - found[:, 1]),
    ]


def _clip_gini(seed: int, popularity: float) -> float:
    """Gini of the views of the clips of the first day, ten days later."""
    clips = _fed(seed, 10, {"watching.popularity_exponent": popularity}).world.shelf.fresh()
    return sim.gini(clips.views[clips.day == 0])


def check_novelty(seeds: Sequence[int], *, exponent: float = 0.4) -> list[Comparison]:
    """Attention to an item falls as e^(-.4·t^.4), t in minutes: half of it is given within 69 minutes. exponent: of t."""
    del seeds
    return [exact("median of attention (min)", (gammaincinv(1.0 / exponent, 0.5) / 0.4) ** (1.0 / exponent), "69.002")]


def check_pareto(seeds: Sequence[int], *, exponent_factor: float = 1.0) -> list[Comparison]:
    """Incomes with the Pareto exponent a have the Gini 1/(2a - 1), by the model's own measure. exponent_factor: on a of the incomes."""
    del seeds
    strata = np.arange(200_001) / 200_000
    table: list[Comparison] = []
    for a in (1.5, 2.0, 3.0):
        lorenz = 1.0 - (1.0 - strata) ** (1.0 - 1.0 / (exponent_factor * a))
        incomes: NDArray[np.int64] = np.round(np.diff(lorenz) * 1e15).astype(np.int64)
        table.append(Exact(f"a = {a:g}: Gini", sim.gini(incomes), 1.0 / (2.0 * a - 1.0), 1e-5))
    return table


SECTION = Section(
    "attention",
    "4.6 Inequality of attention",
    (
        Target("decay", "rule", "views fall to clips as these age (M4)", "Wu & Huberman 2007, form", check_decay),
        Target("top_shares", "rule", "Gini and top 1 % of views (M4)", "derived", check_top_shares),
        Target("popularity", "rule", "views that bring views make them less equal (M4)", "Salganik et al. 2006, sign", check_popularity),
        Target("novelty", "toy", "novelty decay in its original form", "Wu & Huberman 2007", check_novelty),
        Target("pareto", "toy", "Gini of Pareto incomes", "derived", check_pareto),
        *TOYS,
    ),
)
