"""The tiny agent-day in Starsim: states as arrays of a module, draws by its distributions with common random numbers (its default)."""

from __future__ import annotations

import numpy as np
import starsim as ss

from tests.benchmarks import tiny_law as law
from tests.benchmarks.tiny_law import Finding

_LONGEST_DAYS = 2_000


class TinyModule(ss.Module):
    """The law and its states."""

    def __init__(self) -> None:
        super().__init__()
        self.define_states(
            ss.FloatArr("ease"),
            ss.FloatArr("habit", default=law.FIRST_HABIT),
            ss.FloatArr("skill", default=0.0),
            ss.FloatArr("spent", default=0.0),
            ss.IntArr("sessions", default=0),
            ss.IntArr("attempts", default=0),
            ss.IntArr("clips", default=0),
            ss.IntArr("last_active", default=-1),
        )
        self.to_come, self.of_attempts, self.to_leave = ss.random(), ss.random(), ss.random()

    def init_post(self) -> None:
        """Traits, once there are people."""
        super().init_post()
        self.ease[self.sim.people.auids] = law.ease_of(np.asarray(self.sim.people.auids))

    def step(self) -> None:
        """One day."""
        here = self.sim.people.auids
        habit = self.habit[here]
        comes = self.to_come.rvs(here) < habit
        self.habit[here] = (1.0 - law.FORGETTING) * habit
        self.visit(here[comes], habit[comes])
        leaves = self.to_leave.rvs(here) < law.CHURN * (1.0 - self.habit[here])
        self.sim.people.request_death(here[leaves])

    def visit(self, come: ss.uids, habit: np.ndarray) -> None:
        """A day of those who come."""
        ease, skill = self.ease[come], self.skill[come]
        chance = ease + (law.BEST_CHANCE - ease) * skill
        needed = 1 + (np.log1p(-self.of_attempts.rvs(come)) / np.log1p(-chance)).astype(int)
        usable, attempts = needed <= law.PATIENCE, np.minimum(needed, law.PATIENCE)
        self.skill[come] = skill + (1.0 - skill) * (1.0 - np.exp(-law.LEARNING * attempts))
        reward = 1.0 / (1.0 + np.exp(law.ELSEWHERE + law.EFFORT * attempts - law.VALUE * usable))
        self.habit[come] = habit + law.RATE * (reward - habit)
        self.sessions[come] = self.sessions[come] + 1
        self.attempts[come] = self.attempts[come] + attempts
        self.clips[come] = self.clips[come] + usable
        self.last_active[come] = self.ti
        self.spent[come] = self.spent[come] + law.PRICE * np.maximum(attempts - law.QUOTA, 0)


class TinyStarsim:
    """The tiny world."""

    def __init__(self, agents: int, seed: int) -> None:
        self.sim = ss.Sim(n_agents=agents, modules=TinyModule(), dt=ss.days(1), dur=ss.days(_LONGEST_DAYS), rand_seed=seed, verbose=0)
        self.sim.init()
        (self.module,) = (module for module in self.sim.modules if isinstance(module, TinyModule))
        self.functions = iter(self.sim.loop.plan.func.tolist())

    def step(self) -> None:
        """One day, function by function of the plan: `Sim.run_one_step` would also sum up its own timings, which takes longer."""
        today = self.sim.ti
        while self.sim.ti == today:
            next(self.functions)()

    def finding(self) -> Finding:
        """What there is now, of those still in."""
        here = self.sim.people.auids
        return Finding(len(here), *(float(np.mean(getattr(self.module, name)[here])) for name in Finding._fields[1:]))
