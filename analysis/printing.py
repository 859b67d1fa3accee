"""What the command prints: progress on stderr; verdict and tables on stdout, at most 100 columns wide."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from analysis.wording import KEY_FIGURES, amount, band, verdict

if TYPE_CHECKING:
    import pandas as pd

    from sim import Run
    from sim.evidence import Evidence

WIDEST = 100


def console(*, stderr: bool = False) -> Console:
    """A console no wider than is comfortable to read; plain text when piped."""
    found = Console(stderr=stderr, highlight=False)
    return Console(stderr=stderr, highlight=False, emoji=False, width=min(found.width, WIDEST))


def print_run(out: Console, run: Run, evidence: Evidence | None, comparison: pd.DataFrame | None) -> None:
    """The verdict in a sentence, the public figures, the key figures, the folder."""
    print_verdict(out, run)
    if evidence is not None and comparison is not None:
        out.print()
        out.print(public_figures(comparison, evidence.product))
        out.print(Text(_how_met(comparison)))
    out.print()
    out.print(key_figures(run))
    if run.folder is not None:
        out.print()
        out.print(f"report, tables, summaries and picture: {run.folder}", markup=False, soft_wrap=True)


def print_verdict(out: Console, run: Run) -> None:
    """The one sentence, and a word of caution where few seeds say little or the class hangs on the window."""
    out.print(Text(verdict(run), style="bold"))
    agreement = run.ensemble["figures"].get("outcome_agreement", {})
    if agreement.get("n") and agreement["q50"] < 0.999:
        out.print(f"The outcome depends on the yardstick: only {agreement['q50']:.0%} of nine windows and thresholds give it (median run).")


def key_figures(run: Run) -> Table:
    """Median and 5-95 % band over seeds of the figures one asks for first; daily users of a closed product are those of its last day."""
    table = Table("figure", title="Over all days of a run", box=None, title_justify="left", padding=(0, 2, 0, 0))
    table.add_column("median", justify="right")
    table.add_column("5–95 % of runs", justify="right")
    for key, label in KEY_FIGURES.items():
        row = run.ensemble["figures"][key]
        table.add_row(label, amount(row.get("q50"), row["unit"]), band(row.get("q05"), row.get("q95"), row["unit"]))
    return table


def public_figures(comparison: pd.DataFrame, product: str) -> Table:
    """Each public figure beside the simulated one: first those a fit may use, then the others."""
    table = Table("figure", title=f"Beside the public figures on the {product}", box=None, title_justify="left", padding=(0, 1, 0, 0))
    for heading in ("simulated", "5–95 %", "public", "range", "z", "met"):
        table.add_column(heading, justify="left" if heading == "met" else "right", no_wrap=True)
    for fitted, title in ((True, "fitted"), (False, "not fitted")):
        table.add_row(Text(title, style="italic"))
        for row in comparison[comparison["fitted"] == fitted].to_dict("records"):
            table.add_row(*_public_row(row))
    return table


def _public_row(row: Mapping[Any, Any]) -> tuple[str, ...]:
    unit, missing = row["unit"], row["missing"]
    return (
        f"  {row['label']}",
        amount(row["simulated"], unit),
        missing or band(row["low_sim"], row["high_sim"], unit),
        amount(row["value"], unit),
        band(row["low"], row["high"], unit),
        "–" if missing else f"{row['z']:+.1f}",
        "–" if missing else "yes" if row["met"] else "no",
    )


def _how_met(comparison: pd.DataFrame) -> str:
    counts = []
    for fitted, title in ((True, "fitted"), (False, "other")):
        rows = comparison[comparison["fitted"] == fitted]
        counts.append(f"{int((rows['met'] == True).sum())} of {len(rows)} {title}")  # noqa: E712  (met is None where missing)
    return f"met: {' and '.join(counts)} figures (the median lies in the public range; z: the range read as a 90 % interval, log scale)"


class Watch:
    """Progress on stderr: a bar with the time left and the outcomes so far on a terminal, a line a seed elsewhere, nothing when quiet.

    kept: the summaries of the seeds that were finished before; ran: how many have been since.
    """

    def __init__(self, err: Console, seeds: int, *, quiet: bool, kept: Sequence[Mapping[str, Any]] = ()) -> None:
        self.ran = 0
        self._err, self._quiet = err, quiet
        self._outcomes: Counter[str] = Counter(summary["outcome"] for summary in kept)
        self._start = time.monotonic()
        columns = (TextColumn("seeds"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), TextColumn("{task.description}"))
        self._bar = Progress(*columns, console=err, transient=True, disable=quiet or not err.is_terminal)
        self._task = self._bar.add_task(self._so_far(), total=seeds, completed=len(kept))

    def __enter__(self) -> Watch:
        self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._bar.stop()

    def __call__(self, done: int, total: int, summary: Mapping[str, Any]) -> None:
        """A seed is finished."""
        self.ran += 1
        self._outcomes[summary["outcome"]] += 1
        self._bar.update(self._task, completed=done, description=self._so_far())
        if not self._quiet and not self._err.is_terminal:
            left = (time.monotonic() - self._start) / self.ran * (total - done)
            self._err.print(f"seed {summary['seed']} done, {done} of {total}: {self._so_far()}; {left:.0f} s left", soft_wrap=True)

    def _so_far(self) -> str:
        return ", ".join(f"{name} {count}" for name, count in self._outcomes.most_common())
