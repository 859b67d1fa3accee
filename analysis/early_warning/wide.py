"""A wide ensemble of worlds around a scenario: what is unknown of it, and beyond that what would let it live or die.

What is drawn stands in two prior files: what is believed of the product, and `wider_priors.yaml`, which goes before it on the same key.
Each world has its own seed. Of each, one run is made of the whole length and one of each early length, which is its beginning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import sim
from analysis.calibration.prior_file import load_priors
from analysis.calibration.reading import folder
from analysis.experiments import Job, independent_seed
from analysis.experiments.designs import Design, Point
from analysis.questions.asking import World

WORLDS, AGENTS, DAYS = 600, 2000, 365
PRIORS, WIDER = "sora_priors.yaml", "wider_priors.yaml"


@dataclass(frozen=True)
class Wide:
    """Worlds around a scenario. world: the scenario with rows and days. points: what is drawn, world by world."""

    world: World
    scenario: sim.Scenario
    points: tuple[Point, ...]
    seeds: tuple[int, ...]

    def jobs(self, beginnings: Sequence[int]) -> dict[int, list[Job]]:
        """The runs of the whole length and of these shorter ones, in days, world by world. Raises InputError."""
        family = sim.ScenarioFamily(self.world.source)
        texts = [[*self.world.overrides, *(f"{path}={sim.value_text(value)}" for path, value in point.items())] for point in self.points]
        whole = [family.member(said, days=self.world.days, agents=self.world.agents) for said in texts]
        return {days: self._of_length(whole, days) for days in (self.scenario.days, *beginnings)}

    def _of_length(self, whole: Sequence[sim.Scenario], days: int) -> list[Job]:
        return [
            Job(place, 0, {"world": place, "length": days}, beginning(scenario, days), seed)
            for place, (scenario, seed) in enumerate(zip(whole, self.seeds, strict=True))
        ]


def beginning(scenario: sim.Scenario, days: int) -> sim.Scenario:
    """The same scenario, ended after so many days: what is dated later does not happen any more."""
    due = tuple(one for one in scenario.interventions if one.day is None or one.day < days)
    return replace(scenario, values={**scenario.values, "days": days}, interventions=due)


def wide(world: World, worlds: int, seed: int, priors: Path | None = None, wider: Path | None = None) -> Wide:
    """Draw so many worlds, a Latin hypercube over all that is drawn. Raises InputError for the files and for the scenario.

    priors, wider: files; None: those that come with the package. What `world` overrides is not drawn.
    """
    scenario = sim.load_scenario(world.source, world.overrides, days=world.days, agents=world.agents)
    said = [load_priors(priors or folder() / PRIORS), load_priors(wider or folder() / WIDER)]
    named = {path for path, origin in scenario.origins.items() if origin == "--set"}
    variables = {one.path: one for file in said for one in file.variables if one.path not in named}
    fixed = {path: value for file in said for path, value in file.fixed.items() if path not in variables and path not in named}
    points = Design("lhs", {"points": worlds, "seed": seed}).points(list(variables.values()))
    seeds = tuple(independent_seed(place, seed) for place in range(worlds))
    return Wide(world, scenario, tuple({**fixed, **point} for point in points), seeds)
