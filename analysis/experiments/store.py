"""The store: a folder of immutable parquet parts that keeps what runs came to, and how it is read.

    <folder>/manifest.json             which model made it, with which versions, and which daily metrics are kept
             sweeps/<digest>.parquet   a row a job of one list: run, point, replicate, seed, parameters, and the block that made it
             runs/<block>.parquet      a row a run: run, seed, parameters, outcome and figures     | the name of the part in `runs` is
             series/<block>.parquet    a row a run and day: run, day, metrics                      | the commit: it is written last
             failed/<run>.json         a run that could not be made, and why
             wall_times.jsonl          seconds a run, which are no part of the tables: equal sweeps are equal files
             compacting.json           while parts are being merged: which take the place of which

A run is named by what decides its numbers (scenario, model, seed), so what is done anywhere in the store is done. `writing.py` writes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

import sim
from analysis.experiments.extras import not_installed

if TYPE_CHECKING:
    import duckdb
    import xarray

SCHEMA = 1
"""The version of the store's layout."""
HOLDS = "flywheel store"

COMPACTING = "compacting.json"

JOB_COLUMNS = ("run", "point", "replicate", "seed")
_TABLES = ("sweeps", "runs", "series")


@dataclass(frozen=True)
class Plan:
    """A list of jobs as it is registered in a store.

    number: its place among the lists of the store. jobs: a row a job: JOB_COLUMNS, then the parameters. blocks: name of a block -> places
    of its jobs in the list; a job in no block was done already when the list was registered, or is the same run as an earlier one.
    """

    digest: str
    name: str
    number: int
    jobs: pa.Table
    blocks: Mapping[str, Sequence[int]]

    @cached_property
    def runs(self) -> list[str]:
        """The run of each job."""
        return list(self.jobs.column("run").to_pylist())


