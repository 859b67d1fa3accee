"""A job: one run to make, with its place in a design."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import sim

RUN_DIGITS = 16
"""Hexadecimal digits of an identity that name a run: among a million runs two would share them once in 40 million stores."""


@dataclass(frozen=True)
class Job:
    """One run to make.

    point, replicate: its place in the design, both from 0. parameters: what is varied, by path ("dials.steerability", or a label of the
    caller's such as "world"), and becomes a column of the table of runs; all jobs of one list have the same keys. scenario: resolved.
    run: identity of the scenario's content, the model's sources and the seed; worked out unless given. Equal jobs are one run.
    """

    point: int
    replicate: int
    parameters: Mapping[str, sim.Value]
    scenario: sim.Scenario
    seed: int
    run: str = ""

    def __post_init__(self) -> None:
        if not self.run:
            object.__setattr__(self, "run", run_name(self.scenario.digest(), self.seed))


def run_name(scenario_digest: str, seed: int) -> str:
    """The name of the run of a scenario with a seed, under the model as it is now."""
    return sim.identity_of(scenario_digest, [seed])[:RUN_DIGITS]


def paired_seed(replicate: int) -> int:
    """The seed of a replicate at every point, so that points are compared under the same people and the same luck."""
    return replicate + 1


def independent_seed(point: int, replicate: int) -> int:
    """The seed of a replicate where points share nothing: whole, from 0 to 2^32 - 1."""
    return int.from_bytes(hashlib.sha256(f"{point}:{replicate}".encode()).digest()[:4])
