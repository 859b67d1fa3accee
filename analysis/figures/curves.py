"""The first picture of a run: daily users, installs, money and where the views happen, over calendar dates."""

from __future__ import annotations

import datetime
import textwrap
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from analysis.figures.style import BLACK, BLUE, GREEN, GREY, ORANGE, SKY, VERMILLION, as_png, draw_band, dress, new_figure
from analysis.wording import amount, verdict
from sim.evidence import Evidence, PublicFigure, compare
from sim.results import Run

_WEEK = 7

Dates = NDArray[np.datetime64]


def draw_curves(run: Run, evidence: Evidence | None) -> bytes:
    """The picture as PNG. Lines are medians over seeds, bands 5-95 %; after a closure daily counts and money are zero."""
    figure = new_figure(11.0, 7.6)
    axes = figure.subplots(2, 2)
    dates = np.datetime64(run.launch_date, "D") + np.arange(_days_shown(run, evidence))
    _daily_users(axes[0, 0], run, dates, evidence)
    _installs(axes[0, 1], run, dates, evidence)
    _money(axes[1, 0], run, dates)
    _views(axes[1, 1], run, dates)
    figure.align_ylabels()
    figure.suptitle(textwrap.fill(verdict(run), 118), x=0.01, ha="left", fontsize=10.5, fontweight="bold", color=BLACK)
    note = f"Lines: median of {len(run.seeds)} seeds; bands: 5–95 %. After a closure nobody comes and no money moves."
    boxes = " Boxes: public figures, window and range; hatched: a bound from above." if evidence else ""
    figure.supxlabel(note + boxes, x=0.01, ha="left", fontsize=8, color=GREY)
    return as_png(figure)


def _days_shown(run: Run, evidence: Evidence | None) -> int:
    """Days on the time axis: ten more than the longest run, and as many as the public figures need, inside the horizon."""
    longest: int = max(summary["days_run"] for summary in run.summaries)
    windows = [figure.days(run.launch_date) for figure in _figures(evidence)]
    return min(run.days, max(longest, *(window[1] for window in windows if window), 0) + 10)


def by_seed(run: Run, column: str, days: int, *, weekly: bool = False, hold: bool = False) -> NDArray[np.float64]:
    """A daily column as seeds x days, or its trailing mean of seven days; after a closure 0, or the last value if `hold`."""
    grid = np.zeros((len(run.seeds), days))
    for row, seed in enumerate(run.seeds):
        values = run.daily.loc[run.daily["seed"] == seed, column]
        if weekly:
            values = values.rolling(_WEEK, min_periods=1).mean()
        grid[row, : len(values)] = values
        if hold:
            grid[row, len(values) :] = values.iloc[-1]
    return grid


def bands(grid: NDArray[np.float64]) -> NDArray[np.float64]:
    """The 5, 50 and 95 % points over seeds, shape (3, days)."""
    return np.asarray(np.percentile(grid, (5, 50, 95), axis=0))


def _words(run: Run, day: int) -> str:
    date = run.launch_date + datetime.timedelta(days=day)
    return f"{date.day} {date:%b %Y}"


def _daily_users(axes: Axes, run: Run, dates: Dates, evidence: Evidence | None) -> None:
    band = bands(by_seed(run, "dau", len(dates)))
    draw_band(axes, dates, band, BLUE)
    _public(axes, dates, [figure for figure in _figures(evidence) if figure.of == ("dau",)], run.launch_date)
    peak, ends = int(band[1].argmax()), [summary["dau_end"] for summary in run.summaries]
    end = "at the close" if run.ensemble["verdict"] == "shutdown" else "on the last day"
    top, rest = amount(band[1, peak], "people"), amount(float(np.median(ends)), "people")
    dress(axes, f"Daily users peak at {top} on {_words(run, peak)} and are {rest} {end}", "people")
    axes.set_ylabel("people a day", fontsize=8)
    axes.set_ylim(bottom=0)


def _installs(axes: Axes, run: Run, dates: Dates, evidence: Evidence | None) -> None:
    band = bands(by_seed(run, "installs_total", len(dates), hold=True))
    draw_band(axes, dates, band, GREEN)
    title = f"{amount(band[1, -1], 'people')} installs by the end"
    if evidence and (public := [figure for figure in evidence.figures if figure.of == ("installs_total",)]):
        _public(axes, dates, public, run.launch_date)
        met = int(compare(run, replace(evidence, figures=tuple(public)))["met"].eq(True).sum())
        title += f"; {met} of {len(public)} public counts met"
    dress(axes, title, "people")
    axes.set_ylabel("people so far", fontsize=8)
    axes.set_ylim(bottom=0)


def _money(axes: Axes, run: Run, dates: Dates) -> None:
    cost, revenue = (bands(by_seed(run, column, len(dates), weekly=True)) for column in ("cost_usd", "revenue_usd"))
    draw_band(axes, dates, cost, VERMILLION)
    draw_band(axes, dates, revenue, BLUE)
    spent, earned = (run.ensemble["figures"][key]["q50"] for key in ("cost_usd.total", "revenue_usd.total"))
    title = f"{amount(earned, 'USD') if earned else 'Nothing'} comes in, {amount(spent, 'USD')} goes out"
    dress(axes, title + (f": {amount(spent / earned, '1')} dollars for each one earned" if 0.0 < earned < spent else ""), "USD")
    axes.set_ylabel("USD a day, 7-day mean", fontsize=8)
    axes.set_ylim(bottom=0)
    _name_line(axes, dates, cost[2], "cost", VERMILLION)
    _name_line(axes, dates, revenue[2], "revenue", BLUE)


def _views(axes: Axes, run: Run, dates: Dates) -> None:
    here, outside = (np.median(by_seed(run, column, len(dates), weekly=True), axis=0) for column in ("views_here", "views_outside"))
    axes.stackplot(dates, here, outside, colors=(SKY, ORANGE), linewidth=0)
    share = run.ensemble["figures"]["leaked_view_share"].get("q50")
    watched = "Nobody watches" if share is None else f"{amount(share, 'share')} of all views of clips made here happen outside"
    dress(axes, watched, "views")
    axes.set_ylabel("views a day, 7-day mean, stacked", fontsize=8)
    axes.set_ylim(bottom=0)
    _name_area(axes, dates, np.zeros_like(here), here, "here")
    _name_area(axes, dates, here, here + outside, "outside")


def _figures(evidence: Evidence | None) -> tuple[PublicFigure, ...]:
    return evidence.figures if evidence else ()


def _public(axes: Axes, dates: Dates, figures: list[PublicFigure], launch_date: datetime.date) -> None:
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


def _name_line(axes: Axes, dates: Dates, line: NDArray[np.float64], name: str, color: str) -> None:
    """Write a line's name just above its highest point away from the ends."""
    margin = len(dates) // 8
    day = margin + int(line[margin : len(dates) - margin].argmax())
    axes.annotate(name, (dates[day], line[day]), xytext=(0, 4), textcoords="offset points", ha="center", fontsize=9, color=color)


def _name_area(axes: Axes, dates: Dates, low: NDArray[np.float64], high: NDArray[np.float64], name: str) -> None:
    """Write an area's name inside it, where it is thickest, away from the ends."""
    margin = len(dates) // 8
    day = margin + int((high - low)[margin : len(dates) - margin].argmax())
    if high[day] > low[day]:
        axes.text(dates[day], (low[day] + high[day]) / 2.0, name, ha="center", va="center", fontsize=9, color=BLACK)
