"""The first picture of a run: daily users, installs, money and where the views happen, over calendar dates."""

from __future__ import annotations

import textwrap
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.figures.marks import NamedLine, closing_strip, name_area, name_lines, public_boxes
from analysis.figures.series import Dates, bands, by_seed, closing_days, date_words, dates_of, days_shown, open_days
from analysis.figures.style import BLACK, BLUE, GREEN, GREY, ORANGE, SKY, VERMILLION, as_png, draw_band, dress, new_figure
from analysis.wording import amount, verdict
from sim.evidence import Evidence, PublicFigure, compare
from sim.results import Run

_STILL_THE_PEAK = 0.98
NEARLY_ALL = 0.995


def draw_curves(run: Run, evidence: Evidence | None) -> bytes:
    """The picture of a run as PNG."""
    return as_png(curves_figure(run, evidence))


def curves_figure(run: Run, evidence: Evidence | None) -> Figure:
    """The picture of a run: lines are medians over seeds, bands 5-95 %; after a closure daily counts and money are zero."""
    figure = new_figure(11.0, 7.6)
    axes = figure.subplots(2, 2)
    dates = dates_of(run, days_shown(run, evidence))
    _daily_users(axes[0, 0], run, dates, evidence)
    _installs(axes[0, 1], run, dates, evidence)
    _money(axes[1, 0], run, dates)
    _views(axes[1, 1], run, dates)
    for one in axes.flat:
        closing_strip(one, dates, closing_days(run))
    figure.align_ylabels()
    figure.suptitle(textwrap.fill(verdict(run), 118), x=0.01, ha="left", fontsize=10.5, fontweight="bold", color=BLACK)
    note = f"Lines: median of {len(run.seeds)} seeds; bands: 5–95 %."
    if closing_days(run) is not None:
        note += " Grey strip, broken line: days of closure, 5–95 % and median; a run falls to zero at once, medians slope between."
    boxes = "\nBoxes: public figures, window and range; hatched: a bound from above." if evidence else ""
    figure.supxlabel(note + boxes, x=0.01, ha="left", fontsize=8, color=GREY)
    return figure


def _daily_users(axes: Axes, run: Run, dates: Dates, evidence: Evidence | None) -> None:
    band = bands(by_seed(run, "dau", len(dates)))
    draw_band(axes, dates, band, BLUE)
    public_boxes(axes, dates, public_on(evidence, "dau"), run.launch_date)
    dress(axes, daily_users_finding(run, band[1]), "people")
    axes.set_ylabel("people a day", fontsize=8)
    axes.set_ylim(bottom=0)


def daily_users_finding(run: Run, median: np.typing.NDArray[np.float64]) -> str:
    """When daily users peak and what is left of them; median: of daily users over seeds, a value a day."""
    peak, last = int(median.argmax()), float(np.median([summary["dau_end"] for summary in run.summaries]))
    end = "at the close" if run.ensemble["verdict"] == "shutdown" else "on the last day"
    if last >= _STILL_THE_PEAK * median[peak]:
        return f"Daily users rise to {amount(last, 'people')} {end}"
    return f"Daily users peak at {amount(median[peak], 'people')} on {date_words(run, peak)} and are {amount(last, 'people')} {end}"


def _installs(axes: Axes, run: Run, dates: Dates, evidence: Evidence | None) -> None:
    band = bands(by_seed(run, "installs_total", len(dates), hold=True))
    draw_band(axes, dates, band, GREEN)
    title = f"{amount(band[1, -1], 'people')} installs by the end"
    if evidence and (public := public_on(evidence, "installs_total")):
        public_boxes(axes, dates, public, run.launch_date)
        met = int(compare(run, replace(evidence, figures=public))["met"].eq(True).sum())
        title += f"; {met} of {len(public)} public counts met"
    dress(axes, title, "people")
    axes.set_ylabel("people so far", fontsize=8)
    axes.set_ylim(bottom=0)


def _money(axes: Axes, run: Run, dates: Dates) -> None:
    cost, revenue = (bands(by_seed(run, column, len(dates), weekly=True)) for column in ("cost_usd", "revenue_usd"))
    draw_band(axes, dates, cost, VERMILLION)
    draw_band(axes, dates, revenue, BLUE)
    dress(axes, money_finding(run), "USD")
    axes.set_ylabel("USD a day, 7-day mean", fontsize=8)
    axes.set_ylim(bottom=0)
    name_lines(axes, dates, (NamedLine("cost", cost, VERMILLION), NamedLine("revenue", revenue, BLUE)), open_days(run))


def money_finding(run: Run) -> str:
    """What comes in and goes out over the run, and dollars spent for each one earned."""
    spent, earned = (run.ensemble["figures"][key]["q50"] for key in ("cost_usd.total", "revenue_usd.total"))
    title = f"{amount(earned, 'USD') if earned else 'Nothing'} comes in, {amount(spent, 'USD')} goes out"
    return title + (f": {amount(spent / earned, '1')} dollars for each one earned" if 0.0 < earned < spent else "")


def _views(axes: Axes, run: Run, dates: Dates) -> None:
    here, outside = (np.median(by_seed(run, column, len(dates), weekly=True), axis=0) for column in ("views_here", "views_outside"))
    axes.stackplot(dates, here, outside, colors=(SKY, ORANGE), linewidth=0)
    dress(axes, views_finding(run), "views")
    axes.set_ylabel("views a day, 7-day mean, stacked", fontsize=8)
    axes.set_ylim(bottom=0)
    name_area(axes, dates, np.zeros_like(here), here, "here")
    name_area(axes, dates, here, here + outside, "outside")


def views_finding(run: Run) -> str:
    """The share of the views that happen outside."""
    share = run.ensemble["figures"]["leaked_view_share"].get("q50")
    if share is None:
        return "Nobody watches"
    if NEARLY_ALL <= share < 1.0:
        return "Nearly all views of clips made here happen outside"
    return (
        f"{amount(share, 'share')} of all views of clips made here happen outside" if share else "All views of clips made here happen here"
    )


def public_on(evidence: Evidence | None, column: str) -> tuple[PublicFigure, ...]:
    """The public figures that are values or means of a daily column, and so can be drawn on its curve."""
    figures = evidence.figures if evidence else ()
    return tuple(figure for figure in figures if figure.of == (column,) and figure.statistic in ("last", "mean"))
