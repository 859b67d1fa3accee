"""A maker's session: attempts, acceptance, learning, what it was worth, where the clip goes (M1-M3, M5)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.foundation.compiled import compiled, inlined
from sim.foundation.elementary import exp, normal_quantile
from sim.foundation.streams import COME, MAKE, PUBLISH, draw
from sim.foundation.sums import QUALITY_SCALE, SHARE_SCALE, WEIGHT_LIMIT, WORTH_LIMIT, WORTH_SCALE, fixed
from sim.populations.people import ACTIVE, MAKES, REFUSED
from sim.populations.visits import COHORT_DAYS
from sim.rules import charging, habit, learning, making, publishing, viewing, worth

# What a day of making counts, in rows unless a unit is given.
(
    SESSIONS,
    REFUSALS,
    MAKERS,
    ATTEMPTS,
    CONTROLLED,
    CREDIT_ATTEMPTS,
    ACCEPTED,
    SKILL,
    CLIPS_HERE,
    CLIPS_BOTH,
    CLIPS_OUTSIDE,
    QUALITY_MADE,
    QUALITY_EXPORTED,
    OUTSIDE_VIEWS,
    OUTSIDE_EQUIVALENT_MICRO,
    NEW_PAYERS,
    SUBSCRIBERS,
) = range(17)
COUNTED = 17

# What is kept by adoption cohort: rows of a matrix (kind, cohort).
(
    BY_ATTEMPTS,
    BY_CREDIT_ATTEMPTS,
    BY_SUBSCRIBERS,
    BY_CLIPS_PUBLISHED,
    BY_VIEWS,
    BY_OUTSIDE_VIEWS,
    BY_PAY_MICRO,
    BY_OUTSIDE_PAY_MICRO,
) = range(8)
KEPT_BY_COHORT = 8


class Market(NamedTuple):
    """What a maker knows this morning. views_here: V_h by niche, shape (niches,); rivals: shape (open rivals, 3): steerability, capability, price."""

    views_here: NDArray[np.float64]
    views_outside: float
    payout_usd_per_1000: float
    can_leave: bool
    mean_clip_worth: float
    rivals: NDArray[np.float64]
    admitted_share: float
    people_per_row: float


class Clipboard(NamedTuple):
    """Clips of today that stand here: row of the maker, niche, worth on the first day with the overlap taken off. count: shape (1,)."""

    maker: NDArray[np.int32]
    niche: NDArray[np.int16]
    worth: NDArray[np.float32]
    count: NDArray[np.int64]


class Session(NamedTuple):
    """One session: what came of it."""

    accepted: bool
    attempts: int
    controlled: int
    bought: int


@inlined
def quota_of(settings: Any, creators: Any, row: int) -> int:
    """Attempts today that cost this maker nothing more."""
    quota = settings.making_free_quota_per_day
    if creators.entitled[row]:
        quota = max(quota, settings.charging_entitled_quota_per_day)
    if creators.subscribed[row]:
        quota = max(quota, settings.charging_subscription_quota_per_day)
    return int(min(quota, settings.making_patience_attempts))


@inlined
def attempt(
    key: NDArray[np.uint64],
    uid: int,
    day: int,
    steerability: float,
    miss_mean: float,
    acceptable: float,
    patience: int,
    quota: int,
    value: float,
    price: float,
) -> Session:
    """Attempts until a clip is accepted, patience runs out, or the next attempt is neither free nor worth its price (M1, M8)."""
    miss = 0.0
    controlled_steps = controlled = bought = 0
    for number in range(patience):
        if number >= quota:
            chance = making.acceptance_chance(steerability, acceptable / miss_mean, controlled_steps)
            if not charging.buys_attempt(value, chance, price):
                return Session(False, number, controlled, bought)
            bought += 1
        control, fresh, _, _ = draw(key, uid, day, MAKE + number)
        is_controlled = number > 0 and control < steerability
        miss = making.next_miss(miss, is_controlled, miss_mean, fresh)
        controlled_steps = controlled_steps + 1 if is_controlled else 0
        controlled += 1 if is_controlled else 0
        if miss <= acceptable:
            return Session(True, number + 1, controlled, bought)
    return Session(False, patience, controlled, bought)


@inlined
def _rivals_gain(settings: Any, creators: Any, row: int, market: Market, acceptable_over_mean: float, own: float, q_mean: float) -> float:
    """Σ over open rivals of max(0, u_rival - o_make); a clip made with a rival goes out if that pays."""
    gain = 0.0
    for i in range(market.rivals.shape[0]):
        steerability, capability, price = market.rivals[i]
        value = float(creators.value[row])
        patience = int(settings.making_patience_attempts)
        success, attempts, _, _ = making.session_law(steerability, acceptable_over_mean, patience, patience, value, np.inf)
        q = q_mean * exp(settings.watching_quality_slope * making.quality(0.0, capability, settings.making_capability_to_quality, 0.0))
        payoff = 0.0
        if market.can_leave:
            pay = publishing.pay_outside_usd(market.payout_usd_per_1000, market.views_outside, q)
            cost = settings.publishing_outside_cost_usd
            payoff = publishing.payoff_outside(creators.income_motive[row], pay, settings.creators_status_usd, market.views_outside, q, cost)
        theirs = worth.expected_session_worth(
            success,
            attempts,
            attempts,
            value,
            max(0.0, payoff),
            settings.making_effort_usd,
            settings.making_disappointment_usd,
            settings.making_diagnosis_relief * steerability,
            price,
        )
        gain += max(0.0, theirs - own)
    return gain


@inlined
def _outside_option(settings: Any, creators: Any, row: int, market: Market, acceptable_over_mean: float, quota: int, price: float) -> float:
    """o of M5 for this maker today."""
    own = float(creators.making_outside[row])
    if settings.rival_edge == 1.0 and market.rivals.shape[0] == 0:
        return own
    slope = settings.watching_quality_slope
    q_mean = exp(slope * creators.talent[row] + 0.5 * (slope * settings.creators_clip_noise_sd) ** 2) / market.mean_clip_worth
    q_own = q_mean * exp(slope * making.quality(0.0, settings.making_capability, settings.making_capability_to_quality, 0.0))
    patience = int(settings.making_patience_attempts)
    success = making.session_law(settings.dials_steerability, acceptable_over_mean, patience, quota, creators.value[row], price)[0]
    pay = success * publishing.pay_outside_usd(market.payout_usd_per_1000, market.views_outside, q_own)
    gain = _rivals_gain(settings, creators, row, market, acceptable_over_mean, own, q_mean)
    return worth.outside_option(own, settings.rival_edge, creators.income_motive[row], pay, gain)


@inlined
def _publish(
    key: NDArray[np.uint64],
    settings: Any,
    people: Any,
    creators: Any,
    row: int,
    day: int,
    market: Market,
    clipboard: Clipboard,
    counts: NDArray[np.int64],
    by_cohort: NDArray[np.int64],
) -> float:
    """Choose the outlet of a usable clip, count and pay it; returns the pay-off of the outlet chosen, in USD (M3)."""
    noise_draw, leak_draw, outlet_draw, _ = draw(key, people.uid[row], day, PUBLISH)
    noise = settings.creators_clip_noise_sd * normal_quantile(noise_draw)
    z = making.quality(creators.talent[row], settings.making_capability, settings.making_capability_to_quality, noise)
    clip_worth = min(viewing.clip_worth(settings.watching_quality_slope, z), WEIGHT_LIMIT)
    q = clip_worth / market.mean_clip_worth
    niche = people.niche[row]
    motive, status = float(creators.income_motive[row]), settings.creators_status_usd
    views_here, views_out = market.views_here[niche], market.views_outside
    pay_out = publishing.pay_outside_usd(market.payout_usd_per_1000, views_out, q)
    pay_here = settings.dials_monetization * pay_out
    exclusive = settings.publishing_exclusive == 1.0
    overlap, cost = settings.publishing_overlap, settings.publishing_outside_cost_usd
    here = publishing.payoff_here(motive, pay_here, status, views_here, q)
    both = publishing.payoff_both(motive, pay_here, pay_out, status, views_here, views_out, q, overlap, cost, exclusive)
    outside = publishing.payoff_outside(motive, pay_out, status, views_out, q, cost)
    outlet = publishing.HERE
    if market.can_leave and leak_draw < settings.dials_export_leakage:
        outlet = publishing.choose_outlet(here, both, outside, settings.creators_temperature_usd, outlet_draw)

    cohort = people.adopted_day[row] // COHORT_DAYS
    people_per_row = market.people_per_row
    counts[QUALITY_MADE] += fixed(q, QUALITY_SCALE)
    if outlet != publishing.HERE:
        views = fixed(views_out * q * people_per_row, 1.0)
        pay_micro = fixed(pay_out * people_per_row, 1e6)
        counts[OUTSIDE_VIEWS] += views
        counts[QUALITY_EXPORTED] += fixed(q, QUALITY_SCALE)
        by_cohort[BY_OUTSIDE_VIEWS, cohort] += views
        by_cohort[BY_OUTSIDE_PAY_MICRO, cohort] += pay_micro
        creators.outside_pay_micro[row] += pay_micro
    if outlet == publishing.OUTSIDE:
        counts[CLIPS_OUTSIDE] += 1
        return outside
    counts[OUTSIDE_EQUIVALENT_MICRO] += fixed(pay_out * people_per_row, 1e6)
    by_cohort[BY_CLIPS_PUBLISHED, cohort] += 1
    if outlet == publishing.HERE or not exclusive:
        pay_micro = fixed(pay_here * people_per_row, 1e6)
        by_cohort[BY_PAY_MICRO, cohort] += pay_micro
        creators.pay_micro[row] += pay_micro
    at = clipboard.count[0]
    clipboard.maker[at] = row
    clipboard.niche[at] = niche
    clipboard.worth[at] = clip_worth * (1.0 - overlap) if outlet == publishing.BOTH else clip_worth
    clipboard.count[0] += 1
    if outlet == publishing.BOTH:
        counts[CLIPS_BOTH] += 1
        return both
    counts[CLIPS_HERE] += 1
    return here


@inlined
def _session(
    key: NDArray[np.uint64],
    settings: Any,
    people: Any,
    creators: Any,
    row: int,
    day: int,
    market: Market,
    clipboard: Clipboard,
    counts: NDArray[np.int64],
    by_cohort: NDArray[np.int64],
) -> float:
    """One maker's day; returns (u - o)/T, or NaN when she could not make at all and only watches."""
    skill = learning.skill_at_start(creators.skill[row], settings.learning_carry_over)
    miss_mean = making.miss_mean(
        settings.making_miss_mean, settings.learning_skill_effect, skill, settings.making_capability, settings.making_capability_to_miss
    )
    acceptable, value = float(creators.acceptable_miss[row]), float(creators.value[row])
    ratio = acceptable / miss_mean
    quota = quota_of(settings, creators, row)
    price = settings.charging_credit_usd_per_attempt if creators.willing[row] else np.inf
    steerability, patience = settings.dials_steerability, int(settings.making_patience_attempts)
    if quota == 0 and not charging.buys_attempt(value, making.acceptance_chance(steerability, ratio, 0), price):
        return np.nan
    session = Session(False, 0, 0, 0)
    payoff = variance = paid = 0.0
    if draw(key, people.uid[row], day, COME)[2] >= market.admitted_share:
        counts[REFUSALS] += 1
        people.came[row] |= REFUSED
    else:
        session = attempt(key, people.uid[row], day, steerability, miss_mean, acceptable, patience, quota, value, price)
        counts[SESSIONS] += 1
        counts[MAKERS] += 1
        people.came[row] |= ACTIVE
        uncontrolled = session.attempts - session.controlled
        creators.skill[row] = learning.skill_after_session(
            skill, settings.learning_rate, session.controlled, settings.learning_uncontrolled_share, uncontrolled
        )
        counts[SKILL] += fixed(creators.skill[row], SHARE_SCALE)
        _count_attempts(people, creators, row, session, counts, by_cohort)
        if session.bought > 0:
            paid = price * session.bought
        if session.accepted:
            counts[ACCEPTED] += 1
            payoff = _publish(key, settings, people, creators, row, day, market, clipboard, counts, by_cohort)
        if settings.making_uncertainty_usd != 0.0:
            variance = making.session_law(steerability, ratio, patience, quota, value, price)[2]
    age = float(day - people.adopted_day[row])
    u = worth.session_worth(
        session.accepted,
        value,
        payoff,
        session.attempts,
        session.controlled,
        settings.making_effort_usd,
        settings.making_disappointment_usd,
        settings.making_diagnosis_relief,
        settings.making_uncertainty_usd,
        variance,
        paid + creators.session_price[row],
        habit.faded(settings.habit_novelty_making_usd, age, settings.habit_novelty_days),
    )
    o = _outside_option(settings, creators, row, market, ratio, quota, price)
    creators.make_reward[row] = habit.making_reward(u, o, settings.creators_temperature_usd)
    return (u - o) / settings.creators_temperature_usd


