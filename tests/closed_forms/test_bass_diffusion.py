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

from sim.foundation.elementary import power
from sim.foundation.streams import BEHAVIOUR, key_of
from sim.populations.arrivals import Listed, Newcomers, Queue, empty_list, join, newcomers_of, queue_of
from sim.populations.people import populate
from sim.rules.adoption import hazard_terms
from sim.scenario import load_scenario
from sim.scenario.settings import settings_of

Curve = NDArray[np.float64]
ROWS, STEPS_A_YEAR, HORIZON = 4000, 50, 2.0
"""HORIZON: years run, in times of the peak."""


class Durable(NamedTuple):
    name: str
    p: float
    q: float
    millions: float
    peak_year: float
    peak_rate: float
    share_at_peak: float


DURABLES = (
    Durable("electric refrigerators", 0.0026167, 0.21566, 40.001, 20.21, 2.209, 0.4939),
    Durable("home freezers", 0.0181190, 0.17110, 21.973, 11.87, 1.149, 0.4471),
    Durable("black & white TV", 0.0278770, 0.25105, 96.717, 7.88, 7.493, 0.4445),
    Durable("water softeners", 0.0177030, 0.29695, 5.793, 8.96, 0.483, 0.4702),
    Durable("room air conditioners", 0.0103990, 0.41861, 16.895, 8.61, 1.857, 0.4876),
    Durable("clothes dryers", 0.0172060, 0.35688, 15.092, 8.11, 1.479, 0.4759),
    Durable("power lawnmowers", 0.0091837, 0.33790, 44.751, 10.39, 3.989, 0.4864),
    Durable("electric bed coverings", 0.0058760, 0.24387, 76.589, 14.92, 4.897, 0.4880),
    Durable("automatic coffee makers", 0.0171350, 0.30145, 58.838, 9.00, 4.953, 0.4716),
    Durable("steam irons", 0.0286320, 0.32791, 55.696, 6.84, 5.398, 0.4563),
    Durable("record players", 0.0247960, 0.65410, 21.937, 4.82, 3.864, 0.4810),
)


def bass(p: float, q: float, t: Curve) -> Curve:
    """F(t) of the differential equation dF/dt = (p + qF)(1 - F)."""
    fading = np.exp(-(p + q) * t)
    return (1.0 - fading) / (1.0 + q / p * fading)


def step_bias(p: float, q: float, t: Curve, step: float) -> Curve:
    """First-order difference of the explicit step from `bass`: -(step/2)·f·ln(h/p), f = dF/dt, h = p + qF.

    With H the cumulated hazard, H' = h(H); the explicit step solves H' = h - (step/2)·h·h' + O(step²), so that the error e obeys
    e' = h'e - (step/2)·h·h', whence e = -(step/2)·h·ln(h/p); and dF = (1-F)·dH.
    """
    share = bass(p, q, t)
    hazard = p + q * share
    return -0.5 * step * hazard * (1.0 - share) * np.log(hazard / p)


def recursion(p: float, q: float, steps_a_year: int, years: int) -> Curve:
    """F after each step of an endless market: H ← H + (p + qF)·step, F = 1 - e^-H; shape (steps + 1,)."""
    hazard, share, out = 0.0, 0.0, [0.0]
    for _ in range(years * steps_a_year):
        hazard += (p + q * share) / steps_a_year
        share = -math.expm1(-hazard)
        out.append(share)
    return np.array(out)


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


def peak_of(adopted: Curve, steps_a_year: int = STEPS_A_YEAR) -> tuple[float, float]:
    """Year and yearly rate of the peak: top of the parabola whose yearly means are the highest yearly bin and its neighbours."""
    bins = np.diff(adopted[::steps_a_year])
    top = int(np.clip(np.argmax(bins), 1, bins.size - 2))
    before, here, after = bins[top - 1 : top + 2]
    bend = before - 2.0 * here + after
    shift = 0.5 * (before - after) / bend
    return top + 0.5 + shift, here - 0.25 * (before - after) * shift - bend / 24.0


def bins_at_peak(one: Durable, runs: list[Diffusion], expected: Curve) -> list[Row]:
    """Adopters, millions, of the three years about the peak."""
    year = int(peak_of(expected)[0])
    bins = one.millions * np.diff(np.array([run.adopted[::STEPS_A_YEAR] for run in runs]), axis=1)
    true = one.millions * np.diff(expected[::STEPS_A_YEAR])
    return [row(f"{one.name}: year {k + 1} (M)", bins[:, k], true[k]) for k in range(year - 1, year + 2)]


def test_the_printed_peaks_are_those_of_the_formulas() -> None:
    for one in DURABLES:
        assert math.log(one.q / one.p) / (one.p + one.q) == pytest.approx(one.peak_year, abs=0.0051)
        assert one.millions * (one.p + one.q) ** 2 / (4.0 * one.q) == pytest.approx(one.peak_rate, abs=0.00051)
        assert 0.5 * (1.0 - one.p / one.q) == pytest.approx(one.share_at_peak, abs=5.1e-5)


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
            year, rate = peak_of(curve)
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


def test_steps_of_a_year_peak_late_as_they_must() -> None:
    """VALIDATION 4.1, p = .03 and q = .38: closed 6.19 years; explicit steps of a year put their highest bin at 7."""
    late = np.diff(recursion(0.03, 0.38, 1, 30))
    fine = np.diff(recursion(0.03, 0.38, 100, 30))
    assert int(np.argmax(late)) in {6, 7}
    assert np.argmax(fine) / 100.0 == pytest.approx(6.2, abs=0.05)
    assert fine.max() * 100.0 == pytest.approx(0.1106, abs=2e-4)


def test_without_word_of_mouth_everybody_joins_at_her_own_exponential_time() -> None:
    runs = [diffused(seed, 0.1, 0.0, 20) for seed in SEEDS]
    table = [row(f"F({year})", [run.adopted[year * STEPS_A_YEAR] for run in runs], 1.0 - math.exp(-0.1 * year)) for year in (1, 5, 10, 20)]
    assert_agrees("advertising only", table)
    assert all(run.by_advertising == 1.0 for run in runs)
