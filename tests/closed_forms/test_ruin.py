"""Net cash as a random walk, looked at weekly (VALIDATION 4.9a): ruin through the books, against the law of the discrete walk.

The closed form holds for a walk watched without pause. Watched weekly it passes zero less often; the barrier 0.583·σ further off
repairs that (Broadie, Glasserman & Kou 1997). The discrete law itself is computed here without chance, week by week, by quadrature.
"""

from __future__ import annotations

import numpy as np
import pytest
from comparison import SEEDS, assert_agrees, assert_rejected, row
from numba import njit
from numpy.typing import NDArray

from analysis.validation.ruin import CONTINUOUS, SHIFT, SIGMA, WEEKS, X0, ruin, ruined_by_the_books, ruined_in_week, weekly_ruin
from sim.ecosystem import Ecosystem
from sim.foundation.elementary import normal_quantile
from sim.foundation.streams import BEHAVIOUR, draw, key_of
from sim.ledger.journal import Books, BooksBroken


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
