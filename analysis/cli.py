"""The `flywheel` command. Exit codes: 0 ran, whatever the verdict; 1 own failure; 2 bad input; 130 interrupted.

Heavy modules (matplotlib, scipy, Mesa) are loaded when a command needs them: help comes at once, and Ctrl-C while they load is answered.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

import sim
from analysis.printing import Watch, console, print_run, print_verdict
from analysis.wording import verdict

if TYPE_CHECKING:
    import pandas as pd

    from sim.evidence import Evidence

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130

_PICTURE = "curves.png"

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help="Does an AI product ecosystem grow by itself?"
)

ScenarioName = Annotated[str, typer.Argument(help="A shipped scenario's name (sora) or a YAML file.", show_default=False)]
Overrides = Annotated[list[str] | None, typer.Option("--set", help="path=value over the scenario; may be repeated.", show_default=False)]
Days = Annotated[int | None, typer.Option("--days", help="Days to run, instead of the scenario's.", show_default=False)]
Agents = Annotated[int | None, typer.Option("--agents", help="Rows that stand for the people.", show_default=False)]


@contextmanager
def _failures(err: Console) -> Iterator[None]:
    """Turn errors into messages on stderr and exit codes."""
    try:
        yield
    except sim.InputError as error:
        err.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(BAD_INPUT) from error
    except KeyboardInterrupt as error:
        err.print("interrupted")
        raise typer.Exit(INTERRUPTED) from error
    except (typer.Exit, BrokenPipeError):
        raise
    except Exception as error:
        err.print(traceback.format_exc(), markup=False, soft_wrap=True)
        err.print(f"flywheel failed, which is not your fault: {error}", markup=False, soft_wrap=True)
        raise typer.Exit(FAILED) from error


@app.command()
def run(
    scenario: ScenarioName,
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="How many seeds.")] = 20,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The first of them.")] = 1,
    days: Days = None,
    agents: Agents = None,
    overrides: Overrides = None,
    out: Annotated[Path | None, typer.Option("--out", help="Run folder; default runs/<scenario>-<hash>.", show_default=False)] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout, all else on stderr.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no tables: the verdict alone.")] = False,
) -> None:
    """Run a scenario over seeds and say what becomes of the product."""
    err = console(stderr=True)
    with _failures(err):
        from sim.results import default_folder  # noqa: PLC0415
        from sim.running import seeds_of  # noqa: PLC0415

        loaded = sim.load_scenario(scenario, overrides or (), days=days, agents=agents)
        evidence = None if loaded.evidence is None else sim.load_evidence(loaded.evidence)
        chosen = seeds_of(seeds, seed)
        folder = out or default_folder(loaded, chosen)
        for note in () if quiet else loaded.notes:
            err.print(f"note: {note}", markup=False, soft_wrap=True)
        with Watch(err, len(chosen), quiet=quiet) as watch:
            try:
                result = sim.run(loaded, seeds=chosen, out=folder, progress=watch)
            except KeyboardInterrupt:
                err.print(f"interrupted; finished seeds are kept in {folder}: the same command continues", markup=False, soft_wrap=True)
                raise typer.Exit(INTERRUPTED) from None
        if watch.done == 0 and not quiet:
            err.print(f"this very run is in {folder} already: shown, not run again", markup=False, soft_wrap=True)
        _show(result, evidence, as_json=as_json, quiet=quiet, redraw=watch.done > 0)


def _show(result: sim.Run, evidence: Evidence | None, *, as_json: bool, quiet: bool, redraw: bool) -> None:
    if redraw or not result.has_file(_PICTURE):
        from analysis.figures.curves import draw_curves  # noqa: PLC0415

        result.add_file(_PICTURE, draw_curves(result, evidence))
    comparison = sim.compare(result, evidence) if evidence else None
    if as_json:
        print(json.dumps(_document(result, comparison), ensure_ascii=False, indent=2, allow_nan=False))
    elif quiet:
        print_verdict(console(), result)
    else:
        print_run(console(), result, evidence, comparison)


def _document(result: sim.Run, comparison: pd.DataFrame | None) -> dict[str, Any]:
    """What --json prints: the verdict in words, the ensemble, the summaries, the public figures, the folder."""
    return {
        "schema": result.manifest["schema"],
        "verdict": verdict(result),
        "folder": str(result.folder),
        "ensemble": result.ensemble,
        "runs": list(result.summaries),
        "public_figures": [] if comparison is None else json.loads(comparison.to_json(orient="records")),
    }


@app.command()
def check(scenario: ScenarioName, days: Days = None, agents: Agents = None, overrides: Overrides = None) -> None:
    """Check a scenario and print it resolved, with the origin of each value."""
    err = console(stderr=True)
    with _failures(err):
        loaded = sim.load_scenario(scenario, overrides or (), days=days, agents=agents)
        for note in loaded.notes:
            err.print(f"note: {note}", markup=False, soft_wrap=True)
        print(sim.describe_resolved(loaded), end="")


def main() -> None:
    """The entry point of the command."""
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None


if __name__ == "__main__":
    main()
