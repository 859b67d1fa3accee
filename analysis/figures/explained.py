"""The picture of a post-mortem: from the world as it is to the mended one, gate by gate; and what broke when."""

from __future__ import annotations

import datetime
import textwrap
from collections.abc import Callable, Hashable, Mapping
from functools import partial
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

import sim
from analysis.figures.style import BLACK, BLUE, GREY, SKY, VERMILLION, dress_plain, head, new_figure
from analysis.postmortem.explain_words import NAMES, UNITS, rows_of, said
from analysis.postmortem.shares import SHARE, TOGETHER, WHOLE
from analysis.questions.explain import Explanation
from analysis.wording import amount

Row = Mapping[Hashable, Any]


def explanation_figure(answer: Explanation) -> Figure:
    """Left: the shares of the gates in what mending changes, for each measure. Right: when each thing broke. Below: the operator's trap."""
    figure = new_figure(12.0, 7.4)
    left, right = figure.subfigures(1, 2, squeeze=False, width_ratios=(1.0, 1.0))[0]
    for axes, measure in zip(left.subplots(len(UNITS), 1), UNITS, strict=True):
        _waterfall(axes, answer, measure)
    upper, lower = right.subplots(2, 1, height_ratios=(6.0, 1.1))
    _timeline(upper, answer)
    _trap(lower, answer)
    head(figure, answer.finding, _note(answer))
    return figure


def _note(answer: Explanation) -> str:
    return (
        f"Left: Shapley values over all sets of mended gates, {int(answer.worlds['draws'].iloc[0])} paired {answer.over}; whiskers: 95 % by"
        " resampling them; alone: what mending this gate only brings. Right: dots are medians over the draws in which it broke for good,"
        " lines 5–95 %; what comes first need not be the cause."
    )


def _waterfall(axes: Axes, answer: Explanation, measure: str) -> None:
    unit = UNITS[measure]
    shares = rows_of(answer.parts, measure, SHARE)
    alone = {row["part"]: row["value"] for row in rows_of(answer.parts, measure, TOGETHER)}
    at = start = float(answer.worlds[measure].iloc[0])
    end = float(answer.worlds[measure].iloc[-1])
    axes.barh(0, start, color=GREY, height=0.6)
    for place, row in enumerate(shares, start=1):
        _step(axes, place, at, row)
        at += row["value"]
    axes.barh(len(shares) + 1, end, color=BLACK, height=0.6)
    texts = [amount(start, unit), *(f"{_points(row['value'], measure)}  alone {said(alone[row['part']], measure)}" for row in shares)]
    for place, text in enumerate([*texts, amount(end, unit)]):
        axes.text(1.01, place, text, transform=axes.get_yaxis_transform(), va="center", fontsize=8, parse_math=False)
    axes.set_yticks(range(len(shares) + 2), ["as it is", *(f"+ {row['part']}" for row in shares), "all mended"])
    axes.set_ylim(len(shares) + 1.5, -0.5)
    axes.axvline(0.0, color=GREY, linewidth=0.9)
    axes.use_sticky_edges = False
    axes.margins(x=0.04)
    axes.set_title(_title(answer, measure), loc="left", fontsize=9.5, color=BLACK, parse_math=False)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, unit)))
    dress_plain(axes, size=8, grid="x")


def _step(axes: Axes, place: int, at: float, row: Row) -> None:
    """The bar of a share from where the one before ended, with its interval at its end."""
    color = SKY if row["low"] <= 0.0 <= row["high"] else BLUE if row["value"] > 0.0 else VERMILLION
    axes.barh(place, row["value"], left=at, color=color, height=0.6)
    if not np.isnan(row["low"]):
        axes.plot([at + row["low"], at + row["high"]], [place, place], color=BLACK, linewidth=1.4)


def _points(value: float, measure: str) -> str:
    return said(value, measure) + (" points" if measure == "p" else "")


def _title(answer: Explanation, measure: str) -> str:
    whole = rows_of(answer.parts, measure, WHOLE)[0]
    name = NAMES[measure]
    return f"{name[0].upper()}{name[1:]}: {_points(whole['value'], measure)}"


def _timeline(axes: Axes, answer: Explanation) -> None:
    rows = answer.breaks.to_dict("records")
    date = partial(_date, answer.launch)
    for place, row in enumerate(rows):
        if row["broke"]:
            start = 0.0 if _is_from_start(row) else row["day"]
            axes.barh(place, answer.days - start, left=start, color=VERMILLION, height=0.34, alpha=0.18 * float(row["share"]))
        if row["broke"] and not _is_from_start(row):
            axes.plot([row["day_low"], row["day_high"]], [place, place], color=VERMILLION, linewidth=2.4, solid_capstyle="butt")
            axes.plot(row["day"], place, "o", color=VERMILLION, markersize=7)
        axes.text(answer.days * 0.02, place - 0.30, _broke(row, date), va="center", fontsize=8.5, parse_math=False)
        axes.text(answer.days * 0.02, place + 0.32, row["broken"], va="center", fontsize=7.5, color=GREY, parse_math=False)
    axes.set_yticks(range(len(rows)), [row["thing"] for row in rows], fontsize=9)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0.0, answer.days)
    axes.set_title("What broke for good, and when", loc="left", fontsize=9.5, color=BLACK)
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda day, _: f"day {day:.0f}\n{date(day)}"))
    dress_plain(axes, size=8, grid="x")


def _trap(axes: Axes, answer: Explanation) -> None:
    axes.set_axis_off()
    axes.set_title("The operator's trap", loc="left", fontsize=9.5, color=BLACK)
    text = axes.text(0.0, 0.95, textwrap.fill(answer.users, 78), transform=axes.transAxes, va="top", fontsize=8.5, parse_math=False)
    text.set_in_layout(False)


def _is_from_start(row: Row) -> bool:
    return bool(row["day"] < sim.GATE_DAYS)


def _broke(row: Row, date: Callable[[float], str]) -> str:
    """from the start, or day 92, 31 Dec 2025; and in how many draws."""
    if not row["broke"]:
        return "in no draw"
    day = "from the start" if _is_from_start(row) else f"day {row['day']:.0f}, {date(row['day'])}"
    return f"{day}, in {amount(row['share'], 'share')} of the draws"


def _date(launch: datetime.date, day: float) -> str:
    date = launch + datetime.timedelta(days=round(day))
    return f"{date.day} {date:%b %Y}"
