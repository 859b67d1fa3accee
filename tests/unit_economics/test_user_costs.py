"""What one more user costs, held against the bill itself; break-even views; who keeps a dollar; Lorenz curves."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from analysis.unit_economics.contribution import MICRO
from analysis.unit_economics.keeping import keeping, lorenz
from analysis.unit_economics.user_cost import break_even, by_kind, one_more_attempt, user_cost
from sim.rules.compute import reservation_tomorrow, unit_cost_usd
from tests.unit_economics.planted import daily_of, ledger_of

VALUES = {"compute.wright_exponent": 0.3, "compute.floor_unit_cost_usd": 0.02, "compute.wright_reference_attempts": 2e4}
FIRST, DECLINE, IDLE, SURCHARGE, ADJUST, DAYS = 0.8, 5.0, 0.5, 0.4, 0.1, 120
DAU = 1000.0 + 800.0 * np.sin(np.arange(DAYS) / 9.0)


def bill(scale: float, more_on: int | None = None, by: float = 0.0) -> tuple[pd.DataFrame, pd.DataFrame, float]:
    """Daily table, ledger and total of the compute bill (M7) when `scale` times as many come, each making three attempts a day.

    more_on: the day of `by` attempts more, for which nothing is reserved.
    """
    days, lines, reserved, before, total = [], [], 0.0, 0.0, 0.0
    for day in range(DAYS):
        used = 3.0 * scale * DAU[day]
        wanted = used
        used += by if day == more_on else 0.0
        unit = unit_cost_usd(FIRST, 0.02, 0.3, 2e4, DECLINE, before, float(day))
        idle, over = max(0.0, reserved - used), max(0.0, used - reserved)
        usd = {"compute_used": used * unit, "compute_idle": idle * unit * IDLE, "compute_overflow": over * unit * SURCHARGE}
        days.append((scale * DAU[day], used, unit, idle, over))
        lines += [(day, kind, round(x * MICRO), -1 if kind == "compute_idle" else 0) for kind, x in usd.items()]
        total += sum(usd.values())
        before += used
        reserved = reservation_tomorrow(reserved, wanted, ADJUST)
    names = ("dau", "attempts", "unit_cost_usd", "compute_idle", "compute_overflow")
    daily = daily_of(DAYS, **{name: list(column) for name, column in zip(names, zip(*days, strict=True), strict=True)})
    return daily, ledger_of(*lines), total


def of_the_run(costs: pd.DataFrame) -> pd.Series:
    return costs[costs["month"] == -1].iloc[0]


def test_one_more_user_for_good_costs_the_derivative_of_the_bill() -> None:
    daily, ledger, _ = bill(1.0)
    step = 1e-4
    derivative = (bill(1.0 + step)[2] - bill(1.0 - step)[2]) / (2.0 * step) / DAU.sum()
    assert of_the_run(user_cost(daily, ledger, VALUES))["one_more_for_good_usd"] == pytest.approx(derivative, rel=1e-4)


@pytest.mark.parametrize("day", [2, 40, 60])
def test_one_more_attempt_today_costs_what_the_bill_then_grows_by(day: int) -> None:
    """On a day of overflow, and on days of idle capacity."""
    daily, ledger, _ = bill(1.0)
    step = 0.1
    derivative = (bill(1.0, day, step)[2] - bill(1.0, day, -step)[2]) / (2.0 * step)
    today, saving = one_more_attempt(daily, by_kind(ledger, DAYS), VALUES)
    assert today[day] - saving[day] == pytest.approx(derivative, rel=1e-4)


def test_the_days_of_that_test_are_of_both_kinds() -> None:
    daily, _, _ = bill(1.0)
    assert (daily["compute_overflow"] > 0.0)[[2, 40, 60]].tolist() == [True, False, True]


def test_the_average_is_the_bill_over_active_days() -> None:
    daily, ledger, total = bill(1.0)
    row = of_the_run(user_cost(daily, ledger, VALUES))
    assert row["all_in_usd"] == pytest.approx(total / DAU.sum())
    assert row["wright_saving_usd"] > 0.0


def test_stretches_without_anybody_are_left_out() -> None:
    costs = user_cost(daily_of(60, dau=[5.0] * 20 + [0.0] * 40), ledger_of(), VALUES)
    assert costs["month"].tolist() == [-1, 0]


def test_break_even_views_are_compute_over_what_a_view_leaves() -> None:
    totals = {"attempts": 10.0, "views_here": 100.0, "cost_compute_usd": 6.0, "revenue_advertising_usd": 4.0, "cost_delivery_usd": 1.0}
    found = break_even(pd.DataFrame({name: [value, 0.0] for name, value in totals.items()}))
    assert found["views_per_attempt"] == 10.0
    assert found["needed_views_per_attempt"] == pytest.approx(0.6 / 0.03)


def test_no_number_of_views_is_enough_where_a_view_earns_less_than_its_delivery() -> None:
    totals = {"attempts": 10.0, "views_here": 100.0, "cost_compute_usd": 6.0, "revenue_advertising_usd": 1.0, "cost_delivery_usd": 1.0}
    assert np.isnan(break_even(pd.DataFrame({name: [value] for name, value in totals.items()}))["needed_views_per_attempt"])


def test_a_dollar_is_followed_to_who_keeps_it() -> None:
    ledger = ledger_of(
        (-1, "parent_endowment", 900, -1),
        (0, "advertising", 100, 0),
        (0, "credits", 50, 0),
        (0, "store_fee", 15, 0),
        (0, "compute_used", 200, 0),
        (0, "creator_fund", 20, 0),
        (0, "outside_advertising", 400, 0),
        (0, "outside_payout", 90, 0),
        (0, "parent_funding", 85, -1),
    )
    kept = keeping(ledger).set_index("holder")["micro_usd"].to_dict()
    assert kept == {
        "operator": 150 - 235,
        "app_store": 15,
        "cloud": 200,
        "suppliers": 0,
        "creators, paid here": 20,
        "external_platforms": 310,
        "creators, paid outside": 90,
    }
    assert sum(kept.values()) == 550, "what advertisers and makers paid"


def test_an_outside_platform_that_pays_more_than_it_earns_keeps_less_than_nothing() -> None:
    kept = keeping(ledger_of((0, "outside_advertising", 10, 0), (0, "outside_payout", 25, 0))).set_index("holder")["micro_usd"]
    assert kept["external_platforms"] == -15


def test_lorenz_curves_of_known_shares() -> None:
    assert lorenz(np.full(50, 7)).tolist() == pytest.approx(np.linspace(0, 1, 101).tolist())
    assert lorenz(np.array([0, 0, 0, 8]))[[0, 75, 100]].tolist() == [0.0, 0.0, 1.0]
    assert np.isnan(lorenz(np.zeros(4, dtype=np.int64))).all()


@pytest.mark.parametrize("sd", [0.1, 1.0, 2.5])
def test_twice_the_area_over_a_lorenz_curve_is_its_gini(sd: float) -> None:
    values = (1e6 * np.random.default_rng(1).lognormal(0.0, sd, 1000)).astype(np.int64)
    exact = np.concatenate([[0.0], np.cumsum(np.sort(values)) / values.sum()])
    assert 1.0 - 2.0 * np.trapezoid(exact, dx=1.0 / values.size) == pytest.approx(sim.gini(values), abs=1e-9)
    assert 1.0 - 2.0 * np.trapezoid(lorenz(values), dx=0.01) == pytest.approx(sim.gini(values), abs=0.02)
