"""Retention of people who differ and do not change: shifted beta-geometric and beta-discrete-Weibull.

    S(t) = B(α, β + t^c) / B(α, β)

Each has her own chance θ ~ Beta(α, β) of not renewing; c = 1 is the sBG (Fader & Hardie 2007, J. Interactive Marketing 21(1) 76-90), c ≠ 1
lets a person's own chance fall (c < 1) or rise with her age (Fader, Hardie, Liu, Davin & Steenburgh 2018, J. Interactive Marketing 43,
1-16). Retention rises with age although nobody changes: those who leave early are gone.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import betaln, hyp2f1

Numbers = NDArray[np.float64]


class Retention(NamedTuple):
    """A fitted curve. log_likelihood: of the counts it was fitted to."""

    alpha: float
    beta: float
    exponent: float
    log_likelihood: float


def survival(alpha: float, beta: float, periods: ArrayLike, exponent: float = 1.0) -> Numbers:
    """S(t), the share of a cohort left after so many periods."""
    age = np.power(np.asarray(periods, dtype=np.float64), exponent)
    return np.asarray(np.exp(betaln(alpha, beta + age) - betaln(alpha, beta)))


def log_likelihood(alpha: float, beta: float, left: ArrayLike, exponent: float = 1.0) -> float:
    """Log-likelihood of a cohort of which `left[t]` people are left after t = 0, 1, ... periods."""
    people = np.asarray(left, dtype=np.float64)
    alive = survival(alpha, beta, np.arange(people.size), exponent)
    return float(-np.diff(people) @ np.log(-np.diff(alive)) + people[-1] * np.log(alive[-1]))


def fit_retention(left: ArrayLike, exponent: float | None = 1.0) -> Retention:
    """Maximum likelihood from the people left after t = 0, 1, ... periods. exponent: c; None fits it too.

    Raises ValueError for counts that rise or do not fall at all: there is nothing to fit.
    """
    people = np.asarray(left, dtype=np.float64)
    if people.ndim != 1 or people.size < 3 or (np.diff(people) > 0.0).any() or people[-1] == people[0] or people[-1] < 0.0:
        raise ValueError("retention needs the people left in three periods or more, never rising and not all equal")

    def loss(logs: Numbers) -> float:
        values = np.exp(np.clip(logs, -20.0, 20.0))
        found = log_likelihood(values[0], values[1], people, values[2] if exponent is None else exponent)
        return -found / people[0] if np.isfinite(found) else 1e9

    start = np.zeros(3 if exponent is None else 2)
    result = minimize(loss, start, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-14, "maxiter": 4000})
    alpha, beta, *rest = np.exp(result.x).tolist()
    return Retention(alpha, beta, rest[0] if rest else float(exponent or 1.0), -float(result.fun) * float(people[0]))


def retention_rates(alpha: float, beta: float, periods: int) -> Numbers:
    """r_1, r_2, ...: the share of those left after t - 1 periods who are left after t (sBG)."""
    t = np.arange(1, periods + 1)
    return (beta + t - 1.0) / (alpha + beta + t - 1.0)


def discounted_lifetime(alpha: float, beta: float, discount: float) -> float:
    """Expected payments of a new customer, the first at once, discounted by so much a period (sBG): ₂F₁(1, β; α+β; 1/(1+d))."""
    return float(hyp2f1(1.0, beta, alpha + beta, 1.0 / (1.0 + discount)))


def discounted_residual_lifetime(alpha: float, beta: float, discount: float, renewal: int) -> float:
    """The same for somebody just before her n-th renewal: her chance of renewing it is r_n, and what follows is discounted from there."""
    kept = beta + renewal - 1.0
    return kept / (alpha + kept) * float(hyp2f1(1.0, kept + 1.0, alpha + kept + 1.0, 1.0 / (1.0 + discount)))
