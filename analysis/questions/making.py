"""Runs for a question: made by worker processes and kept in a store, so that what was made is found again."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd

from analysis.experiments import Job, Kept, Progress, Store, execute
from analysis.experiments.upkeep import compact

_MANY_PARTS = 64
"""Parts of a store beyond which they are merged: a search asks again and again, and all parts are read each time."""

Told = Callable[[Progress], None]
"""Told how far the runs are."""


class Maker:
    """Makes lists of jobs in a store that keeps these daily metrics."""

    def __init__(self, folder: Path, series: Sequence[str], executor: Kept, told: Told | None) -> None:
        self._folder, self._series, self._executor, self._told = folder, series, executor, told

    def make(self, jobs: Sequence[Job]) -> pd.DataFrame:
        """The table of runs of these jobs, in their order. Raises InputError about the folder, RuntimeError when a run cannot be made."""
        store = self._store(jobs)
        runs = store.runs(_name(jobs))
        if len(runs) < len(jobs):
            failed = [store.failures()[job.run] for job in jobs if job.run in store.failures()]
            raise RuntimeError(f"{len(failed)} runs could not be made: {failed[0]['why']}")
        if len(store.parts("runs")) > _MANY_PARTS:
            compact(self._folder)
        return runs

    def series(self, jobs: Sequence[Job]) -> pd.DataFrame:
        """The daily metrics of jobs that were made."""
        return self._store(jobs).series(self._series, _name(jobs))

    def _store(self, jobs: Sequence[Job]) -> Store:
        return execute(jobs, self._folder, name=_name(jobs), series=self._series, executor=self._executor, progress=self._told)


def _name(jobs: Sequence[Job]) -> str:
    """What the list is called in the store: it depends on the runs alone."""
    return hashlib.sha256("".join(job.run for job in jobs).encode()).hexdigest()[:16]


@contextmanager
def making(folder: str | Path | None, series: Sequence[str], workers: int | None, told: Told | None) -> Iterator[Maker]:
    """A maker whose processes end with the context. folder: None for a store that is thrown away."""
    executor = Kept(workers)
    try:
        if folder is not None:
            yield Maker(Path(folder), series, executor, told)
            return
        with tempfile.TemporaryDirectory() as away:
            yield Maker(Path(away), series, executor, told)
    finally:
        executor.end()
