"""M9. The parent closes what neither grows nor pays (claim C12).

Stop-loss: cumulated loss > B0 + B1·max(0, active now - active 28 days ago) on 14 days running, from day 56 (28-day means of daily users;
growth buys patience). Opportunity cost: the return of a GPU-hour elsewhere exceeds the product's prospects on 28 days running.
"""

from __future__ import annotations

import math

from sim.foundation.compiled import compiled
from sim.foundation.parameters import Parameter, assumed

STOP_LOSS_DAYS = 14
STOP_LOSS_FROM_DAY = 56
ALTERNATIVE_DAYS = 28
WINDOW_DAYS = 28
"""Days of the means by which the parent judges."""

PARAMETERS = (
    Parameter("parent.budget_usd", 1e9, "USD", "what the parent can put in", assumed("deep pockets"), low=0, mid_run=False),
    Parameter(
        "parent.stop_loss_usd",
        1.5e8,
        "USD",
        "loss the parent bears without growth (B0); null: no stop-loss",
        assumed("about 1 million USD a day for 175 days, less growth's credit"),
        low=0,
        optional=True,
    ),
    Parameter(
        "parent.patience_usd_per_new_active",
        50.0,
        "USD/person",
        "loss it bears per daily user gained in 28 days (B1)",
        assumed("vary"),
        low=0,
    ),
    Parameter(
        "parent.alternative_return_usd_per_gpu_hour",
        None,
        "USD/h",
        "what a GPU-hour earns elsewhere; null: never asked",
        assumed("off; dated worlds use it"),
        low=0,
        optional=True,
    ),
)


@compiled
def loss_limit_usd(stop_loss: float, patience_per_active: float, active_now: float, active_before: float) -> float:
    """The loss the parent bears today, USD; active: 28-day means of daily users, now and 28 days ago."""
    return stop_loss + patience_per_active * max(0.0, active_now - active_before)


@compiled
def prospects_usd_per_gpu_hour(
    profit_before_compute: float, patience_per_active: float, active_now: float, active_before: float, gpu_hours: float
) -> float:
    """What a GPU-hour brings here: profit before compute plus the worth of growth, both over the last 28 days; infinite if none was
    used.
    """
    if gpu_hours <= 0.0:
        return math.inf
    return (profit_before_compute + patience_per_active * max(0.0, active_now - active_before)) / gpu_hours
