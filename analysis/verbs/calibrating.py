"""The verbs `calibrate …`: fit an ensemble, test it by recovery and forecast, and ask what it says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import sim
from analysis.printing import console
from analysis.verbs.calibrated import (
    command_of,
    draw,
    going_on,
    how_it_went,
    keep,
    note_model,
    plan_of,
    print_json,
    print_report,
    report_of,
)
from analysis.verbs.common import failures

calibrate = typer.Typer(no_args_is_help=True, help="Fit a world to public figures: an ensemble of weighted sets, and what it is worth.")

TargetFile = Annotated[str, typer.Argument(help="A target file, or the name of a shipped one (sora).")]
EnsembleName = Annotated[str, typer.Option("--ensemble", help="A shipped ensemble's name, or its file.")]
Rounds = Annotated[int | None, typer.Option("--rounds", min=1, help="Rounds of learning after the search.", show_default=False)]
Sets = Annotated[int | None, typer.Option("--sets", min=8, help="Sets in a round of learning.", show_default=False)]
Last = Annotated[int | None, typer.Option("--last", min=8, help="Sets in the last round, which are weighted.", show_default=False)]
Search = Annotated[int | None, typer.Option("--search", min=8, help="Points of the search, a power of two.", show_default=False)]
Seed = Annotated[int, typer.Option("--seed", min=0, help="All draws come from it.")]
Agents = Annotated[int | None, typer.Option("--agents", min=1, help="Rows of a run.", show_default=False)]
Workers = Annotated[int | None, typer.Option("--workers", min=1, help="Processes; default one a core.", show_default=False)]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for runs and results.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout instead of tables.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.")]


@calibrate.command()
def fit(
    targets: TargetFile = "sora",
    search: Search = None,
    rounds: Rounds = None,
    sets: Sets = None,
    last: Last = None,
    seed: Seed = 1,
    agents: Agents = None,
    workers: Workers = None,
    out: Out = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Fit a target file: an ensemble, and a report on it. What was run already is not run again: the same command goes on."""
    with failures() as err:
        from analysis.calibration import fit as fit_  # noqa: PLC0415
        from analysis.calibration import load_targets  # noqa: PLC0415
        from analysis.calibration.fitting import AGENTS, PLAN  # noqa: PLC0415
        from analysis.printing_calibration import StudyWatch, print_fit  # noqa: PLC0415

        loaded = load_targets(targets)
        folder = out or Path("runs") / f"calibration-{loaded.name}"
        command = command_of("fit", targets, search=search, rounds=rounds, sets=sets, last=last, seed=seed, agents=agents)
        with StudyWatch(err, quiet=quiet) as watch, going_on(folder, err):
            plan = plan_of(PLAN, seed, search=search, rounds=rounds, sets=sets, last=last)
            found = fit_(loaded, folder, plan=plan, agents=agents or AGENTS, workers=workers, command=command, tell=watch)
        found.ensemble.write(folder / "ensemble.json")
        tables = report_of(found.ensemble, loaded)
        keep(folder, tables)
        draw(folder, found, tables, loaded)
        if as_json:
            print_json({"posterior": how_it_went(found), **tables})
        else:
            print_fit(console(), found.posterior, len(found.ensemble))
            print_report(tables, loaded)
        if not quiet:
            err.print(f"ensemble, tables and figures: {folder}", markup=False, soft_wrap=True)


@calibrate.command()
def report(ensemble: EnsembleName = "sora", as_json: AsJson = False, out: Out = None) -> None:
    """What an ensemble says: predicted against public, prior against posterior, trade-offs, what if one source is right."""
    with failures() as err:
        from analysis.calibration import load_ensemble, load_targets  # noqa: PLC0415

        loaded = load_ensemble(ensemble)
        note_model(loaded, err)
        targets = load_targets(loaded.targets)
        tables = report_of(loaded, targets)
        if out is not None:
            keep(out, tables)
        if as_json:
            print_json(tables)
        else:
            print_report(tables, targets)


