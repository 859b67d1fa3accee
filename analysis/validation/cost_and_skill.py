"""M7 and M2 against the cost and skill curves of the literature, through worlds that do nothing but make attempts."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

import numpy as np
from numba import njit
from numpy.typing import NDArray

import sim
from analysis.validation.comparison import Comparison, Exact, exact, row
from analysis.validation.target import Section, Target
from analysis.validation.worlds import ALL_IN, AT_ONCE, EVERY_DAY, lived

WRIGHT = (("0.70", "0.5146", "0.0286"), ("0.80", "0.3219", "0.1082"), ("0.85", "0.2345", "0.1980"), ("0.90", "0.1520", "0.3499"))
"""Progress ratio, exponent, cost of the thousandth unit over the first."""
MAKERS = 100
_ONLY_WRIGHT = {"compute.floor_unit_cost_usd": 0.0, "compute.decline_factor_per_year": 1.0, "compute.first_unit_cost_usd": 1.0}


def _making(values: dict[str, Any], days: int) -> sim.Ecosystem:
    """A world in which a hundred rows of makers make one attempt a day each."""
    return lived(1, ALL_IN, EVERY_DAY, AT_ONCE, {"agents": 2 * MAKERS, "creators_share": 0.5, "days": days}, values)


def check_wright(seeds: Sequence[int], *, exponent_factor: float = 1.0) -> list[Comparison]:
    """Unit cost after a thousand times the first volume, and from one doubling to the next. exponent_factor: on the exponent of M7."""
    del seeds
    table: list[Comparison] = []
    attempts_a_day = 1000.0 * MAKERS
    for ratio, exponent, thousandth in WRIGHT:
        b = -math.log2(float(ratio))
        volume = {"compute.wright_exponent": exponent_factor * b, "compute.wright_reference_attempts": attempts_a_day * 9 / 999.0}
        cost = _making(_ONLY_WRIGHT | volume, 10).tables()["daily"]["unit_cost_usd"].to_numpy()
        doubling = volume | {"compute.wright_reference_attempts": attempts_a_day}
        doubled = _making(_ONLY_WRIGHT | doubling, 64).tables()["daily"]["unit_cost_usd"].to_numpy()[[0, 1, 3, 7, 15, 31, 63]]
        table += [
            exact(f"progress ratio {ratio}: exponent", b, exponent),
            exact(f"progress ratio {ratio}: cost at 1000", cost[9], thousandth),
            Exact(f"progress ratio {ratio}: six doublings", (doubled[6] / doubled[0]) ** (1.0 / 6.0), float(ratio), 1e-9),
        ]
    return table


def check_sahal(seeds: Sequence[int], *, exponent_factor: float = 1.0) -> list[Comparison]:
    """Output that grows exponentially makes cost fall exponentially, at b times its growth: a world whose makers double their attempts
    every day, by dated changes of patience. Growth of .2 a year at a progress ratio of 80 % is a fall of .0644.
    """
    del seeds
    b, doublings = -math.log2(0.8), 8
    days = [f"  day_{day}: {{day: {day}, set: {{making.patience_attempts: {2**day}}}}}" for day in range(1, doublings + 1)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "doubling.yaml"
        path.write_text("\n".join(["schema: 1", "question: Sahal", "extends: baseline", "interventions:", *days, ""]), encoding="utf-8")
        never = {"making.acceptable_miss": 1e-12, "making.acceptable_miss_ln_sd": 0.0, "making.patience_attempts": 1}
        market = {"agents": 2 * MAKERS, "people": 2000 * MAKERS, "creators_share": 0.5, "niches": 1, "days": doublings + 1}
        cost = {"compute.wright_exponent": exponent_factor * b, "compute.wright_reference_attempts": 1000.0 * MAKERS}
        values = market | ALL_IN | EVERY_DAY | {"making.free_quota_per_day": 500} | never | _ONLY_WRIGHT | cost
        world = sim.Ecosystem(path, run_seed=1, **{key.replace(".", "__"): value for key, value in values.items()})
    daily = world.run().tables()["daily"]
    fall = -np.diff(np.log(daily["unit_cost_usd"].to_numpy()))
    growth = np.diff(np.log(daily["attempts"].to_numpy()))
    table: list[Comparison] = [Exact(f"fall over growth, day {day}", fall[day - 1] / growth[day - 1], b, 1e-9) for day in (1, 4, doublings)]
    return [*table, exact("fall a year at a growth of .2", 0.2 * fall.mean() / growth.mean(), "0.0644")]


def check_decline(seeds: Sequence[int], *, days_of_a_year: int = 365) -> list[Comparison]:
    """The field's cost falls by its factor in 365 days."""
    del seeds
    table: list[Comparison] = []
    for factor in (3.0, 5.0, 15.0):
        values = _ONLY_WRIGHT | {"compute.wright_exponent": 0.0, "compute.decline_factor_per_year": factor}
        cost = _making(values, days_of_a_year + 1).tables()["daily"]["unit_cost_usd"].to_numpy()
        table.append(Exact(f"factor {factor:g}: first day over last", cost[0] / cost[-1], factor, 1e-9 * factor))
    return table


