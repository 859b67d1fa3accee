"""M3: what each outlet pays, the logit among them, and leakage as the share of clips that can leave; rule by hand, kernel against
shares.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from comparison import SEEDS, Row, assert_agrees, assert_rejected, row
from everybody import launched
from numpy.typing import NDArray

from sim.populations.sessions import CLIPS_BOTH, CLIPS_HERE, CLIPS_OUTSIDE
from sim.rules import publishing
from sim.rules.publishing import BOTH, HERE, OUTSIDE, choose_outlet
from sim.world import World

Numbers = NDArray[np.float64]
OUTLETS = ("here", "both", "outside")


def test_pay_offs_are_those_worked_by_hand() -> None:
    """mot .5, m .5, α .31, V_h 10, V_o 600, Q 2, d .64, c_x .05, payout .5 a thousand.

    pay_o = .5·600·2/1000 = .6, pay_h = .3; ln(1+20) = 3.0445224; ln(1+7.2+1200) = 7.0968869; ln(1+1200) = 7.0909098.
    """
    pay_out = publishing.pay_outside_usd(0.5, 600.0, 2.0)
    assert pay_out == pytest.approx(0.6, rel=1e-14)
    pay_here = 0.5 * pay_out
    assert publishing.payoff_here(0.5, pay_here, 0.31, 10.0, 2.0) == pytest.approx(0.15 + 0.31 * 3.0445224, abs=1e-7)
    exclusive, shared = (publishing.payoff_both(0.5, pay_here, pay_out, 0.31, 10.0, 600.0, 2.0, 0.64, 0.05, flag) for flag in (True, False))
    assert exclusive == pytest.approx(0.3 + 0.31 * 7.0968869 - 0.05, abs=1e-7)
    assert shared - exclusive == pytest.approx(0.15, rel=1e-12)
    assert publishing.payoff_outside(0.5, pay_out, 0.31, 600.0, 2.0, 0.05) == pytest.approx(0.3 + 0.31 * 7.0909098 - 0.05, abs=1e-7)


def test_views_outside_halve_when_as_many_clips_as_saturate_went_out() -> None:
    assert publishing.views_outside(600.0, 0.0, 5e6) == 600.0
    assert publishing.views_outside(600.0, 5e6, 5e6) == 300.0
    assert publishing.views_outside(600.0, 1e12, math.inf) == 600.0


def logit(payoffs: Numbers, temperature: float) -> Numbers:
    """Shares of the outlets, last axis."""
    weights = np.exp((payoffs - payoffs.max(axis=-1, keepdims=True)) / temperature)
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))


@pytest.mark.parametrize("payoffs", [(1.0, 0.6, 1.3), (0.0, 0.0, 0.0), (-2.0, -1.9, -5.0), (3.0, -40.0, 3.1)])
@pytest.mark.parametrize("temperature", [0.1, 0.33, 2.0])
def test_the_choice_splits_the_draws_at_the_logit_shares(payoffs: tuple[float, float, float], temperature: float) -> None:
    n = 4000
    chosen = np.array([choose_outlet(*payoffs, temperature, (k + 0.5) / n) for k in range(n)])
    assert (np.diff(chosen) >= 0).all()
    shares = np.bincount(chosen, minlength=3) / n
    assert shares == pytest.approx(logit(np.array(payoffs), temperature), abs=1.0 / n)


def test_without_noise_the_best_outlet_is_chosen_and_with_all_noise_each_a_third() -> None:
    draws = (np.arange(999) + 0.5) / 999
    for best, payoffs in ((HERE, (1.0, 0.9, 0.8)), (BOTH, (0.8, 1.0, 0.9)), (OUTSIDE, (0.8, 0.9, 1.0))):
        assert {choose_outlet(*payoffs, 1e-9, u) for u in draws} == {best}
        assert np.bincount([choose_outlet(*payoffs, 1e9, u) for u in draws]).tolist() == [333, 333, 333]


def test_only_differences_of_pay_offs_relative_to_the_temperature_matter() -> None:
    for u in np.linspace(0.01, 0.99, 99):
        assert choose_outlet(1.0, 0.5, 1.25, 0.5, u) == choose_outlet(33.0, 32.0, 33.5, 1.0, u)


CASE = {
    "making.acceptable_miss": 1e6,
    "making.acceptable_miss_ln_sd": 0.0,
    "creators.clip_noise_sd": 0.0,
    "dials.monetization": 0.5,
    "dials.export_leakage": 1.0,
    "making.capability": 2.0,
    "external_platforms.short_video.views_per_clip": 60.0,
}
VIEWS_HERE = 20.0


def published(seed: int, values: dict[str, Any]) -> World:
    """Everybody makes one usable clip on the first day, when a clip here is known to get VIEWS_HERE."""
    ecosystem = launched(seed, CASE | values)
    ecosystem.world.carried.views_per_clip_here[:] = VIEWS_HERE
    ecosystem.step()
    return ecosystem.world


def pay_offs(world: World) -> Numbers:
    """U_here, U_both, U_out of each maker's clip by M3, shape (makers, 3)."""
    s, creators = world.policy.settings, world.creators
    talent = creators.talent.astype(np.float64)
    mean = np.exp(s.watching_quality_slope * talent).mean() * math.exp(0.5 * (s.watching_quality_slope * s.creators_clip_noise_sd) ** 2)
    q = np.exp(s.watching_quality_slope * (talent + s.making_capability_to_quality * math.log(s.making_capability))) / mean
    motive, status = creators.income_motive.astype(np.float64), s.creators_status_usd
    out = 60.0
    pay_out = 0.5 * out * q / 1000.0
    pay_here = s.dials_monetization * pay_out
    kept = 0.0 if s.publishing_exclusive else 1.0
    return np.stack(
        (
            motive * pay_here + status * np.log1p(VIEWS_HERE * q),
            motive * (kept * pay_here + pay_out)
            + status * np.log1p((1.0 - s.publishing_overlap) * VIEWS_HERE * q + out * q)
            - s.publishing_outside_cost_usd,
            motive * pay_out + status * np.log1p(out * q) - s.publishing_outside_cost_usd,
        ),
        axis=1,
    )


