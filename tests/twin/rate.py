"""How fast the twin lives: what a benchmark holds the engine against."""

from __future__ import annotations

import time

from tests.twin.model import TwinEcosystem
from tests.twin.person import Person
from tests.worlds import sora

STAGES = 2
"""Times a day that a Mesa model calls all its agents where each stage must have ended before the next (who comes, what it came to)."""


def twin_rate(agents: int, days: int, activation: str, *, calls_everybody: bool = False) -> float:
    """Agent-days per CPU-second of a Sora world that nobody closes, in plain Mesa: building it is not counted.

    The twin calls only those who are in and not dormant. calls_everybody: the whole market is called at each stage as well, as a model does
    that leaves it to its agents whether the day concerns them.
    """
    twin = TwinEcosystem(sora(agents=agents, days=days).plan, activation=activation)
    start = time.process_time()
    while twin.running:
        for _ in range(STAGES if calls_everybody else 0):
            getattr(twin.agents, activation)(_is_in)
        twin.step()
    return agents * twin.day / (time.process_time() - start)


def _is_in(person: Person) -> bool:
    return person.adopted_day >= 0
