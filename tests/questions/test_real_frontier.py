"""The search on the model itself: a dense grid of many runs lies where the search, with a tenth of them, says it does."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis import frontier
from analysis.experiments import Job, Local, execute
from analysis.questions.frontier import Frontier
from analysis.questions.tracing import ABOVE, BELOW, UNDECIDED
from analysis.questions.words import stretches
from sim import load_scenario

WORLD, DAYS, AGENTS = "sora_three_gates", 180, 400
X, Y = "dials.steerability", "dials.monetization"
LEVELS, SEEDS = np.linspace(0.0, 1.0, 9), 8
RUNS = len(LEVELS) ** 2 * SEEDS
"""Of the dense grid: 648."""
STEP = 1.0 / 40.0
"""Between neighbouring points of the search's own grid."""


@pytest.fixture(scope="module")
def searched() -> Frontier:
    """The search with a tenth of the runs."""
    return frontier(WORLD, X, Y, days=DAYS, agents=AGENTS, budget=RUNS // 10, narrow=0.0, first_seed=1001)


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """Share of self-sustaining runs at each point of the dense grid, under seeds that the search did not use."""
    points = [{X: float(x), Y: float(y)} for y in LEVELS for x in LEVELS]
    jobs = [
        Job(number, seed, point, load_scenario(WORLD, point, days=DAYS, agents=AGENTS), seed)
        for number, point in enumerate(points)
        for seed in range(1, SEEDS + 1)
    ]
    runs = execute(jobs, tmp_path_factory.mktemp("dense"), series=("dau",), executor=Local(2)).runs()
    return runs.assign(share=runs["outcome"] == "self_sustaining").groupby([Y, X])["share"].mean().reset_index()


@pytest.mark.slow
def test_no_point_of_the_dense_grid_is_clearly_on_the_other_side(searched: Frontier, dense: pd.DataFrame) -> None:
    """Six of eight runs and more, or two and fewer, at a point that the search says is surely on the other side of one half."""
    both = dense.merge(nearest(searched.map), on=[X, Y])
    assert len(both) == len(LEVELS) ** 2
    assert not both[(both["share"] >= 0.75) & (both["side"] == BELOW)].any(axis=None)
    assert not both[(both["share"] <= 0.25) & (both["side"] == ABOVE)].any(axis=None)


@pytest.mark.slow
def test_the_line_through_the_dense_grid_lies_inside_the_band(searched: Frontier, dense: pd.DataFrame) -> None:
    """Where a row of the dense grid crosses one half, the search is undecided there or one step of its own grid away."""
    undecided = searched.map[searched.map["side"] == UNDECIDED]
    inside = []
    for level in LEVELS:
        row = dense[np.isclose(dense[Y], level)]
        beside = undecided[(undecided[Y] - level).abs() <= STEP]
        ends = [end for stretch in stretches(row[X].to_numpy(), row["share"].to_numpy()) for end in stretch if end is not None]
        inside += [bool(((beside[X] - end).abs() <= STEP).any()) for end in ends]
    assert len(inside) >= 7
    assert np.mean(inside) >= 0.9


@pytest.mark.slow
def test_the_band_says_something(searched: Frontier) -> None:
    assert len(searched.runs) == RUNS // 10
    assert (searched.map["side"].isin([ABOVE, BELOW])).mean() > 0.8


def nearest(found: pd.DataFrame) -> pd.DataFrame:
    """The rows of the search's grid nearest to the points of the dense one."""
    rows = []
    for y in LEVELS:
        for x in LEVELS:
            row = found.iloc[((found[X] - x) ** 2 + (found[Y] - y) ** 2).argmin()]
            rows.append({X: float(x), Y: float(y), "side": row["side"]})
    return pd.DataFrame(rows)
