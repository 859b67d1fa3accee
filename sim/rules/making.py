"""M1. Making is a draw: usable with a small chance, and a failed attempt does not tell why (claims C1, C11).

Attempt 1 draws a miss y ~ Exponential(mean μ), μ = μ0·e^(-k·s)·capability^(-ξ), and is accepted when y ≤ a. Else, up to patience and quota,
the next attempt is controlled with probability θ (steerability): the miss is halved; otherwise it is a fresh draw.

Because the exponential forgets, what is known of y after c controlled steps since the last fresh draw is only that y·2^c > a·2^c: the
chance
that a controlled step is accepted is 1 - e^(-a·2^c/μ) at c = 0, 1, ...; "controlled steps since the last fresh draw" is therefore a Markov
chain and `session_law` is exact.
Closed forms: θ=0: π = 1 - e^(-a/μ), attempts (1-(1-π)^n)/π; θ=1: 1 + ⌈log2(y/a)⌉ attempts for y > a.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.foundation.compiled import compiled
from sim.foundation.elementary import exp, log, power
from sim.foundation.parameters import Parameter, assumed, calibrated, measured

PARAMETERS = (
    Parameter(
        "making.capability", 1.0, "1", "how good clips look, launch = 1", assumed("a scale: only ratios matter"), low=0, low_open=True
    ),
    Parameter(
        "making.capability_to_miss",
        0.0,
        "1",
        "how far capability also makes the model obey (ξ)",
        assumed("capability is looks, not obedience"),
        low=0,
    ),
    Parameter(
        "making.capability_to_quality",
        0.3,
        "1",
        "how far capability raises quality (χ_q)",
        assumed("below 1: expectations rise with the field"),
        low=0,
    ),
    Parameter("making.miss_mean", 1.0, "1", "mean miss of an uncontrolled attempt (μ0)", assumed("a scale"), low=0, low_open=True),
    Parameter(
        "making.acceptable_miss",
        0.085,
        "1",
        "median of the miss a maker accepts (a)",
        measured("usable clips 5-10 % in press tests of Sora (Znews on iResearch, 2025-12)"),
        low=0,
        low_open=True,
        mid_run=False,
    ),
    Parameter("making.acceptable_miss_ln_sd", 0.3, "1", "sd of ln a over makers", assumed("vary"), low=0, mid_run=False),
    Parameter(
        "making.patience_attempts",
        12,
        "attempts",
        "attempts after which a maker gives up (n)",
        assumed("vary"),
        kind="whole",
        low=1,
        high=500,
    ),
    Parameter(
        "making.free_quota_per_day",
        30,
        "attempts/day",
        "attempts a day that cost the maker nothing",
        measured("30 a day at launch of Sora (Peebles, 2025-10-30)"),
        kind="whole",
        low=0,
    ),
    Parameter("making.effort_usd", 0.074, "USD/attempt", "the maker's effort in an attempt (e)", assumed("dominant: vary"), low=0),
    Parameter(
        "making.disappointment_usd", 0.47, "USD", "what a session without a usable clip costs her (loss)", assumed("dominant: vary"), low=0
    ),
    Parameter(
        "making.diagnosis_relief",
        0.5,
        "1",
        "how far control tells her why, and eases it (ζ)",
        assumed("half of the disappointment is not knowing why"),
        low=0,
        high=1,
    ),
    Parameter("making.uncertainty_usd", 0.0, "USD", "dislike (+) or liking (-) of uncertain sessions (ρ_u)", assumed("both signs: vary")),
    Parameter(
        "dials.steerability",
        0.5,
        "1",
        "chance that the next attempt is controlled, one step nearer to what the maker wants (θ)",
        calibrated("coding guide: Sora .05"),
        low=0,
        high=1,
    ),
)


@compiled
def miss_mean(mean: float, skill_effect: float, skill: float, capability: float, capability_to_miss: float) -> float:
    """μ, the mean miss of an uncontrolled attempt of a maker with this skill."""
    return mean * exp(-skill_effect * skill) * power(capability, -capability_to_miss)


@compiled
def next_miss(previous: float, controlled: bool, miss_mean: float, draw: float) -> float:
    """The miss of the next attempt: half the last one if controlled, else a fresh exponential draw."""
    return 0.5 * previous if controlled else -miss_mean * log(draw)


@compiled
def acceptance_chance(steerability: float, acceptable_over_mean: float, controlled_steps: int) -> float:
    """Chance that the next attempt is accepted, after this many controlled steps since the last fresh draw, the last one rejected."""
    fresh = 1.0 - exp(-acceptable_over_mean)
    if controlled_steps == 0:
        return fresh
    stepped = 1.0 - exp(-acceptable_over_mean * power(2.0, float(controlled_steps)))
    return steerability * stepped + (1.0 - steerability) * fresh


class Law(NamedTuple):
    """Of a session: chance of a usable clip, mean and variance of attempts, mean attempts bought, and the mean share of controlled attempts
    (all but the first count) over sessions without a usable clip, times their chance.
    """

    success: float
    attempts: float
    variance: float
    bought: float
    failed_control: float


@compiled
def session_law(steerability: float, acceptable_over_mean: float, patience: int, quota: int, value: float, price: float) -> Law:
    """The exact law of a session.

    The first `quota` attempts are free; beyond them the next is bought while value × its chance of acceptance > price (price infinite:
    never).
    """
    chance_of = np.zeros(patience + 1)
    waiting = np.zeros(patience + 1)
    control_so_far = np.zeros(patience + 1)
    for steps in range(patience + 1):
        chance_of[steps] = acceptance_chance(steerability, acceptable_over_mean, steps)
    waiting[0] = 1.0
    success = attempts = squares = bought = failed_control = 0.0
    for number in range(1, patience + 1):
        going_on = fresh = fresh_control = 0.0
        control = steerability if number > 1 else 0.0
        for steps in range(min(number, patience) - 1, -1, -1):
            mass, controlled = waiting[steps], control_so_far[steps]
            waiting[steps] = control_so_far[steps] = 0.0
            if number > quota and not value * chance_of[steps] > price:
                failed_control += controlled / max(1.0, number - 2.0)
                continue
            going_on += mass
            success += mass * chance_of[steps]
            missed_step = control * exp(-acceptable_over_mean * power(2.0, float(steps)))
            missed_fresh = (1.0 - control) * exp(-acceptable_over_mean)
            waiting[steps + 1] = mass * missed_step
            control_so_far[steps + 1] = (controlled + mass) * missed_step
            fresh += mass * missed_fresh
            fresh_control += controlled * missed_fresh
        waiting[0], control_so_far[0] = fresh, fresh_control
        attempts += going_on
        squares += going_on * (2.0 * number - 1.0)
        if number > quota:
            bought += going_on
    failed_control += np.sum(control_so_far) / max(1.0, patience - 1.0)
    return Law(success, attempts, max(0.0, squares - attempts * attempts), bought, failed_control)


@compiled
def quality(talent: float, capability: float, capability_to_quality: float, noise: float) -> float:
    """z, the quality of a clip in standard units; noise in the same units."""
    return talent + capability_to_quality * log(capability) + noise
