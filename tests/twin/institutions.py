"""Platforms and rivals outside, the operator, its parent (M3, M5, M7, M9)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.twin.arithmetic import Arithmetic


class Platform(NamedTuple):
    """What a mean clip finds on a platform outside today: views, and USD per 1000 of them to its maker and to the platform."""

    views_per_clip: float
    payout_usd_per_1000_views: float
    advertising_usd_per_1000_views: float

    def pay_then_views(self) -> tuple[float, float]:
        """By what makers prefer one: what a mean clip is paid, then how often it is seen."""
        return self.payout_usd_per_1000_views * self.views_per_clip, self.views_per_clip


NOWHERE = Platform(0.0, 0.0, 0.0)


class Rival(NamedTuple):
    """What a rival tool offers: steerability, capability relative to ours at launch, USD an attempt."""

    steerability: float
    capability: float
    price: float


@dataclass
class Operator:
    """Who runs the product: attempts reserved for today, the share of sessions let in, and how many attempts a session takes."""

    rules: Arithmetic
    reserved: float = 0.0
    admitted_share: float = 1.0
    attempts_per_session: float = 0.0

    def decide(self, attempts: float, sessions: float, refused: float, hard_limit: float, adjust_per_day: float) -> None:
        """M7: capacity follows demand with a lag; beyond the limit sessions are refused tomorrow in proportion to what was wanted."""
        if sessions > 0.0:
            self.attempts_per_session = attempts / sessions
        wanted = self.attempts_per_session * (sessions + refused)
        self.reserved = self.rules.compute.reservation_tomorrow(self.reserved, attempts, adjust_per_day)
        self.admitted_share = self.rules.compute.admitted_share_tomorrow(wanted, hard_limit)


@dataclass
class Parent:
    """Who pays until it stops; it looks back over 56 days of daily users, profit, compute cost and attempts."""

    rules: Arithmetic
    over_limit_days: int = 0
    better_use_days: int = 0
    users: list[float] = field(default_factory=list)
    profit_before_compute: list[float] = field(default_factory=list)
    attempts: list[float] = field(default_factory=list)

    def see(self, users: float, profit_before_compute_usd: float, attempts: float) -> None:
        """Take note of a closed day."""
        self.users = [*self.users, users][-56:]
        self.profit_before_compute = [*self.profit_before_compute, profit_before_compute_usd][-28:]
        self.attempts = [*self.attempts, attempts][-28:]

    def decide(
        self, day: int, loss_usd: float, stop_loss: float, patience_per_user: float, alternative: float, gpu_hours_per_attempt: float
    ) -> str:
        """M9: why it closes the product today, or "".

        Stop-loss: a loss beyond what growth excuses, on 14 days running. Opportunity cost: a GPU-hour brings more elsewhere, on 28. Neither
        before day 56.
        """
        now, before = self.users[-28:], self.users[:-28]
        growth = (_mean(now), _mean(before))
        limit = self.rules.parent.loss_limit_usd(stop_loss, patience_per_user, *growth)
        self.over_limit_days = self.over_limit_days + 1 if loss_usd > limit else 0
        gpu_hours = math.fsum(self.attempts) * gpu_hours_per_attempt
        brought = math.fsum(self.profit_before_compute)
        prospects = self.rules.parent.prospects_usd_per_gpu_hour(brought, patience_per_user, *growth, gpu_hours)
        self.better_use_days = self.better_use_days + 1 if prospects < alternative < math.inf else 0
        if day < 56:
            return ""
        if self.over_limit_days >= 14:
            return "stop_loss"
        return "opportunity_cost" if self.better_use_days >= 28 else ""


def _mean(numbers: list[float]) -> float:
    return math.fsum(numbers) / len(numbers) if numbers else 0.0
