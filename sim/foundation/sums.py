"""Sums that feed back into the world are whole numbers, so that their bits do not depend on the order of rows, chunks or threads.

A quantity is rounded to a fixed-point number with a stated scale before it is added; each scale has a stated range that an int64 sum over
ten million rows cannot leave.
"""

from __future__ import annotations

import math

from sim.foundation.compiled import compiled

SHARE_SCALE = 2.0**30
"""Shares in [0, 1]: sums up to 8.6e9 rows."""
WORTH_SCALE = 2.0**20
"""Session worth in units of the temperature, clamped to ±2^15: sums up to 2.6e8 sessions."""
WEIGHT_SCALE = 2.0**20
"""Weights of clips, in [0, 2^17]: sums up to 6.7e7 clips."""
WEIGHT_LIMIT = 2.0**17
WORTH_LIMIT = 2.0**15
QUALITY_SCALE = 2.0**16
"""Q of clips, in [0, 2^17]: sums up to 1e9 clips."""


@compiled
def fixed(x: float, scale: float) -> int:
    """x as a whole number of 1/scale, rounded half up."""
    return math.floor(x * scale + 0.5)
