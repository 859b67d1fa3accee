"""M1: how many attempts a session takes and how often a usable clip comes of it; kernels and `session_law` against exact laws."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pytest
from comparison import SEEDS, Row, assert_agrees, assert_rejected, row
from numba import njit
from numpy.typing import NDArray
from session_chain import Law, session_chain

from sim.foundation.streams import BEHAVIOUR, MAKE, draw, key_of
from sim.populations.sessions import attempt
from sim.rules import making

UIDS, DAYS = 1500, 4
Tally = NDArray[np.int64]
Case = tuple[float, float, int, int, float, float]
"""θ, a/μ, patience, quota, value, price."""


@njit(error_model="numpy")
def _live(key: NDArray[np.uint64], uids: int, days: int, steerability: float, mean: float, acceptable: float, patience: int, quota: int,
          value: float, price: float, law: Tally, others: Tally) -> None:  # fmt: skip
    for day in range(days):
        for uid in range(uids):
            session = attempt(key, uid, day, steerability, mean, acceptable, patience, quota, value, price)
            law[session.attempts] += 1
            others[0] += 1 if session.accepted else 0
            others[1] += session.controlled
            others[2] += session.bought


def lived(seed: int, case: Case, acceptable: float = 0.085) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shares of sessions with 0, 1, ... attempts, and per session: accepted, controlled, bought."""
    steerability, ratio, patience, quota, value, price = case
    law, others = np.zeros(patience + 1, dtype=np.int64), np.zeros(3, dtype=np.int64)
    _live(key_of(seed, BEHAVIOUR), UIDS, DAYS, steerability, acceptable / ratio, acceptable, patience, quota, value, price, law, others)
    return law / law.sum(), others / law.sum()


def rows_for(case: Case, expected: Law) -> list[Row]:
    """Success, attempts, their variance, controlled and bought attempts of the kernel beside an exact law.

    Success is left out where the rarer side comes up less than five times a seed: the spread between seeds then says nothing.
    """
    runs = [lived(seed, case) for seed in SEEDS]
    laws, others = np.array([law for law, _ in runs]), np.array([other for _, other in runs])
    numbers = np.arange(laws.shape[1])
    name = "θ={:g} a/μ={:g} n={} quota={} v={:g} price={:g} ".format(*case)
    rows = [
        row(name + "attempts", laws @ numbers, expected.attempts),
        row(name + "variance", laws @ (numbers - expected.attempts) ** 2, expected.variance),
        row(name + "controlled", others[:, 1], expected.controlled),
    ]
    if min(expected.accepted, 1.0 - expected.accepted) * UIDS * DAYS > 5.0:
        rows.append(row(name + "success", others[:, 0], expected.accepted))
    return rows if math.isinf(case[5]) else [*rows, row(name + "bought", others[:, 2], expected.bought)]


def free(steerability: float, ratio: float, patience: int) -> Case:
    return steerability, ratio, patience, patience, 0.0, math.inf


class WithoutControl:
    """θ = 0: every attempt succeeds with π = 1 - e^(-a/μ), whatever came before."""

    @staticmethod
    def law(ratio: float, patience: int) -> Law:
        fails = math.exp(-ratio)
        return Law(fails ** np.arange(patience), 1.0 - fails**patience, patience, 0.0)


class FullControl:
    """θ = 1: 1 + ⌈log2(y/a)⌉ attempts, so that at most k are needed with the chance 1 - e^(-2^(k-1)·a/μ)."""

    @staticmethod
    def law(ratio: float, patience: int) -> Law:
        beyond = np.exp(-ratio * 2.0 ** np.arange(patience))
        return Law(np.append(1.0, beyond[:-1]), 1.0 - float(beyond[-1]), patience, 1.0)


RATIOS = (0.02, 0.085, 0.4, 2.0)
PATIENCES = (1, 3, 12, 40)


def test_without_control_attempts_are_the_closed_form_of_independent_draws() -> None:
    for ratio, patience in itertools.product(RATIOS, PATIENCES):
        pi = 1.0 - math.exp(-ratio)
        success, attempts, variance, bought, _ = making.session_law(0.0, ratio, patience, patience, 0.0, math.inf)
        law = WithoutControl.law(ratio, patience)
        assert success == pytest.approx(1.0 - (1.0 - pi) ** patience, rel=1e-12)
        assert attempts == pytest.approx((1.0 - (1.0 - pi) ** patience) / pi, rel=1e-12)
        assert variance == pytest.approx(law.variance, rel=1e-10, abs=1e-13)
        assert bought == 0.0


def test_without_control_the_kernel_follows_the_closed_form() -> None:
    table = [
        one for ratio, n in itertools.product(RATIOS, PATIENCES) for one in rows_for(free(0.0, ratio, n), WithoutControl.law(ratio, n))
    ]
    assert_agrees("θ = 0: 1-(1-π)^n, (1-(1-π)^n)/π", table)


