"""What is said of where a probability is above one half."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.questions.words import stretches

X = np.linspace(0.0, 1.0, 5)


@pytest.mark.parametrize(
    ("p", "found"),
    [
        ([0, 0, 0, 0, 0], []),
        ([1, 1, 1, 1, 1], [(None, None)]),
        ([0, 0, 1, 1, 1], [(0.375, None)]),
        ([1, 0, 0, 0, 0], [(None, 0.125)]),
        ([0, 1, 1, 0, 0], [(0.125, 0.625)]),
        ([1, 0, 0, 1, 1], [(None, 0.125), (0.625, None)]),
        ([0.4, 0.45, 0.55, 0.6, 0.9], [(pytest.approx(0.375), None)]),
        ([0.1, 0.3, 0.4, 0.9, 0.9], [(pytest.approx(0.55), None)]),
    ],
)
def test_stretches_end_where_the_line_through_two_points_is_one_half(p: list[float], found: object) -> None:
    assert stretches(X, np.array(p, dtype=float)) == found
