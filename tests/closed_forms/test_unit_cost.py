"""M7: Wright's law on own volume, the field's dated decline, and both in a running world (VALIDATION 4.8a)."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.ecosystem import Ecosystem
from sim.rules.compute import admitted_share_tomorrow, reservation_tomorrow, unit_cost_usd

# Progress ratio, exponent, unit cost at the thousandth unit over the first (VALIDATION 4.8a).
WRIGHT = [(0.70, 0.5146, 0.0286), (0.80, 0.3219, 0.1082), (0.85, 0.2345, 0.1980), (0.90, 0.1520, 0.3499)]


def own_volume(exponent: float, attempts: float, reference: float = 1.0) -> float:
    """Cost relative to the first attempt without floor and without decline of the field."""
    return unit_cost_usd(1.0, 0.0, exponent, reference, 1.0, attempts, 0.0)


@pytest.mark.parametrize(("ratio", "exponent", "thousandth"), WRIGHT)
def test_the_table_of_wrights_law_comes_out(ratio: float, exponent: float, thousandth: float) -> None:
    b = -math.log2(ratio)
    assert b == pytest.approx(exponent, abs=5e-5)
    assert own_volume(b, 999.0) == pytest.approx(1000.0**-b, rel=1e-13)
    assert own_volume(b, 999.0) == pytest.approx(thousandth, abs=5.1e-5)


@pytest.mark.parametrize("ratio", [ratio for ratio, _, _ in WRIGHT])
def test_every_doubling_of_volume_multiplies_cost_by_the_progress_ratio(ratio: float) -> None:
    for volume in 2.0 ** np.arange(0, 40):
        assert own_volume(-math.log2(ratio), 2.0 * volume - 1.0) / own_volume(-math.log2(ratio), volume - 1.0) == pytest.approx(
            ratio, rel=1e-13
        )


def test_exponential_output_gives_exponential_decline_at_rate_b_times_g() -> None:
    """Sahal: growth of .2 a year at a progress ratio of 80 % is a fall of .0644 a year."""
    g, b, reference = 0.2, -math.log2(0.8), 3e7
    costs = [own_volume(b, reference * math.expm1(g * year), reference) for year in range(30)]
    falls = -np.diff(np.log(costs))
    assert falls == pytest.approx(np.full(29, b * g), rel=1e-12)
    assert round(b * g, 4) == 0.0644


@pytest.mark.parametrize("factor", [1.0, 3.0, 5.0, 15.0])
def test_the_field_declines_by_its_factor_in_365_days_whenever_they_begin(factor: float) -> None:
    for day in (0.0, 1.0, 200.0, 3650.0):
        now, later = (unit_cost_usd(0.81, 0.0, 0.15, 3e7, factor, 1e8, t) for t in (day, day + 365.0))
        assert now / later == pytest.approx(factor, rel=1e-13)


def test_the_first_attempt_costs_the_first_cost_and_the_floor_is_never_passed() -> None:
    assert unit_cost_usd(0.81, 0.02, 0.15, 3e7, 5.0, 0.0, 0.0) == pytest.approx(0.81, rel=1e-15)
    assert unit_cost_usd(0.81, 0.02, 0.15, 3e7, 5.0, 1e15, 9999.0) == pytest.approx(0.02, abs=1e-6)
    assert unit_cost_usd(0.81, 0.02, 0.15, 3e7, 5.0, 1e9, 365.0) == pytest.approx(0.02 + 0.79 * (1.0 + 1e9 / 3e7) ** -0.15 / 5.0, rel=1e-13)


def test_a_running_world_pays_the_closed_form_on_its_own_attempts() -> None:
    world = Ecosystem("baseline", run_seed=2, agents=1000, days=40).run().world
    made = np.append(0.0, np.cumsum(world.recorder.of("attempts", 40))[:-1])
    s = world.policy.settings
    wright = (1.0 + made / s.compute_wright_reference_attempts) ** -s.compute_wright_exponent
    decline = s.compute_decline_factor_per_year ** (-np.arange(40) / 365.0)
    floor = s.compute_floor_unit_cost_usd
    assert world.recorder.of("unit_cost_usd", 40) == pytest.approx(
        floor + (s.compute_first_unit_cost_usd - floor) * wright * decline, rel=1e-12
    )
    assert made[-1] > 0.0


def test_a_step_in_demand_is_followed_geometrically() -> None:
    reserved = 100.0
    for day in range(1, 200):
        reserved = reservation_tomorrow(reserved, 300.0, 0.03)
        assert reserved == pytest.approx(300.0 - 200.0 * 0.97**day, rel=1e-12)


def test_beyond_the_hard_limit_sessions_are_admitted_in_that_proportion() -> None:
    assert admitted_share_tomorrow(100.0, 100.0) == 1.0
    assert admitted_share_tomorrow(400.0, 100.0) == 0.25
    assert admitted_share_tomorrow(1e12, math.inf) == 1.0


def test_a_planted_wrong_year_or_exponent_is_found() -> None:
    assert unit_cost_usd(1.0, 0.0, 0.0, 1.0, 5.0, 0.0, 0.0) / unit_cost_usd(1.0, 0.0, 0.0, 1.0, 5.0, 0.0, 360.0) != pytest.approx(
        5.0, rel=1e-3
    )
    assert own_volume(0.3219 * 1.001, 999.0) != pytest.approx(1000.0**-0.3219, rel=1e-3)
