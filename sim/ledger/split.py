"""Splitting whole micro-dollars by largest remainder, exactly."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.foundation.compiled import compiled

Whole = npt.NDArray[np.int64]

LARGEST_WEIGHTS = 2**52
"""Sum of the weights of one split: up to here a float estimate of a share is off by at most two units, which whole arithmetic mends."""
NEGATIVE, WEIGHTS_TOO_LARGE = -1, -2


@compiled
def largest_remainder(amount: int, weights: Whole, shares: Whole) -> int:
    """Write into `shares` (same length) the amount split in proportion to the weights; ties go to the lower index.

    Each share is the exact proportion rounded down or up, and the shares sum to the amount. Exact for 0 <= amount <= 2^62 and weights that
    sum to at most 2^52, all >= 0. Returns the sum of the weights (0: nothing is split), or a negative refusal.
    """
    total = 0
    for i in range(weights.size):
        weight = int(weights[i])
        if weight < 0:
            return NEGATIVE
        if weight > LARGEST_WEIGHTS - total:
            return WEIGHTS_TOO_LARGE
        total += weight
    if total == 0:
        return 0
    whole, rest = amount // total, amount % total
    remainders = np.empty(weights.size, dtype=np.int64)
    left = amount
    for i in range(weights.size):
        weight = int(weights[i])
        share = int(float(rest) * float(weight) / float(total))
        remainder = rest * weight - share * total
        while remainder < 0:
            share -= 1
            remainder += total
        while remainder >= total:
            share += 1
            remainder -= total
        shares[i] = whole * weight + share
        remainders[i] = remainder
        left -= whole * weight + share
    if left > 0:
        _give_to_largest(left, remainders, total, shares)
    return total


@compiled
def _give_to_largest(left: int, remainders: Whole, total: int, shares: Whole) -> None:
    """One unit more to each of the `left` largest remainders (all in [0, total)); fewer than their number, so a smallest winner exists."""
    below, winner = -1, total - 1
    while winner - below > 1:
        middle = (below + winner) // 2
        larger = 0
        for i in range(remainders.size):
            larger += int(remainders[i] > middle)
        if larger > left:
            below = middle
        else:
            winner = middle
    for i in range(remainders.size):
        if remainders[i] > winner:
            shares[i] += 1
            left -= 1
    for i in range(remainders.size):
        if left > 0 and remainders[i] == winner:
            shares[i] += 1
            left -= 1


@compiled
def whole_total(amounts: Whole) -> int:
    """Sum of whole amounts."""
    total = 0
    for i in range(amounts.size):
        total += amounts[i]
    return total
