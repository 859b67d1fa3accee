"""The phases of a day: each reads the world, applies rules through the kernels, and leaves its counts. `sim/day.py` holds their order."""

from __future__ import annotations

import math
import operator as comparison
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sim.foundation.parameters import Value
from sim.institutions.external_platform import NO_PLATFORM, PlatformBrief, best_offer
from sim.institutions.rival_tool import ToolOffer
from sim.populations import arrivals, averages, clips, maker, sessions, subscriptions, visits
from sim.rules import adoption, compute
from sim.scenario.scenario import Intervention, Trigger, rederive
from sim.scenario.schema import PARAMETERS
from sim.world import Ramp, World

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<": comparison.lt,
    "<=": comparison.le,
    ">": comparison.gt,
    ">=": comparison.ge,
    "==": comparison.eq,
    "!=": comparison.ne,
}


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
                policy.ramps.append(Ramp(key, _number(changes.get(key, policy.values[key])), _number(value), day, one.ramp_days))
            else:
                changes[key] = value
    for ramp in policy.ramps:
        changes[ramp.key] = _on_ramp(ramp, day)
    policy.ramps = [ramp for ramp in policy.ramps if day < ramp.day + ramp.days]
    if changes:
        policy.adopt(rederive(policy.values | changes, policy.derived))


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
    arrivals.arrive(
        world.key,
        arrivals.newcomers_of(world.people, world.creators),
        world.queue,
        world.roster,
        world.lapsed,
        terms,
        factors,
        carried.return_hazard,
        world.day,
        s.habit_initial,
        today.moving,
        today.joined,
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
    world.market = maker.Market(
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
    today, crew, people, rows = world.today, world.crew, world.people, world.roster.rows

    def work(first: int, last: int) -> tuple[int, int]:
        return visits.come(
            world.key,
            people.uid,
            people.x_watch,
            world.creators.x_make,
            people.came,
            rows,
            first,
            last,
            world.day,
            today.makers,
            today.watchers,
        )

    came = crew.over(int(world.roster.count[0]), work)
    today.making = crew.closed_up([making for making, _ in came], today.makers)
    today.watching = crew.closed_up([watching for _, watching in came], today.watchers)


def make_and_publish(world: World) -> None:
    """M1-M3, M5: admission, attempts, learning, publishing, and what the session was worth."""
    today, policy, board = world.today, world.policy, world.clipboard

    def work(first: int, last: int, *counters: NDArray[np.int64]) -> int:
        return sessions.make(
            world.key,
            policy.record,
            world.people,
            world.creators,
            today.makers,
            first,
            last,
            world.day,
            world.market,
            policy.novelty_usd,
            board,
            *counters,
        )

    published = world.crew.over(today.making, work, today.counts, today.by_cohort, today.advantage)
    today.published = world.crew.closed_up(published, *board)
    averages.learn_advantage(today.advantage, world.carried.maker_advantage)
    world.shelf.add(board, today.published, world.people.uid, world.day)


def view(world: World) -> None:
    """M4: what the fresh clips attract, what visitors watch, and which clips get the views."""
    s, today, shelf, carried = world.policy.settings, world.today, world.shelf, world.carried
    shelf.forget_before(world.day - world.freshness.size + 1)
    fresh = shelf.fresh()
    clips.weigh(fresh, world.day, world.freshness, s.watching_popularity_exponent, world.people_per_row, today.weight_of_niche)
    people, attraction = world.people, np.empty(shelf.niches)
    clips.attract(today.weight_of_niche, world.people_per_row, s.watching_attraction_scale, s.watching_variety_exponent, attraction)

    def work(first: int, last: int, *counters: NDArray[np.int64]) -> None:
        visits.watch(
            people.niche,
            people.adopted_day,
            people.outside_attention,
            people.came,
            people.watch_reward,
            today.watchers,
            first,
            last,
            attraction,
            world.policy.novelty_logit,
            world.day,
            s.watching_slots_per_visit,
            s.habit_depth_views,
            s.rules_watching_reward == 1.0,
            world.people_per_row,
            *counters,
        )

    world.crew.over(today.watching, work, today.views_of_niche, today.by_cohort[sessions.BY_VIEWS])
    today.clip_views = clips.share_views(fresh, world.creators.views, today.views_of_niche, today.weight_of_niche)
    carried.unlearned *= 1.0 - averages.AVERAGE_WEIGHT
    averages.learn_views_per_clip(
        today.views_of_niche,
        world.clipboard.niche[: today.published],
        world.people_per_row,
        carried.unlearned,
        carried.views_average,
        carried.clips_average,
        carried.views_per_clip_here,
    )


def remember(world: World) -> None:
    """M6: readiness after the day, activity, lapses; the dormant leave the roster."""
    s, today, people, creators, roster = world.policy.settings, world.today, world.people, world.creators, world.roster
    lapsing, lapsed = today.moving, world.lapsed

    def work(first: int, last: int, counts: NDArray[np.int64]) -> tuple[int, int]:
        return visits.remember(
            world.key,
            people.uid,
            people.adopted_day,
            people.x_watch,
            people.watch_reward,
            creators.x_make,
            creators.make_reward,
            people.came,
            people.activity,
            people.last_active,
            people.return_at,
            people.drawn,
            roster.rows,
            first,
            last,
            world.day,
            s.habit_learning_rate,
            s.habit_forgetting_per_day,
            s.habit_dormant_below,
            world.carried.return_hazard,
            lapsing,
            counts,
        )

    done = world.crew.over(int(roster.count[0]), work, today.remembered)
    roster.count[0] = world.crew.closed_up([kept for kept, _ in done], roster.rows)
    gone = world.crew.closed_up([gone for _, gone in done], lapsing)
    lapsed.rows[lapsed.count[0] : lapsed.count[0] + gone] = lapsing[:gone]
    lapsed.count[0] += gone


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
