"""Estimators refuse what cannot be fitted, and give back what they were given; their accuracy is tested by tests/validation."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.estimators.power_law import fit_tail
from analysis.estimators.retention import fit_retention, survival
from analysis.estimators.visits import fit_visits


@pytest.mark.parametrize("left", [[100, 90], [100, 90, 95], [100, 100, 100], [[100, 90, 80]]])
def test_retention_that_rises_or_does_not_fall_cannot_be_fitted(left: list[int]) -> None:
    with pytest.raises(ValueError, match="never rising and not all equal"):
        fit_retention(left)


def test_an_exact_curve_gives_its_three_parameters_back() -> None:
    found = fit_retention(1e6 * survival(0.7, 2.0, np.arange(20), 1.3), exponent=None)
    assert (found.alpha, found.beta, found.exponent) == pytest.approx((0.7, 2.0, 1.3), rel=1e-3)


def test_visits_after_the_end_or_none_at_all_cannot_be_fitted() -> None:
    for visits, last, watched in (([1], [40.0], [39.0]), ([0], [0.0], [39.0]), ([1, 2], [3.0], [39.0])):
        with pytest.raises(ValueError, match="somebody who came again"):
            fit_visits(visits, last, watched)


def test_a_tail_of_a_few_counts_cannot_be_fitted() -> None:
    with pytest.raises(ValueError, match="at least 50 counts"):
        fit_tail([1, 2, 3])
