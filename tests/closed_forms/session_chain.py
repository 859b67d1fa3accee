"""The law of a session by another way than the engine's: matrix powers of the chain "controlled steps since the last fresh draw".

Written from M1 and M8 alone, with numpy; shares no code with `sim.rules.making`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Law:
    """going_on[k]: chance that attempt k + 1 is made, shape (patience,); accepted: chance of a usable clip."""

    going_on: NDArray[np.float64]
    accepted: float
    quota: int
    steerability: float

    @property
    def attempts(self) -> float:
        return float(self.going_on.sum())

    @property
    def variance(self) -> float:
        numbers = np.arange(1, self.going_on.size + 1)
        return float(self.at_exactly @ (numbers - self.attempts) ** 2 + self.none_at_all * self.attempts**2)

    @property
    def at_exactly(self) -> NDArray[np.float64]:
        """Chance of exactly 1, 2, ... attempts, shape (patience,)."""
        return self.going_on - np.append(self.going_on[1:], 0.0)

    @property
    def none_at_all(self) -> float:
        return 1.0 - float(self.going_on[0])

    @property
    def bought(self) -> float:
        return float(self.going_on[self.quota :].sum())

    @property
    def controlled(self) -> float:
        """Expected controlled attempts: each but the first is one with chance θ."""
        return self.steerability * float(self.going_on[1:].sum())


def session_chain(steerability: float, ratio: float, patience: int, quota: int, value: float = 0.0, price: float = math.inf) -> Law:
    """ratio = a/μ. States: before the first attempt; failed with 0, 1, ... controlled steps; accepted; given up."""
    free, paid = (_one_attempt(steerability, ratio, patience, value, cost) for cost in (0.0, price))
    start = np.zeros(patience + 3)
    start[0] = 1.0
    quota = min(quota, patience)
    going_on = np.empty(patience)
    before = start
    for number in range(1, patience + 1):
        after = start @ np.linalg.matrix_power(free, min(number, quota)) @ np.linalg.matrix_power(paid, max(0, number - quota))
        going_on[number - 1] = before[:-2].sum() - (after[-1] - before[-1])
        before = after
    return Law(going_on, float(before[-2]), quota, steerability)


def _one_attempt(steerability: float, ratio: float, patience: int, value: float, price: float) -> Matrix:
    """One attempt as a matrix over the states; where the price is not worth it she gives up instead. Price 0: all go on."""
    accepted, given_up = patience + 1, patience + 2
    step = np.zeros((patience + 3, patience + 3))
    step[accepted, accepted] = step[given_up, given_up] = 1.0
    for state in range(patience + 1):
        steps, control = max(0, state - 1), 0.0 if state == 0 else steerability
        fresh_fails = math.exp(-ratio)
        halved_fails = _still_beyond(ratio, steps)
        chance = (1.0 - control) * (1.0 - fresh_fails) + control * (1.0 - halved_fails)
        if price > 0.0 and value * chance <= price:
            step[state, given_up] = 1.0
            continue
        step[state, accepted] = chance
        step[state, 1] += (1.0 - control) * fresh_fails
        if state < patience:
            step[state, max(1, state) + 1] += control * halved_fails
        else:
            step[state, accepted] += control * halved_fails
    return step


def _still_beyond(ratio: float, steps: int) -> float:
    """P(y/2^(steps+1) > a | y/2^steps > a), from the tail of the exponential."""
    return math.exp(-ratio * (2.0 ** (steps + 1) - 2.0**steps))
