"""The search recovers a line that is known exactly, on a toy platform and through the front door that scenarios use."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis import frontier
from analysis.questions.frontier import Frontier
from analysis.questions.tracing import ABOVE, UNDECIDED
from tests.questions.toy_platform import SIDES, launches


@pytest.fixture(scope="module")
def found() -> Frontier:
    """The toy platform searched with 96 runs."""
    return frontier(launches(), *SIDES, budget=96, narrow=0.0)


def sums(table: pd.DataFrame) -> pd.Series:
    """N1 + N2, what decides."""
    return table["first_side"] + table["second_side"]


def test_the_exact_line_lies_inside_the_band(found: Frontier) -> None:
    on_the_line = found.map[np.isclose(sums(found.map), 1.0)]
    assert len(on_the_line) == 41
    assert (on_the_line["side"] == UNDECIDED).mean() >= 0.95


def test_the_band_is_narrow_and_what_is_decided_is_decided_rightly(found: Frontier) -> None:
    decided = found.map[found.map["side"] != UNDECIDED]
    assert len(decided) > 0.85 * len(found.map)
    assert ((decided["side"] == ABOVE) == (sums(decided) > 1.0)).mean() > 0.999


def test_the_crossing_is_the_line_within_two_grid_steps(found: Frontier) -> None:
    assert len(found.crossing) >= 80
    assert (sums(found.crossing) - 1.0).abs().max() < 0.07


def test_a_threshold_over_one_side_is_where_the_line_crosses_it() -> None:
    other = 0.3

    def answers(points, seeds):  # type: ignore[no-untyped-def]
        return launches()([{**point, "second_side": other} for point in points], seeds)

    found = frontier(answers, SIDES[0], budget=48, narrow=0.0)
    [crossing] = found.crossing["first_side"]
    assert crossing == pytest.approx(1.0 - other, abs=0.05)
    inside = found.map.loc[found.map["side"] == UNDECIDED, "first_side"]
    assert inside.min() <= 1.0 - other <= inside.max()


def test_with_one_equilibrium_there_is_nothing_to_find() -> None:
    found = frontier(launches(k=2.0), *SIDES, budget=64)
    assert not (found.map["low"] > 0.9).any()
    assert not (found.map["high"] < 0.1).any()


def test_every_run_has_a_seed_of_its_own_and_the_budget_is_kept(found: Frontier) -> None:
    assert len(found.runs) == 96
    assert found.runs["seed"].is_unique


def test_the_same_answers_lead_to_the_same_questions(found: Frontier) -> None:
    again = frontier(launches(), *SIDES, budget=40, narrow=0.0)
    pd.testing.assert_frame_equal(again.runs, found.runs.iloc[:40])


def test_it_stops_where_the_band_is_narrow_enough() -> None:
    found = frontier(launches(), *SIDES, budget=400, narrow=0.2)
    [panel] = found.panels.to_dict("records")
    assert panel["narrow"]
    assert panel["undecided"] <= 0.2
    assert panel["runs"] < 200
