"""The verb that holds the model and its machinery against published results: validate."""

from __future__ import annotations

import json
from typing import Annotated

import typer

import sim
from analysis.printing import console
from analysis.validation import FEWEST_SEEDS
from analysis.verbs.common import FAILED, failures

_FIRST_SEED = 1
MOST_SEEDS = 10_000


def validate(
    section: Annotated[str | None, typer.Argument(help="One field, such as diffusion; without it, all.", show_default=False)] = None,
    seeds: Annotated[int, typer.Option("--seeds", help=f"Seeds of each comparison; at least {FEWEST_SEEDS}.")] = FEWEST_SEEDS,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout, all else on stderr.")] = False,
) -> None:
    """Hold the rules, and the estimators, against published results and closed forms. Exit code 1 when one is not met."""
    with failures() as err:
        from analysis.validation import sections  # noqa: PLC0415
        from analysis.validation.report import document, tables  # noqa: PLC0415

        problems = [] if section is None else sections.name_problems(section)
        if seeds < FEWEST_SEEDS:
            hint = f"at least {FEWEST_SEEDS}: tolerances come from the spread between them"
            problems.append(sim.Problem("--seeds", f"{seeds} seeds tell too little", hint))
        if seeds > MOST_SEEDS:
            problems.append(sim.Problem("--seeds", f"{seeds} seeds take too long", f"at most {MOST_SEEDS}"))
        if problems:
            raise sim.InputError(problems)
        chosen = [one for one in sections.SECTIONS if section in (None, one.name)]
        judged = []
        for one in chosen:
            with err.status(one.title):
                judged += sections.judge_all(one, range(_FIRST_SEED, _FIRST_SEED + seeds))
        if as_json:
            print(json.dumps(document(judged, seeds), ensure_ascii=False, indent=2, allow_nan=False))
        else:
            out = console()
            for table in tables(judged, seeds, in_detail=section is not None):
                out.print(table)
                out.print()
        if not all(one.met for one in judged):
            raise typer.Exit(FAILED)
