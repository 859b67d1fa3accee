"""`flywheel sweep` and `flywheel store`: what they say before, meanwhile and after, and with which exit code."""

from __future__ import annotations

import json
import re
import shutil
import signal
import time
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from analysis.cli import app
from analysis.experiments import Job, open_store
from tests.sweeps.conftest import fill
from tests.sweeps.small import start, sweep_file

TINY = """
schema: 1
base: sora
set: {agents: 300, days: 190, parent.stop_loss_usd: null}
vary:
  dials: {steerability: [0.1, 0.9]}
  policies: {interventions.quota_cut.date: [2025-11-28, 2025-12-28]}
design: grid
replicates: 3
"""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


def flywheel(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_a_sweep_says_what_is_to_come_goes_on_by_itself_and_sums_up(tmp_path: Path) -> None:
    sweep_file(tmp_path, TINY, "tiny")
    first = flywheel("sweep", "tiny.yaml", "--workers", "2")
    assert first.exit_code == 0, first.stderr
    assert "tiny: grid of 4 points, 3 seeds each: 12 runs of 300 rows over 190 days" in first.stderr
    assert "to make: 12 runs, about " in first.stderr
    assert re.search(r"s on 2 workers, about 0\.1 MB of disk, where [\d,.]+ [MG]B are free; kept in runs/tiny", first.stderr)
    assert "12 of 12 runs" in first.stderr
    assert "tiny: 12 runs at 4 points" in first.stdout
    assert "interventions.quota_cut.date" in first.stdout
    assert "2025-12-28" in first.stdout
    digest = open_store("runs/tiny").digest()
    again = flywheel("sweep", "tiny.yaml", "--workers", "2")
    assert "nothing to make: 12 are in runs/tiny already" in again.stderr
    assert again.stdout == first.stdout
    (tmp_path / "tiny.yaml").write_text(TINY.replace("replicates: 3", "replicates: 4"))
    more = flywheel("sweep", "tiny.yaml", "--workers", "2", "--quiet")
    assert more.exit_code == 0
    assert more.stderr == ""
    assert "tiny: 16 runs at 4 points" in more.stdout
    assert len(open_store("runs/tiny").parts("runs")) == 12 + 4
    assert open_store("runs/tiny").digest() != digest


def test_ctrl_c_leaves_a_store_that_goes_on(tmp_path: Path) -> None:
    file = sweep_file(tmp_path)
    process = start("sweep", file, "--out", tmp_path / "store", "--workers", "2")
    while not list((tmp_path / "store" / "runs").glob("[0-9a-f]*.parquet")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert err.endswith(f"interrupted; what was finished is kept in {tmp_path / 'store'}: the same command goes on\n")
    kept = len(open_store(tmp_path / "store").done())
    assert 0 < kept < 300
    status = flywheel("store", "status", str(tmp_path / "store"))
    assert ["small", str(kept), "300", "0"] in [line.split() for line in status.stdout.splitlines()]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere.yaml",), "nowhere.yaml: there is no such sweep file\n  shipped sweeps: quota_dates, three_dials"),
        (
            ("three_dials", "--shard", "41/40"),
            "--shard 41/40: a share is written as its number and how many there are\n  for example `--shard 3/40`",
        ),
        (("three_dials", "--shard", "one"), "--shard one: a share is written"),
        (("three_dials", "--dask", "tcp://127.0.0.1:1", "--workers", "3"), "--dask: the cluster has workers of its own"),
        (("three_dials", "--out", "file"), "file: cannot be written"),
        (("three_dials", "--out", "."), ".: is not empty and not a store\n  name a new or empty folder with --out"),
    ],
)
def test_bad_input_is_exit_2(tmp_path: Path, arguments: tuple[str, ...], message: str) -> None:
    (tmp_path / "file").write_text("")
    result = flywheel("sweep", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(message)


def test_a_cluster_that_does_not_answer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("analysis.experiments.cluster._CONNECT_S", 1)
    sweep_file(tmp_path, TINY, "tiny")
    result = flywheel("sweep", "tiny.yaml", "--dask", "tcp://127.0.0.1:1")
    assert result.exit_code == 2
    assert "tcp://127.0.0.1:1: no cluster answers there" in result.stderr
    assert "start `dask scheduler`" in result.stderr


def test_a_million_runs_without_a_yes_are_refused_before_anything_happens(tmp_path: Path) -> None:
    sweep_file(tmp_path, TINY.replace("replicates: 3", "replicates: 250000"), "tiny")
    result = flywheel("sweep", "tiny.yaml")
    assert result.exit_code == 2
    assert "tiny.yaml: this makes 1,000,000 runs\n  if that is meant, say --yes" in result.stderr
    assert not (tmp_path / "runs").exists()


def test_status_tells_what_failed_and_retry_forgets_it(jobs: list[Job], tmp_path: Path, made_up: set[int]) -> None:
    made_up.add(4)
    fill(jobs, tmp_path / "store")
    with (tmp_path / "store" / "wall_times.jsonl").open("a") as file:
        file.write('{"run": "cut o')
    status = flywheel("store", "status", "store")
    assert status.exit_code == 0, status.stderr
    assert [line.split() for line in status.stdout.splitlines()[:2]] == [["sweep", "done", "of", "failed"], ["small", "60", "65", "5"]]
    assert "ArithmeticError: no luck with seed 4" in status.stdout
    assert "ms a run" in status.stdout
    assert "5 forgotten" in flywheel("store", "retry", "store").stdout
    assert flywheel("store", "retry", "store").stdout == "no run had failed\n"


def test_export_and_compact_say_what_they_did(jobs: list[Job], tmp_path: Path) -> None:
    fill(jobs, tmp_path / "store")
    assert flywheel("store", "compact", "store").stdout == "65 parts are now 1\n"
    result = flywheel("store", "export", "store", "--format", "csv", "--out", "tables")
    assert result.stdout.split() == ["tables/runs.csv", "tables/series.csv"]
    assert len(pd.read_csv("tables/series.csv")) == 65 * 60
    assert flywheel("store", "export", "store", "--sweep", "other").exit_code == 2
    assert flywheel("store", "export", "store", "--format", "xls").exit_code == 2


@pytest.mark.parametrize("verb", ["status", "retry", "compact", "export"])
def test_a_folder_that_is_no_store_is_exit_2(tmp_path: Path, verb: str) -> None:
    for folder in ("nowhere", "."):
        result = flywheel("store", verb, folder)
        assert result.exit_code == 2
        assert f"{folder}: is not a" in result.stderr


def test_a_store_of_an_older_model_can_be_read_and_says_so(jobs: list[Job], tmp_path: Path) -> None:
    store = fill(jobs, tmp_path / "store")
    shutil.copytree("store", "old")
    (tmp_path / "old" / "manifest.json").write_text(json.dumps(store.manifest | {"model_digest": "0" * 64}))
    result = flywheel("store", "status", "old")
    assert result.exit_code == 0
    assert "the model has changed since" in result.stderr
    assert len(open_store("old").runs()) == 65