@calibrate.command()
def conclusions(
    ensemble: EnsembleName = "sora",
    draws: Annotated[int, typer.Option("--draws", min=2, help="Sets drawn from the ensemble.")] = 100,
    agents: Agents = None,
    workers: Workers = None,
    out: Out = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """How probable it is that the world sustains itself, each dial and gate alone and together, and what that hangs on."""
    with failures() as err:
        from analysis.calibration import load_ensemble, load_targets  # noqa: PLC0415
        from analysis.calibration.checks import widths  # noqa: PLC0415
        from analysis.calibration.conclusions import conclude  # noqa: PLC0415
        from analysis.calibration.conclusions import conclusions as table_of  # noqa: PLC0415
        from analysis.printing_calibration import StudyWatch, print_conclusions  # noqa: PLC0415

        loaded = load_ensemble(ensemble)
        note_model(loaded, err)
        folder = out or Path("runs") / f"conclusions-{loaded.name}"
        with StudyWatch(err, quiet=quiet) as watch, going_on(folder, err):
            found = conclude(loaded, folder / "runs", draws=draws, agents=agents, workers=workers, tell=watch)
        parameters = widths(loaded, load_targets(loaded.targets).priors)
        table = table_of(found, loaded, dict(zip(parameters["parameter"], parameters["identified"], strict=True)))
        keep(folder, {"conclusions": table})
        if as_json:
            print_json({"conclusions": table})
        else:
            print_conclusions(console(), table)


@calibrate.command()
def forecast(
    targets: TargetFile = "sora",
    until: Annotated[int, typer.Option("--until", min=1, help="The last day that is known.")] = 60,
    search: Search = None,
    rounds: Rounds = None,
    sets: Sets = None,
    last: Last = None,
    seed: Seed = 1,
    agents: Agents = None,
    workers: Workers = None,
    out: Out = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Fit to the first days only and forecast the others, against 'no change' and exponential decay."""
    with failures() as err:
        from analysis.calibration import load_targets  # noqa: PLC0415
        from analysis.calibration.fitting import AGENTS  # noqa: PLC0415
        from analysis.calibration.forecast import PLAN, summary  # noqa: PLC0415
        from analysis.calibration.forecast import forecast as forecast_  # noqa: PLC0415
        from analysis.figures.calibration import draw_forecast  # noqa: PLC0415
        from analysis.printing_calibration import StudyWatch, print_forecast  # noqa: PLC0415

        loaded = load_targets(targets)
        folder = out or Path("runs") / f"forecast-{loaded.name}"
        with StudyWatch(err, quiet=quiet) as watch, going_on(folder, err):
            plan = plan_of(PLAN, seed, search=search, rounds=rounds, sets=sets, last=last)
            found = forecast_(loaded, folder, until=until, plan=plan, agents=agents or AGENTS, workers=workers, tell=watch)
        tables = {"scores": found.scores, "summary": summary(found.scores)}
        keep(folder, {**tables, "days": found.days})
        sim.write_bytes(folder / "forecast.png", draw_forecast(found, loaded))
        if as_json:
            print_json(tables)
        else:
            print_forecast(console(), found.scores, tables["summary"], until)


@calibrate.command()
def recovery(
    targets: TargetFile = "sora",
    worlds: Annotated[int, typer.Option("--worlds", min=1, help="Synthetic worlds.")] = 20,
    only: Annotated[
        list[str] | None, typer.Option("--only", help="A parameter that is unknown; may be repeated; none: all.", show_default=False)
    ] = None,
    days: Annotated[int | None, typer.Option("--days", min=1, help="Days of a run.", show_default=False)] = None,
    search: Search = None,
    rounds: Rounds = None,
    sets: Sets = None,
    last: Last = None,
    seed: Seed = 1,
    agents: Agents = None,
    workers: Workers = None,
    out: Out = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Fit synthetic worlds whose parameters are known, and count how often the stated intervals cover them."""
    with failures() as err:
        from analysis.calibration import load_targets  # noqa: PLC0415
        from analysis.calibration.recovery import AGENTS, PLAN, coverage, recover  # noqa: PLC0415
        from analysis.printing_calibration import StudyWatch, print_recovery  # noqa: PLC0415

        loaded = load_targets(targets)
        folder = out or Path("runs") / f"recovery-{loaded.name}"
        with StudyWatch(err, quiet=quiet) as watch, going_on(folder, err):
            found = recover(
                loaded,
                folder / "runs",
                worlds=worlds,
                only=only or (),
                days=days,
                agents=agents or AGENTS,
                plan=plan_of(PLAN, seed, search=search, rounds=rounds, sets=sets, last=last),
                workers=workers,
                tell=watch,
            )
        tables = {"coverage": coverage(found)}
        keep(folder, {**tables, "intervals": found})
        if as_json:
            print_json(tables)
        else:
            print_recovery(console(), tables["coverage"])


@calibrate.command()
def facts(
    ensemble: EnsembleName = "sora",
    draws: Annotated[int, typer.Option("--draws", min=2, help="Sets drawn from the ensemble.")] = 40,
    agents: Agents = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Stylised facts of such products, with their public ranges, in the worlds of an ensemble."""
    with failures() as err:
        from analysis.calibration import load_ensemble  # noqa: PLC0415
        from analysis.calibration.facts import AGENTS, look, summary  # noqa: PLC0415
        from analysis.printing_calibration import StudyWatch, print_facts  # noqa: PLC0415

        loaded = load_ensemble(ensemble)
        note_model(loaded, err)
        with StudyWatch(err, quiet=quiet) as watch:
            table = summary(look(loaded, draws=draws, agents=agents or AGENTS, tell=watch))
        if as_json:
            print_json({"facts": table})
        else:
            print_facts(console(), table)
