"""The verbs `sensitivity …`: what an answer hangs on, with the noise beside every ranking."""

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
    Workers,
    failures,
)

sensitivity = typer.Typer(no_args_is_help=True, help="What an answer hangs on: unknowns, luck, mechanisms, and where a product lives.")

Scenario = Annotated[str, typer.Argument(help="A shipped scenario's name or a YAML file.")]
Priors = Annotated[str, typer.Option("--priors", help="What is unknown: a shipped file of priors (sora), or a file.")]
Trajectories = Annotated[int, typer.Option("--trajectories", min=5, help="Walks of the screening: a run each unknown, and two.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Of the sample and of all runs.")]
Seeds = Annotated[int | None, typer.Option("--seeds", min=1, help="How many draws of one world; default 20.", show_default=False)]

_WORLD = "sora_three_gates"
"""A world that is neither sure to live nor sure to die."""


@sensitivity.command()
def screen(
    scenario: Scenario = _WORLD,
    priors: Priors = "sora",
    trajectories: Trajectories = 20,
    seed: Seed = 1,
    days: Days = None,
    agents: Agents = None,
    overrides: Overrides = None,
    workers: Workers = None,
    out: OutFolder = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Find which unknowns matter at all, from few runs: elementary effects (Morris), beside what mere luck does."""
    with failures() as err:
        from analysis.figures.sensitivity import screening_figure  # noqa: PLC0415
        from analysis.printing_sensitivity import print_screening  # noqa: PLC0415
        from analysis.printing_sweeps import SweepWatch  # noqa: PLC0415
        from analysis.sensitivity.screening import screen as ask  # noqa: PLC0415

        folder = out or folder_of("sensitivity", (scenario,), (priors, seed, days, agents, overrides))
        with going_on(folder, err), SweepWatch(err, quiet=quiet) as watch:
            watch.begin()
            result = ask(
                scenario,
                priors=priors,
                trajectories=trajectories,
                seed=seed,
                overrides=overrides or (),
                days=days,
                agents=agents,
                workers=workers,
                out=folder / "store",
                told=watch,
            )
        keep(folder, "screen", {"screen": result.effects}, result.document(), screening_figure(result))
        tell(result, partial(print_screening, console(), result), folder, err, as_json=as_json, quiet=quiet)


@sensitivity.command()
def indices(
    scenario: Scenario = _WORLD,
    priors: Priors = "sora",
    only: Annotated[
        list[str] | None, typer.Option("--only", help="An unknown to single out; may be repeated; none: by screening.", show_default=False)
    ] = None,
    top: Annotated[int, typer.Option("--top", min=1, help="How many of the screening are singled out.")] = 10,
    points: Annotated[int, typer.Option("--points", help="A power of two; so many runs an unknown, and four times.")] = 512,
    trajectories: Trajectories = 20,
    seed: Seed = 1,
    days: Days = None,
    agents: Agents = None,
    overrides: Overrides = None,
    workers: Workers = None,
    out: OutFolder = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say which share of what differs between runs each unknown has a part in (Sobol' indices), and which is luck."""
    with failures() as err:
        from analysis.figures.sensitivity import apportioning_figure  # noqa: PLC0415
        from analysis.printing_sensitivity import print_apportioning  # noqa: PLC0415
        from analysis.printing_sweeps import SweepWatch  # noqa: PLC0415
        from analysis.sensitivity.apportioning import indices as ask  # noqa: PLC0415

        folder = out or folder_of("sensitivity", (scenario,), (priors, seed, days, agents, overrides))
        with going_on(folder, err), SweepWatch(err, quiet=quiet) as watch:
            watch.begin()
            result = ask(
                scenario,
                only=only or (),
                top=top,
                points=points,
                trajectories=trajectories,
                priors=priors,
                seed=seed,
                overrides=overrides or (),
                days=days,
                agents=agents,
                workers=workers,
                out=folder / "store",
                told=watch,
            )
        tables = {"indices": result.indices, "outputs": result.outputs}
        keep(folder, "indices", tables, result.document(), apportioning_figure(result))
        tell(result, partial(print_apportioning, console(), result), folder, err, as_json=as_json, quiet=quiet)


@sensitivity.command()
def ablate(
    scenario: Scenario = _WORLD,
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
    """Switch mechanisms off, and put in each rival form, one at a time: what that does, draw by draw."""
    with failures() as err:
        from analysis.figures.ablations import ablations_figure  # noqa: PLC0415
        from analysis.printing_sensitivity import print_ablations  # noqa: PLC0415
        from analysis.printing_sweeps import SweepWatch  # noqa: PLC0415
        from analysis.questions.asking import World  # noqa: PLC0415
        from analysis.sensitivity.ablating import ablate as ask  # noqa: PLC0415

        lives = lives_of(World(scenario, tuple(overrides or ()), days, agents), seeds, ensemble, draws, err)
        folder = out or folder_of("sensitivity-ablate", (scenario,), (seeds, ensemble, draws, days, agents, overrides))
        with going_on(folder, err), SweepWatch(err, quiet=quiet) as watch:
            watch.begin()
            result = ask(lives, workers=workers, out=folder / "store", told=watch)
        keep(folder, "ablate", {"ablate": result.effects}, result.document(), ablations_figure(result))
        tell(result, partial(print_ablations, console(), result), folder, err, as_json=as_json, quiet=quiet)


@sensitivity.command()
def region(
    scenario: Scenario = "sora",
    wider: Annotated[str, typer.Option("--wider", help="What may be chosen: a shipped file like the priors, or a file.")] = "wider",
    priors: Priors = "sora",
    points: Annotated[int, typer.Option("--points", min=100, help="Runs.")] = 2048,
    seed: Seed = 1,
    days: Days = None,
    agents: Agents = None,
    overrides: Overrides = None,
    workers: Workers = None,
    out: OutFolder = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say in words where a product sustains itself: a few conditions, found on one half of the runs and judged on the other."""
    with failures() as err:
        from analysis.figures.region import region_figure  # noqa: PLC0415
        from analysis.printing_sensitivity import print_region  # noqa: PLC0415
        from analysis.printing_sweeps import SweepWatch  # noqa: PLC0415
        from analysis.sensitivity.discovering import region as ask  # noqa: PLC0415

        folder = out or folder_of("sensitivity-region", (scenario,), (wider, priors, seed, days, agents, overrides))
        with going_on(folder, err), SweepWatch(err, quiet=quiet) as watch:
            watch.begin()
            result = ask(
                scenario,
                wider=wider,
                priors=priors,
                points=points,
                seed=seed,
                overrides=overrides or (),
                days=days,
                agents=agents,
                workers=workers,
                out=folder / "store",
                told=watch,
            )
        tables = {"conditions": result.conditions, "scores": result.scores, "trajectory": result.trajectory, "sample": result.sample}
        keep(folder, "region", tables, result.document(), region_figure(result))
        tell(result, partial(print_region, console(), result), folder, err, as_json=as_json, quiet=quiet)
