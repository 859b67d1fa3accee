"""A scenario whose unknowns are drawn from priors: points of the unit cube become runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import sim
from analysis.calibration.across import override_text
from analysis.calibration.prior_file import Priors, load_priors
from analysis.calibration.reading import folder
from analysis.calibration.study import overrides_of
from analysis.experiments import Job
from analysis.experiments.designs import drawn
from analysis.questions.asking import World

Floats = NDArray[np.float64]

PRIORS, WIDER = "sora", "wider"
AGENTS = 2000
_ENDINGS = ("_priors.yaml", ".yaml")


def priors_named(source: str | Path) -> Priors:
    """Priors: a shipped file's name (sora, wider), or a file. Raises InputError."""
    shipped = [folder() / f"{source}{ending}" for ending in _ENDINGS]
    path = next((one for one in shipped if one.exists()), Path(source))
    if not path.exists():
        raise sim.InputError([sim.Problem(str(source), "there is no such file of priors", "shipped: sora, wider")])
    return load_priors(path)


class PriorWorld:
    """A world and what is unknown of it.

    variables: what is drawn, a dimension of the cube each. choices: by path, how many values a choice has. left: unknowns of the priors
    that are not drawn, because the scenario, or an override, says itself what they are. notes: what the reader should know.
    """

    def __init__(self, world: World, priors: Priors, wider: Priors | None = None) -> None:
        """wider: what is varied whatever the scenario says of it, and instead of its prior. Raises InputError."""
        self._world, self._family = world, sim.ScenarioFamily(world.source)
        plain = self._family.member(world.overrides, days=world.days, agents=world.agents or AGENTS)
        named = {path for path, origin in plain.origins.items() if origin == "--set"}
        free = overrides_of(dict.fromkeys(priors.paths), sim.load_scenario(priors.base), plain).keys() - named
        pulled = wider.variables if wider else ()
        moved = {one.path for one in pulled}
        if both := sorted(moved & named):
            problems = [sim.Problem(f"--set {path}", "is varied beyond the priors too", "take it out of one of them") for path in both]
            raise sim.InputError(problems)
        self.variables = (*pulled, *(one for one in priors.variables if one.path in free and one.path not in moved))
        self.choices = {**priors.choices, **(wider.choices if wider else {})}
        self.left = tuple(path for path in priors.paths if path not in free and path not in moved)
        self.name = plain.name
        self.notes = tuple(plain.notes) + self._said()

    def _said(self) -> tuple[str, ...]:
        if not self.left:
            return ()
        return (f"not varied, because '{self.name}' or an override says what they are: {', '.join(self.left)}",)

    @property
    def paths(self) -> tuple[str, ...]:
        """The parameters that are drawn."""
        return tuple(variable.path for variable in self.variables)

    def jobs(self, cube: Floats, seeds: Sequence[int]) -> list[Job]:
        """A run for each point of the cube, shape (points, variables), with its seed. Raises InputError for a world that cannot be."""
        world, agents = self._world, self._world.agents or AGENTS
        jobs = []
        for place, (values, seed) in enumerate(zip(drawn(self.variables, cube), seeds, strict=True)):
            texts = [override_text(path, value) for path, value in values.items()]
            changes = [*world.overrides, *texts] if world.overrides else values
            jobs.append(Job(place, 0, values, self._family.member(changes, days=world.days, agents=agents), seed))
        return jobs
