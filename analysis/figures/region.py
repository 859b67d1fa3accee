"""The picture of a region: the runs over its two main conditions, its words, and what peeling traded."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter

import sim
from analysis.figures.style import BLACK, BLUE, GREY, ORANGE, dress_plain, head, new_figure
from analysis.sensitivity.discovering import HELD_OUT, Region
from analysis.wording import amount, number, short_name

Row = Mapping[Hashable, Any]
_LOG_FROM = 20.0
"""An axis whose ends are so many times apart is logarithmic."""


def region_figure(found: Region) -> Figure:
    """Left: the runs over the two conditions that matter most, those that meet the others dark. Right: density over coverage."""
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


def _runs(axes: Axes, found: Region) -> None:
    conditions = found.conditions.to_dict("records")
    across, up = conditions[:2]
    runs = found.sample[_meets(found.sample, conditions[2:])]
    x, y = (_positions(runs[one["parameter"]]) for one in (across, up))
    for case, face, size, front in ((False, "white", 14, 2), (True, BLUE, 22, 3)):
        chosen = (runs["case"] == case).to_numpy()
        edge = BLUE if case else "#B0B0B0"
        axes.scatter(x[chosen], y[chosen], s=size, facecolor=face, edgecolor=edge, linewidth=0.7, zorder=front)
    for one, values, axis in ((across, x, axes.xaxis), (up, y, axes.yaxis)):
        if values.size and values.min() > 0.0 and values.max() / values.min() > _LOG_FROM:
            axis.axes.set(**{f"{axis.axis_name}scale": "log"})
        axis.set_label_text(f"{short_name(one['parameter'])}{'' if one['unit'] in ('1', 'share') else ', ' + one['unit']}", fontsize=9)
    dress_plain(axes, size=8)
    _box(axes, across, up)
    others = " and ".join(one["words"] for one in conditions[2:])
    title = f"with {others}" if others else "all worlds"
    axes.set_title(title, loc="left", fontsize=9, color=BLACK)


def _meets(sample: pd.DataFrame, conditions: Sequence[Row]) -> np.ndarray:
    """Which runs meet these conditions; all of them for a choice, whose numbers are not kept."""
    met = np.ones(len(sample), dtype=np.bool_)
    for one in conditions:
        low, high = one["low"], one["high"]
        if not (np.isnan(low) and np.isnan(high)):
            values = sample[one["parameter"]].to_numpy(np.float64)
            met &= ~(values < low) & ~(values > high)
    return met


def _positions(values: pd.Series) -> np.ndarray:
    """Numbers as they are; names in the order of their letters."""
    if pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values):
        return values.to_numpy(np.float64)
    return pd.Categorical(values.map(sim.value_text)).codes.astype(np.float64)


def _box(axes: Axes, across: Row, up: Row) -> None:
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    ends = [
        bound if np.isnan(end) else end
        for bound, end in ((left, across["low"]), (right, across["high"]), (low, up["low"]), (high, up["high"]))
    ]
    box = Rectangle((ends[0], ends[2]), ends[1] - ends[0], ends[3] - ends[2], facecolor=BLUE, alpha=0.09, edgecolor="none")
    outline = Rectangle((ends[0], ends[2]), ends[1] - ends[0], ends[3] - ends[2], facecolor="none", edgecolor=BLACK, linewidth=1.6)
    axes.add_patch(box)
    axes.add_patch(outline)
    axes.set_xlim(left, right)
    axes.set_ylim(low, high)


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
