"""Who stays: the share of adopters active n days later, by the month they came."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, NullLocator
from numpy.typing import NDArray

from analysis.figures.series import Grid, bands
from analysis.figures.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, dress_plain, new_figure
from analysis.report.exhibit import TEXT, WIDTH, Column, Data, Exhibit, Story, listed_data
from analysis.report.users import month_words
from analysis.wording import amount
from sim.evidence import PublicFigure

_OLDEST_AGE_DAYS = 90
_AGES_DRAWN = (1, 2, 3, 4, 5, 7, 10, 14, 21, 30, 45, 60, 75, 90)
_AGE_TICKS = (1, 2, 3, 7, 14, 30, 60, 90)
_D_N = ((1, BLUE, "o"), (7, ORANGE, "s"), (30, GREEN, "^"), (60, PURPLE, "D"))
_MOST_LINES = 5
_FEWEST_ROWS, _FEWEST_ROWS_A_SEED = 100, 20
"""Adopters, in rows over all seeds and a seed, below which a share is not shown: it would be noise."""


@dataclass(frozen=True)
class Cohorts:
    """Share of adopters active at an age: of each month, shape (seeds, months, ages), and of all, (seeds, ages); NaN with few adopters."""

    months: NDArray[np.datetime64]
    by_month: Grid
    overall: Grid


def cohorts_of(story: Story) -> Cohorts:
    """Retention by the month in which most of the week of adoption lies, up to an age of 90 days."""
    run = story.run
    table = run.cohorts[run.cohorts["age_days"] <= _OLDEST_AGE_DAYS]
    month_of = (np.datetime64(run.launch_date, "D") + 7 * table["cohort"].to_numpy().astype(np.int64) + 3).astype("datetime64[M]")
    months, month = np.unique(month_of, return_inverse=True)
    seed = np.array([run.seeds.index(one) for one in table["seed"].unique()])[np.unique(table["seed"], return_inverse=True)[1]]
    age = table["age_days"].to_numpy()
    adopters, active = np.zeros((2, len(run.seeds), len(months), int(age.max(initial=0)) + 1))
    for counts, column in ((adopters, "adopters"), (active, "active")):
        np.add.at(counts, (seed, month, age), table[column].to_numpy())
    rows = max(_FEWEST_ROWS, _FEWEST_ROWS_A_SEED * len(run.seeds))
    fewest = rows * float(run.summaries[0]["people"]) / float(run.summaries[0]["agents"])
    return Cohorts(months, _share(active, adopters, fewest), _share(active.sum(axis=1), adopters.sum(axis=1), fewest))


def _share(active: Grid, adopters: Grid, fewest: float) -> Grid:
    """Active over adopters; NaN where the adopters of all seeds together are too few to say."""
    defined = (adopters > 0.0) & (adopters.sum(axis=0) >= fewest)
    return np.asarray(np.divide(active, adopters, out=np.full(active.shape, np.nan), where=defined))


def retention(story: Story) -> Iterator[Exhibit]:
    """The exhibits on retention."""
    cohorts = cohorts_of(story)
    yield _curves(story, cohorts)
    yield _by_month(story, cohorts)


def _curves(story: Story, cohorts: Cohorts) -> Exhibit:
    band = bands(cohorts.overall)
    ages = np.arange(band.shape[1])
    lines = {"all adopters": band} | {f"adopted in {name}": values for name, values in _some_months(cohorts)}
    public = [one for one in (story.evidence.figures if story.evidence else ()) if one.statistic == "retention"]
    last = max((age for age in (1, 7, 30) if age < len(ages) and not np.isnan(band[1, age])), default=0)
    if last == 0:
        title = "Retention cannot be told: too few adopters, or too short a run"
    else:
        title = f"{amount(band[1, last], 'share')} of adopters are active {last} days after they came" if last > 1 else ""
        title = title or f"{amount(band[1, 1], 'share')} of adopters are active the day after they came"
    index = [(str(age),) for age in ages]
    every = Data(
        ("days since adoption",),
        index,
        tuple(Column(name, "share", values) for name, values in lines.items()),
        np.array([age for age in ages if age <= 7 or age % 7 == 0 or age in _AGE_TICKS], dtype=np.int64),
        story.many,
    )
    points = "Points with whiskers: public figures and their ranges." if public else ""
    first = f"Black line and band: all adopters, median and 5–95 % of {len(story.run.seeds)} seeds." if story.many else "One seed."
    reading = f"{first} Coloured: by month of adoption, median. Both sides together, the axis of days is logarithmic. {points}".strip()
    figure = None if last == 0 else _draw_curves(lines, public)
    return Exhibit("retention", title, reading, figure, every)


def _some_months(cohorts: Cohorts) -> list[tuple[str, Grid]]:
    """The bands of a few months, evenly spread over those that say something a day later."""
    if cohorts.by_month.shape[2] < 2:
        return []
    told = [place for place in range(len(cohorts.months)) if not np.isnan(cohorts.by_month[:, place, 1]).any()]
    chosen = sorted({told[round(place)] for place in np.linspace(0, len(told) - 1, min(len(told), _MOST_LINES))} if told else set())
    return [(month_words(cohorts.months[place]), bands(cohorts.by_month[:, place])) for place in chosen]


def _draw_curves(lines: dict[str, Grid], public: list[PublicFigure]) -> matplotlib.figure.Figure:
    figure = new_figure(WIDTH, 3.5)
    axes = figure.subplots()
    overall, *others = lines.items()
    x = np.array([age for age in _AGES_DRAWN if age < overall[1].shape[1]])
    axes.fill_between(x, overall[1][0, x], overall[1][2, x], color=GREY, alpha=0.35, linewidth=0)
    axes.plot(x, overall[1][1, x], color=BLACK, linewidth=2.2, label=overall[0])
    colors = matplotlib.colormaps["viridis"](np.linspace(0.15, 0.85, len(others)))
    for (name, values), color in zip(others, colors, strict=True):
        axes.plot(x, values[1, x], color=color, linewidth=1.5, label=name)
    for place, one in enumerate(public):
        ends = ([one.value - (one.low or 0.0)], [one.high - one.value])
        axes.errorbar(
            [int(one.of[0])],
            [one.value],
            yerr=ends,
            fmt="o",
            color=BLACK,
            markerfacecolor="white",
            markersize=6,
            elinewidth=1.3,
            capsize=4,
            label=None if place else "public figure",
        )
    _age_axis(axes, int(x[-1]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, "share")))
    axes.set_ylim(bottom=0)
    axes.set_ylabel("share of adopters active", fontsize=TEXT)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0.0, fontsize=TEXT, frameon=False)
    return figure


def _age_axis(axes: Axes, oldest: int) -> None:
    dress_plain(axes, size=TEXT)
    axes.set_xscale("log")
    ticks = [tick for tick in _AGE_TICKS if tick <= oldest]
    axes.set_xticks(ticks, [str(tick) for tick in ticks])
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xlabel("days since adoption", fontsize=TEXT)


def _by_month(story: Story, cohorts: Cohorts) -> Exhibit:
    months = [month_words(month) for month in cohorts.months]
    found = {age: bands(cohorts.by_month[:, :, age]) for age, _, _ in _D_N if age < cohorts.by_month.shape[2]}
    told = {age: np.flatnonzero(~np.isnan(band[1])) for age, band in found.items()}
    oldest = max((age for age, places in told.items() if places.size and age <= 30), default=0)
    if oldest == 0:
        title = "Retention by month of adoption cannot be told"
    else:
        first, last = told[oldest][[0, -1]]
        start, end = (f"{amount(found[oldest][1, place], 'share')} of those who came in {months[place]}" for place in (first, last))
        title = f"Day {oldest}: {start} are active" + (f", {end}" if last > first else "")
    figure = None
    if oldest:
        shown = 1 + max(int(places[-1]) for places in told.values() if places.size)
        figure = new_figure(WIDTH, 3.1)
        axes = figure.subplots()
        for place, (age, color, marker) in enumerate(_D_N):
            if age in found:
                _dots(axes, found[age], f"D{age}", color, marker, beside=0.05 * (place - 1.5))
        dress_plain(axes, size=TEXT)
        step = -(-shown // 8)
        axes.set_xticks(np.arange(shown)[::step], [month.replace(" ", "\n") for month in months[:shown:step]])
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, "share")))
        axes.set_ylim(bottom=0)
        axes.set_xlim(-0.5, shown - 0.5)
        axes.set_ylabel("share of adopters active", fontsize=TEXT)
        axes.set_xlabel("month of adoption", fontsize=TEXT)
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0.0, fontsize=TEXT, frameon=False)
    columns = (Column(f"D{age}", "share", band) for age, band in found.items())
    lines = f"Points: median of {len(story.run.seeds)} seeds; whiskers: 5–95 %." if story.many else "One seed."
    reading = f"{lines} Dn: share of adopters active exactly n days later; a week counts to the month in which most of it lies."
    return Exhibit("retention_by_month", title, reading, figure, listed_data(story, ("month",), [(one,) for one in months], *columns))


def _dots(axes: Axes, band: Grid, name: str, color: str, marker: str, *, beside: float) -> None:
    """A series over months; beside: how far from the month's place, so that whiskers of several series stay apart."""
    x = np.arange(band.shape[1]) + beside
    ends = (band[1] - band[0], band[2] - band[1])
    axes.errorbar(x, band[1], yerr=ends, color=color, marker=marker, markersize=5, linewidth=1.4, elinewidth=1.0, capsize=2, label=name)
