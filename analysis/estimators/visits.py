"""Visits of people who may silently be gone: BG/NBD (Fader, Hardie & Lee 2005, Marketing Science 24(2) 275-284), and stickiness.

While she is there a person comes at her own rate λ ~ Gamma(r, rate α); after each visit she is gone with her own chance p ~ Beta(a, b).
Data of a person: x visits after the first, the last of them at time t_x (0 without any), watched until T.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize
from scipy.special import betaln, gammaln, hyp2f1

Numbers = NDArray[np.float64]


class BgNbd(NamedTuple):
    """A fitted law of visits. log_likelihood: of the people it was fitted to."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float


def log_likelihood(r: float, alpha: float, a: float, b: float, visits: ArrayLike, last: ArrayLike, watched: ArrayLike) -> float:
    """Log-likelihood of people with so many repeat visits, the last at `last`, watched until `watched`; arrays of one shape."""
    x, recency, until = np.asarray(visits, dtype=np.int64), np.asarray(last, dtype=np.float64), np.asarray(watched, dtype=np.float64)
    k = np.arange(x.max() + 1)
    shared = gammaln(r + k) - gammaln(r) + r * np.log(alpha)
    there = shared + betaln(a, b + k) - betaln(a, b)
    gone = shared + betaln(a + 1.0, b + np.maximum(k, 1) - 1.0) - betaln(a, b)
    still_there = there[x] - (r + x) * np.log(alpha + until)
    came = x > 0
    left = gone[x[came]] - (r + x[came]) * np.log(alpha + recency[came])
    return float(still_there[~came].sum() + np.logaddexp(still_there[came], left).sum())


def fit_visits(visits: ArrayLike, last: ArrayLike, watched: ArrayLike) -> BgNbd:
    """Maximum likelihood. Raises ValueError for arrays of unlike shape, visits after the end, or nobody who came again."""
    x, recency, until = np.asarray(visits, dtype=np.int64), np.asarray(last, dtype=np.float64), np.asarray(watched, dtype=np.float64)
    if not x.shape == recency.shape == until.shape or (recency > until).any() or not (x > 0).any():
        raise ValueError("visits need three arrays of one shape, the last visit not after the end, and somebody who came again")

    def loss(logs: Numbers) -> float:
        r, alpha, a, b = np.exp(np.clip(logs, -15.0, 15.0)).tolist()
        found = log_likelihood(r, alpha, a, b, x, recency, until)
        return -found / x.size if np.isfinite(found) else 1e9

    result = minimize(loss, np.zeros(4), method="L-BFGS-B", options={"ftol": 1e-12, "gtol": 1e-6})
    r, alpha, a, b = np.exp(result.x).tolist()
    return BgNbd(r, alpha, a, b, -float(result.fun) * x.size)


def expected_visits(r: float, alpha: float, a: float, b: float, until: float) -> float:
    """E[X(t)], repeat visits of a new person in so much time."""
    spread = hyp2f1(r, b, a + b - 1.0, until / (alpha + until))
    return float((a + b - 1.0) / (a - 1.0) * (1.0 - (alpha / (alpha + until)) ** r * spread))


def stickiness(daily_chance: float, days: int = 30) -> float:
    """DAU/MAU of people who each come on a day with this chance: p/(1 - (1-p)^days)."""
    return daily_chance / (1.0 - (1.0 - daily_chance) ** days)


def mixed_stickiness(a: float, b: float, days: int = 30) -> float:
    """DAU/MAU of people whose daily chance is Beta(a, b): E[p]/(1 - B(a, b+days)/B(a, b))."""
    return float(a / (a + b) / -np.expm1(betaln(a, b + days) - betaln(a, b)))
