"""The verb that asks what would save a product: rescue."""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from analysis.printing import console
from analysis.verbs.asking import folder_of, going_on, keep, lives_of, tell
from analysis.verbs.common import (
    Agents,
    AsJson,
    Days,
    EnsembleDraws,
    EnsembleName,
    OutFolder,
    Overrides,
    Quiet,
    ScenarioName,
    Workers,
    failures,
)


def rescue(
    scenario: ScenarioName,
    probability: Annotated[float, typer.Option("--probability", help="How probable it must be that it sustains itself.")] = 0.8,
    budget: Annotated[float | None, typer.Option("--budget", help="USD the changes may cost at the most.", show_default=False)] = None,
    levers: Annotated[str, typer.Option("--levers", help="A lever file (YAML), or a shipped one by name.")] = "default",
    seeds: Annotated[int | None, typer.Option("--seeds", min=1, help="Runs that decide; default 40.", show_default=False)] = None,
    ensemble: EnsembleName = None,
    draws: EnsembleDraws = None,
    most_runs: Annotated[int, typer.Option("--most-runs", min=100, help="Runs of a search at the most.")] = 3000,
    days: Days = None,
    agents: Agents = None,
    overrides: Overrides = None,
    workers: Workers = None,
    out: OutFolder = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find the cheapest change that makes a product sustain itself, and what of it could be left out."""
    with failures() as err:
        from analysis.figures.rescue import rescue_figure  # noqa: PLC0415
        from analysis.printing_calibration import StudyWatch  # noqa: PLC0415
        from analysis.printing_rescue import print_rescue  # noqa: PLC0415
        from analysis.questions.asking import World  # noqa: PLC0415
        from analysis.questions.rescue import SEEDS, checked  # noqa: PLC0415
        from analysis.questions.rescue import rescue as ask  # noqa: PLC0415

        known = checked(probability, budget, levers)
        world = World(scenario, tuple(overrides or ()), days, agents)
        lives = lives_of(world, seeds if ensemble else seeds or SEEDS, ensemble, draws, err)
        asked = (probability, budget, repr(known), seeds, ensemble, draws, most_runs, days, agents, overrides)
        folder = out or folder_of("rescue", (scenario,), asked)
        with going_on(folder, err), StudyWatch(err, quiet=quiet) as watch:
            answer = ask(
                lives,
                probability=probability,
                budget=budget,
                levers=known,
                most_runs=most_runs,
                workers=workers,
                out=folder / "store",
                tell=watch,
            )
        tables = {name: getattr(answer, name) for name in ("front", "changes", "without", "checked")}
        keep(folder, "rescue", tables, answer.document(), rescue_figure(answer))
        tell(answer, partial(print_rescue, console(), answer), folder, err, as_json=as_json, quiet=quiet)
