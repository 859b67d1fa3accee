"""The last phases of a day: the daily row, what institutions decide for tomorrow, and what the day leaves behind."""

from __future__ import annotations

import math

from sim.foundation.sums import QUALITY_SCALE, SHARE_SCALE
from sim.institutions.operator import OperatorBrief
from sim.institutions.parent import ParentBrief
from sim.ledger.statements import MICRO_PER_USD
from sim.money import runway_days
from sim.populations import sessions, visits
from sim.rules.parent import WINDOW_DAYS
from sim.world import World


def record(world: World) -> None:
    """Write the daily row."""
    carried = world.carried
    evening = world.today.remembered
    carried.payers_rows += int(world.today.counts[sessions.NEW_PAYERS])
    market = int(world.people.uid.size)
    carried.readiness = float(evening[visits.READINESS]) / SHARE_SCALE / market
    world.recorder.write(_people(world) | _making(world) | _money(world))


def _people(world: World) -> dict[str, float]:
    w, carried = world.people_per_row, world.carried
    counts, evening = world.today.counts.tolist(), world.today.remembered.tolist()
    drawn, drawn_makers = max(1, evening[visits.DRAWN]), max(1, evening[visits.CREATORS_DRAWN])
    return {
        "installs": carried.installs_7d[-1],
        "installs_total": carried.installs_rows * w,
        "dau": evening[visits.DAU] * w,
        "wau": evening[visits.WAU] * w,
        "mau": evening[visits.MAU] * w,
        "makers": counts[sessions.SESSIONS] * w,
        "watchers": world.today.watching * w,
        "retained_users": evening[visits.RETAINED] * w,
        "returned_users": evening[visits.RETURNED] * w,
        "lapsed_users": evening[visits.LAPSED] * w,
        "readiness": carried.readiness,
        "readiness_make": evening[visits.READINESS_MAKE] / SHARE_SCALE / drawn_makers,
        "readiness_watch": evening[visits.READINESS_WATCH] / SHARE_SCALE / drawn,
        "subscribers": counts[sessions.SUBSCRIBERS] * w,
        "payers_total": carried.payers_rows * w,
    }


def _making(world: World) -> dict[str, float]:
    w, counts, carried = world.people_per_row, world.today.counts.tolist(), world.carried
    attempts, reserved = counts[sessions.ATTEMPTS] * w, carried.reserved_attempts
    return {
        "sessions": counts[sessions.SESSIONS] * w,
        "refused_sessions": counts[sessions.REFUSALS] * w,
        "attempts": attempts,
        "controlled_attempts": counts[sessions.CONTROLLED] * w,
        "credit_attempts": counts[sessions.CREDIT_ATTEMPTS] * w,
        "accepted_sessions": counts[sessions.ACCEPTED] * w,
        "skill": counts[sessions.SKILL] / SHARE_SCALE / max(1, counts[sessions.SESSIONS]),
        "clips_here": counts[sessions.CLIPS_HERE] * w,
        "clips_both": counts[sessions.CLIPS_BOTH] * w,
        "clips_outside": counts[sessions.CLIPS_OUTSIDE] * w,
        "quality_made": counts[sessions.QUALITY_MADE] / QUALITY_SCALE * w,
        "quality_exported": counts[sessions.QUALITY_EXPORTED] / QUALITY_SCALE * w,
        "views_here": float(world.today.clip_views),
        "views_outside": float(counts[sessions.OUTSIDE_VIEWS]),
        "views_per_clip_here": math.fsum(carried.views_per_clip_here.tolist()) / carried.views_per_clip_here.size,
        "admitted_share": carried.admitted_share,
        "unit_cost_usd": world.today.unit_cost_usd,
        "compute_used": attempts,
        "compute_reserved": reserved,
        "compute_idle": max(0.0, reserved - attempts),
        "compute_overflow": max(0.0, attempts - reserved),
        "outside_equivalent_usd": counts[sessions.OUTSIDE_EQUIVALENT_MICRO] / MICRO_PER_USD,
    }


