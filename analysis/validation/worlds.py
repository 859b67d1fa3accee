"""Worlds stripped to one mechanism, for checks of the kind `rule`: the shipped baseline with everything else switched off."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sim

ENDLESS_MONEY: dict[str, Any] = {"parent.stop_loss_usd": None, "parent.budget_usd": 1e12}
"""The parent never stops."""

ALL_IN: dict[str, Any] = {
    "adoption.advertising_per_day": 1e6,
    "adoption.buzz_per_day": 0,
    "adoption.word_of_mouth_per_day": 0,
    "adoption.return_factor": 0,
}
"""Everybody joins on the first day."""

EVERY_DAY: dict[str, Any] = {"habit.initial": 1.0, "habit.learning_rate": 0.0, "habit.forgetting_per_day": 0.0}
"""Everybody who is in comes every day, to watch and, if a creator, to make."""

ONLY_WATCHING: dict[str, Any] = {
    "making.free_quota_per_day": 0,
    "charging.willing_to_pay_share": 0.0,
    "charging.entitled_share": 0.0,
}
"""Nobody has an attempt to make."""

AT_ONCE: dict[str, Any] = {"making.acceptable_miss": 1e6, "making.patience_attempts": 1, "making.free_quota_per_day": 500}
"""Whoever comes to make has a usable clip at the first attempt."""


def launched(seed: int, *parts: dict[str, Any]) -> sim.Ecosystem:
    """The baseline with these values by dotted key, later ones over earlier, before its first day. One row is a thousand people."""
    values: dict[str, Any] = {"niches": 1, "agents": 1000, **ENDLESS_MONEY}
    for part in parts:
        values |= part
    values = {"people": 1000 * values["agents"]} | values
    return sim.Ecosystem(_scenario(tuple(values.items())), run_seed=seed)


@lru_cache(maxsize=32)
def _scenario(values: tuple[tuple[str, Any], ...]) -> sim.Scenario:
    """Seeds share the scenario: reading one takes longer than a short run."""
    return sim.load_scenario("baseline", dict(values))


def lived(seed: int, *parts: dict[str, Any]) -> sim.Ecosystem:
    """The same after its last day."""
    return launched(seed, *parts).run()
