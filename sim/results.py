"""The results of a run in memory and on disk, and the way between. Data only.

    <folder>/manifest.json              what was run, from which sources and with which versions, wall times, whether complete
             daily/seed=1/part-0.parquet        a row a day           cohorts/..  retention by adoption week, side, channel and age
             runs/seed=1/part-0.parquet         a row a run           ledger/..   a row a line of the books
             seed=1/summary.json                written last: a seed with a summary is finished
             ensemble.json                      over all seeds        curves.png  drawn by the command

Parts are immutable, hold no wall times or versions, and are equal byte for byte for equal runs. `daily`, `cohorts`, `ledger` and `runs` are
hive-partitioned by seed, so that DuckDB, pandas and arrow read them as one table each.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import importlib.metadata
import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from sim.files import as_frame, as_table, read_json, read_table, refuse, write_bytes, write_json, write_table
from sim.scenario import Scenario
from sim.summary import SCHEMA, ensemble_of, flatten, unit_of

TABLES = ("daily", "cohorts", "ledger", "runs")
LEDGER_UNITS = {"day": "day", "kind": "name", "payer": "name", "payee": "name", "amount_micro_usd": "micro-USD", "cohort": "week"}

_NOT_MODEL = ("__init__.py", "files.py", "results.py", "running.py", "evidence.py")
"""Sources that name, store, repeat or compare runs and cannot move a number of one."""
_VERSIONS_OF = ("flywheel-sim", "mesa", "numba", "numpy", "pandas", "pyarrow", "scipy")
_PART = "part-0.parquet"


@dataclass(frozen=True)
class Run:
    """One scenario over one or more seeds.

    manifest: what was run, as in manifest.json. summaries: one per seed, as in summary.json; ensemble: over all of them, as in
    ensemble.json. daily, cohorts, ledger, runs: the tables of all seeds, `seed` first; attrs["units"] maps a column to its unit.
    folder: where the run is stored; None for a run in memory.
    """

    manifest: Mapping[str, Any]
    summaries: tuple[Mapping[str, Any], ...]
    daily: pd.DataFrame
    cohorts: pd.DataFrame
    ledger: pd.DataFrame
    runs: pd.DataFrame
    ensemble: Mapping[str, Any]
    folder: Path | None = None

    @property
    def scenario(self) -> Mapping[str, Any]:
        """The resolved scenario as a document (`Scenario.from_document` makes it a Scenario again)."""
        return dict(self.manifest["resolved"])

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return str(self.manifest["scenario"])

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds that are there; fewer than asked for where the run was interrupted."""
        return tuple(summary["seed"] for summary in self.summaries)

    @property
    def evidence(self) -> str | None:
        """Name of the public figures to compare with."""
        name = self.scenario["evidence"]
        return None if name is None else str(name)

    @property
    def days(self) -> int:
        """Days asked for."""
        return int(self.scenario["values"]["days"])

    @property
    def launch_date(self) -> datetime.date:
        """Calendar date of day 0."""
        return datetime.date.fromisoformat(self.scenario["values"]["launch_date"])

    def has_file(self, name: str) -> bool:
        """Whether the run's folder holds a file of that name."""
        return self.folder is not None and (self.folder / name).exists()

    def add_file(self, name: str, data: bytes) -> None:
        """Put a file (a picture, a report) into the run's folder. Raises ValueError for a run in memory, OSError."""
        if self.folder is None:
            raise ValueError("a run in memory has no folder")
        write_bytes(self.folder / name, data)


@functools.cache
def model_digest() -> str:
    """SHA-256 (hex) over names and contents of the sources a run's numbers depend on.

    That is every Python file of `sim/` but those that only name, store, repeat or compare runs (the front door, files, results, running,
    evidence). The scenario package is in: it turns a document into the settings of a day. The scenario files are not: a run's identity has
    them resolved.
    """
    root = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if name not in _NOT_MODEL:
            content = path.read_bytes().replace(b"\r\n", b"\n")
            digest.update(f"{name}:{len(content)}:".encode() + content)
    return digest.hexdigest()


