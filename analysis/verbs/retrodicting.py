"""The verb `retrodict`: products whose end is known, told from what was known before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

import sim
from analysis.printing import console
from analysis.verbs.common import INTERRUPTED, failures, refusal, write_text

if TYPE_CHECKING:
    from analysis.retrodiction.guide import Question
    from analysis.retrodiction.recoding import Agreement
    from analysis.retrodiction.sheet import Sheet

SEEDS, AGENTS, DRAWS = 10, 4000, 20


def retrodict(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of cases: scenarios/cases.", show_default=False)],
    seeds: Annotated[
        int | None,
        typer.Option("--seeds", min=1, help=f"Seeds a case, default {SEEDS}; of an ensemble a set, default 1.", show_default=False),
    ] = None,
    agents: Annotated[int, typer.Option("--agents", min=1, help="Rows that stand for the people.")] = AGENTS,
    ensemble: Annotated[
        str | None, typer.Option("--ensemble", help="Take what cases share from the sets of an ensemble (sora).", show_default=False)
    ] = None,
    draws: Annotated[
        int | None, typer.Option("--draws", min=1, help=f"Sets drawn from the ensemble; default {DRAWS}.", show_default=False)
    ] = None,
    workers: Annotated[int | None, typer.Option("--workers", min=1, help="Processes; default one a core.", show_default=False)] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder to keep it in; default runs/retrodict.", show_default=False)] = None,
    coding: Annotated[
        Path | None, typer.Option("--coding", help="Another coder's steps: run those, and say how far the two agree.", show_default=False)
    ] = None,
    code: Annotated[bool, typer.Option("--code", help="Write the scenario of each sheet, by the guide, and run nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress.")] = False,
) -> None:
    """Run every coded case and hold what comes of it against what happened. What is there already is not run again."""
    with failures() as err:
        from analysis.retrodiction.guide import load_guide  # noqa: PLC0415
        from analysis.retrodiction.sheet import load_sheets  # noqa: PLC0415

        if not folder.is_dir():
            raise refusal("DIR", f"there is no folder {folder}", f"the shipped cases are in {sim.shipped_folder() / 'cases'}")
        if seeds is not None:
            sim.seeds_of(seeds)
        questions = load_guide()
        sheets = load_sheets(folder, questions)
        if len(sheets) < 2 and not code:
            raise refusal(str(folder), "holds one case only", "rules of thumb learn from the other cases: code a second one")
        agreed = None
        if coding is not None:
            from analysis.retrodiction.recoding import recoded  # noqa: PLC0415

            sheets, agreed = recoded(sheets, coding, questions)
        if code:
            _code(folder, sheets, questions, err)
            return
        if draws is not None and ensemble is None:
            raise refusal("--draws", "says how many sets are drawn from an ensemble, and none is named", "add `--ensemble sora`")
        sets = [{}] if ensemble is None else _sets(ensemble, draws or DRAWS, err)
        of_each = seeds or (SEEDS if ensemble is None else 1)
        name = "retrodict" if ensemble is None else f"retrodict-over-{Path(ensemble).stem}"
        folder_out = out or Path("runs") / (name if coding is None else f"{name}-coded-by-{coding.stem}")
        _retrodict(sheets, questions, sets, (of_each, agents), workers, folder_out, err, agreed, as_json=as_json, quiet=quiet)


def _sets(ensemble: str, draws: int, err: Console) -> list[dict[str, sim.Value]]:
    """What all cases share, once for each set that is drawn."""
    from analysis.calibration import load_ensemble  # noqa: PLC0415
    from analysis.retrodiction.coding import shared_changes  # noqa: PLC0415
    from analysis.verbs.calibrated import note_model  # noqa: PLC0415

    loaded = load_ensemble(ensemble)
    note_model(loaded, err)
    return [shared_changes(loaded.values(place)) for place in loaded.drawn(draws)]


def _code(folder: Path, sheets: tuple[Sheet, ...], questions: tuple[Question, ...], err: Console) -> None:
    from analysis.retrodiction.coding import MADE_FROM, scenario_text  # noqa: PLC0415

    files = {folder / f"{sheet.name}.yaml": scenario_text(sheet, questions) for sheet in sheets}
    mine = [path for path in files if path.exists() and not path.read_bytes().startswith(MADE_FROM.encode())]
    if mine:
        hint = "nothing was written: give the file or the sheet another name"
        raise sim.InputError([sim.Problem(str(path), "was not made from a sheet, and would be lost", hint) for path in mine])
    for path, text in files.items():
        write_text(path, text)
    err.print(f"{len(files)} {'scenario is' if len(files) == 1 else 'scenarios are'} written to {folder}", markup=False, soft_wrap=True)


def _retrodict(
    sheets: tuple[Sheet, ...],
    questions: tuple[Question, ...],
    sets: list[dict[str, sim.Value]],
    size: tuple[int, int],
    workers: int | None,
    folder: Path,
    err: Console,
    agreed: Agreement | None,
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    """Run, score, print and keep. agreed: of this coding with that of the sheets, where it is another."""
    from analysis.figures.cases import draw_cases  # noqa: PLC0415
    from analysis.printing_retrodiction import document, headline, print_agreement, print_retrodiction  # noqa: PLC0415
    from analysis.printing_sweeps import SweepWatch  # noqa: PLC0415
    from analysis.retrodiction.retrodict import jobs_of, predictions_of, retrodiction, run_jobs  # noqa: PLC0415

    jobs = jobs_of(sheets, questions, sets, seeds=size[0], agents=size[1])
    with SweepWatch(err, quiet=quiet) as watch:
        watch.begin()
        try:
            runs = run_jobs(jobs, folder, workers=workers, progress=watch)
        except KeyboardInterrupt:
            err.print(f"interrupted; what was finished is kept in {folder}: the same command goes on", markup=False, soft_wrap=True)
            raise typer.Exit(INTERRUPTED) from None
    result = retrodiction(predictions_of(sheets, runs), questions)
    said = document(result, agreed)
    sim.write_json(folder / "retrodiction.json", said)
    sim.write_bytes(folder / "retrodiction.svg", draw_cases(result.predictions, headline(result)))
    if as_json:
        print(json.dumps(said, ensure_ascii=False, indent=2, allow_nan=False))
    else:
        if agreed is not None:
            print_agreement(console(), agreed)
        print_retrodiction(console(), result)
    err.print(f"picture and tables: {folder}", markup=False, soft_wrap=True)
