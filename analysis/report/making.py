"""What people do: attempts, usable clips and skill; where the clips are watched; how unequal creators' income is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analysis.figures.curves import views_finding
from analysis.figures.marks import NamedLine, name_lines
from analysis.figures.series import WEEK, Grid, bands, by_seed, lived, open_days, ratio_by_seed
from analysis.figures.style import BLACK, BLUE, GREEN, VERMILLION, draw_band, dress, dress_plain, new_figure
from analysis.report.exhibit import TEXT, WIDTH, Column, Exhibit, Story, daily_data, listed_data
from analysis.wording import amount


def making(story: Story) -> Iterator[Exhibit]:
    """The exhibits on making and watching."""
    yield attempts(story)
    yield views(story)


def attempts(story: Story) -> Exhibit:
    """Attempts per usable clip, share of sessions with one, and skill."""
    run, days = story.run, story.days
    skill = np.where(lived(run, days), by_seed(run, "skill", days, weekly=True), np.nan)
    panels = (
        ("attempts per usable clip", "attempts", bands(ratio_by_seed(run, "attempts", "accepted_sessions", days)), VERMILLION),
        ("sessions with a usable clip", "share", bands(ratio_by_seed(run, "accepted_sessions", "sessions", days)), BLUE),
        ("skill, 0 to 1", "1", bands(skill), GREEN),
    )
    figure = new_figure(WIDTH, 5.6)
    for axes, (name, unit, band, color) in zip(figure.subplots(3, 1, sharex=True), panels, strict=True):
        draw_band(axes, story.dates, band, color)
        dress(axes, "", unit, size=TEXT)
        axes.set_title(name, loc="left", fontsize=TEXT, color=BLACK)
        axes.set_ylabel({"attempts": "attempts", "share": "share", "1": "skill"}[unit], fontsize=TEXT)
        axes.set_ylim(bottom=0)
        axes.set_xlim(story.dates[0], story.dates[-1])
        story.mark_closing(axes, is_named=False)
    figure.align_ylabels()
    taken, accepted = (story.median(key) for key in ("attempts_per_accepted", "accepted_share"))
    title = "No usable clip was made"
    if taken is not None:
        title = f"A usable clip takes {amount(taken, 'attempts')} attempts; {amount(accepted, 'share')} of sessions end with one"
        title += _skill_words(panels[2][2])
    ends = "Grey strip and broken line: the closure; a line ends where half of the runs are closed." if story.is_closed else ""
    reading = story.reading("Means of seven trailing days.", ends)
    data = daily_data(story, {name: (unit, band) for name, unit, band, _ in panels})
    return Exhibit("attempts", title, reading, figure, data)


def _skill_words(band: Grid) -> str:
    told = np.flatnonzero(~np.isnan(band[1]))
    if not told.size:
        return ""
    start, end = (float(band[1, places].mean()) for places in (told[:WEEK], told[-WEEK:]))
    verb = "rises" if end > start + 0.02 else "falls" if end < start - 0.02 else "stays near"
    return f"; skill {verb} {end:.2f}" if verb == "stays near" else f"; skill {verb} from {start:.2f} to {end:.2f}"


def views(story: Story) -> Exhibit:
    """Where the clips made here are watched."""
    panels = {name: bands(by_seed(story.run, f"views_{name}", story.days, weekly=True)) for name in ("here", "outside")}
    figure = new_figure(WIDTH, 3.2)
    axes = figure.subplots()
    lines = [NamedLine(name, band, color) for (name, band), color in zip(panels.items(), (BLUE, VERMILLION), strict=True)]
    for line in lines:
        draw_band(axes, story.dates, line.band, line.color, linestyle="-" if line.name == "here" else (0, (5, 1)))
    name_lines(axes, story.dates, lines, open_days(story.run), size=TEXT)
    dress(axes, "", "views", size=TEXT)
    axes.set_ylabel("views a day, 7-day mean", fontsize=TEXT)
    axes.set_ylim(bottom=0)
    story.mark_closing(axes)
    reading = story.reading("Blue: in the product; orange, broken: on other platforms, of clips exported from here.", story.closing_words)
    data = daily_data(story, {f"views {name}": ("views", band) for name, band in panels.items()})
    return Exhibit("views", views_finding(story.run), reading, figure, data)


_CONCENTRATION = (
    ("creator_income_gini", "Gini of income"),
    ("creator_income_top1_share", "income of the top 1 %"),
    ("creator_views_gini", "Gini of views here"),
    ("creator_views_top1_share", "views here of the top 1 %"),
)


def concentration(story: Story) -> Exhibit:
    """Gini and top 1 % of creators' income and of views here, a point a seed."""
    seeds = [[_number(summary.get(key)) for summary in story.run.summaries] for key, _ in _CONCENTRATION]
    band = bands(np.array(seeds).T)
    gini, top = band[1, :2]
    title = "Creators earn nothing, here or outside"
    if not np.isnan(gini):
        title = f"The top 1 % of creators take {amount(top, 'share')} of all their income; the Gini coefficient is {gini:.2f}"
    figure = None
    if not np.isnan(band[1]).all():
        figure = new_figure(WIDTH, 2.3)
        axes = figure.subplots()
        for place, values in enumerate(seeds):
            y = len(seeds) - 1 - place
            axes.plot(values, [y] * len(values), "o", color=BLUE, alpha=0.45, markersize=7, markeredgewidth=0)
            axes.plot([band[1, place]] * 2, [y - 0.28, y + 0.28], color=BLACK, linewidth=2)
        axes.set_yticks(range(len(seeds)), [name for _, name in reversed(_CONCENTRATION)])
        dress_plain(axes, size=TEXT, grid="x")
        axes.set_xlim(-0.02, 1.02)
        axes.set_ylim(-0.6, len(seeds) - 0.4)
        axes.set_xlabel("0: all have the same · 1: one has all (Gini); share of the sum (top 1 %)", fontsize=TEXT)
    reading = (
        "Points: one a seed; black: their median. Over creators who made at least one attempt; income here and from outside platforms, "
        "over the whole run. Both scales run from 0 to 1."
    )
    index = [(name,) for _, name in _CONCENTRATION]
    return Exhibit("concentration", title, reading, figure, listed_data(story, ("measure",), index, Column("value", "1", band)))


def _number(value: float | None) -> float:
    return np.nan if value is None else float(value)