def identity_of(scenario: Scenario | str, seeds: Sequence[int]) -> str:
    """SHA-256 (hex) of what decides the numbers of a run: the content of the scenario (or its digest), the model's sources, the seeds."""
    digest = scenario if isinstance(scenario, str) else scenario.digest()
    return hashlib.sha256(json.dumps([digest, model_digest(), list(seeds)]).encode()).hexdigest()


def default_folder(scenario: Scenario, seeds: Sequence[int]) -> Path:
    """runs/<scenario>-<first eight digits of the identity>, in the current directory."""
    return Path("runs") / f"{scenario.name}-{identity_of(scenario, seeds)[:8]}"


def manifest_of(scenario: Scenario, seeds: Sequence[int], summaries: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """The document manifest.json; complete when there is a summary for each seed."""
    resolved = scenario.as_document()
    origins, notes = resolved.pop("origins"), resolved.pop("notes")
    return {
        "schema": SCHEMA,
        "scenario": scenario.name,
        "identity": identity_of(scenario, seeds),
        "seeds": list(seeds),
        "complete": len(summaries) == len(seeds),
        "model_digest": model_digest(),
        "scenario_digest": scenario.digest(),
        "resolved": resolved | {"origins": {}, "notes": []},
        "origins": origins,
        "notes": notes,
        "versions": versions(),
        "wall_s": {str(summary["seed"]): summary["wall_s"] for summary in summaries},
    }


def versions() -> dict[str, str | None]:
    """Versions of Python and of the packages that results are made with; None for one that is not installed."""
    return {"python": platform.python_version()} | {name: _version(name) for name in _VERSIONS_OF}


def _version(distribution: str) -> str | None:
    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return None


def as_parts(tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> dict[str, pa.Table]:
    """The four tables of one finished seed as they are stored. tables: daily, cohorts, ledger."""
    units = {name: tables[name].attrs["units"] for name in ("daily", "cohorts")} | {"ledger": LEDGER_UNITS}
    parts = {name: as_table(tables[name], units[name]) for name in units}
    return parts | {"runs": runs_table([summary])}


def runs_table(summaries: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The table of runs, a row a summary: its leaves but the seed, which has a place of its own, and the wall time."""
    rows = [{key: value for key, value in flatten(summary) if key not in ("schema", "seed", "wall_s")} for summary in summaries]
    text = ("scenario", "outcome", "outcome_cause", "first_gate")
    whole = ("days_run", "agents")
    keys = dict.fromkeys(key for row in rows for key in row)
    kinds = {key: pa.string() if key in text else pa.int64() if key in whole else pa.float64() for key in keys}
    units = {"people": "people", "agents": "rows"} | dict.fromkeys(text, "name")
    schema = pa.schema([pa.field(key, kind, metadata={"unit": units.get(key) or unit_of(key)}) for key, kind in kinds.items()])
    return pa.table({key: pa.array([row.get(key) for row in rows], kind, from_pandas=True) for key, kind in kinds.items()}, schema=schema)


def assemble(
    manifest: Mapping[str, Any],
    parts: Mapping[int, Mapping[str, pa.Table]],
    summaries: Sequence[Mapping[str, Any]],
    folder: Path | None = None,
) -> Run:
    """A run from the stored tables and the summary of each seed."""
    frames = {name: as_frame({seed: tables[name] for seed, tables in parts.items()}) for name in TABLES}
    return Run(manifest, tuple(summaries), **frames, ensemble=ensemble_of(summaries), folder=folder)


class RunFolder:
    """The folder of one run: which of its seeds are finished, and how a finished one is written."""

    def __init__(self, path: Path, scenario: Scenario, seeds: Sequence[int]) -> None:
        """Open the folder, or make it. Raises InputError when it cannot be written or holds anything but this very run."""
        self.path = path
        self.scenario = scenario
        self.seeds = tuple(seeds)
        try:
            path.mkdir(parents=True, exist_ok=True)
            has_manifest, is_empty = (path / "manifest.json").exists(), not any(path.iterdir())
            if not has_manifest and is_empty:
                write_json(path / "manifest.json", manifest_of(scenario, self.seeds))
        except OSError as error:
            raise refuse(path, f"cannot be written: {error.strerror}", "name another folder with --out") from error
        if not has_manifest and not is_empty:
            raise refuse(path, "is not empty and not a run folder", "name a new or empty folder with --out")
        held = read_manifest(path)
        if held["identity"] != identity_of(scenario, seeds):
            other = "set of seeds" if held["seeds"] != list(seeds) else "version of the model"
            if held.get("scenario_digest") != scenario.digest():
                other = "scenario"
            what = f"holds a run of another {other} ('{held['scenario']}', {len(held['seeds'])} seeds)"
            raise refuse(path, what, "name a new or empty folder with --out")

    def summaries(self) -> dict[int, Mapping[str, Any]]:
        """The summaries of the seeds that are finished, by seed."""
        return {seed: read_json(file) for seed in self.seeds if (file := self._summary_file(seed)).exists()}

    def add(self, seed: int, tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any]) -> None:
        """Write a finished seed; its summary comes last and says that the rest is there. Raises OSError."""
        for name, table in as_parts(tables, summary).items():
            write_table(_part_file(self.path, name, seed), table)
        write_json(self._summary_file(seed), summary)

    def close(self) -> None:
        """Write the ensemble, then the manifest that says the run is complete. All seeds must be finished."""
        summaries = list(self.summaries().values())
        write_json(self.path / "ensemble.json", ensemble_of(summaries))
        write_json(self.path / "manifest.json", manifest_of(self.scenario, self.seeds, summaries))

    def is_complete(self) -> bool:
        """Whether the manifest says that all seeds are there."""
        return bool(read_manifest(self.path)["complete"])

    def _summary_file(self, seed: int) -> Path:
        return self.path / f"seed={seed}" / "summary.json"


def _part_file(folder: Path, table: str, seed: int) -> Path:
    return folder / table / f"seed={seed}" / _PART


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run folder. Raises InputError when there is none, it is broken, or it was written by a later version."""
    file = folder / "manifest.json"
    if not file.exists():
        message = "is not a run folder: it has no manifest.json" if folder.is_dir() else "is not a folder"
        raise refuse(folder, message, "give one that `flywheel run` wrote; by itself it writes below runs/")
    manifest = read_json(file)
    if manifest.get("schema") != SCHEMA:
        hint = "run the scenario into a new folder, or use the version that wrote this one"
        raise refuse(file, f"has schema {manifest.get('schema')!r}; this version reads {SCHEMA}", hint)
    needed = {"scenario": str, "identity": str, "seeds": list, "complete": bool, "resolved": dict, "origins": dict, "notes": list}
    if wrong := [key for key, kind in needed.items() if not isinstance(manifest.get(key), kind)]:
        raise refuse(file, f"lacks a usable '{wrong[0]}'", "it was changed by hand")
    return manifest


def finished_summaries(folder: Path) -> tuple[dict[str, Any], ...]:
    """The summaries of the seeds finished so far in a run folder, whichever run it holds; none where there is no run folder yet.

    Raises InputError for a broken folder.
    """
    if not (folder / "manifest.json").exists():
        return ()
    files = (folder / f"seed={seed}" / "summary.json" for seed in read_manifest(folder)["seeds"])
    return tuple(read_json(file) for file in files if file.exists())


def open_run(path: str | Path) -> Run:
    """The run stored in a folder; of an interrupted one the seeds that were finished. Raises InputError."""
    folder = Path(path)
    manifest = read_manifest(folder)
    seeds = [seed for seed in manifest["seeds"] if manifest["complete"] or (folder / f"seed={seed}" / "summary.json").exists()]
    if not seeds:
        raise refuse(folder, "holds no finished seed yet", "run it again to continue")
    summaries = [read_json(folder / f"seed={seed}" / "summary.json") for seed in seeds]
    parts = {seed: {name: read_table(_part_file(folder, name, seed)) for name in TABLES} for seed in seeds}
    return assemble(manifest, parts, summaries, folder)
