"""What broke first in time: each definition on a daily table made by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from analysis.postmortem.breaking import METRICS, THINGS, broken_from, timeline

DAYS = 200
NAMES = {thing.name for thing in THINGS}


def healthy(days: int = DAYS) -> pd.DataFrame:
    """A product in which nothing breaks."""
    columns = {
        "attempts": 200.0,
        "accepted_sessions": 100.0,
        "readiness": 0.2,
        "installs_total": 1e6,
        "watchers": 1000.0,
        "cost_creator_pay_usd": 60.0,
        "outside_payout_usd": 50.0,
        "revenue_usd": 500.0,
        "cost_usd": 800.0,
        "cost_fixed_usd": 300.0,
        "cost_marketing_usd": 100.0,
        "runway_days": 1000.0,
    }
    assert set(columns) == set(METRICS)
    return pd.DataFrame({"day": range(days), **columns})


def broke(daily: pd.DataFrame, *, closed: bool = False) -> dict[str, float]:
    """What broke, and when."""
    return {thing: day for thing, day in broken_from(daily, closed=closed).items() if not np.isnan(day)}


def test_nothing_breaks_in_a_healthy_product() -> None:
    assert broke(healthy()) == {}
    assert set(broken_from(healthy(), closed=False)) == NAMES


@pytest.mark.parametrize(
    ("thing", "changes", "last_whole_share"),
    [
        # (window mean) > 5 attempts a clip: 2 before, 12 after: over 5 once more than 3/10 of the 28 days are late ones
        ("learning", {"attempts": 1200.0}, 8),
        # mean under half: 0 after: once half of the 28 days are late ones, and one more
        ("readiness", {"readiness": 0.0}, 14),
        ("audience", {"watchers": 0.0}, 14),
        # paid 1.2 of the outside before, nothing after: under it after 1/6 of the window
        ("creator income", {"cost_creator_pay_usd": 0.0}, 4),
        # +100 a day before, -300 after: under 0 after a quarter of the window
        ("unit margin", {"cost_usd": 1200.0}, 7),
    ],
)
def test_each_breaks_on_the_day_its_window_does(thing: str, changes: dict[str, float], last_whole_share: int) -> None:
    daily = healthy()
    late = daily["day"] >= 100
    for column, value in changes.items():
        daily.loc[late, column] = value
    assert broke(daily) == {thing: 100.0 + last_whole_share}


def test_fixed_cost_and_marketing_do_not_break_the_unit_margin() -> None:
    daily = healthy()
    daily["cost_fixed_usd"] += 1e6
    daily["cost_usd"] += 1e6
    assert broke(daily) == {}


def test_cash_breaks_when_the_runway_is_short_or_the_product_is_closed() -> None:
    daily = healthy()
    daily.loc[daily["day"] >= 150, "runway_days"] = 80.0
    assert broke(daily) == {"cash": 150.0}
    assert broke(daily, closed=True) == {"cash": 150.0}
    assert broke(healthy(), closed=True) == {"cash": DAYS - 1.0}


@pytest.mark.parametrize("endless", [np.inf, np.nan])
def test_a_runway_without_end_is_no_short_one(endless: float) -> None:
    assert broke(healthy().assign(runway_days=endless)) == {}


def test_what_recovers_did_not_break_for_good() -> None:
    daily = healthy()
    daily.loc[(daily["day"] >= 60) & (daily["day"] < 120), ["watchers", "cost_creator_pay_usd"]] = 0.0
    assert broke(daily) == {}


def test_what_was_broken_from_the_start_is_so_in_the_first_window() -> None:
    assert broke(healthy().assign(cost_creator_pay_usd=0.0)) == {"creator income": sim.GATE_DAYS - 1.0}


def test_days_on_which_nobody_makes_leave_learning_as_it_was() -> None:
    daily = healthy().assign(attempts=1200.0)
    daily.loc[daily["day"] >= 100, ["attempts", "accepted_sessions"]] = 0.0
    assert broke(daily) == {"learning": sim.GATE_DAYS - 1.0}


def test_a_run_shorter_than_a_window_is_one_window() -> None:
    assert broke(healthy(10).assign(cost_creator_pay_usd=0.0), closed=True) == {"creator income": 9.0, "cash": 9.0}


def test_learning_and_income_are_the_gates_of_the_verdict() -> None:
    daily, _ = sim.simulate_daily(sim.load_scenario("sora", days=60, agents=300), 1)
    found = broken_from(daily, closed=False)
    readings = {reading.test.above: reading for reading in sim.read_gates(daily)}
    for thing, column in (("learning", "attempts"), ("creator income", "cost_creator_pay_usd")):
        assert readings[column].broken_share == 1.0
        assert found[thing] == readings[column].first_day


def test_a_timeline_is_in_the_order_of_breaking_and_counts_draws() -> None:
    never = dict.fromkeys(NAMES, np.nan)
    draws = [never | {"cash": 90.0, "audience": 50.0}, never | {"cash": 80.0, "audience": 60.0}, never | {"cash": 40.0}]
    found = timeline(draws).set_index("thing")
    assert list(found.index[:2]) == ["audience", "cash"], "the median of audience is 60, as the third counts as later than any day"
    assert found.loc["audience", ["broke", "draws", "day", "first"]].tolist() == [2.0, 3.0, 55.0, pytest.approx(2 / 3)]
    assert found.loc["cash", "first"] == pytest.approx(1 / 3)
    assert np.isnan(found.loc["learning", "day"])
    assert found.attrs["units"]["day"] == "day"
