"""Figures of many runs, in one style: each takes tables or answers and returns a matplotlib Figure whose title says the finding.

from analysis import frontier, plot
plot.frontier(frontier("sora_three_gates", "dials.steerability", "dials.monetization")).savefig("frontier.png")
"""

from __future__ import annotations

from analysis.figures.curves import curves_figure as run
from analysis.figures.frontier import frontier_figure as frontier
from analysis.figures.many import curves_figure as curves
from analysis.figures.many import outcomes_figure as outcomes
from analysis.figures.paired import comparison_figure as compare
from analysis.figures.rescue import rescue_figure as rescue

__all__ = ["compare", "curves", "frontier", "outcomes", "rescue", "run"]
