"""Contractual retention: the shifted beta-geometric on the two series of Fader & Hardie (2007), and a cohort that lives by it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.estimators.retention import (
    discounted_lifetime,
    discounted_residual_lifetime,
    fit_retention,
    retention_rates,
    survival,
)
from analysis.validation.comparison import Comparison, above, exact, row
from analysis.validation.target import Section, Target

FITTED_YEARS, PEOPLE = 8, 100_000
"""Years 0 to 7 are fitted, the others forecast. PEOPLE: customers of a simulated cohort."""
DISCOUNT = 0.1
_SOURCE = "Fader & Hardie 2007"


class Segment(NamedTuple):
    """A series with what is printed about it. observed, fitted: % left after 0, 1, ... 12 years; residual: before renewal 1 to 5."""

    name: str
    alpha: str
    beta: str
    observed: tuple[float, ...]
    fitted: tuple[str, ...]
    log_likelihood: str
    mean_churn: str
    rates: tuple[str, ...]
    lifetime: str
    residual: tuple[str, ...]


SEGMENTS = (
    Segment(
        "high end",
        "0.668",
        "3.806",
        (100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1, 46.8, 44.5, 42.7, 40.9, 39.4),
        ("100", "85.1", "74.7", "67.0", "61.0", "56.2", "52.2", "48.9", "46.0", "43.6", "41.4", "39.5", "37.8"),
        "-1611.2",
        "0.149",
        ("0.851", "0.878", "0.897", "0.911"),
        "5.923",
        ("5.415", "5.902", "6.294", "6.620", "6.897"),
    ),
    Segment(
        "regular",
        "0.704",
        "1.182",
        (100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1, 22.3, 20.7, 19.4, 18.3, 17.3),
        ("100", "62.7", "47.4", "38.8", "33.2", "29.2", "26.2", "23.9", "22.0", "20.4", "19.1", "18.0", "17.0"),
        "-1680.3",
        "0.373",
        ("0.627", "0.756", "0.819", "0.856"),
        "3.695",
        ("2.965", "4.103", "4.870", "5.442", "5.894"),
    ),
)


def check_fit(seeds: Sequence[int], *, exponent: float = 1.0) -> list[Comparison]:
    """Maximum likelihood on years 0 to 7. exponent: c of the beta-discrete-Weibull; 1 is the sBG that was fitted."""
    del seeds
    table: list[Comparison] = []
    for one in SEGMENTS:
        found = fit_retention(10.0 * np.array(one.observed[:FITTED_YEARS]), exponent)
        table += [
            exact(f"{one.name}: α", found.alpha, one.alpha),
            exact(f"{one.name}: β", found.beta, one.beta),
            exact(f"{one.name}: log-likelihood of 1000", found.log_likelihood, one.log_likelihood),
        ]
        share = 100.0 * survival(found.alpha, found.beta, np.arange(13), found.exponent)
        table += [exact(f"{one.name}: % left after {year} years", share[year], text) for year, text in enumerate(one.fitted)]
    return table


def check_values(seeds: Sequence[int], *, discount: float = DISCOUNT) -> list[Comparison]:
    """Churn, retention rates and discounted lifetimes at the printed α and β."""
    del seeds
    table: list[Comparison] = []
    for one in SEGMENTS:
        alpha, beta = float(one.alpha), float(one.beta)
        table += [
            exact(f"{one.name}: mean churn", alpha / (alpha + beta), one.mean_churn),
            exact(f"{one.name}: lifetime, discounted", discounted_lifetime(alpha, beta, discount), one.lifetime),
        ]
        rates = retention_rates(alpha, beta, len(one.rates))
        table += [exact(f"{one.name}: r_{n}", rates[n - 1], text) for n, text in enumerate(one.rates, start=1)]
        table += [
            exact(f"{one.name}: residual before renewal {n}", discounted_residual_lifetime(alpha, beta, discount, n), text)
            for n, text in enumerate(one.residual, start=1)
        ]
    return table


def _left(seed: int, alpha: float, beta: float, spread: float = 1.0, years: int = 12) -> NDArray[np.int64]:
    """Customers left after 0, 1, ... years; each has her own chance of leaving.

    spread: 1 draws it from Beta(α, β); 0 gives everybody its mean.
    """
    random = np.random.default_rng(seed)
    own = random.beta(alpha, beta, PEOPLE)
    leaving = spread * own + (1.0 - spread) * alpha / (alpha + beta)
    lived = np.ceil(np.log(random.random(PEOPLE)) / np.log1p(-leaving))
    return np.array([(lived > year).sum() for year in range(years + 1)])


def check_cohort(seeds: Sequence[int], *, alpha_factor: float = 1.0) -> list[Comparison]:
    """A cohort whose customers differ follows S(t), and the fit finds α and β again."""
    table: list[Comparison] = []
    for one in SEGMENTS:
        alpha, beta = float(one.alpha), float(one.beta)
        cohorts = np.array([_left(seed, alpha_factor * alpha, beta) for seed in seeds])
        true = survival(alpha, beta, np.arange(13))
        table += [row(f"{one.name}: left after {year} years", cohorts[:, year] / PEOPLE, true[year]) for year in (1, 2, 4, 7, 12)]
        fits = [fit_retention(left) for left in cohorts]
        table += [
            row(f"{one.name}: α fitted again", [fit.alpha for fit in fits], alpha),
            row(f"{one.name}: β fitted again", [fit.beta for fit in fits], beta),
        ]
    return table


def check_pooled_churn(seeds: Sequence[int], *, spread: float = 1.0) -> list[Comparison]:
    """What one churn for all says a customer is worth lies below what the cohort is worth. spread: as in `_left`."""
    table: list[Comparison] = []
    for one in SEGMENTS:
        missing = []
        for seed in seeds:
            left = _left(seed, float(one.alpha), float(one.beta), spread, years=60)
            paid = float(left @ (1.0 + DISCOUNT) ** -np.arange(left.size)) / PEOPLE
            churn = (left[0] - left[FITTED_YEARS]) / left[:FITTED_YEARS].sum()
            kept = ((1.0 - churn) / (1.0 + DISCOUNT)) ** np.arange(left.size)
            missing.append(paid - float(kept.sum()))
        table.append(above(f"{one.name}: lifetime missed by pooled churn", missing))
    return table


def check_family(seeds: Sequence[int], *, alpha_factor: float = 1.0) -> list[Comparison]:
    """The tail falls as t^-α, so that "power-law retention" is the same family."""
    del seeds
    table: list[Comparison] = []
    for one in SEGMENTS:
        alpha, beta = float(one.alpha), float(one.beta)
        far = survival(alpha_factor * alpha, beta, [1e6, 1e7])
        table.append(exact(f"{one.name}: slope of ln S far out", -float(np.diff(np.log(far))[0]) / np.log(10.0), one.alpha))
    return table


SECTION = Section(
    "retention",
    "4.2 Retention of customers who differ",
    (
        Target("sbg_fit", "toy", "sBG fitted to years 0–7, forecast to 12", _SOURCE, check_fit),
        Target("sbg_values", "toy", "churn, retention rates, discounted lifetimes", _SOURCE, check_values),
        Target("sbg_cohort", "toy", "100 000 customers with Beta chances follow S(t)", _SOURCE, check_cohort),
        Target("pooled_churn", "toy", "one churn for all undervalues a customer", "Fader & Hardie 2010", check_pooled_churn),
        Target("sbg_tail", "toy", "the tail falls as t^-α", "derived", check_family),
    ),
)
