"""Subscriptions: every 30 days of membership a willing maker decides anew whether hers is worth its price (M8)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.foundation.compiled import compiled, inlined
from sim.foundation.streams import RENEW, draw
from sim.populations.sessions import BY_SUBSCRIBERS, NEW_PAYERS, SUBSCRIBERS, Market, quota_of
from sim.populations.visits import COHORT_DAYS
from sim.rules import adoption, charging, learning, making, publishing, viewing, worth


@compiled
def renew(
    key: NDArray[np.uint64],
    settings: Any,
    people: Any,
    creators: Any,
    day: int,
    market: Market,
    counts: NDArray[np.int64],
    by_cohort: NDArray[np.int64],
) -> None:
    """Subscriptions: every 30 days of membership a willing maker who was here in the last 28 days decides anew; all holders are counted."""
    settings = settings[0]
    for row in range(creators.x_make.size):
        joined = people.adopted_day[row]
        if joined < 0:
            continue
        if (day - joined) % charging.SUBSCRIPTION_DAYS == 0 and creators.willing[row] == 1:
            _decide_subscription(key, settings, people, creators, row, day, market)
        if creators.subscribed[row]:
            counts[SUBSCRIBERS] += 1
            by_cohort[BY_SUBSCRIBERS, joined // COHORT_DAYS] += 1
            if creators.paid_ever[row] == 0:
                creators.paid_ever[row] = 1
                counts[NEW_PAYERS] += 1


@inlined
def _decide_subscription(
    key: NDArray[np.uint64], settings: Any, people: Any, creators: Any, row: int, day: int, market: Market
) -> None:
    creators.subscribed[row] = 0
    creators.session_price[row] = 0.0
    price = settings.charging_subscription_usd_per_month
    here_lately = day - people.last_active[row] < adoption.LAPSE_DAYS or people.adopted_day[row] == day
    if price <= 0.0 or not here_lately:
        return
    without = _expected_worth(settings, people, creators, row, market, quota_of(settings, creators, row))
    creators.subscribed[row] = 1
    with_it = _expected_worth(settings, people, creators, row, market, quota_of(settings, creators, row))
    sessions = max(1.0, charging.SUBSCRIPTION_DAYS * float(creators.x_make[row]))
    chance = charging.subscription_chance(sessions, with_it - without, price, settings.charging_subscription_temperature_usd)
    if draw(key, people.uid[row], day, RENEW)[0] < chance:
        creators.session_price[row] = price / sessions
    else:
        creators.subscribed[row] = 0


@inlined
def _expected_worth(settings: Any, people: Any, creators: Any, row: int, market: Market, quota: int) -> float:
    """Expected worth of her next session with this quota, by M1's exact law; her mean clip published here, as it stands today (M8)."""
    skill = learning.skill_at_start(creators.skill[row], settings.learning_carry_over)
    miss_mean = making.miss_mean(
        settings.making_miss_mean, settings.learning_skill_effect, skill, settings.making_capability, settings.making_capability_to_miss
    )
    value, price = float(creators.value[row]), settings.charging_credit_usd_per_attempt
    ratio, patience = creators.acceptable_miss[row] / miss_mean, int(settings.making_patience_attempts)
    success, attempts, _, bought = making.session_law(settings.dials_steerability, ratio, patience, quota, value, price)
    q = viewing.clip_worth(settings.watching_quality_slope, creators.talent[row]) / market.mean_clip_worth
    pay = settings.dials_monetization * publishing.pay_outside_usd(market.payout_usd_per_1000, market.views_outside, q)
    views_here = market.views_here[people.niche[row]]
    payoff = publishing.payoff_here(creators.income_motive[row], pay, settings.creators_status_usd, views_here, q)
    relief = settings.making_diagnosis_relief * settings.dials_steerability
    return worth.expected_session_worth(
        success, attempts, bought, value, payoff, settings.making_effort_usd, settings.making_disappointment_usd, relief, price
    )
