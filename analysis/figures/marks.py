"""What is drawn on top of curves: public figures as boxes, names of lines, dated changes."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis.figures.series import Dates, Grid
from analysis.figures.style import BLACK, GREY
from sim.evidence import PublicFigure


@dataclass(frozen=True)
class NamedLine:
    """A line with its band: 5, 50 and 95 % points, shape (3, days)."""

    name: str
    band: Grid
    color: str


LETTERS = "abcdefghijklmnopqrstuvwxyz"
_TOO_NEAR = 0.025
"""Share of the axis."""


def public_boxes(axes: Axes, dates: Dates, figures: Sequence[PublicFigure], launch_date: datetime.date) -> None:
    """Public figures as boxes: their window across, their range up, the value as a line; what is under a bound from above is hatched."""
    for figure in figures:
        window = figure.days(launch_date)
        if window is None or window[0] >= len(dates):
            continue
        first, last = window[0] - 0.5, min(window[1], len(dates) - 1) + 0.5
        if last - first < 3.0:
            first, last = first - 1.5, last + 1.5
        ends = dates[0].astype("datetime64[h]") + (24.0 * np.array([first, last])).astype("timedelta64[h]")
        hatch = "///" if figure.low is None else None
        axes.fill_between(ends, figure.low or 0.0, figure.high, facecolor="none", edgecolor=GREY, linewidth=0.8, hatch=hatch)
        axes.plot(ends, [figure.value] * 2, color=BLACK, linewidth=1.4)


def name_lines(axes: Axes, dates: Dates, lines: Sequence[NamedLine], until: int | None = None, *, size: float = 9.0) -> None:
    """Write the names of two lines just above their bands, where these are farthest apart, away from the ends; not of one that is zero.

    until: the day before which the names must stand; None: the last.
    """
    days = len(dates) if until is None else max(1, min(until, len(dates)))
    margin = days // 8
    one, other = (line.band for line in lines)
    apart = np.maximum(one[0] - other[2], other[0] - one[2])
    day = margin + int(apart[margin : days - margin].argmax())
    beside = slice(max(0, day - margin // 2), day + margin // 2 + 1)
    for line in lines:
        if line.band[2].any():
            axes.annotate(
                line.name,
                (dates[day], line.band[2, beside].max()),
                xytext=(0, 4),
                textcoords="offset points",
                ha="center",
                fontsize=size,
                color=line.color,
            )


def name_area(axes: Axes, dates: Dates, low: NDArray[np.float64], high: NDArray[np.float64], name: str) -> None:
    """Write an area's name inside it, where it is thickest, away from the ends."""
    margin = len(dates) // 8
    day = margin + int((high - low)[margin : len(dates) - margin].argmax())
    if high[day] > low[day]:
        axes.text(dates[day], (low[day] + high[day]) / 2.0, name, ha="center", va="center", fontsize=9, color=BLACK)


def closing_strip(
    axes: Axes, dates: Dates, closing: tuple[float, float, float] | None, name: str = "", *, size: float = 9.0, above: float = 2.0
) -> None:
    """A grey strip from the first to the last of these days, a broken line on the middle one, and its name `above` points over the axes.

    closing: as in `closing_days`; nothing is drawn for None.
    """
    if closing is None:
        return
    first, middle, last = (dates[min(round(day), len(dates) - 1)] for day in closing)
    axes.axvspan(first, last, color=GREY, alpha=0.18, linewidth=0, zorder=0)
    axes.axvline(middle, color=BLACK, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
    axes.annotate(
        name,
        (middle, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(0, above),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=size,
        color=BLACK,
    )


def lettered_days(axes: Axes, dates: Dates, days: Sequence[int], *, size: float = 9.0) -> float:
    """Dotted lines on these days, in order, with letters from `a` on above the axes; a letter too near the last one stands higher.

    Returns how far above the axes the highest letter ends, points.
    """
    last, step, highest = -len(dates), 0, 0
    for letter, day in zip(LETTERS, days, strict=False):
        step = step + 1 if day - last < _TOO_NEAR * len(dates) else 0
        last, highest = day, max(highest, step + 1)
        axes.axvline(dates[day], color=GREY, linewidth=0.9, linestyle=":")
        axes.annotate(
            letter,
            (dates[day], 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(0, 2 + 1.1 * size * step),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=size,
            color=BLACK,
        )
    return 2 + 1.1 * size * highest