def test_at_full_control_session_law_is_the_law_of_one_plus_log2_of_the_miss() -> None:
    for ratio, patience in itertools.product(RATIOS, PATIENCES):
        success, attempts, variance, _, _ = making.session_law(1.0, ratio, patience, patience, 0.0, math.inf)
        law = FullControl.law(ratio, patience)
        assert success == pytest.approx(law.accepted, rel=1e-12)
        assert attempts == pytest.approx(law.attempts, rel=1e-12)
        assert variance == pytest.approx(law.variance, rel=1e-10, abs=1e-13)


def test_at_full_control_the_kernel_follows_the_law_of_one_plus_log2_of_the_miss() -> None:
    table = [one for ratio, n in itertools.product(RATIOS, PATIENCES) for one in rows_for(free(1.0, ratio, n), FullControl.law(ratio, n))]
    assert_agrees("θ = 1: 1+⌈log2(y/a)⌉, cut at n", table)


@pytest.mark.parametrize("patience", [4, 12])
def test_at_full_control_every_number_of_attempts_has_its_chance(patience: int) -> None:
    laws = np.array([lived(seed, free(1.0, 0.085, patience))[0] for seed in SEEDS])
    expected = FullControl.law(0.085, patience).at_exactly
    common = [k for k in range(1, patience + 1) if expected[k - 1] * UIDS * DAYS > 5.0]
    assert_agrees("θ = 1, by number of attempts", [row(f"n={patience}: {k} attempts", laws[:, k], expected[k - 1]) for k in common])


def test_at_full_control_each_session_takes_the_steps_its_first_miss_asks_for() -> None:
    key, acceptable, patience = key_of(3, BEHAVIOUR), 0.085, 9
    for uid in range(300):
        miss = -math.log(draw(key, uid, 2, MAKE)[1])
        needed = 1 if miss <= acceptable else 1 + math.ceil(math.log2(miss / acceptable))
        law, others = np.zeros(patience + 1, dtype=np.int64), np.zeros(3, dtype=np.int64)
        one = _of_one(key, uid, 2, acceptable, patience, law, others)
        assert one == min(needed, patience)
        assert others[0] == (needed <= patience)


@njit
def _of_one(key: NDArray[np.uint64], uid: int, day: int, acceptable: float, patience: int, law: Tally, others: Tally) -> int:
    session = attempt(key, uid, day, 1.0, 1.0, acceptable, patience, patience, 0.0, np.inf)
    others[0] = 1 if session.accepted else 0
    return session.attempts


BETWEEN = (0.05, 0.3, 0.5, 0.85, 0.99)
CREDITS: list[Case] = [
    (0.05, 0.085, 12, 6, 2.4, 0.15),
    (0.05, 0.085, 12, 6, 2.4, 0.4),
    (0.5, 0.085, 12, 3, 2.4, 0.4),
    (0.5, 0.085, 12, 0, 2.4, 0.15),
    (0.85, 0.085, 12, 2, 1.0, 0.3),
    (0.3, 0.3, 40, 1, 3.0, 1.0),
    (0.5, 0.085, 12, 0, 2.4, 0.4),
    (1.0, 0.085, 12, 4, 2.4, 1.5),
    (0.0, 0.085, 12, 3, 2.4, 0.1955),
    (0.0, 0.085, 12, 3, 2.4, 0.1957),
]


def test_session_law_is_the_absorbing_chain() -> None:
    cases = [free(*case) for case in itertools.product((0.0, *BETWEEN, 1.0), RATIOS, PATIENCES)]
    cases += [(theta, ratio, 12, quota, 0.0, math.inf) for theta, ratio, quota in itertools.product(BETWEEN, RATIOS, (0, 1, 5, 30))]
    for case in [*cases, *CREDITS]:
        chain = session_chain(*case)
        success, attempts, variance, bought, _ = making.session_law(*case)
        assert (success, attempts, bought) == pytest.approx((chain.accepted, chain.attempts, chain.bought), rel=1e-12, abs=1e-15), case
        assert variance == pytest.approx(chain.variance, rel=1e-11, abs=1e-12), case


@pytest.mark.parametrize("law", [WithoutControl, FullControl])
def test_the_chain_holds_both_ends(law: type[WithoutControl] | type[FullControl]) -> None:
    steerability = 0.0 if law is WithoutControl else 1.0
    for ratio, patience in itertools.product(RATIOS, PATIENCES):
        chain, closed = session_chain(steerability, ratio, patience, patience), law.law(ratio, patience)
        assert np.allclose(chain.going_on, closed.going_on, rtol=1e-12, atol=1e-15)
        assert chain.accepted == pytest.approx(closed.accepted, rel=1e-12)


