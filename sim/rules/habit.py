"""M6. Failing, uncertain sessions keep the habit from forming (claim C3); novelty marvels and fades (C5).

After making x_make ← x_make + κ(Λ((u-o)/T) - x_make); after watching x_watch ← x_watch + κ(ρ - x_watch); on a day without x ← (1-φ)·x. Each
comes tomorrow with its own chance. For a constant reward R the fixed point is x* = (κR - φ)/(κ - φ), zero below R* = φ/κ (in the mean
field: x ← x + x·κ(R-x) - (1-x)·φ·x). Retention is observed, never set.
"""

from __future__ import annotations

from sim.foundation.compiled import compiled
from sim.foundation.elementary import exp, logistic
from sim.foundation.parameters import Parameter, assumed, calibrated

_FIT = "D1, D7, D30 and daily users of the Sora app"
PARAMETERS = (
    Parameter("habit.initial", 0.13, "share", "readiness on arrival and on return (x0)", calibrated(_FIT), low=0, high=1),
    Parameter("habit.learning_rate", 0.79, "1", "how fast readiness follows what a visit was worth (κ)", calibrated(_FIT), low=0, high=1),
    Parameter("habit.forgetting_per_day", 0.074, "1/day", "how fast readiness fades on days without (φ)", calibrated(_FIT), low=0, high=1),
    Parameter("habit.novelty_days", 5.0, "day", "e-folding time of novelty (τ)", calibrated(_FIT), low=0, low_open=True),
    Parameter("habit.novelty_making_usd", 1.45, "USD", "what novelty adds to a newcomer's session (ν)", calibrated(_FIT), low=0),
    Parameter("habit.novelty_watching_logit", 0.52, "logit", "what novelty adds to the feed (ν)", calibrated(_FIT), low=0),
    Parameter(
        "habit.dormant_below",
        1e-4,
        "share",
        "readiness under which a lapsed person is no longer drawn",
        assumed("below notice"),
        low=0,
        high=0.1,
    ),
    Parameter(
        "habit.depth_views",
        3.0,
        "views",
        "views of a visit that one good clip can redeem (H), for the variant any_view",
        assumed("vary"),
        low=0,
    ),
    Parameter(
        "rules.watching_reward",
        "share",
        "choice",
        "what watching leaves behind: the share of attention, or the chance of any good view",
        assumed("structural: sweep"),
        kind="choice",
        choices=("share", "any_view"),
        mid_run=False,
    ),
)


@compiled
def making_reward(worth: float, outside: float, temperature: float) -> float:
    """Λ((u-o)/T), in [0, 1]."""
    return logistic((worth - outside) / temperature)


@compiled
def readiness_after_visit(readiness: float, learning_rate: float, reward: float) -> float:
    """x + κ(reward - x)."""
    return readiness + learning_rate * (reward - readiness)


@compiled
def readiness_after_day_without(readiness: float, forgetting: float) -> float:
    """(1-φ)·x."""
    return (1.0 - forgetting) * readiness


@compiled
def faded(novelty: float, age_days: float, novelty_days: float) -> float:
    """novelty·e^(-age/τ), in the unit of novelty."""
    return novelty * exp(-age_days / novelty_days)
