"""Screening: effects that are known, factors that act together, and steps that are none."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.sensitivity.morris import effects_of, elementary_effects
from analysis.sensitivity.resampling import rank_ranges
from analysis.sensitivity.screening import of_document, screened, walks_of
from analysis.sensitivity.wording import LUCK
from tests.sensitivity.toy_worlds import ToyMaker, ToyWorld

FACTORS = 4


def walks(trajectories: int = 20) -> np.ndarray:
    return walks_of(FACTORS - 1, trajectories, seed=1)


def test_a_linear_output_has_its_coefficients_as_effects_and_no_spread() -> None:
    slopes = np.array([2.0, -3.0, 0.0, 0.5])
    found = effects_of(elementary_effects(walks(), walks() @ slopes))
    assert found.mu_star == pytest.approx(np.abs(slopes))
    assert found.mu == pytest.approx(slopes)
    assert found.sigma == pytest.approx(np.zeros(FACTORS), abs=1e-12)


def test_factors_that_act_only_together_have_effects_that_hang_on_each_other() -> None:
    points = walks()
    outputs = points[..., 0] + 4.0 * (points[..., 1] - 0.5) * (points[..., 2] - 0.5)
    found = effects_of(elementary_effects(points, outputs))
    alone, together, nothing = found.sigma[0], found.sigma[1:3], found.mu_star[3]
    assert alone == pytest.approx(0.0, abs=1e-12)
    assert (together > 0.5).all()
    assert (np.abs(found.mu[1:3]) < 0.5 * found.mu_star[1:3]).all(), "signs cancel: only μ* shows that they matter"
    assert nothing == pytest.approx(0.0, abs=1e-12)


def test_a_step_that_moves_two_factors_at_once_is_refused() -> None:
    points = walks()
    points[3, 2:, 0] += 0.01
    with pytest.raises(ValueError, match="each factor once"):
        elementary_effects(points, points.sum(axis=2))


def test_outputs_of_another_order_are_not_mistaken_for_the_effects() -> None:
    slopes = np.array([2.0, -3.0, 0.0, 0.5])
    shuffled = np.random.default_rng(1).permuted(walks() @ slopes, axis=1)
    assert effects_of(elementary_effects(walks(), shuffled)).mu_star != pytest.approx(np.abs(slopes), rel=0.2)


def test_ranks_whose_intervals_overlap_are_a_range() -> None:
    low, high = np.array([8.0, 4.0, 3.0, 0.0]), np.array([9.0, 6.0, 5.0, 1.0])
    best, worst = rank_ranges(low, high)
    assert best.tolist() == [1, 2, 2, 4]
    assert worst.tolist() == [1, 3, 3, 4]


def test_a_screening_tells_what_acts_from_luck_and_says_so() -> None:
    maker = ToyMaker(lambda point, luck: 3.0 * point[1] + 0.1 * point[2] + 0.4 * luck)
    found = screened(ToyWorld(4), "toy", 20, 1, maker)  # type: ignore[arg-type]
    assert maker.made == found.runs == 20 * (4 + 2)
    rows = found.effects.set_index("factor")
    assert set(found.effects["output"]) == {"users"}, "what does not vary is left out"
    assert any("'self-sustaining' is left out" in note for note in found.notes)
    assert rows.loc["creators_share", "mu_star"] == pytest.approx(3.0)
    assert rows.loc["habit.initial", "mu_star"] == pytest.approx(0.1)
    assert 0.4 / 3.0 < rows.loc[LUCK, "mu_star"] < 0.4, "a third of 0.4 is the mean distance of two lucks, over a step of two thirds"
    assert rows["beyond_luck"].to_dict() == {path: path == "creators_share" for path in rows.index}
    assert found.leading(1) == ("creators_share",)
    assert found.finding.startswith("What toy hangs on beyond luck: final users on creators share 3 (luck 0.")


def test_a_screening_comes_back_from_its_document() -> None:
    found = screened(ToyWorld(3), "toy", 5, 1, ToyMaker(lambda point, luck: point[0] + luck))  # type: ignore[arg-type]
    again = of_document(found.document())
    assert again.document() == found.document()
    assert again.effects.equals(found.effects)
    assert again.effects.attrs == found.effects.attrs
    with pytest.raises(ValueError, match="no document"):
        of_document({**found.document(), "holds": "flywheel compare"})
