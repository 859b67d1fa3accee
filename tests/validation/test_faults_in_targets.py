"""Every target of `flywheel validate` holds, and the same check finds a wrong exponent, rate or sign that is planted in its mechanism."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.validation import FEWEST_SEEDS
from analysis.validation.comparison import Comparison, family_limit, threshold
from analysis.validation.sections import SECTIONS
from analysis.validation.target import Target

TARGETS = {target.name: target for section in SECTIONS for target in section.targets}

PLANTED: dict[str, dict[str, Any]] = {
    "bass_curves": {"word_of_mouth": 1.03},
    "bass_peaks": {"advertising": 1.1},
    "bass_printed": {"word_of_mouth": 1.01},
    "bass_step": {"word_of_mouth": 1.01},
    "bass_networks": {"mixing": 1.0},
    "sbg_fit": {"exponent": 1.02},
    "sbg_values": {"discount": 0.11},
    "sbg_cohort": {"alpha_factor": 1.02},
    "pooled_churn": {"spread": 0.0},
    "sbg_tail": {"alpha_factor": 1.01},
    "bgnbd_cdnow": {"watched_factor": 1.01},
    "bgnbd_recovery": {"dropout": 1.5},
    "bgnbd_expected": {"dropout": 1.2},
    "stickiness": {"spread": 0.0},
    "own_critical_mass": {"names": ("weak network",), "status_factor": 0.9},
    "launch_equilibria": {"steepness_factor": 1.01},
    "launches": {"steepness": 3.9},
    "price_sweep": {"cross_side": 0.0},
    "elasticities": {"cross_side": 0.0},
    "decay": {"decay": 0.25},
    "top_shares": {"slope_factor": 1.02},
    "popularity": {"exponent": -0.0},
    "novelty": {"exponent": 0.41},
    "pareto": {"exponent_factor": 1.01},
    "simon": {"copying": 0.9},
    "trial_offer": {"strength_factor": 1.2},
    "song_market": {"influence": 0.0},
    "contest": {"cost": 1.01},
    "exit": {"cost": 0.99},
    "exploration": {"spread": 0.0},
    "viability": {"floor": 0.0},
    "wright": {"exponent_factor": 1.01},
    "sahal": {"exponent_factor": 0.99},
    "decline": {"days_of_a_year": 360},
    "learner": {"carry": 0.99},
    "group_curve": {"shape": 1.05},
    "ruin_by_the_books": {"drift": 0.0},
    "insolvency": {"cash_factor": 0.8},
    "lifetime_value": {"churn": 0.11},
    "base_size": {"churn": 0.11},
    "cohorts": {"left_out": ("moderation",)},
    "ruin_formula": {"barrier_sign": -1.0},
    "referral_tree": {"k": 0.62},
    "extinction": {"k_factor": 1.05},
    "paired_variance": {"shift": 7},
    "null_change": {"price_usd": 10.0},
}
"""A wrong mechanism by target."""

LONG = {"bass_curves", "bass_peaks", "bgnbd_recovery", "own_critical_mass", "simon", "trial_offer", "ruin_by_the_books", "paired_variance"}
"""Targets that take a second or more."""


def _parameters(names: list[str]) -> list[Any]:
    return [pytest.param(TARGETS[name], id=name, marks=pytest.mark.slow if name in LONG else ()) for name in names]


def checked(target: Target, mechanism: dict[str, Any]) -> list[Comparison]:
    return target.check(range(1, FEWEST_SEEDS + 1), **mechanism)


def test_a_fault_is_planted_for_every_target_and_for_no_other() -> None:
    assert sorted(PLANTED) == sorted(TARGETS)
    assert len(TARGETS) == sum(len(section.targets) for section in SECTIONS), "two targets share a name"


@pytest.mark.parametrize("target", _parameters(list(PLANTED)))
def test_a_target_holds_and_a_planted_fault_is_found(target: Target) -> None:
    """The fault must be found at the limit of a family of a thousand, stricter than that of any table."""
    true = checked(target, {})
    limit = family_limit(true)
    failed = [one.name for one in true if one.effort(limit) > 1.0]
    assert not failed, failed
    assert any(one.effort(threshold(1000)) > 1.0 for one in checked(target, PLANTED[target.name])), "the planted fault passes"
