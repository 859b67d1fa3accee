"""The verb that reads unit economics off a run: economics."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from analysis.printing import console
from analysis.verbs.asking import keep, tell
from analysis.verbs.common import AsJson, Quiet, failures


def economics(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder, as `flywheel run` writes it.", show_default=False)],
    discount: Annotated[float, typer.Option("--discount", help="Discount of what is to come, a share a year.")] = 0.1,
    horizon: Annotated[int, typer.Option("--horizon", help="Days beyond the end of the run that are looked ahead.")] = 1095,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for tables and figure; default RUN/economics.", show_default=False)
    ] = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say what a user is worth and costs, who stays, and who keeps the money, from a run that is there."""
    with failures() as err:
        from analysis.figures.economics import economics_figure  # noqa: PLC0415
        from analysis.printing_economics import print_economics  # noqa: PLC0415
        from analysis.questions.economics import economics as ask  # noqa: PLC0415

        folder = out or run / "economics"
        with err.status("reading the run") as status:
            shown = None if quiet else lambda done, of: status.update(f"{done} of {of} seeds valued")
            answer = ask(run, discount_per_year=discount, horizon_days=horizon, told=shown)
        keep(folder, "economics", answer.tables(), answer.document(), economics_figure(answer))
        tell(answer, partial(print_economics, console(), answer), folder, err, as_json=as_json, quiet=quiet)
