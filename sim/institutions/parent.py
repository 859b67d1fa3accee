"""The parent: pays what is missing until it stops (M9, C12)."""

from __future__ import annotations

from typing import Any, NamedTuple

import mesa

from sim.rules.parent import ALTERNATIVE_DAYS, STOP_LOSS_DAYS, STOP_LOSS_FROM_DAY, loss_limit_usd, prospects_usd_per_gpu_hour


class ParentBrief(NamedTuple):
    """What the parent sees at close: USD, people, hours. active: 28-day means of daily users, now and 28 days before."""

    day: int
    stop_loss: float
    patience_per_active: float
    alternative_per_gpu_hour: float
    cumulated_loss: float
    active_now: float
    active_before: float
    profit_before_compute_28d: float
    gpu_hours_28d: float


class Parent(mesa.Agent):  # type: ignore[misc]
    """The company that funds the operator. over_limit_days, better_use_days: how long either reason to stop has held without a break."""

    def __init__(self, model: Any) -> None:
        super().__init__(model)
        self.over_limit_days = 0
        self.better_use_days = 0

    def decide(self, brief: ParentBrief) -> str:
        """The cause for which the product is closed today, or "" to go on."""
        limit = loss_limit_usd(brief.stop_loss, brief.patience_per_active, brief.active_now, brief.active_before)
        self.over_limit_days = self.over_limit_days + 1 if brief.cumulated_loss > limit else 0
        prospects = prospects_usd_per_gpu_hour(
            brief.profit_before_compute_28d, brief.patience_per_active, brief.active_now, brief.active_before, brief.gpu_hours_28d
        )
        asks = brief.alternative_per_gpu_hour < float("inf")
        self.better_use_days = self.better_use_days + 1 if asks and brief.alternative_per_gpu_hour > prospects else 0
        if brief.day < STOP_LOSS_FROM_DAY:
            return ""
        if self.over_limit_days >= STOP_LOSS_DAYS:
            return "stop_loss"
        return "opportunity_cost" if self.better_use_days >= ALTERNATIVE_DAYS else ""
