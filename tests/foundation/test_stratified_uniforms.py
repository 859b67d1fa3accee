"""Traits fill their ranges evenly whatever the seed, so that the heavy tails of a small sample are those of millions."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special

from sim.foundation.streams import stratified_uniforms

DIMENSIONS = 10


@pytest.mark.parametrize("seed", [0, 1, 77, 2**32 - 1])
@pytest.mark.parametrize("n", [1, 2, 256, 4096])
def test_each_cell_of_a_power_of_two_holds_one_point_in_every_dimension(seed: int, n: int) -> None:
    u = stratified_uniforms(seed, n, DIMENSIONS, 0)
    assert u.shape == (DIMENSIONS, n)
    for coordinate in u:
        assert np.array_equal(np.sort((coordinate * n).astype(int)), np.arange(n))


@pytest.mark.parametrize("n", [3, 100, 1000, 4000])
def test_any_other_number_of_points_is_uniform_to_a_few_points(n: int) -> None:
    for coordinate in stratified_uniforms(5, n, DIMENSIONS, 0):
        steps = np.searchsorted(np.sort(coordinate), np.linspace(0.0, 1.0, 101)) - n * np.linspace(0.0, 1.0, 101)
        assert np.abs(steps).max() <= 2.0 + np.log2(n)


def test_the_first_two_dimensions_share_out_the_square() -> None:
    n = 1024
    u = stratified_uniforms(3, n, 2, 0)
    for columns in (1, 4, 32, 256, 1024):
        lines = n // columns
        boxes = (u[0] * columns).astype(int) * lines + (u[1] * lines).astype(int)
        assert np.array_equal(np.sort(boxes), np.arange(n))


def test_every_pair_of_dimensions_is_close_to_uncorrelated() -> None:
    pairs = np.corrcoef(stratified_uniforms(4, 4096, DIMENSIONS, 0))[np.triu_indices(DIMENSIONS, 1)]
    assert np.abs(pairs).max() < 0.02


def test_seed_block_and_dimension_each_move_the_points() -> None:
    base = stratified_uniforms(1, 64, 3, 0)
    assert not np.array_equal(base, stratified_uniforms(2, 64, 3, 0))
    assert not np.array_equal(base, stratified_uniforms(1, 64, 3, 1))
    assert not np.array_equal(np.sort(base[0]), np.sort(base[1]))
    assert np.array_equal(base, stratified_uniforms(1, 64, 3, 0))


def test_a_point_is_uniform_over_seeds() -> None:
    points = np.array([stratified_uniforms(seed, 16, 2, 0)[:, 5] for seed in range(2000)])
    assert np.abs(points.mean(axis=0) - 0.5).max() < 4.5 / np.sqrt(12.0 * 2000)
    assert np.abs(points.var(axis=0) - 1.0 / 12.0).max() < 0.01


def test_points_stay_inside_the_open_cube() -> None:
    u = np.concatenate([stratified_uniforms(seed, 4096, 3, 0) for seed in range(20)], axis=1)
    assert u.min() > 0.0
    assert u.max() < 1.0


def test_the_mean_of_a_heavy_tail_hardly_moves_between_seeds() -> None:
    """The values of a clip to its maker: log-normal, sd of the logarithm 1.2."""

    def spread_of(samples: list[NDArray[np.float64]]) -> float:
        means = [np.exp(1.2 * special.ndtri(u)).mean() for u in samples]
        return float(np.std(means) / np.mean(means))

    random = np.random.default_rng(6)
    stratified = spread_of([stratified_uniforms(seed, 4096, 1, 0)[0] for seed in range(40)])
    independent = spread_of([random.uniform(size=4096) for _ in range(40)])
    assert stratified < 0.4 * independent
