"""The twin and the kernels agree agent by agent, clip by clip and to the last bit, on every day of small worlds."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings

from sim.observation.metrics import DAILY_NAMES
from sim.populations.clips import CLIPS
from sim.populations.people import CREATORS, PEOPLE
from sim.populations.visits import COHORT_DAYS
from sim.scenario import load_scenario, shipped_names
from tests.properties.drawing import scenarios
from tests.twin.comparison import STATES_OF_ARRIVAL, STATES_OF_CLIPS, STATES_OF_CREATORS, STATES_OF_EVENING, Pair
from tests.twin.creator import Creator
from tests.twin.model import TwinEcosystem
from tests.twin.variants import VARIANTS, everything_on, variant
from tests.worlds import Document, scenario_from, sora

AGENTS, DAYS = 120, 220
COMPARED = ("installs", "dau", "attempts", "accepted_sessions", "views_here", "cost_compute_usd", "lapsed_users")


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_world_agrees_with_its_twin(name: str) -> None:
    pair = Pair(load_scenario(name, {"agents": AGENTS, "days": DAYS}))
    assert pair.first_difference() is None
    assert pair.twin.day == DAYS or pair.engine.closed_cause


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_world_that_no_loss_closes_agrees_with_its_twin(name: str) -> None:
    pair = Pair(load_scenario(name, {"agents": AGENTS, "days": DAYS, "parent.stop_loss_usd": None, "parent.budget_usd": 1e12}), run_seed=2)
    assert pair.first_difference() is None
    assert pair.twin.day == DAYS or pair.engine.closed_cause == "opportunity_cost"


@pytest.mark.parametrize("name", VARIANTS)
def test_every_option_agrees_with_its_twin_and_makes_a_difference(name: str) -> None:
    pair, plain = Pair(variant(name)), Pair(variant(""))
    assert pair.first_difference() is None
    assert pair.engine.digest() != plain.engine.run().digest()


def test_all_options_at_once_agree_with_the_twin() -> None:
    assert Pair(everything_on(days=250)).first_difference() is None


@settings(max_examples=25)
@given(document=scenarios(agents=AGENTS, days=200))
def test_every_legal_world_agrees_with_its_twin(document: Document) -> None:
    assert Pair(scenario_from(document), run_seed=3).first_difference() is None


@pytest.mark.slow
@settings(max_examples=250)
@given(document=scenarios(agents=150, days=250))
def test_many_legal_worlds_agree_with_their_twins(document: Document) -> None:
    assert Pair(scenario_from(document), run_seed=4).first_difference() is None


@pytest.mark.slow
@pytest.mark.parametrize("run_seed", [1, 2, 3])
def test_a_larger_sora_world_agrees_with_its_twin_for_longer(run_seed: int) -> None:
    pair = Pair(sora(agents=1500, days=500).plan, run_seed)
    assert pair.first_difference() is None
    assert pair.twin.day == 500


@pytest.mark.slow
@pytest.mark.parametrize("activation", ["do", "shuffle_do"])
def test_a_twin_that_draws_and_reckons_as_mesa_users_do_lives_the_same_world(activation: str) -> None:
    """The yardstick of speed: over 16 runs its users and attempts are those of the engine within 4 standard errors."""
    engine, twin = [], []
    for run_seed in range(16):
        world = sora(run_seed, agents=3000, days=60, dials__steerability=0.5)
        mesa_twin = TwinEcosystem(world.plan, run_seed, activation=activation)
        while mesa_twin.running:
            mesa_twin.step()
        daily = world.run().tables()["daily"]
        engine.append([daily[name].sum() for name in COMPARED])
        twin.append([sum(row[name] for row in mesa_twin.diary) for name in COMPARED])
    difference = np.array(engine) - np.array(twin)
    error = difference.std(axis=0, ddof=1) / len(engine) ** 0.5
    assert (abs(difference.mean(axis=0)) < 4 * error).all()
    assert (error < 0.05 * np.mean(engine, axis=0)).all()


def test_cohorts_are_counted_as_the_twins_agents_were_active() -> None:
    pair, active = Pair(variant("")), Counter[tuple[int, int, int, int]]()
    while pair.twin.running:
        today = pair.twin.day
        pair.step()
        for person in pair.people:
            if person.last_active == today:
                side = 0 if isinstance(person, Creator) else 1
                active[person.adopted_day // COHORT_DAYS, side, person.channel, today - person.adopted_day] += 1
    counted = pair.engine.world.cohorts.active
    assert {tuple(at): counted[tuple(at)] for at in zip(*map(list, counted.nonzero()), strict=True)} == active
    assert active.total() > 1000


def test_no_column_of_the_engine_is_left_out_of_the_comparison() -> None:
    """uid keys the comparison, `came` is empty at the close of a day, and a clip's maker is compared by her uid."""
    assert {column.name for column in PEOPLE} == {*STATES_OF_ARRIVAL, *STATES_OF_EVENING, "uid", "came"}
    assert {column.name for column in CREATORS} == {*STATES_OF_CREATORS}
    assert {column.name for column in CLIPS} == {*STATES_OF_CLIPS, "maker"}
    pair = Pair(variant(""))
    pair.step()
    assert set(pair.twin.diary[-1]) == set(DAILY_NAMES)
    assert not pair.engine.world.people.came.any()
