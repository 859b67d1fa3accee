"""A sweep as an xarray Dataset: figures over point and replicate, series over point, replicate and day."""

from __future__ import annotations

from typing import Any

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
        return xr.DataArray(_plain(full[name]).reshape(shape), dims=axes, attrs={"units": units[name]})

    figures = [name for name in runs.columns if name not in (*parameters, *JOB_COLUMNS)]
    data = {f"{name}.run" if name in series else name: over_runs(name) for name in figures}
    for metric in series.columns[2:]:
        values = _by_run(series, metric)[pd.Categorical(jobs["run"], series["run"].cat.categories).codes]
        data[metric] = xr.DataArray(values.reshape(*shape, -1), dims=(*axes, "day"), attrs={"units": series.attrs["units"][metric]})
    places_of = {"point": np.arange(shape[0]), "replicate": np.arange(shape[1])}
    return xr.Dataset(data, coords=places_of | {name: _coordinate(jobs[name], shape, units[name]) for name in parameters})


def _coordinate(column: pd.Series[Any], shape: tuple[int, int], unit: str) -> xr.DataArray:
    """A parameter over points; over replicates too where it is drawn for each."""
    values = _plain(column).reshape(shape)
    differs = any(len(pd.unique(row)) > 1 for row in values)
    return xr.DataArray(values if differs else values[:, 0], dims=("point", "replicate")[: 1 + differs], attrs={"units": unit})


def _by_run(series: pd.DataFrame, metric: str) -> NDArray[np.float32]:
    """The metric, shape (runs, days); NaN on days that were not lived."""
    values = np.full((len(series["run"].cat.categories), int(series["day"].max()) + 1), np.nan, dtype=np.float32)
    values[series["run"].cat.codes, series["day"]] = series[metric]
    return values


def _plain(column: pd.Series[Any]) -> NDArray[Any]:
    """Numbers as they are (NaN for null), text as text ("" for null)."""
    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy()
    return column.astype(object).fillna("").to_numpy(str)