def outlet_rows(values: dict[str, Any], leakage: float | None = None, temperature: float | None = None) -> list[Row]:
    """Share of clips by outlet, less the mean chance of its maker's clip: 0 in expectation. leakage, temperature: those of the theory."""
    differences = []
    for seed in SEEDS:
        world = published(seed, values)
        s = world.policy.settings
        leaves = s.dials_export_leakage if leakage is None else leakage
        shares = leaves * logit(pay_offs(world), temperature or s.creators_temperature_usd).mean(axis=0)
        shares[HERE] += 1.0 - leaves
        counts = world.today.counts[[CLIPS_HERE, CLIPS_BOTH, CLIPS_OUTSIDE]]
        assert counts.sum() == world.creators.talent.size
        differences.append(counts / counts.sum() - shares)
    name = ", ".join(f"{key.split('.')[-1]} {value:g}" for key, value in values.items()) + ": "
    return [row(name + outlet, np.array(differences)[:, i], 0.0) for i, outlet in enumerate(OUTLETS)]


def test_clips_in_the_kernel_go_where_the_logit_sends_them() -> None:
    cases: list[dict[str, Any]] = [
        {"dials.monetization": 0.0},
        {"dials.monetization": 1.0},
        {"dials.monetization": 1.0, "publishing.exclusive": False},
        {"publishing.overlap": 0.0},
        {"creators.temperature_usd": 0.05},
        {"creators.temperature_usd": 3.0},
        {"dials.export_leakage": 0.3},
        {"creators.status_usd": 0.0, "dials.export_leakage": 0.8},
        {"creators.income_motive_a": 6.0, "external_platforms.short_video.views_per_clip": 60.0},
    ]
    assert_agrees("logit shares of outlets, observed less expected", [one for case in cases for one in outlet_rows(case)])


def test_a_planted_wrong_temperature_or_leakage_is_rejected() -> None:
    assert_rejected("temperature .33 for .3", outlet_rows({"creators.temperature_usd": 0.2}, temperature=0.33))
    assert_rejected("leakage .3 for .27", outlet_rows({"dials.export_leakage": 0.3}, leakage=0.27))


def test_leakage_is_the_share_of_clips_that_can_leave() -> None:
    """Where outside is worth incomparably more, every clip that can leaves."""
    table = []
    for leakage in (0.2, 0.8):
        values = {"dials.export_leakage": leakage, "creators.temperature_usd": 1e-3, "publishing.overlap": 1.0, "dials.monetization": 0.0}
        left = []
        for seed in SEEDS:
            ecosystem = launched(seed, CASE | values)
            ecosystem.step()
            counts = ecosystem.world.today.counts
            left.append((counts[CLIPS_BOTH] + counts[CLIPS_OUTSIDE]) / ecosystem.world.creators.talent.size)
        table.append(row(f"ℓ = {leakage:g}: clips outside", left, leakage))
    assert_agrees("leakage", table)


@pytest.mark.parametrize("leakage", [0.0, 1.0])
def test_at_the_ends_of_leakage_all_stay_or_all_choose(leakage: float) -> None:
    world = published(1, {"dials.export_leakage": leakage, "creators.temperature_usd": 1e-9})
    counts = world.today.counts[[CLIPS_HERE, CLIPS_BOTH, CLIPS_OUTSIDE]].tolist()
    best = np.bincount(pay_offs(world).argmax(axis=1), minlength=3).tolist()
    assert counts == (best if leakage else [world.creators.talent.size, 0, 0])


def test_where_no_platform_is_open_everything_stays() -> None:
    world = published(1, {"external_platforms.short_video.open": False})
    assert world.today.counts[CLIPS_HERE] == world.creators.talent.size


def test_tomorrow_outside_views_have_shrunk_by_what_was_exported_today() -> None:
    ecosystem = launched(1, CASE | {"external_platforms.short_video.saturation_clips_per_day": 2e5})
    ecosystem.step()
    counts, w = ecosystem.world.today.counts.copy(), ecosystem.world.people_per_row
    ecosystem.step()
    exported = (counts[CLIPS_BOTH] + counts[CLIPS_OUTSIDE]) * w
    assert exported > 0
    assert ecosystem.world.market.views_outside == pytest.approx(60.0 / (1.0 + exported / 2e5), rel=1e-13)
