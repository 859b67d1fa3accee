"""The tiny agent-day: one law of ten fields, written once for each library that is compared (`tiny_flywheel`, `tiny_mesa`, ...).

Of an agent who is in, on a day:
1. she comes with the chance `habit`;
2. if she comes, attempts are geometric with the chance p = ease + (BEST_CHANCE - ease)·skill until one is usable, at most PATIENCE of them;
3. skill ← skill + (1 - skill)(1 - e^(-LEARNING·attempts)); the reward is Λ(VALUE·[usable] - EFFORT·attempts - ELSEWHERE);
   habit ← habit + RATE(reward - habit); attempts beyond QUOTA cost PRICE each;
4. if she does not come, habit ← (1 - FORGETTING)·habit;
5. she leaves for good with the chance CHURN·(1 - habit).

Fields: uid, ease, habit, skill, is_in, sessions, attempts, clips, last_active, spent. Three uniform numbers an agent-day: to come, of the
attempts, to leave.
"""

from __future__ import annotations

import time
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

BEST_CHANCE = 0.5
PATIENCE = 12
LEARNING = 0.02
VALUE, EFFORT, ELSEWHERE = 3.0, 0.15, 2.5
RATE, FORGETTING = 0.2, 0.05
FIRST_HABIT = 0.3
CHURN = 0.005
QUOTA, PRICE = 6, 0.4


class Finding(NamedTuple):
    """What a run ends with, of those still in: how many, and means over them."""

    still_in: int
    habit: float
    skill: float
    sessions: float
    attempts: float
    clips: float
    last_active: float
    spent: float


class TinyWorld(Protocol):
    """A world of this law in one library."""

    def step(self) -> None:
        """Live one day."""

    def finding(self) -> Finding:
        """What there is now."""


def ease_of(uid: NDArray[np.int64]) -> NDArray[np.float64]:
    """Chance of a usable first attempt without skill, from .05 to .2, spread evenly over people."""
    return 0.05 + 0.15 * (uid * 0.6180339887498949 % 1.0)


def rate(world: TinyWorld, agents: int, days: int) -> float:
    """Agent-days per CPU-second of a world begun with so many agents; its first day, in which it may be compiled, is not counted."""
    world.step()
    start = time.process_time()
    for _ in range(days):
        world.step()
    return agents * days / (time.process_time() - start)
