"""The verb `falsifiers`: what observation would refute the model, and what it predicts."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated

import typer

from analysis.printing import WIDEST, console
from analysis.verbs.asking import lives_of
from analysis.verbs.common import EnsembleDraws, EnsembleName, TextFile, failures, give, refusal

SEEDS, AGENTS = 20, 5000


def falsifiers(
    seeds: Annotated[int | None, typer.Option("--seeds", min=1, help=f"Seeds a world, default {SEEDS}.", show_default=False)] = None,
    agents: Annotated[int, typer.Option("--agents", min=1, help="Rows that stand for the people.")] = AGENTS,
    ensemble: EnsembleName = None,
    draws: EnsembleDraws = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    out: TextFile = None,
) -> None:
    """List what observation would refute the model, each with what the model predicts, computed now."""
    with failures() as err:
        from analysis.falsifiers.listed import DAYS, World  # noqa: PLC0415
        from analysis.falsifiers.page import document, falsifiers_page  # noqa: PLC0415
        from analysis.falsifiers.predicting import predict  # noqa: PLC0415
        from analysis.questions.asking import World as Asked  # noqa: PLC0415

        def told(command: str, number: int, count: int) -> None:
            err.print(f"world {number} of {count}: {command}", markup=False, soft_wrap=True)

        def of(world: World) -> Asked:
            return Asked(world.source, world.overrides, DAYS, agents)

        if out is not None and (out.is_dir() or not out.parent.is_dir()):
            raise refusal(str(out), "cannot be written: it is a folder, or its folder is missing", "name a file in a folder that exists")
        base = lives_of(of(World("sora")), seeds, ensemble, draws, err)
        predictions = predict(lambda world: dataclasses.replace(base, world=of(world)).under(), told)
        if as_json:
            text = json.dumps(document(predictions, len(base), agents, ensemble), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        else:
            text = falsifiers_page(predictions, len(base), agents, WIDEST if out else console().width, ensemble)
        give(text, out, err)
