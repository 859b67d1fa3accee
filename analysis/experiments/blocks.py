"""A block: neighbouring jobs whose runs are made by one worker and stored as one pair of parts.

Which jobs stand in a block depends on the list of jobs alone, never on workers or timing: so are its parts the same bytes everywhere.
"""

from __future__ import annotations

import functools
import hashlib
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

import sim
from analysis.experiments.jobs import Job

_TYPES = {"number": pa.float64(), "whole": pa.int64(), "flag": pa.bool_()}
_KIND_OF_LABEL = {float: "number", int: "whole", bool: "flag"}

ROW_DAYS_A_BLOCK = 200_000_000
"""Rows times days that are lived in a block: some seconds of work, the most that is lost with a worker."""
MOST_RUNS_A_BLOCK = 50
LEAST_BLOCKS = 64
"""So many blocks there are at least, or one a run, so that few runs too are shared among workers."""

Report = Callable[[str, str], None]
"""Told the name of a run, and "" when it begins or its outcome when it is over."""


@dataclass(frozen=True)
class Block:
    """Jobs to make. series: daily metrics to keep. skipped: runs known to fail, which the parts are written without."""

    name: str
    jobs: tuple[Job, ...]
    series: tuple[str, ...]
    skipped: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Failure:
    """A run that could not be made, and why: the last line of the error first, then all of it."""

    job: Job
    why: str
    detail: str = ""


@dataclass(frozen=True)
class Finished:
    """What a block came to: its two parts as the bytes of their files, seconds by run, failures, the model that made them."""

    name: str
    runs: bytes
    series: bytes
    wall_s: Mapping[str, float]
    outcomes: Mapping[str, str]
    failures: tuple[Failure, ...]
    model_digest: str


def runs_a_block(runs: int, scenario: sim.Scenario) -> int:
    """How many of so many runs of this size make a block."""
    return max(1, min(MOST_RUNS_A_BLOCK, ROW_DAYS_A_BLOCK // (scenario.agents * scenario.days), runs // LEAST_BLOCKS))


def block_name(runs: Sequence[str]) -> str:
    """The name of the block of these runs, and of its parts."""
    return hashlib.sha256("".join(runs).encode()).hexdigest()[:16]


def make_block(block: Block, report: Report) -> Finished:
    """Make the runs of a block, one after another. A run that raises is a failure and stands in no part."""
    made: list[tuple[Job, pd.DataFrame, Mapping[str, object]]] = []
    failures = []
    for job in block.jobs:
        if job.run in block.skipped:
            continue
        report(job.run, "")
        try:
            daily, summary = sim.simulate_daily(job.scenario, job.seed)
        except Exception as error:  # whatever goes wrong in one run must not cost the others
            failures.append(Failure(job, f"{type(error).__name__}: {error}", traceback.format_exc()))
            report(job.run, "failed")
            continue
        made.append((job, daily, summary))
        report(job.run, summary["outcome"])
    return Finished(
        name=block.name,
        runs=sim.encode_table(_runs_part(made)) if made else b"",
        series=sim.encode_table(_series_part(made, block.series)) if made else b"",
        wall_s={job.run: float(str(summary["wall_s"])) for job, _, summary in made},
        outcomes={job.run: str(summary["outcome"]) for job, _, summary in made},
        failures=tuple(failures),
        model_digest=sim.model_digest(),
    )


Made = Sequence[tuple[Job, pd.DataFrame, Mapping[str, object]]]


def _runs_part(made: Made) -> pa.Table:
    """A row a run: its name, seed, the parameters that are varied, then every figure of its summary."""
    figures = sim.runs_table([summary for _, _, summary in made])
    columns = job_columns([job for job, _, _ in made], ("run", "seed"))
    names = [*columns.column_names, *(name for name in figures.column_names if name not in columns.column_names)]
    fields = [(columns if name in columns.column_names else figures).schema.field(name) for name in names]
    arrays = [(columns if name in columns.column_names else figures).column(name) for name in names]
    return pa.table(arrays, schema=pa.schema(fields))


def job_columns(jobs: Sequence[Job], first: Sequence[str]) -> pa.Table:
    """Attributes of jobs as columns, then their parameters, each with its unit."""
    listed = [(*(getattr(job, name) for name in first), *job.parameters.values()) for job in jobs]
    fields = [
        pa.field(name, pa.string() if name == "run" else pa.int64(), metadata={"unit": "name" if name == "run" else "1"}) for name in first
    ]
    columns = list(zip(*listed, strict=True))
    for path, values in zip(jobs[0].parameters, columns[len(first) :], strict=True):
        fields.append(pa.field(path, _kind_of(path, values[0]), metadata={"unit": unit_of(path)}))
    return pa.table([pa.array(values, field.type) for values, field in zip(columns, fields, strict=True)], schema=pa.schema(fields))


@functools.cache
def _declared(path: str) -> sim.Parameter | None:
    return sim.override_declaration(path)


def unit_of(path: str) -> str:
    """The unit of a parameter; "name" for a label of the caller's."""
    declared = _declared(path)
    return declared.unit if declared else "name"


def _kind_of(path: str, value: sim.Value) -> pa.DataType:
    """The type of a parameter's column: as declared, so that it does not depend on which values stand in a block; of a label, its own."""
    declared = _declared(path)
    kind = declared.kind if declared is not None else _KIND_OF_LABEL.get(type(value), "text")
    return _TYPES.get(kind, pa.string())


def _series_part(made: Made, metrics: Sequence[str]) -> pa.Table:
    """A row a run and day: the name of the run, the day, the metrics as float32."""
    units = made[0][1].attrs["units"]
    lengths = [len(daily) for _, daily, _ in made]
    runs = pa.DictionaryArray.from_arrays(
        np.repeat(np.arange(len(made), dtype=np.int32), lengths), pa.array([job.run for job, _, _ in made])
    )
    fields = [pa.field("run", runs.type, metadata={"unit": "name"}), pa.field("day", pa.int16(), metadata={"unit": "day"})]
    arrays = [runs, pa.array(np.concatenate([np.arange(days, dtype=np.int16) for days in lengths]))]
    for metric in metrics:
        fields.append(pa.field(metric, pa.float32(), metadata={"unit": units[metric]}))
        arrays.append(pa.array(np.concatenate([daily[metric].to_numpy(np.float32) for _, daily, _ in made])))
    return pa.table(arrays, schema=pa.schema(fields))
