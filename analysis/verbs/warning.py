"""The verb `warn`: how early could one have known?"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis.printing import console
from analysis.verbs.asking import folder_of, going_on, keep, tell
from analysis.verbs.common import AsJson, OutFolder, Overrides, Quiet, Workers, failures, refusal


def warn(
    source: Annotated[
        str, typer.Argument(metavar="SCENARIO|DIR", help="A scenario's name or file, or the store of a sweep.", show_default=False)
    ],
    outcome: Annotated[str, typer.Option("--outcome", help="The outcome to be told early.")] = "self_sustaining",
    worlds: Annotated[int | None, typer.Option("--worlds", min=40, help="Worlds to draw; default 600.", show_default=False)] = None,
    seed: Annotated[int | None, typer.Option("--seed", min=0, help="Of the sample; default 1.", show_default=False)] = None,
    priors: Annotated[
        Path | None, typer.Option("--priors", help="What is unknown: a prior file; default that of Sora.", show_default=False)
    ] = None,
    wider: Annotated[
        Path | None, typer.Option("--wider", help="What is drawn beyond it, a prior file; default wider_priors.yaml.", show_default=False)
    ] = None,
    days: Annotated[int | None, typer.Option("--days", min=180, help="When the outcome is read; default 365.", show_default=False)] = None,
    agents: Annotated[int | None, typer.Option("--agents", help="Rows of each world; default 2000.", show_default=False)] = None,
    overrides: Overrides = None,
    workers: Workers = None,
    out: OutFolder = None,
    as_json: AsJson = False,
    quiet: Quiet = False,
) -> None:
    """Say how well the outcome can be told from what is public in the first weeks, by which figures, and where their walls stand."""
    with failures() as err:
        from analysis.figures.warn import warning_figure  # noqa: PLC0415
        from analysis.printing_sweeps import SweepWatch  # noqa: PLC0415
        from analysis.printing_warn import print_warning  # noqa: PLC0415
        from analysis.questions.warn import warn as ask  # noqa: PLC0415

        given: dict[str, Any] = {
            "worlds": worlds,
            "seed": seed,
            "priors": priors,
            "wider": wider,
            "days": days,
            "agents": agents,
            "overrides": overrides,
        }
        chosen = {name: value for name, value in given.items() if value is not None}
        if chosen and Path(source).is_dir():
            names = ", ".join("--set" if name == "overrides" else f"--{name}" for name in chosen)
            raise refusal(names, "cannot be chosen: the runs of a store are there already", f"leave out, or name a scenario, not {source}")

        def step(what: str) -> None:
            if not quiet:
                err.print(what, markup=False, soft_wrap=True)

        folder = out or folder_of("warn", (source,), (outcome, *(str(one) for one in given.values())))
        with going_on(folder, err), SweepWatch(err, quiet=quiet) as watch:
            watch.begin()
            answer = ask(source, outcome=outcome, workers=workers, out=folder / "store", told=watch, step=step, **chosen)
        tables = {name: getattr(answer, name) for name in ("scores", "reliability", "selection", "walls", "public")}
        keep(folder, "warn", tables, answer.document(), warning_figure(answer))
        tell(answer, partial(print_warning, console(), answer), folder, err, as_json=as_json, quiet=quiet)
