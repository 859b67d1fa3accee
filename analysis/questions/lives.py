"""The draws over which worlds are compared: every world of a question is lived by the same people with the same luck, draw by draw.

lives = Seeded(World("sora", agents=2000), (1, 2, 3))          # seeds of one world
lives = Across(World("sora"), load_ensemble("sora"), places)   # sets of an ensemble, each with its own seed: what is not known is in it
one, other = lives.under(), lives.under(["gates.mended=[cost]"])   # the k-th life of the one is paired with the k-th of the other
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sim
from analysis.calibration.across import jobs_across
from analysis.calibration.ensemble import Ensemble
from analysis.experiments import Job
from analysis.questions.asking import World


class Life(NamedTuple):
    """A scenario and the seed that it is lived with."""

    scenario: sim.Scenario
    seed: int


@dataclass(frozen=True)
class Seeded:
    """Seeds of one world."""

    world: World
    seeds: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.seeds)

    def under(self, changes: Sequence[str] = ()) -> list[Life]:
        """A life a seed, with these overrides ("path=value") on top. Raises InputError."""
        world = self.world
        scenario = sim.load_scenario(world.source, (*world.overrides, *changes), days=world.days, agents=world.agents)
        return [Life(scenario, seed) for seed in self.seeds]


@dataclass(frozen=True)
class Across:
    """Sets of an ensemble, named by their places, each with a seed of its own."""

    world: World
    ensemble: Ensemble
    places: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.places)

    def under(self, changes: Sequence[str] = ()) -> list[Life]:
        """A life a set, with these overrides ("path=value") on top. Raises InputError."""
        world = self.world
        overrides = (*world.overrides, *changes)
        jobs = jobs_across(self.ensemble, world.source, self.places, overrides=overrides, days=world.days, agents=world.agents)
        return [Life(job.scenario, job.seed) for job in jobs]


Lives = Seeded | Across


def jobs_of(lives: Sequence[Life], point: int, parameters: Mapping[str, sim.Value]) -> list[Job]:
    """The runs of these lives: they share point and parameters, and their replicate is the number of the draw."""
    return [Job(point, draw, parameters, life.scenario, life.seed) for draw, life in enumerate(lives)]
