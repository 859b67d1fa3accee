"""The verbs `store status`, `retry`, `export` and `compact`: what a store holds, and its upkeep."""

from __future__ import annotations

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

import sim
from analysis.printing import console
from analysis.verbs.common import failures

if TYPE_CHECKING:
    from analysis.experiments import Store

app = typer.Typer(no_args_is_help=True, help="What a store of many runs holds, and its upkeep.")

Folder = Annotated[Path, typer.Argument(help="A store, as `flywheel sweep` makes it.", show_default=False)]

_MOST_FAILURES = 20


class Format(StrEnum):
    """What tables can be exported as."""

    CSV = "csv"
    PARQUET = "parquet"
    NETCDF = "netcdf"


@app.command()
def status(folder: Folder) -> None:
    """Say which sweeps a store holds, how far each is, and what failed."""
    with failures() as err:
        from analysis.experiments import open_store  # noqa: PLC0415

        store = open_store(folder)
        done, failed = store.done(), store.failures()
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
        for head in ("sweep", "done", "of", "failed"):
            table.add_column(head, justify="left" if head == "sweep" else "right")
        for plan in store.sweeps():
            runs = set(plan.runs)
            table.add_row(Text(plan.name), f"{len(runs & done):,}", f"{len(runs):,}", f"{len(runs & failed.keys()):,}")
        out = console()
        out.print(table)
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        out.print(f"{len(done):,} runs in {len(store.parts('runs')):,} parts, {size / 1e6:,.1f} MB{_mean_time(store)}")
        out.print(f"daily metrics: {', '.join(store.metrics)}", soft_wrap=True)
        if store.manifest["model_digest"] != sim.model_digest():
            err.print("the model has changed since: the tables can be read, but runs can be added to a new store only")
        for run, one in list(failed.items())[:_MOST_FAILURES]:
            out.print(f"failed: run {run}, point {one['point']}, seed {one['seed']}: {one['why']}", markup=False, soft_wrap=True)
        if len(failed) > _MOST_FAILURES:
            out.print(f"… and {len(failed) - _MOST_FAILURES:,} more in {folder / 'failed'}", markup=False, soft_wrap=True)


def _mean_time(store: Store) -> str:
    times = list(_wall_times(store.folder / "wall_times.jsonl"))
    return f", {1000.0 * sum(times) / len(times):.0f} ms a run" if times else ""


def _wall_times(path: Path) -> Iterator[float]:
    """Seconds a run. A line that was cut off when its writer was killed is left out."""
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            yield float(json.loads(line)["wall_s"])
        except (ValueError, KeyError, TypeError):
            continue


@app.command()
def retry(folder: Folder) -> None:
    """Forget the runs that failed: the next `flywheel sweep` makes them again."""
    with failures():
        from analysis.experiments.upkeep import retry as forget  # noqa: PLC0415

        count = forget(folder)
        what = "no run had failed" if count == 0 else f"{count:,} forgotten: the next `flywheel sweep` into this folder makes them again"
        console().print(what, soft_wrap=True)


@app.command()
def compact(folder: Folder) -> None:
    """Merge small parts into larger ones, which are quicker to read."""
    with failures():
        from analysis.experiments.upkeep import compact as merge  # noqa: PLC0415

        before, after = merge(folder)
        console().print(f"{before:,} parts are now {after:,}")


@app.command()
def export(
    folder: Folder,
    kind: Annotated[Format, typer.Option("--format", help="What to write.")] = Format.CSV,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to write to; default <store>/export.", show_default=False)] = None,
    sweep: Annotated[str | None, typer.Option("--sweep", help="Which of its sweeps; default the last one.", show_default=False)] = None,
) -> None:
    """Write the tables of a sweep for other programs."""
    with failures():
        from analysis.experiments import open_store  # noqa: PLC0415
        from analysis.experiments.upkeep import export as write  # noqa: PLC0415

        for path in write(open_store(folder), kind.value, out or folder / "export", sweep):
            print(path)
