"""The picture of an early warning: how well is told by which day, whether its probabilities hold, and where the walls stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from analysis.early_warning.answer import EarlyWarning, rule
from analysis.early_warning.early import BY_NAME
from analysis.early_warning.foretelling import ALL, BEST_ONE, BEST_THREE
from analysis.figures.style import BLACK, BLUE, GREEN, GREY, PURPLE, VERMILLION, dress_plain, head, new_figure
from analysis.wording import amount

_TELLERS = ((ALL, BLUE, -0.09), (BEST_THREE, GREEN, 0.0), (BEST_ONE, GREY, 0.09))
_RELIABILITY_DAY = 30
_QUARTILES = ("q05", "q25", "q50", "q75", "q95")


def warning_figure(answer: EarlyWarning) -> Figure:
    """Left: AUC by day. Middle: what was said on day 30, and what came. Right: the walls, and where the public figures stand."""
    figure = new_figure(14.5, 5.6)
    left, middle, right = figure.subplots(1, 3, width_ratios=(1.0, 0.85, 1.35))
    _areas(left, answer)
    _reliability(middle, answer, _RELIABILITY_DAY if _RELIABILITY_DAY in answer.days else answer.days[-1])
    _walls(right, answer)
    head(figure, f"{answer.name}: {answer.finding}", _note(answer))
    return figure


def _note(answer: EarlyWarning) -> str:
    public = f"\n{answer.verdict}." if answer.verdict else ""
    return (
        f"{answer.worlds} worlds around {answer.name}, {amount(answer.share, 'share')} of them {answer.what}. All shares and areas are of "
        f"worlds that were not learnt from, bars 95 %. Right: where worlds lie, thick the middle half, thin 5–95 %.{public}"
    )


def _areas(axes: Axes, answer: EarlyWarning) -> None:
    places = np.arange(len(answer.days))
    for teller, color, aside in _TELLERS:
        rows = [answer.score(day, teller) for day in answer.days]
        middle, low, high = (np.array([row[name] for row in rows]) for name in ("auc", "auc_low", "auc_high"))
        axes.errorbar(
            places + aside, middle, [middle - low, high - middle], color=color, marker="o", markersize=4, linewidth=1.6, elinewidth=1
        )
    top = max(answer.score(day, ALL)["auc_high"] for day in answer.days)
    for step, (teller, color, _) in enumerate(_TELLERS):
        axes.text(0.02, 0.98 - 0.055 * step, teller, transform=axes.transAxes, color=color, fontsize=9, va="top", fontweight="bold")
    axes.axhline(0.5, color=BLACK, linewidth=0.9, linestyle="--")
    axes.text(places[-1] + 0.2, 0.505, "a coin", fontsize=8, color=BLACK, ha="right", va="bottom")
    axes.set_xticks(places, [f"day {day}" for day in answer.days])
    axes.set_ylim(min(0.4, axes.get_ylim()[0]), min(1.0, top + 0.12) if top < 0.9 else 1.05)
    axes.set_title(f"How well {answer.what} is told (AUC)", loc="left", fontsize=9.5, color=BLACK)
    dress_plain(axes, size=8)


def _reliability(axes: Axes, answer: EarlyWarning, day: int) -> None:
    rows = answer.reliability[answer.reliability["day"] == day]
    said, came, low, high = (rows[name].to_numpy() for name in ("said", "came", "came_low", "came_high"))
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=0.9, linestyle="--")
    axes.errorbar(said, came, [came - low, high - came], color=BLUE, marker="o", markersize=5, linewidth=1.4, elinewidth=1)
    for x, y, count in zip(said, high, rows["worlds"], strict=True):
        axes.text(x, y + 0.012, str(count), fontsize=7, color=GREY, ha="center", va="bottom")
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.06)
    axes.set_xlabel("probability said", fontsize=8.5)
    axes.set_ylabel("share that came (worlds above the bar)", fontsize=8.5)
    percent = FuncFormatter(lambda share, _: amount(share, "share"))
    axes.xaxis.set_major_formatter(percent)
    axes.yaxis.set_major_formatter(percent)
    axes.set_title(f"What was said on day {day}, and what came", loc="left", fontsize=9.5, color=BLACK)
    dress_plain(axes, size=8)


def _walls(axes: Axes, answer: EarlyWarning) -> None:
    rows = [row for day in answer.days for row in answer.shown_walls(day).to_dict("records")]
    for place, row in enumerate(rows):
        _gauge(axes, place, {str(key): value for key, value in row.items()})
    axes.set_yticks(range(len(rows)), [f"day {row['day']}: {_shown(row)}" for row in rows])
    axes.set_ylim(len(rows) - 0.4, -1.3)
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks([])
    legend = [("other worlds", VERMILLION), (answer.what, BLUE), ("wall", BLACK)]
    if any(not np.isnan(row["public"]) for row in rows):
        legend.append(("public figure", PURPLE))
    for step, (text, color) in enumerate(legend):
        axes.text(0.25 * step, -0.8, text, color=color, fontsize=8.5, fontweight="bold", va="center")
    axes.text(1.02, -0.85, f"{answer.what}\nif so / else", fontsize=8, va="center", color=BLACK)
    axes.set_title("A wall: what to look for, and what it means", loc="left", fontsize=9.5, color=BLACK)
    dress_plain(axes, size=8)
    axes.grid(False)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(length=0)


def _shown(row: Mapping[Any, Any]) -> str:
    return rule(row).replace("daily users per install", "daily users/install")


def _gauge(axes: Axes, place: int, row: Mapping[str, Any]) -> None:
    """The worlds of both kinds on the scale of the indicator, from the least to the most of both; the threshold; what is public."""
    scaled = BY_NAME[row["indicator"]].scaled
    ends = scaled(np.array([row[f"{kind}_{q}"] for kind in ("yes", "no") for q in (_QUARTILES[0], _QUARTILES[-1])]))
    low, high = float(ends.min()), float(ends.max())

    def at(*names: str) -> np.ndarray:
        return np.clip((scaled(np.array([row[name] for name in names])) - low) / (high - low), 0.0, 1.0)

    for kind, color, aside in (("no", VERMILLION, -0.13), ("yes", BLUE, 0.13)):
        spread = at(*(f"{kind}_{q}" for q in _QUARTILES))
        axes.plot(spread[[0, 4]], [place + aside] * 2, color=color, linewidth=1.0)
        axes.plot(spread[[1, 3]], [place + aside] * 2, color=color, linewidth=4.5, solid_capstyle="butt")
    axes.plot(at("low", "high"), [place] * 2, color=BLACK, linewidth=1.0)
    axes.plot(at("threshold", "threshold"), [place - 0.33, place + 0.33], color=BLACK, linewidth=2.2)
    if not np.isnan(row["public"]):
        axes.plot(at("public_low", "public_high"), [place + 0.33] * 2, color=PURPLE, linewidth=1.4)
        axes.plot(at("public"), [place + 0.33], "D", color=PURPLE, markersize=5)
    axes.text(1.02, place, f"{amount(row['yes_bad'], 'share')} / {amount(row['yes_good'], 'share')}", fontsize=8, va="center")
