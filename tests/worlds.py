"""Small worlds to test on, and ways to look at one: what it holds, and a day with something slipped in between two phases."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from sim import day
from sim.ecosystem import Ecosystem
from sim.scenario import Scenario, load_scenario
from sim.world import World

Document = dict[str, Any]

BUSY: Document = {
    "schema": 1,
    "question": "What if every kind of money flows?",
    "extends": "baseline",
    "agents": 600,
    "days": 60,
    "people": 2e6,
    "dials": {"steerability": 0.5, "monetization": 0.3, "export_leakage": 0.6},
    "adoption": {
        "buzz_per_day": 0.02,
        "referral_per_outside_view": 1e-5,
        "chart_per_day": 0.002,
        "entry_reputation": 0.5,
        "news_per_day": 0.01,
    },
    "making": {"free_quota_per_day": 3, "uncertainty_usd": 0.1},
    "rival": {"edge": 0.4},
    "rules": {"watching_reward": "any_view"},
    "watching": {"popularity_exponent": 0.3, "attraction_scale": 5e4},
    "publishing": {"exclusive": False},
    "compute": {"hard_limit_attempts_per_day": 5e5},
    "charging": {
        "advertising_usd_per_1000_views": 8,
        "credit_usd_per_attempt": 0.05,
        "subscription_usd_per_month": 4,
        "willing_to_pay_share": 0.7,
        "entitled_share": 0.2,
    },
    "creator_pay": {"share_of_advertising": 0.2},
    "operator": {"opening_cash_usd": 1e6, "marketing_usd_per_day": 1000},
    "external_platforms": {"short_video": {"views_per_clip": 300}, "long_video": {"payout_usd_per_1000_views": 0.7}},
    "rival_tools": {"other_maker": {"steerability": 0.3, "price_usd_per_attempt": 0.1}},
    "interventions": {
        "cheaper": {"day": 20, "set": {"making.effort_usd": 0.02, "external_platforms.long_video.open": False}},
        "opens_up": {"when": "installs_total > 500000", "set": {"dials.export_leakage": 0.9}, "ramp_days": 10},
    },
}
"""A scenario in which every kind of money flows and every optional rule is on."""


def scenario_from(document: Document) -> Scenario:
    """The scenario of a document, through the front door: written as YAML, checked and resolved."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drawn.yaml"
        path.write_text(yaml.safe_dump(document), encoding="utf-8")
        return load_scenario(path)


def sora(seed: int = 1, /, *, agents: int = 600, days: int = 100, **overrides: Any) -> Ecosystem:
    """A small Sora world that nobody closes. overrides: as `Ecosystem` takes them."""
    return Ecosystem("sora", run_seed=seed, agents=agents, days=days, **{"parent__stop_loss_usd": None, **overrides})


def busy(seed: int = 1) -> Ecosystem:
    """The world of `BUSY`."""
    return Ecosystem(scenario_from(BUSY), run_seed=seed)


def steps(model: Ecosystem, days: int) -> Ecosystem:
    """Live so many days; returns the model."""
    for _ in range(days):
        model.step()
    return model


def state_of(world: World) -> dict[str, bytes | str]:
    """All that a world carries from one day to the next and all that it has written down, by name."""
    state: dict[str, Any] = {}
    for table in (world.people, world.creators, world.shelf.fresh(), world.queue):
        state |= {f"{type(table).__name__}.{name}": column for name, column in table._asdict().items()}
    state |= {f"ledger.{name}": column for name, column in world.books.lines().items()}
    state |= {"roster": world.roster.rows[: world.roster.count[0]], "daily": world.recorder.rows[: world.recorder.days_closed]}
    state |= {"cohorts.adopters": world.cohorts.adopters, "cohorts.active": world.cohorts.active}
    state |= {f"carried.{field.name}": getattr(world.carried, field.name) for field in dataclasses.fields(world.carried)}
    state |= {"values": sorted(world.policy.values.items()), "ramps": world.policy.ramps, "cause": world.cause, "day": world.day}
    return {name: np.ascontiguousarray(held).tobytes() if isinstance(held, np.ndarray) else repr(held) for name, held in state.items()}


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The names under which two states differ."""
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def day_with(after: str, slipped_in: Callable[[World], None]) -> tuple[day.Phase, ...]:
    """The phases of a day with one more, right after the one of this name."""
    names = [phase.run.__name__ for phase in day.DAY]
    at = names.index(after) + 1
    return (*day.DAY[:at], day.Phase(slipped_in, "", "", ""), *day.DAY[at:])


def day_without(name: str) -> tuple[day.Phase, ...]:
    """The phases of a day but the one of this name."""
    kept = tuple(phase for phase in day.DAY if phase.run.__name__ != name)
    assert len(kept) == len(day.DAY) - 1
    return kept
