"""M8 and M9: who buys an attempt, who holds a subscription, when the parent stops; by hand and through the kernel that renews."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from comparison import SEEDS, Row, assert_agrees, assert_rejected, row
from everybody import launched
from scipy.special import expit
from session_chain import session_chain

from sim.ecosystem import Ecosystem
from sim.institutions.parent import Parent, ParentBrief
from sim.rules.charging import buys_attempt, subscription_chance
from sim.rules.parent import loss_limit_usd, prospects_usd_per_gpu_hour
from sim.rules.worth import expected_session_worth, session_worth


def test_an_attempt_is_bought_only_above_its_price() -> None:
    assert buys_attempt(2.4, 0.2, 0.4)
    assert not buys_attempt(2.0, 0.25, 0.5)
    assert not buys_attempt(1e9, 1.0, math.inf)
    assert buys_attempt(1e-9, 1e-9, 0.0)
    assert not buys_attempt(2.4, 0.0, 0.0)


def test_the_chance_of_a_subscription_is_one_half_where_it_is_worth_its_price() -> None:
    assert subscription_chance(10.0, 2.0, 20.0, 10.0) == 0.5
    assert subscription_chance(10.0, 3.0, 20.0, 10.0) == pytest.approx(1.0 / (1.0 + math.exp(-1.0)), rel=1e-14)
    assert subscription_chance(10.0, 1.0, 20.0, 10.0) + subscription_chance(10.0, 3.0, 20.0, 10.0) == pytest.approx(1.0, rel=1e-14)
    assert subscription_chance(30.0, 0.0, 0.0, 10.0) == 0.0
    assert subscription_chance(30.0, -1.0, 0.0, 10.0) == 0.0


THETA, RATIO, PATIENCE, FREE, HELD = 0.4, 0.085, 12, 2, 9
SELLS = {
    "dials.steerability": THETA,
    "making.acceptable_miss": RATIO,
    "making.acceptable_miss_ln_sd": 0.0,
    "making.patience_attempts": PATIENCE,
    "making.free_quota_per_day": FREE,
    "charging.subscription_quota_per_day": HELD,
    "charging.subscription_usd_per_month": 20.0,
    "charging.willing_to_pay_share": 0.6,
    "creators.value_usd": 1.5,
}


def gain_of(world: Any) -> Any:
    """Δu for each maker on the first day, when clips here are known to get no views: success and attempts of two quotas, by the chain."""
    s, creators = world.policy.settings, world.creators
    talent, motive, value = (column.astype(np.float64) for column in (creators.talent, creators.income_motive, creators.value))
    slope = s.watching_quality_slope
    mean = np.exp(slope * talent).mean() * math.exp(0.5 * (slope * s.creators_clip_noise_sd) ** 2)
    pay_here = s.dials_monetization * 0.5 * 600.0 * np.exp(slope * talent) / mean / 1000.0
    free, held = (session_chain(THETA, RATIO, PATIENCE, quota) for quota in (FREE, HELD))
    kept = s.making_disappointment_usd * (1.0 - s.making_diagnosis_relief * THETA)
    return (held.accepted - free.accepted) * (value + motive * pay_here + kept) - s.making_effort_usd * (held.attempts - free.attempts)


def subscription_rows(price: float, temperature: float, of_theory: float) -> list[Row]:
    differences, prices = [], []
    for seed in SEEDS:
        ecosystem = launched(
            seed, SELLS | {"charging.subscription_usd_per_month": price, "charging.subscription_temperature_usd": temperature}
        )
        ecosystem.step()
        creators = ecosystem.world.creators
        willing, subscribed = creators.willing == 1, creators.subscribed == 1
        assert not (subscribed & ~willing).any()
        gain = gain_of(ecosystem.world)
        chance = np.where(gain > 0.0, expit((30.0 * gain - price) / of_theory), 0.0)
        differences.append((subscribed[willing] - chance[willing]).mean())
        prices.append(creators.session_price[subscribed])
    assert np.concatenate(prices) == pytest.approx(price / 30.0, rel=1e-6)
    return [row(f"price {price:g}, T_s {temperature:g}: subscribers less expected", differences, 0.0)]


def test_makers_subscribe_in_the_kernel_with_the_chance_of_the_formula() -> None:
    assert_agrees(
        "subscriptions",
        [one for price, noise in ((5.0, 10.0), (20.0, 10.0), (20.0, 3.0), (60.0, 10.0)) for one in subscription_rows(price, noise, noise)],
    )


def test_a_planted_wrong_temperature_of_renewal_is_rejected() -> None:
    assert_rejected("T_s 14 for 10", subscription_rows(20.0, 10.0, 14.0))


def test_a_session_is_worth_what_is_worked_by_hand() -> None:
    """v 2.4, U .5, e .074, loss .47, ζ .5; 5 attempts of which 2 controlled; 3 attempts bought at .4; novelty .1."""
    assert session_worth(True, 2.4, 0.5, 5, 2, 0.074, 0.47, 0.5, 0.0, 9.0, 1.2, 0.1) == pytest.approx(
        2.4 + 0.5 - 0.37 - 1.2 + 0.1, rel=1e-14
    )
    failed = session_worth(False, 2.4, 0.5, 5, 2, 0.074, 0.47, 0.5, 0.0, 9.0, 1.2, 0.1)
    assert failed == pytest.approx(-0.37 - 0.47 * (1.0 - 0.5 * 2 / 4) - 1.2 + 0.1, rel=1e-14)
    disliked = session_worth(True, 2.4, 0.5, 5, 2, 0.074, 0.47, 0.5, 0.2, math.e - 1.0, 1.2, 0.1)
    assert disliked == pytest.approx(2.4 + 0.5 - 0.37 - 1.2 + 0.1 - 0.2, rel=1e-14)
    assert session_worth(False, 2.4, 0.5, 1, 0, 0.074, 0.47, 0.5, 0.0, 0.0, 0.0, 0.0) == pytest.approx(-0.074 - 0.47, rel=1e-14)


def test_the_expected_worth_is_the_mean_over_sessions() -> None:
    expected = expected_session_worth(0.6, 5.0, 1.5, 0.16, 2.4, 0.5, 0.074, 0.47, 0.5, 0.0, 9.0, 0.4)
    assert expected == pytest.approx(0.6 * 2.9 - 0.37 - 0.47 * (0.4 - 0.5 * 0.16) - 0.6, rel=1e-14)
    assert expected_session_worth(0.6, 5.0, 0.0, 0.16, 2.4, 0.5, 0.074, 0.47, 0.5, 0.0, 9.0, math.inf) == pytest.approx(
        expected + 0.6, rel=1e-14
    )


def test_the_loss_the_parent_bears_grows_with_what_is_gained_and_never_shrinks() -> None:
    assert loss_limit_usd(1.5e8, 50.0, 1.2e6, 0.7e6) == pytest.approx(1.75e8, rel=1e-14)
    assert loss_limit_usd(1.5e8, 50.0, 0.7e6, 1.2e6) == 1.5e8
    assert loss_limit_usd(math.inf, 50.0, 1.0, 2.0) == math.inf


def test_prospects_are_profit_and_growth_by_the_hour() -> None:
    assert prospects_usd_per_gpu_hour(2e6, 50.0, 1.2e6, 1.0e6, 4e6) == pytest.approx(3.0, rel=1e-14)
    assert prospects_usd_per_gpu_hour(-2e6, 50.0, 1.0e6, 1.2e6, 4e6) == pytest.approx(-0.5, rel=1e-14)
    assert prospects_usd_per_gpu_hour(-2e6, 50.0, 1.0e6, 1.2e6, 0.0) == math.inf


def brief(day: int, **changed: float) -> ParentBrief:
    calm = ParentBrief(day, 100.0, 0.0, math.inf, 50.0, 10.0, 10.0, 1000.0, 10.0)
    return calm._replace(**changed)


@pytest.fixture
def parent() -> Parent:
    return Parent(Ecosystem("baseline", agents=200, days=1))


@pytest.mark.parametrize(("first", "closed"), [(0, 56), (43, 56), (44, 57), (100, 113)])
def test_the_loss_must_stand_above_its_limit_for_fourteen_days_and_not_before_day_56(parent: Parent, first: int, closed: int) -> None:
    causes = [parent.decide(brief(day, cumulated_loss=101.0 if day >= first else 99.0)) for day in range(closed + 1)]
    assert causes == [""] * closed + ["stop_loss"]


def test_one_day_at_the_limit_begins_the_fourteen_days_anew(parent: Parent) -> None:
    causes = [parent.decide(brief(day, cumulated_loss=100.0 if day == 70 else 101.0 if day >= 60 else 0.0)) for day in range(85)]
    assert causes.index("stop_loss") == 84


def test_a_better_use_must_pay_more_for_twenty_eight_days(parent: Parent) -> None:
    """Prospects are 1000/10 = 100 an hour."""
    causes = [parent.decide(brief(day, alternative_per_gpu_hour=101.0 if day >= 60 else 100.0)) for day in range(88)]
    assert causes == [""] * 87 + ["opportunity_cost"]


def test_growth_buys_patience(parent: Parent) -> None:
    growing = [parent.decide(brief(day, cumulated_loss=140.0, patience_per_active=5.0, active_now=20.0)) for day in range(120)]
    assert set(growing) == {""}
