"""M0 with only advertising and word of mouth is Bass (1969): the eleven durables of VALIDATION 4.1 through thresholds, queue and
hazard.

A step is a fiftieth of a year. Three distances are kept apart: the kernel against the recursion it carries out (between-seed standard
errors), that recursion against the differential equation (first order in the step, with the closed form of the first-order term), and
the kernel against the differential equation with that term taken off. Thresholds are stratified, so that the spread between seeds is
far below binomial.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest
from comparison import SEEDS, Row, assert_agrees, assert_rejected, row
from numba import njit
from numpy.typing import NDArray

from analysis.validation.bass import DURABLES, Curve, Durable, bass, peak_of, recursion, step_bias
from sim.foundation.elementary import power
from sim.foundation.streams import BEHAVIOUR, key_of
from sim.populations.arrivals import Listed, Newcomers, Queue, empty_list, join, newcomers_of, queue_of
from sim.populations.people import populate
from sim.rules.adoption import hazard_terms
from sim.scenario import load_scenario
from sim.scenario.settings import settings_of

ROWS, STEPS_A_YEAR, HORIZON = 4000, 50, 2.0
"""HORIZON: years run, in times of the peak."""


def years_of(one: Durable) -> int:
    return math.ceil(HORIZON * one.peak_year)


@njit
def _spread(key: NDArray[np.uint64], newcomers: Newcomers, queue: Queue, roster: Listed, p: float, q: float, exponent: float,
            factors: Curve, out: Curve) -> None:  # fmt: skip
    joined, moving = np.zeros(2, dtype=np.int64), np.zeros(newcomers.uid.size, dtype=np.int32)
    for day in range(out.size - 1):
        share = roster.count[0] / newcomers.uid.size
        terms = hazard_terms(1.0, p, 0.0, 1.0, 0.0, 1.0, q, 0.0, float(day), 0.0, power(share, exponent), 0.0)
        join(key, newcomers, queue, roster, terms, factors, day, 0.13, moving, joined)
        out[day + 1] = joined.sum() / newcomers.uid.size


class Diffusion(NamedTuple):
    """One run. adopted: share after each step; by_advertising: share of adopters whom advertising brought."""

    adopted: Curve
    by_advertising: float


@cache
def market() -> Any:
    return settings_of(load_scenario("baseline", {"agents": ROWS, "creators_share": 0.5, "niches": 3}).values)


def diffused(seed: int, p: float, q: float, years: int, exponent: float = 1.0, step: int = STEPS_A_YEAR) -> Diffusion:
    people, creators, _ = populate(market(), seed)
    queue, roster = queue_of(people, creators.x_make.size, 3), empty_list(ROWS)
    out = np.zeros(years * step + 1)
    _spread(key_of(seed, BEHAVIOUR), newcomers_of(people, creators), queue, roster, p / step, q / step, exponent, np.ones(4), out)
    channels = people.channel[people.adopted_day >= 0]
    return Diffusion(out, float((channels == 0).mean()))


@cache
def runs_of(one: Durable) -> list[Diffusion]:
    return [diffused(seed, one.p, one.q, years_of(one)) for seed in SEEDS]


def at_ten_times(one: Durable) -> list[int]:
    """Steps, evenly over the run."""
    return [round(years_of(one) * STEPS_A_YEAR * k / 10.0) for k in range(1, 11)]


def curve_rows(one: Durable, runs: list[Diffusion], expected: Curve) -> list[Row]:
    curves = np.array([run.adopted for run in runs])
    return [row(f"{one.name}: F({k / STEPS_A_YEAR:g} yr)", curves[:, k], expected[k]) for k in at_ten_times(one)]


def bins_at_peak(one: Durable, runs: list[Diffusion], expected: Curve) -> list[Row]:
    """Adopters, millions, of the three years about the peak."""
    year = int(peak_of(expected, STEPS_A_YEAR)[0])
    bins = one.millions * np.diff(np.array([run.adopted[::STEPS_A_YEAR] for run in runs]), axis=1)
    true = one.millions * np.diff(expected[::STEPS_A_YEAR])
    return [row(f"{one.name}: year {k + 1} (M)", bins[:, k], true[k]) for k in range(year - 1, year + 2)]


def test_the_recursion_is_bass_but_for_the_stated_bias_of_its_step() -> None:
    """What is left after the first-order term falls fourfold when the step is halved."""
    for one in DURABLES:
        years = years_of(one)
        left = []
        for steps in (25, 50, 100):
            t = np.arange(years * steps + 1) / steps
            raw = recursion(one.p, one.q, steps, years) - bass(one.p, one.q, t)
            bias = step_bias(one.p, one.q, t, 1.0 / steps)
            assert np.abs(raw).max() < 1.1 * np.abs(bias).max()
            left.append(np.abs(raw - bias).max())
        assert left[0] / left[1] == pytest.approx(4.0, abs=0.25)
        assert left[1] / left[2] == pytest.approx(4.0, abs=0.15)
        assert left[1] < 4e-5


@pytest.mark.slow
def test_eleven_durables_spread_by_the_recursion_of_the_explicit_step() -> None:
    table = [one for durable in DURABLES for one in curve_rows(durable, runs_of(durable), expected_of(durable))]
    assert_agrees("Bass through arrivals.join: F at ten times", table)


def expected_of(one: Durable) -> Curve:
    return recursion(one.p, one.q, STEPS_A_YEAR, years_of(one))


@pytest.mark.slow
def test_eleven_durables_spread_by_bass_with_the_bias_of_the_step_taken_off() -> None:
    table = []
    for one in DURABLES:
        t = np.arange(years_of(one) * STEPS_A_YEAR + 1) / STEPS_A_YEAR
        table += curve_rows(one, runs_of(one), bass(one.p, one.q, t) + step_bias(one.p, one.q, t, 1.0 / STEPS_A_YEAR))
    assert_agrees("Bass: closed form + first-order bias of the step", table)


@pytest.mark.slow
def test_the_years_about_the_peak_hold_as_many_adopters_as_the_recursion_says() -> None:
    assert_agrees(
        "Bass: yearly bins about the peak",
        [one for durable in DURABLES for one in bins_at_peak(durable, runs_of(durable), expected_of(durable))],
    )


@pytest.mark.slow
def test_peaks_from_yearly_bins_are_those_of_the_formulas() -> None:
    """The explicit step is (step/2)·ln(h/p) late, some hundredths of a year; at a flat top three noisy bins place the year to a tenth."""
    for one in DURABLES:
        late = 0.5 / STEPS_A_YEAR * math.log((one.p + one.q) / (2.0 * one.p))
        for curve, tolerance in ((expected_of(one), 0.02), (np.mean([run.adopted for run in runs_of(one)], axis=0), 0.1)):
            year, rate = peak_of(curve, STEPS_A_YEAR)
            assert year == pytest.approx(one.peak_year + late, abs=tolerance), one.name
            assert rate * one.millions == pytest.approx(one.peak_rate, rel=0.008), one.name


@pytest.mark.slow
def test_adopters_are_brought_by_advertising_and_word_of_mouth_in_proportion_to_their_terms() -> None:
    """In the end advertising has brought the share (p/q)·ln(1 + q/p) of all."""
    table = []
    for one in DURABLES:
        share = expected_of(one)
        expected = float((one.p / (one.p + one.q * share[:-1])) @ np.diff(share)) / share[-1]
        table.append(row(f"{one.name}: by advertising", [run.by_advertising for run in runs_of(one)], expected))
        whole = recursion(one.p, one.q, STEPS_A_YEAR, 6 * years_of(one))
        in_the_end = float((one.p / (one.p + one.q * whole[:-1])) @ np.diff(whole))
        assert in_the_end == pytest.approx(one.p / one.q * math.log1p(one.q / one.p), rel=0.01)
    assert_agrees("Bass: channel of adoption", table)


TV = DURABLES[2]


@pytest.mark.parametrize(
    ("error", "wrong"),
    [
        ("word of mouth 2 % too strong", lambda seed: diffused(seed, TV.p, 1.02 * TV.q, years_of(TV))),
        ("advertising 2 % too strong", lambda seed: diffused(seed, 1.02 * TV.p, TV.q, years_of(TV))),
        ("word of mouth with the power 1.05 of those who are in", lambda seed: diffused(seed, TV.p, TV.q, years_of(TV), 1.05)),
    ],
)
def test_a_planted_error_in_the_hazard_is_rejected(error: str, wrong: Callable[[int], Diffusion]) -> None:
    assert_rejected(error, curve_rows(TV, [wrong(seed) for seed in SEEDS], expected_of(TV)))


def test_without_word_of_mouth_everybody_joins_at_her_own_exponential_time() -> None:
    runs = [diffused(seed, 0.1, 0.0, 20) for seed in SEEDS]
    table = [row(f"F({year})", [run.adopted[year * STEPS_A_YEAR] for run in runs], 1.0 - math.exp(-0.1 * year)) for year in (1, 5, 10, 20)]
    assert_agrees("advertising only", table)
    assert all(run.by_advertising == 1.0 for run in runs)
