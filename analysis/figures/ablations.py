"""The picture of ablations: what becomes of each output without a mechanism, or with its rival form."""

from __future__ import annotations

import math

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from analysis.figures.style import BLACK, BLUE, GREY, VERMILLION, dress_plain, head, new_figure
from analysis.questions.verdicts import HIGHER, LOWER
from analysis.sensitivity.ablating import Ablations
from analysis.sensitivity.outputs import CASH, OUTPUTS, SUSTAINED, USERS
from analysis.wording import amount, number

_FACTORS = (0.001, 0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0)
"""Where the axis of users has its ticks."""


def ablations_figure(found: Ablations) -> Figure:
    """A row an ablation, a panel an output: the change and its interval."""
    names = list(dict.fromkeys(found.effects["ablation"]))
    figure = new_figure(12.0, 1.9 + 0.25 * max(4, len(names)))
    panels = figure.subplots(1, 3, sharey=True)
    for axes, output in zip(panels, (SUSTAINED, USERS, CASH), strict=True):
        rows = found.effects[found.effects["output"] == output].to_dict("records")
        for place, row in enumerate(rows):
            color = BLUE if row["verdict"] == HIGHER else VERMILLION if row["verdict"] == LOWER else GREY
            axes.plot([row["low"], row["high"]], [place, place], color=color, linewidth=2.2, solid_capstyle="butt")
            axes.plot(row["difference"], place, "o", color=color, markersize=4.5)
        _dress(axes, output, amount(rows[0]["plain"], rows[0]["unit"]) if rows else "–")
    panels[0].set_yticks(range(len(names)), names)
    panels[0].set_ylim(len(names) - 0.4, -0.6)
    note = (
        f"Change against the plain world over {found.draws} paired draws (same people, same luck); bars: 95 %. Blue: more, red: less, "
        "beyond luck; grey: cannot be told. Users as a factor."
    )
    head(figure, found.finding, note)
    return figure


def _dress(axes: Axes, output: str, plain: str) -> None:
    axes.axvline(0.0, color=BLACK, linewidth=0.9)
    axes.set_title(f"{OUTPUTS[output].label} (plain: {plain})", loc="left", fontsize=9.5, color=BLACK)
    dress_plain(axes, size=8, grid="x")
    if output != USERS:
        axes.locator_params(axis="x", nbins=5)
    if output == SUSTAINED:
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{100.0 * value:+.0f} points" if value else "0"))
    elif output == USERS:
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"× {number(10.0**value)}"))
        axes.xaxis.set_major_locator(FixedLocator([math.log10(factor) for factor in _FACTORS]))
    else:
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: amount(value, "USD")))
