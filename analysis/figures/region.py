"""The picture of a region: the runs over its two main conditions, its words, and what peeling traded."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

import sim
from analysis.figures.style import BLACK, BLUE, GREY, ORANGE, dress_plain, head, new_figure
from analysis.sensitivity.discovering import HELD_OUT, Region
from analysis.wording import amount, number, short_name

Row = Mapping[Hashable, Any]
_LOG_FROM = 20.0
"""An axis whose ends are so many times apart is logarithmic, if its middle stands near their geometric mean."""
_SPREAD = 0.32
"""How far runs are spread about a value of a choice, so that they can be seen."""


def region_figure(found: Region) -> Figure:
    """Left: the runs that meet the other conditions, over the two that matter most. Right: density over coverage as peeling went."""
    figure = new_figure(11.0, 5.6)
    left, right = figure.subplots(1, 2, width_ratios=(1.25, 1.0))
    if len(found.conditions) >= 2:
        _runs(left, found)
    else:
        left.set_axis_off()
        left.text(0.0, 0.5, "fewer than two conditions: nothing to draw", fontsize=9, color=GREY)
    _path(right, found)
    note = (
        "Left: worlds of the sample that meet the other conditions; full: it sustains itself. Box: the region. Right: what peeling traded, "
        "from all worlds (right end) to few; the half it was found on flatters, the held-out half does not. Circles: the region."
    )
    head(figure, found.finding, note)
    return figure


@dataclass(frozen=True)
class _Scale:
    """One condition as an axis: where each run stands, from where to where the region goes, whether it is logarithmic, its names if any."""

    at: NDArray[np.float64]
    low: float
    high: float
    is_log: bool
    names: tuple[str, ...] = ()

    @property
    def meets(self) -> NDArray[np.bool_]:
        """Which runs meet the condition."""
        return ~(self.at < self.low) & ~(self.at > self.high)


def _scale(sample: pd.DataFrame, condition: Row) -> _Scale:
    values: pd.Series[Any] = sample[str(condition["parameter"])]
    if math.isnan(condition["low"]) and math.isnan(condition["high"]):
        return _of_choice(values, set(values[sample["inside"]]))
    at = values.to_numpy(np.float64)
    least, middle, most = np.quantile(at, (0.0, 0.5, 1.0))
    is_log = bool(least > 0.0 and most > _LOG_FROM * least and abs(math.log(middle**2 / (least * most))) < math.log(2.0))
    return _Scale(at, condition["low"], condition["high"], is_log)


def _of_choice(values: pd.Series[Any], kept: set[Any]) -> _Scale:
    """A band for each value, those of the region below; runs are spread in their band."""
    names = sorted(set(values), key=lambda one: (one not in kept, str(one)))
    spread = np.random.default_rng(1).uniform(-_SPREAD, _SPREAD, len(values))
    at = values.map({name: float(place) for place, name in enumerate(names)}).to_numpy(np.float64) + spread
    return _Scale(at, np.nan, len(kept) - 0.5, False, tuple(sim.value_text(one) for one in names))


def _runs(axes: Axes, found: Region) -> None:
    conditions = found.conditions.to_dict("records")
    across, up, *others = (_scale(found.sample, one) for one in conditions)
    shown = np.logical_and.reduce([np.ones(len(found.sample), dtype=np.bool_), *(one.meets for one in others)])
    cases = found.sample["case"].to_numpy()
    for case, face, edge, size in ((False, "white", "#B0B0B0", 14), (True, BLUE, BLUE, 20)):
        chosen = shown & (cases == case)
        axes.scatter(across.at[chosen], up.at[chosen], s=size, facecolor=face, edgecolor=edge, linewidth=0.7, zorder=2 + case)
    for scale, condition, axis in ((across, conditions[0], "x"), (up, conditions[1], "y")):
        unit = "" if condition["unit"] in ("1", "share", "choice") else f", {condition['unit']}"
        axes.set(**{f"{axis}label": f"{short_name(condition['parameter'])}{unit}"} | ({f"{axis}scale": "log"} if scale.is_log else {}))
        if scale.names:
            axes.set(**{f"{axis}ticks": range(len(scale.names)), f"{axis}ticklabels": scale.names})
    dress_plain(axes, size=8)
    _box(axes, across, up)
    title = " and ".join(one["words"] for one in conditions[2:])
    axes.set_title(textwrap.fill(f"with {title}" if title else "all worlds", 75), loc="left", fontsize=9, color=BLACK)


def _box(axes: Axes, across: _Scale, up: _Scale) -> None:
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    x = (left if math.isnan(across.low) else across.low, right if math.isnan(across.high) else across.high)
    y = (bottom if math.isnan(up.low) else up.low, top if math.isnan(up.high) else up.high)
    for face, edge, line, alpha in ((BLUE, "none", 0.0, 0.09), ("none", BLACK, 1.6, 1.0)):
        box = Rectangle((x[0], y[0]), x[1] - x[0], y[1] - y[0], facecolor=face, edgecolor=edge, linewidth=line, alpha=alpha)
        axes.add_patch(box)
    axes.set(xlim=(left, right), ylim=(bottom, top))


def _path(axes: Axes, found: Region) -> None:
    steps = found.trajectory
    for suffix, color, words in (("", ORANGE, "found on"), ("_held_out", BLUE, "held out")):
        axes.plot(steps[f"coverage{suffix}"], steps[f"density{suffix}"], color=color, linewidth=1.6, marker=".", markersize=4)
        score = next(row for row in found.scores.to_dict("records") if (row["half"] == HELD_OUT) == bool(suffix))
        axes.scatter(score["coverage"], score["density"], s=90, facecolor="none", edgecolor=color, linewidth=1.8, zorder=3)
        text = f"{words}: {amount(score['density'], 'share')} dense, {amount(score['coverage'], 'share')} covered"
        axes.text(0.02, 0.06 if suffix else 0.13, text, transform=axes.transAxes, color=color, fontsize=9)
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(-0.03, 1.03)
    for axis, words in ((axes.xaxis, "coverage"), (axes.yaxis, "density")):
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{number(100.0 * value)} %"))
        axis.set_label_text(words, fontsize=9)
    axes.set_title(f"{len(steps) - 1} slices peeled", loc="left", fontsize=9, color=BLACK)
    dress_plain(axes, size=8)
