"""The picture of a frontier: probabilities as shades, the line where an outcome becomes likelier than not, its band, the runs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from analysis.figures.style import BLACK, BLUE, GREY, VERMILLION, dress_plain, head, new_figure
from analysis.questions.frontier import Frontier
from analysis.questions.tipping import FEW, FEW_OFF, MANY, MANY_OFF
from analysis.questions.tracing import Axis, Trace
from analysis.questions.words import side_words
from analysis.wording import short_name

SHADES = LinearSegmentedColormap.from_list("less_or_more_likely", ["#D0771F", "#F3BE83", "#F7F7F7", "#9CC6DF", "#2C6FAB"])
"""Orange: less likely than not; blue: likelier. Readers who see no red or green see both; prints in grey alike, so the line says which."""


def frontier_figure(result: Frontier) -> Figure:
    """The map of each panel, or, over one setting, both starts with the network on and off."""
    return _thresholds(result) if len(result.axes) == 1 else _maps(result)


def _maps(result: Frontier) -> Figure:
    count = len(result.traces)
    figure = new_figure(1.6 + 4.2 * count, 4.6)
    panels = figure.subplots(1, count, squeeze=False, sharey=True)[0]
    for axes, (panel, one) in zip(panels, result.traces.items(), strict=True):
        image = _map(axes, one)
        axes.set_title(_panel_title(panel, one), loc="left", fontsize=9, color=BLACK)
        axes.set_xlabel(short_name(result.axes[0].path), fontsize=9)
    panels[0].set_ylabel(short_name(result.axes[1].path), fontsize=9)
    bar = figure.colorbar(image, ax=list(panels), shrink=0.9, pad=0.02, ticks=[0, 0.25, 0.5, 0.75, 1])
    bar.set_label(f"P({result.outcome.replace('_', '-')})", fontsize=9)
    bar.ax.tick_params(labelsize=8)
    head(
        figure,
        f"{_name(result)}{result.finding}",
        "Line: as likely as not. Dashed: the 95 % band, inside which one half is not excluded. Dots: runs, full where they ended so.",
    )
    return figure


def _panel_title(panel: str, one: Trace) -> str:
    """The panel and its runs, and below, an end of the second axis a line, where the outcome is likelier than not."""
    lines = [f"{panel} ({len(one.runs)} runs)" if panel else f"{len(one.runs)} runs"]
    return "\n".join(lines + side_words(one).split(", ") if panel else lines)


def _name(result: Frontier) -> str:
    return f"{result.name}: " if result.name else ""


def _map(axes: Axes, one: Trace) -> AxesImage:
    x, y = one.axes
    grids = {name: one.map.pivot(index=y.path, columns=x.path, values=name) for name in ("p", "low", "high")}
    across, up = grids["p"].columns.to_numpy(), grids["p"].index.to_numpy()
    box = (*_edges(across), *_edges(up))
    image = axes.imshow(grids["p"], origin="lower", extent=box, aspect="auto", cmap=SHADES, vmin=0, vmax=1, interpolation="bilinear")
    for name, style in (("p", "solid"), ("low", "dashed"), ("high", "dashed")):
        heights = grids[name].to_numpy()
        if heights.min() < 0.5 < heights.max():
            axes.contour(across, up, heights, [0.5], colors=BLACK, linestyles=style, linewidths=2.0 if name == "p" else 1.0)
    for yes, face in ((True, BLACK), (False, "white")):
        runs = one.runs[one.runs["yes"] == yes]
        axes.scatter(runs[x.path], runs[y.path], s=14, facecolor=face, edgecolor=BLACK, linewidth=0.6, alpha=0.8, zorder=3, clip_on=False)
    axes.set_xlim(x.low, x.high)
    axes.set_ylim(y.low, y.high)
    axes.tick_params(labelsize=8)
    return image


def _edges(points: np.ndarray) -> tuple[float, float]:
    half = (points[1] - points[0]) / 2.0
    return float(points[0] - half), float(points[-1] + half)


def _thresholds(result: Frontier) -> Figure:
    if not result.has_starts:
        figure = new_figure(6.4, 4.0)
        axes = figure.subplots()
        _threshold(axes, result.traces[""], BLUE, "")
        _dress_threshold(axes, result, side_words(result.traces[""]))
    else:
        figure = new_figure(10.0, 4.4)
        for axes, title, few, many in zip(
            figure.subplots(1, 2, sharey=True), ("network on", "network off (control)"), (FEW, FEW_OFF), (MANY, MANY_OFF), strict=True
        ):
            _threshold(axes, result.traces[few], VERMILLION, "few come at first")
            _threshold(axes, result.traces[many], BLUE, "many come at once", linestyle="dashed")
            _dress_threshold(axes, result, title)
            axes.legend(fontsize=8, frameon=False, loc="center left")
    note = "Lines: best guess; bands: 95 %. Ticks: runs, above where they ended so, below where they did not."
    head(figure, f"{_name(result)}{result.finding}", note)
    return figure


def _threshold(axes: Axes, one: Trace, color: str, name: str, linestyle: str = "solid") -> None:
    x = one.map[one.axes[0].path].to_numpy()
    axes.fill_between(x, one.map["low"], one.map["high"], color=color, alpha=0.2, linewidth=0)
    axes.plot(x, one.map["p"], color=color, linewidth=1.8, linestyle=linestyle, label=name)
    _ticks(axes, one.runs, one.axes[0], color)


def _ticks(axes: Axes, runs: pd.DataFrame, x: Axis, color: str) -> None:
    for yes, at in ((True, 1.03), (False, -0.03)):
        where = runs.loc[runs["yes"] == yes, x.path]
        axes.plot(where, np.full(len(where), at), "|", color=color, markersize=7, alpha=0.7)


def _dress_threshold(axes: Axes, result: Frontier, title: str) -> None:
    axes.axhline(0.5, color=GREY, linewidth=0.9, linestyle=":")
    axes.set_title(title, loc="left", fontsize=10, color=BLACK)
    axes.set_ylim(-0.06, 1.06)
    axes.set_xlim(result.axes[0].low, result.axes[0].high)
    axes.set_xlabel(short_name(result.axes[0].path), fontsize=9)
    if not title.startswith("network off"):
        axes.set_ylabel(f"P({result.outcome.replace('_', '-')})", fontsize=9)
    dress_plain(axes, size=8)
