"""Splits by largest remainder against exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sim.ledger.split import LARGEST_WEIGHTS, NEGATIVE, WEIGHTS_TOO_LARGE, largest_remainder, whole_total

AMOUNTS = st.one_of(st.integers(0, 200), st.integers(0, 10**16), st.integers(2**60 - 1000, 2**60))
WEIGHTS = st.lists(st.one_of(st.integers(0, 3), st.integers(0, 1000), st.integers(0, 10**10)), min_size=1, max_size=60)


def split(amount: int, weights: list[int]) -> list[int]:
    shares = np.full(len(weights), -7, dtype=np.int64)
    total = largest_remainder(amount, np.array(weights, dtype=np.int64), shares)
    assert total == sum(weights)
    return [int(share) for share in shares]


def by_fractions(amount: int, weights: list[int]) -> list[int]:
    exact = [Fraction(amount * weight, sum(weights)) for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[: amount - sum(shares)]:
        shares[i] += 1
    return shares


@given(AMOUNTS, WEIGHTS.filter(any))
@example(10**16, [10**10 - 1, 10**10, 1, 0, 7] * 10)
@example(2**60, [LARGEST_WEIGHTS // 2 - 1, LARGEST_WEIGHTS // 2, 1])
def test_a_split_is_that_of_exact_fractions(amount: int, weights: list[int]) -> None:
    shares = split(amount, weights)
    assert shares == by_fractions(amount, weights)
    assert sum(shares) == amount
    assert all(abs(share - Fraction(amount * weight, sum(weights))) < 1 for share, weight in zip(shares, weights, strict=True))
    assert all(share == 0 for share, weight in zip(shares, weights, strict=True) if weight == 0)


@given(st.integers(0, 2**60), st.lists(st.integers(1, LARGEST_WEIGHTS // 64), min_size=2, max_size=60))
def test_a_split_over_the_largest_weights_is_exact(amount: int, weights: list[int]) -> None:
    assert split(amount, weights) == by_fractions(amount, weights)


@given(AMOUNTS, WEIGHTS.filter(any), st.randoms(use_true_random=False))
def test_another_order_of_cohorts_gives_each_the_same_but_for_ties(amount: int, weights: list[int], random: object) -> None:
    order = list(range(len(weights)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shares, permuted = split(amount, weights), split(amount, [weights[i] for i in order])
    remainders = [amount * weight % sum(weights) for weight in weights]
    for place, i in enumerate(order):
        if remainders.count(remainders[i]) == 1:
            assert permuted[place] == shares[i]
        else:
            assert abs(permuted[place] - shares[i]) <= 1


@pytest.mark.parametrize(
    ("amount", "weights", "shares"),
    [
        (10, [1, 1, 1], [4, 3, 3]),
        (11, [1, 1, 1], [4, 4, 3]),
        (100, [0, 1, 0, 2], [0, 33, 0, 67]),
        (1, [3, 5, 5], [0, 1, 0]),
        (2, [1, 2, 1, 2], [0, 1, 0, 1]),
        (7, [0, 9], [0, 7]),
        (0, [1, 2], [0, 0]),
    ],
)
def test_worked_splits(amount: int, weights: list[int], shares: list[int]) -> None:
    assert split(amount, weights) == shares


def test_weights_below_zero_and_too_large_are_refused() -> None:
    shares = np.zeros(2, dtype=np.int64)
    assert largest_remainder(5, np.array([3, -1]), shares) == NEGATIVE
    assert largest_remainder(5, np.array([LARGEST_WEIGHTS, 1]), shares) == WEIGHTS_TOO_LARGE
    assert largest_remainder(5, np.array([0, 0]), shares) == 0
    assert list(shares) == [0, 0]


@given(st.lists(st.integers(0, 10**14), max_size=60))
def test_amounts_known_for_each_cohort_are_their_own_split(amounts: list[int]) -> None:
    array = np.array(amounts, dtype=np.int64)
    assert whole_total(array) == sum(amounts)
    if sum(amounts) and sum(amounts) <= LARGEST_WEIGHTS:
        assert split(sum(amounts), amounts) == amounts
