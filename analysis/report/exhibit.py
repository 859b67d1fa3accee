"""What the report shows: figures, each with its finding, how to read it, and its data."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.figures.marks import closing_strip
from analysis.figures.series import WEEK, Dates, Grid, closing_days, dates_of, days_shown
from analysis.figures.style import thinned
from analysis.wording import amount, band
from sim import Run, compare
from sim.evidence import Evidence

WIDTH = 7.0
"""Inches, of every figure of the report; text in it is shown at its own size on a screen."""
TEXT = 9.5
"""Points, of all text in the figures."""

_MOST_ROWS = 60


@dataclass(frozen=True)
class Story:
    """What the report is about: a run, the public figures if the scenario names some, and the days on the time axes."""

    run: Run
    evidence: Evidence | None
    comparison: pd.DataFrame | None
    dates: Dates

    @classmethod
    def of(cls, run: Run, evidence: Evidence | None) -> Story:
        """The story of a run."""
        comparison = None if evidence is None else compare(run, evidence)
        return cls(run, evidence, comparison, dates_of(run, days_shown(run, evidence)))

    @property
    def days(self) -> int:
        """Days on the time axes."""
        return len(self.dates)

    @property
    def is_closed(self) -> bool:
        """Whether the product was closed in any run."""
        return "shutdown" in self.run.ensemble["outcomes"]

    @property
    def many(self) -> bool:
        """Whether there are several seeds, and so bands."""
        return len(self.run.seeds) > 1

    def reading(self, *more: str) -> str:
        """How to read the figure: what lines and bands are, and more sentences."""
        first = f"Lines: median of {len(self.run.seeds)} seeds; bands: 5–95 % of them." if self.many else "One seed, so there is no band."
        return " ".join((first, *(sentence for sentence in more if sentence)))

    def mark_closing(self, axes: Axes, *, is_named: bool = True, above: float = 2.0) -> None:
        """Show on a time axis when runs were closed."""
        closing_strip(axes, self.dates, closing_days(self.run), "closed" if is_named else "", size=TEXT, above=above)

    @property
    def closing_words(self) -> str:
        """How to read the mark of the closure, and lines that fall to zero there; "" where no run was closed."""
        if not self.is_closed:
            return ""
        count, n = self.run.ensemble["closing_day"]["n"], len(self.run.seeds)
        if n == 1:
            return "Broken line: the closure; after it everything is zero."
        if count == 1:
            return "Broken line: the one closure."
        low, _, high = closing_days(self.run) or (0.0, 0.0, 0.0)
        if low == high and count == n:
            return "Broken line: the closure, on the same day in all runs; after it everything is zero."
        which = "" if count == n else f" of the {count} runs that are closed"
        return (
            f"Grey strip: the days of closure{which}, 5–95 %; broken line: their median. Each run falls to zero at once; lines slope there "
            "because runs close on different days."
        )

    def median(self, key: str) -> float | None:
        """The median over seeds of a figure of the summary; None where it is undefined."""
        value = self.run.ensemble["figures"].get(key, {}).get("q50")
        return None if value is None else float(value)


@dataclass(frozen=True)
class Column:
    """A quantity: its name, its unit, and 5 %, 50 %, 95 % points over seeds, shape (3, rows); NaN where undefined."""

    name: str
    unit: str
    values: Grid


@dataclass(frozen=True)
class Data:
    """The data behind a figure. index: the labels of each row, under the names in `head`. shown: the rows the page has; CSV has all."""

    head: tuple[str, ...]
    index: Sequence[tuple[str, ...]]
    columns: tuple[Column, ...]
    shown: NDArray[np.int64]
    many: bool

    @property
    def is_thinned(self) -> bool:
        """Whether the page leaves rows out."""
        return len(self.shown) < len(self.index)

    def html_head(self) -> list[str]:
        """The heads of the table on the page."""
        heads = list(self.head)
        for column in self.columns:
            name = f"{column.name}, {_unit_words(column.unit)}" if _unit_words(column.unit) else column.name
            heads += [name, "5–95 %"] if self.many else [name]
        return heads

    def html_rows(self) -> list[list[str]]:
        """The rows of the table on the page, labels first."""
        rows = []
        for place in self.shown:
            row = list(self.index[place])
            for column in self.columns:
                low, middle, high = (float(value) for value in column.values[:, place])
                row += [amount(middle, column.unit), band(low, high, column.unit)] if self.many else [amount(middle, column.unit)]
            rows.append(row)
        return rows

    def csv(self) -> bytes:
        """All rows as CSV (UTF-8): the labels, then 5 %, median and 95 % of each column, nine digits, empty where undefined."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*self.head, *(f"{c.name} [{c.unit}] {point}" for c in self.columns for point in ("5 %", "median", "95 %"))])
        for place, labels in enumerate(self.index):
            numbers = (float(value) for column in self.columns for value in column.values[:, place])
            writer.writerow([*labels, *("" if np.isnan(number) else f"{number:.9g}" for number in numbers)])
        return out.getvalue().encode()


def _unit_words(unit: str) -> str:
    return "" if unit in ("1", "share") else unit


@dataclass(frozen=True)
class Exhibit:
    """A figure of the report. key: name of its files. title: the finding. figure: None where nothing can be drawn."""

    key: str
    title: str
    reading: str
    figure: Figure | None
    data: Data


def daily_data(story: Story, columns: Mapping[str, tuple[str, Grid]]) -> Data:
    """Data with a row a day, a week apart on the page. columns: name -> unit and 5 %, 50 %, 95 % points, shape (3, days)."""
    index = [(str(date), str(day)) for day, date in enumerate(story.dates)]
    step = WEEK if story.days > 2 * WEEK else 1
    made = tuple(Column(name, unit, values) for name, (unit, values) in columns.items())
    return Data(("date", "day"), index, made, thinned(story.days, _MOST_ROWS, step), story.many)


def listed_data(story: Story, head: tuple[str, ...], index: Sequence[tuple[str, ...]], *columns: Column) -> Data:
    """Data with a row for each of a few things, all on the page."""
    return Data(head, index, columns, np.arange(len(index)), story.many)
