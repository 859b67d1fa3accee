"""How a store is written: lists of jobs are registered, parts committed, failures noted; by one writer at a time."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa

import sim
from analysis.experiments.blocks import Failure, Finished, block_name, job_columns, runs_a_block
from analysis.experiments.jobs import Job
from analysis.experiments.locking import locked
from analysis.experiments.store import HOLDS, JOB_COLUMNS, SCHEMA, Plan, Store, read_plan

SERIES = ("installs_total", "dau", "mau", "makers", "attempts", "views_here", "views_outside", "revenue_usd", "cost_usd")
"""Daily metrics that are kept where a sweep names no others: 100,000 years of them take about a gigabyte."""


class Writer(Store):
    """A store that can be added to. Every method raises InputError where the system does not let it write."""

    def register(self, jobs: Sequence[Job], name: str) -> Plan:
        """Enter a list of jobs, cut into blocks; a list that is there keeps its blocks."""
        table = job_columns(jobs, JOB_COLUMNS)
        path = self.folder / "sweeps" / f"{hashlib.sha256(sim.encode_table(table)).hexdigest()[:16]}.parquet"
        if not path.exists():
            blocks = _cut(table.column("run").to_pylist(), runs_a_block(len(jobs), jobs[0].scenario), self.done())
            field = pa.field("block", pa.string(), metadata={"unit": "name"})
            table = table.append_column(field, pa.array(blocks, pa.string()))
            table = table.replace_schema_metadata({"name": name, "number": str(len(self.parts("sweeps")) + 1)})
            if not path.exists():  # another shard may have been quicker; its blocks hold then
                self._write(path, sim.encode_table(table))
        return read_plan(path)

    def commit(self, finished: Finished) -> None:
        """Keep what a block came to."""
        for failure in finished.failures:
            self.note(failure)
        if finished.runs:
            self._write(self.folder / "series" / f"{finished.name}.parquet", finished.series)
            self._write(self.folder / "runs" / f"{finished.name}.parquet", finished.runs)
        with storing(self.folder), (self.folder / "wall_times.jsonl").open("a", encoding="utf-8") as file:
            file.write("".join(f"{json.dumps({'run': run, 'wall_s': wall_s})}\n" for run, wall_s in finished.wall_s.items()))

    def note(self, failure: Failure) -> None:
        """Keep why a run could not be made."""
        job = failure.job
        place = {"run": job.run, "point": job.point, "replicate": job.replicate, "seed": job.seed}
        document = place | {"parameters": dict(job.parameters), "why": failure.why, "detail": failure.detail}
        with storing(self.folder):
            sim.write_json(self.folder / "failed" / f"{job.run}.json", document)

    def _write(self, path: Path, data: bytes) -> None:
        with storing(self.folder):
            sim.write_bytes(path, data)


@contextlib.contextmanager
def writing(folder: Path, series: Sequence[str], shard: str = "") -> Iterator[Writer]:
    """The store in a folder, made if it is not there, to be written by nobody else meanwhile.

    series: daily metrics to keep. shard: "3-of-40" where other shards may write at the same time. Raises InputError when the folder cannot
    be written, is in use, or holds something else: other runs than those of this model, with other metrics.
    """
    with contextlib.ExitStack() as stack:
        with storing(folder):
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locked(folder, shard))
            if not (folder / "manifest.json").exists():
                _begin(folder, series)
            if not shard:
                _clean(folder)
        store = Writer(folder)
        _check_it_fits(store, series)
        yield store


@contextlib.contextmanager
def changing(folder: Path) -> Iterator[Writer]:
    """A store that is there, to be changed by nobody else meanwhile. Raises InputError."""
    store = Writer(folder)
    with contextlib.ExitStack() as stack:
        with storing(folder):
            stack.enter_context(locked(folder))
        yield store


@contextlib.contextmanager
def storing(folder: Path) -> Iterator[None]:
    """Say in words what the system objects to when a store is written. Raises InputError instead of OSError."""
    try:
        yield
    except OSError as error:
        is_full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        hint = (
            "what was finished is kept: make room on the disk, and the same command goes on"
            if is_full
            else "name another folder with --out"
        )
        raise sim.refuse(folder, f"cannot be written: {error.strerror}", hint) from error


def _clean(folder: Path) -> None:
    """Remove what killed writers left half written."""
    for path in folder.rglob(".*.tmp"):
        path.unlink()


def _begin(folder: Path, series: Sequence[str]) -> None:
    is_empty = all(path.name.startswith(".") for path in folder.iterdir())
    if not is_empty and not (folder / "manifest.json").exists():  # another shard may have begun meanwhile
        raise sim.refuse(folder, "is not empty and not a store", "name a new or empty folder with --out")
    document = {"schema": SCHEMA, "holds": HOLDS, "model_digest": sim.model_digest(), "series": list(series), "versions": sim.versions()}
    sim.write_json(folder / "manifest.json", document)


def _check_it_fits(store: Store, series: Sequence[str]) -> None:
    held, now = str(store.manifest["model_digest"]), sim.model_digest()
    if held != now:
        message = f"holds runs of another version of the model ({held[:8]}, now {now[:8]}); results of two models are never mixed"
        raise sim.refuse(store.folder, message, "name a new folder with --out")
    if store.metrics != tuple(series):
        hint = "ask for the same `series`, or name a new folder with --out"
        raise sim.refuse(store.folder, f"keeps other daily metrics: {', '.join(store.metrics)}", hint)


def _cut(runs: Sequence[str], size: int, done: set[str]) -> list[str | None]:
    """The block of each job, so many runs a block; None where its run is done already, or is an earlier job's too."""
    new: dict[str, int] = {}
    for place, run in enumerate(runs):
        if run not in done:
            new.setdefault(run, place)
    blocks: list[str | None] = [None] * len(runs)
    names = list(new)
    for first in range(0, len(names), size):
        members = names[first : first + size]
        for run in members:
            blocks[new[run]] = block_name(members)
    return blocks
