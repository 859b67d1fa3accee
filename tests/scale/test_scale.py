"""Results do not depend on the number of rows or of niches beyond sampling noise (Sora world, stop-loss off, 20 seeds).

The mean over seeds of each people-level curve is compared on ten days; a difference passes within 3 standard errors of it or 3 %.
Revenue is compared as it adds up since launch: a day of it is a handful of rows.
Run with `-s` to see the figures, those of 5,000 rows included.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from sim.ecosystem import Ecosystem
from sim.scenario import load_scenario

SEEDS = range(1, 21)
DAYS = (5, 15, 30, 45, 60, 75, 90, 110, 135, 159)
CURVES = ("installs_total", "dau", "makers", "attempts", "views_here", "revenue_to_date")
STANDARD_ERRORS, SHARE = 3.0, 0.03
STATISTICS = ("relative", "standard_errors")

pytestmark = pytest.mark.slow


@lru_cache
def curves(agents: int, niches: int) -> pd.DataFrame:
    """Mean and standard error over seeds of each curve (index: curve, day)."""
    scenario = load_scenario("sora", {"agents": agents, "niches": niches, "days": max(DAYS) + 1, "parent.stop_loss_usd": None})
    runs = []
    for seed in SEEDS:
        daily = Ecosystem(scenario, run_seed=seed).run().tables()["daily"]
        daily["revenue_to_date"] = daily["revenue_usd"].cumsum()
        runs.append(daily.set_index("day").loc[list(DAYS), list(CURVES)].unstack())
    table = pd.concat(runs, axis=1)
    return pd.DataFrame({"mean": table.mean(axis=1), "error": table.std(axis=1, ddof=1) / np.sqrt(len(SEEDS))})


def compared(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """How far `one` is from `other`: relative, and in standard errors of the difference."""
    difference = one["mean"] - other["mean"]
    error = np.hypot(one["error"], other["error"])
    return pd.DataFrame({"relative": difference / other["mean"], "standard_errors": difference / error}).dropna()


def _beyond(table: pd.DataFrame) -> pd.DataFrame:
    return table[(table["relative"].abs() > SHARE) & (table["standard_errors"].abs() > STANDARD_ERRORS)]


def _print(title: str, table: pd.DataFrame) -> None:
    for statistic in STATISTICS:
        print(f"\n{title}: {statistic}\n{table[statistic].unstack(0)[list(CURVES)].round(4).to_string()}")


def test_20_thousand_rows_say_what_80_thousand_say() -> None:
    table = compared(curves(20_000, 6), curves(80_000, 6))
    _print("20k against 80k rows", table)
    assert _beyond(table).empty, _beyond(table).to_string()


def test_one_niche_says_what_six_say() -> None:
    table = compared(curves(80_000, 1), curves(80_000, 6))
    _print("1 against 6 niches", table)
    assert _beyond(table).empty, _beyond(table).to_string()


def test_5_thousand_rows_are_printed_with_their_bias() -> None:
    table = compared(curves(5_000, 6), curves(20_000, 6))
    _print("5k against 20k rows", table)
    assert table["relative"].abs().max() < 0.5
