"""Sobol' indices against closed forms, groups and luck among them, and with mistakes planted."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

import sim
from analysis.sensitivity.apportioning import apportioned, of_document
from analysis.sensitivity.sobol import Indices, design, indices_of
from analysis.sensitivity.wording import LUCK, OTHERS
from tests.sensitivity.toy_worlds import ToyMaker, ToyWorld

Floats = NDArray[np.float64]
POINTS = 4096
SINGLE = [[0], [1], [2]]

ISHIGAMI_FIRST, ISHIGAMI_TOTAL = (0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437)
"""For a = 7, b = 0.1 (Ishigami and Homma 1990; values: Saltelli et al. 2008, *Global Sensitivity Analysis: The Primer*, 4.5)."""


def ishigami(u: Floats) -> Floats:
    x = np.pi * (2.0 * u - 1.0)
    return np.asarray(np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


COEFFICIENTS = np.array([0.0, 1.0, 9.0])


def sobol_g(u: Floats) -> Floats:
    return np.asarray(np.prod((np.abs(4.0 * u - 2.0) + COEFFICIENTS) / (1.0 + COEFFICIENTS), axis=1))


def found(function: object, groups: list[list[int]], points: int = POINTS) -> Indices:
    a, b, mixed = design(points, 3, groups, seed=1)
    return indices_of(function(a), function(b), np.column_stack([function(one) for one in mixed]))  # type: ignore[operator]


def test_the_indices_of_ishigami_are_its_own() -> None:
    told = found(ishigami, SINGLE)
    assert told.first == pytest.approx(ISHIGAMI_FIRST, abs=0.02)
    assert told.total == pytest.approx(ISHIGAMI_TOTAL, abs=0.02)
    assert told.variance == pytest.approx(13.845, rel=0.02)
    assert told.additive[1] < sum(ISHIGAMI_FIRST) < told.additive[2] < 1.0


def test_the_indices_of_sobol_g_are_its_own() -> None:
    alone = 1.0 / 3.0 / (1.0 + COEFFICIENTS) ** 2
    variance = np.prod(1.0 + alone) - 1.0
    total = [alone[one] * np.prod(np.delete(1.0 + alone, one)) / variance for one in range(3)]
    told = found(sobol_g, SINGLE)
    assert told.first == pytest.approx(alone / variance, abs=0.02)
    assert told.total == pytest.approx(total, abs=0.02)


def test_a_group_has_the_indices_of_all_that_is_in_it() -> None:
    told = found(ishigami, [[0, 2], [1]])
    assert told.first[0] == pytest.approx(1.0 - ISHIGAMI_FIRST[1], abs=0.02)
    assert told.total == pytest.approx([1.0 - ISHIGAMI_FIRST[1], ISHIGAMI_TOTAL[1]], abs=0.02)


def test_samples_that_are_mixed_the_wrong_way_round_are_caught() -> None:
    a, b, _ = design(POINTS, 3, SINGLE, seed=1)
    wrong = [np.where(np.arange(3) == one, a, b) for one in range(3)]
    told = indices_of(ishigami(a), ishigami(b), np.column_stack([ishigami(one) for one in wrong]))
    assert told.total != pytest.approx(ISHIGAMI_TOTAL, abs=0.1)
    assert told.first != pytest.approx(ISHIGAMI_FIRST, abs=0.1)


@pytest.mark.slow
def test_intervals_cover_the_closed_forms() -> None:
    truth = np.array([*ISHIGAMI_FIRST, *ISHIGAMI_TOTAL])
    covered = []
    for seed in range(60):
        a, b, mixed = design(256, 3, SINGLE, seed)
        told = indices_of(ishigami(a), ishigami(b), np.column_stack([ishigami(one) for one in mixed]))
        low, high = np.concatenate([told.first_low, told.total_low]), np.concatenate([told.first_high, told.total_high])
        covered.append((low <= truth) & (truth <= high))
    assert np.mean(covered) > 0.93, "Sobol' points are more even than the resampling believes: too wide, never too narrow"


def test_an_output_that_does_not_vary_has_no_indices() -> None:
    with pytest.raises(ValueError, match="does not vary"):
        indices_of(np.ones(8), np.ones(8), np.ones((8, 2)))


def test_luck_has_its_share_and_no_effect_of_its_own() -> None:
    """Users 10^(u + u' + luck): each has a third of the variance, and all act alone.

    A first-order index estimated from b (c - a) / V has here the standard error sqrt(3/12 · 2/12) / (3/12) / sqrt(1024) = .026.
    """
    maker = ToyMaker(lambda point, luck: point[0] + point[2] + luck, lambda point, luck: point[1] > 0.5)
    told = apportioned(ToyWorld(4), "toy", ("people", "creators_share"), 1024, 1, maker)  # type: ignore[arg-type]
    assert maker.made == told.runs == 1024 * (2 + 4)
    users = told.indices[told.indices["output"] == "users"].set_index("factor")
    for factor, first in (("people", 1 / 3), (OTHERS, 1 / 3), (LUCK, 0.0), ("creators_share", 0.0)):
        assert users.loc[factor, "first"] == pytest.approx(first, abs=3 * 0.026)
        assert users.loc[factor, "total"] == pytest.approx(first or (1 / 3 if factor == LUCK else 0.0), abs=0.05)
    sustained = told.indices[told.indices["output"] == "self_sustaining"].set_index("factor")
    assert sustained.loc["creators_share", "total"] == pytest.approx(1.0, abs=0.05)
    assert sustained["beyond_luck"].sum() == 1
    luck = told.outputs.set_index("output")["luck"]
    assert luck["users"] == pytest.approx(1 / 3, abs=0.05)
    assert luck["self_sustaining"] == 0.0


def test_a_seed_that_leaks_between_the_samples_would_be_seen() -> None:
    """All luck, nothing else: the dummy has all the variance, and no unknown any."""
    told = apportioned(ToyWorld(2), "toy", ("people",), 512, 1, ToyMaker(lambda point, luck: luck))  # type: ignore[arg-type]
    users = told.indices.set_index("factor")
    assert users.loc[LUCK, "total"] == pytest.approx(1.0, abs=0.1)
    assert users.loc[LUCK, "first_low"] < 0.0 < users.loc[LUCK, "first_high"]
    assert (users.loc[["people", OTHERS], "total"] == 0.0).all()
    assert "final users on nothing that stands out (luck 1" in told.finding


def test_twice_as_many_points_take_the_runs_along() -> None:
    few, many = (ToyMaker(lambda point, luck: point[0] + luck) for _ in range(2))
    for maker, points in ((few, 32), (many, 64)):
        apportioned(ToyWorld(3), "toy", ("people",), points, 1, maker)  # type: ignore[arg-type]
    assert few.runs < many.runs
    assert len(few.runs) == few.made, "no run is made twice"


def test_nothing_that_varies_is_refused() -> None:
    with pytest.raises(sim.InputError, match="no output varies"):
        apportioned(ToyWorld(2), "toy", ("people",), 8, 1, ToyMaker(lambda point, luck: 3.0))  # type: ignore[arg-type]


def test_indices_come_back_from_their_document() -> None:
    told = apportioned(ToyWorld(3), "toy", ("people",), 16, 1, ToyMaker(lambda point, luck: point[0] + luck))  # type: ignore[arg-type]
    again = of_document(told.document())
    assert again.document() == told.document()
    assert again.indices.equals(told.indices)
