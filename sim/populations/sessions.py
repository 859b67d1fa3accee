"""A maker's session: attempts, acceptance, learning, what it was worth, where the clip goes (M1-M3, M5)."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.foundation.compiled import compiled
from sim.foundation.elementary import normal_quantile
from sim.foundation.streams import COME, MAKE, PUBLISH, Key, draw
from sim.foundation.sums import QUALITY_SCALE, SHARE_SCALE, WEIGHT_LIMIT, WORTH_LIMIT, WORTH_SCALE, fixed
from sim.populations.maker import Maker, Market, miss_mean_of, outside_option, quota_of
from sim.populations.people import ACTIVE, MAKES
from sim.populations.visits import COHORT_DAYS
from sim.rules import charging, habit, learning, making, publishing, viewing, worth

# What a day of making counts, in rows unless a unit is given.
(
    SESSIONS,
    REFUSALS,
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
) = range(16)
COUNTED = 16

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


class Clipboard(NamedTuple):
    """Clips of today that stand here: row of the maker, niche, worth on the first day with the overlap taken off."""

    maker: NDArray[np.int32]
    niche: NDArray[np.int16]
    worth: NDArray[np.float32]


class Session(NamedTuple):
    """What came of one session."""

    accepted: bool
    attempts: int
    controlled: int
    bought: int


class Publication(NamedTuple):
    """Where a usable clip went and what that brings: pay-off of the outlet in USD, Q, worth on the first day; the rest for all people of
    the row.
    """

    outlet: int
    payoff: float
    q: float
    clip_worth: float
    views_outside: int
    pay_micro: int
    pay_outside_micro: int


@compiled
def attempt(
    key: Key,
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


@compiled
def publish(
    key: Key,
    settings: Any,
    maker: Maker,
    day: int,
    views_outside: float,
    payout: float,
    can_leave: bool,
    mean_clip_worth: float,
    people_per_row: float,
) -> Publication:
    """Choose the outlet of a usable clip (M3)."""
    noise_draw, leak_draw, outlet_draw, _ = draw(key, maker.uid, day, PUBLISH)
    noise = settings.creators_clip_noise_sd * normal_quantile(noise_draw)
    z = making.quality(maker.talent, settings.making_capability, settings.making_capability_to_quality, noise)
    clip_worth = min(viewing.clip_worth(settings.watching_quality_slope, z), WEIGHT_LIMIT)
    q = clip_worth / mean_clip_worth
    motive, status, seen = maker.income_motive, settings.creators_status_usd, maker.views_here
    pay_outside = publishing.pay_outside_usd(payout, views_outside, q)
    pay_here = settings.dials_monetization * pay_outside
    exclusive = settings.publishing_exclusive == 1.0
    overlap, cost = settings.publishing_overlap, settings.publishing_outside_cost_usd
    here = publishing.payoff_here(motive, pay_here, status, seen, q)
    both = publishing.payoff_both(motive, pay_here, pay_outside, status, seen, views_outside, q, overlap, cost, exclusive)
    outside = publishing.payoff_outside(motive, pay_outside, status, views_outside, q, cost)
    outlet = publishing.HERE
    if can_leave and leak_draw < settings.dials_export_leakage:
        outlet = publishing.choose_outlet(here, both, outside, settings.creators_temperature_usd, outlet_draw)
    payoff = here if outlet == publishing.HERE else (both if outlet == publishing.BOTH else outside)
    is_paid = outlet == publishing.HERE or (outlet == publishing.BOTH and not exclusive)
    return Publication(
        outlet,
        payoff,
        q,
        clip_worth * (1.0 - overlap) if outlet == publishing.BOTH else clip_worth,
        fixed(views_outside * q * people_per_row, 1.0),
        fixed(pay_here * people_per_row, 1e6) if is_paid else 0,
        fixed(pay_outside * people_per_row, 1e6),
    )


@compiled
def worth_of(settings: Any, maker: Maker, session: Session, payoff: float) -> float:
    """u of a session in USD (M5)."""
    paid = maker.session_price
    if session.bought > 0:
        paid += maker.price * session.bought
    variance = 0.0
    if settings.making_uncertainty_usd != 0.0:
        patience, ratio = int(settings.making_patience_attempts), maker.acceptable_miss / maker.miss_mean
        variance = making.session_law(settings.dials_steerability, ratio, patience, maker.quota, maker.value, maker.price).variance
    return worth.session_worth(
        session.accepted,
        maker.value,
        payoff,
        session.attempts,
        session.controlled,
        settings.making_effort_usd,
        settings.making_disappointment_usd,
        settings.making_diagnosis_relief,
        settings.making_uncertainty_usd,
        variance,
        paid,
        maker.novelty,
    )


@compiled
def make(  # noqa: PLR0915 - half of it unpacks columns
    key: Key,
    settings: Any,
    people: Any,
    creators: Any,
    makers: NDArray[np.int32],
    first: int,
    last: int,
    day: int,
    market: Market,
    novelty_usd: NDArray[np.float64],
    clipboard: Clipboard,
    counts: NDArray[np.int64],
    by_cohort: NDArray[np.int64],
    advantage: NDArray[np.int64],
) -> int:
    """The sessions of those who came to make, from `first` to `last` on their list; clips go on the clipboard from `first` on.

    novelty_usd: what novelty adds by days since adoption, shape (at least day + 1,). Added to: counts, shape (COUNTED,); by_cohort, shape
    (KEPT_BY_COHORT, cohorts); advantage, shape (2, niches), Σ (u-o)/T in fixed point and sessions. Returns the clips on the clipboard.
    """
    settings = settings[0]
    pair = (key[0], key[1])
    uid, niches, adopted_day, came = people.uid, people.niche, people.adopted_day, people.came
    talent, acceptable_miss, value = creators.talent, creators.acceptable_miss, creators.value
    making_outside, income_motive, session_price = creators.making_outside, creators.income_motive, creators.session_price
    willing, entitled, subscribed, skills = creators.willing, creators.entitled, creators.subscribed, creators.skill
    make_reward, attempts, credit_attempts, paid_ever = (
        creators.make_reward,
        creators.attempts,
        creators.credit_attempts,
        creators.paid_ever,
    )
    pay_micro, outside_pay_micro = creators.pay_micro, creators.outside_pay_micro
    seen_here, rivals = market.views_here, market.rivals
    views_outside, payout, can_leave = market.views_outside, market.payout_usd_per_1000, market.can_leave
    board_maker, board_niche, board_worth = clipboard.maker, clipboard.niche, clipboard.worth
    steerability, patience = settings.dials_steerability, int(settings.making_patience_attempts)
    temperature = settings.creators_temperature_usd
    board = first
    for i in range(first, last):
        row = makers[i]
        skill = learning.skill_at_start(skills[row], settings.learning_carry_over)
        maker = Maker(
            uid[row],
            novelty_usd[day - adopted_day[row]],
            talent[row],
            acceptable_miss[row],
            value[row],
            willing[row] == 1,
            making_outside[row],
            income_motive[row],
            skill,
            miss_mean_of(settings, skill),
            quota_of(settings, entitled[row] == 1, subscribed[row] == 1),
            settings.charging_credit_usd_per_attempt if willing[row] == 1 else np.inf,
            session_price[row],
            seen_here[niches[row]],
        )
        if maker.quota == 0:
            first_chance = making.acceptance_chance(steerability, maker.acceptable_miss / maker.miss_mean, 0)
            if not charging.buys_attempt(maker.value, first_chance, maker.price):
                came[row] &= 0xFF ^ MAKES
                continue
        session = Session(False, 0, 0, 0)
        payoff = 0.0
        cohort = adopted_day[row] // COHORT_DAYS
        if market.admitted_share < 1.0 and draw(pair, maker.uid, day, COME)[2] >= market.admitted_share:
            counts[REFUSALS] += 1
        else:
            session = attempt(
                pair, maker.uid, day, steerability, maker.miss_mean, maker.acceptable_miss, patience, maker.quota, maker.value, maker.price
            )
            came[row] |= ACTIVE
            uncontrolled = session.attempts - session.controlled
            skills[row] = learning.skill_after_session(
                skill, settings.learning_rate, session.controlled, settings.learning_uncontrolled_share, uncontrolled
            )
            counts[SESSIONS] += 1
            counts[SKILL] += fixed(skills[row], SHARE_SCALE)
            counts[ATTEMPTS] += session.attempts
            counts[CONTROLLED] += session.controlled
            counts[CREDIT_ATTEMPTS] += session.bought
            attempts[row] += session.attempts
            credit_attempts[row] += session.bought
            by_cohort[BY_ATTEMPTS, cohort] += session.attempts
            by_cohort[BY_CREDIT_ATTEMPTS, cohort] += session.bought
            if session.bought > 0 and paid_ever[row] == 0:
                paid_ever[row] = 1
                counts[NEW_PAYERS] += 1
        if session.accepted:
            clip = publish(pair, settings, maker, day, views_outside, payout, can_leave, market.mean_clip_worth, market.people_per_row)
            payoff = clip.payoff
            _count_clip(clip, cohort, counts, by_cohort)
            pay_micro[row] += clip.pay_micro
            if clip.outlet != publishing.HERE:
                outside_pay_micro[row] += clip.pay_outside_micro
            if clip.outlet != publishing.OUTSIDE:
                board_maker[board] = row
                board_niche[board] = niches[row]
                board_worth[board] = clip.clip_worth
                board += 1
        u = worth_of(settings, maker, session, payoff)
        o = outside_option(settings, maker, rivals, views_outside, payout, market.mean_clip_worth)
        make_reward[row] = habit.making_reward(u, o, temperature)
        gained = min(max((u - o) / temperature, -WORTH_LIMIT), WORTH_LIMIT)
        advantage[0, niches[row]] += fixed(gained, WORTH_SCALE)
        advantage[1, niches[row]] += 1
    return int(board - first)


@compiled
def _count_clip(clip: Publication, cohort: int, counts: NDArray[np.int64], by_cohort: NDArray[np.int64]) -> None:
    q = fixed(clip.q, QUALITY_SCALE)
    counts[ACCEPTED] += 1
    counts[QUALITY_MADE] += q
    by_cohort[BY_PAY_MICRO, cohort] += clip.pay_micro
    if clip.outlet != publishing.HERE:
        counts[QUALITY_EXPORTED] += q
        counts[OUTSIDE_VIEWS] += clip.views_outside
        by_cohort[BY_OUTSIDE_VIEWS, cohort] += clip.views_outside
        by_cohort[BY_OUTSIDE_PAY_MICRO, cohort] += clip.pay_outside_micro
    if clip.outlet != publishing.OUTSIDE:
        counts[OUTSIDE_EQUIVALENT_MICRO] += clip.pay_outside_micro
        by_cohort[BY_CLIPS_PUBLISHED, cohort] += 1
    counts[CLIPS_HERE + clip.outlet] += 1
