"""A stored run lived again, and held against what is stored bit by bit."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import sim
from analysis.printing import Watch
from analysis.verbs.common import refusal

TABLES = ("daily", "cohorts", "ledger", "runs")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One table of one seed: its digest as stored and as lived again, and where the two first differ, "" if they are the same."""

    seed: int
    table: str
    stored: str
    again: str
    first_difference: str

    @property
    def is_identical(self) -> bool:
        """Whether every bit is the same."""
        return self.stored == self.again


@dataclass(frozen=True, slots=True)
class Rerun:
    """All tables compared, and what ran in another version then ("numpy 2.0 then, 2.1 now")."""

    compared: tuple[Comparison, ...]
    moved_versions: tuple[str, ...]

    @property
    def differing(self) -> tuple[Comparison, ...]:
        """The tables that are not the same."""
        return tuple(one for one in self.compared if not one.is_identical)


def load_again(folder: Path) -> tuple[sim.Run, sim.Scenario]:
    """The stored run and the scenario its manifest holds. Raises InputError when today's model cannot give the same run."""
    stored = sim.open_run(folder)
    manifest = str(folder / "manifest.json")
    written_by, now = str(stored.manifest.get("model_digest", "")), sim.model_digest()
    if written_by != now:
        hint = "install the version that wrote it, or run the scenario afresh into another folder"
        raise refusal(manifest, f"the model has changed since: its sources were {written_by[:8] or 'unknown'}, now {now[:8]}", hint)
    scenario = sim.Scenario.from_document(stored.scenario)
    if scenario.digest() != stored.manifest.get("scenario_digest"):
        raise refusal(manifest, "the scenario in it is not the one that was run", "it was changed by hand")
    return stored, scenario


def rerun(stored: sim.Run, scenario: sim.Scenario, watch: Watch) -> Rerun:
    """Live every stored seed again, in memory, and compare each table; nothing is written."""
    again = sim.run(scenario, seeds=stored.seeds, progress=watch)
    then, now = stored.manifest.get("versions", {}), again.manifest["versions"]
    moved = tuple(f"{name} {then.get(name)} then, {now[name]} now" for name in now if then.get(name) != now[name])
    return Rerun(tuple(_compared(seed, name, stored, again) for seed in stored.seeds for name in TABLES), moved)


def _compared(seed: int, name: str, stored: sim.Run, again: sim.Run) -> Comparison:
    old, new = (_of_seed(getattr(run, name), seed) for run in (stored, again))
    one, other = digest_of(old), digest_of(new)
    return Comparison(seed, name, one, other, "" if one == other else _first_difference(old, new))


def _of_seed(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    return frame[frame["seed"] == seed].reset_index(drop=True)


def digest_of(frame: pd.DataFrame) -> str:
    """SHA-256 (hex) over names, kinds and bytes of the columns."""
    digest = hashlib.sha256()
    for name in frame.columns:
        data, kind = _bytes_of(frame[name])
        digest.update(f"{name}:{kind}:{len(data)}:".encode() + data)
    return digest.hexdigest()


def _bytes_of(column: pd.Series) -> tuple[bytes, str]:
    values = column.to_numpy()
    if values.dtype.kind in "biuf":
        return np.ascontiguousarray(values).tobytes(), values.dtype.str
    return "\0".join(map(repr, values.tolist())).encode(), "text"


def _first_difference(old: pd.DataFrame, new: pd.DataFrame) -> str:
    """Row, column and both values where two tables first differ."""
    if list(old.columns) != list(new.columns):
        return "the columns differ"
    if len(old) != len(new):
        return f"{len(old)} rows stored, {len(new)} now"
    for name in old.columns:
        one, other = old[name].to_numpy(), new[name].to_numpy()
        differing = [row for row in range(len(old)) if repr(one[row]) != repr(other[row])]
        if differing:
            row = differing[0]
            return f"column {name}, row {row}: {one[row]} stored, {other[row]} now"
    return "the kinds of the columns differ"
