"""Runs made up by hand, so that verdicts, folders and the command are tested without living a single day."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import running
from sim.observation.metrics import DAILY_NAMES
from sim.outcome import judge
from sim.scenario import Scenario, load_scenario
from sim.summary import summarise

_STEADY = {
    "installs": 1000.0,
    "dau": 300_000.0,
    "mau": 1_000_000.0,
    "makers": 180_000.0,
    "sessions": 100.0,
    "accepted_sessions": 80.0,
    "attempts": 400.0,
    "clips_here": 60.0,
    "clips_both": 20.0,
    "views_here": 900.0,
    "views_outside": 100.0,
    "revenue_usd": 20_000.0,
    "cost_usd": 10_000.0,
    "operating_profit_usd": 10_000.0,
    "runway_days": np.inf,
}


def daily_table(days: int, **columns: Any) -> pd.DataFrame:
    """A daily table of a product that is steady, earns and keeps what is made; the columns named are replaced, all others are zero."""
    values = {name: np.zeros(days) for name in DAILY_NAMES} | {name: np.full(days, value) for name, value in _STEADY.items()}
    values["installs_total"] = 2_000_000.0 + np.cumsum(values["installs"])
    values |= {name: np.broadcast_to(np.asarray(value, dtype=np.float64), days) for name, value in columns.items()}
    table = pd.DataFrame({"day": np.arange(days, dtype=np.int64)} | {name: values[name] for name in DAILY_NAMES})
    table.attrs["units"] = {"day": "day"} | dict.fromkeys(DAILY_NAMES, "1") | {"dau": "people", "revenue_usd": "USD"}
    return table


def cohort_table(*rows: tuple[int, float, float]) -> pd.DataFrame:
    """Rows of age (days), adopters and active (people), all of one cohort, side and channel."""
    table = pd.DataFrame(rows, columns=["age_days", "adopters", "active"])
    table.insert(0, "cohort", 0)
    table.insert(1, "side", "creator")
    table.insert(2, "channel", "buzz")
    table.attrs["units"] = dict.fromkeys(table.columns, "1") | {"active": "people"}
    return table


def simulated(scenario: Scenario, seed: int) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
    """Tables and summary of a made-up run; daily users differ by seed."""
    daily, cohorts = daily_table(scenario.days, dau=300_000.0 + seed), cohort_table((0, 10.0, 10.0), (1, 10.0, 2.0))
    opening = {"day": [-1], "kind": ["opening"], "payer": ["equity"], "payee": ["parent"], "amount_micro_usd": [5], "cohort": [-1]}
    finals = {"creator_income_gini": 0.5, "payers_share": float("nan")}
    summary = summarise(scenario, seed, daily, cohorts, finals, judge(daily), fired={}, wall_s=0.1 * seed)
    return {"daily": daily, "cohorts": cohorts, "ledger": pd.DataFrame(opening)}, summary


@pytest.fixture
def made_up_runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Runs are made up and take no time; the list of seeds run so far."""
    seeds: list[int] = []

    def simulate(scenario: Scenario, seed: int) -> tuple[dict[str, pd.DataFrame], dict[str, Any]]:
        seeds.append(seed)
        return simulated(scenario, seed)

    monkeypatch.setattr(running, "simulate", simulate)
    return seeds


@pytest.fixture
def small() -> Scenario:
    """The baseline over 200 days."""
    return load_scenario("baseline", days=200)
