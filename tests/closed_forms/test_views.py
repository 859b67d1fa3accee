"""M4: what clips attract and how views fall to them; whole views add up, and each clip gets its part to within one view."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from everybody import lived
from numpy.typing import NDArray

from sim.foundation.columns import new_table
from sim.populations.clips import CLIPS, Clips, freshness_by_age, share_views, weigh
from sim.populations.people import CREATORS, Creators
from sim.rules.viewing import WEIGHT_FLOOR, any_view_share, attention_share, attraction, clip_worth, freshness, popularity

Whole = NDArray[np.int64]


def shelf(seed: int, number: int, niches: int) -> Any:
    random = np.random.default_rng(seed)
    clips = new_table(Clips, CLIPS, number)
    clips.maker[:] = random.integers(0, 40, number)
    clips.niche[:] = random.integers(0, niches, number)
    clips.worth[:] = random.lognormal(0.0, 1.5, number)
    clips.day[:] = np.sort(random.integers(0, 20, number))
    return clips


def by_niche(clips: Any, values: NDArray[Any], niches: int) -> NDArray[Any]:
    return np.bincount(clips.niche, weights=values, minlength=niches)


@pytest.mark.parametrize("views", [0, 1, 7, 1000, 10**9, 10**13])
@pytest.mark.parametrize("number", [1, 5, 700])
def test_views_add_up_exactly_and_each_clip_has_its_share_within_one_view(views: int, number: int) -> None:
    for seed in range(5):
        clips, creators, niches = shelf(seed, number, 3), new_table(Creators, CREATORS, 40), 3
        weights = np.zeros(niches, dtype=np.int64)
        weigh(clips, 19, freshness_by_age(0.24, WEIGHT_FLOOR), 0.0, 50.0, weights)
        offered = np.where(weights > 0, np.array([views, views // 3, 2 * views]), 0)
        given = share_views(clips, creators.views, offered, weights)
        assert given == offered.sum() == clips.views_today.sum() == creators.views.sum()
        assert np.array_equal(by_niche(clips, clips.views_today, niches).astype(np.int64), offered)
        exact = offered[clips.niche] * (clips.weight / weights[clips.niche])
        assert (np.abs(clips.views_today - exact) < 1.0 + 1e-15 * views).all()
        assert np.array_equal(np.bincount(clips.maker, weights=clips.views, minlength=40).astype(np.int64), creators.views)


def test_a_clip_without_weight_gets_no_view_and_days_add_up() -> None:
    clips, creators = shelf(1, 50, 1), new_table(Creators, CREATORS, 40)
    weights = np.zeros(1, dtype=np.int64)
    clips.worth[::2] = 0.0
    for day in range(1, 4):
        weigh(clips, 19 + day, freshness_by_age(0.1, WEIGHT_FLOOR), 0.0, 50.0, weights)
        share_views(clips, creators.views, np.array([1001]), weights)
        assert clips.views.sum() == creators.views.sum() == 1001 * day
    assert (clips.views[::2] == 0).all()


def test_the_order_of_two_halves_moves_nobody_by_more_than_a_view() -> None:
    clips, creators = shelf(2, 400, 1), new_table(Creators, CREATORS, 40)
    weights = np.zeros(1, dtype=np.int64)
    weigh(clips, 19, freshness_by_age(0.24, WEIGHT_FLOOR), 0.0, 50.0, weights)
    share_views(clips, creators.views, np.array([123_457]), weights)
    turned = type(clips)(*(np.concatenate((column[200:], column[:200])) for column in clips))
    share_views(turned, creators.views, np.array([123_457]), weights)
    assert np.abs(np.concatenate((turned.views_today[200:], turned.views_today[:200])) - clips.views_today).max() <= 1


@pytest.mark.parametrize("decay", [0.05, 0.24, 2.0])
def test_freshness_falls_by_e_to_the_delta_a_day_and_ends_at_its_floor(decay: float) -> None:
    ages = freshness_by_age(decay, WEIGHT_FLOOR)
    assert ages == pytest.approx(np.exp(-decay * np.arange(ages.size)), rel=1e-14)
    assert ages[-1] >= WEIGHT_FLOOR > freshness(decay, float(ages.size))
    assert freshness(decay, math.log(2.0) / decay) == pytest.approx(0.5, rel=1e-14)


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0])
def test_a_clips_weight_is_worth_times_freshness_times_popularity(exponent: float) -> None:
    clips = shelf(3, 300, 4)
    clips.views[:] = np.random.default_rng(1).integers(0, 500, 300)
    weights = np.zeros(4, dtype=np.int64)
    weigh(clips, 25, freshness_by_age(0.24, WEIGHT_FLOOR), exponent, 50.0, weights)
    expected = clips.worth.astype(np.float64) * np.exp(-0.24 * (25 - clips.day)) * (1.0 + clips.views / 50.0) ** exponent
    assert clips.weight / 2.0**20 == pytest.approx(expected, abs=0.51 / 2.0**20)
    assert np.array_equal(by_niche(clips, clips.weight, 4).astype(np.int64), weights)


@pytest.mark.parametrize("eta", [0.25, 0.5, 1.0])
def test_twice_the_clips_attract_two_to_the_eta_times_as_much(eta: float) -> None:
    for weight in (1.0, 4e5, 3e9):
        assert attraction(2.0 * weight, 6.0, 4e6, eta) / attraction(weight, 6.0, 4e6, eta) == pytest.approx(2.0**eta, rel=1e-13)
    assert attraction(4e6 / 6.0, 6.0, 4e6, eta) == pytest.approx(1.0, rel=1e-14)
    assert attraction(0.0, 6.0, 4e6, eta) == 0.0


def test_attraction_does_not_depend_on_the_number_of_niches_that_share_the_clips() -> None:
    for niches in (1.0, 6.0, 50.0):
        assert attraction(1e6 / niches, niches, 4e6, 0.5) == pytest.approx(0.5, rel=1e-13)


def test_attention_is_attraction_over_attraction_and_everything_else() -> None:
    for a, o in ((0.3, 1.8), (5.0, -1.0), (1e-9, 0.0)):
        assert attention_share(a, o, 0.0) == pytest.approx(a / (a + math.exp(o)), rel=1e-13)
        assert attention_share(a, o, 0.52) == pytest.approx(a * math.exp(0.52) / (a * math.exp(0.52) + math.exp(o)), rel=1e-13)
    assert attention_share(0.0, 1.8, 5.0) == 0.0


def test_rules_of_one_clip() -> None:
    assert clip_worth(0.82, 1.5) == pytest.approx(math.exp(1.23), rel=1e-14)
    assert popularity(99.0, 0.5) == pytest.approx(10.0, rel=1e-13)
    assert any_view_share(0.3, 3.0) == pytest.approx(1.0 - 0.7**3, rel=1e-13)


@pytest.mark.parametrize(("eta", "days"), [(1.0, 1), (0.5, 1), (1.0, 6), (0.5, 6)])
def test_a_day_of_watching_in_the_world_is_the_formula_over_its_fresh_clips(eta: float, days: int) -> None:
    """Clips of all ages with the overlap taken off, attraction by niche, novelty of newcomers, whole views of each visitor."""
    world = lived(
        3,
        days,
        {"watching.variety_exponent": eta, "dials.steerability": 0.6, "dials.export_leakage": 0.7, "watching.attraction_scale": 1e6},
    )
    s, people, clips, w = world.policy.settings, world.people, world.shelf.fresh(), world.people_per_row
    today = days - 1
    weights = clips.worth.astype(np.float64) * np.exp(-s.watching_freshness_decay_per_day * (today - clips.day))
    pull = (by_niche(clips, weights, 2) * w * 2.0 / s.watching_attraction_scale) ** eta
    novelty = s.habit_novelty_watching_logit * math.exp(-today / s.habit_novelty_days)
    odds = pull[people.niche] * math.exp(novelty) / np.exp(people.outside_attention.astype(np.float64))
    exact = s.watching_slots_per_visit * w * odds / (1.0 + odds)
    seen = np.bincount(people.niche, weights=exact, minlength=2)
    assert clips.day.min() == 0
    assert world.today.views_of_niche == pytest.approx(seen, rel=2e-6)
    assert world.today.clip_views == world.today.views_of_niche.sum() == clips.views_today.sum()
    assert people.watch_reward == pytest.approx(odds / (1.0 + odds), rel=1e-5)


def test_a_clip_that_is_also_outside_keeps_the_part_that_is_not_lost() -> None:
    """While clips here are known to get no views, both outlets are worth most where creator pay is not exclusive."""
    common = {"creators.clip_noise_sd": 0.0, "making.acceptable_miss": 1e6, "publishing.overlap": 0.64}
    stays = lived(1, 1, common | {"dials.export_leakage": 0.0}).shelf.fresh()
    leaves = {"dials.export_leakage": 1.0, "dials.monetization": 1.0, "publishing.exclusive": False, "creators.temperature_usd": 1e-6}
    also_outside = lived(1, 1, common | leaves).shelf.fresh()
    assert np.array_equal(stays.maker, also_outside.maker)
    assert also_outside.worth == pytest.approx(0.36 * stays.worth, rel=1e-6)


def test_a_planted_error_in_freshness_or_exponent_is_found() -> None:
    assert np.exp(-0.24 * 7) != pytest.approx(freshness(0.25, 7.0), rel=1e-3)
    assert attraction(8e6, 6.0, 4e6, 0.5) != pytest.approx(12.0**0.51, rel=1e-3)