@inlined
def _count_attempts(people: Any, creators: Any, row: int, session: Session, counts: NDArray[np.int64], by_cohort: NDArray[np.int64]) -> None:
    cohort = people.adopted_day[row] // COHORT_DAYS
    counts[ATTEMPTS] += session.attempts
    counts[CONTROLLED] += session.controlled
    counts[CREDIT_ATTEMPTS] += session.bought
    creators.attempts[row] += session.attempts
    creators.credit_attempts[row] += session.bought
    by_cohort[BY_ATTEMPTS, cohort] += session.attempts
    by_cohort[BY_CREDIT_ATTEMPTS, cohort] += session.bought
    if session.bought > 0 and creators.paid_ever[row] == 0:
        creators.paid_ever[row] = 1
        counts[NEW_PAYERS] += 1


@compiled
def make(
    key: NDArray[np.uint64],
    settings: Any,
    people: Any,
    creators: Any,
    makers: NDArray[np.int32],
    day: int,
    market: Market,
    clipboard: Clipboard,
    counts: NDArray[np.int64],
    by_cohort: NDArray[np.int64],
    advantage: NDArray[np.int64],
) -> None:
    """The sessions of all who came to make.

    counts: shape (COUNTED,); by_cohort: shape (KEPT_BY_COHORT, cohorts); advantage: shape (2, niches), Σ (u-o)/T in fixed point and sessions.
    """
    settings = settings[0]
    clipboard.count[0] = 0
    for i in range(makers.size):
        row = makers[i]
        gained = _session(key, settings, people, creators, row, day, market, clipboard, counts, by_cohort)
        if np.isnan(gained):
            people.came[row] &= np.uint8(0xFF ^ MAKES)
        else:
            advantage[0, people.niche[row]] += fixed(min(max(gained, -WORTH_LIMIT), WORTH_LIMIT), WORTH_SCALE)
            advantage[1, people.niche[row]] += 1
