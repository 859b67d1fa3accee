"""Runs made up in no time by a pool that stays in this process, so that stores are tested without living a single day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.experiments import Job, Store, execute
from analysis.experiments.blocks import Block, make_block
from analysis.experiments.local import Event
from analysis.experiments.worker import Ran
from sim.scenario import Scenario, load_scenario
from tests.made_up import simulated

METRICS = ("dau", "cost_usd")


@dataclass
class InProcess:
    """An executor that makes blocks here, one after another. order: of the blocks; stops_after: blocks until it is interrupted."""

    order: Callable[[list[Block]], list[Block]] = list
    stops_after: int | None = None
    made: list[str] = field(default_factory=list)
    count: int = 1

    def pool(self) -> InProcess:
        return self

    def __enter__(self) -> InProcess:
        return self

    def __exit__(self, *_: object) -> None: ...

    def trial(self, job: Job) -> float:
        return 0.1

    def make(self, blocks: Iterable[Block]) -> Iterator[Event]:
        for number, block in enumerate(self.order(list(blocks))):
            if number == self.stops_after:
                raise KeyboardInterrupt
            ran: list[Ran] = []
            finished = make_block(block, lambda run, outcome, ran=ran: ran.append(Ran(run, outcome)))
            yield from ran
            self.made += [one.run for one in ran if not one.outcome]
            yield finished


_KNOWN: dict[tuple[str, int], tuple[pd.DataFrame, Mapping[str, Any]]] = {}


def _made_up(digest: str, scenario: Scenario, seed: int) -> tuple[pd.DataFrame, Mapping[str, Any]]:
    """Daily table and summary of a made-up run; each is made up once."""
    if (digest, seed) not in _KNOWN:
        tables, summary = simulated(scenario, seed)
        _KNOWN[digest, seed] = tables["daily"], summary
    return _KNOWN[digest, seed]


@pytest.fixture
def made_up(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Runs made in this process are made up; the seeds in the set fail."""
    failing: set[int] = set()

    def simulate_daily(scenario: Scenario, seed: int) -> tuple[pd.DataFrame, Mapping[str, Any]]:
        if seed in failing:
            raise ArithmeticError(f"no luck with seed {seed}")
        return _made_up(scenario.digest(), scenario, seed)

    monkeypatch.setattr("sim.simulate_daily", simulate_daily)
    return failing


@pytest.fixture(scope="session")
def scenarios() -> dict[float, Scenario]:
    """The baseline over 60 days at five steerabilities."""
    return {value: load_scenario("baseline", {"dials.steerability": value}, days=60) for value in (0.1, 0.3, 0.5, 0.7, 0.9)}


@pytest.fixture
def jobs(scenarios: dict[float, Scenario], made_up: set[int]) -> list[Job]:
    """65 jobs: five points of 13 replicates."""
    return jobs_of(scenarios, 13)


def jobs_of(scenarios: Mapping[float, Scenario], replicates: int) -> list[Job]:
    """The jobs of a list of steerabilities."""
    points = enumerate(scenarios.items())
    return [
        Job(point, replicate, {"dials.steerability": value}, scenario, replicate + 1)
        for point, (value, scenario) in points
        for replicate in range(replicates)
    ]


def fill(jobs: list[Job], folder: Path, executor: InProcess | None = None) -> Store:
    """The store of these jobs."""
    return execute(jobs, folder, name="small", series=METRICS, executor=executor or InProcess())  # type: ignore[arg-type]
