"""What the model predicts for each falsifier: the worlds run over seeds, the numbers taken from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

import sim
from analysis.falsifiers.listed import DAYS, FALSIFIERS, Falsifier, World


@dataclass(frozen=True)
class Predicted:
    """A falsifier and the model's number for it: 5, 50 and 95 % points over the seeds that have one, and how many have."""

    falsifier: Falsifier
    low: float
    median: float
    high: float
    seeds: int

    @property
    def is_clear(self) -> bool:
        """Whether the whole band lies on the side of the threshold on which the model stands: only then can the observation refute it."""
        if not self.seeds:
            return False
        threshold = self.falsifier.threshold
        return self.high <= threshold if self.falsifier.refuted == "above" else self.low >= threshold


def worlds() -> tuple[World, ...]:
    """The worlds of all falsifiers, each once."""
    found: dict[str, World] = {}
    for one in FALSIFIERS:
        for world in (one.world, one.other):
            if world is not None:
                found[world.command()] = world
    return tuple(found.values())


def predict(seeds: int, agents: int, told: Callable[[str, int, int], None]) -> tuple[Predicted, ...]:
    """Run every world over the same seeds and say what comes of each falsifier. told: called with each world before it is run."""
    every = worlds()
    runs: dict[str, sim.Run] = {}
    for number, world in enumerate(every, start=1):
        told(world.command(), number, len(every))
        source = sim.shipped_folder() / world.scenario if "/" in world.scenario else world.scenario
        runs[world.command()] = sim.run(source, overrides=world.changes, days=DAYS, agents=agents, seeds=seeds)
    return tuple(predicted(one, runs) for one in FALSIFIERS)


def predicted(one: Falsifier, runs: Mapping[str, sim.Run]) -> Predicted:
    """The number of a falsifier from the runs of its worlds, by their commands."""
    run = runs[one.world.command()]
    values = np.array([one.read(run, seed) for seed in run.seeds])
    if one.other is not None:
        base = np.array([one.read(runs[one.other.command()], seed) for seed in run.seeds])
        values = values - base if one.compared == "minus" else np.divide(values, base, out=np.full(len(base), np.nan), where=base != 0.0)
    kept = values[~np.isnan(values)]
    if not len(kept):
        return Predicted(one, np.nan, np.nan, np.nan, 0)
    low, median, high = (float(point) for point in np.percentile(kept, (5, 50, 95)))
    return Predicted(one, low, median, high, len(kept))