class Store:
    """What runs came to. `runs`: a row a run (place in the design, parameters, outcome, figures); `series`: a row a run and day."""

    def __init__(self, folder: Path) -> None:
        """The store in `folder`. Raises InputError when there is none or another version wrote it."""
        self.folder = folder
        self.manifest = _read_manifest(folder)

    @property
    def metrics(self) -> tuple[str, ...]:
        """The daily metrics that are kept."""
        return tuple(self.manifest["series"])

    def parts(self, table: str) -> list[Path]:
        """The parts of a table, by name. While parts are being merged, those that hold each run once."""
        hidden: set[str] = set()
        if table != "sweeps" and (self.folder / COMPACTING).exists():
            for merged, old in sim.read_json(self.folder / COMPACTING).items():
                hidden |= set(old) if (self.folder / "runs" / f"{merged}.parquet").exists() else {merged}
        return sorted(path for path in (self.folder / table).glob("[0-9a-f]*.parquet") if path.stem not in hidden)

    def sweeps(self) -> tuple[Plan, ...]:
        """The lists of jobs that were begun here, in their order."""
        return tuple(sorted((read_plan(path) for path in self.parts("sweeps")), key=lambda plan: plan.number))

    def sweep(self, name: str | None = None) -> Plan:
        """The list of jobs of that name or digest, the last one of several; None: the last one begun. Raises InputError."""
        found = [plan for plan in self.sweeps() if name in (None, plan.name, plan.digest)]
        if not found:
            names = ", ".join(plan.name for plan in self.sweeps())
            raise sim.refuse(
                self.folder, f"holds no sweep '{name}'" if name else "holds no sweep yet", f"it holds: {names}" if names else ""
            )
        return found[-1]

    def done(self) -> set[str]:
        """The names of the runs that are there, in both tables. Raises InputError for a part that is cut off."""
        with_series = set()
        for part in self.parts("series"):
            sim.read_table(part, [])
            with_series.add(part.stem)
        parts = [part for part in self.parts("runs") if part.stem in with_series]
        return {run for part in parts for run in sim.read_table(part, ["run"]).column("run").to_pylist()}

    def failures(self) -> dict[str, dict[str, Any]]:
        """The runs that could not be made: name -> why, and where in which design."""
        return {path.stem: sim.read_json(path) for path in sorted((self.folder / "failed").glob("*.json"))}

    def digest(self) -> str:
        """SHA-256 over names and bytes of all tables: equal sweeps have equal digests, however they were run."""
        total = hashlib.sha256()
        for table in _TABLES:
            for part in self.parts(table):
                total.update(f"{table}/{part.name}:".encode() + hashlib.sha256(part.read_bytes()).digest())
        return total.hexdigest()

    def runs(self, sweep: str | None = None) -> pd.DataFrame:
        """A row a job that is done: run, point, replicate, seed, the parameters, outcome and every figure of a summary.

        sweep: as in `sweep()`. Rows in the order of the jobs. attrs["units"]: column -> unit.
        """
        jobs = self.sweep(sweep).jobs
        parts = [sim.read_table(part) for part in self.parts("runs")]
        if not parts:
            raise self._nothing_yet()
        table = pa.concat_tables(parts, promote_options="permissive")
        figures = table.drop_columns([name for name in jobs.column_names if name != "run" and name in table.column_names])
        frame: pd.DataFrame = jobs.to_pandas(ignore_metadata=True).merge(figures.to_pandas(ignore_metadata=True), on="run")
        frame.attrs["units"] = _units(jobs) | _units(figures)
        return frame

    def series(self, metrics: Sequence[str] | None = None, sweep: str | None = None) -> pd.DataFrame:
        """Daily metrics (float32) of the runs of a sweep: run (categorical), day, metrics; runs in the order of their jobs, each once.

        metrics: None for all that are kept. A product that was closed has no rows after its last day. Raises InputError.
        """
        chosen, places = self._known(metrics), self._places(sweep)
        parts = [_with_places(sim.read_table(part, ["run", "day", *chosen]), places) for part in self.parts("series")]
        parts = sorted((part for part in parts if len(part)), key=lambda part: part.column("run")[0].as_py())
        if not parts:
            raise self._nothing_yet()
        table = pa.concat_tables(parts)
        codes = table.column("run").to_numpy()
        frame: pd.DataFrame = table.to_pandas(ignore_metadata=True)
        frame["run"] = pd.Categorical.from_codes(codes, pd.Index(list(places)))
        if (np.diff(codes) < 0).any():
            frame = frame.iloc[np.argsort(codes, kind="stable")].reset_index(drop=True)
        frame.attrs["units"] = _units(table)
        return frame

    def series_by_part(self, sweep: str | None = None) -> Iterator[pa.Table]:
        """All series of a sweep, part by part for those who lack room for all of it; a run as its place among the different ones."""
        places = self._places(sweep)
        firsts = {
            part: min(places.get(run, len(places)) for run in _runs_of(sim.read_table(part, ["run"]))) for part in self.parts("series")
        }
        for part in sorted((part for part in firsts if firsts[part] < len(places)), key=lambda part: firsts[part]):
            yield _with_places(sim.read_table(part), places)

    def _places(self, sweep: str | None) -> dict[str, int]:
        """The runs of a sweep, each once, with their places among these."""
        return {run: place for place, run in enumerate(dict.fromkeys(self.sweep(sweep).runs))}

    def xarray(self, metrics: Sequence[str] | None = None, sweep: str | None = None) -> xarray.Dataset:
        """A Dataset of figures over (point, replicate) and of series over (point, replicate, day), with units; parameters are coordinates.

        What is not there is NaN: runs that are missing, days after a closing. Needs xarray. Raises InputError.
        """
        try:
            from analysis.experiments.cubes import cube  # noqa: PLC0415
        except ImportError as error:
            raise not_installed("a Dataset", "xarray", "analysis") from error
        return cube(self.sweep(sweep), self.runs(sweep), self.series(metrics, sweep))

    def duckdb(self, sweep: str | None = None) -> duckdb.DuckDBPyConnection:
        """A DuckDB connection in memory with the views `runs` (of the sweep) and `series` (of the whole store), read from the parts.

        Needs duckdb. Raises InputError.
        """
        try:
            import duckdb  # noqa: PLC0415
        except ImportError as error:
            raise not_installed("the connection", "DuckDB", "analysis") from error
        jobs, parts = self.sweep(sweep).jobs, {table: [str(part) for part in self.parts(table)] for table in ("runs", "series")}
        if not parts["runs"]:
            raise self._nothing_yet()
        connection = duckdb.connect()
        connection.register("jobs", jobs)
        connection.read_parquet(parts["series"]).create_view("series")
        figures = connection.read_parquet(parts["runs"], union_by_name=True)
        figures.create_view("figures")
        twice = ", ".join(f'"{name}"' for name in jobs.column_names if name in figures.columns)
        connection.execute(f"CREATE VIEW runs AS SELECT jobs.*, figures.* EXCLUDE ({twice}) FROM jobs JOIN figures USING (run)")
        return connection

    def _nothing_yet(self) -> sim.InputError:
        return sim.refuse(self.folder, "holds no finished run of it yet", "`flywheel sweep` goes on with it")

    def _known(self, metrics: Sequence[str] | None) -> tuple[str, ...]:
        chosen = self.metrics if metrics is None else tuple(metrics)
        if unknown := [metric for metric in chosen if metric not in self.metrics]:
            hint = sim.did_you_mean(unknown[0], self.metrics) or f"kept: {', '.join(self.metrics)}"
            raise sim.refuse(self.folder, f"keeps no daily metric '{unknown[0]}'", hint)
        return chosen


