"""The picture of a comparison: how much more of each figure, and when, with the band of what one cannot tell apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis.figures.style import BLACK, BLUE, GREY, VERMILLION, dress_numbers, dress_plain, head, new_figure
from analysis.questions.compare import Comparison
from analysis.questions.verdicts import UNCLEAR
from analysis.wording import KEY_FIGURES, amount, metric_name

_CURVES = ("dau", "installs_total", "views_outside", "revenue_usd", "cost_usd", "cumulated_loss_usd")
_UNITS = {"dau": "people", "installs_total": "people", "views_outside": "views"}
_MOST_CHANGE = 3.0
"""Ratios beyond this are drawn at the edge, with their number."""


def comparison_figure(comparison: Comparison) -> Figure:
    """Left: the daily difference of six metrics, mean and 95 % band over pairs. Right: the key figures of B as multiples of those of A."""
    figure = new_figure(12.0, 6.6)
    left, right = figure.subfigures(1, 2, squeeze=False, width_ratios=(2.1, 1.0))[0]
    for axes, metric in zip(left.subplots(2, 3).flat, _CURVES, strict=True):
        _difference(axes, comparison, metric)
    _multiples(right.subplots(), comparison)
    head(figure, comparison.finding, _note(comparison))
    return figure


def _note(comparison: Comparison) -> str:
    return (
        f"All differences: {comparison.name_b} minus {comparison.name_a}, {len(comparison.seeds)} pairs of runs of the same people and"
        " luck. Bands and bars: 95 %, by resampling pairs. Grey: cannot be told apart. Below: days from the launch; what is counted a"
        " day is a 7-day mean."
    )


def _difference(axes: Axes, comparison: Comparison, metric: str) -> None:
    rows = comparison.daily[comparison.daily["metric"] == metric]
    day, difference, low, high = (rows[name].to_numpy() for name in ("day", "difference", "low", "high"))
    axes.axhline(0.0, color=GREY, linewidth=0.9)
    for where, color in ((low > 0.0, BLUE), (high < 0.0, VERMILLION), (~((low > 0.0) | (high < 0.0)), GREY)):
        axes.fill_between(day, low, high, where=_closed(where), color=color, alpha=0.25, linewidth=0)
        axes.plot(day, np.where(_closed(where), difference, np.nan), color=color, linewidth=1.8)
    dress_numbers(axes, f"{metric_name(metric).capitalize()}: {_when(low, high)}", _UNITS.get(metric, "USD"))
    axes.title.set_fontsize(9)


def _closed(where: np.ndarray) -> np.ndarray:
    """The same days and the one after each, so that neighbouring stretches meet."""
    return where | np.concatenate(([False], where[:-1]))


def _when(low: np.ndarray, high: np.ndarray) -> str:
    """On how many days it is more or less, beyond luck."""
    more, less = int((low > 0.0).sum()), int((high < 0.0).sum())
    if not more and not less:
        return "cannot tell apart"
    told = [f"{word} on {days} days" for days, word in ((more, "more"), (less, "less")) if days]
    return "\n".join(told)


def _multiples(axes: Axes, comparison: Comparison) -> None:
    rows = _key_rows(comparison)
    for place, row in enumerate(rows.to_dict("records")):
        color = GREY if row["verdict"] == UNCLEAR else BLUE if row["difference"] > 0.0 else VERMILLION
        ends = np.clip(np.array([row["low"], row["difference"], row["high"]]) / abs(row["mean_a"]), -1.2, _MOST_CHANGE)
        axes.plot(ends[[0, 2]], [place, place], color=color, linewidth=2.2, solid_capstyle="butt")
        axes.plot(ends[1], place, "o", color=color, markersize=5)
        text = f"{amount(row['mean_a'], row['unit'])} → {amount(row['mean_b'], row['unit'])}"
        axes.text(1.03, place, text, transform=axes.get_yaxis_transform(), va="center", fontsize=7.5, parse_math=False)
    axes.set_yticks(range(len(rows)), [KEY_FIGURES[key] for key in rows["figure"]])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.axvline(0.0, color=GREY, linewidth=0.9)
    axes.set_title(f"Change from {comparison.name_a}", loc="left", fontsize=9, color=BLACK)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda share, _: amount(share, "share")))
    dress_plain(axes, size=8, grid="x")


def _key_rows(comparison: Comparison) -> pd.DataFrame:
    """The key figures that are defined for both and not zero for A."""
    rows = comparison.figures.set_index("figure", drop=False).reindex(list(KEY_FIGURES))
    return rows[(rows["pairs"] > 0) & (rows["mean_a"] != 0.0)]