def test_between_the_ends_the_kernel_follows_the_absorbing_chain() -> None:
    cases = [free(*case) for case in itertools.product(BETWEEN, (0.085, 0.4), (3, 12))]
    assert_agrees("0 < θ < 1: absorbing chain", [one for case in cases for one in rows_for(case, session_chain(*case))])


def test_between_the_ends_every_number_of_attempts_has_its_chance() -> None:
    case = free(0.5, 0.085, 12)
    laws, expected = np.array([lived(seed, case)[0] for seed in SEEDS]), session_chain(*case).at_exactly
    assert_agrees("θ = .5, by number of attempts", [row(f"{k} attempts", laws[:, k], expected[k - 1]) for k in range(1, 13)])


def test_a_quota_shorter_than_patience_ends_the_session() -> None:
    cases: list[Case] = [(theta, 0.085, 12, quota, 0.0, math.inf) for theta, quota in itertools.product((0.0, 0.5, 1.0), (0, 1, 6))]
    assert_agrees("quota below patience", [one for case in cases for one in rows_for(case, session_chain(*case))])


def test_credits_are_bought_while_the_next_attempt_is_worth_its_price() -> None:
    assert_agrees("credits", [one for case in CREDITS for one in rows_for(case, session_chain(*case))])


def test_at_a_price_between_two_chances_she_buys_only_when_control_has_brought_her_near() -> None:
    theta, ratio, value = 0.5, 0.085, 2.4
    chances = [making.acceptance_chance(theta, ratio, steps) for steps in range(6)]
    assert chances == sorted(chances)
    assert chances[0] == pytest.approx(1.0 - math.exp(-ratio), rel=1e-14)
    assert chances[2] == pytest.approx(0.5 * (1.0 - math.exp(-ratio)) + 0.5 * (1.0 - math.exp(-4.0 * ratio)), rel=1e-14)
    near = value * 0.5 * (chances[1] + chances[2])
    assert making.session_law(theta, ratio, 12, 1, value, near)[3] == 0.0, "after one fresh attempt nobody is near enough"
    assert making.session_law(theta, ratio, 12, 3, value, near)[3] > 0.0


def test_failing_tells_nothing_without_control_and_much_with_it() -> None:
    assert {making.acceptance_chance(0.0, 0.085, steps) for steps in range(9)} == {making.acceptance_chance(0.0, 0.085, 0)}
    assert making.acceptance_chance(1.0, 0.085, 6) > 0.99


def test_success_and_attempts_move_one_way_with_steerability_when_the_cut_is_late() -> None:
    laws = [making.session_law(theta, 0.085, 12, 12, 0.0, math.inf) for theta in np.linspace(0.0, 1.0, 41)]
    assert all(later[0] > earlier[0] for earlier, later in itertools.pairwise(laws))
    assert all(later[1] < earlier[1] for earlier, later in itertools.pairwise(laws))


@pytest.mark.parametrize(
    ("error", "wrong"),
    [
        ("an acceptable miss 3 % larger", lambda: session_chain(0.5, 1.03 * 0.085, 12, 12)),
        ("a cut one attempt later", lambda: session_chain(0.5, 0.085, 13, 13)),
        ("steerability .52 for .5", lambda: session_chain(0.52, 0.085, 12, 12)),
        ("no control on the second attempt", lambda: WithoutControl.law(0.085, 12)),
    ],
)
def test_a_planted_error_in_the_law_is_rejected(error: str, wrong: Callable[[], Law]) -> None:
    assert_rejected(error, rows_for(free(0.5, 0.085, 12), wrong()))


@njit
def _failed_control(key: NDArray[np.uint64], sessions: int, theta: float, patience: int, quota: int, value: float, price: float) -> float:
    """Mean over sessions of the share of controlled attempts, the first left out, where no clip was usable; 0 where one was."""
    total = 0.0
    for uid in range(sessions):
        session = attempt(key, uid, 5, theta, 1.0, 0.085, patience, quota, value, price)
        if not session.accepted:
            total += session.controlled / max(1, session.attempts - 1)
    return total / sessions


@pytest.mark.parametrize(
    ("theta", "patience", "quota", "value", "price"),
    [
        (0.3, 12, 12, 0.0, math.inf),
        (0.5, 12, 12, 0.0, math.inf),
        (0.85, 12, 5, 0.0, math.inf),
        (0.5, 12, 3, 1.0, 0.3),
        (0.5, 1, 1, 0.0, math.inf),
    ],
)
def test_the_control_in_failed_sessions_is_that_of_the_chain(theta: float, patience: int, quota: int, value: float, price: float) -> None:
    seen = np.array([_failed_control(key_of(seed, BEHAVIOUR), 20_000, theta, patience, quota, value, price) for seed in range(24)])
    law = making.session_law(theta, 0.085, patience, quota, value, price)
    assert abs(seen.mean() - law.failed_control) <= 4.0 * seen.std(ddof=1) / math.sqrt(seen.size)
