"""What an answer hangs on: screening, Sobol' indices, ablations, and the region in which a product sustains itself.

from analysis import plot, sensitivity
found = sensitivity.screen("sora_three_gates")
plot.sensitivity(found).savefig("screen.png")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.sensitivity.ablating import ablate
    from analysis.sensitivity.apportioning import indices
    from analysis.sensitivity.discovering import region
    from analysis.sensitivity.screening import screen

_HOME = {"ablate": "ablating", "indices": "apportioning", "region": "discovering", "screen": "screening"}

__all__ = ["ablate", "indices", "region", "screen"]


def __getattr__(name: str) -> Any:
    """Each question is imported when it is first asked."""
    if name not in _HOME:
        raise AttributeError(f"module 'analysis.sensitivity' has no attribute '{name}'")
    return getattr(import_module(f"analysis.sensitivity.{_HOME[name]}"), name)
