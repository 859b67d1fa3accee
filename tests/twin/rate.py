"""How fast the twin lives: what a benchmark holds the engine against."""

from __future__ import annotations

import time

from tests.twin.model import TwinEcosystem
from tests.worlds import sora


def twin_rate(agents: int, days: int, activation: str) -> float:
    """Agent-days per CPU-second of a Sora world that nobody closes, in plain Mesa: building it is not counted."""
    twin = TwinEcosystem(sora(agents=agents, days=days).plan, activation=activation)
    start = time.process_time()
    while twin.running:
        twin.step()
    return agents * twin.day / (time.process_time() - start)
