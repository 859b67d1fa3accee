"""What the twin counts in a day, and the row of the daily table it makes of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.twin.arithmetic import MICRO_PER_USD, QUALITY_SCALE, SHARE_SCALE

if TYPE_CHECKING:
    from tests.twin.model import TwinEcosystem


class Today:
    """Counts of one day: rows, unless a unit is named; views, pay and outside views are of all people of a row."""

    def __init__(self, niches: int) -> None:
        self.installs = self.watchers = self.dau = self.wau = self.mau = 0
        self.retained = self.returned = self.lapsed = 0
        self.readiness = self.readiness_make = self.readiness_watch = self.creators_drawn = self.drawn = 0
        self.sessions = self.refusals = self.attempts = self.controlled = self.credit_attempts = 0
        self.skill = self.new_payers = self.subscribers = 0
        self.clips = [0, 0, 0]
        self.quality_made = self.quality_exported = 0
        self.outside_views = self.outside_equivalent_micro = self.pay_micro = self.outside_pay_micro = 0
        self.views_of_niche = [0] * niches
        self.advantage_of_niche = [0] * niches
        self.sessions_of_niche = [0] * niches
        self.published = self.clip_views = 0
        self.unit_cost_usd = 0.0


def row_of(model: TwinEcosystem) -> dict[str, float]:
    """The day just closed, by the names of the daily table."""
    return _people(model) | _making(model) | _money(model)


def _people(model: TwinEcosystem) -> dict[str, float]:
    """Readiness to make is over the creators drawn today, readiness to watch over the people who will be drawn tomorrow."""
    today, w = model.today, model.people_per_row
    return {
        "installs": model.installs_7d[-1],
        "installs_total": model.installs_total * w,
        "dau": today.dau * w,
        "wau": today.wau * w,
        "mau": today.mau * w,
        "makers": today.sessions * w,
        "watchers": today.watchers * w,
        "retained_users": today.retained * w,
        "returned_users": today.returned * w,
        "lapsed_users": today.lapsed * w,
        "readiness": model.readiness,
        "readiness_make": today.readiness_make / SHARE_SCALE / max(1, today.creators_drawn),
        "readiness_watch": today.readiness_watch / SHARE_SCALE / max(1, today.drawn),
        "subscribers": today.subscribers * w,
        "payers_total": model.payers_total * w,
    }


def _making(model: TwinEcosystem) -> dict[str, float]:
    today, w, reserved = model.today, model.people_per_row, model.operator.reserved
    attempts = today.attempts * w
    here, both, outside = today.clips
    return {
        "sessions": today.sessions * w,
        "refused_sessions": today.refusals * w,
        "attempts": attempts,
        "controlled_attempts": today.controlled * w,
        "credit_attempts": today.credit_attempts * w,
        "accepted_sessions": (here + both + outside) * w,
        "skill": today.skill / SHARE_SCALE / max(1, today.sessions),
        "clips_here": here * w,
        "clips_both": both * w,
        "clips_outside": outside * w,
        "quality_made": today.quality_made / QUALITY_SCALE * w,
        "quality_exported": today.quality_exported / QUALITY_SCALE * w,
        "views_here": float(today.clip_views),
        "views_outside": float(today.outside_views),
        "views_per_clip_here": math.fsum(model.views_per_clip_here) / model.niches,
        "admitted_share": model.admitted_share,
        "unit_cost_usd": today.unit_cost_usd,
        "compute_used": attempts,
        "compute_reserved": reserved,
        "compute_idle": max(0.0, reserved - attempts),
        "compute_overflow": max(0.0, attempts - reserved),
        "outside_equivalent_usd": today.outside_equivalent_micro / MICRO_PER_USD,
    }


def _money(model: TwinEcosystem) -> dict[str, float]:
    purse = model.purse
    revenue, profit = purse.usd("advertising", "subscriptions", "credits"), purse.profit_micro() / MICRO_PER_USD
    return {
        "revenue_advertising_usd": purse.usd("advertising"),
        "revenue_subscriptions_usd": purse.usd("subscriptions"),
        "revenue_credits_usd": purse.usd("credits"),
        "revenue_usd": revenue,
        "cost_compute_usd": purse.usd("compute_used", "compute_idle", "compute_overflow"),
        "cost_creator_pay_usd": purse.usd("creator_share_of_advertising", "creator_fund"),
        "cost_delivery_usd": purse.usd("delivery"),
        "cost_moderation_usd": purse.usd("moderation"),
        "cost_marketing_usd": purse.usd("marketing"),
        "cost_store_fee_usd": purse.usd("store_fee"),
        "cost_fixed_usd": purse.usd("fixed"),
        "cost_usd": revenue - profit,
        "operating_profit_usd": profit,
        "cumulated_loss_usd": model.loss_micro / MICRO_PER_USD,
        "parent_funding_usd": purse.usd("parent_funding"),
        "parent_budget_usd": purse.parent / MICRO_PER_USD,
        "operator_cash_usd": purse.operator / MICRO_PER_USD,
        "runway_days": _runway_days(model, profit),
        "value_leaked_usd": purse.usd("outside_advertising"),
        "outside_payout_usd": purse.usd("outside_payout"),
    }


def _runway_days(model: TwinEcosystem, profit_usd: float) -> float:
    """Days that cash and budget last at the mean daily result of the last 7 days; infinite without a loss."""
    recent = [*(row["operating_profit_usd"] for row in model.diary[-6:]), profit_usd]
    loss = -math.fsum(recent) / len(recent)
    cash = (model.purse.operator + model.purse.parent) / MICRO_PER_USD
    return max(0.0, cash) / loss if loss > 0.0 else math.inf
