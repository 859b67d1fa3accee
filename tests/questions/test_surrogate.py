"""The posterior behind the search, against numbers worked out in other ways."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from analysis.questions.surrogate import Posterior, covariance, expected_gain, posterior

WAVE = np.log(np.array([1.5, 0.4]))
AT = np.array([[0.3]])


class Truth(NamedTuple):
    """By quadrature: evidence, mean and variance of f at a point, and the chance that P(yes) there is below one half."""

    evidence: float
    mean: float
    variance: float
    below: float


def truth(yes: int, no: int) -> Truth:
    """After so many answers at one point."""
    sd = float(np.sqrt(covariance(AT, AT, WAVE)[0, 0]))

    def integral(power: int, high: float = 10.0 * sd) -> float:
        return float(quad(lambda f: f**power * norm.pdf(f, scale=sd) * norm.cdf(f) ** yes * norm.cdf(-f) ** no, -10.0 * sd, high)[0])

    whole = integral(0)
    mean = integral(1) / whole
    return Truth(whole, mean, integral(2) / whole - mean**2, integral(0, 0.0) / whole)


def answered(yes: int, no: int) -> Posterior:
    """The posterior after so many answers at one point."""
    return posterior(np.repeat(AT, yes + no, axis=0), np.array([1.0] * yes + [-1.0] * no), WAVE)


@pytest.mark.parametrize(("yes", "no"), [(1, 0), (0, 1), (3, 1), (2, 2)])
def test_mean_and_variance_at_one_point_are_those_of_quadrature(yes: int, no: int) -> None:
    found, true = answered(yes, no), truth(yes, no)
    assert found.mean(AT)[0] == pytest.approx(true.mean, rel=5e-3, abs=1e-6)
    assert found.variance(AT)[0] == pytest.approx(true.variance, rel=0.02)


@pytest.mark.parametrize(("yes", "no"), [(3, 1), (6, 0), (9, 0), (12, 1)])
def test_the_chance_to_be_on_the_wrong_side_of_one_half_is_that_of_quadrature(yes: int, no: int) -> None:
    found = answered(yes, no)
    assert norm.cdf(-found.mean(AT)[0] / np.sqrt(found.variance(AT)[0])) == pytest.approx(truth(yes, no).below, abs=0.012)


def test_the_evidence_is_that_of_quadrature_up_to_the_prior_of_the_waves() -> None:
    apart = answered(3, 1).evidence - answered(2, 2).evidence
    assert apart == pytest.approx(np.log(truth(3, 1).evidence / truth(2, 2).evidence), abs=0.02)


def test_an_answer_that_was_expected_still_makes_surer() -> None:
    sure = [float(one.mean(AT)[0] / np.sqrt(one.variance(AT)[0])) for one in (answered(2, 0), answered(8, 0))]
    assert sure[1] > sure[0] + 0.5


def test_far_from_every_run_little_is_known() -> None:
    found = answered(1, 0)
    near, far = found.variance(np.array([[0.3], [1.0]]))
    assert far > 2.0 * near


def test_the_expected_gain_is_the_mean_fall_of_the_variance() -> None:
    sd = float(np.sqrt(covariance(AT, AT, WAVE)[0, 0]))
    falls = [sd**2 - truth(yes, 1 - yes).variance for yes in (0, 1)]
    assert expected_gain(0.0, sd**2) == pytest.approx(np.mean(falls), rel=1e-5)
