"""What is printed of many runs: progress on stderr, and at the end which outcomes they came to and where."""

from __future__ import annotations

import time
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

import pandas as pd
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar
from rich.table import Table
from rich.text import Text

from analysis.wording import amount

if TYPE_CHECKING:
    from analysis.experiments import Progress, Store

_MOST_LEVELS = 12
"""More values of a path than that are not tabled."""
_SECONDS_A_LINE = 10.0


class SweepWatch:
    """Progress on stderr: a bar with rate, time left and outcomes so far on a terminal, now and then a line elsewhere."""

    def __init__(self, err: Console, *, quiet: bool) -> None:
        self._err, self._quiet = err, quiet
        columns = (TextColumn("runs"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
        self._bar = Bar(*columns, console=err, transient=True, disable=quiet or not err.is_terminal)
        self._task = self._bar.add_task("", total=None)
        self._start = self._told = time.monotonic()
        self._done = 0

    def __enter__(self) -> SweepWatch:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def begin(self) -> None:
        """The runs begin now."""
        self._start = self._told = time.monotonic()
        self._bar.start()

    def __call__(self, progress: Progress) -> None:
        """So far it is."""
        now = time.monotonic()
        rate = progress.done / max(now - self._start, 1e-9)
        so_far = ", ".join(f"{name} {count:,}" for name, count in sorted(progress.outcomes.items(), key=lambda one: -one[1]))
        self._bar.update(self._task, total=progress.total, completed=progress.done, description=f"{rate:.1f}/s  {so_far}")
        is_last = progress.done == progress.total > self._done
        self._done = progress.done
        if not self._quiet and not self._err.is_terminal and progress.done and (is_last or now - self._told >= _SECONDS_A_LINE):
            self._told = now
            left = (progress.total - progress.done) / max(rate, 1e-9)
            self._err.print(
                f"{progress.done:,} of {progress.total:,} runs, {rate:.1f} a second, {left:.0f} s left: {so_far}", soft_wrap=True
            )


def print_sweep(out: Console, store: Store, paths: Sequence[str]) -> None:
    """The outcomes of the last sweep of a store: over all its runs, and by each value of these paths."""
    runs = store.runs()
    named = runs["outcome"].value_counts()
    points = runs["point"].nunique()
    out.print(Text(f"{store.sweep().name}: {len(runs):,} runs at {points:,} points", style="bold"))
    table = Table(title="Share of runs", box=None, title_justify="left", padding=(0, 1, 0, 0))
    table.add_column("", no_wrap=True)
    for outcome in named.index:
        table.add_column(str(outcome).replace("_", "-\n"), justify="right", no_wrap=True)
    table.add_column("runs", justify="right", no_wrap=True)
    table.add_row("all", *_shares(runs["outcome"], named.index), f"{len(runs):,}")
    for path in paths:
        levels = runs[path].nunique(dropna=False)
        if levels <= _MOST_LEVELS:
            table.add_row(Text(path, style="italic"))
            for value, rows in runs.groupby(path, dropna=False, sort=True):
                table.add_row(f"  {_level(value)}", *_shares(rows["outcome"], named.index), f"{len(rows):,}")
    out.print(table)


def _shares(outcomes: pd.Series[str], names: pd.Index[str]) -> list[str]:
    share = outcomes.value_counts(normalize=True)
    return [amount(share[name], "share") if name in share else "·" for name in names]


def _level(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
