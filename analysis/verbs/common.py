"""What all verbs share: exit codes, arguments, how errors are said and how a file is written."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import sim
from analysis.printing import console

FAILED, BAD_INPUT, INTERRUPTED = 1, 2, 130

ScenarioName = Annotated[str, typer.Argument(help="A shipped scenario's name (sora) or a YAML file.", show_default=False)]
Overrides = Annotated[list[str] | None, typer.Option("--set", help="path=value over the scenario; may be repeated.", show_default=False)]
Days = Annotated[int | None, typer.Option("--days", help="Days to run, instead of the scenario's.", show_default=False)]
Agents = Annotated[int | None, typer.Option("--agents", help="Rows that stand for the people.", show_default=False)]
Workers = Annotated[int | None, typer.Option("--workers", min=1, help="Processes; default one a core.", show_default=False)]
OutFolder = Annotated[
    Path | None, typer.Option("--out", help="Folder for tables, figure and runs; default below runs/.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout, all else on stderr.")]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress.")]
EnsembleName = Annotated[
    str | None, typer.Option("--ensemble", help="Draw over the sets of an ensemble (sora), not over seeds of one.", show_default=False)
]
EnsembleDraws = Annotated[int | None, typer.Option("--draws", min=2, help="Sets drawn from the ensemble.", show_default=False)]
TextFile = Annotated[Path | None, typer.Option("--out", help="Write it to this file instead.", show_default=False)]


@contextmanager
def failures() -> Iterator[Console]:
    """Turn errors into messages on stderr and exit codes; gives the console for stderr."""
    err = console(stderr=True)
    try:
        yield err
    except sim.InputError as error:
        err.print(str(error), markup=False, soft_wrap=True)
        raise typer.Exit(BAD_INPUT) from error
    except KeyboardInterrupt as error:
        err.print("interrupted")
        raise typer.Exit(INTERRUPTED) from error
    except (typer.Exit, BrokenPipeError):
        raise
    except Exception as error:
        err.print(traceback.format_exc(), markup=False, soft_wrap=True)
        err.print(f"flywheel failed, which is not your fault: {error}", markup=False, soft_wrap=True)
        raise typer.Exit(FAILED) from error


def compile_model(err: Console) -> None:
    """Compile the model for this machine, and show how far that is."""
    start, what = time.monotonic(), "compiling the model for this machine, once"
    if not err.is_terminal:
        err.print(f"{what}: it takes up to a minute")
    with err.status(what) as status:
        sim.compile_kernels(lambda done: status.update(f"{what}: {done} functions, {time.monotonic() - start:.0f} s"))


def refusal(place: str, message: str, hint: str = "") -> sim.InputError:
    """The error to raise about something on the command line."""
    return sim.InputError([sim.Problem(place, message, hint)])


def print_notes(notes: Iterable[str], err: Console) -> None:
    """What the user should know although nothing is wrong, such as an override that changes nothing."""
    for note in notes:
        err.print(f"note: {note}", markup=False, soft_wrap=True)


def give(text: str, out: Path | None, err: Console) -> None:
    """Print a text, or write it to a file. Raises InputError when that cannot be written."""
    if out is None:
        print(text, end="")
        return
    write_text(out, text)
    err.print(f"written: {out}", markup=False, soft_wrap=True)


def write_text(path: Path, text: str, *, is_new: bool = False) -> None:
    """Write a text file. Raises InputError when it cannot be written, or is there already although it must be new."""
    try:
        with path.open("x" if is_new else "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError as error:
        raise refusal(str(path), "is there already", "nothing was written: choose another name, or remove it first") from error
    except OSError as error:
        raise refusal(str(path), f"cannot be written: {error.strerror}") from error
