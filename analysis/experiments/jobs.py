"""A job: one run to make, with its place in a design."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sim


@dataclass(frozen=True)
class Job:
    """One run to make.

    point, replicate: its place in the design, both from 0. parameters: what is varied, by path ("dials.steerability", or a label of the
    caller's such as "world"), and becomes a column of the table of runs; all jobs of one list have the same keys. scenario: resolved.
    """

    point: int
    replicate: int
    parameters: Mapping[str, sim.Value]
    scenario: sim.Scenario
    seed: int

    @property
    def run(self) -> str:
        """Its identity, 16 hexadecimal digits: of the scenario's content, the model's sources and the seed. Equal jobs are one run."""
        raise NotImplementedError


def independent_seed(point: int, replicate: int) -> int:
    """The seed of a replicate where draws are independent between points: from 0 to 2^32 - 1. (Paired: replicate r has seed r + 1.)"""
    raise NotImplementedError
