"""How a figure is taken from a run and how far it is from what was published."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from analysis.calibration.targets import FARTHEST, Error, Observable, Target

DAILY = {"dau": np.array([10.0, 20.0, 30.0, 40.0]), "views_here": np.array([100.0, 100.0, 300.0, 300.0])}


@pytest.mark.parametrize(
    ("statistic", "of", "days", "expected"),
    [
        ("last", ("dau",), (1, 2), 30.0),
        ("mean", ("dau",), (1, 3), 30.0),
        ("sum", ("dau",), (0, 1), 30.0),
        ("ratio", ("views_here", "dau"), (2, 3), 600.0 / 70.0),
    ],
)
def test_a_figure_of_daily_metrics(statistic: str, of: tuple[str, ...], days: tuple[int, int], expected: float) -> None:
    assert Observable(statistic, of, days).of_run(DAILY, {}, closed=False) == pytest.approx(expected)


def test_a_run_that_ends_too_soon_has_no_figure_but_a_closed_one_sums_on() -> None:
    assert math.isnan(Observable("sum", ("dau",), (2, 9)).of_run(DAILY, {}, closed=False))
    assert Observable("sum", ("dau",), (2, 9)).of_run(DAILY, {}, closed=True) == 70.0
    assert math.isnan(Observable("last", ("dau",), (2, 9)).of_run(DAILY, {}, closed=True))
    assert Observable("figure", ("payers_share",), None).of_run(DAILY, {"payers_share": 0.02}, closed=False) == 0.02


def test_residuals_are_standard_deviations_of_each_error_model() -> None:
    at = np.array([100.0, 200.0, 50.0])
    assert Error("log_sd", math.log(2.0)).residuals(at, 100.0) == pytest.approx([0.0, 1.0, -1.0])
    assert Error("relative_sd", 0.5).residuals(at, 100.0) == pytest.approx([0.0, 2.0, -1.0])
    assert Error("below", math.log(2.0), high=100.0).residuals(at, 80.0) == pytest.approx([0.0, 1.0, 0.0])
    assert Error("between", math.log(2.0), low=100.0, high=150.0).residuals(at, 120.0) == pytest.approx(
        [0.0, math.log(200 / 150) / math.log(2), -1.0]
    )


def test_a_range_is_a_90_percent_interval() -> None:
    sd = math.log(9.0 / 4.0) / (2.0 * norm.ppf(0.95))
    assert Error("range", sd, 4.0, 9.0).residuals(np.array([4.0, 9.0]), 6.0) == pytest.approx([-norm.ppf(0.95), norm.ppf(0.95)])


def test_nothing_and_what_is_missing_are_as_far_as_anything_gets() -> None:
    assert Error("log_sd", 0.1).residuals(np.array([0.0, math.nan, 1e300]), 5.0).tolist() == [-FARTHEST, FARTHEST, FARTHEST]


def test_a_retention_needs_its_age_and_some_adopters_more() -> None:
    def target(observable: Observable) -> Target:
        return Target("x", "x", "", observable, 1.0, Error("log_sd", 1.0), "1", "fit", "s", "low")

    assert target(Observable("figure", ("retention.d30",), None)).needs_days == 44
    assert target(Observable("mean", ("dau",), (55, 63))).needs_days == 64
    assert target(Observable("figure", ("payers_share",), None)).needs_days > 100
