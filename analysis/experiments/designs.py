"""Designs: which points of what is varied are looked at.

    grid      every value with every other        zip   the first values together, the second together, …        list  points written out
    lhs       Latin hypercube: each variable evenly filled           sobol     Sobol' sequence: all of them together evenly filled
    saltelli  Sobol' sensitivity indices, points × (variables + 2)   morris    elementary effects, trajectories × (variables + 1)

The first three take lists and levels, the others distributions, whose quantiles they place in the unit cube.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

import sim
from analysis.experiments.extras import not_installed
from analysis.experiments.variables import Variable

LISTED = ("grid", "zip", "list")
SAMPLED: Mapping[str, Mapping[str, int | None]] = {
    "lhs": {"points": None, "seed": 1},
    "sobol": {"points": None, "seed": 1},
    "saltelli": {"points": None, "seed": 1},
    "morris": {"trajectories": None, "levels": 4, "seed": 1},
}
"""Designs that sample, with their options and the defaults of those; None: must be given."""

_SOBOL_BLOCK = 7
"""Which of the Sobol' sequences of a seed: populations have the numbers below."""

Point = Mapping[str, sim.Value]


@dataclass(frozen=True)
class Design:
    """A design by name, with its options."""

    name: str
    options: Mapping[str, int]

    def count(self, variables: Sequence[Variable]) -> int:
        """How many points it has."""
        match self.name:
            case "grid":
                return math.prod(len(variable.levels or ()) for variable in variables)
            case "zip":
                return len(variables[0].levels or ())
            case "saltelli":
                return self.options["points"] * (len(variables) + 2)
            case "morris":
                return self.options["trajectories"] * (len(variables) + 1)
            case _:
                return self.options["points"]

    def points(self, variables: Sequence[Variable]) -> list[Point]:
        """The points, in order. Raises InputError when a library is missing."""
        paths = [variable.path for variable in variables]
        levels = [variable.levels or () for variable in variables]
        if self.name == "grid":
            return [dict(zip(paths, values, strict=True)) for values in itertools.product(*levels)]
        if self.name == "zip":
            return [dict(zip(paths, values, strict=True)) for values in zip(*levels, strict=True)]
        return drawn(variables, self.cube(len(variables)))

    def cube(self, dimensions: int) -> NDArray[np.float64]:
        """The sample in the unit cube of a design that samples, shape (points, dimensions). Raises InputError when a library is missing."""
        seed = self.options["seed"]
        match self.name:
            case "lhs":
                return latin_hypercube(seed, self.options["points"], dimensions)
            case "sobol":
                return sim.stratified_uniforms(seed, self.options["points"], dimensions, _SOBOL_BLOCK).T
            case _:
                return self._of_salib(dimensions)

    def _of_salib(self, dimensions: int) -> NDArray[np.float64]:
        try:
            from SALib.sample import morris, sobol  # noqa: PLC0415
        except ImportError as error:
            raise not_installed(f"design {self.name}", "SALib", "sensitivity") from error
        problem = {"num_vars": dimensions, "names": [str(number) for number in range(dimensions)], "bounds": [[0.0, 1.0]] * dimensions}
        seed = self.options["seed"]
        if self.name == "saltelli":
            return np.asarray(sobol.sample(problem, self.options["points"], calc_second_order=False, seed=seed))
        return np.asarray(morris.sample(problem, self.options["trajectories"], num_levels=self.options["levels"], seed=seed))


def latin_hypercube(seed: int, points: int, dimensions: int) -> NDArray[np.float64]:
    """Points in the unit cube such that each of `points` equal slices of every axis holds one, shape (points, dimensions)."""
    generator = np.random.default_rng(seed)
    slices = np.column_stack([generator.permutation(points) for _ in range(dimensions)])
    sample: NDArray[np.float64] = (slices + generator.random((points, dimensions))) / points
    return sample


def drawn(variables: Sequence[Variable], cube: NDArray[np.float64]) -> list[Point]:
    """The values of the variables at points of the unit cube."""
    return [
        {variable.path: variable.quantile(float(u)) for variable, u in zip(variables, row, strict=True) if variable.quantile}
        for row in cube
    ]
