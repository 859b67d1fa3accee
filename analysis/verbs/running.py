"""Verbs that live days and tell of them: run, report."""

from __future__ import annotations

import dataclasses
import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

import sim
from analysis.notes import notes_on
from analysis.printing import Watch, console, print_run, print_verdict
from analysis.verbs.branching import Branch, branch_off, same_past
from analysis.verbs.common import FAILED, INTERRUPTED, Agents, Days, Overrides, compile_model, failures, print_notes, refusal
from analysis.wording import verdict

if TYPE_CHECKING:
    import pandas as pd

SEEDS, FIRST_SEED = 20, 1

_PICTURE = "curves.png"
_REPORT = "report.html"


def run(
    scenario: Annotated[str | None, typer.Argument(help="A shipped scenario's name (sora) or a YAML file.", show_default=False)] = None,
    seeds: Annotated[int | None, typer.Option("--seeds", min=1, help=f"How many seeds; default {SEEDS}.", show_default=False)] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help=f"The first of them; default {FIRST_SEED}.", show_default=False)] = None,
    days: Days = None,
    agents: Agents = None,
    overrides: Overrides = None,
    out: Annotated[Path | None, typer.Option("--out", help="Run folder; default runs/<scenario>-<hash>.", show_default=False)] = None,
    ensemble: Annotated[
        str | None, typer.Option("--ensemble", help="Run it over the parameter sets of an ensemble (sora) instead.", show_default=False)
    ] = None,
    draws: Annotated[int | None, typer.Option("--draws", min=1, help="Sets drawn with it; default 100.", show_default=False)] = None,
    again: Annotated[
        Path | None, typer.Option("--rerun", help="Live a stored run again and say whether every bit is the same.", show_default=False)
    ] = None,
    taken_up: Annotated[
        str | None,
        typer.Option("--from", metavar="FOLDER@DAY", help="Take up a stored run on a day; --set holds from then on.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout, all else on stderr.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress, no tables: the verdict alone.")] = False,
) -> None:
    """Run a scenario over seeds and say what becomes of the product."""
    with failures() as err:
        given = {
            "SCENARIO": scenario,
            "--seeds": seeds,
            "--seed": seed,
            "--days": days,
            "--agents": agents,
            "--set": overrides,
            "--out": out,
            "--from": taken_up,
            "--ensemble": ensemble,
            "--draws": draws,
        }
        given = {name: value for name, value in given.items() if value is not None}
        if again is not None:
            if given:
                raise refusal("--rerun", f"the folder says what to run; {next(iter(given))} cannot be given too", "leave it out")
            _rerun(again, err, as_json=as_json, quiet=quiet)
            return
        if ensemble is not None or draws is not None:
            from analysis.verbs.ensembles import run_over  # noqa: PLC0415

            run_over(given, err, as_json=as_json, quiet=quiet)
            return
        chosen = sim.seeds_of(SEEDS if seeds is None else seeds, FIRST_SEED if seed is None else seed)
        branch = None
        if taken_up is not None:
            branch = _branch(taken_up, given, chosen)
            loaded, chosen = branch.scenario, branch.seeds
        elif scenario is None:
            raise refusal("SCENARIO", "which scenario?", "for example `flywheel run sora`; `flywheel list` names those that are shipped")
        else:
            loaded = sim.load_scenario(scenario, overrides or (), days=days, agents=agents)
        evidence = None if loaded.evidence is None else sim.load_evidence(loaded.evidence)
        result, is_new = _run(loaded, chosen, out or sim.default_folder(loaded, chosen), err, quiet=quiet)
        if branch is not None:
            err.print(same_past(branch, result), markup=False, soft_wrap=True)
        _keep_pictures(result, evidence, _command(given), redraw=is_new)
        notes = list(notes_on(result, loaded.notes))
        _show(result, evidence, notes, as_json=as_json, quiet=quiet)
        if not quiet:
            err.print(f"report: {result.folder}/{_REPORT}", markup=False, soft_wrap=True)
            print_notes(notes, err)


def _branch(place: str, given: Mapping[str, Any], seeds: tuple[int, ...]) -> Branch:
    for name in ("SCENARIO", "--agents"):
        if name in given:
            raise refusal("--from", f"the folder says what to run; {name} cannot be given too", "leave it out")
    names_seeds = "--seeds" in given or "--seed" in given
    return branch_off(place, given.get("--set", ()), given.get("--days"), seeds if names_seeds else None)


