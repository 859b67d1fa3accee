"""A store read by DuckDB, xarray and other programs says the same as its own tables; upkeep changes no row."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.experiments import Job, Local, Store, execute, open_store, upkeep
from analysis.experiments.upkeep import compact, export
from sim.foundation.errors import InputError
from sim.scenario import load_scenario
from tests.sweeps.conftest import fill


@pytest.fixture
def store(jobs: list[Job], tmp_path: Path) -> Store:
    """A store of 65 runs."""
    return fill(jobs, tmp_path / "store")


def test_duckdb_gives_the_same_mean_curves(store: Store) -> None:
    pytest.importorskip("duckdb")
    query = 'select "dials.steerability" as x, day, avg(dau) as dau from series join runs using (run) group by all order by all'
    found = store.duckdb().sql(query).df()
    own = store.series(["dau"]).astype({"run": str}).merge(store.runs()[["run", "dials.steerability"]], on="run")
    expected = own.groupby(["dials.steerability", "day"])["dau"].mean()
    np.testing.assert_allclose(found["dau"], expected, rtol=1e-6)
    assert len(found) == 5 * 60


def test_xarray_gives_points_replicates_and_days_with_units(store: Store) -> None:
    pytest.importorskip("xarray")
    data = store.xarray(["dau"])
    assert dict(data.sizes) == {"point": 5, "replicate": 13, "day": 60}
    assert data["dials.steerability"].values.tolist() == [0.1, 0.3, 0.5, 0.7, 0.9]
    assert data["dau"].attrs["units"] == "people"
    assert (data["dau"].sel(replicate=4) == 300_005.0).all()
    assert data["dau_peak"].sel(point=2).values.tolist() == [300_001.0 + replicate for replicate in range(13)]
    assert set(data["outcome"].values.ravel()) == {"undetermined"}


def test_xarray_has_a_parameter_that_is_drawn_for_each_replicate_over_both(jobs: list[Job], tmp_path: Path) -> None:
    pytest.importorskip("xarray")
    drawn = [
        Job(job.point, job.replicate, {**job.parameters, "creators.status_usd": job.replicate / 10}, job.scenario, job.seed) for job in jobs
    ]
    data = fill(drawn, tmp_path / "store").xarray(["dau"])
    assert data["creators.status_usd"].dims == ("point", "replicate")
    assert data["dials.steerability"].dims == ("point",)


def test_xarray_has_nan_where_a_run_is_missing_and_text_is_empty(jobs: list[Job], tmp_path: Path, made_up: set[int]) -> None:
    pytest.importorskip("xarray")
    made_up.add(3)
    data = fill(jobs, tmp_path / "store").xarray(["dau"])
    assert np.isnan(data["dau"].sel(replicate=2)).all()
    assert np.isnan(data["dau_peak"].sel(replicate=2)).all()
    assert set(data["outcome"].sel(replicate=2).values) == {""}
    assert not np.isnan(data["dau"].sel(replicate=3)).any()


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_exported_tables_hold_every_row(store: Store, tmp_path: Path, kind: str) -> None:
    runs_file, series_file = export(store, kind, tmp_path / "export")
    read: Any = pd.read_csv if kind == "csv" else pd.read_parquet
    pd.testing.assert_frame_equal(read(series_file), store.series().astype({"run": str}), check_dtype=False)
    found = read(runs_file)
    assert found["run"].tolist() == store.runs()["run"].tolist()
    np.testing.assert_allclose(found["dau_peak"], store.runs()["dau_peak"])


def test_exported_netcdf_opens_as_the_same_dataset(store: Store, tmp_path: Path) -> None:
    xarray = pytest.importorskip("xarray")
    pytest.importorskip("netCDF4")
    (file,) = export(store, "netcdf", tmp_path / "export")
    with xarray.open_dataset(file) as found:
        xarray.testing.assert_equal(found, store.xarray())


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Merged parts hold 20 runs."""
    monkeypatch.setattr(upkeep, "RUNS_A_PART", 20)


@pytest.mark.usefixtures("small_parts")
def test_compacting_changes_no_row_and_what_is_done_stays_done(store: Store, jobs: list[Job], tmp_path: Path) -> None:
    runs, series = store.runs(), store.series()
    assert compact(store.folder) == (65, 4)
    assert compact(store.folder) == (4, 4)
    pd.testing.assert_frame_equal(store.runs(), runs)
    pd.testing.assert_frame_equal(store.series(), series)
    digest = store.digest()
    assert fill(jobs, store.folder).digest() == digest
    other = fill(jobs, tmp_path / "other")
    compact(other.folder)
    assert other.digest() == digest


def test_runs_of_scenarios_with_other_interventions_are_merged_too(tmp_path: Path) -> None:
    lived = [load_scenario("sora", agents=60, days=days) for days in (5, 40)]
    jobs = [Job(place, 0, {"days": scenario.days}, scenario, 1) for place, scenario in enumerate(lived)]
    store = execute(jobs, tmp_path / "store", series=("dau",), executor=Local(1))
    runs, series = store.runs(), store.series()
    assert compact(store.folder) == (2, 1)
    pd.testing.assert_frame_equal(store.runs(), runs)
    pd.testing.assert_frame_equal(store.series(), series)


@pytest.mark.usefixtures("small_parts")
@pytest.mark.parametrize("step", [1, 2, 3, 4, 6, 9])
def test_compacting_may_be_interrupted_at_any_step(store: Store, monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    runs = store.runs()
    steps = iter(range(1, 100))

    def interrupted(function: Any) -> Any:
        def call(*arguments: Any, **options: Any) -> Any:
            if next(steps) == step:
                raise KeyboardInterrupt
            return function(*arguments, **options)

        return call

    with monkeypatch.context() as patch:
        patch.setattr("sim.write_bytes", interrupted(__import__("sim").write_bytes))
        patch.setattr("sim.write_json", interrupted(__import__("sim").write_json))
        patch.setattr(Path, "unlink", interrupted(Path.unlink))
        with pytest.raises(KeyboardInterrupt):
            compact(store.folder)
    pd.testing.assert_frame_equal(open_store(store.folder).runs(), runs)
    assert len(store.series()) == 65 * 60
    assert compact(store.folder)[1] == 4
    pd.testing.assert_frame_equal(open_store(store.folder).runs(), runs)


@pytest.mark.parametrize(("library", "name"), [("duckdb", "DuckDB"), ("xarray", "xarray")])
def test_a_library_that_is_not_installed_is_named_with_the_extra_that_brings_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, library: str, name: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, "analysis.experiments.cubes", raising=False)
    with pytest.raises(InputError, match=rf"needs the library {name}, which is not installed\n.*flywheel-sim\[analysis\]"):
        getattr(store, library)()


def test_only_a_store_can_be_kept_up(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not a store"):
        compact(tmp_path)
    with pytest.raises(InputError, match="is not a store"):
        upkeep.retry(tmp_path)