def open_store(folder: str | Path) -> Store:
    """The store in a folder. Raises InputError when there is none or another version wrote it."""
    return Store(Path(folder))


def read_plan(path: Path) -> Plan:
    """The registered list of jobs in a part of `sweeps`. Raises InputError."""
    table = sim.read_table(path)
    blocks: dict[str, list[int]] = {}
    for place, block in enumerate(table.column("block").to_pylist()):
        if block is not None:
            blocks.setdefault(block, []).append(place)
    said = table.schema.metadata or {}
    return Plan(path.stem, said[b"name"].decode(), int(said[b"number"]), table.drop_columns("block"), blocks)


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    if not path.exists():
        message = "is not a store: it has no manifest.json" if folder.is_dir() else "is not a folder"
        raise sim.refuse(folder, message, "give one that `flywheel sweep` wrote; by itself it writes below runs/")
    manifest = sim.read_json(path)
    if manifest.get("holds") != HOLDS:
        raise sim.refuse(folder, "is not a store: its manifest is that of something else", "`flywheel report` is for the folder of one run")
    if manifest.get("schema") != SCHEMA:
        raise sim.refuse(path, f"has schema {manifest.get('schema')!r}; this version reads {SCHEMA}", "it was written by another version")
    needed = {"model_digest": str, "series": list}
    if wrong := [key for key, kind in needed.items() if not isinstance(manifest.get(key), kind)]:
        raise sim.refuse(path, f"lacks a usable '{wrong[0]}'", "it was changed by hand")
    return manifest


def _units(table: pa.Table) -> dict[str, str]:
    return {field.name: field.metadata[b"unit"].decode() for field in table.schema}


def _runs_of(part: pa.Table) -> list[str]:
    """The runs in a part of the series."""
    return list(part.column("run").combine_chunks().dictionary.to_pylist())


def _with_places(part: pa.Table, places: Mapping[str, int]) -> pa.Table:
    """The rows of a part whose runs have a place, with the place instead of the name."""
    column = part.column("run").combine_chunks()
    of_row = np.array([places.get(run, -1) for run in _runs_of(part)], dtype=np.int32)[column.indices.to_numpy()]
    part = part.set_column(0, pa.field("run", pa.int32(), metadata={"unit": "name"}), pa.array(of_row))
    return part if (of_row >= 0).all() else part.filter(pa.array(of_row >= 0))
