"""People are conserved: everybody is outside, drawn every day, or dormant, and nobody twice."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings

from sim.ecosystem import Ecosystem
from sim.foundation.columns import bytes_per_row
from sim.observation.recorder import OLDEST_AGE_DAYS
from sim.populations.people import CREATORS, PEOPLE
from sim.rules.adoption import LAPSE_DAYS
from sim.world import World
from tests.properties.drawing import scenarios
from tests.worlds import Document, busy, scenario_from, sora

BYTES_PER_ROW = 128


def _assert_people_conserved(world: World) -> None:
    people, creators, queue = world.people, world.creators, world.queue
    agents, today = people.uid.size, world.day - 1
    adopted = people.adopted_day >= 0
    outside = np.concatenate([queue.rows[at:end] for at, end in zip(queue.position, queue.start[1:], strict=True)])
    assert adopted.sum() + outside.size == agents
    assert not adopted[outside].any()
    assert (np.sort(people.uid) == np.arange(agents)).all()
    assert ((people.channel >= 0) == adopted).all()

    roster = world.roster.rows[: world.roster.count[0]]
    assert np.unique(roster).size == roster.size
    assert (np.sort(roster) == np.flatnonzero(people.drawn)).all()
    assert adopted[roster].all()

    makers = creators.x_make.size
    readiness = people.x_watch.copy()
    readiness[:makers] = np.maximum(readiness[:makers], creators.x_make)
    assert ((readiness >= 0) & (readiness <= 1)).all()
    lapsed = adopted & (today - people.last_active >= LAPSE_DAYS)
    dormant = adopted & (people.drawn == 0)
    assert not (dormant & ~lapsed).any()
    assert (readiness[dormant] < 0.1).all()
    assert (np.isfinite(people.return_at) == lapsed).all()
    assert not people.came.any()
    assert not readiness[~adopted].any()
    assert not creators.attempts[~adopted[:makers]].any()


@settings(max_examples=25)
@given(document=scenarios())
def test_people_are_conserved_in_every_legal_world(document: Document) -> None:
    _assert_people_conserved(Ecosystem(scenario_from(document), run_seed=3).run().world)


def test_people_are_conserved_every_day_of_a_world_in_which_many_leave_and_return() -> None:
    model = sora(agents=300, days=120, habit__forgetting_per_day=0.3, habit__dormant_below=0.01, adoption__news_per_day=0.05)
    dormant = 0
    while model.running:
        model.step()
        _assert_people_conserved(model.world)
        dormant += int(((model.world.people.adopted_day >= 0) & (model.world.people.drawn == 0)).sum())
    daily = model.tables()["daily"]
    assert dormant > 0
    assert daily["returned_users"].sum() > 0


def test_whoever_joined_had_a_threshold_that_the_hazard_passed_and_nobody_else() -> None:
    world = busy().run().world
    classes = np.where(np.arange(world.people.uid.size) < world.creators.x_make.size, world.people.niche, world.shelf.niches)
    assert ((world.people.threshold <= world.queue.hazard[classes]) == (world.people.adopted_day >= 0)).all()


def test_a_person_takes_at_most_128_bytes() -> None:
    assert bytes_per_row(PEOPLE + CREATORS) <= BYTES_PER_ROW


def test_cohort_counts_cover_every_age_of_a_year() -> None:
    assert OLDEST_AGE_DAYS >= 365
