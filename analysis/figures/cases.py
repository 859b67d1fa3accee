"""The ends of known products: what share of runs came to which outcome, and what happened."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.figures.style import BLACK, BLUE, GREEN, GREY, ORANGE, PURPLE, SKY, VERMILLION, as_svg, dress_plain, new_figure
from analysis.retrodiction.retrodict import Prediction

_COLORS = {
    "self_sustaining": GREEN,
    "subsidised": SKY,
    "harvest": BLUE,
    "fading": ORANGE,
    "vestigial": PURPLE,
    "shutdown": VERMILLION,
    "undetermined": GREY,
}


def draw_cases(predictions: Sequence[Prediction], title: str) -> bytes:
    """A bar a case, told ones above: its length by outcome; what happened stands at the right, ringed in the bar where runs came to it."""
    cases = sorted(predictions, key=lambda one: (one.is_right, one.sheet.product.lower()))
    figure = new_figure(9.0, 1.4 + 0.36 * len(cases))
    axes = figure.subplots()
    for row, one in enumerate(cases):
        left = 0.0
        for name, color in _COLORS.items():
            share = one.shares.get(name, 0.0)
            if share:
                axes.barh(row, share, left=left, height=0.7, color=color, label=name)
                if name in one.sheet.outcomes:
                    axes.barh(row, share, left=left, height=0.7, facecolor="none", edgecolor=BLACK, linewidth=1.6, zorder=3)
                left += share
        happened = " or ".join(one.sheet.outcomes).replace("_", "-")
        axes.text(1.02, row, f"{'✓' if one.is_right else '✗'}  {happened}", va="center", fontsize=9, color=BLACK)
    axes.set_title(title, loc="left", fontsize=10, color=BLACK)
    axes.set_xlim(0.0, 1.0)
    axes.set_yticks(range(len(cases)), [one.sheet.product for one in cases])
    axes.set_xticks((0.0, 0.5, 1.0), ("0 %", "50 %", "100 % of runs"))
    axes.text(1.02, len(cases) - 0.35, "what happened", fontsize=9, color=GREY)
    dress_plain(axes, size=9.0, grid="x")
    named = {name: handle for handle, name in zip(*axes.get_legend_handles_labels(), strict=True)}
    order = [name for name in _COLORS if name in named]
    figure.legend(
        [named[name] for name in order],
        [name.replace("_", "-") for name in order],
        loc="outside lower left",
        ncols=7,
        fontsize=9,
        frameon=False,
    )
    return as_svg(figure)
