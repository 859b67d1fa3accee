"""The picture of a rescue: what money buys, and what each change of the recommended package is needed for."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis.figures.style import BLACK, BLUE, GREY, ORANGE, VERMILLION, dress_plain, head, new_figure
from analysis.rescuing.answer import Rescue
from analysis.wording import amount

_LINE_INCHES = 0.19
_WIDE = 180
"""Letters of a line of the key."""


def rescue_figure(answer: Rescue) -> Figure:
    """Left: the probability that each sum buys, in steps. Right: the recommended package with each change left out. Below: the packages."""
    lines = _key(answer.front.to_dict("records"))
    below = _LINE_INCHES * (sum(text.count("\n") + 1 for text, _ in lines) + 1)
    figure = new_figure(12.0, 5.2 + below)
    above, key = figure.subfigures(2, 1, squeeze=False, height_ratios=(5.2 - 1.0, below))[:, 0]
    left, right = above.subplots(1, 2, width_ratios=(1.25, 1.0))
    _steps(left, answer)
    _left_out(right, answer)
    _write(key.subplots(), lines)
    note = (
        f"P: the share of {answer.front['draws'].iloc[0]} {answer.draws} in which the product sustains itself; bars: Wilson's 95 %."
        " Costs: paid once, all of them assumed; what a change costs to run is in the books of the runs."
    )
    head(figure, answer.finding, note)
    return figure


def _key(rows: Sequence[dict[Any, Any]]) -> list[tuple[str, bool]]:
    """Number, cost and changes of each package, and whether it is recommended."""
    told = []
    for number, row in enumerate(rows, 1):
        text = f"{number}   {amount(row['cost_usd'], 'USD')}: {row['package']}"
        told.append((textwrap.fill(text, _WIDE, subsequent_indent="      "), bool(row["recommended"])))
    return told


def _write(axes: Axes, lines: Sequence[tuple[str, bool]]) -> None:
    axes.set_axis_off()
    total = sum(text.count("\n") + 1 for text, _ in lines)
    at = 0
    for text, is_recommended in lines:
        weight = "bold" if is_recommended else "normal"
        color = BLUE if is_recommended else BLACK
        height = 1.0 - at / total
        axes.text(0.005, height, text, transform=axes.transAxes, va="top", fontsize=8.5, color=color, fontweight=weight, parse_math=False)
        at += text.count("\n") + 1


def _steps(axes: Axes, answer: Rescue) -> None:
    front = answer.front
    cost, share = front["cost_usd"].to_numpy(), front["probability"].to_numpy()
    top = max(float(cost.max()) * 1.12, 1e6)
    axes.step([*cost, top], [*share, share[-1]], where="post", color=GREY, linewidth=1.6)
    _bar(axes, answer, "h")
    for number, row in enumerate(front.to_dict("records"), 1):
        color = BLUE if row["recommended"] else GREY
        axes.plot([row["cost_usd"]] * 2, [row["low"], row["high"]], color=color, linewidth=2.0, solid_capstyle="butt")
        face = BLUE if row["recommended"] else "white"
        axes.plot(
            row["cost_usd"], row["probability"], "o", markersize=15, markerfacecolor=face, markeredgecolor=color, clip_on=False, zorder=4
        )
        ink = "white" if row["recommended"] else BLACK
        axes.annotate(str(number), (row["cost_usd"], row["probability"]), ha="center", va="center", fontsize=8.5, color=ink, zorder=5)
    axes.set_xlim(-0.03 * top, top)
    axes.set_ylim(-0.05, 1.08)
    axes.set_xlabel("cost of the changes, once (assumed)", fontsize=9)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, "USD")))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, "share")))
    axes.set_title("What money buys: P(self-sustaining) of the best package found", loc="left", fontsize=10, color=BLACK)
    dress_plain(axes, size=8)


def _bar(axes: Axes, answer: Rescue, way: str) -> None:
    """The probability that is asked for."""
    text = f"asked for: {100.0 * answer.wanted:.3g} %"
    if way == "h":
        axes.axhline(answer.wanted, color=ORANGE, linewidth=1.2, linestyle="dashed")
        axes.text(0.01, answer.wanted + 0.012, text, transform=axes.get_yaxis_transform(), fontsize=8, color="#9A6A00")
    else:
        axes.axvline(answer.wanted, color=ORANGE, linewidth=1.2, linestyle="dashed")


def _left_out(axes: Axes, answer: Rescue) -> None:
    rows = _bars(answer)
    for place, row in enumerate(rows.to_dict("records")):
        color = {"": BLUE, "needed": VERMILLION}.get(row["verdict"], GREY)
        axes.barh(place, row["probability"], height=0.62, color=color, alpha=0.55)
        axes.plot([row["low"], row["high"]], [place, place], color=color, linewidth=2.2, solid_capstyle="butt")
        text = f"{row['count']} of {row['draws']}" + (f", {row['verdict']}" if row["verdict"] else "")
        axes.text(1.03, place, text, transform=axes.get_yaxis_transform(), va="center", fontsize=8, color=BLACK)
    _bar(axes, answer, "v")
    axes.set_yticks(range(len(rows)), [textwrap.fill(title, 26) for title in rows["title"]])
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.set_xlim(0.0, 1.0)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, "share")))
    axes.set_title(f"Package {_number(answer)} with one change left out", loc="left", fontsize=10, color=BLACK)
    dress_plain(axes, size=8, grid="x")


def _bars(answer: Rescue) -> pd.DataFrame:
    """The recommended package, then without each of its changes."""
    shares = ["count", "draws", "probability", "low", "high"]
    whole = answer.front.loc[answer.front["recommended"], shares].assign(title="the whole package", verdict="")
    without = answer.without.assign(title="without " + answer.without["title"])
    return pd.concat([whole, without[[*shares, "title", "verdict"]]]) if len(without) else whole


def _number(answer: Rescue) -> int:
    return int(answer.front["recommended"].to_numpy().argmax()) + 1
