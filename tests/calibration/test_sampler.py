"""The sampler against posteriors that are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr

from analysis.calibration.ensemble import weighted_quantiles
from analysis.calibration.sampler import EmptyPosteriorError, Plan, Posterior, sample

Floats = NDArray[np.float64]


def followed(parameters: int, plan: Plan, misfits: object) -> Posterior:
    sampler = sample(parameters, plan)
    asked = next(sampler)
    while True:
        try:
            asked = sampler.send(misfits(asked.z))  # type: ignore[operator]
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


class Linear:
    """Figures A·z with errors of one: the posterior is normal, with precision 1 + A'A."""

    def __init__(self, parameters: int, figures: int, seed: int, noise: float = 0.0) -> None:
        generator = np.random.default_rng(seed)
        self.slopes = 2.0 * generator.standard_normal((figures, parameters))
        self.truth = generator.standard_normal(parameters)
        self.public = self.slopes @ self.truth + generator.standard_normal(figures) * np.sqrt(1.0 + noise**2)
        self.noise, self.generator = noise, generator
        precision = np.eye(parameters) + self.slopes.T @ self.slopes / (1.0 + noise**2)
        self.covariance = np.linalg.inv(precision)
        self.mean = self.covariance @ self.slopes.T @ self.public / (1.0 + noise**2)

    def __call__(self, z: Floats) -> Floats:
        figures = z @ self.slopes.T + self.noise * self.generator.standard_normal((len(z), len(self.slopes)))
        return np.asarray(((figures - self.public) ** 2).sum(axis=1))


@pytest.mark.parametrize("noise", [0.0, 0.7])
def test_a_linear_world_has_the_posterior_of_the_closed_form(noise: float) -> None:
    world = Linear(8, 4, 3, noise)
    found = followed(8, Plan(search=1024, sets=512, moves=3, last_moves=8), world)
    mean = found.weights @ found.sets.z
    sd = np.sqrt(found.weights @ (found.sets.z - mean) ** 2)
    exact = np.sqrt(np.diag(world.covariance))
    assert np.abs((mean - world.mean) / exact).max() < 0.3
    assert np.abs(sd / exact - 1.0).max() < 0.2


def test_a_planted_wrong_tolerance_is_caught_by_the_closed_form() -> None:
    world = Linear(8, 4, 3)
    found = followed(8, Plan(search=1024, sets=512, moves=3, last_moves=8), lambda z: world(z) / 4.0)
    mean = found.weights @ found.sets.z
    sd = np.sqrt(found.weights @ (found.sets.z - mean) ** 2)
    assert np.abs(sd / np.sqrt(np.diag(world.covariance)) - 1.0).max() > 0.2


def test_stated_intervals_cover_the_truth_of_forty_linear_worlds() -> None:
    inside = []
    for seed in range(40):
        world = Linear(12, 6, seed, noise=0.3)
        found = followed(12, Plan(search=256, sets=96, moves=1, last_moves=5), world)
        for place in range(12):
            low, high = weighted_quantiles(found.sets.z[:, place], found.weights, (0.05, 0.95))
            inside.append(low <= world.truth[place] <= high)
    assert 0.85 <= np.mean(inside) <= 0.95


def test_what_no_figure_tells_keeps_its_prior() -> None:
    found = followed(3, Plan(search=256, sets=256, moves=2, last_moves=6), lambda z: (z[:, 0] - 1.0) ** 2 / 0.01)
    for place in (1, 2):
        low, high = ndtr(weighted_quantiles(found.sets.z[:, place], found.weights, (0.05, 0.95)))
        assert 0.75 < high - low < 0.97
    assert abs(found.weights @ found.sets.z[:, 0] - 1.0 / 1.01) < 0.05


def test_the_same_seed_gives_the_same_bits_and_another_seed_others() -> None:
    one, same = (followed(4, Plan(search=64, sets=32), Linear(4, 2, 1)) for _ in range(2))
    other = followed(4, Plan(search=64, sets=32, seed=2), Linear(4, 2, 1))
    assert np.array_equal(one.sets.z, same.sets.z)
    assert np.array_equal(one.weights, same.weights)
    assert not np.array_equal(one.sets.z[:20], other.sets.z[:20])


def test_runs_stopped_at_their_limit_change_nothing() -> None:
    world, told = Linear(4, 6, 1), []
    plan = Plan(search=64, sets=32)
    sampler = sample(4, plan)
    asked = next(sampler)
    while True:
        misses = world(asked.z)
        told.append(float((misses > asked.limits).mean()))
        try:
            asked = sampler.send(np.where(misses > asked.limits, np.inf, misses))
        except StopIteration as end:
            stopped = end.value
            break
    assert max(told) > 0.3
    assert np.array_equal(stopped.sets.z, followed(4, plan, Linear(4, 6, 1)).sets.z)


def test_where_nothing_can_be_weighted_the_sampler_says_so() -> None:
    with pytest.raises(EmptyPosteriorError):
        followed(2, Plan(search=16, sets=8), lambda z: np.full(len(z), np.inf))
