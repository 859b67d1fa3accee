"""Where runs are made: processes of this machine, a Dask cluster, one shard of a job array. All leave the same files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis.experiments.jobs import Job
from analysis.experiments.store import Store


@dataclass(frozen=True, slots=True)
class Local:
    """Worker processes of this machine; None: one a core."""

    workers: int | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Dask cluster: the address of its scheduler ("tcp://10.0.0.1:8786") or its scheduler file."""

    scheduler: str


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `count` shares of the jobs (number from 1), made by processes of this machine; the others are made elsewhere, in any order."""

    number: int
    count: int
    workers: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an execution is: runs finished (those found in the store included), runs in all, outcomes so far, runs that failed."""

    done: int
    total: int
    outcomes: dict[str, int]
    failed: int


def execute(
    jobs: Sequence[Job],
    folder: str | Path,
    *,
    name: str = "jobs",
    series: Sequence[str] | None = None,
    executor: Local | Cluster | Shard = Local(),  # noqa: B008
    progress: Callable[[Progress], None] | None = None,
) -> Store:
    """Make the runs of a list of jobs that are not in the store yet, and return the store.

    folder: of the store; made if it is not there. name: of this list, for people. series: daily metrics to keep; None: SERIES.
    A run that is in the store, from whichever list, is not made again. May be interrupted at any moment and called again.
    Raises InputError when the folder cannot be used, or holds runs of another model or other series, or is in use.
    """
    raise NotImplementedError
