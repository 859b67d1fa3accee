"""Pictures of rankings: what each unknown does, beside what mere luck does."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis.figures.ablations import ablations_figure
from analysis.figures.region import region_figure
from analysis.figures.style import BLACK, BLUE, GREY, ORANGE, VERMILLION, dress_plain, head, new_figure
from analysis.sensitivity.ablating import Ablations
from analysis.sensitivity.apportioning import Apportioning
from analysis.sensitivity.discovering import Region
from analysis.sensitivity.outputs import OUTPUTS
from analysis.sensitivity.screening import Screening
from analysis.sensitivity.wording import LUCK, OTHERS, rank_words
from analysis.wording import amount, short_name

Row = Mapping[Hashable, Any]
_MOST_BARS = 14


def sensitivity_figure(answer: Screening | Apportioning | Ablations | Region) -> Figure:
    """The picture of any answer of `analysis.sensitivity`."""
    if isinstance(answer, Screening):
        return screening_figure(answer)
    if isinstance(answer, Apportioning):
        return apportioning_figure(answer)
    return ablations_figure(answer) if isinstance(answer, Ablations) else region_figure(answer)


def screening_figure(found: Screening) -> Figure:
    """μ* of the first unknowns of each output, with intervals, and the line of luck."""
    figure, panels = _panels(found.effects)
    for axes, (output, rows) in zip(panels, found.effects.groupby("output", sort=False), strict=True):
        shown = _first(rows)
        for place, row in enumerate(shown.to_dict("records")):
            axes.barh(place, row["mu_star"], height=0.66, color=_color(row))
            _whisker(axes, place, row["low"], row["high"])
        _luck(axes, rows, "mu_star", "low", "high")
        _dress(axes, shown, str(output), "mean size of the effect, μ*")
    note = (
        "Bars: mean size of the change of the output when an unknown moves over the width of its prior; whiskers: 95 %, by resampling "
        "walks. Blue: beyond luck (the dotted line and grey band: a dummy that changes nothing but the seed). In brackets: ranks that "
        f"cannot be told apart. {found.trajectories} walks, {found.runs:,} runs."
    )
    head(figure, found.finding, note)
    return figure


def apportioning_figure(found: Apportioning) -> Figure:
    """Total and first-order indices of each output, with intervals, and the line of luck."""
    figure, panels = _panels(found.indices)
    for axes, (output, rows) in zip(panels, found.indices.groupby("output", sort=False), strict=True):
        shown = _first(rows)
        for place, row in enumerate(shown.to_dict("records")):
            axes.barh(place - 0.17, row["total"], height=0.32, color=_color(row))
            _whisker(axes, place - 0.17, row["total_low"], row["total_high"])
            axes.barh(place + 0.19, max(0.0, row["first"]), height=0.24, color=ORANGE)
            _whisker(axes, place + 0.19, row["first_low"], row["first_high"])
        _luck(axes, rows, "total", "total_low", "total_high")
        _dress(axes, shown, str(output), "share of the variance")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, "share") if value else "0"))
    note = (
        "Upper bars: total index, the share of the variance that a factor has a part in; orange: the share that it explains alone; "
        "whiskers: 95 %, by resampling points. Blue: beyond luck (dotted line and grey band: a dummy that changes nothing but the seed). "
        f"In brackets: ranks that cannot be told apart. {found.points:,} points, {found.runs:,} runs."
    )
    head(figure, found.finding, note)
    return figure


def _panels(rows: pd.DataFrame) -> tuple[Figure, list[Axes]]:
    count = rows["output"].nunique()
    bars = min(_MOST_BARS, int(rows["output"].value_counts().max()))
    figure = new_figure(0.6 + 4.3 * count, 1.9 + 0.27 * bars)
    return figure, list(figure.subplots(1, count, squeeze=False)[0])


def _first(rows: pd.DataFrame) -> pd.DataFrame:
    """The first bars of an output, and luck wherever it stands."""
    if (rows["factor"].head(_MOST_BARS) == LUCK).any():
        return rows.head(_MOST_BARS)
    return pd.concat([rows.head(_MOST_BARS - 1), rows[rows["factor"] == LUCK]])


def _color(row: Row) -> str:
    if row["factor"] == LUCK:
        return VERMILLION
    return BLUE if row["beyond_luck"] else "#B9C6D0"


def _whisker(axes: Axes, place: float, low: float, high: float) -> None:
    axes.plot([low, high], [place, place], color=BLACK, linewidth=1.0)


def _luck(axes: Axes, rows: pd.DataFrame, index: str, low: str, high: str) -> None:
    luck = rows[rows["factor"] == LUCK].iloc[0]
    axes.axvspan(luck[low], luck[high], color=GREY, alpha=0.15, linewidth=0)
    axes.axvline(luck[index], color=VERMILLION, linewidth=1.0, linestyle=":")


def _dress(axes: Axes, shown: pd.DataFrame, output: str, below: str) -> None:
    names = [_label(row) for row in shown.to_dict("records")]
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.set_xlim(left=0.0)
    dress_plain(axes, size=7.5, grid="x")
    axes.set_title(OUTPUTS[output].label, loc="left", fontsize=9.5, color=BLACK)
    axes.set_xlabel(below, fontsize=8, color=BLACK)


def _label(row: Row) -> str:
    factor = str(row["factor"])
    if factor in (LUCK, OTHERS):
        return factor
    rank, best, worst = (row[name] for name in ("rank", "best_rank", "worst_rank"))
    return f"{short_name(factor)} [{rank_words(rank, best, worst)}]"
