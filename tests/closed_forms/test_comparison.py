"""The comparison itself: it keeps its level, it finds a shift, and it does not mistake a constant for agreement."""

from __future__ import annotations

import numpy as np
import pytest
from comparison import assert_agrees, assert_rejected, disagreements, row
from numpy.typing import NDArray

from analysis.validation.comparison import LEVEL


def test_true_tables_are_rejected_as_rarely_as_stated() -> None:
    random = np.random.default_rng(1)
    tables = 1000
    rejected = sum(bool(disagreements([row("", random.normal(size=20), 0.0) for _ in range(5)])) for _ in range(tables))
    assert rejected <= LEVEL * tables + 4.0 * np.sqrt(LEVEL * tables)


def test_a_shift_of_two_standard_deviations_is_found_among_true_rows() -> None:
    random = np.random.default_rng(2)
    table = [row("true", random.normal(size=24), 0.0) for _ in range(20)]
    assert_agrees("true rows", table)
    assert_rejected("one shifted", [*table, row("shifted", random.normal(size=24) + 2.0, 0.0)])


def test_a_constant_beside_the_expectation_is_a_disagreement() -> None:
    assert_agrees("exact", [row("exact", np.full(20, 0.25), 0.25)])
    assert_rejected("beside", [row("beside", np.full(20, 0.25), 0.26)])


@pytest.mark.parametrize("values", [np.zeros(19), np.full(20, np.nan), np.zeros((20, 2))])
def test_too_few_seeds_and_values_that_are_no_numbers_are_refused(values: NDArray[np.float64]) -> None:
    with pytest.raises(ValueError, match=r"at least 20 seeds|not a number"):
        row("", values, 0.0)