def _money(world: World) -> dict[str, float]:
    books, usd = world.books, world.books.today_usd
    profit = books.operating_profit_micro() / MICRO_PER_USD
    revenue = usd("advertising") + usd("subscriptions") + usd("credits")
    return {
        "revenue_advertising_usd": usd("advertising"),
        "revenue_subscriptions_usd": usd("subscriptions"),
        "revenue_credits_usd": usd("credits"),
        "revenue_usd": revenue,
        "cost_compute_usd": usd("compute_used") + usd("compute_idle") + usd("compute_overflow"),
        "cost_creator_pay_usd": usd("creator_share_of_advertising") + usd("creator_fund"),
        "cost_delivery_usd": usd("delivery"),
        "cost_moderation_usd": usd("moderation"),
        "cost_marketing_usd": usd("marketing"),
        "cost_store_fee_usd": usd("store_fee"),
        "cost_fixed_usd": usd("fixed"),
        "cost_usd": revenue - profit,
        "operating_profit_usd": profit,
        "cumulated_loss_usd": world.carried.loss_micro / MICRO_PER_USD,
        "parent_funding_usd": usd("parent_funding"),
        "parent_budget_usd": books.cash_micro("parent") / MICRO_PER_USD,
        "operator_cash_usd": books.cash_micro("operator") / MICRO_PER_USD,
        "runway_days": runway_days(world),
        "value_leaked_usd": usd("outside_advertising"),
        "outside_payout_usd": usd("outside_payout"),
    }


def observe(world: World) -> None:
    """Count the day by adoption cohort, and keep the evening of those who are followed; nothing reads it back."""
    world.cohorts.observe(world.people, world.creators.x_make.size, world.roster.filled(), world.day)
    if world.histories is not None:
        world.histories.observe(world.people, world.creators, world.day)


def decide(world: World) -> None:
    """What the day leaves to tomorrow, and what operator and parent make of it."""
    s, carried, counts, w = world.policy.settings, world.carried, world.today.counts.tolist(), world.people_per_row
    carried.outside_views_per_person = float(counts[sessions.OUTSIDE_VIEWS]) / float(s.people)
    carried.exported_clips = float(counts[sessions.CLIPS_BOTH] + counts[sessions.CLIPS_OUTSIDE]) * w
    plan = world.institutions.operator.decide(
        OperatorBrief(
            reserved=carried.reserved_attempts,
            attempts=float(counts[sessions.ATTEMPTS]) * w,
            sessions=float(counts[sessions.SESSIONS]) * w,
            refused_sessions=float(counts[sessions.REFUSALS]) * w,
            hard_limit=s.compute_hard_limit_attempts_per_day,
            capacity_adjust_per_day=s.compute_capacity_adjust_per_day,
        )
    )
    carried.reserved_attempts, carried.admitted_share = plan.reserved, plan.admitted_share
    if not world.cause:
        world.cause = "scenario" if world.policy.is_closing else world.institutions.parent.decide(_parents_brief(world))


def _parents_brief(world: World) -> ParentBrief:
    s, recorder = world.policy.settings, world.recorder
    earlier = min(WINDOW_DAYS, max(0, recorder.days_closed - WINDOW_DAYS))
    before_compute = recorder.total("operating_profit_usd", WINDOW_DAYS) + recorder.total("cost_compute_usd", WINDOW_DAYS)
    return ParentBrief(
        day=world.day,
        stop_loss=s.parent_stop_loss_usd,
        patience_per_active=s.parent_patience_usd_per_new_active,
        alternative_per_gpu_hour=s.parent_alternative_return_usd_per_gpu_hour,
        cumulated_loss=world.carried.loss_micro / MICRO_PER_USD,
        active_now=recorder.total("dau", WINDOW_DAYS) / min(WINDOW_DAYS, recorder.days_closed),
        active_before=recorder.total("dau", earlier, until=WINDOW_DAYS) / earlier if earlier else 0.0,
        profit_before_compute_28d=before_compute,
        gpu_hours_28d=recorder.total("attempts", WINDOW_DAYS) * s.compute_gpu_hours_per_attempt,
    )
