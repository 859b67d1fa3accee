"""The verb `sweep`: many runs from a sweep file into a store."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

import sim
from analysis.printing import console
from analysis.verbs.common import FAILED, INTERRUPTED, compile_model, failures, refusal

if TYPE_CHECKING:
    from analysis.experiments import Estimate, Store, Sweep
    from analysis.experiments.executors import Executor


def sweep(
    file: Annotated[str, typer.Argument(help="A sweep file, or the name of a shipped one (three_dials).", show_default=False)],
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes; default one a core.", show_default=False)] = None,
    dask: Annotated[
        str | None, typer.Option("--dask", help="Address or scheduler file of a Dask cluster to use instead.", show_default=False)
    ] = None,
    shard: Annotated[
        str | None, typer.Option("--shard", help="3/40: only the third of forty shares, for job arrays.", show_default=False)
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder of the store; default runs/<name>.", show_default=False)] = None,
    yes: Annotated[bool, typer.Option("--yes", help="A million runs and more are meant.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress: the table alone.")] = False,
) -> None:
    """Make all runs of a sweep file and keep them in a store. What is there already is not made again: the same command goes on."""
    with failures() as err:
        from analysis.experiments import execute, load_sweep  # noqa: PLC0415
        from analysis.experiments.writing import writing  # noqa: PLC0415
        from analysis.printing_sweeps import SweepWatch, print_sweep  # noqa: PLC0415

        executor = _executor(workers, dask, shard)
        loaded = load_sweep(file, many=yes)
        folder = out or Path("runs") / loaded.name
        if shard is None:
            with writing(folder, loaded.series):
                pass  # a folder that cannot be used is refused before the model is compiled
        if dask is None and not quiet and not sim.KERNELS_ARE_CACHED:
            compile_model(err)
        with SweepWatch(err, quiet=quiet) as watch:

            def announce(estimate: Estimate) -> None:
                if not quiet:
                    _announce(loaded, estimate, folder, err)
                watch.begin()

            try:
                store = execute(
                    loaded.jobs, folder, name=loaded.name, series=loaded.series, executor=executor, announce=announce, progress=watch
                )
            except KeyboardInterrupt:
                err.print(f"interrupted; what was finished is kept in {folder}: the same command goes on", markup=False, soft_wrap=True)
                raise typer.Exit(INTERRUPTED) from None
        if store.parts("runs"):
            print_sweep(console(), store, list(loaded.points[0]))
        if not quiet:
            err.print(f"tables: {folder}; this process took at most {_peak_memory()}", markup=False, soft_wrap=True)
        _tell_failures(store, err)


def _executor(workers: int | None, dask: str | None, shard: str | None) -> Executor:
    from analysis.experiments import Cluster, Local, Shard  # noqa: PLC0415

    if dask is not None:
        if workers is not None or shard is not None:
            raise refusal("--dask", "the cluster has workers of its own; --workers and --shard cannot be given too", "leave them out")
        return Cluster(dask)
    if shard is None:
        return Local(workers)
    number, slash, count = shard.partition("/")
    if not slash or not number.isdecimal() or not count.isdecimal() or not 1 <= int(number) <= int(count):
        raise refusal(f"--shard {shard}", "a share is written as its number and how many there are", "for example `--shard 3/40`")
    return Shard(int(number), int(count), workers)


def _announce(loaded: Sweep, estimate: Estimate, folder: Path, err: Console) -> None:
    """Say what is to come: how many runs, how long, how much disk."""
    base = loaded.base
    points, seeds = f"{len(loaded.points):,} points", f"{loaded.replicates:,} {'seed' if loaded.replicates == 1 else 'seeds'}"
    err.print(
        f"{loaded.name}: {loaded.design.name} of {points}, {seeds} each: {len(loaded.jobs):,} runs of {base.agents:,} rows over "
        f"{base.days:,} days",
        markup=False,
        soft_wrap=True,
    )
    found = f"{estimate.found:,} are in {folder} already" if estimate.found else f"kept in {folder}"
    if estimate.runs == 0:
        err.print(f"nothing to make: {found}", markup=False, soft_wrap=True)
        return
    time = "time unknown" if estimate.seconds is None else f"about {_duration(estimate.seconds)}"
    where = "1 worker" if estimate.workers == 1 else f"{estimate.workers} workers"
    size = f"{_size(estimate.bytes)} of disk, where {_size(shutil.disk_usage(folder).free)} are free"
    err.print(f"to make: {estimate.runs:,} runs, {time} on {where}, about {size}; {found}", markup=False, soft_wrap=True)


def _duration(seconds: float) -> str:
    if seconds < 120.0:
        return f"{max(seconds, 1.0):.0f} s"
    return f"{seconds / 60.0:.0f} min" if seconds < 7200.0 else f"{seconds / 3600.0:.1f} h"


def _size(count: float) -> str:
    return f"{count / 1e6:.1f} MB" if count < 1e9 else f"{count / 1e9:,.0f} GB"


def _peak_memory() -> str:
    if sys.platform == "win32":
        return "an unknown amount of memory"
    import resource  # noqa: PLC0415

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return f"{peak / 1e6:.0f} MB of memory"


def _tell_failures(store: Store, err: Console) -> None:
    """Name the runs that could not be made; exit code 1 where there are some."""
    mine = set(store.sweep().runs)
    failed = {run: one for run, one in store.failures().items() if run in mine}
    for run, one in list(failed.items())[:3]:
        err.print(f"run {run} (point {one['point']}, seed {one['seed']}): {one['why']}", markup=False, soft_wrap=True)
    if failed:
        what = "1 run could not be made" if len(failed) == 1 else f"{len(failed):,} runs could not be made"
        err.print(
            f"{what}: `flywheel store status {store.folder}` says why, `flywheel store retry` forgets it", markup=False, soft_wrap=True
        )
        raise typer.Exit(FAILED)
