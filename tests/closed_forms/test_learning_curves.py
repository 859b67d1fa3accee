"""M2: one maker learns exponentially, a group may look like a power law, and without carry-over ten sessions leave a maker where one
did (C2).
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from comparison import SEEDS, Row, assert_agrees, assert_rejected, row
from everybody import lived
from numba import njit
from numpy.typing import NDArray

from sim.foundation.elementary import log
from sim.foundation.streams import BEHAVIOUR, uniforms
from sim.rules.learning import skill_after_session, skill_at_start

RATE, SHARE = 0.3, 0.1


def skill_after(sessions: int, carry: float, controlled: float, uncontrolled: float) -> float:
    """s after n like sessions: (1-g)·(1-(c·g)^n)/(1-c·g) with g = e^(-λ(n_ctrl + ι·n_fresh)), c the carry-over."""
    g = math.exp(-RATE * (controlled + SHARE * uncontrolled))
    return (1.0 - g) * (1.0 - (carry * g) ** sessions) / (1.0 - carry * g)


@pytest.mark.parametrize("carry", [0.0, 0.05, 0.5, 0.9, 1.0])
@pytest.mark.parametrize(("controlled", "uncontrolled"), [(0, 1), (0, 12), (5, 3), (11, 1)])
def test_skill_after_n_sessions_is_the_closed_form(carry: float, controlled: int, uncontrolled: int) -> None:
    skill = 0.0
    for session in range(1, 60):
        skill = skill_after_session(skill_at_start(skill, carry), RATE, controlled, SHARE, uncontrolled)
        assert skill == pytest.approx(skill_after(session, carry, controlled, uncontrolled), rel=1e-12)


def test_with_full_carry_over_skill_is_exponential_in_all_attempts_so_far() -> None:
    for sessions in (1, 7, 40):
        assert skill_after(sessions, 1.0, 2, 3) == pytest.approx(1.0 - math.exp(-RATE * sessions * (2 + SHARE * 3)), rel=1e-12)


def test_without_carry_over_ten_sessions_leave_a_maker_where_one_did() -> None:
    assert skill_after(10, 0.0, 0, 12) == skill_after(1, 0.0, 0, 12)
    assert skill_after(10, 0.05, 0, 12) < 1.05 * skill_after(1, 0.05, 0, 12)
    assert skill_after(10, 1.0, 0, 12) > 3.0 * skill_after(1, 1.0, 0, 12)


@pytest.mark.parametrize(("steerability", "controlled", "uncontrolled"), [(0.0, 0, 6), (1.0, 5, 1)])
@pytest.mark.parametrize("carry", [0.0, 0.5, 1.0])
def test_makers_in_the_kernel_learn_by_the_closed_form(steerability: float, controlled: int, uncontrolled: int, carry: float) -> None:
    """Nobody ever accepts, so that every session has all six attempts; skill is kept in float32."""
    never = {"making.acceptable_miss": 1e-12, "making.acceptable_miss_ln_sd": 0.0, "making.patience_attempts": 6}
    rates = {"learning.rate": RATE, "learning.uncontrolled_share": SHARE, "learning.carry_over": carry, "learning.skill_effect": 1.0}
    for days in (1, 2, 10):
        world = lived(1, days, never | rates | {"dials.steerability": steerability})
        assert (world.creators.attempts == 6 * days).all()
        assert world.creators.skill == pytest.approx(skill_after(days, carry, controlled, uncontrolled), rel=3e-6)


PRACTISED = (1, 10, 50, 200)


@njit
def _left_to_learn(rates: NDArray[np.float64], sessions: int) -> float:
    total = 0.0
    for i in range(rates.size):
        skill = 0.0
        for _ in range(sessions):
            skill = skill_after_session(skill_at_start(skill, 1.0), rates[i], 1.0, 0.1, 0.0)
        total += 1.0 - skill
    return total / rates.size


def group_curve(shape: float) -> list[Row]:
    """What a group with rates from Gamma(1, rate 10) has left to learn, beside (1 + N/10)^-shape. shape 1 is true."""
    curves = np.array([[_left_to_learn(exponentials(seed) / 10.0, n) for n in PRACTISED] for seed in SEEDS])
    return [row(f"left to learn after {n} sessions", curves[:, i], (1.0 + n / 10.0) ** -shape) for i, n in enumerate(PRACTISED)]


def exponentials(seed: int) -> NDArray[np.float64]:
    return np.array([-log(u) for u in uniforms(seed, BEHAVIOUR, 4000)])


def test_a_group_of_exponential_learners_follows_a_power_law() -> None:
    """VALIDATION 4.8c: .9091, .5, .1667, .0476."""
    table = group_curve(1.0)
    assert [round(one.expected, 4) for one in table] == [0.9091, 0.5, 0.1667, 0.0476]
    assert_agrees("group curve of M2, rates Gamma(1, 10)", table)


def test_another_exponent_of_the_group_is_rejected() -> None:
    assert_rejected("exponent 1.03", group_curve(1.03))


def test_one_learner_of_the_mean_rate_is_no_power_law() -> None:
    assert _left_to_learn(np.array([0.1]), 50) == pytest.approx(math.exp(-5.0), rel=1e-10)
