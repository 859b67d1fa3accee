"""A sweep from Python, in one call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from analysis.experiments.executors import Local, Progress, execute
from analysis.experiments.store import Store
from analysis.experiments.sweep_file import load_sweep


def sweep(
    source: str | Path,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    many: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> Store:
    """Make all runs of a sweep file, by path or shipped name, and return the store that keeps them; what is there is not made again.

    out: the store; None: runs/<name> in the current directory. workers: processes; None: one a core. many: a million runs and more are
    meant. progress: called with how far it is. Raises InputError for a bad file or folder.
    """
    loaded = load_sweep(source, many=many)
    folder = Path("runs") / loaded.name if out is None else Path(out)
    return execute(loaded.jobs, folder, name=loaded.name, series=loaded.series, executor=Local(workers), progress=progress)
