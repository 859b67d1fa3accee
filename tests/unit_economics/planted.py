"""Small tables by hand: cohorts that live by a known law, and ledgers whose sums are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

import sim

MICRO = 1_000_000


def cohorts_living_by(law: Callable[[int], float], *, weeks: int, people: float = 1e6, chance: float = 0.5) -> pd.DataFrame:
    """A cohort a week, all on its first day; of those left after t age weeks (law) a share `chance` is active on each day.

    Everybody is active on day 0. The last day is 7 * weeks - 1.
    """
    rows = []
    for cohort in range(weeks):
        for age in range(7 * (weeks - cohort)):
            active = people if age == 0 else chance * people * law((age - 1) // 7)
            rows.append((cohort, "viewer", "buzz", age, people, active))
    return pd.DataFrame(rows, columns=["cohort", "side", "channel", "age_days", "adopters", "active"])


def ledger_of(*lines: tuple[int, str, int, int]) -> pd.DataFrame:
    """A ledger of lines (day, kind, micro-dollars, cohort), with payers and payees as the books have them."""
    entry = {one.name: one for one in sim.ENTRIES}
    rows = [(day, kind, entry[kind].payer, entry[kind].payee, micro, cohort) for day, kind, micro, cohort in lines]
    return pd.DataFrame(rows, columns=["day", "kind", "payer", "payee", "amount_micro_usd", "cohort"])


def cohorts_of(*rows: tuple[int, str, str, int, float, float]) -> pd.DataFrame:
    """A table of cohorts of rows (cohort, side, channel, age_days, adopters, active)."""
    return pd.DataFrame(rows, columns=["cohort", "side", "channel", "age_days", "adopters", "active"])


def daily_of(days: int, **columns: float | list[float]) -> pd.DataFrame:
    """A daily table with what unit costs are read off; zero where nothing is said."""
    names = ("dau", "attempts", "views_here", "unit_cost_usd", "compute_idle", "compute_overflow")
    money = ("cost_compute_usd", "revenue_advertising_usd", "cost_delivery_usd")
    return pd.DataFrame({name: np.broadcast_to(np.asarray(columns.get(name, 0.0), dtype=np.float64), days) for name in (*names, *money)})
