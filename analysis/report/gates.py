"""The three gates: what breaks each, whether and when it broke, and how it stands at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from analysis.figures.series import date_words
from analysis.report.exhibit import Story
from analysis.wording import amount, band, breaks_when
from sim import GATE_DAYS, GATE_TESTS, GateReading, GateTest, Run, read_gates

NEVER = "never"


def gate_rows(story: Story) -> list[dict[str, Any]]:
    """A row for each way a gate breaks: its bound, in how many runs it broke, when first, for how long, and the figure at the end."""
    run = story.run
    readings = [read_gates(run.daily[run.daily["seed"] == seed]) for seed in run.seeds]
    return [_row(run, test, [one[place] for one in readings], many=story.many) for place, test in enumerate(GATE_TESTS)]


def gate_caption(run: Run) -> str:
    """How to read the table."""
    days = min(GATE_DAYS, *(int(summary["days_run"]) for summary in run.summaries))
    return (
        f"The gates, read off {days} trailing days, so from day {days - 1} on. Days and shares are medians over the runs in which it "
        "broke. An aid to reading, not a cause: only a run with a gate mended can tell what it would have changed."
    )


def _row(run: Run, test: GateTest, readings: Sequence[GateReading], *, many: bool) -> dict[str, Any]:
    broken = [one for one in readings if one.first_day is not None]
    last = [one.last for one in readings if not np.isnan(one.last)] or [np.nan]
    low, middle, high = (float(point) for point in np.percentile(last, (5, 50, 95)))
    return {
        "gate": test.gate,
        "bound": breaks_when(test),
        "runs": f"{len(broken)} of {len(readings)}",
        "first": _first(run, [one.first_day for one in broken if one.first_day is not None], many=many),
        "share": amount(float(np.median([one.broken_share for one in broken])), "share") if broken else "–",
        "last": amount(middle, test.unit),
        "last_band": band(low, high, test.unit),
    }


def _first(run: Run, days: Sequence[int], *, many: bool) -> str:
    """The first day it was broken, with its date, and the band over runs where they differ."""
    if not days:
        return NEVER
    low, middle, high = (float(day) for day in np.percentile(days, (5, 50, 95)))
    spread = f"; 5–95 %: {low:.0f}–{high:.0f}" if many and high > low else ""
    return f"day {middle:.0f}, {date_words(run, middle)}{spread}".replace(" ", "\u00a0", 1)
