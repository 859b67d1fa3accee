"""M6: readiness under a constant reward has the fixed point x* = (κR - φ)/(κ - φ) and dies below R* = φ/κ.

The rules give both at once in the mean field, where everybody's readiness is taken for the mean. Rows are drawn, each with her own
readiness x: E[x'] - E[x] = (κR - φ)·E[x] - (κ - φ)·E[x²], so that in a standing population E[x²]/E[x] is x*, and the mean lies below
x* by Var[x]/E[x]. That identity is exact; it and the exact law of the first days (all ways of coming and staying away, summed) are
what the kernels are held against.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from comparison import SEEDS, Row, assert_agrees, assert_rejected, row
from numpy.typing import NDArray

from sim.foundation.columns import new_table
from sim.foundation.streams import BEHAVIOUR, key_of
from sim.populations.people import CREATORS, PEOPLE, Creators, People
from sim.populations.visits import CREATORS_DRAWN, READINESS_MAKE, REMEMBERED, come, remember
from sim.rules.habit import making_reward, readiness_after_day_without, readiness_after_visit

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Habit:
    """κ, φ and the constant reward R of watching and of making."""

    rate: float
    forgetting: float
    reward: float

    @property
    def fixed_point(self) -> float:
        return (self.rate * self.reward - self.forgetting) / (self.rate - self.forgetting)

    @property
    def threshold(self) -> float:
        return self.forgetting / self.rate

    def mean_field(self, x: float) -> float:
        """Everybody at x: the share x comes and learns, the rest forgets; by the rules of the engine."""
        return x * readiness_after_visit(x, self.rate, self.reward) + (1.0 - x) * readiness_after_day_without(x, self.forgetting)


def evening(
    seed: int,
    people: Any,
    creators: Any,
    roster: NDArray[np.int32],
    drawn: int,
    day: int,
    habit: tuple[float, float, float],
    counts: NDArray[np.int64],
) -> int:
    """`visits.remember` over the first `drawn` rows of the roster; how many stay. habit: κ, φ, and where dormancy begins."""
    columns = (
        people.uid,
        people.adopted_day,
        people.x_watch,
        people.watch_reward,
        creators.x_make,
        creators.make_reward,
        people.came,
        people.activity,
        people.last_active,
        people.return_at,
        people.drawn,
    )
    return remember(key_of(seed, BEHAVIOUR), *columns, roster, 0, drawn, day, *habit, 0.0, np.zeros_like(roster), counts)[0]


@dataclass(frozen=True)
class Path:
    """What the kernels left each evening. Mean of x and of x² over rows, by day, shape (days + 1,)."""

    watching: Numbers
    watching_squared: Numbers
    making: Numbers
    making_squared: Numbers
    drawn: int


def lived(seed: int, habit: Habit, start: float, days: int, rows: int = 2400, dormant_below: float = 0.0) -> Path:
    """A population of which a third also makes, from readiness `start`, through `visits.come` and `visits.remember`."""
    makers = rows // 3
    people, creators = new_table(People, PEOPLE, rows), new_table(Creators, CREATORS, makers)
    people.uid[:], people.adopted_day[:], people.drawn[:] = np.arange(rows), 0, 1
    people.x_watch[:], creators.x_make[:] = start, start
    people.watch_reward[:], creators.make_reward[:] = habit.reward, habit.reward
    roster, drawn, kind = np.arange(rows, dtype=np.int32), rows, (habit.rate, habit.forgetting, dormant_below)
    key, columns = key_of(seed, BEHAVIOUR), (people.uid, people.x_watch, creators.x_make, people.came)
    counts, to_make, to_watch = np.zeros(REMEMBERED, dtype=np.int64), np.zeros(rows, dtype=np.int32), np.zeros(rows, dtype=np.int32)
    moments = np.empty((days + 1, 4))
    for day in range(days + 1):
        x, y = people.x_watch.astype(np.float64), creators.x_make.astype(np.float64)
        moments[day] = x.mean(), (x * x).mean(), y.mean(), (y * y).mean()
        come(key, *columns, roster, 0, drawn, day, to_make, to_watch)
        drawn = evening(seed, people, creators, roster, drawn, day, kind, counts)
    return Path(*moments.T, drawn=drawn)


LIVELY = Habit(0.79, 0.074, 0.5)
GENTLE = Habit(0.04, 0.01, 0.5)
FAILING = Habit(0.79, 0.074, 0.08)


@pytest.mark.parametrize("habit", [LIVELY, GENTLE, Habit(0.3, 0.02, 0.9), Habit(0.79, 0.074, 0.1)])
def test_the_mean_field_of_the_rules_settles_at_the_fixed_point_from_above_and_below(habit: Habit) -> None:
    for start in (0.01, 0.13, 0.999):
        x = start
        for _ in range(40_000):
            x = habit.mean_field(x)
        assert x == pytest.approx(habit.fixed_point, abs=1e-10)


def test_the_fixed_point_is_one_at_full_reward_and_zero_at_the_threshold() -> None:
    assert Habit(0.79, 0.074, 1.0).fixed_point == pytest.approx(1.0, rel=1e-14)
    assert Habit(0.79, 0.074, 0.074 / 0.79).fixed_point == pytest.approx(0.0, abs=1e-15)


@pytest.mark.parametrize("below", [0.0, 0.5, 0.95])
def test_below_the_threshold_the_mean_field_dies(below: float) -> None:
    habit = Habit(0.79, 0.074, below * LIVELY.threshold)
    x = 1.0
    for _ in range(20_000):
        x = habit.mean_field(x)
    assert x < 1e-12


def exact_mean(habit: Habit, start: float, days: int) -> list[tuple[float, float]]:
    """E[x] and E[x²] after 0, 1, ... days: the sum over all 2^day ways of coming and staying away."""
    x, chance, out = np.array([start]), np.array([1.0]), []
    for _ in range(days + 1):
        out.append((float(chance @ x), float(chance @ (x * x))))
        after = np.concatenate((x + habit.rate * (habit.reward - x), (1.0 - habit.forgetting) * x))
        x, chance = after, np.concatenate((chance * x, chance * (1.0 - x)))
    return out


def first_days(habit: Habit, exact_for: Habit, start: float, days: int = 14) -> list[Row]:
    paths, exact = [lived(seed, habit, start, days) for seed in SEEDS], exact_mean(exact_for, start, days)
    table = []
    for day in range(1, days + 1):
        name, (mean, square) = f"κ={habit.rate:g} φ={habit.forgetting:g} R={habit.reward:g} day {day}: ", exact[day]
        table += [
            row(name + "E x_watch", [path.watching[day] for path in paths], mean),
            row(name + "E x_watch²", [path.watching_squared[day] for path in paths], square),
            row(name + "E x_make", [path.making[day] for path in paths], mean),
        ]
    return table


def test_the_first_days_of_the_kernels_follow_the_exact_law() -> None:
    assert_agrees("readiness, first fortnight", [one for habit in (LIVELY, GENTLE, FAILING) for one in first_days(habit, habit, 0.13)])


@pytest.mark.parametrize("wrong", [Habit(0.83, 0.074, 0.5), Habit(0.79, 0.079, 0.5), Habit(0.79, 0.074, 0.52)])
def test_a_planted_wrong_rate_is_rejected(wrong: Habit) -> None:
    assert_rejected(str(wrong), first_days(LIVELY, wrong, 0.13))


def fixed_point_rows(habit: Habit, days: int, expected: float) -> list[Row]:
    """x* from each run: (Σ E[x²] + (last - first)/(κ - φ)) / Σ E[x] over days, by the identity of the mean."""
    paths = [lived(seed, habit, habit.fixed_point, days) for seed in SEEDS]

    def found(mean: Numbers, square: Numbers) -> float:
        return float((square[:-1].sum() + (mean[-1] - mean[0]) / (habit.rate - habit.forgetting)) / mean[:-1].sum())

    name = f"κ={habit.rate:g} φ={habit.forgetting:g} R={habit.reward:g}: x* of "
    return [
        row(name + "watching", [found(path.watching, path.watching_squared) for path in paths], expected),
        row(name + "making", [found(path.making, path.making_squared) for path in paths], expected),
    ]


@pytest.mark.slow
def test_the_fixed_point_comes_out_of_the_kernels() -> None:
    habits = [LIVELY, GENTLE, Habit(0.3, 0.02, 0.9), Habit(0.79, 0.074, 0.2)]
    assert_agrees("fixed point of M6", [one for habit in habits for one in fixed_point_rows(habit, 100, habit.fixed_point)])


def test_another_fixed_point_is_rejected() -> None:
    assert_rejected("x* at a reward 2 % higher", fixed_point_rows(LIVELY, 100, Habit(0.79, 0.074, 0.51).fixed_point))


@pytest.mark.slow
def test_the_mean_comes_closer_to_the_fixed_point_as_the_steps_of_habit_get_smaller() -> None:
    """At x* a day moves x by φ·sqrt(x*(1-x*)) at random, and it returns at rate κR - φ: Var = x*(1-x*)φ²/(2(κR-φ)), of first order."""
    distances = []
    for scale in (1.0, 0.5, 0.25):
        habit = Habit(0.08 * scale, 0.02 * scale, 0.5)
        settled = int(120 / scale)
        mean = lived(4, habit, habit.fixed_point, 3 * settled, 20_000).watching[settled:].mean()
        predicted = (1.0 - habit.fixed_point) * habit.forgetting**2 / (2.0 * (habit.rate * habit.reward - habit.forgetting))
        distances.append(habit.fixed_point - mean)
        assert distances[-1] == pytest.approx(predicted, rel=0.12 + 0.2 * scale)
    assert distances[0] > 1.8 * distances[1] > 3.0 * distances[2] > 0.0


def test_below_the_threshold_readiness_dies_at_least_geometrically() -> None:
    """κ > φ makes E[x'] ≤ (1 + κR - φ)·E[x]."""
    days = 400
    assert FAILING.reward < FAILING.threshold
    shrinks = 1.0 + FAILING.rate * FAILING.reward - FAILING.forgetting
    bound = 0.13 * shrinks ** np.arange(days + 1)
    path = lived(5, FAILING, 0.13, days, rows=20_000)
    for mean in (path.watching, path.making):
        assert (mean[[10, 50, 100]] < bound[[10, 50, 100]]).all()
        assert mean[-1] < bound[-1] + 1e-4
        assert mean[-1] < 1e-4


def test_above_the_threshold_it_lives() -> None:
    path = lived(5, LIVELY, 0.13, 400)
    assert path.watching[-1] > 0.5 * LIVELY.fixed_point


def test_those_who_have_forgotten_all_leave_the_roster_and_no_others() -> None:
    assert lived(3, FAILING, 0.13, 400, dormant_below=1e-3).drawn < 240
    assert lived(3, LIVELY, 0.5, 60, dormant_below=1e-4).drawn > 2200
    assert lived(3, FAILING, 0.13, 400, dormant_below=0.0).drawn == 2400


def test_counts_of_the_evening_are_the_columns() -> None:
    rows, makers = 300, 100
    people, creators = new_table(People, PEOPLE, rows), new_table(Creators, CREATORS, makers)
    people.uid[:], people.x_watch[:], creators.x_make[:] = np.arange(rows), 0.25, 0.5
    people.last_active[:] = 0
    counts = np.zeros(REMEMBERED, dtype=np.int64)
    evening(1, people, creators, np.arange(rows, dtype=np.int32), rows, 1, (0.79, 0.1, 0.0), counts)
    assert counts[CREATORS_DRAWN] == makers
    assert counts[READINESS_MAKE] / 2.0**30 == pytest.approx(float(creators.x_make.sum()), rel=1e-6)
    assert creators.x_make[0] == pytest.approx(0.45, rel=1e-6)


def test_the_reward_of_making_is_the_logistic_of_worth_over_temperature() -> None:
    assert making_reward(1.0, 1.0, 0.33) == 0.5
    assert making_reward(1.0 + 0.33 * np.log(3.0), 1.0, 0.33) == pytest.approx(0.75, rel=1e-14)
    assert making_reward(0.5, 1.0, 0.33) + making_reward(1.5, 1.0, 0.33) == pytest.approx(1.0, rel=1e-14)
