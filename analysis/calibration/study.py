"""From sets of parameters to figures: runs are made by the executors and kept in stores, one a step, so that a study goes on by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
import pandas as pd

import sim
from analysis.calibration.prior_file import Priors
from analysis.calibration.target_file import World
from analysis.calibration.targets import Floats, Target
from analysis.experiments import Job, Local, Progress, Store, execute
from analysis.experiments.blocks import Block
from analysis.experiments.executors import Pool
from analysis.experiments.local import Event, LocalPool

Tell = Callable[[str, int, int], None]
"""Told which runs are being made, how many of them are done, and how many there are."""


def silent(what: str, done: int, total: int) -> None:
    """Tell nobody."""


@dataclass
class _StandingPool:
    """Processes that stay between lists of jobs, because a study asks often and for few."""

    inner: LocalPool
    count: int
    seconds: float | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        pass

    def trial(self, job: Job) -> float | None:
        if self.seconds is None:
            self.seconds = self.inner.trial(job)
        return self.seconds

    def make(self, blocks: Iterable[Block]) -> Iterator[Event]:
        return self.inner.make(blocks)


class Standing(Local):
    """Worker processes of this machine that stay until the context is left."""

    def __enter__(self) -> Self:
        inner = super().pool()
        assert isinstance(inner, LocalPool)
        object.__setattr__(self, "_kept", _StandingPool(inner, inner.count))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._kept.inner.__exit__(kind, error, trace)

    def pool(self) -> Pool:
        """The processes."""
        return self._kept

    _kept: _StandingPool


def overrides_of(values: Mapping[str, sim.Value], base: sim.Scenario, scenario: sim.Scenario) -> dict[str, sim.Value]:
    """What a set of parameters of the base sets in another scenario: all but what that scenario itself has otherwise than the base."""
    return {path: value for path, value in values.items() if scenario.values.get(path) == base.values.get(path)}


@dataclass
class Study:
    """Runs of sets of parameters in some worlds, and the figures that targets are about.

    worlds: the base under "". folder: of the stores. agents: rows of a run. What was asked for, step by step: points, seeds, and
    observed, a row a set and a column a target.
    """

    priors: Priors
    worlds: Mapping[str, World]
    targets: Sequence[Target]
    folder: Path
    agents: int
    executor: Local
    tell: Tell = silent
    points: list[Floats] = field(default_factory=list)
    seeds: list[int] = field(default_factory=list)
    observed: list[pd.DataFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        base = sim.load_scenario(self.priors.base)
        needed = {target.world for target in self.targets} | {""}
        self.worlds = {name: world for name, world in self.worlds.items() if name in needed}
        self._families = {name: sim.ScenarioFamily(world.scenario) for name, world in self.worlds.items()}
        self._base = base
        self._plain = {name: family.member() for name, family in self._families.items()}
        self.metrics = tuple(dict.fromkeys(metric for target in self.targets for metric in target.observable.metrics)) or ("dau",)

    def observe(self, z: Floats, seeds: Sequence[int]) -> pd.DataFrame:
        """The figures of the sets at points z, shape (sets, parameters), each run with its seed in every world; NaN where a run failed."""
        step, values = len(self.observed), [self.priors.values(point) for point in z]
        found = pd.DataFrame(np.nan, index=np.arange(len(z)), columns=[target.name for target in self.targets])
        for world in self.worlds:
            jobs = [self.job(world, row, values[row], seeds[row]) for row in range(len(z))]
            table = self.run(jobs, f"{step:03d}-{world or 'base'}", [target for target in self.targets if target.world == world])
            found.loc[table.index, table.columns] = table
        self.points.append(z)
        self.seeds.extend(seeds)
        self.observed.append(found)
        return found

    def job(self, world: str, point: int, values: Mapping[str, sim.Value], seed: int) -> Job:
        """The run of a set in a world."""
        own = overrides_of({**self.priors.fixed, **values}, self._base, self._plain[world])
        scenario = self._families[world].member(own, days=self.worlds[world].days, agents=self.agents)
        return Job(point, 0, {"world": world or "base"}, scenario, seed)

    def run(self, jobs: Sequence[Job], name: str, targets: Sequence[Target]) -> pd.DataFrame:
        """The figures of a list of runs: a row a job by its place, a column a target; jobs that failed have none."""
        self.tell(name, 0, len(jobs))

        def progress(now: Progress) -> None:
            self.tell(name, now.done, now.total)

        store = execute(jobs, self.folder / name, name=name, series=self.metrics, executor=self.executor, progress=progress)
        return figures_of(store, targets, {job.run: place for place, job in enumerate(jobs)})


def figures_of(store: Store, targets: Sequence[Target], places: Mapping[str, int]) -> pd.DataFrame:
    """The figures of the runs of a store: a row a run, its index its place; a column a target."""
    runs = store.runs()
    days = store.series()
    split = {str(run): frame for run, frame in days.groupby("run", observed=True)}
    rows = {}
    for run in runs.to_dict("records"):
        daily = {metric: split[run["run"]][metric].to_numpy(np.float64) for metric in store.metrics}
        closed = run["outcome"] == "shutdown"
        figures = {str(key): _number(value) for key, value in run.items()}
        rows[places[run["run"]]] = [target.observable.of_run(daily, figures, closed=closed) for target in targets]
    return pd.DataFrame.from_dict(rows, orient="index", columns=[target.name for target in targets], dtype=np.float64)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan
