"""Verbs that ask a question of many runs: compare, frontier."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from analysis.printing import console
from analysis.verbs.asking import folder_of, going_on, keep, tell
from analysis.verbs.common import Agents, AsJson, Days, OutFolder, Overrides, Quiet, ScenarioName, Workers, failures


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

        folder = out or folder_of("compare", (a, b), (seeds, days, agents, overrides))
        with going_on(folder, err), SweepWatch(err, quiet=quiet) as watch:
            watch.begin()
            result = ask(
                a, b, seeds=seeds, overrides=overrides or (), days=days, agents=agents, workers=workers, out=folder / "store", told=watch
            )
        tables = {"figures": result.figures, "daily": result.daily, "outcomes": result.outcomes}
        keep(folder, "comparison", tables, result.document(), comparison_figure(result))
        tell(result, partial(print_comparison, console(), result), folder, err, as_json=as_json, quiet=quiet)


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

        folder = out or folder_of("frontier", (scenario,), (x, y, facet, days, agents, overrides))
        with going_on(folder, err):
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
        keep(folder, "frontier", tables, result.document(), frontier_figure(result))
        tell(result, partial(print_frontier, console(), result), folder, err, as_json=as_json, quiet=quiet)
