"""A stored run taken up on a day and lived on otherwise: `flywheel run --from FOLDER@DAY`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

import sim
from analysis.verbs.common import refusal
from analysis.verbs.rerunning import load_again


@dataclass(frozen=True)
class Branch:
    """The run it leaves, the day of the first difference, the scenario it goes on with and the seeds."""

    stored: sim.Run
    day: int
    scenario: sim.Scenario
    seeds: tuple[int, ...]


def branch_off(place: str, overrides: Sequence[str], days: int | None, seeds: Sequence[int] | None) -> Branch:
    """What `FOLDER@DAY` and the options beside it mean. seeds: None for those of the stored run. Raises InputError."""
    folder, at, day = place.rpartition("@")
    if not at or not day.isdecimal() or len(day) > 5:
        raise refusal(f"--from {place}", "this is not of the form FOLDER@DAY", "for example `--from runs/sora-1a2b3c4d@90`")
    stored, scenario = load_again(Path(folder))
    with_notes = replace(scenario, notes=tuple(stored.manifest["notes"]))
    changed = sim.branched(with_notes, int(day), overrides, days=days)
    return Branch(stored, int(day), changed, tuple(seeds) if seeds is not None else stored.seeds)


def same_past(branch: Branch, result: sim.Run) -> str:
    """A sentence that the days before the branch are those of the stored run, bit by bit. Raises RuntimeError where they are not."""
    shared = [seed for seed in result.seeds if seed in branch.stored.seeds]
    for seed in shared:
        then, now = (_past(run.daily, seed, branch.day) for run in (branch.stored, result))
        if not then.equals(now):
            raise RuntimeError(f"days 0 to {branch.day - 1} of seed {seed} are not those of {branch.stored.folder}")
    where = f"days 0 to {branch.day - 1}" if branch.day else "nothing before day 0"
    return f"{where} as in {branch.stored.folder}, bit by bit ({len(shared)} of {len(result.seeds)} seeds are in both)"


def _past(daily: pd.DataFrame, seed: int, day: int) -> pd.DataFrame:
    return daily[(daily["seed"] == seed) & (daily["day"] < day)].reset_index(drop=True)
