"""The phases of a day: each reads the world, applies rules through the kernels, and leaves its counts. `sim/day.py` holds their order."""

from __future__ import annotations

import math
import operator as comparison
from collections.abc import Callable

import numpy as np

from sim.foundation.parameters import Value
from sim.foundation.sums import WEIGHT_SCALE, WORTH_SCALE
from sim.institutions.external_platform import NO_PLATFORM, PlatformBrief, best_offer
from sim.institutions.rival_tool import ToolOffer
from sim.populations import arrivals, clips, sessions, subscriptions, visits
from sim.rules import adoption, compute, viewing
from sim.scenario.scenario import Intervention, Trigger, rederive
from sim.scenario.schema import PARAMETERS
from sim.scenario.settings import record_of, settings_of
from sim.world import Ramp, World

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": comparison.lt,
    "<=": comparison.le,
    ">": comparison.gt,
    ">=": comparison.ge,
    "==": comparison.eq,
    "!=": comparison.ne,
}
_AVERAGE_WEIGHT = 0.1
"""Weight of a day in the moving averages of views per clip (V_h, M3) and of makers' advantage."""


def intervene(world: World) -> None:
    """Apply the interventions due today and move the ramps under way."""
    policy, day = world.policy, world.day
    changes: dict[str, Value] = {}
    for one in world.scenario.interventions:
        if one.name in policy.fired or not _is_due(world, one):
            continue
        policy.fired[one.name] = day
        policy.is_closing = policy.is_closing or one.closes
        for key, value in one.changes.items():
            policy.ramps = [ramp for ramp in policy.ramps if ramp.key != key]
            policy.derived.discard(key)
            if one.ramp_days > 0:
                policy.ramps.append(Ramp(key, _number(policy.values[key]), _number(value), day, one.ramp_days))
            else:
                changes[key] = value
    for ramp in policy.ramps:
        changes[ramp.key] = _on_ramp(ramp, day)
    policy.ramps = [ramp for ramp in policy.ramps if day < ramp.day + ramp.days]
    if changes:
        policy.values = rederive(policy.values | changes, policy.derived)
        policy.settings = settings_of(policy.values)
        policy.record = record_of(policy.settings)


def _on_ramp(ramp: Ramp, day: int) -> float:
    """The value of a ramp today; one that starts from null (off) is at its target at once, one of a whole number is rounded."""
    if day >= ramp.day + ramp.days or math.isinf(ramp.start):
        return ramp.target
    value = ramp.start + (day - ramp.day) / ramp.days * (ramp.target - ramp.start)
    declared = PARAMETERS.get(ramp.key)
    return float(round(value)) if declared is not None and declared.kind == "whole" else value


def _is_due(world: World, one: Intervention) -> bool:
    if one.day is not None:
        return one.day == world.day
    return one.when is not None and world.day > 0 and _holds(world, one.when)


def _holds(world: World, trigger: Trigger) -> bool:
    return _COMPARE[trigger.operator](world.recorder.last(trigger.metric), trigger.number)


def _number(value: Value) -> float:
    """A numeric value; null is infinity (off)."""
    return math.inf if value is None else float(value)


def arrive(world: World) -> None:
    """M0: who joins, through which channel, and who of the lapsed comes back."""
    s, carried, today = world.policy.settings, world.carried, world.today
    today.reset()
    terms = adoption.hazard_terms(
        s.adoption_open_share,
        s.adoption_advertising_per_day,
        s.adoption_buzz_per_day,
        s.adoption_buzz_days,
        s.adoption_chart_per_day,
        s.adoption_chart_top_installs_7d,
        s.adoption_word_of_mouth_per_day,
        s.adoption_referral_per_outside_view,
        world.day,
        math.fsum(carried.installs_7d),
        carried.readiness,
        carried.outside_views_per_person,
    )
    factors = world.no_reputation
    if s.adoption_entry_reputation != 0.0:
        factors = np.ones_like(factors)
        factors[:-1] = [adoption.reputation_factor(advantage, s.adoption_entry_reputation) for advantage in carried.maker_advantage]
    carried.return_hazard += adoption.return_hazard(
        s.adoption_return_factor,
        s.adoption_word_of_mouth_per_day,
        s.adoption_referral_per_outside_view,
        s.adoption_news_per_day,
        carried.readiness,
        carried.outside_views_per_person,
    )
    arrivals.come_back(world.people, world.creators, world.queue, world.roster, carried.return_hazard, s.habit_initial)
    arrivals.join(
        world.key, world.people, world.creators, world.queue, world.roster, terms, factors, world.day, s.habit_initial, today.joined
    )
    installs = int(today.joined.sum())
    carried.installs_rows += installs
    carried.installs_7d = [*carried.installs_7d, installs * world.people_per_row][-7:]