def _run(scenario: sim.Scenario, seeds: Sequence[int], folder: Path, err: Console, *, quiet: bool) -> tuple[sim.Run, bool]:
    """The run, and whether any day of it was lived now."""
    if not quiet and not sim.KERNELS_ARE_CACHED:
        compile_model(err)
    kept = [summary for summary in sim.finished_summaries(folder) if summary["seed"] in seeds]
    with Watch(err, len(seeds), quiet=quiet, kept=kept) as watch:
        try:
            result = sim.run(scenario, seeds=seeds, out=folder, progress=watch)
        except KeyboardInterrupt:
            err.print(f"interrupted; finished seeds are kept in {folder}: the same command continues", markup=False, soft_wrap=True)
            raise typer.Exit(INTERRUPTED) from None
    if watch.ran == 0 and not quiet:
        err.print(f"this very run is in {folder} already: shown, not run again", markup=False, soft_wrap=True)
    return result, watch.ran > 0


def _command(given: Mapping[str, object]) -> str:
    """The command line of a run, from its arguments by name."""
    words = ["flywheel", "run"]
    for name, value in given.items():
        for one in value if isinstance(value, list) else [value]:
            words += [str(one)] if name == "SCENARIO" else [name, str(one)]
    return shlex.join(words)


def _keep_pictures(result: sim.Run, evidence: sim.Evidence | None, command: str, *, redraw: bool) -> None:
    """The picture and the report in the run's folder, made anew where asked or missing."""
    if redraw or not result.has_file(_PICTURE):
        from analysis.figures.curves import draw_curves  # noqa: PLC0415

        result.add_file(_PICTURE, draw_curves(result, evidence))
    if result.folder is not None and (redraw or not result.has_file(_REPORT)):
        from analysis.report import write_report  # noqa: PLC0415

        write_report(result, result.folder, command=command)


def _show(result: sim.Run, evidence: sim.Evidence | None, notes: Sequence[str], *, as_json: bool, quiet: bool) -> None:
    comparison = sim.compare(result, evidence) if evidence else None
    if as_json:
        print(json.dumps(_document(result, comparison, notes), ensure_ascii=False, indent=2, allow_nan=False))
    elif quiet:
        print_verdict(console(), result)
    else:
        print_run(console(), result, evidence, comparison)


def _document(result: sim.Run, comparison: pd.DataFrame | None, notes: Sequence[str]) -> dict[str, Any]:
    """What --json prints: the verdict in words, what to know of the run, the ensemble, the summaries, the public figures, the folder."""
    return {
        "schema": result.manifest["schema"],
        "verdict": verdict(result),
        "notes": list(notes),
        "folder": str(result.folder),
        "ensemble": result.ensemble,
        "runs": list(result.summaries),
        "public_figures": [] if comparison is None else json.loads(comparison.to_json(orient="records")),
    }


def _rerun(folder: Path, err: Console, *, as_json: bool, quiet: bool) -> None:
    """Live a stored run again; exit code 1 when a bit differs."""
    from analysis.verbs.rerunning import load_again, rerun  # noqa: PLC0415

    stored, scenario = load_again(folder)
    with Watch(err, len(stored.seeds), quiet=quiet) as watch:
        result = rerun(stored, scenario, watch)
    tables, seeds = len(result.compared), "1 seed" if len(stored.seeds) == 1 else f"{len(stored.seeds)} seeds"
    if as_json:
        rows = [dataclasses.asdict(one) for one in result.compared]
        print(json.dumps({"folder": str(folder), "identical": not result.differing, "tables": rows}, ensure_ascii=False, indent=2))
    elif not result.differing:
        print(f"{stored.name}: bit-identical, {tables} tables of {seeds} lived again from {folder}")
    else:
        print(f"{stored.name}: not identical, {len(result.differing)} of {tables} tables of {seeds} differ from {folder}")
        for one in result.differing:
            print(f"  seed {one.seed}, {one.table}: {one.first_difference}")
    if result.differing:
        same = "every library has the version it had: the stored tables were changed, or this is a fault of ours"
        err.print("; ".join(result.moved_versions) or same, markup=False, soft_wrap=True)
        raise typer.Exit(FAILED)


def report(
    folder: Annotated[Path, typer.Argument(help="A run folder.", show_default=False)],
) -> None:
    """Make report.html of a run folder again."""
    with failures() as err:
        from analysis.report import write_report  # noqa: PLC0415

        written = write_report(sim.open_run(folder), folder)
        print(written)
        err.print("open it in a browser; it needs nothing else", markup=False)
