"""The picture of a deadline: P(saved) against the day the fix comes, and the day on which it falls under one half."""

from __future__ import annotations

import datetime

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.figures.style import BLACK, BLUE, GREY, VERMILLION, dress_plain, head, new_figure
from analysis.questions.deadline import Deadline
from analysis.wording import amount


def deadline_figure(answer: Deadline) -> Figure:
    """The curve with its band, the days asked, and the point of no return with its interval."""
    figure = new_figure(9.0, 4.8)
    axes = figure.subplots()
    rows = answer.curve
    axes.fill_between(rows["day"], rows["low"], rows["high"], color=BLUE, alpha=0.2, linewidth=0)
    axes.plot(rows["day"], rows["p"], color=BLUE, linewidth=2.0)
    axes.plot(rows["day"], rows["share"], "o", color=BLUE, markersize=4)
    axes.axhline(0.5, color=GREY, linewidth=0.9, linestyle=":")
    axes.set_xlim(0.0, max(1.0, float(rows["day"].iloc[-1])))
    axes.set_ylim(-0.04, 1.12)
    if answer.day:
        _mark(axes, answer, answer.day)
    axes.set_ylabel("P(saved)", fontsize=9)
    axes.xaxis.set_major_locator(MaxNLocator(7, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda day, _: f"day {day:.0f}\n{_date(answer.launch, day)}"))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda share, _: amount(share, "share")))
    axes.set_yticks(np.linspace(0.0, 1.0, 5))
    axes.set_xlabel("the day the fix comes", fontsize=9)
    dress_plain(axes, size=8)
    head(figure, answer.finding, _note(answer))
    return figure


def _mark(axes: Axes, answer: Deadline, day: float) -> None:
    """The day with its date, and its interval as a stripe."""
    last = float(answer.curve["day"].iloc[-1])
    if answer.low is not None:
        axes.axvspan(answer.low, last if answer.high is None else answer.high, color=VERMILLION, alpha=0.15, linewidth=0)
    axes.axvline(day, color=VERMILLION, linewidth=1.6)
    is_left = day > 0.6 * last
    axes.annotate(
        f"day {day:.0f}, {_date(answer.launch, day)}",
        (day, 1.06),
        xytext=(-6 if is_left else 6, 0),
        textcoords="offset points",
        ha="right" if is_left else "left",
        va="center",
        fontsize=10,
        fontweight="bold",
        color=BLACK,
    )


def _note(answer: Deadline) -> str:
    return (
        f"The fix: {', '.join(answer.fix)}. Saved: self-sustaining {answer.judged_after} days after the fix; a product closed before it is"
        f" lost. Dots: shares of {int(answer.curve['draws'].iloc[0])} paired {answer.over}; line: the same, made monotone; band: 95 %"
        " (Wilson). Stripe: 95 % interval of the day, by resampling draws."
    )


def _date(launch: datetime.date, day: float) -> str:
    date = launch + datetime.timedelta(days=round(day))
    return f"{date.day} {date:%b %Y}"
