"""The tiny agent-day in mesa-frames: a polars data frame of 32-bit columns, moved by expressions."""

from __future__ import annotations

import numpy as np
import polars as pl
from mesa_frames import AgentSetPolars, ModelDF

from tests.benchmarks import tiny_law as law
from tests.benchmarks.tiny_law import Finding

_COME, _USABLE, _ATTEMPTS, _REWARD = (pl.col(name) for name in ("come", "usable", "made", "reward"))


class TinyAgents(AgentSetPolars):
    """All agents of the tiny world."""

    def __init__(self, model: TinyMesaFrames, agents: int) -> None:
        super().__init__(model)
        uid = np.arange(agents)
        singles = {"ease": law.ease_of(uid), "habit": np.full(agents, law.FIRST_HABIT), "skill": 0.0 * uid, "spent": 0.0 * uid}
        wholes = {"sessions": 0 * uid, "attempts": 0 * uid, "clips": 0 * uid, "last_active": 0 * uid - 1}
        columns = {name: column.astype(np.float32) for name, column in singles.items()}
        self.add(pl.DataFrame({"unique_id": uid} | columns | {name: column.astype(np.int32) for name, column in wholes.items()}))

    def step(self) -> None:
        """One day."""
        random, there = self.model.random, len(self)
        to_come, of_attempts, to_leave = (pl.Series(random.random(there, dtype=np.float32)) for _ in range(3))
        chance = pl.col("ease") + (law.BEST_CHANCE - pl.col("ease")) * pl.col("skill")
        needed = 1 + ((1.0 - of_attempts).log() / (1.0 - chance).log()).cast(pl.Int32)
        reward = 1.0 / (1.0 + (law.ELSEWHERE + law.EFFORT * _ATTEMPTS - law.VALUE * _USABLE).exp())
        visited = pl.col("habit") + law.RATE * (reward - pl.col("habit"))
        self.agents = (
            self.agents.lazy()
            .with_columns(come=to_come < pl.col("habit"), needed=needed)
            .with_columns(usable=_COME & (pl.col("needed") <= law.PATIENCE), made=pl.col("needed").clip(upper_bound=law.PATIENCE) * _COME)
            .with_columns(
                skill=pl.col("skill") + (1.0 - pl.col("skill")) * (1.0 - (-law.LEARNING * _ATTEMPTS).exp()),
                habit=pl.when(_COME).then(visited).otherwise((1.0 - law.FORGETTING) * pl.col("habit")),
                sessions=pl.col("sessions") + _COME,
                attempts=pl.col("attempts") + _ATTEMPTS,
                clips=pl.col("clips") + _USABLE,
                last_active=pl.when(_COME).then(pl.lit(self.model.day, dtype=pl.Int32)).otherwise(pl.col("last_active")),
                spent=pl.col("spent") + law.PRICE * (_ATTEMPTS - law.QUOTA).clip(lower_bound=0),
            )
            .filter(to_leave >= law.CHURN * (1.0 - pl.col("habit")))
            .drop("come", "needed", "usable", "made")
            .collect()
        )


class TinyMesaFrames(ModelDF):
    """The tiny world."""

    def __init__(self, agents: int, seed: int) -> None:
        super().__init__(seed=seed)
        self.day = 0
        self.agents += TinyAgents(self, agents)

    def step(self) -> None:
        """One day."""
        self.agents.step()
        self.day += 1

    def finding(self) -> Finding:
        """What there is now, of those still in."""
        there = self.get_agents_of_type(TinyAgents).agents
        return Finding(len(there), *(float(there[name].mean()) for name in Finding._fields[1:]))
