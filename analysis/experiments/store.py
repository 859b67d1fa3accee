"""The store: a folder of immutable parquet parts that keeps what runs came to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd


class Store:
    """What runs came to. `runs`: a row a run (place in the design, parameters, outcome, figures); `series`: a row a run and day."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def sweeps(self) -> dict[str, str]:
        """The lists of jobs that were executed here: digest -> name."""
        raise NotImplementedError

    def runs(self, sweep: str | None = None) -> pd.DataFrame:
        """A row a job that is done: sweep, point, replicate, seed, run, the parameters, outcome and every figure of a summary.

        sweep: name of one list of jobs; None: all. Sorted by sweep, point and replicate. attrs["units"]: column -> unit.
        """
        raise NotImplementedError

    def series(self, metrics: Sequence[str] | None = None, sweep: str | None = None) -> pd.DataFrame:
        """Daily metrics (float32): run, day, metrics; rows in the order of `runs`. A closed product has no rows after its last day."""
        raise NotImplementedError

    def failed(self) -> pd.DataFrame:
        """Runs that failed or killed their workers: run, point, replicate, seed, parameters, why."""
        raise NotImplementedError

    def xarray(self, metrics: Sequence[str] | None = None, sweep: str | None = None) -> Any:
        """An xarray.Dataset over (point, replicate) and day: figures and series with units, parameters as coordinates of point."""
        raise NotImplementedError

    def duckdb(self) -> Any:
        """A DuckDB connection in memory with the views `runs` and `series`."""
        raise NotImplementedError

    def digest(self) -> str:
        """SHA-256 over names and bytes of all tables: equal sweeps have equal digests, however they were run."""
        raise NotImplementedError


def open_store(folder: str | Path) -> Store:
    """The store in a folder. Raises InputError when there is none or another version wrote it."""
    raise NotImplementedError
