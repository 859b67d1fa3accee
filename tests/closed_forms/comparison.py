"""Asserting that what the kernels do over many seeds is what closed forms say: the comparison is that of `flywheel validate`.

Seeds are fixed, so that a table which agrees today agrees until a draw or a rule changes.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.validation.comparison import Row, disagreements, printed, row, threshold

__all__ = ["SEEDS", "Row", "assert_agrees", "assert_rejected", "disagreements", "row", "threshold"]

SEEDS = range(1, 25)
"""The runs of a comparison."""


def assert_agrees(title: str, table: Sequence[Row]) -> None:
    """Fail with the whole table unless every row agrees; the table is printed either way (`pytest -rP` shows it)."""
    text = f"{title}\n{printed(table)}"
    print(text)
    assert not disagreements(table), text


def assert_rejected(title: str, table: Sequence[Row]) -> None:
    """Fail unless the table is rejected: the negative control of a comparison."""
    assert disagreements(table), f"{title}: a planted error passes\n{printed(table)}"