def look_around(world: World) -> None:
    """Platforms and rivals say what they offer; makers know it, and what clips here were lately seen."""
    values = world.policy.values
    offers = []
    for platform in world.institutions.platforms:
        path = f"external_platforms.{platform.name}."
        if values[path + "open"]:
            fields = ("views_per_clip", "saturation_clips_per_day", "payout_usd_per_1000_views", "advertising_usd_per_1000_views")
            views, saturation, payout, advertising = (_number(values[path + name]) for name in fields)
            brief = PlatformBrief(views, saturation, payout, advertising, world.carried.exported_clips)
            offers.append(platform.decide(brief))
    tools = []
    for rival in world.institutions.rivals:
        path = f"rival_tools.{rival.name}."
        if values[path + "open"]:
            steerability, capability, price = (_number(values[path + name]) for name in ToolOffer._fields)
            tools.append(rival.decide(ToolOffer(steerability, capability, price)))
    offer = best_offer(offers)
    world.today.platform = offer
    world.market = sessions.Market(
        views_here=world.carried.views_per_clip_here,
        views_outside=offer.views_per_clip,
        payout_usd_per_1000=offer.payout_usd_per_1000_views,
        can_leave=offer is not NO_PLATFORM,
        mean_clip_worth=world.mean_clip_worth,
        rivals=np.array(tools, dtype=np.float64).reshape(len(tools), 3),
        admitted_share=world.carried.admitted_share,
        people_per_row=world.people_per_row,
    )


def renew(world: World) -> None:
    """M8: subscriptions run out or are renewed."""
    s, today = world.policy.settings, world.today
    if s.charging_subscription_usd_per_month > 0.0 or world.has_subscribers:
        world.has_subscribers = True
        subscriptions.renew(
            world.key, world.policy.record, world.people, world.creators, world.day, world.market, today.counts, today.by_cohort
        )


def come(world: World) -> None:
    """M6: each comes with her own readiness, to make and to watch."""
    today = world.today
    today.making, today.watching = visits.come(
        world.key, world.people, world.creators, world.roster, world.day, today.makers, today.watchers
    )


def make_and_publish(world: World) -> None:
    """M1-M3, M5: admission, attempts, learning, publishing, and what the session was worth."""
    today = world.today
    sessions.make(
        world.key,
        world.policy.record,
        world.people,
        world.creators,
        today.makers[: today.making],
        world.day,
        world.market,
        world.clipboard,
        today.counts,
        today.by_cohort,
        today.advantage,
    )
    _learn_advantage(world)
    world.shelf.add(world.clipboard, world.people.uid, world.day)


def _learn_advantage(world: World) -> None:
    """Moving average of (u-o)/T by niche; a niche without sessions learns nothing."""
    total, count = world.today.advantage
    known = world.carried.maker_advantage
    mean = total / WORTH_SCALE / np.maximum(count, 1)
    known += np.where(count > 0, _AVERAGE_WEIGHT * (mean - known), 0.0)


def view(world: World) -> None:
    """M4: what the fresh clips attract, what visitors watch, and which clips get the views."""
    s, today, shelf = world.policy.settings, world.today, world.shelf
    shelf.forget_before(world.day - world.freshness.size + 1)
    fresh = shelf.fresh()
    clips.weigh(fresh, world.day, world.freshness, s.watching_popularity_exponent, world.people_per_row, today.weight_of_niche)
    people_weight = today.weight_of_niche / WEIGHT_SCALE * world.people_per_row
    attraction = np.array(
        [viewing.attraction(weight, s.niches, s.watching_attraction_scale, s.watching_variety_exponent) for weight in people_weight]
    )
    views_of_cohort = today.by_cohort[sessions.BY_VIEWS]
    watchers = today.watchers[: today.watching]
    visits.watch(
        world.policy.record, world.people, watchers, attraction, world.day, world.people_per_row, today.views_of_niche, views_of_cohort
    )
    today.clip_views = clips.share_views(fresh, world.creators, today.views_of_niche, today.weight_of_niche)
    _learn_views_per_clip(world)


def _learn_views_per_clip(world: World) -> None:
    """V_h by niche, in views here today per clip published here today, learnt with weight 0.1 a day from 0 at launch (M3).

    The ratio of two moving averages, grown in from zero, rather than a moving average of daily ratios: the mean of a ratio of small
    counts is too high, and V_h would depend on the number of rows and niches.
    """
    carried, board = world.carried, world.clipboard
    published = np.bincount(board.niche[: board.count[0]], minlength=world.shelf.niches) * world.people_per_row
    carried.views_average += _AVERAGE_WEIGHT * (world.today.views_of_niche - carried.views_average)
    carried.clips_average += _AVERAGE_WEIGHT * (published - carried.clips_average)
    carried.unlearned *= 1.0 - _AVERAGE_WEIGHT
    known = carried.clips_average > 0.0
    carried.views_per_clip_here[known] = (1.0 - carried.unlearned) * carried.views_average[known] / carried.clips_average[known]


def remember(world: World) -> None:
    """M6: readiness after the day, activity, lapses; the dormant leave the roster."""
    hazard, counts = world.carried.return_hazard, world.today.remembered
    visits.remember(world.key, world.policy.record, world.people, world.creators, world.roster, world.day, hazard, counts)


def buy_compute(world: World) -> None:
    """M7: today's unit cost; the first day's demand is what was reserved for the launch."""
    s, carried, today = world.policy.settings, world.carried, world.today
    today.unit_cost_usd = compute.unit_cost_usd(
        s.compute_first_unit_cost_usd,
        s.compute_floor_unit_cost_usd,
        s.compute_wright_exponent,
        s.compute_wright_reference_attempts,
        s.compute_decline_factor_per_year,
        carried.attempts_total,
        float(world.day),
    )
    attempts = int(today.counts[sessions.ATTEMPTS]) * world.people_per_row
    if world.day == 0:
        carried.reserved_attempts = attempts
    carried.attempts_total += attempts
    carried.attempts_rows += int(today.counts[sessions.ATTEMPTS])
