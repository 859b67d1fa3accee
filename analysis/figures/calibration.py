"""Pictures of a calibration: predicted beside public, how far each parameter is identified, a forecast."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter

from analysis.calibration.ensemble import weighted_quantiles
from analysis.figures.style import BLACK, BLUE, GREY, ORANGE, VERMILLION, as_png, dress_plain, new_figure
from analysis.wording import amount

if TYPE_CHECKING:
    from analysis.calibration.ensemble import Ensemble
    from analysis.calibration.forecast import Forecast
    from analysis.calibration.target_file import Targets
    from analysis.calibration.targets import Target

_FACTORS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_LEAST_FACTOR, _MOST_FACTOR = 0.08, 12.0


def draw_predicted(table: pd.DataFrame, product: str) -> bytes:
    """Each strong figure over the public value: the public range as a box, the model's 90 % band, and that with the figure's own error."""
    rows = table[table["strong"]].iloc[::-1].reset_index(drop=True)
    figure = new_figure(8.5, 0.6 + 0.3 * len(rows))
    axes = figure.add_subplot()
    for place, row in rows.iterrows():
        _predicted_row(axes, float(place), row)  # type: ignore[arg-type]
    axes.axvline(1.0, color=BLACK, linewidth=1.0)
    axes.set_xscale("log")
    axes.set_xlim(_LEAST_FACTOR, _MOST_FACTOR)
    axes.xaxis.set_major_locator(FixedLocator(_FACTORS))
    axes.xaxis.set_minor_locator(FixedLocator([]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"× {value:g}"))
    names = [f"{row['label']}  {amount(row['value'], row['unit'])}" for _, row in rows.iterrows()]
    axes.set_yticks(range(len(rows)), names)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    dress_plain(axes, size=8.0, grid="x")
    inside = int(rows["inside"].sum())
    axes.set_title(f"{product}: {inside} of {len(rows)} public figures lie in the 90 % band", loc="left", fontsize=10, color=BLACK)
    axes.set_xlabel(
        "predicted over published; box: published range; thick: 90 % of the model, thin: with the figure's own error",
        fontsize=8,
        color=BLACK,
    )
    return as_png(figure)


def _predicted_row(axes: Axes, y: float, row: pd.Series[float]) -> None:
    value = row["value"]
    low = row["low"] / value if math.isfinite(row["low"]) else _LEAST_FACTOR
    high = row["high"] / value if math.isfinite(row["high"]) else _MOST_FACTOR
    axes.fill_betweenx([y - 0.33, y + 0.33], low, high, facecolor="#EEEEEE", edgecolor=GREY, linewidth=0.7)
    color = BLUE if row["inside"] else VERMILLION
    axes.plot([row["band_low"] / value, row["band_high"] / value], [y, y], color=color, linewidth=1.2)
    axes.plot([row["model_low"] / value, row["model_high"] / value], [y, y], color=color, linewidth=4.0, solid_capstyle="butt")
    axes.plot([row["model"] / value], [y], marker="o", color="white", markeredgecolor=color, markersize=5)


def draw_widths(table: pd.DataFrame, ensemble: Ensemble, prior: pd.DataFrame) -> bytes:
    """Where in its prior each parameter's posterior lies: 90 % and the median, in prior quantiles, the best identified on top."""
    rows = table[table["shares"] == ""].iloc[::-1].reset_index(drop=True)
    figure = new_figure(8.5, 0.8 + 0.22 * len(rows))
    axes = figure.add_subplot()
    colors = {"yes": BLUE, "partly": ORANGE, "no": GREY}
    for place, row in rows.iterrows():
        path = row["parameter"]
        low, middle, high = weighted_quantiles(ensemble.sets[path].to_numpy(np.float64), ensemble.weights, (0.05, 0.5, 0.95))
        before = np.sort(prior[path].to_numpy(np.float64))
        ends = np.searchsorted(before, (low, middle, high)) / len(before)
        y, color = float(place), colors[row["identified"]]  # type: ignore[arg-type]
        axes.plot([0.05, 0.95], [y, y], color="#DDDDDD", linewidth=5.0, solid_capstyle="butt")
        axes.plot([ends[0], ends[2]], [y, y], color=color, linewidth=5.0, solid_capstyle="butt")
        axes.plot([ends[1]], [y], marker="o", color="white", markeredgecolor=color, markersize=4)
    axes.set_yticks(range(len(rows)), rows["parameter"].tolist())
    axes.set_xlim(0.0, 1.0)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    dress_plain(axes, size=7.5, grid="x")
    counts = table["identified"].value_counts()
    title = f"The figures identify {counts.get('yes', 0)} of {len(table)} parameters, {counts.get('partly', 0)} in part, the others not"
    axes.set_title(title, loc="left", fontsize=10, color=BLACK)
    axes.set_xlabel("place in the prior (light: 90 % of it); blue: identified, orange: in part, grey: not", fontsize=8, color=BLACK)
    return as_png(figure)


def draw_forecast(found: Forecast, targets: Targets) -> bytes:
    """Daily users and installs: what was fitted, what was forecast, and what was published of both."""
    titles = {"dau": "daily users", "installs_total": "installs"}
    shown = [metric for metric in titles if (found.days["metric"] == metric).any()]
    figure = new_figure(8.5, 3.1 * len(shown))
    known = {target.name for target in found.fitted}
    for place, metric in enumerate(shown):
        axes = figure.add_subplot(len(shown), 1, place + 1)
        rows = found.days[found.days["metric"] == metric]
        axes.fill_between(rows["day"], rows["low"], rows["high"], color=BLUE, alpha=0.25, linewidth=0)
        axes.plot(rows["day"], rows["median"], color=BLUE, linewidth=1.8)
        axes.axvline(found.until + 0.5, color=BLACK, linewidth=1.0, linestyle=":")
        for target in targets.targets:
            if not target.world and target.is_strong and target.observable.of[0] == metric:
                _public_box(axes, target, GREY if target.name in known else VERMILLION)
        dress_plain(axes, size=8.0)
        axes.set_ylim(bottom=0.0)
        axes.set_xlim(0, float(rows["day"].max()))
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, "people")))
        title = f"{titles[metric]}: fitted to day {found.until}, forecast from there on"
        axes.set_title(title, loc="left", fontsize=10, color=BLACK)
    below = "day; blue: median and 90 % of the ensemble; grey boxes: figures that were fitted, red: those that came after"
    axes.set_xlabel(below, fontsize=8, color=BLACK)
    return as_png(figure)


def _public_box(axes: Axes, target: Target, color: str) -> None:
    """A public figure: its days across, its range up, the value as a line; what is under a bound is hatched."""
    assert target.observable.days is not None
    low, high = target.error.interval(target.value)
    ends = [target.observable.days[0] - 1.0, target.observable.days[1] + 1.0]
    hatch = None if low else "///"
    axes.fill_between(ends, low or 0.0, high or target.value, facecolor="none", edgecolor=color, linewidth=1.0, hatch=hatch)
    axes.plot(ends, [target.value] * 2, color=color, linewidth=1.6)
