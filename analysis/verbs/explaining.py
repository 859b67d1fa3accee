"""Verbs of the post-mortem: explain, deadline."""

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

Seeds = Annotated[int | None, typer.Option("--seeds", min=1, help="How many paired seeds; default 20.", show_default=False)]


def explain(
    scenario: ScenarioName,
    seeds: Seeds = None,
    ensemble: EnsembleName = None,
    draws: EnsembleDraws = None,
    days: Days = None,
    agents: Agents = None,
    overrides: Overrides = None,
    workers: Workers = None,
    out: OutFolder = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say why a product dies: the share of each gate, what broke first in time, and what one more user is worth."""
    with failures() as err:
        from analysis.figures.explained import explanation_figure  # noqa: PLC0415
        from analysis.printing_explain import print_explanation  # noqa: PLC0415
        from analysis.printing_sweeps import SweepWatch  # noqa: PLC0415
        from analysis.questions.asking import World  # noqa: PLC0415
        from analysis.questions.explain import explain as ask  # noqa: PLC0415

        lives = lives_of(World(scenario, tuple(overrides or ()), days, agents), seeds, ensemble, draws, err)
        folder = out or folder_of("explain", (scenario,), (seeds, ensemble, draws, days, agents, overrides))
        with going_on(folder, err), SweepWatch(err, quiet=quiet) as watch:
            watch.begin()
            answer = ask(lives, workers=workers, out=folder / "store", told=watch)
        tables = {name: getattr(answer, name) for name in ("worlds", "parts", "breaks", "trap")}
        keep(folder, "explain", tables, answer.document(), explanation_figure(answer))
        tell(answer, partial(print_explanation, console(), answer), folder, err, as_json=as_json, quiet=quiet)


def deadline(
    scenario: ScenarioName,
    fix: Annotated[
        list[str] | None, typer.Option("--fix", help="path=value, or gate:interaction,cost; may be repeated.", show_default=False)
    ] = None,
    judged_after: Annotated[int, typer.Option("--judged-after", help="Days from the fix to the verdict.")] = 365,
    budget: Annotated[int, typer.Option("--budget", min=3, help="Days asked at the most.")] = 24,
    seeds: Seeds = None,
    ensemble: EnsembleName = None,
    draws: EnsembleDraws = None,
    days: Days = None,
    agents: Agents = None,
    overrides: Overrides = None,
    workers: Workers = None,
    out: OutFolder = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find the point of no return: until which day a fix saves a product more often than not."""
    with failures() as err:
        from analysis.figures.deadline import deadline_figure  # noqa: PLC0415
        from analysis.printing_explain import print_deadline  # noqa: PLC0415
        from analysis.questions.asking import World  # noqa: PLC0415
        from analysis.questions.deadline import deadline as ask  # noqa: PLC0415

        def told(what: str) -> None:
            if not quiet:
                err.print(f"{scenario}: {what}", markup=False, soft_wrap=True)

        lives = lives_of(World(scenario, tuple(overrides or ()), days, agents), seeds, ensemble, draws, err)
        folder = out or folder_of("deadline", (scenario,), (fix, judged_after, budget, seeds, ensemble, draws, days, agents, overrides))
        with going_on(folder, err):
            answer = ask(lives, fix or (), judged_after=judged_after, budget=budget, workers=workers, out=folder / "store", told=told)
        keep(folder, "deadline", {"curve": answer.curve}, answer.document(), deadline_figure(answer))
        tell(answer, partial(print_deadline, console(), answer), folder, err, as_json=as_json, quiet=quiet)
