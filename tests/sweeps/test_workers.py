"""Worker processes: a run that kills them is named and left out, and nothing else is lost with them."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from analysis.experiments import Estimate, Job, Local, Progress, execute
from analysis.experiments.local import LocalPool
from sim.foundation.errors import InputError
from sim.scenario import load_scenario
from tests.sweeps.deadly import Deadly

METRICS = ("dau",)


@pytest.fixture(scope="module")
def jobs() -> list[Job]:
    """30 jobs of little worlds."""
    scenario = load_scenario("sora", days=30, agents=300)
    return [Job(0, replicate, {"world": "little"}, scenario, replicate + 1) for replicate in range(30)]


@pytest.mark.parametrize("place", [0, 21])
def test_a_run_that_kills_its_workers_is_named_recorded_and_skipped(jobs: list[Job], tmp_path: Path, place: int) -> None:
    healthy = jobs[place]
    deadly = Job(0, place, healthy.parameters, Deadly.like(healthy.scenario), healthy.seed, healthy.run)
    told: list[Progress] = []
    announced: list[Estimate] = []
    store = execute(
        [*jobs[:place], deadly, *jobs[place + 1 :]],
        tmp_path,
        series=METRICS,
        executor=Local(2),
        announce=announced.append,
        progress=told.append,
    )
    assert len(store.runs()) == 29
    (failed,) = store.failures().values()
    assert (failed["run"], failed["seed"]) == (healthy.run, place + 1)
    assert failed["why"] == "killed 3 workers (signal 9)"
    assert (announced[0].seconds is None) == (place == 0)
    assert (told[-1].done, told[-1].total) == (30, 30)
    assert told[-1].outcomes["failed"] == 1


def test_a_first_run_that_fails_leaves_the_time_unknown_and_no_traceback(
    jobs: list[Job], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    scenario = jobs[0].scenario
    broken = dataclasses.replace(scenario, values={key: value for key, value in scenario.values.items() if key != "people"})
    announced: list[Estimate] = []
    first = Job(0, 0, jobs[0].parameters, broken, 1)
    store = execute([first, *jobs[1:4]], tmp_path, series=METRICS, executor=Local(1), announce=announced.append)
    assert announced[0].seconds is None
    assert [one["why"] for one in store.failures().values()] == ["KeyError: 'people'"]
    assert len(store.runs()) == 3
    assert capfd.readouterr().err == ""


def test_one_worker_and_two_leave_the_same_files(jobs: list[Job], tmp_path: Path) -> None:
    digests = {execute(jobs, tmp_path / str(count), series=METRICS, executor=Local(count)).digest() for count in (1, 2)}
    assert len(digests) == 1


def test_workers_that_cannot_begin_are_told_of(jobs: list[Job], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "/bin/false")
    with pytest.raises(InputError, match="workers: 3 died one after another before they ran anything"):
        execute(jobs, tmp_path, series=METRICS, executor=Local(2))


def test_no_process_stays_behind(jobs: list[Job]) -> None:
    started: list[int] = []
    with LocalPool(2) as pool:
        for _ in pool.make(_blocks(jobs)):
            started = started or [worker.process.pid for worker in pool._workers]
    assert len(started) == 2
    assert not any(_is_alive(pid) for pid in started)


def _blocks(jobs: Sequence[Job]) -> list[Any]:
    from analysis.experiments.blocks import Block  # noqa: PLC0415

    return [Block(str(number), (job,), METRICS) for number, job in enumerate(jobs[:4])]


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
