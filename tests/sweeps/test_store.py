"""The store: equal sweeps are equal files, what is done is done, and nothing is ever mixed or lost."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd
import pytest

from analysis.experiments import Job, open_store
from analysis.experiments.locking import locked
from analysis.experiments.upkeep import retry
from sim import results
from sim.foundation.errors import InputError
from sim.scenario import Scenario
from tests.sweeps.conftest import InProcess, fill, jobs_of


def files(folder: Path) -> dict[str, bytes]:
    """All tables of a store."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}


def test_equal_sweeps_are_equal_files_in_whatever_order_they_are_made(jobs: list[Job], tmp_path: Path) -> None:
    one = fill(jobs, tmp_path / "one")
    other = fill(jobs, tmp_path / "other", InProcess(order=lambda blocks: blocks[::-1]))
    assert len(files(tmp_path / "one")) > 20
    assert files(tmp_path / "one") == files(tmp_path / "other")
    assert one.digest() == other.digest()


def test_a_run_that_differs_makes_another_digest(jobs: list[Job], tmp_path: Path) -> None:
    assert fill(jobs, tmp_path / "one").digest() != fill(jobs[:-1], tmp_path / "other").digest()


def test_an_interrupted_sweep_goes_on_and_ends_with_the_same_files(jobs: list[Job], tmp_path: Path) -> None:
    whole = fill(jobs, tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        fill(jobs, tmp_path / "store", InProcess(stops_after=20))
    kept = len(open_store(tmp_path / "store").runs())
    assert 0 < kept < len(jobs)
    rest = InProcess()
    assert fill(jobs, tmp_path / "store", rest).digest() == whole.digest()
    assert len(rest.made) == len(jobs) - kept


def test_what_is_done_anywhere_is_done(jobs: list[Job], scenarios: Mapping[float, Scenario], tmp_path: Path) -> None:
    few = {value: scenarios[value] for value in (0.3, 0.9)}
    fill(jobs_of(few, 15), tmp_path / "store")
    more = InProcess()
    store = fill(jobs, tmp_path / "store", more)
    assert len(more.made) == 3 * 13
    assert [len(plan.runs) for plan in store.sweeps()] == [30, 65]
    runs = store.runs()
    assert len(runs) == 65
    assert runs["dials.steerability"].tolist() == [job.parameters["dials.steerability"] for job in jobs]
    assert runs["run"].tolist() == [job.run for job in jobs]
    assert store.series(["dau"])["run"].cat.categories.tolist() == [job.run for job in jobs]


def test_equal_jobs_of_one_list_are_one_run_and_two_rows(jobs: list[Job], tmp_path: Path) -> None:
    again = [*jobs[:3], Job(9, 0, jobs[0].parameters, jobs[0].scenario, jobs[0].seed)]
    executor = InProcess()
    runs = fill(again, tmp_path / "store", executor).runs()
    assert len(executor.made) == 3
    assert runs["point"].tolist() == [0, 0, 0, 9]
    assert runs["run"].iloc[3] == runs["run"].iloc[0]


def test_the_tables_hold_what_the_runs_came_to(jobs: list[Job], tmp_path: Path) -> None:
    store = fill(jobs, tmp_path / "store")
    runs, series = store.runs(), store.series(["dau"])
    assert runs["seed"].tolist() == [job.seed for job in jobs]
    assert (runs["outcome"] == "undetermined").all()
    assert runs.attrs["units"]["dau_peak"] == "people"
    assert runs.attrs["units"]["dials.steerability"] == "1"
    assert set(runs.attrs["units"]) == set(runs.columns)
    assert len(series) == 60 * len(jobs)
    assert series["dau"].iloc[::60].tolist() == [300_000.0 + job.seed for job in jobs]
    assert series.attrs["units"] == {"run": "name", "day": "day", "dau": "people"}
    assert "wall_s" not in runs
    times = [json.loads(line) for line in (tmp_path / "store" / "wall_times.jsonl").read_text().splitlines()]
    assert {one["run"] for one in times} == {job.run for job in jobs}


def test_a_changed_model_is_never_mixed_in(jobs: list[Job], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fill(jobs[:3], tmp_path / "store").digest()
    monkeypatch.setattr(results, "model_digest", lambda: "0" * 64)
    with pytest.raises(InputError, match=r"another version of the model .*never mixed"):
        fill(jobs, tmp_path / "store")
    assert open_store(tmp_path / "store").digest() == before


def test_other_daily_metrics_need_another_store(jobs: list[Job], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(jobs[:3], tmp_path / "store")
    monkeypatch.setattr("tests.sweeps.conftest.METRICS", ("dau",))
    with pytest.raises(InputError, match="keeps other daily metrics: dau, cost_usd"):
        fill(jobs, tmp_path / "store")


def test_a_run_that_raises_is_named_and_costs_no_other(jobs: list[Job], tmp_path: Path, made_up: set[int]) -> None:
    whole = fill(jobs, tmp_path / "whole").digest()
    made_up.add(7)
    store = fill(jobs, tmp_path / "store")
    assert len(store.runs()) == len(jobs) - 5
    failures = store.failures()
    assert sorted(failures) == sorted(job.run for job in jobs if job.seed == 7)
    assert {one["why"] for one in failures.values()} == {"ArithmeticError: no luck with seed 7"}
    nothing = InProcess()
    fill(jobs, tmp_path / "store", nothing)
    assert nothing.made == []
    made_up.clear()
    assert retry(tmp_path / "store") == 5
    assert fill(jobs, tmp_path / "store").digest() == whole


@pytest.mark.parametrize("table", ["runs", "series", "sweeps"])
def test_a_part_that_was_cut_off_is_named_and_can_be_made_again(jobs: list[Job], tmp_path: Path, table: str) -> None:
    store = fill(jobs, tmp_path / "store")
    whole = files(store.folder)
    part = store.parts(table)[0]
    part.write_bytes(part.read_bytes()[:100])
    read = {"runs": store.runs, "series": store.series, "sweeps": store.sweeps}[table]
    with pytest.raises(InputError, match=f"{part.name}: cannot be read"):
        read()  # type: ignore[operator]
    with pytest.raises(InputError, match=f"{part.name}: cannot be read"):
        fill(jobs, tmp_path / "store")
    part.unlink()
    after = files(fill(jobs, tmp_path / "store").folder)
    assert {name: data for name, data in after.items() if "sweeps" not in name} == {
        name: whole[name] for name in whole if "sweeps" not in name
    }


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ({"schema": 9}, r"has schema 9; this version reads 1"),
        ({"holds": "something"}, "is not a store"),
        ({"series": None}, "lacks a usable 'series'"),
    ],
)
def test_a_manifest_of_another_version_is_refused(jobs: list[Job], tmp_path: Path, manifest: dict[str, object], message: str) -> None:
    store = fill(jobs[:3], tmp_path / "store")
    before = files(tmp_path / "store")
    (tmp_path / "store" / "manifest.json").write_text(json.dumps(store.manifest | manifest))
    for attempt in (lambda: open_store(tmp_path / "store"), lambda: fill(jobs, tmp_path / "store")):
        with pytest.raises(InputError, match=message):
            attempt()
    assert files(tmp_path / "store") == before


def test_a_folder_of_something_else_is_left_alone(jobs: list[Job], tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(InputError, match="not empty and not a store"):
        fill(jobs, tmp_path)
    with pytest.raises(InputError, match="is not a store: it has no manifest"):
        open_store(tmp_path)
    with pytest.raises(InputError, match="is not a folder"):
        open_store(tmp_path / "nowhere")
    assert (tmp_path / "mine.txt").read_text() == "keep"


def test_a_file_in_place_of_the_folder_is_named(jobs: list[Job], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InputError, match="cannot be written"):
            fill(jobs, path)


def _hold(folder: Path, shard: str, ready: multiprocessing.synchronize.Event) -> None:
    with locked(folder, shard):
        ready.set()
        signal.pause()


@pytest.fixture
def holder(tmp_path: Path) -> Iterator[multiprocessing.Process]:
    """Another process that writes to `store` as the second of two shards."""
    context = multiprocessing.get_context("spawn")
    (tmp_path / "store").mkdir()
    ready = context.Event()
    process = context.Process(target=_hold, args=(tmp_path / "store", "2-of-2", ready))
    process.start()
    assert ready.wait(30)
    yield process
    process.kill()
    process.join()
    process.close()


def test_two_sweeps_on_one_folder_at_once_are_told_so(holder: multiprocessing.Process, jobs: list[Job], tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"is in use: process {holder.pid} on .* is writing to it"):
        fill(jobs, tmp_path / "store")
    with pytest.raises(InputError, match=f"is in use: process {holder.pid}"), locked(tmp_path / "store", "2-of-2"):
        pass
    with locked(tmp_path / "store", "1-of-2"):
        pass
    os.kill(holder.pid or 0, signal.SIGKILL)
    holder.join()
    assert (tmp_path / "store" / ".lock").exists()
    assert len(fill(jobs, tmp_path / "store").runs()) == len(jobs)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 300 kilobytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"mounting is not permitted here: {done.stderr.strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_on_a_full_disk_what_was_finished_is_kept_and_it_goes_on_when_there_is_room(
    jobs: list[Job], tmp_path: Path, small_disk: Path
) -> None:
    whole = fill(jobs, tmp_path / "whole")
    with pytest.raises(InputError, match=r"cannot be written: No space left on device\n.*what was finished is kept"):
        fill(jobs, small_disk / "store")
    kept = len(open_store(small_disk / "store").runs())
    assert 0 < kept < len(jobs)
    subprocess.run(["mount", "-o", "remount,size=30m", str(small_disk)], check=True)
    rest = InProcess()
    assert fill(jobs, small_disk / "store", rest).digest() == whole.digest()
    assert len(rest.made) == len(jobs) - kept


def test_a_disk_that_is_read_only_is_named_and_can_still_be_read(jobs: list[Job], small_disk: Path) -> None:
    fill(jobs[:3], small_disk / "store")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    with pytest.raises(InputError, match="cannot be written: Read-only file system"):
        fill(jobs, small_disk / "store")
    assert len(open_store(small_disk / "store").runs()) == 3


def test_what_a_killed_writer_left_half_written_is_not_read(jobs: list[Job], tmp_path: Path) -> None:
    store = fill(jobs, tmp_path / "store")
    whole = store.digest()
    part = store.parts("series")[0]
    left = part.with_name(f".{part.name}.123.tmp")
    shutil.copy(part, left)
    (tmp_path / "store" / "runs" / part.name).unlink()
    assert len(open_store(tmp_path / "store").runs()) < len(jobs)
    assert fill(jobs, tmp_path / "store").digest() == whole
    assert not left.exists()


def test_asking_for_what_is_not_there_is_told(jobs: list[Job], tmp_path: Path) -> None:
    store = fill(jobs[:3], tmp_path / "store")
    with pytest.raises(InputError, match=r"keeps no daily metric 'dua'\n  did you mean 'dau'"):
        store.series(["dua"])
    with pytest.raises(InputError, match=r"holds no sweep 'large'\n  it holds: small"):
        store.runs("large")


def test_a_frame_can_be_joined_with_its_series(jobs: list[Job], tmp_path: Path) -> None:
    store = fill(jobs, tmp_path / "store")
    joined = store.series(["dau"]).merge(store.runs()[["run", "dials.steerability", "seed"]], on="run")
    assert len(joined) == 60 * len(jobs)
    assert (joined["dau"] == 300_000.0 + joined["seed"]).all()
    pd.testing.assert_frame_equal(store.runs(), store.runs("small"))
