"""Asks questions of the simulator, through its front door only.

from analysis import compare, frontier, plot, rescue, sweep
plot.compare(compare("sora", "sora_steerable", seeds=20))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis import plot
    from analysis.experiments.sweeping import sweep
    from analysis.questions.compare import compare
    from analysis.questions.frontier import frontier
    from analysis.questions.rescue import rescue

_HOME = {"compare": "questions.compare", "frontier": "questions.frontier", "rescue": "questions.rescue", "sweep": "experiments.sweeping"}

__all__ = ["compare", "frontier", "plot", "rescue", "sweep"]


def __getattr__(name: str) -> Any:
    """Each name is imported when it is first used, so that the command's help does not wait for matplotlib and scipy."""
    if name == "plot":
        return import_module("analysis.plot")
    if name not in _HOME:
        raise AttributeError(f"module 'analysis' has no attribute '{name}'")
    return getattr(import_module(f"analysis.{_HOME[name]}"), name)
