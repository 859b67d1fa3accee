"""Who comes: daily users, installs by month, retention."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter

from analysis.figures.curves import daily_users_finding, public_on
from analysis.figures.marks import LETTERS, lettered_days, public_boxes
from analysis.figures.series import Dates, bands, by_seed, date_words
from analysis.figures.style import BLACK, BLUE, GREEN, draw_band, dress, dress_plain, new_figure
from analysis.report.exhibit import TEXT, WIDTH, Column, Exhibit, Story, daily_data, listed_data
from analysis.wording import amount

_MOST_MONTHS_LABELLED = 9


def users(story: Story) -> Iterator[Exhibit]:
    """The exhibits on daily users and installs."""
    yield daily_users(story)
    yield installs_by_month(story)
    if public_on(story.evidence, "installs_total"):
        yield installs_total(story)


def daily_users(story: Story) -> Exhibit:
    """Daily users with their band, the public figures, and the dated changes of the scenario."""
    run = story.run
    band = bands(by_seed(run, "dau", story.days))
    public = public_on(story.evidence, "dau")
    figure = new_figure(WIDTH, 3.6)
    axes = figure.subplots()
    draw_band(axes, story.dates, band, BLUE)
    public_boxes(axes, story.dates, public, run.launch_date)
    dress(axes, "", "people", size=TEXT)
    axes.set_ylabel("people a day", fontsize=TEXT)
    axes.set_ylim(bottom=0)
    changes = dated_changes(story)
    above = lettered_days(axes, story.dates, [day for day, _ in changes], size=TEXT)
    story.mark_closing(axes, above=above)
    letters = "; ".join(f"{letter} {date_words(run, day)}: {name}" for letter, (day, name) in zip(LETTERS, changes, strict=False))
    boxes = "Boxes: public figures, window and range, the line in them the published value; hatched: a bound from above." if public else ""
    reading = story.reading(boxes, story.closing_words, f"Dotted lines: {letters}." if letters else "")
    return Exhibit("daily_users", daily_users_finding(run, band[1]), reading, figure, daily_data(story, {"daily users": ("people", band)}))


def dated_changes(story: Story) -> list[tuple[int, str]]:
    """Day and name of what the scenario changes on a date, in order."""
    interventions = story.run.scenario["interventions"].items()
    dated = [(int(one["day"]), name.replace("_", " ")) for name, one in interventions if one["day"] is not None]
    return sorted((day, name) for day, name in dated if day < story.days)[: len(LETTERS)]


def installs_by_month(story: Story) -> Exhibit:
    """Installs in each calendar month."""
    run = story.run
    grid = by_seed(run, "installs", story.days)[:, : max(summary["days_run"] for summary in run.summaries)]
    month = story.dates[: grid.shape[1]].astype("datetime64[M]")
    months = np.unique(month)
    band = bands(np.stack([grid[:, month == one].sum(axis=1) for one in months], axis=1))
    figure = new_figure(WIDTH, 2.9)
    axes = figure.subplots()
    x = np.arange(len(months))
    axes.bar(x, band[1], color=GREEN, width=0.75)
    if story.many:
        axes.errorbar(x, band[1], yerr=(band[1] - band[0], band[2] - band[1]), fmt="none", ecolor=BLACK, elinewidth=1.2, capsize=3)
    names = [month_words(one) for one in months]
    step = -(-len(months) // _MOST_MONTHS_LABELLED)
    axes.set_xticks(x[::step], [name.replace(" ", "\n") for name in names[::step]])
    dress_plain(axes, size=TEXT)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, "people")))
    axes.set_ylabel("installs in the month", fontsize=TEXT)
    best = int(band[1].argmax())
    total = amount(story.median("installs_total"), "people")
    title = f"{total} people install it, most of them in {names[best]}" if 2 * band[1, best] > band[1].sum() else ""
    title = title or f"{total} people install it; the best month is {names[best]} with {amount(band[1, best], 'people')}"
    lines = f"Bars: median of {len(run.seeds)} seeds; lines on them: 5–95 %." if story.many else "One seed, so there is no band."
    reading = f"{lines} {_not_whole(story.dates[: grid.shape[1]])}".strip()
    data = listed_data(story, ("month",), [(name,) for name in names], Column("installs", "people", band))
    return Exhibit("installs_by_month", title, reading, figure, data)


def _not_whole(dates: Dates) -> str:
    """Which of the months of these days are not whole, with the day they begin after or end on; "" if all are."""
    first, last = pd.Timestamp(dates[0]), pd.Timestamp(dates[-1])
    parts = [f"the first begins on {first.day} {first:%b}"] if first.day > 1 else []
    parts += [f"the last ends on {last.day} {last:%b}"] if not last.is_month_end else []
    return f"Not whole: {'; '.join(parts)}." if parts else ""


def month_words(month: np.datetime64) -> str:
    """Oct 2025."""
    return f"{pd.Timestamp(month):%b %Y}"


def installs_total(story: Story) -> Exhibit:
    """Installs since launch beside the public counts."""
    run, public = story.run, public_on(story.evidence, "installs_total")
    band = bands(by_seed(run, "installs_total", story.days, hold=True))
    figure = new_figure(WIDTH, 3.0)
    axes = figure.subplots()
    draw_band(axes, story.dates, band, GREEN)
    public_boxes(axes, story.dates, public, run.launch_date)
    story.mark_closing(axes)
    dress(axes, "", "people", size=TEXT)
    axes.set_ylabel("people so far", fontsize=TEXT)
    axes.set_ylim(bottom=0)
    assert story.comparison is not None
    rows = story.comparison[story.comparison["figure"].isin([one.name for one in public])]
    met = int(rows["met"].eq(True).sum())
    title = f"Installs since launch: {met} of {len(public)} public counts are met"
    closed = "Grey strip and broken line: the closure." if story.is_closed else ""
    reading = story.reading("Boxes: public counts with their ranges, the line in them the published value.", closed)
    return Exhibit("installs_total", title, reading, figure, daily_data(story, {"installs since launch": ("people", band)}))
