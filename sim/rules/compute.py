"""M7. Scale lowers unit cost; idle capacity and overflow raise it (claim C9).

    u(n, t) = u_f + (u_0 - u_f)·(1 + n/n_0)^(-b)·F^(-t/365)

own volume n (Wright 1936; Nagy et al. 2013, PLoS ONE 8(2) e52669) and the field's dated decline, a factor F a year. Capacity follows demand
with a lag; cost = u·(used + ρ_c·max(0, reserved - used) + surcharge·overflow). b and F are not separable from one product.
"""

from __future__ import annotations

from sim.foundation.compiled import compiled
from sim.foundation.elementary import power
from sim.foundation.parameters import Parameter, assumed, calibrated, measured

PARAMETERS = (
    Parameter(
        "compute.first_unit_cost_usd",
        0.81,
        "USD/attempt",
        "cost of the first attempt (u_0)",
        calibrated("compute of 1 million USD a day (WSJ, 2026-03); public range .1-1.3 a clip (Cantor)"),
        low=0,
        mid_run=True,
    ),
    Parameter("compute.floor_unit_cost_usd", 0.02, "USD/attempt", "what no scale goes below (u_f)", assumed("energy and memory"), low=0),
    Parameter("compute.wright_exponent", 0.15, "1", "cost against own volume (b)", assumed("a progress ratio of 90 %"), low=0, high=2),
    Parameter(
        "compute.wright_reference_attempts",
        3e7,
        "attempts",
        "volume that starts the curve (n_0)",
        assumed("about two weeks"),
        low=0,
        low_open=True,
    ),
    Parameter(
        "compute.decline_factor_per_year",
        5.0,
        "1",
        "fall of the field's cost in a year (F)",
        measured("5x expected by Cantor (Forbes, 2025-11-10); range 3-15"),
        low=0,
        low_open=True,
    ),
    Parameter("compute.idle_cost_share", 0.5, "1", "price of reserved and idle, relative to used (ρ_c)", assumed("vary"), low=0),
    Parameter(
        "compute.capacity_adjust_per_day", 0.03, "1/day", "how fast the reservation follows demand", assumed("a month"), low=0, high=1
    ),
    Parameter("compute.overflow_surcharge", 0.5, "1", "extra price of what was not reserved", assumed("vary"), low=0),
    Parameter(
        "compute.hard_limit_attempts_per_day",
        None,
        "attempts/day",
        "beyond it sessions are refused the next day",
        assumed("off"),
        low=0,
        low_open=True,
        optional=True,
    ),
    Parameter("compute.delivery_usd_per_view", 5e-5, "USD/view", "delivery of a view", assumed("content delivery at list prices"), low=0),
    Parameter("compute.moderation_usd_per_clip", 0.01, "USD/clip", "checking a clip published here", assumed("mostly automatic"), low=0),
    Parameter(
        "compute.gpu_hours_per_attempt",
        0.67,
        "h/attempt",
        "GPU time of an attempt",
        measured("40 GPU-minutes a clip (Forbes, 2025-11-10)"),
        low=0,
    ),
)


@compiled
def unit_cost_usd(
    first: float, floor: float, exponent: float, reference: float, decline_per_year: float, attempts: float, day: float
) -> float:
    """u(n, t) in USD per attempt, after this many attempts of one's own."""
    return floor + (first - floor) * power(1.0 + attempts / reference, -exponent) * power(decline_per_year, -day / 365.0)


@compiled
def reservation_tomorrow(reserved: float, demand: float, adjust: float) -> float:
    """Capacity reserved for tomorrow, attempts a day: a step of `adjust` towards today's demand."""
    return reserved + adjust * (demand - reserved)


@compiled
def admitted_share_tomorrow(demand: float, limit: float) -> float:
    """Share of sessions admitted tomorrow when today's demand (before refusals) stood against the hard limit, which may be infinite."""
    return 1.0 if demand <= limit else limit / demand
