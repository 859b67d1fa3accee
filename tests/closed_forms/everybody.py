"""A world in which everybody is in from the first day on and comes every day, so that what a day does to all rows can be held against
theory.
"""

from __future__ import annotations

from typing import Any

from sim.ecosystem import Ecosystem
from sim.world import World

ROWS = 2000
_ALL_IN = {
    "agents": ROWS,
    "people": ROWS * 1000,
    "creators_share": 0.5,
    "niches": 2,
    "adoption.advertising_per_day": 1e6,
    "habit.initial": 1.0,
    "habit.learning_rate": 0.0,
    "habit.forgetting_per_day": 0.0,
    "making.free_quota_per_day": 500,
}


def launched(seed: int, values: dict[str, Any]) -> Ecosystem:
    """The baseline with everybody in and these values, by dotted key, before its first day."""
    merged = {"days": 30} | _ALL_IN | values
    return Ecosystem("baseline", run_seed=seed, **{key.replace(".", "__"): value for key, value in merged.items()})


def lived(seed: int, days: int, values: dict[str, Any]) -> World:
    """The same after this many days."""
    ecosystem = launched(seed, values)
    for _ in range(days):
        ecosystem.step()
    return ecosystem.world
