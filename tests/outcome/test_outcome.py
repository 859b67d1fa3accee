"""The verdict, class by class, on daily tables made by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import theilslopes

from sim.outcome import (
    GATE_DAYS,
    GATE_TESTS,
    first_gate,
    growth_per_month,
    is_vestigial,
    judge,
    read_gates,
    share_table,
    verdict_of,
    wilson,
)
from tests.made_up import daily_table

DAYS = 365


def growing(rate_per_month: float, days: int = DAYS, start: float = 1e6) -> np.ndarray:
    return start * (1.0 + rate_per_month) ** (np.arange(days) / (365.25 / 12))


@pytest.mark.parametrize(
    ("growth", "profit", "name"),
    [
        (0.0, 1.0, "self_sustaining"),
        (0.05, 0.0, "self_sustaining"),
        (0.0, -1.0, "subsidised"),
        (-0.05, 1.0, "harvest"),
        (-0.05, -1.0, "fading"),
        (-0.008, -1.0, "subsidised"),
        (-0.012, -1.0, "fading"),
    ],
)
def test_growth_and_profit_make_four_classes(growth: float, profit: float, name: str) -> None:
    assert judge(daily_table(DAYS, mau=growing(growth), operating_profit_usd=profit)).name == name


def test_a_shutdown_wins_over_everything() -> None:
    outcome = judge(daily_table(20, mau=0.0), closed_day=19, closed_cause="insolvency")
    assert (outcome.name, outcome.day, outcome.cause) == ("shutdown", 19, "insolvency")


@pytest.mark.parametrize(("days", "name"), [(178, "undetermined"), (179, "undetermined"), (180, "self_sustaining")])
def test_a_verdict_needs_180_days(days: int, name: str) -> None:
    assert judge(daily_table(days)).name == name


def test_only_the_last_120_days_make_the_trend() -> None:
    boom_then_bust = np.concatenate([growing(0.3, DAYS - 119), growing(-0.05, 119)])
    assert judge(daily_table(DAYS, mau=boom_then_bust)).name == "harvest"


def test_only_the_last_90_days_make_the_profit() -> None:
    profit = np.full(DAYS, -1e9)
    profit[-90:] = 1.0
    assert judge(daily_table(DAYS, operating_profit_usd=profit)).name == "self_sustaining"
    profit[-90] = -90.0
    assert judge(daily_table(DAYS, operating_profit_usd=profit)).name == "subsidised"


def test_a_decline_lost_in_noise_is_no_shrinking() -> None:
    swings = np.exp(0.5 * np.sin(np.arange(DAYS) / 9.0))
    outcome = judge(daily_table(DAYS, mau=growing(-0.02) * swings))
    assert outcome.name == "self_sustaining"
    assert outcome.trend is not None
    assert outcome.trend.low < -0.02 < outcome.trend.high


def test_vestigial_takes_the_lower_of_both_floors() -> None:
    few = np.full(DAYS, 90_000.0)
    few[:120] = 1e6
    assert judge(daily_table(DAYS, mau=few, installs_total=2e6)).name == "vestigial"
    assert judge(daily_table(DAYS, mau=few, installs_total=1e6)).name != "vestigial"
    few[:120] = 0.8e6
    assert judge(daily_table(DAYS, mau=few, installs_total=2e6)).name != "vestigial"


def test_only_the_first_120_days_make_the_early_peak() -> None:
    mau = np.full(DAYS, 100.0)
    mau[130:200] = 1e6
    assert not is_vestigial(mau, adopters=1e9)


def test_nobody_left_is_vestigial_and_nobody_ever_too() -> None:
    emptied = np.linspace(1e6, 0.0, DAYS)
    assert judge(daily_table(DAYS, mau=emptied)).name == "vestigial"
    assert judge(daily_table(DAYS, mau=0.0, installs_total=0.0)).name == "vestigial"


def test_the_trend_is_the_theil_sen_slope_of_weekly_means() -> None:
    mau = growing(-0.03) * np.exp(0.02 * np.sin(np.arange(DAYS) ** 1.3))
    weeks = np.log(mau[-119:].reshape(17, 7).mean(axis=1))
    expected = np.exp(theilslopes(weeks, np.arange(17)).slope / 7 * 365.25 / 12) - 1
    assert growth_per_month(mau).middle == pytest.approx(expected, rel=1e-9)


def test_an_exact_trend_has_an_interval_of_no_width() -> None:
    trend = growth_per_month(growing(0.04))
    assert trend.low == pytest.approx(0.04, abs=1e-9)
    assert trend.high == pytest.approx(0.04, abs=1e-9)


def test_the_same_table_gives_the_same_bits() -> None:
    mau = growing(-0.01) * np.exp(0.1 * np.sin(np.arange(DAYS)))
    assert growth_per_month(mau) == growth_per_month(mau.copy())


def test_the_interval_covers_the_true_trend_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(7)
    hits = 0
    for _ in range(100):
        trend = growth_per_month(growing(-0.02) * np.exp(np.repeat(rng.normal(0.0, 0.05, DAYS // 7 + 1), 7)[:DAYS]))
        hits += trend.low <= -0.02 <= trend.high
    assert 84 <= hits <= 99


def test_robustness_counts_windows_and_thresholds() -> None:
    assert judge(daily_table(DAYS)).agreement == 1.0
    assert judge(daily_table(DAYS, mau=growing(-0.012))).agreement == pytest.approx(6 / 9)


@pytest.mark.parametrize(
    ("columns", "gate"),
    [
        ({}, None),
        ({"accepted_sessions": 79.0}, "interaction"),
        ({"outside_payout_usd": 5.0, "cost_creator_pay_usd": 4.0}, "ecosystem"),
        ({"views_outside": 901.0}, "ecosystem"),
        ({"operating_profit_usd": -1.0}, "cost"),
        ({"accepted_sessions": 10.0, "views_outside": 5000.0, "operating_profit_usd": -1.0}, "interaction and ecosystem and cost"),
        ({"attempts": 0.0, "sessions": 0.0, "accepted_sessions": 0.0}, None),
    ],
)
def test_the_gate_that_breaks_is_named(columns: dict[str, float], gate: str | None) -> None:
    assert first_gate(daily_table(60, **columns)) == gate
    assert first_gate(daily_table(10, **columns)) == gate


def test_the_earliest_gate_is_the_first_to_break() -> None:
    day = np.arange(100)
    table = daily_table(100, accepted_sessions=np.where(day < 60, 80.0, 0.0), operating_profit_usd=np.where(day < 40, 1.0, -10.0))
    assert first_gate(table) == "cost"


def test_gates_are_read_with_day_share_and_level() -> None:
    day = np.arange(100)
    table = daily_table(100, accepted_sessions=np.where(day < 60, 80.0, 50.0), outside_payout_usd=np.where(day < 90, 0.0, 5.0))
    readings = dict(zip([test.figure for test in GATE_TESTS], read_gates(table), strict=True))
    lottery = readings["attempts per usable clip"]
    assert (lottery.first_day, lottery.broken_share, lottery.last) == (60, 40 / (100 - GATE_DAYS + 1), 8.0)
    pay = readings["pay of creators here ÷ their pay outside"]
    assert (pay.first_day, pay.last) == (90, 0.0)
    views = readings["views outside ÷ views here"]
    assert (views.first_day, views.broken_share) == (None, 0.0)
    assert views.last == pytest.approx(1 / 9)
    assert readings["operating profit a day"].last == 10_000.0


def test_a_gate_cannot_be_read_before_its_window_is_full() -> None:
    assert [one.first_day for one in read_gates(daily_table(60, operating_profit_usd=-1.0)) if one.test.gate == "cost"] == [GATE_DAYS - 1]
    assert [one.first_day for one in read_gates(daily_table(10, operating_profit_usd=-1.0)) if one.test.gate == "cost"] == [9]


def test_wilson_intervals_are_those_of_the_textbook() -> None:
    assert wilson(20, 20) == pytest.approx((0.8389, 1.0), abs=1e-4)
    assert wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)


def test_the_share_table_counts_outcomes_and_a_close_race_is_contested() -> None:
    table = share_table(["fading"] * 5 + ["shutdown"] * 15)
    assert list(table) == ["shutdown", "fading"]
    assert table["shutdown"]["count"] == 15
    assert table["shutdown"]["share"] == 0.75
    assert verdict_of(["fading"] * 5 + ["shutdown"] * 15) == "contested"
    assert verdict_of(["fading"] * 4 + ["shutdown"] * 16) == "shutdown"
