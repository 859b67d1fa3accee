"""Sums in fixed point: rounded half up, the same whatever the order, and inside an int64 at the ranges stated."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray

from sim.foundation import sums
from sim.foundation.sums import fixed

LARGEST = 2**63 - 1


@njit
def _total(x: NDArray[np.float64], scale: float) -> int:
    total = 0
    for i in range(x.size):
        total += fixed(x[i], scale)
    return total


@pytest.mark.parametrize(("x", "whole"), [(0.0, 0), (0.49, 0), (0.5, 1), (1.5, 2), (-0.5, 0), (-0.51, -1), (-1.5, -1), (2.0, 2)])
def test_halves_are_rounded_up(x: float, whole: int) -> None:
    assert fixed(x, 1.0) == whole
    assert fixed(x / 1024.0, 1024.0) == whole


def test_a_sum_does_not_depend_on_the_order() -> None:
    random = np.random.default_rng(1)
    x = random.lognormal(0.0, 3.0, 20_000)
    total = _total(x, sums.QUALITY_SCALE)
    floats = set()
    for _ in range(20):
        shuffled = random.permutation(x)
        assert _total(shuffled, sums.QUALITY_SCALE) == total
        floats.add(float(np.cumsum(shuffled)[-1]))
    assert len(floats) > 1, "sums of floats would have done"


def test_a_sum_is_off_by_at_most_half_a_unit_a_row() -> None:
    x = np.random.default_rng(2).uniform(0.0, 1.0, 100_000)
    error = _total(x, sums.SHARE_SCALE) / sums.SHARE_SCALE - math.fsum(x.tolist())
    assert abs(error) < 6.0 * math.sqrt(x.size / 12.0) / sums.SHARE_SCALE


@pytest.mark.parametrize(
    ("largest", "scale", "rows"),
    [
        (1.0, sums.SHARE_SCALE, 8.5e9),
        (sums.WORTH_LIMIT, sums.WORTH_SCALE, 2.6e8),
        (sums.WEIGHT_LIMIT, sums.WEIGHT_SCALE, 6.7e7),
        (2.0**17, sums.QUALITY_SCALE, 1e9),
    ],
)
def test_the_stated_ranges_fit_into_an_int64(largest: float, scale: float, rows: float) -> None:
    assert fixed(largest, scale) * int(rows) <= LARGEST
    assert fixed(-largest, scale) * int(rows) >= -LARGEST - 1


def test_ten_million_rows_fit_at_every_scale() -> None:
    ends = [
        (1.0, sums.SHARE_SCALE),
        (sums.WORTH_LIMIT, sums.WORTH_SCALE),
        (sums.WEIGHT_LIMIT, sums.WEIGHT_SCALE),
        (2.0**17, sums.QUALITY_SCALE),
    ]
    assert all(fixed(largest, scale) * 10**7 < LARGEST for largest, scale in ends)
