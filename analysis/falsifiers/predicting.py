"""What the model predicts for each falsifier: the worlds run over draws of what is not known, the numbers taken from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import sim
from analysis.falsifiers.listed import FALSIFIERS, Falsifier, World
from analysis.questions.lives import Life

Floats = NDArray[np.float64]
Lived = Callable[[World], Sequence[Life]]
"""The lives of a world: a draw each, the k-th of every world under the same people and luck."""


@dataclass(frozen=True)
class Predicted:
    """A falsifier and the model's number for it: 5, 50 and 95 % points over the draws that have one, and how many have."""

    falsifier: Falsifier
    low: float
    median: float
    high: float
    draws: int

    @property
    def is_clear(self) -> bool:
        """Whether the whole band lies on the side of the threshold on which the model stands: only then can the observation refute it."""
        if not self.draws:
            return False
        threshold = self.falsifier.threshold
        return self.high <= threshold if self.falsifier.refuted == "above" else self.low >= threshold


def worlds() -> tuple[World, ...]:
    """The worlds of all falsifiers, each once."""
    return tuple({world.command(): world for one in FALSIFIERS for world in one.worlds}.values())


def predict(lived: Lived, told: Callable[[str, int, int], None]) -> tuple[Predicted, ...]:
    """Live every world over the same draws and say what comes of each falsifier. told: called with each world before it is run."""
    every = worlds()
    readings: dict[tuple[str, str], Floats] = {}
    for number, world in enumerate(every, start=1):
        asked, lives = [one for one in FALSIFIERS if world in one.worlds], lived(world)
        told(world.command(), number, len(every))
        rows = [_read(life, asked) for life in lives]
        readings |= {(world.command(), one.name): column for one, column in zip(asked, np.array(rows).T, strict=True)}
    return tuple(predicted(one, readings) for one in FALSIFIERS)


def _read(life: Life, asked: Sequence[Falsifier]) -> list[float]:
    run = sim.run(life.scenario, seeds=[life.seed])
    return [one.read(run, life.seed) for one in asked]


def predicted(one: Falsifier, readings: Mapping[tuple[str, str], Floats]) -> Predicted:
    """The number of a falsifier from what its measure read, draw by draw, by the command of the world and the name of the falsifier."""
    values, *base = (readings[world.command(), one.name] for world in one.worlds)
    if one.compared == "minus":
        values = values - base[0]
    elif one.compared == "over":
        values = np.divide(values, base[0], out=np.full(len(values), np.nan), where=base[0] != 0.0)
    kept = values[~np.isnan(values)]
    if not len(kept):
        return Predicted(one, np.nan, np.nan, np.nan, 0)
    low, median, high = (float(point) for point in np.percentile(kept, (5, 50, 95)))
    return Predicted(one, low, median, high, len(kept))
