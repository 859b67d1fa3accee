"""Scores, rules and the split of a forecast test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

import sim
from analysis.calibration import Plan, load_targets
from analysis.calibration.ensemble import weighted_quantiles
from analysis.calibration.facts import FACTS, flattening, half_life
from analysis.calibration.forecast import FORECASTS, _extended, crps, forecast, split
from tests.calibration.small import TARGETS, write


def test_the_score_of_a_normal_sample_is_that_of_the_closed_form() -> None:
    values = norm.ppf((np.arange(4000) + 0.5) / 4000)
    even = np.full(4000, 1.0 / 4000)
    for truth in (0.0, 1.0, -2.0):
        exact = truth * (2.0 * norm.cdf(truth) - 1.0) + 2.0 * norm.pdf(truth) - 1.0 / np.sqrt(np.pi)
        assert crps(values, even, truth) == pytest.approx(exact, abs=1e-3)


def test_a_certain_forecast_is_scored_by_its_distance() -> None:
    assert crps(np.array([2.0]), np.ones(1), 5.0) == 3.0


def test_the_rules_go_on_from_the_last_week() -> None:
    daily = {"installs": np.full(20, 10.0), "installs_total": np.arange(1, 21) * 10.0}
    assert _extended(daily, "installs", 9, None).tolist() == [10.0] * 20
    assert _extended(daily, "installs_total", 9, None)[-1] == pytest.approx(200.0)
    assert _extended(daily, "installs", 9, 5.0)[14] == pytest.approx(5.0)


def test_only_what_was_known_by_then_is_fitted() -> None:
    known, ahead = split(load_targets("sora"), 60)
    assert {"installs_day_31", "dau_november", "retention_d30"} <= {target.name for target in known}
    assert not {target.name for target in known} & {"installs_day_61", "dau_peak", "revenue_december", "attempts_per_clip", "payers"}
    assert {"installs_day_61", "dau_peak", "dau_late", "revenue_total"} <= {target.name for target in ahead}


def test_a_day_that_leaves_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(sim.InputError, match="leaves no target to score"):
        forecast(load_targets(write(tmp_path)), tmp_path / "out", until=24)


def test_a_forecast_is_scored_beside_both_rules(tmp_path: Path) -> None:
    sooner = (
        TARGETS.replace("days: [20, 20]", "days: [12, 12]").replace("value: 4e6", "value: 2.5e6").replace("[3e6, 5.3e6]", "[1.8e6, 3.3e6]")
    )
    targets, plan = load_targets(write(tmp_path, sooner)), Plan(search=16, rounds=1, sets=8, last=16)
    found = forecast(targets, tmp_path / "out", until=13, plan=plan, agents=300, workers=1)
    assert found.scores["forecast"].tolist() == list(FORECASTS)
    assert (found.scores["score"] >= 0.0).all()
    assert found.days["day"].max() == 24


def test_a_half_life_is_found_in_a_decay_that_has_one() -> None:
    days = np.arange(120.0)
    assert half_life(0.5 ** (days / 20.0)) == pytest.approx(20.0, abs=1.0)
    assert np.isnan(half_life(np.ones(50)))


def test_constant_churn_does_not_flatten_and_differing_people_do() -> None:
    ages = np.array([1.0, 30.0, 60.0])
    assert flattening(*(0.97**ages)) == pytest.approx(1.0)
    assert flattening(*(0.5 * 0.9**ages + 0.5 * 0.995**ages)) > 1.05


def test_facts_have_sources_and_rising_ranges() -> None:
    assert all(fact.source for fact in FACTS)
    assert all(fact.low is None or fact.high is None or fact.low < fact.high for fact in FACTS)


def test_weighted_quantiles_of_even_weights_are_plain_ones() -> None:
    values = np.random.default_rng(1).normal(size=2001)
    found = weighted_quantiles(values, np.full(2001, 1.0 / 2001), (0.05, 0.5, 0.95))
    assert found == pytest.approx(np.quantile(values, (0.05, 0.5, 0.95)), abs=0.01)
    assert weighted_quantiles([1.0, 5.0], np.array([0.9, 0.1]), (0.5,))[0] < 2.5
