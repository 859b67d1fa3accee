"""Net cash as a random walk, looked at weekly (VALIDATION 4.9a): ruin through the books, against the law of the discrete walk.

The closed form holds for a walk watched without pause. Watched weekly it passes zero less often; the barrier 0.583·σ further off
repairs that (Broadie, Glasserman & Kou 1997). The discrete law itself is computed here without chance, week by week, by quadrature.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from comparison import SEEDS, assert_agrees, assert_rejected, row
from numba import njit
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray
from scipy.stats import norm

from sim.ecosystem import Ecosystem
from sim.foundation.elementary import normal_quantile
from sim.foundation.streams import BEHAVIOUR, draw, key_of
from sim.ledger.journal import Books, BooksBroken

X0, SIGMA, WEEKS = 50.0, 10.0, 52
SHIFT = 0.583

# Drift a week; chance of ruin within 52 weeks, within 260, ever (VALIDATION 4.9a).
CONTINUOUS = [(1.0, 0.2666, 0.3597, 0.3679), (0.5, 0.3702, 0.5507, 0.6065), (2.0, 0.1210, 0.1353, 0.1353), (-1.0, 0.7247, 0.9777, 1.0)]


def ruin(x0: float, drift: float, sigma: float, weeks: float) -> float:
    """Chance that a walk watched without pause has passed zero by then."""
    scale = sigma * math.sqrt(weeks)
    mirrored = math.exp(-2.0 * drift * x0 / sigma**2)
    return float(norm.cdf((-x0 - drift * weeks) / scale) + mirrored * norm.cdf((-x0 + drift * weeks) / scale))


def weekly_ruin(x0: float, drift: float, sigma: float, weeks: int, points: int = 6) -> NDArray[np.float64]:
    """Chance that a walk watched weekly has been below zero after 1, 2, ... weeks: the density of the survivors, week by week.

    points: nodes of Gauss and Legendre on each stretch of one σ.
    """
    stretches = math.ceil((x0 + max(drift, 0.0) * weeks) / sigma + 7.0 * math.sqrt(weeks))
    nodes, weights = leggauss(points)
    x = (sigma * (np.arange(stretches)[:, None] + 0.5 * (nodes[None, :] + 1.0))).ravel()
    w = np.tile(0.5 * sigma * weights, stretches)
    step = _without_dust(norm.pdf(x[:, None] - x[None, :], drift, sigma) * w[None, :])
    density = _without_dust(norm.pdf(x - x0, drift, sigma))
    alive = []
    for _ in range(weeks):
        alive.append(float((w * density).sum()))
        density = _without_dust((step * density).sum(axis=1))
    return 1.0 - np.array(alive)


def _without_dust(density: NDArray[np.float64]) -> NDArray[np.float64]:
    """Numbers too small to matter and slow to multiply become zero."""
    return np.where(density < 1e-40, 0.0, density)


@njit
def _increments(key: NDArray[np.uint64], drift: float, sigma: float, out: NDArray[np.float64]) -> None:
    for walk in range(out.shape[0]):
        for week in range(out.shape[1]):
            out[walk, week] = drift + sigma * normal_quantile(draw(key, walk, week, 0)[0])


def increments(seed: int, walks: int, drift: float) -> NDArray[np.float64]:
    """Weekly net cash in USD, shape (walks, WEEKS)."""
    out = np.empty((walks, WEEKS))
    _increments(key_of(seed, BEHAVIOUR), drift, SIGMA, out)
    return out


def ruined_in_week(steps: NDArray[np.float64]) -> NDArray[np.int64]:
    """First week of each walk below zero, WEEKS where it survives; without books."""
    below = X0 + np.cumsum(steps, axis=1) < 0.0
    return np.where(below.any(axis=1), below.argmax(axis=1), WEEKS)


def ruined_by_the_books(weeks: NDArray[np.float64]) -> int:
    """The same for one walk, posted to books that are closed and checked every week."""
    books = Books(WEEKS, 1)
    books.open_day(-1)
    books.post("opening_cash", X0)
    books.close_day()
    for week, net in enumerate(weeks.tolist()):
        books.open_day(week)
        books.post("advertising" if net > 0.0 else "fixed", abs(net))
        insolvent = books.cash_micro("operator") < 0
        books.close_day(insolvent)
        if insolvent:
            return week
    return WEEKS


@pytest.mark.parametrize(("drift", "in_52", "in_260", "ever"), CONTINUOUS)
def test_the_printed_chances_are_those_of_the_closed_form(drift: float, in_52: float, in_260: float, ever: float) -> None:
    assert ruin(X0, drift, SIGMA, 52) == pytest.approx(in_52, abs=5.1e-5)
    assert ruin(X0, drift, SIGMA, 260) == pytest.approx(in_260, abs=5.1e-5)
    assert min(1.0, math.exp(-2.0 * drift * X0 / SIGMA**2)) == pytest.approx(ever, abs=5.1e-5)


@pytest.mark.parametrize("drift", [drift for drift, *_ in CONTINUOUS])
def test_the_shifted_barrier_is_the_law_of_weekly_checks(drift: float) -> None:
    """The shift is the first term of an expansion in one over the root of the number of checks."""
    for weeks, tolerance in ((13, 0.007), (52, 0.003), (208, 0.002)):
        discrete = weekly_ruin(X0, drift, SIGMA, weeks)[-1]
        assert ruin(X0 + SHIFT * SIGMA, drift, SIGMA, weeks) == pytest.approx(discrete, abs=tolerance)
        assert ruin(X0, drift, SIGMA, weeks) > discrete + tolerance


def test_the_standard_case_is_224_in_a_thousand_by_the_shifted_barrier_and_seven_parts_in_ten_thousand_more_exactly() -> None:
    assert ruin(X0 + SHIFT * SIGMA, 1.0, SIGMA, WEEKS) == pytest.approx(0.224, abs=5e-4)
    assert weekly_ruin(X0, 1.0, SIGMA, WEEKS)[-1] == pytest.approx(0.2247, abs=5e-5)
    assert weekly_ruin(X0, 1.0, SIGMA, WEEKS)[-1] == pytest.approx(weekly_ruin(X0, 1.0, SIGMA, WEEKS, 9)[-1], abs=1e-9)


@pytest.mark.parametrize("drift", [drift for drift, *_ in CONTINUOUS])
def test_walks_are_ruined_as_the_discrete_law_says(drift: float) -> None:
    exact = weekly_ruin(X0, drift, SIGMA, WEEKS)
    weeks = [ruined_in_week(increments(seed, 4000, drift)) for seed in SEEDS]
    assert_agrees(
        f"ruin of walks, μ = {drift:g}", [row(f"by week {k}", [(one < k).mean() for one in weeks], exact[k - 1]) for k in (13, 26, 39, 52)]
    )


@pytest.mark.slow
def test_walks_through_the_books_are_ruined_as_the_shifted_barrier_says() -> None:
    shares = []
    for seed in SEEDS:
        steps = increments(seed, 80, 1.0)
        weeks = np.array([ruined_by_the_books(walk) for walk in steps])
        assert np.array_equal(weeks, ruined_in_week(steps))
        shares.append((weeks < WEEKS).mean())
    assert_agrees(
        "ruin through the books",
        [
            row("52 weeks, discrete law", shares, weekly_ruin(X0, 1.0, SIGMA, WEEKS)[-1]),
            row("52 weeks, barrier 0.583 σ further off", shares, ruin(X0 + SHIFT * SIGMA, 1.0, SIGMA, WEEKS)),
        ],
    )


def test_the_barrier_left_where_it_was_is_rejected() -> None:
    shares = [(ruined_in_week(increments(seed, 4000, 1.0)) < WEEKS).mean() for seed in SEEDS]
    assert_rejected("unshifted barrier", [row("52 weeks", shares, ruin(X0, 1.0, SIGMA, WEEKS))])


def test_books_below_zero_close_only_on_the_day_of_insolvency() -> None:
    books = Books(2, 1)
    books.open_day(0)
    books.post("fixed", 1.0)
    with pytest.raises(BooksBroken, match="operator: closes with -1000000 micro-dollars"):
        books.close_day()
    books.close_day(insolvent=True)


def test_an_operator_on_its_own_cash_ends_on_the_first_day_that_leaves_less_than_nothing() -> None:
    own_cash = {
        "parent__budget_usd": 0.0,
        "parent__stop_loss_usd": None,
        "operator__opening_cash_usd": 3e6,
        "operator__fixed_usd_per_day": 1.5e5,
    }
    ecosystem = Ecosystem("baseline", run_seed=4, agents=1000, days=60, **own_cash).run()
    daily = ecosystem.tables()["daily"]
    cash = 3e6 + daily["operating_profit_usd"].cumsum()
    assert ecosystem.closed_cause == "insolvency"
    assert ecosystem.closed_day == int(np.argmax(cash.to_numpy() < 0.0)) > 0
    assert daily["operator_cash_usd"].to_numpy() == pytest.approx(cash.to_numpy(), abs=1e-4)
