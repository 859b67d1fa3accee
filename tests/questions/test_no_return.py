"""The point of no return: a planted day is found through noise, its interval holds it, and each case has its sentence."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from analysis.postmortem.deadline_words import ALWAYS, CANNOT_TELL, FEW, FOUND, NEVER, NO_SAVING, state
from analysis.postmortem.no_return import BUDGET, Saved, crossing, curve, day_of_no_return, falling, rise, seek

LAST = 364
DRAWS = 60


def planted(day: float, spread: float, number: int, draws: int = DRAWS, mistakes: float = 0.0) -> Callable[[int], Saved]:
    """Each draw has a deadline of its own around `day`, and on each day some are judged wrong, by luck of their own."""
    own = np.random.default_rng(number).normal(day, spread, draws)

    def evaluate(asked: int) -> Saved:
        luck = np.random.default_rng((number, asked)).random(draws)
        return np.asarray((own > asked) ^ (luck < mistakes))

    return evaluate


def test_the_planted_day_is_found_within_three_days_through_noise() -> None:
    found = [day_of_no_return(seek(planted(87.0, 8.0, number, mistakes=0.05), LAST)) for number in range(12)]
    days = np.array([day for day, _, _ in found])
    assert np.mean(np.abs(days - 87.0) <= 3.0) >= 0.9
    assert abs(days.mean() - 87.0) <= 1.0, "and not by luck: on average it is right"


@pytest.mark.slow
def test_the_interval_holds_the_planted_day_about_as_often_as_it_says() -> None:
    found = [day_of_no_return(seek(planted(120.0, 12.0, number), LAST)) for number in range(100)]
    assert 0.90 <= np.mean([low <= 120.0 <= high for _, low, high in found]) <= 0.995


def test_a_sharp_day_is_found_exactly_and_cheaply() -> None:
    asked = seek(planted(200.0, 0.0, 1), LAST)
    day, low, high = day_of_no_return(asked)
    assert 199.0 <= low <= day <= high <= 200.0
    assert len(asked) <= 15


def test_it_asks_no_more_than_its_budget_and_the_same_each_time() -> None:
    wide = planted(150.0, 60.0, 2)
    assert len(seek(wide, LAST)) <= BUDGET
    assert list(seek(wide, LAST)) == list(seek(wide, LAST))
    assert len(seek(wide, LAST, budget=5)) == 5
    assert list(seek(planted(2.0, 0.0, 1), 3)) == [0, 1, 2, 3], "a short range is asked whole"


def test_shares_that_rise_are_pooled() -> None:
    assert falling(np.array([1.0, 0.4, 0.8, 0.2])) == pytest.approx([1.0, 0.6, 0.6, 0.2])


def test_the_crossing_lies_between_the_days_asked() -> None:
    days = np.array([0.0, 10.0, 20.0])
    assert crossing(days, np.array([1.0, 0.75, 0.25])) == pytest.approx(15.0)
    assert crossing(days, np.array([0.4, 0.3, 0.0])) == 0.0
    assert crossing(days, np.array([1.0, 0.9, 0.5])) == np.inf


def test_the_curve_falls_inside_its_band() -> None:
    found = curve(seek(planted(87.0, 30.0, 3, mistakes=0.1), LAST))
    for column in ("p", "low", "high"):
        assert (np.diff(found[column]) <= 1e-12).all()
    assert (found["low"] <= found["p"]).all()
    assert (found["p"] <= found["high"]).all()
    assert not np.allclose(found["share"], found["p"]), "some shares rose by luck"


def test_a_fix_that_is_better_late_is_seen() -> None:
    def late(day: int) -> Saved:
        return np.arange(DRAWS) < (0.9 if 100 <= day < 200 else 0.6 if day < 100 else 0.0) * DRAWS

    found = rise(seek(late, LAST))
    assert found is not None
    before, after, by = found
    assert before < 100 <= after
    assert by == pytest.approx(0.3)
    assert rise(seek(planted(87.0, 8.0, 1, mistakes=0.05), LAST)) is None, "luck is no rise"


def states(evaluate: Callable[[int], Saved], as_it_is: int = 0) -> str:
    """What is said of it."""
    asked = seek(evaluate, LAST)
    day = day_of_no_return(asked)[0]
    return state(curve(asked), as_it_is, day if np.isfinite(day) else None)


def constant(saved: int, draws: int = 20) -> Callable[[int], Saved]:
    return lambda _: np.arange(draws) < saved


def test_each_case_is_told_from_the_others() -> None:
    assert states(planted(87.0, 8.0, 1)) == FOUND
    assert states(constant(0)) == NEVER
    assert states(constant(3)) == NEVER
    assert states(constant(8)) == CANNOT_TELL, "8 of 20 do not exclude one half"
    assert states(constant(12)) == CANNOT_TELL
    assert states(constant(18)) == ALWAYS
    assert states(constant(18), as_it_is=15) == NO_SAVING
    assert states(constant(4, draws=4)) == FEW
