"""The `flywheel` command. Exit codes: 0 ran, whatever the verdict; 1 own failure; 2 bad input; 130 interrupted.

Heavy modules (matplotlib, scipy, Mesa) are loaded when a verb needs them: help comes at once, and Ctrl-C while they load is answered.
"""

from __future__ import annotations

import sys

import typer

from analysis.verbs import (
    calibrating,
    falsifying,
    questions,
    reference,
    rescuing,
    retrodicting,
    running,
    scenarios,
    stores,
    sweeping,
    validation,
)

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, no_args_is_help=True, help="Does an AI product ecosystem grow by itself?"
)
app.command()(running.run)
app.command()(running.report)
app.command()(sweeping.sweep)
app.add_typer(stores.app, name="store")
app.command()(questions.compare)
app.command()(questions.frontier)
app.command()(rescuing.rescue)
app.command()(retrodicting.retrodict)
app.add_typer(calibrating.calibrate, name="calibrate")
app.command("list")(scenarios.list_)
app.command()(scenarios.new)
app.command()(scenarios.check)
app.command()(scenarios.diff)
app.command()(scenarios.schema)
app.command()(reference.describe)
app.command()(reference.evidence)
app.command()(validation.validate)
app.command()(falsifying.falsifiers)


def main() -> None:
    """The entry point of the command."""
    try:
        app()
    except BrokenPipeError:
        sys.stderr.close()
        raise SystemExit(0) from None


if __name__ == "__main__":
    main()
