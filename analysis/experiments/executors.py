"""Where runs are made: processes of this machine, a Dask cluster, one shard of a job array. All leave the same files."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import sim
from analysis.experiments.blocks import Block, Failure, Finished
from analysis.experiments.jobs import Job
from analysis.experiments.local import Event, LocalPool
from analysis.experiments.store import Plan, Store, open_store
from analysis.experiments.worker import Ran
from analysis.experiments.writing import SERIES, Writer, writing

BYTES_A_RUN, BYTES_A_NUMBER = 700.0, 2.7
"""Measured: what a run takes in the table of runs, and a day of a metric in that of series."""


class Pool(Protocol):
    """What makes blocks; used as a context."""

    count: int

    def __enter__(self) -> Self: ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None: ...

    def trial(self, job: Job) -> float | None:
        """Seconds of one run, None where they cannot be told."""

    def make(self, blocks: Iterable[Block]) -> Iterator[Event]:
        """Make the blocks; what happens, as it happens."""


@dataclass(frozen=True, slots=True)
class Local:
    """Worker processes of this machine; None: one a core."""

    workers: int | None = None

    def pool(self) -> Pool:
        """The processes."""
        return LocalPool(self.workers or os.cpu_count() or 1)


@dataclass(frozen=True, slots=True)
class Shard:
    """One of `count` shares of the jobs (number from 1), made by processes of this machine; the others are made elsewhere, in any order."""

    number: int
    count: int
    workers: int | None = None

    def pool(self) -> Pool:
        """The processes."""
        return Local(self.workers).pool()


@dataclass(frozen=True, slots=True)
class Cluster:
    """A Dask cluster: the address of its scheduler ("tcp://10.0.0.1:8786") or its scheduler file."""

    scheduler: str

    def pool(self) -> Pool:
        """The connection to it."""
        from analysis.experiments.cluster import DaskPool  # noqa: PLC0415

        return DaskPool(self.scheduler)


Executor = Local | Shard | Cluster


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is to come, told before it begins.

    runs: to make now; found: of this list in the store already. seconds: None where they cannot be told, as the first run fails.
    """

    runs: int
    found: int
    seconds: float | None
    bytes: float
    workers: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an execution is: runs over in this call, of how many to make; what they came to ("failed" among the outcomes)."""

    done: int
    total: int
    outcomes: Mapping[str, int]


def execute(
    jobs: Sequence[Job],
    folder: str | Path,
    *,
    name: str = "jobs",
    series: Sequence[str] = SERIES,
    executor: Executor = Local(),
    announce: Callable[[Estimate], None] | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Store:
    """Make the runs of a list of jobs that are not in the store yet, and return the store.

    folder: of the store; made if it is not there. name: of this list, for people. series: daily metrics to keep.
    A run that is in the store, from whichever list, is not made again. May be interrupted at any moment and called again.
    Raises InputError when the folder cannot be used, or holds runs of another model or other series, or is in use; ValueError for no jobs.
    """
    if not jobs:
        raise ValueError("there are no jobs")
    shard = f"{executor.number}-of-{executor.count}" if isinstance(executor, Shard) else ""
    with writing(Path(folder), series, shard) as store:
        plan, done = store.register(jobs, name), store.done()
        pending = list(_pending(plan, done, store.failures().keys(), executor))
        total = sum(len(places) - len(skipped) for _, places, skipped in pending)
        found = sum(run in done for run in plan.runs)
        if not pending:
            if announce:
                announce(Estimate(0, found, 0.0, 0.0, 0))
            return open_store(folder)
        with executor.pool() as pool:
            seconds = pool.trial(jobs[pending[0][1][0]])
            if announce:
                size = total * (BYTES_A_RUN + BYTES_A_NUMBER * jobs[0].scenario.days * len(series))
                announce(Estimate(total, found, None if seconds is None else seconds * total / pool.count, size, pool.count))
            blocks = (Block(block, tuple(jobs[place] for place in places), tuple(series), skipped) for block, places, skipped in pending)
            _follow(pool.make(blocks), store, total, progress)
    return open_store(folder)


def _pending(plan: Plan, done: Set[str], failed: Set[str], executor: Executor) -> Iterator[tuple[str, Sequence[int], frozenset[str]]]:
    """The blocks to make: name, places of the jobs, runs that are known to fail."""
    for number, (block, places) in enumerate(plan.blocks.items()):
        if isinstance(executor, Shard) and number % executor.count != executor.number - 1:
            continue
        runs = {plan.runs[place] for place in places}
        if not runs <= done | failed:
            yield block, places, frozenset(runs & failed)


def _follow(events: Iterator[Event], store: Writer, total: int, progress: Callable[[Progress], None] | None) -> None:
    """Keep what comes and tell how far it is."""
    outcomes: dict[str, str] = {}
    for event in events:
        if isinstance(event, Ran):
            if event.outcome:
                outcomes[event.run] = event.outcome
        elif isinstance(event, Failure):
            store.note(event)
            outcomes[event.job.run] = "failed"
        else:
            _check_model(event)
            store.commit(event)
            outcomes |= {**event.outcomes, **{failure.job.run: "failed" for failure in event.failures}}
        if progress:
            progress(Progress(len(outcomes), total, Counter(outcomes.values())))


def _check_model(finished: Finished) -> None:
    if finished.model_digest != sim.model_digest():
        message = f"a worker runs another version of the model ({finished.model_digest[:8]}, here {sim.model_digest()[:8]})"
        raise sim.InputError([sim.Problem("workers", message, "install the same version everywhere; nothing of theirs was kept")])
