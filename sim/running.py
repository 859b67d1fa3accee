"""Run a scenario over seeds, one after another, and keep each finished seed at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numba.core import event
from numpy.typing import NDArray

from sim.ecosystem import Ecosystem
from sim.foundation.errors import InputError, Problem
from sim.outcome import judge
from sim.results import Run, RunFolder, as_parts, assemble, manifest_of, open_run
from sim.scenario import Overrides, Scenario, load_scenario
from sim.summary import RETENTION_DAYS, summarise
from sim.world import World

LARGEST_SEED = 2**32 - 1
MOST_SEEDS = 1_000_000
"""Seeds of one run; a sweep takes more."""

Progress = Callable[[int, int, Mapping[str, Any]], None]
"""Called after each seed: seeds finished, seeds in all, the summary of the one just finished."""


def seeds_of(seeds: int | Sequence[int] = 20, first_seed: int = 1) -> tuple[int, ...]:
    """The seeds to run: those named, or so many from `first_seed` on.

    Raises InputError unless they are distinct, from 0 to 2^32 - 1, and at most a million.
    """
    if isinstance(seeds, int) and seeds > MOST_SEEDS:
        hint = "a world is judged by 20 or more; a sweep takes many"
        raise InputError([Problem("seeds", f"{seeds} seeds are more than {MOST_SEEDS:,}", hint)])
    chosen = tuple(range(first_seed, first_seed + seeds)) if isinstance(seeds, int) else tuple(seeds)
    if not chosen:
        raise InputError([Problem("seeds", "at least one seed is needed")])
    if len(set(chosen)) < len(chosen):
        raise InputError([Problem("seeds", "a seed is named twice")])
    if wrong := [seed for seed in chosen if not 0 <= seed <= LARGEST_SEED]:
        raise InputError([Problem("seeds", f"{wrong[0]} is not a whole number from 0 to {LARGEST_SEED}")])
    return chosen


def compile_kernels(tell: Callable[[int], None]) -> None:
    """Have every kernel ready, compiled for this machine or read from its cache; `tell` hears how many functions were compiled so far."""
    listener = _Compilations(tell)
    with event.install_listener("numba:compile", listener):
        Ecosystem("sora_makers_pay", agents=60, days=2).run()


class _Compilations(event.Listener):
    """Counts the functions that numba compiles."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        self.done = 0
        self.tell = tell

    def on_start(self, _: event.Event) -> None:
        """A function is begun: only the finished count."""

    def on_end(self, _: event.Event) -> None:
        """A function is compiled."""
        self.done += 1
        self.tell(self.done)


def simulate(scenario: Scenario, seed: int) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """One run from launch to its end: its tables (daily, cohorts, ledger) and its summary."""
    start = time.perf_counter()
    world = Ecosystem(scenario, run_seed=seed)
    world.run()
    tables, finals = world.tables(), world.finals()
    outcome = judge(tables["daily"], closed_day=world.closed_day, closed_cause=world.closed_cause or None)
    wall_s = round(time.perf_counter() - start, 3)
    fired = world.world.policy.fired
    _let_go(world)
    return tables, summarise(scenario, seed, tables["daily"], tables["cohorts"], finals, outcome, fired=fired, wall_s=wall_s)


def simulate_daily(scenario: Scenario, seed: int) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The daily table and the summary that `simulate` gives, for those who make many runs: without the tables of cohorts and books."""
    start = time.perf_counter()
    model = Ecosystem(scenario, run_seed=seed).run()
    world = model.world
    daily = world.recorder.table()
    outcome = judge(daily, closed_day=model.closed_day, closed_cause=model.closed_cause or None)
    retained = _at_ages(RETENTION_DAYS, world)
    finals = model.finals()
    wall_s = round(time.perf_counter() - start, 3)
    _let_go(model)
    return daily, summarise(scenario, seed, daily, retained, finals, outcome, fired=world.policy.fired, wall_s=wall_s)


def _let_go(model: Ecosystem) -> None:
    """Empty a model that nobody needs any more: Mesa 3.3 never forgets one that had agents, and many runs would fill the memory."""
    model.__dict__.clear()


def _at_ages(ages: Sequence[int], world: World) -> pd.DataFrame:
    """The rows of the cohort table at these ages, without the columns that tell cohorts apart."""
    cohorts, days = world.cohorts, world.recorder.days_closed
    rows: dict[str, list[NDArray[Any]]] = {name: [np.zeros(0)] for name in ("age_days", "adopters", "active")}
    for age in ages:
        adopted_by = days - age
        if adopted_by <= 0:
            continue
        adopters = np.zeros(cohorts.active.shape[:3], dtype=np.int64)
        np.add.at(adopters, np.arange(adopted_by) // cohorts.cohort_days, cohorts.adopters[:adopted_by])
        counted = adopters > 0
        rows["adopters"].append(adopters[counted] * world.people_per_row)
        rows["active"].append(cohorts.active[..., age][counted] * world.people_per_row)
        rows["age_days"].append(np.full(np.count_nonzero(counted), age))
    return pd.DataFrame({name: np.concatenate(parts) for name, parts in rows.items()})


def run(
    scenario: Scenario | str | Path,
    *,
    overrides: Overrides = (),
    days: int | None = None,
    agents: int | None = None,
    seeds: int | Sequence[int] = 20,
    first_seed: int = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """Run a scenario (loaded, or its name or file) over seeds: so many from `first_seed` on, or those named.

    overrides, days, agents: laid over a scenario given by name or file, as in `load_scenario`: overrides={"dials.steerability": 0.8}.
    out: the folder to keep it in; None keeps it in memory only. A folder that holds this very run complete is read and nothing is run; one
    that holds a part of it is continued. A seed is on disk as soon as it is finished, so an interruption loses at most one.
    Raises InputError for a bad scenario, override, seed or folder; TypeError for something laid over a loaded scenario, which is finished;
    BooksBroken when the accounts do not add up.
    """
    chosen = seeds_of(seeds, first_seed)
    loaded = _loaded(scenario, overrides, days, agents)
    if out is None:
        return _run_in_memory(loaded, chosen, progress)
    folder = RunFolder(Path(out), loaded, chosen)
    if not folder.is_complete():
        missing = [seed for seed in chosen if seed not in folder.summaries()]
        for done, seed in enumerate(missing, start=len(chosen) - len(missing) + 1):
            tables, summary = simulate(loaded, seed)
            folder.add(seed, tables, summary)
            if progress:
                progress(done, len(chosen), summary)
        folder.close()
    return open_run(out)


def _loaded(scenario: Scenario | str | Path, overrides: Overrides, days: int | None, agents: int | None) -> Scenario:
    if not isinstance(scenario, Scenario):
        return load_scenario(scenario, overrides, days=days, agents=agents)
    if overrides or days is not None or agents is not None:
        raise TypeError("overrides, days and agents need the scenario's name or file: a loaded Scenario is finished")
    return scenario


def _run_in_memory(scenario: Scenario, seeds: Sequence[int], progress: Progress | None) -> Run:
    parts, summaries = {}, []
    for seed in seeds:
        tables, summary = simulate(scenario, seed)
        parts[seed] = as_parts(tables, summary)
        summaries.append(summary)
        if progress:
            progress(len(summaries), len(seeds), summary)
    return assemble(manifest_of(scenario, seeds, summaries), parts, summaries)
