"""The public figures beside the simulated ones."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from analysis.figures.style import BLACK, BLUE, GREY, VERMILLION, dress_plain, new_figure
from analysis.report.exhibit import TEXT, WIDTH, Column, Exhibit, Story, listed_data
from analysis.wording import amount, band

_LEAST, _MOST = 1 / 8, 8.0
_TICKS = {1 / 8: "1/8", 1 / 4: "1/4", 1 / 2: "1/2", 1.0: "1", 2.0: "2", 4.0: "4", 8.0: "8"}


def public_figures(story: Story) -> Exhibit:
    """Each simulated figure over the published value, beside the published range."""
    assert story.comparison is not None
    rows = story.comparison.to_dict("records")
    figure = new_figure(WIDTH, 0.26 * len(rows) + 0.9)
    axes = figure.subplots()
    for y, row in enumerate(reversed(rows)):
        low = _LEAST if math.isnan(row["low"]) else row["low"] / row["value"]
        axes.fill_between((low, row["high"] / row["value"]), y - 0.36, y + 0.36, color=GREY, alpha=0.28, linewidth=0)
        if row["missing"]:
            axes.text(1.0, y, row["missing"], ha="center", va="center", fontsize=TEXT - 1, color=BLACK)
            continue
        color = BLUE if row["met"] else VERMILLION
        at = [min(max(row[key] / row["value"], _LEAST), _MOST) for key in ("low_sim", "simulated", "high_sim")]
        axes.plot((at[0], at[2]), (y, y), color=color, linewidth=2)
        axes.plot(at[1], y, marker="o" if row["met"] else "D", color=color, markersize=6)
    axes.set_xscale("log", base=2)
    axes.set_xlim(_LEAST, _MOST)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axes.set_yticks(range(len(rows)), [row["label"] for row in reversed(rows)])
    axes.set_xticks(list(_TICKS), list(_TICKS.values()))
    dress_plain(axes, size=TEXT, grid="x")
    axes.axvline(1.0, color=BLACK, linewidth=0.8)
    axes.set_xlabel("simulated ÷ published (1: the same), logarithmic", fontsize=TEXT)
    met = sum(row["met"] is True for row in rows)
    untold = sum(bool(row["missing"]) for row in rows)
    title = f"{met} of {len(rows)} public figures are met" + (f"; {untold} cannot be told" if untold else "")
    reading = (
        "Grey: the published range. Blue points: the simulated median lies in it; orange diamonds: it does not; "
        "lines: 5–95 % of the seeds. Beyond 1/8 and 8 points stand at the edge."
    )
    values = np.array([[row[key] for row in rows] for key in ("low_sim", "simulated", "high_sim")], dtype=np.float64)
    index = [(row["label"], row["unit"], amount(row["value"], row["unit"]), band(row["low"], row["high"], row["unit"])) for row in rows]
    ratio = values / np.array([row["value"] for row in rows])
    data = listed_data(story, ("figure", "unit", "published", "range"), index, Column("simulated over published", "1", ratio))
    return Exhibit("public_figures", title, reading, figure, data)


def public_rows(story: Story) -> list[dict[str, Any]]:
    """The table of public figures, in words."""
    if story.comparison is None:
        return []
    return [_public_row(row) for row in story.comparison.to_dict("records")]


def _public_row(row: Mapping[Any, Any]) -> dict[str, Any]:
    unit, missing = row["unit"], row["missing"]
    return {
        "label": row["label"],
        "simulated": missing or amount(row["simulated"], unit),
        "simulated_band": "–" if missing else band(row["low_sim"], row["high_sim"], unit),
        "value": amount(row["value"], unit),
        "range": band(row["low"], row["high"], unit),
        "z": "–" if missing or math.isnan(row["z"]) else f"{row['z']:+.1f}".replace("-", "−").replace("inf", "∞"),
        "met": "–" if missing else "yes" if row["met"] else "no",
        "fitted": "yes" if row["fitted"] else "no",
        "publisher": row["publisher"],
        "date": row["date"],
        "confidence": row["confidence"],
        "source": row["source"],
        "note": row["note"],
    }
