"""Verbs that ask a question of many runs: compare, frontier."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import pandas as pd
import typer
from rich.console import Console

import sim
from analysis.printing import console
from analysis.verbs.common import INTERRUPTED, Agents, Days, Overrides, ScenarioName, failures

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Workers = Annotated[int | None, typer.Option("--workers", min=1, help="Processes; default one a core.", show_default=False)]
OutFolder = Annotated[
    Path | None, typer.Option("--out", help="Folder for tables, figure and runs; default below runs/.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, all else on stderr.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.")]


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="A shipped scenario's name or a YAML file.", show_default=False)],
    b: Annotated[str, typer.Argument(metavar="B", help="What is held against it.", show_default=False)],
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="How many pairs.")] = 20,
    days: Days = None,
    agents: Agents = None,
    overrides: Overrides = None,
    workers: Workers = None,
    out: OutFolder = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say in what two scenarios end differently: the same people, the same luck, and what cannot be told apart."""
    with failures() as err:
        from analysis.figures.paired import comparison_figure  # noqa: PLC0415
        from analysis.printing_questions import print_comparison  # noqa: PLC0415
        from analysis.printing_sweeps import SweepWatch  # noqa: PLC0415
        from analysis.questions.compare import compare as ask  # noqa: PLC0415

        folder = out or _folder("compare", a, b, seeds, days, agents, overrides)
        with _going_on(folder, err), SweepWatch(err, quiet=quiet) as watch:
            watch.begin()
            result = ask(
                a, b, seeds=seeds, overrides=overrides or (), days=days, agents=agents, workers=workers, out=folder / "store", told=watch
            )
        tables = {"figures": result.figures, "daily": result.daily, "outcomes": result.outcomes}
        _keep(folder, "comparison", tables, result.document(), comparison_figure(result))
        _tell(result, partial(print_comparison, console(), result), folder, err, as_json=as_json, quiet=quiet)


def frontier(
    scenario: ScenarioName,
    x: Annotated[str, typer.Option("--x", help="A parameter, with =low:high for a part of its range.", show_default=False)],
    y: Annotated[str | None, typer.Option("--y", help="Another; without it, thresholds from few and many.", show_default=False)] = None,
    facet: Annotated[str | None, typer.Option("--facet", help="path=value,value: a map for each.", show_default=False)] = None,
    outcome: Annotated[str, typer.Option("--outcome", help="The outcome that becomes likelier than not.")] = "self_sustaining",
    budget: Annotated[
        int | None, typer.Option("--budget", min=8, help="Runs a map at the most; default 160, of a threshold 64.", show_default=False)
    ] = None,
    days: Days = None,
    agents: Agents = None,
    overrides: Overrides = None,
    workers: Workers = None,
    out: OutFolder = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find where an outcome becomes likelier than not, with few runs: they are made where that is least clear."""
    with failures() as err:
        from analysis.figures.frontier import frontier_figure  # noqa: PLC0415
        from analysis.printing_questions import print_frontier  # noqa: PLC0415
        from analysis.questions.frontier import frontier as ask  # noqa: PLC0415

        def told(panel: str, runs: int, undecided: float) -> None:
            if not quiet:
                err.print(f"{panel or scenario}: {runs} runs, {undecided:.0%} of the range undecided", markup=False, soft_wrap=True)

        folder = out or _folder("frontier", scenario, x, y, facet, days, agents, overrides)
        with _going_on(folder, err):
            result = ask(
                scenario,
                x,
                y,
                facet=facet,
                outcome=outcome,
                overrides=overrides or (),
                days=days,
                agents=agents,
                budget=budget,
                workers=workers,
                out=folder / "store",
                told=told,
            )
        tables = {name: getattr(result, name) for name in ("map", "runs", "crossing", "panels")}
        _keep(folder, "frontier", tables, result.document(), frontier_figure(result))
        _tell(result, partial(print_frontier, console(), result), folder, err, as_json=as_json, quiet=quiet)


def _folder(verb: str, *asked: object) -> Path:
    """runs/<verb>-<scenarios>-<hash of the question and the model>, in the current directory."""
    digest = hashlib.sha256(json.dumps([sim.model_digest(), *asked]).encode()).hexdigest()[:8]
    names = [Path(str(one)).stem for one in (asked[:2] if verb == "compare" else asked[:1])]
    return Path("runs") / "-".join([verb, *names, digest])


@contextmanager
def _going_on(folder: Path, err: Console) -> Iterator[None]:
    """Say that an interrupted question goes on."""
    try:
        yield
    except KeyboardInterrupt:
        err.print(f"interrupted; finished runs are kept in {folder}: the same command goes on", markup=False, soft_wrap=True)
        raise typer.Exit(INTERRUPTED) from None


def _keep(folder: Path, name: str, tables: Mapping[str, pd.DataFrame], document: Mapping[str, Any], figure: Figure) -> None:
    """Write tables as CSV, all in one as JSON, and the figure. Raises InputError where the folder cannot be written."""
    from analysis.experiments.writing import storing  # noqa: PLC0415
    from analysis.figures.style import as_png  # noqa: PLC0415

    with storing(folder):
        for table, frame in tables.items():
            sim.write_bytes(folder / f"{table}.csv", frame.to_csv(index=False).encode())
        sim.write_json(folder / f"{name}.json", document)
        sim.write_bytes(folder / f"{name}.png", as_png(figure))


class _Answer(Protocol):
    """What both questions give back."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader should know."""

    def document(self) -> dict[str, Any]:
        """It as plain JSON."""


def _tell(answer: _Answer, show: Callable[[], None], folder: Path, err: Console, *, as_json: bool, quiet: bool) -> None:
    """Print the answer on stdout, and on stderr where it is kept and what to note."""
    if as_json:
        print(json.dumps(answer.document(), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        show()
    if not quiet:
        err.print(f"tables, figure and runs: {folder}", markup=False, soft_wrap=True)
        for note in answer.notes:
            err.print(f"note: {note}", markup=False, soft_wrap=True)
