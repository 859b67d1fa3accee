"""Own elementary functions against the system's: within 2 units in the last place of float32 over their whole range, most far closer."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from numba import njit
from numpy.typing import NDArray
from scipy import special

from sim.foundation import elementary

Numbers = NDArray[np.float64]
ULPS = 2.0
_SMALLEST = float(np.finfo(np.float32).smallest_normal)


@njit
def _over(function: Callable[[float], float], x: Numbers) -> Numbers:
    out = np.empty(x.size)
    for i in range(x.size):
        out[i] = function(x[i])
    return out


@njit
def _powers(x: Numbers, y: Numbers) -> Numbers:
    out = np.empty(x.size)
    for i in range(x.size):
        out[i] = elementary.power(x[i], y[i])
    return out


def ulps32(found: Numbers, true: Numbers) -> float:
    """Largest distance in units of the last place of float32 at the true value."""
    spacing = np.spacing(np.maximum(np.abs(true), _SMALLEST).astype(np.float32)).astype(np.float64)
    return float((np.abs(found - true) / spacing).max())


def relative(found: Numbers, true: Numbers) -> float:
    return float((np.abs(found - true) / np.abs(true)).max())


def spread(low: float, high: float, n: int = 200_001) -> Numbers:
    """Even and random points of an interval, both ends included."""
    return np.concatenate((np.linspace(low, high, n), np.random.default_rng(1).uniform(low, high, n)))


def test_exp_is_within_two_float32_ulps_from_end_to_end() -> None:
    x = spread(-700.0, 700.0)
    found, true = _over(elementary.exp, x), np.exp(x)
    assert relative(found, true) < 4e-16
    near = spread(-87.0, 88.0)
    assert ulps32(_over(elementary.exp, near), np.exp(near)) < ULPS
    assert elementary.exp(0.0) == 1.0


@pytest.mark.parametrize("x", [700.0, 701.0, 1e9, math.inf])
def test_exp_stays_at_the_ends_of_its_range(x: float) -> None:
    assert elementary.exp(x) == elementary.exp(700.0)
    assert elementary.exp(-x) == elementary.exp(-700.0)
    assert 0.0 < elementary.exp(-x) < 1e-303
    assert 1e303 < elementary.exp(x) < math.inf


def test_log_is_within_two_float32_ulps_over_all_normal_numbers() -> None:
    x = np.concatenate((2.0 ** spread(-1022.0, 1023.9), spread(1e-10, 10.0), 1.0 + spread(-1e-3, 1e-3), 1.0 + 2.0 ** -spread(10.0, 52.0)))
    x = x[x != 1.0]
    found, true = _over(elementary.log, x), np.log(x)
    assert ulps32(found, true) < ULPS
    assert relative(found, true) < 1e-15


def test_log_at_its_ends() -> None:
    assert elementary.log(1.0) == 0.0
    assert elementary.log(0.0) == -math.inf
    assert elementary.log(math.inf) == math.inf
    assert elementary.log(2.0**-1022) == pytest.approx(math.log(2.0**-1022), rel=1e-15)


def test_logistic_is_within_two_float32_ulps_and_symmetric() -> None:
    y = spread(-87.0, 87.0)
    found = _over(elementary.logistic, y)
    assert ulps32(found, special.expit(y)) < ULPS
    assert np.abs(found + _over(elementary.logistic, -y) - 1.0).max() < 3e-16
    assert elementary.logistic(0.0) == 0.5
    assert 0.0 <= elementary.logistic(-1e6) < 1e-300
    assert elementary.logistic(1e6) == 1.0


def test_power_is_within_two_float32_ulps_where_float32_has_values() -> None:
    random = np.random.default_rng(2)
    x, y = 10.0 ** random.uniform(-30.0, 30.0, 400_000), random.uniform(-12.0, 12.0, 400_000)
    inside = np.abs(y * np.log10(x)) < 37.0
    x, y = x[inside], y[inside]
    assert ulps32(_powers(x, y), np.power(x, y)) < ULPS


def test_power_at_its_ends() -> None:
    assert elementary.power(0.0, 0.0) == 1.0
    assert elementary.power(0.0, 2.5) == 0.0
    assert elementary.power(7.3, 0.0) == 1.0
    assert elementary.power(7.3, -0.0) == 1.0
    assert elementary.power(1.0, 123.4) == 1.0


def test_powers_of_two_are_close_to_exact() -> None:
    for steps in range(0, 501):
        assert elementary.power(2.0, float(steps)) == pytest.approx(2.0**steps, rel=2e-13)


def test_normal_quantile_is_within_two_float32_ulps_for_every_draw() -> None:
    tails = 2.0 ** -spread(1.0, 60.0)
    u = np.concatenate((spread(2.0**-33, 1.0 - 2.0**-33), tails, [0.075, 0.925, math.exp(-25.0)]))
    u = u[u != 0.5]
    found, true = _over(elementary.normal_quantile, u), special.ndtri(u)
    assert ulps32(found, true) < ULPS
    assert relative(found, true) < 1e-13


def test_normal_quantile_is_odd_about_one_half() -> None:
    u = np.arange(1, 2**12) / 2.0**12
    assert np.array_equal(_over(elementary.normal_quantile, u), -_over(elementary.normal_quantile, 1.0 - u))
    assert elementary.normal_quantile(0.5) == 0.0


@pytest.mark.parametrize(
    ("function", "low", "high"),
    [
        (elementary.exp, -30.0, 30.0),
        (elementary.log, 1e-6, 1e6),
        (elementary.logistic, -30.0, 30.0),
        (elementary.normal_quantile, 1e-9, 1.0 - 1e-9),
    ],
)
def test_compiled_and_interpreted_give_the_same_bits(function: Callable[[float], float], low: float, high: float) -> None:
    plain = function.py_func  # type: ignore[attr-defined]
    for x in spread(low, high, 500):
        assert plain(float(x)) == function(float(x))


def test_the_comparison_finds_a_coefficient_wrong_in_its_seventh_digit() -> None:
    x = spread(0.1, 0.4, 1001)
    assert ulps32(np.exp(x) * (1.0 + 3e-7), np.exp(x)) > ULPS
