"""A sweep survives the death of anything at any moment: no run lost, none twice, the same bytes as when nothing happens."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import Popen
from typing import Any

import psutil
import pytest

from analysis.experiments import Cluster, Job, Store, execute, open_store
from sim.scenario import load_scenario
from tests.sweeps.deadly import Deadly
from tests.sweeps.small import flywheel, start, sweep_file

RUNS = 300
KILLS = 6


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The sweep file, and the digest of the store that it fills when nothing happens."""
    folder = tmp_path_factory.mktemp("undisturbed")
    file = sweep_file(folder)
    code, _, err = flywheel("sweep", file, "--out", folder / "store", "--workers", 2)
    assert code == 0, err
    return file, open_store(folder / "store").digest()


def assert_whole(store: Store, digest: str) -> None:
    """Every run is there once, and every byte is as it should be."""
    runs = store.runs()
    assert len(runs) == RUNS
    assert runs["run"].is_unique
    assert store.series()["run"].value_counts().eq(40).all()
    assert store.digest() == digest


def kill_tree(process: Popen[str]) -> bool:
    """SIGKILL a process and all its descendants; whether it was still at work."""
    was_alive = process.poll() is None
    with suppress(psutil.NoSuchProcess):
        for one in [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                one.kill()
    process.communicate()
    return was_alive


def wait_for(condition: Any, seconds: float = 180.0) -> None:
    """Wait until a condition holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


def parts(folder: Path) -> int:
    """Parts that are committed."""
    return len(list((folder / "runs").glob("[0-9a-f]*.parquet")))


def test_the_whole_tree_may_be_killed_again_and_again(undisturbed: tuple[Path, str], tmp_path: Path) -> None:
    file, digest = undisturbed
    store = tmp_path / "store"
    moments = random.Random(20251)
    kills = 0
    for kill in range(KILLS + 1):
        process = start("sweep", file, "--out", store, "--workers", 2)
        if kill > 0:  # the first is killed while it starts, the others after their first new part or a little later
            before = parts(store)
            wait_for(lambda before=before, process=process: parts(store) > before or process.poll() is not None)
        time.sleep(moments.uniform(0.0, 0.25 if kill else 1.0))
        kills += kill_tree(process)
    assert kills >= KILLS
    assert parts(store) > 0
    code, _, err = flywheel("sweep", file, "--out", store, "--workers", 2)
    assert code == 0, err
    assert_whole(open_store(store), digest)


def test_single_workers_may_be_killed_by_their_pid(undisturbed: tuple[Path, str], tmp_path: Path) -> None:
    file, digest = undisturbed
    store = tmp_path / "store"
    moments = random.Random(7)
    process = start("sweep", file, "--out", store, "--workers", 2)
    kills = 0
    while kills < KILLS:
        before = parts(store)
        wait_for(lambda before=before: parts(store) > before or process.poll() is not None)
        workers = psutil.Process(process.pid).children() if process.poll() is None else []
        if not workers:
            break
        time.sleep(moments.uniform(0.0, 0.05))
        with suppress(psutil.NoSuchProcess):
            moments.choice(workers).kill()
            kills += 1
    _, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    assert kills == KILLS
    assert_whole(open_store(store), digest)


def test_shards_of_one_store_give_the_same_files(undisturbed: tuple[Path, str], tmp_path: Path) -> None:
    file, digest = undisturbed
    store = tmp_path / "store"
    shards = [start("sweep", file, "--out", store, "--shard", f"{number}/2", "--workers", 1) for number in (1, 2)]
    for shard in shards:
        _, err = shard.communicate(timeout=300)
        assert shard.returncode == 0, err
    assert_whole(open_store(store), digest)


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[tuple[Path, list[Popen[str]]]]:
    """A Dask scheduler and workers on loopback; the scheduler file and the workers, each with a nanny that starts it again."""
    address = folder / "scheduler.json"

    def launch(*arguments: object) -> Popen[str]:
        command = [sys.executable, "-m", "distributed.cli." + str(arguments[0]), *map(str, arguments[1:]), "--no-dashboard"]
        with (folder / f"{arguments[0]}.log").open("a") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, text=True, cwd=folder, start_new_session=True)

    scheduler = launch("dask_scheduler", "--scheduler-file", address, "--host", "127.0.0.1", "--port", 0)
    started = [scheduler]
    try:
        wait_for(address.exists)
        nannies = [launch("dask_worker", "--scheduler-file", address, "--nthreads", 1, "--nworkers", 1) for _ in range(workers)]
        started += nannies
        yield address, nannies
    finally:
        for process in started:
            kill_tree(process)


def test_on_dask_workers_and_the_caller_may_be_killed(
    undisturbed: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    file, digest = undisturbed
    store = tmp_path / "store"
    moments = random.Random(3)
    with cluster(tmp_path) as (address, nannies):
        caller = start("sweep", file, "--out", store, "--dask", address)
        for nanny in nannies:
            before = parts(store)
            wait_for(lambda before=before: parts(store) > before)
            for worker in psutil.Process(nanny.pid).children():
                worker.kill()
            time.sleep(moments.uniform(0.0, 0.2))
        assert kill_tree(caller)
        code, _, err = flywheel("sweep", file, "--out", store, "--dask", address)
        assert code == 0, err
    assert_whole(open_store(store), digest)


def test_on_dask_a_run_that_kills_its_workers_is_named_and_skipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    scenario = load_scenario("sora", days=30, agents=300)
    jobs = [
        Job(0, replicate, {"world": "little"}, Deadly.like(scenario) if replicate == 1 else scenario, replicate + 1)
        for replicate in range(4)
    ]
    with cluster(tmp_path, workers=1) as (address, _):
        store = execute(jobs, tmp_path / "store", series=("dau",), executor=Cluster(str(address)))
    assert store.runs()["seed"].tolist() == [1, 3, 4]
    assert [one["why"] for one in store.failures().values()] == ["killed several workers"]
