"""Pictures of tables of many runs: how often they end how, and how they get there."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

import sim
from analysis.experiments.by_day import runs_by_day
from analysis.figures.series import bands
from analysis.figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    SKY,
    VERMILLION,
    draw_band,
    dress_numbers,
    head,
    new_figure,
)
from analysis.wording import amount, metric_name, number, short_name

_COLORS = dict(zip(sim.OUTCOMES, (BLUE, SKY, GREEN, ORANGE, PURPLE, VERMILLION, "#C9C9C9"), strict=True))
_MOST_NUMBERS = 12
"""Cells a side up to which each says its share."""
_MOST_COLUMNS = 5


def outcomes_figure(
    runs: pd.DataFrame, x: str, y: str | None = None, *, facet: str | None = None, outcome: str = "self_sustaining"
) -> Figure:
    """How often runs end how, over one or two settings.

    runs: a row a run, with `outcome` and the columns x, y and facet (paths of parameters). Over x alone: shares of all outcomes. Over x and
    y: the share of one outcome, a map for each value of `facet`. Raises InputError for a column that is not there.
    """
    _check(runs, [column for column in ("outcome", x, y, facet) if column is not None])
    return _shares(runs, x) if y is None else _maps(runs, x, y, facet, outcome)


def _check(table: pd.DataFrame, columns: Sequence[str]) -> None:
    problems = [
        sim.Problem(f"column {column}", "is not in the table", sim.did_you_mean(column, [str(name) for name in table.columns]))
        for column in columns
        if column not in table.columns
    ]
    if problems:
        raise sim.InputError(problems)


def _shares(runs: pd.DataFrame, x: str) -> Figure:
    table = pd.crosstab(runs[x], runs["outcome"], normalize="index").reindex(columns=list(sim.OUTCOMES), fill_value=0.0)
    figure = new_figure(7.5, 4.2)
    axes = figure.subplots()
    floor = np.zeros(len(table))
    for outcome in (name for name in table.columns if table[name].any()):
        axes.bar(range(len(table)), table[outcome], 0.8, floor, color=_COLORS[str(outcome)], label=str(outcome).replace("_", "-"))
        floor += table[outcome].to_numpy()
    axes.set_xticks(range(len(table)), [_value(value) for value in table.index])
    axes.set_xlabel(short_name(x), fontsize=9)
    axes.legend(fontsize=8, frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    dress_numbers(axes, "", "share")
    first, last = (f"{table.loc[end].idxmax().replace('_', '-')} ({table.loc[end].max():.0%})" for end in (table.index[0], table.index[-1]))
    finding = f"At {short_name(x)} {_value(table.index[0])} most runs are {first}, at {_value(table.index[-1])} {last}"
    head(figure, finding, f"Shares of {len(runs)} runs, {len(runs) / len(table):.0f} a bar.")
    return figure


def _value(value: object) -> str:
    return number(float(value)) if isinstance(value, int | float | np.number) and not isinstance(value, bool) else str(value)


def _maps(runs: pd.DataFrame, x: str, y: str, facet: str | None, outcome: str) -> Figure:
    chosen = runs.assign(share=(runs["outcome"] == outcome).astype(float))
    panels = [("", chosen)] if facet is None else [(f"{short_name(facet)} {_value(at)}", part) for at, part in chosen.groupby(facet)]
    figure = new_figure(1.6 + 3.2 * len(panels), 4.2)
    for axes, (title, part) in zip(figure.subplots(1, len(panels), squeeze=False, sharey=True)[0], panels, strict=True):
        image = _cells(axes, part.pivot_table(index=y, columns=x, values="share"))
        axes.set_title(title, loc="left", fontsize=9, color=BLACK)
        axes.set_xlabel(short_name(x), fontsize=9)
    figure.axes[0].set_ylabel(short_name(y), fontsize=9)
    bar = figure.colorbar(image, ax=figure.axes, shrink=0.9, pad=0.02, format=FuncFormatter(lambda share, _: amount(share, "share")))
    bar.ax.tick_params(labelsize=8)
    keys = [x, y] if facet is None else [x, y, facet]
    each = chosen.groupby(keys)["share"].agg(["mean", "size"])
    best = [*each.index][int(each["mean"].argmax())]
    most = ", ".join(f"{short_name(key)} {_value(at)}" for key, at in zip(keys, best, strict=True))
    name, half = outcome.replace("_", "-"), int((each["mean"] >= 0.5).sum())
    finding = f"{name.capitalize()} in at least half of the runs at {half} of {len(each)} settings"
    finding += f"; most often, {each['mean'].max():.0%}, at {most}" if each["mean"].max() > 0.0 else ""
    head(figure, finding, f"Numbers: runs of a hundred that are {name}; {each['size'].median():.0f} runs a cell.")
    return figure


def _cells(axes: Axes, table: pd.DataFrame) -> AxesImage:
    image = axes.imshow(table, origin="lower", aspect="auto", cmap="Blues", vmin=0.0, vmax=1.0)
    axes.set_xticks(range(table.shape[1]), [_value(value) for value in table.columns])
    axes.set_yticks(range(table.shape[0]), [_value(value) for value in table.index])
    axes.tick_params(labelsize=8, length=0)
    if max(table.shape) <= _MOST_NUMBERS:
        for (row, column), share in np.ndenumerate(table.to_numpy()):
            if not np.isnan(share):
                axes.text(
                    column, row, f"{100.0 * share:.0f}", ha="center", va="center", fontsize=7, color="white" if share > 0.6 else BLACK
                )
    return image


def curves_figure(
    series: pd.DataFrame, metrics: Sequence[str] = ("dau",), *, by: str | None = None, runs: pd.DataFrame | None = None
) -> Figure:
    """How runs get there: a row a metric, a column a value of `by`; the median and the 5-95 % band over runs, the other medians in grey.

    series: a row a run and day: `seed` or `run`, day, metrics. runs: the table that holds the column `by` for each run, where series does
    not. After a closure nobody comes. Raises InputError for a column that is not there.
    """
    key = "run" if "run" in series.columns else "seed"
    if runs is not None and by is not None and by not in series.columns:
        _check(runs, [key, by])
        series = series.merge(runs[[key, by]].drop_duplicates(), on=key)
    _check(series, [key, "day", *metrics, *([] if by is None else [by])])
    groups = {"": series} if by is None else {f"{short_name(by)} {_value(at)}": part for at, part in series.groupby(by, observed=True)}
    days = int(series["day"].max()) + 1
    across = min(len(groups), _MOST_COLUMNS)
    down = -(-len(groups) // across)
    figure = new_figure(min(1.2 + 2.9 * max(across, 2), 13.0), 0.9 + 2.4 * len(metrics) * down)
    grid = figure.subplots(len(metrics) * down, across, squeeze=False, sharex=True)
    told = []
    for row, metric in enumerate(metrics):
        found = {name: bands(runs_by_day(part, key, metric, days).to_numpy()) for name, part in groups.items()}
        unit = series.attrs.get("units", {}).get(metric, _unit(metric))
        _panels(grid[row * down : (row + 1) * down].tolist(), found, metric_name(metric), unit)
        told.append(_last(metric, unit, found))
    head(figure, "; ".join(told), "Lines: median of the runs; bands: 5–95 %; grey: the other medians. Below: days from the launch.")
    return figure


def _panels(grid: list[list[Axes]], found: dict[str, NDArray[np.float64]], title: str, unit: str) -> None:
    """A panel a group, all with the same axis of amounts; those that are left over are taken away."""
    names = iter(found)
    for row in grid:
        for axes in row:
            name = next(names, None)
            if name is None:
                axes.remove()
                continue
            if axes is not grid[0][0]:
                axes.sharey(grid[0][0])
            _panel(axes, found, name, f"{title}, {name}" if name else title, unit)
            axes.tick_params(labelleft=axes is row[0])


def _unit(metric: str) -> str:
    return next((one.unit for one in sim.DAILY if one.name == metric), "1")


def _panel(axes: Axes, found: dict[str, NDArray[np.float64]], name: str, title: str, unit: str) -> None:
    for other, band in found.items():
        if other != name:
            axes.plot(band[1], color=GREY, linewidth=0.8, alpha=0.6)
    draw_band(axes, np.arange(found[name].shape[1]), found[name], BLUE)
    dress_numbers(axes, title, unit)
    axes.title.set_fontsize(9)


def _last(metric: str, unit: str, found: dict[str, NDArray[np.float64]]) -> str:
    """The medians on the last day of the first and the last group."""
    ends = [(name, amount(float(found[name][1, -1]), unit)) for name in dict.fromkeys((next(iter(found)), [*found][-1]))]
    return f"{metric_name(metric).capitalize()} on the last day: " + ", ".join(
        f"{value} at {name}" if name else value for name, value in ends
    )
