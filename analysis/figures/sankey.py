"""Who pays whom, as ribbons: who pays on the left, who holds the money in between in the middle, who is paid on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from analysis.figures.style import BLACK, new_figure
from analysis.wording import amount


@dataclass(frozen=True)
class Leg:
    """One flow into or out of a hub."""

    name: str
    usd: float
    color: str


@dataclass(frozen=True)
class Hub:
    """A holder in the middle; what comes in must be what goes out."""

    name: str
    received: Sequence[Leg]
    paid: Sequence[Leg]

    @property
    def usd(self) -> float:
        """Money that passes through."""
        return sum(leg.usd for leg in self.paid)


_SLOT, _GAP, _TITLE, _TALLEST, _THINNEST = 0.23, 0.05, 0.32, 2.3, 0.012
"""Inches: room for a label, between legs, for a hub's name, of the widest hub, of a flow too small to see."""
_LEFT, _MIDDLE, _RIGHT, _BAR, _WIDE = 2.2, 3.43, 4.7, 0.1, 0.14


def draw_sankey(hubs: Sequence[Hub], *, text: float) -> Figure:
    """The figure, seven inches wide; all widths on one scale. text: points."""
    scale = _TALLEST / max(hub.usd for hub in hubs)
    heights = [_TITLE + max(_tall(hub.received, scale), _tall(hub.paid, scale)) for hub in hubs]
    figure = new_figure(7.0, sum(heights))
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_xlim(0.0, 7.0)
    axes.set_ylim(0.0, sum(heights))
    top = sum(heights)
    for hub, height in zip(hubs, heights, strict=True):
        _draw_hub(axes, hub, top, scale, text)
        top -= height
    return figure


def _tall(legs: Sequence[Leg], scale: float) -> float:
    return sum(max(_SLOT, leg.usd * scale) + _GAP for leg in legs)


def _draw_hub(axes: Axes, hub: Hub, top: float, scale: float, text: float) -> None:
    """One hub with its legs in the strip below `top`."""
    thick = max(hub.usd * scale, _THINNEST)
    hub_top = top - _TITLE
    axes.add_patch(Rectangle((_MIDDLE, hub_top - thick), _WIDE, thick, color=BLACK, linewidth=0))
    axes.text(
        _MIDDLE + _WIDE / 2.0,
        hub_top + 0.06,
        f"{hub.name} {amount(hub.usd, 'USD')}",
        ha="center",
        va="bottom",
        fontsize=text,
        weight="bold",
    )
    for legs, bar, side in ((hub.received, _LEFT, "right"), (hub.paid, _RIGHT, "left")):
        y = at_hub = hub_top
        for leg in legs:
            wide = max(leg.usd * scale, _THINNEST)
            slot = max(_SLOT, wide)
            leaf = y - (slot - wide) / 2.0
            axes.add_patch(Rectangle((bar, leaf - wide), _BAR, wide, color=leg.color, linewidth=0))
            ends = (bar + _BAR, _MIDDLE) if side == "right" else (bar, _MIDDLE + _WIDE)
            axes.add_patch(_ribbon(*ends, leaf, at_hub, wide, leg.color))
            label_x = bar - 0.07 if side == "right" else bar + _BAR + 0.07
            axes.text(label_x, leaf - wide / 2.0, f"{leg.name} {amount(leg.usd, 'USD')}", ha=side, va="center", fontsize=text, color=BLACK)
            y -= slot + _GAP
            at_hub -= leg.usd * scale


def _ribbon(leaf_x: float, hub_x: float, leaf_y: float, hub_y: float, wide: float, color: str) -> PathPatch:
    """A band of constant width from a leaf to the hub; the y are of its upper edge."""
    bend = (leaf_x + hub_x) / 2.0
    upper = [(leaf_x, leaf_y), (bend, leaf_y), (bend, hub_y), (hub_x, hub_y)]
    lower = [(x, y - wide) for x, y in reversed(upper)]
    curve = [Path.CURVE4] * 3
    path = Path([*upper, *lower, upper[0]], [Path.MOVETO, *curve, Path.LINETO, *curve, Path.CLOSEPOLY])
    return PathPatch(path, facecolor=color, alpha=0.45, linewidth=0)
