"""Non-contractual visits: BG/NBD at the values fitted to CDNOW (Fader, Hardie & Lee 2005), and DAU/MAU of people who differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.estimators.visits import expected_visits, fit_visits, log_likelihood, mixed_stickiness, stickiness
from analysis.validation.comparison import Comparison, Exact, exact, row
from analysis.validation.target import Section, Target

R, ALPHA, A, B = 0.2426, 4.4135, 0.7929, 2.4258
"""What was fitted to CDNOW; time in weeks, all four printed to four digits."""
ROUNDING = 5e-5
PEOPLE = 4000
_SOURCE = "Fader, Hardie & Lee 2005"
_CDNOW = Path(__file__).parent / "data" / "cdnow.csv"


class Visits(NamedTuple):
    """Repeat visits of people: how many, the time of the last, the time watched."""

    repeats: NDArray[np.int64]
    last: NDArray[np.float64]
    watched: NDArray[np.float64]


def _visited(seed: int, watched: NDArray[np.float64], dropout: float = 1.0) -> Visits:
    """People who each come at their own rate until they are gone for good. dropout: factor on a, by which visitors are lost."""
    random = np.random.default_rng(seed)
    people = watched.size
    rate = random.gamma(R, 1.0 / ALPHA, people)
    gone_after = np.clip(random.beta(dropout * A, B, people), 1e-15, 1.0 - 1e-15)
    visits_to_come = random.geometric(gone_after)
    clock, count, last = np.zeros(people), np.zeros(people, dtype=np.int64), np.zeros(people)
    here, visit = np.arange(people), 0
    while here.size:
        visit += 1
        clock[here] += random.exponential(1.0, here.size) / rate[here]
        here = here[clock[here] <= watched[here]]
        count[here], last[here] = visit, clock[here]
        here = here[visits_to_come[here] > visit]
    return Visits(count, last, watched)


def cdnow() -> Visits:
    """The 2357 customers of CDNOW."""
    count, last, watched, alike = np.loadtxt(_CDNOW, delimiter=",", skiprows=4, unpack=True)
    people = alike.astype(np.int64)
    return Visits(np.repeat(count, people).astype(np.int64), np.repeat(last, people), np.repeat(watched, people))


def check_cdnow(seeds: Sequence[int], *, watched_factor: float = 1.0) -> list[Comparison]:
    """Maximum likelihood on the public data gives the published values. watched_factor: on the time for which a customer was watched."""
    del seeds
    count, last, watched = cdnow()
    found = fit_visits(count, last, watched_factor * watched)
    printed = ("0.2426", "4.4135", "0.7929", "2.4258", "-9582.43")
    return [exact(name, value, text) for name, value, text in zip((*"rαab", "log-likelihood"), found, printed, strict=True)]


def check_recovery(seeds: Sequence[int], *, dropout: float = 1.0) -> list[Comparison]:
    """Simulated customers give the parameters back (means of logarithms, whose law is the more symmetric).

    The likelihood of the real customers is one draw among those of as many simulated ones, watched as long. From sample to sample it
    varies by .12 a customer; the expectation of the difference of two draws is compared.
    """
    watched = np.resize(cdnow().watched, PEOPLE)
    fits = np.log([fit_visits(*_visited(seed, watched, dropout))[:4] for seed in seeds])
    table: list[Comparison] = [
        row(f"ln {name}", fits[:, i], math.log(true)) for i, (name, true) in enumerate(zip("rαab", (R, ALPHA, A, B), strict=True))
    ]
    real = cdnow()
    drawn = np.array([log_likelihood(R, ALPHA, A, B, *_visited(seed, real.watched, dropout)) for seed in seeds]) / real.repeats.size
    one_draw = drawn.mean() + (drawn - drawn.mean()) * math.sqrt(drawn.size + 1.0)
    return [*table, row("log-likelihood of a customer", one_draw, log_likelihood(R, ALPHA, A, B, *real) / real.repeats.size)]


def check_expected(seeds: Sequence[int], *, dropout: float = 1.0) -> list[Comparison]:
    """E[X(t)] by the formula, as printed but for the rounding of the four parameters, and over simulated people."""
    table: list[Comparison] = []
    for weeks, text in ((39.0, 1.1950), (78.0, 1.8580)):
        formula = expected_visits(R, ALPHA, A, B, weeks)
        moved = [expected_visits(r, alpha, a, b, weeks) for r, alpha, a, b in np.array([R, ALPHA, A, B]) + ROUNDING * np.eye(4)]
        rounding = 5e-5 + float(np.abs(np.array(moved) - formula).sum())
        came = [_visited(seed, np.full(4 * PEOPLE, weeks), dropout).repeats.mean() for seed in seeds]
        table += [Exact(f"E[X({weeks:g})], formula", formula, text, rounding), row(f"E[X({weeks:g})], people", came, formula)]
    return table


def _dau_over_mau(seed: int, chance: NDArray[np.float64], days: int = 30) -> float:
    """DAU/MAU over one window of people who come on each day with their own chance."""
    active_days = np.random.default_rng([seed, 2]).binomial(days, chance)
    return float(active_days.mean() / days / (active_days > 0).mean())


def check_stickiness(seeds: Sequence[int], *, spread: float = 1.0) -> list[Comparison]:
    """DAU/MAU of people alike and of people who differ, by formula and by counting. spread: 0 gives all of a group its mean."""
    table: list[Comparison] = []
    for p, text in ((0.05, "0.0637"), (0.10, "0.1044"), (0.20, "0.2002")):
        table.append(exact(f"everybody {p:g}", stickiness(p), text))
        table.append(row(f"everybody {p:g}, counted", [_dau_over_mau(seed, np.full(PEOPLE, p)) for seed in seeds], stickiness(p)))
    for a, b, text in ((0.5, 2.0, "0.2618"), (0.2, 0.8, "0.3533")):
        table.append(exact(f"Beta({a:g}, {b:g})", mixed_stickiness(a, b), text))
        counted = []
        for seed in seeds:
            own = np.random.default_rng([seed, 3]).beta(a, b, 4 * PEOPLE)
            counted.append(_dau_over_mau(seed, spread * own + (1.0 - spread) * a / (a + b)))
        table.append(row(f"Beta({a:g}, {b:g}), counted", counted, mixed_stickiness(a, b)))
    return table


SECTION = Section(
    "visits",
    "4.3 Visits of people who may silently be gone",
    (
        Target("bgnbd_cdnow", "toy", "BG/NBD fitted to the 2357 customers of CDNOW", _SOURCE, check_cdnow),
        Target("bgnbd_recovery", "toy", "BG/NBD simulated and fitted again", _SOURCE, check_recovery),
        Target("bgnbd_expected", "toy", "expected repeat visits of a new customer", _SOURCE, check_expected),
        Target("stickiness", "toy", "DAU/MAU of people alike and of people who differ", "derived", check_stickiness),
    ),
)
