"""Who pays, and whether growth then helps (paid_tool, short_video_ads, steerable_but_unpaid, parent_changes_mind)."""

from __future__ import annotations

import pytest
from paired_worlds import Changes, Life, Size, gain, lives, of, ratio

pytestmark = pytest.mark.slow

PAYOUT = "external_platforms.short_video.payout_usd_per_1000_views"


def profit(life: Life) -> float:
    """Operating profit of the last 90 days, million USD."""
    return life.total("operating_profit_usd", -90) / 1e6


def advertising(life: Life) -> float:
    """Advertising sold in the last 90 days, million USD."""
    return life.total("revenue_advertising_usd", -90) / 1e6


def creator_pay(life: Life) -> float:
    """Paid to creators in the last 90 days, million USD."""
    return life.total("cost_creator_pay_usd", -90) / 1e6


def subscriptions(life: Life) -> float:
    """Subscriptions of the last 90 days, million USD."""
    return life.total("revenue_subscriptions_usd", -90) / 1e6


def views(life: Life) -> float:
    """Views here in the last 90 days."""
    return life.total("views_here", -90)


def exported(life: Life) -> float:
    """Share of the clips that also or only go outside."""
    return 1 - life.total("clips_here") / life.total("accepted_sessions")


def daily_users(life: Life) -> float:
    """Mean daily users in the weeks 7 and 8."""
    return life.total("dau", 42, 56)


def loss(life: Life) -> float:
    """Operating loss of the first 56 days, USD."""
    return -life.total("operating_profit_usd", 0, 56)


def end(life: Life) -> float:
    """The last day."""
    return float(len(life.daily) - 1)


def test_a_paid_tool_lives_although_nearly_all_clips_leave_it() -> None:
    size = Size(days=365, agents=800)
    world = lives("paid_tool", size)
    walled = lives("paid_tool", size, {"dials.export_leakage": 0})
    unsteerable = lives("paid_tool", size, {"dials.steerability": 0.05})

    assert of(world, exported).low > 0.9
    assert of(world, profit).low > 5
    assert all(life.closed_day is None for life in world)

    # Closing the exit helps, but the engine of the makers loses less than half to the leak and that of an audience more than four fifths.
    assert gain(walled, world, profit).low > 0
    assert ratio(world, walled, subscriptions).low > -0.69
    assert ratio(world, walled, views).high < -1.6

    # What carries it is that the tool obeys, not that it charges.
    assert of(unsteerable, profit).high < 0


def test_advertising_pays_for_short_videos_but_not_for_full_parity_with_the_best_payer() -> None:
    size = Size(days=365, agents=400)
    world = lives("short_video_ads", size)
    parity = lives("short_video_ads", size, {PAYOUT: 0.5, "dials.monetization": 1})
    unpaid = lives("short_video_ads", size, {PAYOUT: 0.5, "dials.monetization": 0})

    assert of(world, profit).low > 5
    assert of(unpaid, profit).low > 0

    # Pay does bring users and so advertising, at three times the price and more.
    assert gain(parity, unpaid, advertising).low > 3
    assert gain(parity, unpaid, creator_pay).low > 2 * gain(parity, unpaid, advertising).high
    assert of(parity, profit).high < 0


def test_growth_ruins_a_product_that_nobody_pays_for() -> None:
    size = Size(days=100, agents=1200)
    world = lives("steerable_but_unpaid", size)
    unsteerable = lives("steerable_but_unpaid", size, {"dials.steerability": 0.05})

    assert ratio(world, unsteerable, daily_users).low > 1
    assert ratio(world, unsteerable, loss).low > 0.4
    assert {life.closed_cause for life in world} == {"stop_loss"}
    assert gain(world, unsteerable, end).high < 0


def test_the_same_growth_ruins_nobody_within_the_time_where_attempts_are_nearly_free() -> None:
    nearly_free: Changes = {"compute.first_unit_cost_usd": 0.008, "compute.floor_unit_cost_usd": 0.001}
    world = lives("steerable_but_unpaid", Size(days=100, agents=600), nearly_free)
    assert all(life.closed_day is None for life in world)


def test_a_parent_closes_a_product_that_grows_and_pays_once_its_compute_earns_more_elsewhere() -> None:
    size = Size(days=270, agents=1200)
    world = lives("parent_changes_mind", size)
    twin = lives("parent_changes_mind", size, {"interventions.better_use": None})

    assert {life.closed_cause for life in world} == {"opportunity_cost"}
    assert all(life.closed_day is not None and life.closed_day > 180 for life in world)
    assert all(life.closed_day is None for life in twin)
    assert of(world, lambda life: life.total("operating_profit_usd", -28)).low > 0
    assert of(world, lambda life: life.total("dau", -28) / life.total("dau", -56, -28)).low > 1
    assert all(life.daily.iloc[:180].equals(other.daily.iloc[:180]) for life, other in zip(world, twin, strict=True))
