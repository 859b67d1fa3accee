"""One look for all figures: colours that colour-blind readers can tell apart, calendar dates, numbers in thousands and millions."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, num2date
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from analysis.wording import amount

BLUE, ORANGE, GREEN, VERMILLION, SKY, GREY, BLACK = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#767676", "#222222"
"""Okabe and Ito 2008, and a grey."""

_DPI = 130


def new_figure(width: float, height: float) -> Figure:
    """An empty figure, inches, that draws without a display."""
    figure = Figure(figsize=(width, height), dpi=_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def dress(axes: Axes, title: str, unit: str) -> None:
    """Title (the finding), dates below, amounts of a unit at the left from zero, a light grid, no box."""
    axes.set_title(title, loc="left", fontsize=10, color=BLACK, parse_math=False)
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=4, maxticks=9))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(FuncFormatter(_date_label))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, unit)))
    axes.tick_params(labelsize=8, colors=BLACK, length=3)
    axes.grid(axis="y", color="#E4E4E4", linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _date_label(value: float, place: int | None) -> str:
    """1 Oct; with the year below on the first tick and in January."""
    date = num2date(value)  # type: ignore[no-untyped-call]
    return f"{date.day} {date:%b}" + (f"\n{date:%Y}" if place == 0 or (date.month, date.day) == (1, 1) else "")


def draw_band(axes: Axes, dates: Any, bands: NDArray[np.float64], color: str, **line: Any) -> None:
    """The median as a line over its 5-95 % band; bands has shape (3, days): low, median, high."""
    axes.fill_between(dates, bands[0], bands[2], color=color, alpha=0.25, linewidth=0)
    axes.plot(dates, bands[1], color=color, linewidth=1.8, **line)


def as_png(figure: Figure) -> bytes:
    """The figure as the bytes of a PNG file; equal figures give equal bytes."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()
