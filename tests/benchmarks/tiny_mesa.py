"""The tiny agent-day in plain Mesa: an object an agent, called by `do` or `shuffle_do`."""

from __future__ import annotations

import math
from statistics import fmean

import mesa
import numpy as np

from tests.benchmarks import tiny_law as law
from tests.benchmarks.tiny_law import Finding


class TinyAgent(mesa.Agent):
    """One agent; Mesa's `unique_id` counts from 1."""

    def __init__(self, model: TinyMesa, ease: float) -> None:
        super().__init__(model)
        self.ease = ease
        self.habit = law.FIRST_HABIT
        self.skill = 0.0
        self.sessions = self.attempts = self.clips = 0
        self.last_active = -1
        self.spent = 0.0

    def step(self) -> None:
        """One day."""
        random = self.model.random.random
        if random() < self.habit:
            self.visit(random())
        else:
            self.habit *= 1.0 - law.FORGETTING
        if random() < law.CHURN * (1.0 - self.habit):
            self.remove()

    def visit(self, of_attempts: float) -> None:
        """A day on which she comes."""
        chance = self.ease + (law.BEST_CHANCE - self.ease) * self.skill
        needed = 1 + int(math.log(1.0 - of_attempts) / math.log(1.0 - chance))
        is_usable, attempts = needed <= law.PATIENCE, min(needed, law.PATIENCE)
        self.skill += (1.0 - self.skill) * (1.0 - math.exp(-law.LEARNING * attempts))
        reward = 1.0 / (1.0 + math.exp(law.ELSEWHERE + law.EFFORT * attempts - law.VALUE * is_usable))
        self.habit += law.RATE * (reward - self.habit)
        self.sessions += 1
        self.attempts += attempts
        self.clips += is_usable
        self.last_active = self.model.day
        if attempts > law.QUOTA:
            self.spent += law.PRICE * (attempts - law.QUOTA)


class TinyMesa(mesa.Model):
    """The tiny world. activation: "do" or "shuffle_do"."""

    def __init__(self, agents: int, seed: int, activation: str = "shuffle_do") -> None:
        super().__init__(seed=seed)
        self.activation = activation
        self.day = 0
        for ease in law.ease_of(np.arange(agents)).tolist():
            TinyAgent(self, ease)

    def step(self) -> None:
        """One day."""
        getattr(self.agents, self.activation)("step")
        self.day += 1

    def finding(self) -> Finding:
        """What there is now, of those still in."""
        return Finding(len(self.agents), *(fmean(self.agents.get(name)) for name in Finding._fields[1:]))
