"""Scenario discovery: planted boxes, categories, interactions, and cases that lie nowhere in particular."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from analysis.sensitivity.discovering import HELD_OUT, discovered, of_document
from analysis.sensitivity.prim import Points, balanced, discover, inside, paste, peel, pruned, quasi_p, score
from tests.sensitivity.toy_worlds import ToyMaker, ToyWorld

DIMENSIONS = 8


def planted(points: int = 2000, seed: int = 1) -> Points:
    """Cases: nine of ten where x0 > .6 and x1 < .5 and the category is 1 or 2 (of three), else one of twenty; five dimensions are idle."""
    generator = np.random.default_rng(seed)
    x = generator.random((points, DIMENSIONS))
    x[:, 2] = np.floor(3.0 * x[:, 2])
    within = (x[:, 0] > 0.6) & (x[:, 1] < 0.5) & (x[:, 2] > 0.0)
    cases = generator.random(points) < np.where(within, 0.9, 0.05)
    return Points(x, cases, (0, 0, 3, *[0] * (DIMENSIONS - 3)))


def test_a_planted_box_is_found_and_nothing_else() -> None:
    box, path = discover(planted())
    assert set(box) == {0, 1, 2}
    assert box[0] == pytest.approx((0.6, np.inf), abs=0.04)
    assert box[1] == pytest.approx((-np.inf, 0.5), abs=0.04)
    assert box[2] == frozenset({1, 2})
    told, truth = (score(one, planted(seed=2)) for one in (box, {0: (0.6, np.inf), 1: (-np.inf, 0.5), 2: frozenset({1, 2})}))
    assert told.density == pytest.approx(truth.density, abs=0.06)
    assert told.coverage > 0.93 * truth.coverage
    sizes = [inside(one, planted().x).sum() for one in path]
    assert sizes == sorted(sizes, reverse=True), "peeling only takes away"


def test_a_box_beside_the_planted_one_is_told_by_its_score() -> None:
    right, beside = ({0: (0.6, np.inf), 1: (side, side + 0.5), 2: frozenset({1, 2})} for side in (0.0, 0.4))
    assert score(right, planted()).density > 0.85
    assert score(beside, planted()).density < 0.4


def test_two_conditions_that_tell_only_together_are_found() -> None:
    x = np.random.default_rng(3).random((3000, 6))
    cases = (x[:, 1] > 0.7) & (x[:, 4] > 0.7)
    box, _ = discover(Points(x, cases, (0,) * 6))
    assert set(box) == {1, 4}
    assert score(box, Points(x, cases, (0,) * 6)).balance > 0.9


def test_no_more_conditions_than_asked_for() -> None:
    x = np.random.default_rng(4).random((4000, 8))
    cases = (x[:, :6] > 0.25).all(axis=1)
    box, _ = discover(Points(x, cases, (0,) * 8), most=3)
    assert len(box) == 3
    assert set(box) <= set(range(6))


def test_cases_that_lie_nowhere_in_particular_do_not_hold_on_the_other_half() -> None:
    generator = np.random.default_rng(5)
    halves = [Points(generator.random((1000, 10)), generator.random(1000) < 0.1, (0,) * 10) for _ in range(2)]
    box, _ = discover(halves[0])
    assert max((quasi_p(box, one, halves[1]) for one in box), default=1.0) > 0.05
    assert score(box, halves[1]).density < 0.2


def test_what_was_peeled_too_much_is_pasted_back() -> None:
    points = planted()
    narrow = {0: (0.75, np.inf), 1: (-np.inf, 0.5), 2: frozenset({2})}
    wide = paste(narrow, points)
    assert score(wide, points).coverage > 1.2 * score(narrow, points).coverage
    assert score(wide, points).density >= score(narrow, points).density


def test_a_condition_that_tells_nothing_is_dropped() -> None:
    points = planted()
    box = {0: (0.6, np.inf), 1: (-np.inf, 0.5), 5: (0.1, np.inf)}
    assert quasi_p(box, 5, points) > 0.05 > quasi_p(box, 0, points)
    assert set(pruned(box, points)) == {0, 1}


def test_the_quasi_p_value_is_a_binomial_tail() -> None:
    """Of ten points five are cases; the box holds four of which four are: (1/2)^4."""
    x = np.array([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])[:, None]
    cases = np.array([0, 0, 1, 0, 0, 0, 1, 1, 1, 1], dtype=bool)
    assert quasi_p({0: (0.65, np.inf)}, 0, Points(x, cases, (0,))) == pytest.approx(0.5**4)


def test_peeling_stops_where_all_are_cases() -> None:
    x = np.linspace(0.0, 1.0, 400)[:, None]
    points = Points(x, x[:, 0] > 0.5, (0,))
    path = peel(points, [0])
    assert score(path[-1], points).density == 1.0
    assert score(balanced(path, points), points).coverage > 0.9


def sustained(point: np.ndarray, luck: float) -> bool:
    within = point[0] > 0.6 and point[3] >= 0.5
    return luck < (0.9 if within else 0.03)


def test_a_region_is_said_in_words_and_judged_on_the_other_half() -> None:
    told = discovered(ToyWorld(4, has_choice=True), "toy", "toy", 1024, 1, ToyMaker(lambda point, luck: 1.0, sustained))  # type: ignore[arg-type]
    rows = told.conditions.set_index("parameter")
    assert set(rows.index) == {"people", "rules.watching_reward"}
    assert rows.loc["people", "low"] == pytest.approx(0.6, abs=0.05)
    assert rows.loc["rules.watching_reward", "words"] == "watching reward any_view"
    assert told.words.startswith("people above 0.")
    held = told.scores.set_index("half").loc[HELD_OUT]
    assert held["density_low"] < 0.9 < held["density_high"] + 0.02
    assert held["coverage"] > 0.75
    assert told.holds_up
    assert "toy, its dials, prices and unknowns varied, sustains itself in" in told.finding
    again = of_document(told.document())
    assert again.document() == told.document()
    assert again.sample.equals(told.sample)


@pytest.mark.parametrize(
    ("luck_under", "message"), [(0.0, "none of 256 worlds"), (0.02, "only "), (1.1, "all 256 worlds sustain themselves")]
)
def test_no_case_few_and_nothing_but_cases_are_refused(luck_under: float, message: str) -> None:
    maker = ToyMaker(lambda point, luck: 1.0, lambda point, luck: luck < luck_under)
    with pytest.raises(sim.InputError, match=message):
        discovered(ToyWorld(3), "toy", "toy", 256, 1, maker)  # type: ignore[arg-type]
