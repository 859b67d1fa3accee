"""The sampler against posteriors that are known in closed form."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import ndtr

from analysis.calibration.emulator import learn
from analysis.calibration.ensemble import weighted_quantiles
from analysis.calibration.sampler import Plan, Posterior, effective_size, largest_power, sample, weights_of
from analysis.calibration.targets import FARTHEST, Scale

Floats = NDArray[np.float64]
PLAN = Plan(search=128, rounds=2, sets=64, last=256)


def scale(figures: int, *, low: float = 0.0, high: float = 0.0) -> Scale:
    return Scale((None,) * figures, np.array([[low, high]] * figures))  # type: ignore[arg-type]


def followed(parameters: int, plan: Plan, figures: Callable[[Floats], Floats], held: Scale, choices: int = 0) -> Posterior:
    sampler = sample((0,) * (parameters - choices) + (2,) * choices, held, plan)
    asked = next(sampler)
    while True:
        try:
            asked = sampler.send(figures(asked.z))
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


class Linear:
    """Figures A·z with errors of one: the posterior is normal, with precision 1 + A'A."""

    def __init__(self, parameters: int, figures: int, seed: int, noise: float = 0.0) -> None:
        generator = np.random.default_rng(seed)
        self.slopes = 0.7 * generator.standard_normal((figures, parameters))
        self.truth = generator.standard_normal(parameters)
        self.public = self.slopes @ self.truth + generator.standard_normal(figures) * np.sqrt(1.0 + noise**2)
        self.noise, self.generator = noise, generator
        self.covariance = np.linalg.inv(np.eye(parameters) + self.slopes.T @ self.slopes / (1.0 + noise**2))
        self.mean = self.covariance @ self.slopes.T @ self.public / (1.0 + noise**2)

    def __call__(self, z: Floats) -> Floats:
        figures = z @ self.slopes.T + self.noise * self.generator.standard_normal((len(z), len(self.slopes)))
        return np.clip(figures - self.public, -FARTHEST, FARTHEST)


def moments(found: Posterior) -> tuple[Floats, Floats]:
    mean = found.weights @ found.z
    return mean, np.sqrt(found.weights @ (found.z - mean) ** 2)


@pytest.mark.parametrize("noise", [0.0, 0.7])
def test_a_linear_world_has_the_posterior_of_the_closed_form(noise: float) -> None:
    world = Linear(8, 4, 3, noise)
    mean, sd = moments(followed(8, Plan(search=256, rounds=2, sets=128, last=1500), world, scale(4)))
    exact = np.sqrt(np.diag(world.covariance))
    assert np.abs((mean - world.mean) / exact).max() < 0.25
    assert np.abs(sd / exact - 1.0).max() < 0.2


def test_errors_that_are_planted_twice_too_large_are_caught_by_the_closed_form() -> None:
    world = Linear(8, 4, 3)
    _, sd = moments(followed(8, Plan(search=256, rounds=2, sets=128, last=1500), lambda z: world(z) / 2.0, scale(4)))
    assert np.abs(sd / np.sqrt(np.diag(world.covariance)) - 1.0).max() > 0.2


@pytest.mark.slow
@pytest.mark.parametrize(("parameters", "figures", "worlds"), [(12, 6, 6), (40, 12, 3)])
def test_stated_intervals_cover_the_truth_of_linear_worlds(parameters: int, figures: int, worlds: int) -> None:
    inside = []
    for seed in range(worlds):
        world = Linear(parameters, figures, seed, noise=0.3)
        found = followed(parameters, Plan(search=256, rounds=3, sets=96, last=256), world, scale(figures))
        for place in range(parameters):
            low, high = weighted_quantiles(found.z[:, place], found.weights, (0.05, 0.95))
            inside.append(low <= world.truth[place] <= high)
    assert 0.82 <= np.mean(inside) <= 0.97


def test_what_no_figure_tells_keeps_its_prior() -> None:
    found = followed(3, PLAN, lambda z: np.clip((z[:, :1] - 1.0) / 0.1, -FARTHEST, FARTHEST), scale(1))
    for place in (1, 2):
        low, high = ndtr(weighted_quantiles(found.z[:, place], found.weights, (0.05, 0.95)))
        assert 0.75 < high - low < 0.97
    assert abs(found.weights @ found.z[:, 0] - 1.0 / 1.01) < 0.05


def test_a_choice_is_found_by_what_it_does() -> None:
    def figures(z: Floats) -> Floats:
        return np.where(z[:, 1:] > 0.0, 3.0, -3.0) + z[:, :1] - 3.0

    found = followed(2, PLAN, figures, scale(1), choices=1)
    assert found.weights @ (found.z[:, 1] > 0.0) > 0.95


def test_a_bound_is_only_felt_beyond_it() -> None:
    found = followed(1, PLAN, lambda z: np.clip(z / 0.05, -FARTHEST, FARTHEST), scale(1, low=-np.inf))
    low, middle, high = weighted_quantiles(found.z[:, 0], found.weights, (0.05, 0.5, 0.95))
    assert low == pytest.approx(-1.96, abs=0.35)  # half of a normal distribution
    assert middle == pytest.approx(-0.67, abs=0.2)
    assert high < 0.05


def test_the_same_seed_gives_the_same_bits_and_another_seed_others() -> None:
    small = Plan(search=32, rounds=1, sets=16, last=32)
    one, same = (followed(4, small, Linear(4, 2, 1), scale(2)) for _ in range(2))
    other = followed(4, Plan(search=32, rounds=1, sets=16, last=32, seed=2), Linear(4, 2, 1), scale(2))
    assert np.array_equal(one.z, same.z)
    assert np.array_equal(one.weights, same.weights)
    assert not np.array_equal(one.z, other.z)


def test_an_emulator_knows_a_smooth_figure_and_says_how_wrong_it_is() -> None:
    generator = np.random.default_rng(1)
    x, new = generator.standard_normal((300, 3)), generator.standard_normal((200, 3))

    def figures(points: Floats) -> Floats:
        smooth = points[:, 0] + 0.5 * points[:, 1] ** 2
        return np.column_stack([smooth, smooth + 0.4 * generator.standard_normal(len(points)), generator.standard_normal(len(points))])

    emulator = learn(x, figures(x))
    missed = np.sqrt(((emulator(new) - figures(new)) ** 2).mean(axis=0))
    assert missed[0] < 0.1
    assert emulator.errors == pytest.approx(missed, rel=0.3, abs=0.05)
    assert emulator.errors[1] == pytest.approx(0.4, rel=0.2)
    assert emulator.errors[2] == pytest.approx(1.0, rel=0.2)


def test_where_runs_decide_wholly_no_tolerance_is_needed_and_else_just_enough_sets_are_left() -> None:
    assert followed(2, PLAN, lambda z: z[:, :1], scale(1)).power == 1.0
    logs = 20.0 * np.random.default_rng(1).standard_normal(400)
    power = largest_power(logs, 100.0)
    assert 0.0 < power < 0.2
    assert effective_size(weights_of(power * logs)) == pytest.approx(100.0, rel=0.01)
