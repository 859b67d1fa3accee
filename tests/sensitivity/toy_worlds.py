"""Worlds whose answers are known, which answer as the simulator does: points of the unit cube and seeds become runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.experiments.variables import Variable
from analysis.sensitivity.outputs import FEW_USERS
from sim import Place

Floats = NDArray[np.float64]
PATHS = ("people", "creators_share", "habit.initial", "habit.learning_rate", "publishing.overlap", "rival.edge")
"""Parameters of numbers that the unknowns of a toy are called after."""


@dataclass(frozen=True)
class Row:
    """A run to make: what a `Job` is elsewhere."""

    point: Floats
    seed: int
    parameters: dict[str, Any]


@dataclass(frozen=True)
class ToyWorld:
    """A world with so many unknowns, each uniform from 0 to 1, of which the last is a choice of two where `has_choice`."""

    unknowns: int
    has_choice: bool = False
    name: str = "toy"
    left: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """Their names."""
        names = PATHS[: self.unknowns]
        return (*names[:-1], "rules.watching_reward") if self.has_choice else names

    @property
    def choices(self) -> dict[str, int]:
        """How many values each choice has."""
        return {"rules.watching_reward": 2} if self.has_choice else {}

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The unknowns as priors have them."""
        return tuple(Variable(path, "uncertain", Place("toy"), quantile=self._quantile(path)) for path in self.paths)

    def _quantile(self, path: str) -> Callable[[float], Any]:
        return (lambda u: ("share", "any_view")[int(u >= 0.5)]) if path in self.choices else float

    def jobs(self, cube: Floats, seeds: Sequence[int]) -> list[Row]:
        """A run a point and seed."""
        values = [{one.path: one.quantile(u) for one, u in zip(self.variables, point, strict=True)} for point in cube]  # type: ignore[misc]
        return [Row(point, seed, one) for point, seed, one in zip(cube, seeds, values, strict=True)]


@dataclass
class ToyMaker:
    """Makes runs by a rule from a point and the luck of its seed (uniform) to users as OUTPUTS has them and whether it sustains itself."""

    users: Callable[[Floats, float], float]
    sustains: Callable[[Floats, float], bool] = lambda point, luck: False
    made: int = 0
    runs: set[tuple[Any, ...]] = field(default_factory=set)

    def make(self, jobs: Sequence[Row]) -> pd.DataFrame:
        """The table of runs."""
        self.made += len(jobs)
        self.runs |= {(*one.point, one.seed) for one in jobs}
        rows = [(one.point, float(np.random.default_rng(one.seed).random())) for one in jobs]
        return pd.DataFrame(
            {
                "outcome": ["self_sustaining" if self.sustains(*row) else "fading" for row in rows],
                "dau_end": [FEW_USERS * (10.0 ** self.users(*row) - 1.0) for row in rows],
                "operating_profit_usd": 0.0,
            }
        )
