"""What verbs that ask a question of many runs share: where answers are kept, how they are told, and over which draws a world is lived."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd
import typer
from rich.console import Console

import sim
from analysis.verbs.calibrated import note_model
from analysis.verbs.common import INTERRUPTED, refusal

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from analysis.questions.asking import World
    from analysis.questions.lives import Lives

SEEDS, DRAWS = 20, 60


def lives_of(world: World, seeds: int | None, ensemble: str | None, draws: int | None, err: Console) -> Lives:
    """The draws that are asked for: seeds of one world, or sets of an ensemble. Raises InputError for what does not go together."""
    from analysis.calibration import load_ensemble  # noqa: PLC0415
    from analysis.questions.lives import Across, Seeded  # noqa: PLC0415

    if ensemble is None:
        if draws is not None:
            raise refusal("--draws", "says how many sets are drawn from an ensemble, and none is named", "add `--ensemble sora`")
        return Seeded(world, sim.seeds_of(seeds or SEEDS))
    if seeds is not None:
        raise refusal("--seeds", "each set of an ensemble has a seed of its own", "say how many sets with --draws")
    loaded = load_ensemble(ensemble)
    note_model(loaded, err)
    return Across(world, loaded, tuple(loaded.drawn(draws or DRAWS)))


def folder_of(verb: str, scenarios: Sequence[str], asked: Sequence[object]) -> Path:
    """runs/<verb>-<scenarios>-<hash of the question and the model>, in the current directory."""
    digest = hashlib.sha256(json.dumps([sim.model_digest(), *scenarios, *asked]).encode()).hexdigest()[:8]
    return Path("runs") / "-".join([verb, *(Path(name).stem for name in scenarios), digest])


@contextmanager
def going_on(folder: Path, err: Console) -> Iterator[None]:
    """Say that an interrupted question goes on."""
    try:
        yield
    except KeyboardInterrupt:
        err.print(f"interrupted; finished runs are kept in {folder}: the same command goes on", markup=False, soft_wrap=True)
        raise typer.Exit(INTERRUPTED) from None


def keep(folder: Path, name: str, tables: Mapping[str, pd.DataFrame], document: Mapping[str, Any], figure: Figure) -> None:
    """Write tables as CSV, all in one as JSON, and the figure. Raises InputError where the folder cannot be written."""
    from analysis.experiments.writing import storing  # noqa: PLC0415
    from analysis.figures.style import as_png  # noqa: PLC0415

    with storing(folder):
        for table, frame in tables.items():
            sim.write_bytes(folder / f"{table}.csv", frame.to_csv(index=False).encode())
        sim.write_json(folder / f"{name}.json", document)
        sim.write_bytes(folder / f"{name}.png", as_png(figure))


class Answer(Protocol):
    """What every question gives back."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader should know."""

    def document(self) -> dict[str, Any]:
        """It as plain JSON."""


def tell(answer: Answer, show: Callable[[], None], folder: Path, err: Console, *, as_json: bool, quiet: bool) -> None:
    """Print the answer on stdout, and on stderr where it is kept and what to note."""
    if as_json:
        print(json.dumps(answer.document(), ensure_ascii=False, indent=2, allow_nan=False))
    else:
        show()
    if not quiet:
        err.print(f"tables, figure and runs: {folder}", markup=False, soft_wrap=True)
        for note in answer.notes:
            err.print(f"note: {note}", markup=False, soft_wrap=True)
