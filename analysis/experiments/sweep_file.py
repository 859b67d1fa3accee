"""Sweep files: YAML, as strict as scenarios."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sim
from analysis.experiments.jobs import Job


@dataclass(frozen=True)
class Sweep:
    """A sweep: points of a design, replicates of each.

    groups: path -> "dials", "policies" or "uncertain". base: the scenario with what the file sets. points: path -> value, in order.
    jobs: all runs, point by point, each made when asked for. series: daily metrics to keep.
    """

    name: str
    base: sim.Scenario
    design: str
    groups: Mapping[str, str]
    points: Sequence[Mapping[str, sim.Value]]
    replicates: int
    draws: str
    series: tuple[str, ...]
    jobs: Sequence[Job]


def load_sweep(source: str | Path) -> Sweep:
    """Load and check a sweep file; a bare name is a shipped one. Raises InputError with every problem found."""
    raise NotImplementedError
