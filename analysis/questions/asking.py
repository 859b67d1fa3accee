"""Runs of a scenario at the settings a search asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sim
from analysis.experiments import Job
from analysis.questions.making import Maker


@dataclass(frozen=True)
class World:
    """A scenario by name or path, and what is laid over it at every point."""

    source: str | Path
    overrides: tuple[str, ...] = ()
    days: int | None = None
    agents: int | None = None

    def at(self, point: Mapping[str, sim.Value]) -> sim.Scenario:
        """The scenario with these settings on top. Raises InputError."""
        texts = [f"{path}={'null' if value is None else value}" for path, value in point.items()]
        return sim.load_scenario(self.source, (*self.overrides, *texts), days=self.days, agents=self.agents)


@dataclass(frozen=True)
class Asking:
    """Answers whether runs of a world end with an outcome, as `tracing.Evaluate` asks. changes: settings of the panel, at every point."""

    world: World
    outcome: str
    changes: Mapping[str, sim.Value]
    maker: Maker

    def __call__(self, points: Sequence[Mapping[str, float]], seeds: Sequence[int]) -> list[bool]:
        """One run a point and seed."""
        jobs = [
            Job(number, 0, dict(point), self.world.at({**self.changes, **point}), seed)
            for number, (point, seed) in enumerate(zip(points, seeds, strict=True))
        ]
        return [str(outcome) == self.outcome for outcome in self.maker.make(jobs)["outcome"]]
