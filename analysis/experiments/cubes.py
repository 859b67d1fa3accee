"""A sweep as an xarray Dataset: figures over point and replicate, series over point, replicate and day."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from analysis.experiments.store import JOB_COLUMNS, Plan


def cube(plan: Plan, runs: pd.DataFrame, series: pd.DataFrame) -> xr.Dataset:
    """The Dataset of a sweep. runs, series: its tables as a store gives them. What is missing is NaN, or "" where it is text.

    A figure of the whole run that has the name of a daily metric is called `<name>.run`.
    """
    jobs = plan.jobs.to_pandas(ignore_metadata=True)
    parameters = [name for name in jobs.columns if name not in JOB_COLUMNS]
    places = pd.MultiIndex.from_frame(jobs[["point", "replicate"]])
    full = runs.set_index(["point", "replicate"]).reindex(places)
    shape = (jobs["point"].nunique(), jobs["replicate"].nunique())
    axes = ("point", "replicate")
    units = runs.attrs["units"]

    def over_runs(name: str) -> xr.DataArray:
        column = full[name]
        values = column.to_numpy(np.float64) if pd.api.types.is_numeric_dtype(column) else column.astype(object).fillna("").to_numpy(str)
        return xr.DataArray(values.reshape(shape), dims=axes, attrs={"units": units[name]})

    figures = [name for name in runs.columns if name not in (*parameters, *JOB_COLUMNS)]
    data = {f"{name}.run" if name in series else name: over_runs(name) for name in figures}
    for metric in series.columns[2:]:
        values = _by_run(series, metric)[pd.Categorical(jobs["run"], series["run"].cat.categories).codes]
        data[metric] = xr.DataArray(values.reshape(*shape, -1), dims=(*axes, "day"), attrs={"units": series.attrs["units"][metric]})
    first = jobs[jobs["replicate"] == 0]
    coordinates = {name: ("point", _plain(first[name]), {"units": units[name]}) for name in parameters}
    return xr.Dataset(data, coords={"point": first["point"].to_numpy(), "replicate": np.arange(shape[1]), **coordinates})


def _by_run(series: pd.DataFrame, metric: str) -> NDArray[np.float32]:
    """The metric, shape (runs, days); NaN on days that were not lived."""
    values = np.full((len(series["run"].cat.categories), int(series["day"].max()) + 1), np.nan, dtype=np.float32)
    values[series["run"].cat.codes, series["day"]] = series[metric]
    return values


def _plain(column: pd.Series) -> Sequence[object] | NDArray[np.generic]:
    return column.to_numpy() if pd.api.types.is_numeric_dtype(column) else column.astype(str).to_numpy(str)
