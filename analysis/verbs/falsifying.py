"""The verb `falsifiers`: what observation would refute the model, and what it predicts."""

from __future__ import annotations

import json
from typing import Annotated

import typer

import sim
from analysis.printing import WIDEST, console
from analysis.verbs.common import TextFile, failures, give, refusal

SEEDS, AGENTS = 20, 5000


def falsifiers(
    seeds: Annotated[int, typer.Option("--seeds", min=1, help="Seeds a world.")] = SEEDS,
    agents: Annotated[int, typer.Option("--agents", min=1, help="Rows that stand for the people.")] = AGENTS,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document on stdout.")] = False,
    out: TextFile = None,
) -> None:
    """List what observation would refute the model, each with what the model predicts, computed now."""
    with failures() as err:
        from analysis.falsifiers.page import document, falsifiers_page  # noqa: PLC0415
        from analysis.falsifiers.predicting import predict  # noqa: PLC0415

        def told(command: str, number: int, count: int) -> None:
            err.print(f"world {number} of {count}: {command}", markup=False, soft_wrap=True)

        sim.seeds_of(seeds)
        if out is not None and (out.is_dir() or not out.parent.is_dir()):
            raise refusal(str(out), "cannot be written: it is a folder, or its folder is missing", "name a file in a folder that exists")
        predictions = predict(seeds, agents, told)
        if as_json:
            text = json.dumps(document(predictions, seeds, agents), ensure_ascii=False, indent=2, allow_nan=False) + "\n"
        else:
            text = falsifiers_page(predictions, seeds, agents, WIDEST if out else console().width)
        give(text, out, err)
