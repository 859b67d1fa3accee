"""Runs of a scenario at the settings a search asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sim

Told = Callable[[str], None]
"""Told the outcome of each run."""


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
    """Answers whether runs of a world end with an outcome, as `tracing.Evaluate` asks. set: settings of the panel, at every point."""

    world: World
    outcome: str
    set: Mapping[str, sim.Value]
    told: Told | None = None

    def __call__(self, points: Sequence[Mapping[str, float]], seeds: Sequence[int]) -> list[bool]:
        """One run a point and seed."""
        outcomes = [self._run({**self.set, **point}, seed) for point, seed in zip(points, seeds, strict=True)]
        return [outcome == self.outcome for outcome in outcomes]

    def _run(self, point: Mapping[str, sim.Value], seed: int) -> str:
        outcome = str(sim.run(self.world.at(point), seeds=[seed]).summaries[0]["outcome"])
        if self.told:
            self.told(outcome)
        return outcome
