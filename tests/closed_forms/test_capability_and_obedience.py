"""C11: capability is looks, not obedience. At ξ = 0 a stronger model fails as often and looks better; at ξ > 0 it also obeys."""

from __future__ import annotations

import math

import numpy as np
import pytest
from comparison import SEEDS, Row, assert_agrees, assert_rejected, row
from everybody import lived
from session_chain import session_chain

from sim.rules import making

CHI, BETA, PATIENCE, DAYS = 0.3, 0.82, 12, 5
STAYS = {
    "dials.export_leakage": 0.0,
    "making.patience_attempts": PATIENCE,
    "making.capability_to_quality": CHI,
    "watching.quality_slope": BETA,
}


@pytest.mark.parametrize("steerability", [0.0, 0.5, 1.0])
def test_a_fourfold_capability_leaves_attempts_and_skill_bit_for_bit_and_raises_quality(steerability: float) -> None:
    one, four = (lived(7, DAYS, STAYS | {"dials.steerability": steerability, "making.capability": x}) for x in (1.0, 4.0))
    assert np.array_equal(one.creators.attempts, four.creators.attempts)
    assert np.array_equal(one.creators.skill, four.creators.skill)
    assert one.carried.attempts_total == four.carried.attempts_total
    clips, better = one.shelf.fresh(), four.shelf.fresh()
    assert clips.worth.size > 300
    assert np.array_equal(clips.maker, better.maker)
    gained = np.log(better.worth.astype(np.float64) / clips.worth) / BETA
    assert gained == pytest.approx(np.full(gained.size, CHI * math.log(4.0)), abs=1e-6)


def test_the_rules_say_the_same_exactly() -> None:
    for skill in (0.0, 0.3, 1.0):
        assert making.miss_mean(1.0, 1.0, skill, 4.0, 0.0) == making.miss_mean(1.0, 1.0, skill, 1.0, 0.0)
    assert making.quality(0.4, 4.0, CHI, 0.1) - making.quality(0.4, 1.0, CHI, 0.1) == pytest.approx(CHI * math.log(4.0), rel=1e-14)
    assert making.miss_mean(1.0, 2.0, 0.5, 4.0, 0.5) == pytest.approx(0.5 * math.exp(-1.0), rel=1e-14)


def obedience(capability: float, expected_of: float) -> list[Row]:
    """Attempts and accepted sessions at ξ = .5 beside the chain for the capability `expected_of`."""
    values = STAYS | {
        "dials.steerability": 0.3,
        "making.acceptable_miss_ln_sd": 0.0,
        "making.capability": capability,
        "making.capability_to_miss": 0.5,
        "learning.rate": 0.0,
    }
    chain = session_chain(0.3, 0.085 * math.sqrt(expected_of), PATIENCE, PATIENCE)
    worlds = [lived(seed, DAYS, values) for seed in SEEDS]
    sessions = DAYS * worlds[0].creators.attempts.size
    return [
        row(f"capability {capability:g}, ξ .5: attempts", [world.creators.attempts.sum() / sessions for world in worlds], chain.attempts),
        row(f"capability {capability:g}, ξ .5: accepted", [world.shelf.fresh().maker.size / sessions for world in worlds], chain.accepted),
    ]


def test_where_the_model_obeys_with_its_capability_sessions_follow_the_smaller_miss() -> None:
    assert_agrees("ξ = .5", [one for capability in (1.0, 4.0, 16.0) for one in obedience(capability, capability)])


def test_a_capability_that_did_not_reach_the_miss_is_rejected() -> None:
    assert_rejected("ξ = .5 without effect", obedience(4.0, 1.0))
