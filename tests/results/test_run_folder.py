"""The life of a run folder: written, recognised, interrupted, continued, refused, read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.dataset as ds
import pytest

from sim import results
from sim.files import write_bytes
from sim.foundation.errors import InputError
from sim.results import default_folder, identity_of, model_digest, open_run
from sim.running import run, seeds_of
from sim.scenario import Scenario, load_scenario
from sim.summary import SCHEMA


def parts(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*.parquet"))}


def test_a_folder_holds_what_it_should(small: Scenario, made_up_runs: list[int], tmp_path: Path) -> None:
    run(small, seeds=2, first_seed=5, out=tmp_path / "r")
    names = {str(file.relative_to(tmp_path / "r")) for file in (tmp_path / "r").rglob("*") if file.is_file()}
    tables = {f"{table}/seed={seed}/part-0.parquet" for table in ("daily", "cohorts", "ledger", "runs") for seed in (5, 6)}
    assert names == tables | {"manifest.json", "ensemble.json", "seed=5/summary.json", "seed=6/summary.json"}
    manifest = json.loads((tmp_path / "r" / "manifest.json").read_text())
    assert manifest["complete"]
    assert manifest["seeds"] == [5, 6]
    assert set(manifest["wall_s"]) == {"5", "6"}
    assert Scenario.from_document(manifest["resolved"]).digest() == small.digest()


def test_memory_and_folder_give_the_same_object(small: Scenario, made_up_runs: list[int], tmp_path: Path) -> None:
    stored, memory = run(small, seeds=[3, 1], out=tmp_path / "r"), run(small, seeds=[3, 1])
    assert stored.seeds == memory.seeds == (3, 1)
    for table in ("daily", "cohorts", "ledger", "runs"):
        left, right = getattr(stored, table), getattr(memory, table)
        pd.testing.assert_frame_equal(left, right)
        assert left.attrs["units"] == right.attrs["units"]
        assert set(left.attrs["units"]) == set(left.columns)
    assert stored.ensemble == memory.ensemble == json.loads((tmp_path / "r" / "ensemble.json").read_text())
    assert stored.scenario == memory.scenario
    assert (stored.folder, memory.folder) == (tmp_path / "r", None)


def test_tables_know_their_units(small: Scenario, made_up_runs: list[int]) -> None:
    result = run(small, seeds=1)
    assert result.daily.attrs["units"]["dau"] == "people"
    assert result.runs.attrs["units"]["retention.d1"] == "share"
    assert result.runs.attrs["units"]["cost_usd.total"] == "USD"
    assert list(result.daily.columns[:2]) == ["seed", "day"]
    assert "wall_s" not in result.runs


def test_equal_runs_are_equal_bytes(small: Scenario, made_up_runs: list[int], tmp_path: Path) -> None:
    run(small, seeds=2, out=tmp_path / "a")
    run(small, seeds=2, out=tmp_path / "b")
    assert len(parts(tmp_path / "a")) == 8
    assert parts(tmp_path / "a") == parts(tmp_path / "b")


def test_the_parts_read_as_one_hive_table(small: Scenario, made_up_runs: list[int], tmp_path: Path) -> None:
    run(small, seeds=2, out=tmp_path / "r")
    table = ds.dataset(tmp_path / "r" / "daily", partitioning="hive").to_table().to_pandas()
    assert sorted(table["seed"].unique()) == [1, 2]
    assert len(table) == 400


def test_a_complete_run_is_shown_and_not_redone(small: Scenario, made_up_runs: list[int], tmp_path: Path) -> None:
    first = run(small, seeds=3, out=tmp_path / "r")
    again = run(small, seeds=3, out=tmp_path / "r")
    assert made_up_runs == [1, 2, 3]
    assert again.summaries == first.summaries


class KilledError(Exception):
    pass


def kill_after(seeds: int) -> Any:
    def progress(done: int, total: int, summary: Mapping[str, Any]) -> None:
        if done == seeds:
            raise KilledError

    return progress


def test_an_interruption_keeps_finished_seeds_and_the_same_call_continues(small: Scenario, made_up_runs: list[int], tmp_path: Path) -> None:
    with pytest.raises(KilledError):
        run(small, seeds=4, out=tmp_path / "r", progress=kill_after(2))
    half = open_run(tmp_path / "r")
    assert half.seeds == (1, 2)
    assert not half.manifest["complete"]
    kept = parts(tmp_path / "r")
    seen: list[int] = []
    whole = run(small, seeds=4, out=tmp_path / "r", progress=lambda done, total, summary: seen.append(done))
    assert made_up_runs == [1, 2, 3, 4]
    assert seen == [3, 4]
    assert whole.seeds == (1, 2, 3, 4)
    assert kept.items() <= parts(tmp_path / "r").items()
    run(small, seeds=4, out=tmp_path / "straight")
    assert parts(tmp_path / "r") == parts(tmp_path / "straight")


def test_a_run_by_name_takes_overrides_days_and_rows(made_up_runs: list[int]) -> None:
    made = run("sora", overrides={"dials.steerability": 0.8}, days=190, agents=700, seeds=1)
    assert made.scenario["values"]["dials.steerability"] == 0.8
    assert (made.days, made.summaries[0]["agents"]) == (190, 700)
    assert run("sora", overrides=["steerability=0.8"], seeds=1).scenario["values"]["dials.steerability"] == 0.8
    with pytest.raises(InputError, match="did you mean 'steerability'"):
        run("sora", overrides={"dials.steerabilty": 0.8}, seeds=1)


@pytest.mark.parametrize("more", [{"overrides": {"dials.steerability": 0.8}}, {"days": 5}, {"agents": 500}])
def test_a_loaded_scenario_is_finished(small: Scenario, more: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="is finished"):
        run(small, seeds=1, **more)


def test_a_folder_that_is_not_there_yet_has_no_finished_seeds(tmp_path: Path) -> None:
    assert results.finished_summaries(tmp_path / "r") == ()


def test_a_seed_cut_off_while_being_written_is_run_again(
    small: Scenario, made_up_runs: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_summary(path: Path, document: Mapping[str, Any]) -> None:
        if path.name == "summary.json":
            raise KilledError
        write_bytes(path, json.dumps(document).encode())

    with monkeypatch.context() as patch:
        patch.setattr(results, "write_json", no_summary)
        with pytest.raises(KilledError):
            run(small, seeds=1, out=tmp_path / "r")
    with pytest.raises(InputError, match="no finished seed"):
        open_run(tmp_path / "r")
    assert run(small, seeds=1, out=tmp_path / "r").seeds == (1,)


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_bytes(tmp_path / "x", b"old")

    def broken(file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", broken)
    with pytest.raises(OSError, match="No space"):
        write_bytes(tmp_path / "x", b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["x"]
    assert (tmp_path / "x").read_bytes() == b"old"


def test_a_folder_with_something_else_is_refused_and_left_alone(small: Scenario, made_up_runs: list[int], tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(InputError, match="not empty and not a run folder"):
        run(small, seeds=1, out=tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]
    assert made_up_runs == []


def test_a_folder_with_another_run_is_refused(
    small: Scenario, made_up_runs: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(small, seeds=1, out=tmp_path / "r")
    with pytest.raises(InputError, match="another set of seeds"):
        run(small, seeds=2, out=tmp_path / "r")
    with pytest.raises(InputError, match="another scenario"):
        run(load_scenario("baseline", days=201), seeds=1, out=tmp_path / "r")
    monkeypatch.setattr(results, "model_digest", lambda: "0" * 64)
    with pytest.raises(InputError, match="another version of the model"):
        run(small, seeds=1, out=tmp_path / "r")


def test_a_folder_that_cannot_be_written_is_refused(small: Scenario, made_up_runs: list[int], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InputError, match="cannot be written"):
            run(small, seeds=1, out=path)


def test_identity_follows_scenario_seeds_and_model(small: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    identity = identity_of(small, (1, 2))
    assert identity == identity_of(load_scenario("baseline", days=200), [1, 2])
    assert identity != identity_of(small, (1, 3))
    assert identity != identity_of(load_scenario("baseline", days=199), (1, 2))
    assert default_folder(small, (1, 2)) == Path("runs") / f"baseline-{identity[:8]}"
    monkeypatch.setattr(results, "model_digest", lambda: "0" * 64)
    assert identity != identity_of(small, (1, 2))


def test_the_model_digest_is_of_the_sources() -> None:
    assert len(model_digest()) == 64
    assert model_digest() == model_digest.__wrapped__()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda folder: (folder / "manifest.json").unlink(), "not a run folder: it has no manifest.json"),
        (lambda folder: (folder / "manifest.json").write_text("{"), "not valid JSON"),
        (lambda folder: (folder / "manifest.json").write_text("[]"), "not a JSON object"),
        (lambda folder: (folder / "manifest.json").write_text('{"schema": 9}'), "has schema 9"),
        (lambda folder: (folder / "manifest.json").write_text(f'{{"schema": {SCHEMA}}}'), "lacks a usable 'scenario'"),
        (lambda folder: (folder / "ledger/seed=1/part-0.parquet").unlink(), r"part-0\.parquet: is missing"),
        (lambda folder: (folder / "daily/seed=1/part-0.parquet").write_bytes(b"PAR1"), "part is damaged"),
        (lambda folder: (folder / "seed=1/summary.json").unlink(), r"summary\.json: is missing"),
        (lambda folder: (folder / "seed=1/summary.json").write_bytes(b"\xff\xfe"), "not valid JSON"),
    ],
)
def test_a_damaged_folder_is_named(small: Scenario, made_up_runs: list[int], tmp_path: Path, damage: Any, message: str) -> None:
    run(small, seeds=1, out=tmp_path / "r")
    damage(tmp_path / "r")
    with pytest.raises(InputError, match=message):
        open_run(tmp_path / "r")


def test_a_path_that_is_no_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a folder"):
        open_run(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("seeds", "message"), [(0, "at least one"), ([1, 1], "twice"), ([-1], "not a whole number"), ([2**32], "not a whole number")]
)
def test_bad_seeds_are_refused(seeds: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        seeds_of(seeds)


def test_seeds_count_from_the_first() -> None:
    assert seeds_of(3, first_seed=7) == (7, 8, 9)
