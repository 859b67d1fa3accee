"""The triangle, the survival curve made of it, and what fitted laws say of the future."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.estimators.retention import discounted_residual_lifetime, survival
from analysis.unit_economics.lifetimes import BDW, NAIVE, SBG, Law, fit_laws, forecast, remaining_weeks
from analysis.unit_economics.retention_triangle import grid, known_by, survival_curve, triangle
from tests.unit_economics.planted import cohorts_living_by, cohorts_of


def living_by_sbg(alpha: float, beta: float, weeks: int = 30) -> np.ndarray:
    table = cohorts_living_by(lambda t: float(survival(alpha, beta, t)), weeks=weeks)
    return grid(triangle(table, 7 * weeks))


def test_a_cell_counts_only_when_the_whole_cohort_has_lived_its_whole_week() -> None:
    table = triangle(cohorts_living_by(lambda _: 1.0, weeks=4), 28)
    assert table.groupby("cohort")["age_week"].max().to_dict() == {0: 2, 1: 1, 2: 0}
    assert (table["share"] == 0.5).all()
    assert (table["active_days"] == 3.5e6).all()


def test_the_day_of_adoption_is_left_out() -> None:
    rows = [(0, "viewer", "buzz", age, 10.0, 10.0 if age == 0 else 2.0) for age in range(15)]
    table = triangle(cohorts_of(*rows), 15)
    assert table["active_days"].tolist() == [14.0]


@pytest.mark.parametrize(("alpha", "beta"), [(0.7, 3.8), (1.5, 1.2), (0.3, 0.9)])
def test_a_triangle_of_people_who_differ_gives_their_law_back(alpha: float, beta: float) -> None:
    laws = fit_laws(survival_curve(living_by_sbg(alpha, beta)))
    assert laws[SBG].alpha == pytest.approx(alpha, rel=1e-3)
    assert laws[SBG].beta == pytest.approx(beta, rel=1e-3)
    assert laws[BDW].exponent == pytest.approx(1.0, abs=0.01)


def test_constant_churn_is_given_back_by_the_naive_estimate() -> None:
    table = cohorts_living_by(lambda t: 0.8**t, weeks=20)
    laws = fit_laws(survival_curve(grid(triangle(table, 140))), (NAIVE,))
    assert laws[NAIVE].alpha == pytest.approx(0.2)


def test_people_of_one_age_are_never_set_against_those_of_another() -> None:
    """Cohorts of growing size and quality: a plain mean by age would show a fall that nobody lives through."""
    active = np.array([[10.0, 10.0, 10.0], [100.0, 100.0, np.nan], [900.0, np.nan, np.nan]])
    assert survival_curve(active).tolist() == [1.0, 1.0, 1.0]


def test_a_curve_of_survival_never_rises() -> None:
    curve = survival_curve(np.array([[8.0, 4.0, 6.0, 2.0]]))
    assert curve[0] == 1.0
    assert (np.diff(curve) <= 0.0).all()
    assert curve[1] == curve[2] == pytest.approx(0.625, abs=0.05)


@given(st.lists(st.lists(st.integers(0, 10**9), min_size=1, max_size=8), min_size=1, max_size=8))
def test_any_triangle_makes_a_curve_from_one_down_or_none(rows: list[list[int]]) -> None:
    active = np.full((len(rows), 8), np.nan)
    for place, row in enumerate(rows):
        active[place, : len(row)] = row
    curve = survival_curve(active)
    assert curve.size >= 1
    assert curve[0] == pytest.approx(1.0)
    assert (curve >= 0.0).all()
    assert (np.diff(curve) <= 1e-12).all()


@pytest.mark.parametrize("curve", [[], [1.0], [1.0, 0.5, 0.4], [1.0, 1.0, 1.0, 1.0, 1.0]])
def test_nothing_is_fitted_to_too_few_weeks_or_to_nobody_leaving(curve: list[float]) -> None:
    assert fit_laws(np.array(curve)) == {}


def test_what_came_after_a_day_is_not_known_on_it() -> None:
    active = np.ones((3, 3))
    assert np.isnan(known_by(active, 28)).tolist() == [[False, False, False], [False, False, True], [False, True, True]]
    assert (~np.isnan(known_by(active, 14))).sum() == 1
    assert np.isnan(known_by(active, 13)).all()


def test_people_who_differ_are_foretold_by_their_law_and_undersold_by_one_churn() -> None:
    foretold = forecast(living_by_sbg(0.5, 0.8, weeks=40), 140)
    errors = {model: told / came - 1.0 for model, (told, came) in foretold.items()}
    assert abs(errors[SBG]) < 0.001
    assert errors[NAIVE] < -0.25


def test_nothing_is_foretold_before_a_law_can_be_fitted() -> None:
    assert forecast(living_by_sbg(0.5, 0.8, weeks=6), 21) == {}


@pytest.mark.parametrize("renewal", [1, 5])
def test_without_an_end_the_weeks_to_come_are_the_published_residual_lifetime(renewal: int) -> None:
    yearly = 1.1 ** (365.0 / 7.0) - 1.0
    weeks = remaining_weeks(Law(SBG, 0.668, 3.806), renewal - 1.0, float(renewal), 2000, yearly)
    assert weeks == pytest.approx(discounted_residual_lifetime(0.668, 3.806, 0.1, renewal), rel=1e-6)


def test_constant_churn_has_a_geometric_sum_to_come() -> None:
    assert remaining_weeks(Law(NAIVE, 0.2), 3.0, 4.0, 3, 0.0) == pytest.approx(0.8 + 0.64 + 0.512)


def test_nobody_left_has_nothing_to_come() -> None:
    assert remaining_weeks(Law(NAIVE, 1.0), 3.0, 4.0, 10, 0.0) == 0.0