def check_learner(seeds: Sequence[int], *, carry: float = 1.0) -> list[Comparison]:
    """One maker learns exponentially: what is left after N attempts is e^(-λ·ι·N). carry: carry-over of skill between sessions."""
    del seeds
    rate, share, days = 0.3, 0.1, 50
    practice = {
        "making.acceptable_miss": 1e-12,
        "making.acceptable_miss_ln_sd": 0.0,
        "learning.rate": rate,
        "learning.uncontrolled_share": share,
        "learning.carry_over": carry,
        "dials.steerability": 0.0,
    }
    skill = _making(practice, days).tables()["daily"]["skill"].to_numpy()
    return [Exact(f"skill after {n} attempts", skill[n - 1], -math.expm1(-rate * share * n), 1e-6) for n in (1, 10, 25, 50)]


def check_group(seeds: Sequence[int], *, shape: float = 1.0) -> list[Comparison]:
    """Exponential learners with rates of Gamma(1, rate 10) look like a power law together: (1 + N/10)^-1. shape: of the Gamma."""
    practised = (1, 10, 50, 200)
    rates = [np.random.default_rng(seed).gamma(shape, 0.1, 4000) for seed in seeds]
    left_to_learn = _learning_kernel()
    table: list[Comparison] = []
    for n, text in zip(practised, ("0.9091", "0.5000", "0.1667", "0.0476"), strict=True):
        law = 1.0 / (1.0 + n / 10.0)
        table += [exact(f"law after {n}", law, text), row(f"left to learn after {n}", [left_to_learn(one, n) for one in rates], law)]
    return table


@cache
def _learning_kernel() -> Callable[[NDArray[np.float64], int], float]:
    """Compiled loop of the rule M2 over makers with these rates: mean of 1 - skill after sessions of one controlled attempt each."""
    start, after = sim.skill_at_start, sim.skill_after_session

    def left_to_learn(rates: NDArray[np.float64], sessions: int) -> float:
        total = 0.0
        for rate in rates:
            skill = 0.0
            for _ in range(sessions):
                skill = after(start(skill, 1.0), rate, 1.0, 0.1, 0.0)
            total += 1.0 - skill
        return total / rates.size

    return cast(Callable[[NDArray[np.float64], int], float], njit(left_to_learn))


SECTION = Section(
    "cost_and_skill",
    "4.8 Cost and skill curves",
    (
        Target("wright", "rule", "Wright's law through M7", "Wright 1936; Nagy et al. 2013", check_wright),
        Target("sahal", "rule", "exponential output, exponential fall of cost", "Sahal 1979; Nagy et al. 2013", check_sahal),
        Target("decline", "rule", "the field's dated decline", "derived", check_decline),
        Target("learner", "rule", "one maker learns exponentially through M2", "Heathcote et al. 2000", check_learner),
        Target("group_curve", "rule", "a group of them looks like a power law", "Heathcote et al. 2000; derived", check_group),
    ),
)
