"""The verb that holds the model and its machinery against published results: validate."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from analysis.printing import console
from analysis.validation.comparison import FEWEST_SEEDS
from analysis.verbs.common import FAILED, failures, refusal

_FIRST_SEED = 1


def validate(
    section: Annotated[str | None, typer.Argument(help="One field, such as diffusion; without it, all.", show_default=False)] = None,
    seeds: Annotated[int, typer.Option("--seeds", help=f"Seeds of each comparison; at least {FEWEST_SEEDS}.")] = FEWEST_SEEDS,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout, all else on stderr.")] = False,
) -> None:
    """Hold the rules, and the estimators, against published results and closed forms. Exit code 1 when one is not met."""
    with failures() as err:
        from analysis.validation.report import document, tables  # noqa: PLC0415
        from analysis.validation.sections import SECTIONS, judge_all, sections_named  # noqa: PLC0415

        if seeds < FEWEST_SEEDS:
            raise refusal(
                "--seeds", f"{seeds} seeds tell too little", f"at least {FEWEST_SEEDS}: tolerances come from the spread between them"
            )
        chosen = sections_named(section)
        judged = []
        with err.status("validating"):
            for one in chosen:
                judged += judge_all(one, range(_FIRST_SEED, _FIRST_SEED + seeds))
        if as_json:
            print(json.dumps(document(judged, seeds), ensure_ascii=False, indent=2, allow_nan=False))
        else:
            out = console()
            for table in tables(judged, seeds, in_detail=len(chosen) < len(SECTIONS)):
                out.print(table)
                out.print()
        if not all(one.met for one in judged):
            raise typer.Exit(FAILED)
