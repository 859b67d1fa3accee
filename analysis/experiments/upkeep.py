"""Upkeep of a store: failed runs forgotten, small parts merged, tables exported."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq

import sim
from analysis.experiments.blocks import block_name
from analysis.experiments.store import COMPACTING, Plan, Store
from analysis.experiments.writing import Writer, changing, storing

RUNS_A_PART = 1000
"""Runs in a merged part."""

FORMATS = ("csv", "parquet", "netcdf")


def retry(folder: Path) -> int:
    """Forget the runs that failed, so that the next execution makes them again. Returns how many there were. Raises InputError."""
    with changing(folder) as store:
        failed = store.failures()
        with storing(folder):
            for run in failed:
                (folder / "failed" / f"{run}.json").unlink()
    return len(failed)


def compact(folder: Path) -> tuple[int, int]:
    """Merge neighbouring parts into parts of about RUNS_A_PART runs. Returns the number of parts of `runs` before and after.

    May be interrupted at any moment and called again: whoever reads meanwhile finds each run once. Raises InputError.
    """
    with changing(folder) as store:
        _finish(store)
        before = len(store.parts("runs"))
        for plan in store.sweeps():
            for group in _groups(store, plan):
                _merge(store, group)
        return before, len(store.parts("runs"))


def _groups(store: Store, plan: Plan) -> Iterator[list[str]]:
    """Neighbouring blocks of a plan that are whole and have parts of their own, so many that they hold RUNS_A_PART runs."""
    there = {part.stem for part in store.parts("runs")}
    group: list[str] = []
    runs = 0
    for block, places in plan.blocks.items():
        if block in there and len(sim.read_table(store.folder / "runs" / f"{block}.parquet", ["run"])) == len(places):
            group.append(block)
            runs += len(places)
        if runs >= RUNS_A_PART:
            yield group
            group, runs = [], 0
    yield group


def _merge(store: Writer, blocks: Sequence[str]) -> None:
    if len(blocks) < 2:
        return
    tables = {
        table: pa.concat_tables(
            [sim.read_table(store.folder / table / f"{block}.parquet") for block in blocks],
            promote_options="permissive",  # runs of other scenarios have other interventions, a column each
        )
        for table in ("runs", "series")
    }
    merged = block_name(tables["runs"].column("run").to_pylist())
    with storing(store.folder):
        sim.write_json(store.folder / COMPACTING, {merged: list(blocks)})
        sim.write_bytes(store.folder / "series" / f"{merged}.parquet", sim.encode_table(tables["series"].unify_dictionaries()))
        sim.write_bytes(store.folder / "runs" / f"{merged}.parquet", sim.encode_table(tables["runs"]))
    _finish(store)


def _finish(store: Writer) -> None:
    """Remove what a merged part has taken the place of; of one that was not committed, what there is of it."""
    marker = store.folder / COMPACTING
    if not marker.exists():
        return
    with storing(store.folder):
        for merged, old in sim.read_json(marker).items():
            is_there = (store.folder / "runs" / f"{merged}.parquet").exists()
            for name in old if is_there else [merged]:
                for table in ("runs", "series"):
                    (store.folder / table / f"{name}.parquet").unlink(missing_ok=True)
        marker.unlink()


def export(store: Store, kind: str, folder: Path, sweep: str | None = None) -> list[Path]:
    """Write the tables of a sweep as runs.csv and series.csv, runs.parquet and series.parquet, or sweep.nc. Returns the files.

    kind: one of FORMATS. The series are written part by part, but for netCDF, which needs all of them in memory. Raises InputError.
    """
    with storing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if kind == "netcdf":
            path = folder / "sweep.nc"
            store.xarray(sweep=sweep).to_netcdf(path)
            return [path]
        paths = [folder / f"runs.{kind}", folder / f"series.{kind}"]
        runs = store.runs(sweep)
        _write([pa.Table.from_pandas(runs, preserve_index=False)], paths[0], kind)
        names = pa.array(list(dict.fromkeys(store.sweep(sweep).runs)))
        _write(
            (part.set_column(0, "run", names.take(part.column("run").combine_chunks())) for part in store.series_by_part(sweep)),
            paths[1],
            kind,
        )
        return paths


def _write(tables: Iterator[pa.Table] | Sequence[pa.Table], path: Path, kind: str) -> None:
    rest = iter(tables)
    first = next(rest)
    writer = pc.CSVWriter(path, first.schema) if kind == "csv" else pq.ParquetWriter(path, first.schema, compression="zstd")
    with writer:
        for table in chain([first], rest):
            writer.write_table(table)
