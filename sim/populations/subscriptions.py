"""Subscriptions: every 30 days of membership a willing maker decides anew whether hers is worth its price (M8)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.foundation.compiled import compiled
from sim.foundation.streams import RENEW, Key, draw
from sim.populations.maker import Maker, Market, mean_q, miss_mean_of, quota_of, worth_by_law
from sim.populations.sessions import BY_SUBSCRIBERS, NEW_PAYERS, SUBSCRIBERS
from sim.populations.visits import COHORT_DAYS
from sim.rules import adoption, charging, learning, making, publishing


@compiled
def renew(
    key: Key,
    settings: Any,
    people: Any,
    creators: Any,
    day: int,
    market: Market,
    counts: NDArray[np.int64],
    by_cohort: NDArray[np.int64],
) -> None:
    """Every 30 days of membership a willing maker who was here in the last 28 days decides anew; all holders are counted."""
    settings = settings[0]
    uid, niches, adopted_day, last_active = people.uid, people.niche, people.adopted_day, people.last_active
    willing, entitled, subscribed, paid_ever = creators.willing, creators.entitled, creators.subscribed, creators.paid_ever
    x_make, session_price, skills = creators.x_make, creators.session_price, creators.skill
    talent, acceptable_miss, value = creators.talent, creators.acceptable_miss, creators.value
    making_outside, income_motive = creators.making_outside, creators.income_motive
    price, seen_here = settings.charging_subscription_usd_per_month, market.views_here
    for row in range(x_make.size):
        joined = adopted_day[row]
        if joined < 0:
            continue
        if (day - joined) % charging.SUBSCRIPTION_DAYS == 0 and willing[row] == 1:
            subscribed[row] = 0
            session_price[row] = 0.0
            here_lately = joined == day or day - last_active[row] < adoption.LAPSE_DAYS
            if price > 0.0 and here_lately:
                skill = learning.skill_at_start(skills[row], settings.learning_carry_over)
                maker = Maker(
                    uid[row],
                    0.0,
                    talent[row],
                    acceptable_miss[row],
                    value[row],
                    True,
                    making_outside[row],
                    income_motive[row],
                    skill,
                    miss_mean_of(settings, skill),
                    quota_of(settings, entitled[row] == 1, False),
                    settings.charging_credit_usd_per_attempt,
                    0.0,
                    seen_here[niches[row]],
                )
                sessions = charging.SUBSCRIPTION_DAYS * float(x_make[row])
                if draw(key, uid[row], day, RENEW)[0] < renewal_chance(settings, maker, market, sessions):
                    subscribed[row] = 1
                    session_price[row] = price / max(1.0, sessions)
        if subscribed[row]:
            counts[SUBSCRIBERS] += 1
            by_cohort[BY_SUBSCRIBERS, joined // COHORT_DAYS] += 1
            if paid_ever[row] == 0:
                paid_ever[row] = 1
                counts[NEW_PAYERS] += 1


@compiled
def renewal_chance(settings: Any, maker: Maker, market: Market, sessions: float) -> float:
    """Chance that a maker takes the next 30 days, expecting this many sessions in them."""
    without = expected_worth(settings, maker, market, maker.quota)
    with_it = expected_worth(settings, maker, market, max(maker.quota, quota_of(settings, False, True)))
    price, noise = settings.charging_subscription_usd_per_month, settings.charging_subscription_temperature_usd
    return charging.subscription_chance(sessions, with_it - without, price, noise)


@compiled
def expected_worth(settings: Any, maker: Maker, market: Market, quota: int) -> float:
    """Worth of a day on which she would make with this quota, in USD: her session by M1's exact law, her mean clip published here.

    Where she could not make at all (no quota, and credits not worth their price) it is that of her time elsewhere.
    """
    ratio, patience = maker.acceptable_miss / maker.miss_mean, int(settings.making_patience_attempts)
    law = making.session_law(settings.dials_steerability, ratio, patience, quota, maker.value, maker.price)
    if law.attempts == 0.0:
        return maker.making_outside
    q = mean_q(settings, maker.talent, settings.making_capability, market.mean_clip_worth)
    pay = settings.dials_monetization * publishing.pay_outside_usd(market.payout_usd_per_1000, market.views_outside, q)
    payoff = publishing.payoff_here(maker.income_motive, pay, settings.creators_status_usd, maker.views_here, q)
    return worth_by_law(settings, law, maker.value, payoff, maker.price)
