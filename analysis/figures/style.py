"""One look for all figures: colours that colour-blind readers can tell apart, calendar dates, numbers in thousands and millions."""

from __future__ import annotations

import io
import textwrap
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.dates import AutoDateLocator, num2date
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from analysis.wording import amount

BLUE, ORANGE, GREEN, VERMILLION, SKY, PURPLE, GREY, BLACK = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#56B4E9",
    "#CC79A7",
    "#767676",
    "#222222",
)
"""Okabe and Ito 2008, and a grey."""

MOST_POINTS = 400
"""Points of a line or band beyond which it is thinned: more cannot be told apart, and a long run would make a huge file."""

_DPI = 130


def new_figure(width: float, height: float) -> Figure:
    """An empty figure, inches, that draws without a display."""
    figure = Figure(figsize=(width, height), dpi=_DPI, layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def dress(axes: Axes, title: str, unit: str, *, size: float = 8.0) -> None:
    """Title (the finding), dates below, amounts of a unit at the left, a light grid, no box. size: of the numbers, points."""
    axes.xaxis.set_major_locator(AutoDateLocator(minticks=4, maxticks=9))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(FuncFormatter(_date_label))
    dress_numbers(axes, title, unit, size=size)


def dress_numbers(axes: Axes, title: str, unit: str, *, size: float = 8.0) -> None:
    """The same with plain numbers below, such as days from the launch."""
    axes.set_title(title, loc="left", fontsize=10, color=BLACK, parse_math=False)
    dress_plain(axes, size=size)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, unit)))


def dress_plain(axes: Axes, *, size: float, grid: str = "y") -> None:
    """A light grid and no box; ticks are left as they are. grid: "x" or "y", the axis whose ticks get lines."""
    axes.tick_params(labelsize=size, colors=BLACK, length=3)
    axes.grid(axis="x" if grid == "x" else "y", color="#E4E4E4", linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _date_label(value: float, place: int | None) -> str:
    """1 Oct; with the year below on the first tick and in January."""
    date = num2date(value)  # type: ignore[no-untyped-call]
    return f"{date.day} {date:%b}" + (f"\n{date:%Y}" if place == 0 or (date.month, date.day) == (1, 1) else "")


def draw_band(axes: Axes, x: Any, bands: NDArray[np.float64], color: str, **line: Any) -> None:
    """The median as a line over its 5-95 % band; bands has shape (3, points): low, median, high."""
    kept = thinned(bands.shape[1], MOST_POINTS)
    axes.fill_between(x[kept], bands[0, kept], bands[2, kept], color=color, alpha=0.25, linewidth=0)
    axes.plot(x[kept], bands[1, kept], color=color, linewidth=1.8, **line)


def thinned(count: int, most: int, step: int = 1) -> NDArray[np.int64]:
    """Evenly spread positions among `count`, a multiple of `step` apart, about `most` of them at the most; the last is always there."""
    apart = step * -(-count // (most * step))
    return np.unique(np.append(np.arange(0, count, apart), count - 1)).astype(np.int64)


def settle(figure: Figure) -> None:
    """Lay the figure out once and for all: what is drawn after that is drawn where it stands."""
    figure.draw_without_rendering()
    figure.set_layout_engine("none")


def add_margins(figure: Figure, above: float, below: float) -> None:
    """Make a settled figure taller, inches, and leave its axes their size and place."""
    width, height = figure.get_size_inches()
    taller = height + above + below
    for axes in figure.axes:
        x, y, wide, tall = axes.get_position().bounds
        axes.set_position((x, (y * height + below) / taller, wide, tall * height / taller))
    figure.set_size_inches(width, taller)


def head(figure: Figure, finding: str, note: str) -> None:
    """What the figure says, above it, as wide as it is; how to read it, below."""
    inches = float(figure.get_size_inches()[0])
    title = textwrap.fill(finding, int(10.6 * inches))
    figure.suptitle(title, x=0.01, ha="left", fontsize=10.5, fontweight="bold", color=BLACK, parse_math=False)
    lines = "\n".join(textwrap.fill(line, int(14.5 * inches)) for line in note.splitlines())
    figure.supxlabel(lines, x=0.01, ha="left", fontsize=8, color=GREY, parse_math=False)


def as_png(figure: Figure) -> bytes:
    """The figure as the bytes of a PNG file; equal figures give equal bytes."""
    buffer = io.BytesIO()
    FigureCanvasAgg(figure).print_png(buffer, metadata={"Software": None})  # type: ignore[no-untyped-call]
    return buffer.getvalue()


def as_svg(figure: Figure) -> bytes:
    """The figure as the bytes of an SVG file, text as text; equal figures give equal bytes."""
    buffer, dpi = io.BytesIO(), figure.dpi
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "flywheel"}):
        FigureCanvasSVG(figure).print_svg(buffer, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))  # type: ignore[no-untyped-call]
    figure.set_dpi(dpi)
    return buffer.getvalue()
