"""A maker as she decides: what she knows this morning, what a session promises her here, and what stands against it (M5, M8)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.foundation.compiled import compiled
from sim.foundation.elementary import exp
from sim.rules import making, publishing, worth


class Market(NamedTuple):
    """What a maker knows this morning. views_here: V_h by niche, shape (niches,); rivals: shape (open rivals, 3): steerability,
    capability, price.
    """

    views_here: NDArray[np.float64]
    views_outside: float
    payout_usd_per_1000: float
    can_leave: bool
    mean_clip_worth: float
    rivals: NDArray[np.float64]
    admitted_share: float
    people_per_row: float


class Maker(NamedTuple):
    """One maker on a day, as single numbers: her traits, what she has learnt, what she may use.

    novelty: what novelty still adds to a session, USD. price: of an attempt beyond the quota, USD.
    """

    uid: int
    novelty: float
    talent: float
    acceptable_miss: float
    value: float
    is_willing: bool
    making_outside: float
    income_motive: float
    skill: float
    miss_mean: float
    quota: int
    price: float
    session_price: float
    views_here: float


@compiled
def quota_of(settings: Any, entitled: bool, subscribed: bool) -> int:
    """Attempts today that cost a maker nothing more."""
    quota = settings.making_free_quota_per_day
    if entitled:
        quota = max(quota, settings.charging_entitled_quota_per_day)
    if subscribed:
        quota = max(quota, settings.charging_subscription_quota_per_day)
    return int(min(quota, settings.making_patience_attempts))


@compiled
def miss_mean_of(settings: Any, skill: float) -> float:
    """μ of a maker with this skill today."""
    return making.miss_mean(
        settings.making_miss_mean, settings.learning_skill_effect, skill, settings.making_capability, settings.making_capability_to_miss
    )


@compiled
def mean_q(settings: Any, talent: float, capability: float, mean_clip_worth: float) -> float:
    """Mean Q of the clips of a maker of this talent with a tool of this capability."""
    slope = settings.watching_quality_slope
    z = making.quality(talent, capability, settings.making_capability_to_quality, 0.0)
    return exp(slope * z + 0.5 * (slope * settings.creators_clip_noise_sd) ** 2) / mean_clip_worth


@compiled
def worth_by_law(settings: Any, law: making.Law, value: float, payoff: float, price: float) -> float:
    """Expected worth in USD of a session with this law at this price beyond the quota, for a clip worth `value` that pays off `payoff`."""
    effort, disappointment, relief = settings.making_effort_usd, settings.making_disappointment_usd, settings.making_diagnosis_relief
    return worth.expected_session_worth(
        law.success,
        law.attempts,
        law.bought,
        law.failed_control,
        value,
        payoff,
        effort,
        disappointment,
        relief,
        settings.making_uncertainty_usd,
        law.variance,
        price,
    )


@compiled
def rival_worth(
    settings: Any, maker: Maker, rival: tuple[float, float, float], views_outside: float, payout: float, mean_clip_worth: float
) -> float:
    """u_rival of M5 in USD: a session with a rival (steerability, capability, price), whose clip goes out if that pays.

    A rival that asks a price has only makers who pay at all, and they buy each attempt by the rule of M8; -infinity for the others.
    """
    steerability, capability, price = rival
    if price > 0.0 and not maker.is_willing:
        return -np.inf
    patience = int(settings.making_patience_attempts)
    mean, effect, obedience = settings.making_miss_mean, settings.learning_skill_effect, settings.making_capability_to_miss
    ratio = maker.acceptable_miss / making.miss_mean(mean, effect, maker.skill, capability, obedience)
    law = making.session_law(steerability, ratio, patience, 0 if price > 0.0 else patience, maker.value, price)
    if law.attempts == 0.0:
        return -np.inf
    q = mean_q(settings, maker.talent, capability, mean_clip_worth)
    pay = publishing.pay_outside_usd(payout, views_outside, q)
    cost, status = settings.publishing_outside_cost_usd, settings.creators_status_usd
    payoff = max(0.0, publishing.payoff_outside(maker.income_motive, pay, status, views_outside, q, cost))
    return worth_by_law(settings, law, maker.value, payoff, price)


@compiled
def outside_option(
    settings: Any, maker: Maker, rivals: NDArray[np.float64], views_outside: float, payout: float, mean_clip_worth: float
) -> float:
    """o of M5 for a maker today, in USD."""
    if settings.rival_edge == 1.0 and rivals.shape[0] == 0:
        return maker.making_outside
    patience, ratio = int(settings.making_patience_attempts), maker.acceptable_miss / maker.miss_mean
    success = making.session_law(settings.dials_steerability, ratio, patience, maker.quota, maker.value, maker.price).success
    q = mean_q(settings, maker.talent, settings.making_capability, mean_clip_worth)
    pay = success * publishing.pay_outside_usd(payout, views_outside, q)
    gain = 0.0
    for i in range(rivals.shape[0]):
        rival = (rivals[i, 0], rivals[i, 1], rivals[i, 2])
        gain += max(0.0, rival_worth(settings, maker, rival, views_outside, payout, mean_clip_worth) - maker.making_outside)
    return worth.outside_option(maker.making_outside, settings.rival_edge, maker.income_motive, pay, gain)
