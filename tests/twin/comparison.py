"""Engine and twin side by side, day by day: all states of agents and clips, the daily row, the books; the first difference is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.ecosystem import Ecosystem
from sim.observation.metrics import DAILY_NAMES
from sim.scenario import Scenario
from tests.twin.arithmetic import EXACT
from tests.twin.creator import Creator
from tests.twin.draws import KeyedDraws
from tests.twin.model import TwinEcosystem
from tests.twin.person import Person

STATES_OF_ARRIVAL = ("niche", "threshold", "outside_attention", "adopted_day", "channel")
STATES_OF_EVENING = ("watch_reward", "x_watch", "activity", "last_active", "return_at", "drawn")
STATES_OF_CREATORS = (
    "talent",
    "acceptable_miss",
    "value",
    "making_outside",
    "income_motive",
    "willing",
    "entitled",
    "subscribed",
    "session_price",
    "attempts",
    "credit_attempts",
    "paid_ever",
    "skill",
    "make_reward",
    "pay_micro",
    "outside_pay_micro",
    "views",
    "x_make",
)
"""Columns of the engine (`sim/populations/people.py`) and attributes of the twin's agents, in the order in which a day moves them."""

STATES_OF_CLIPS = ("niche", "day", "worth", "weight", "views_today", "views")
CARRIED = (
    "views_average",
    "clips_average",
    "unlearned",
    "views_per_clip_here",
    "maker_advantage",
    "return_hazard",
    "installs_7d",
    "readiness",
    "outside_views_per_person",
    "exported_clips",
    "attempts_total",
    "loss_micro",
)


@dataclass(frozen=True)
class Difference:
    """Where engine and twin part: the day, whose state (a uid, a clip's place, or "all"), its name, and both values."""

    day: int
    who: str
    state: str
    engine: Any
    twin: Any

    def __str__(self) -> str:
        return f"day {self.day}, {self.who}, {self.state}: engine {self.engine!r}, twin {self.twin!r}"


class Pair:
    """A world and its twin with the same draws."""

    def __init__(self, scenario: Scenario, run_seed: int = 1) -> None:
        self.engine = Ecosystem(scenario, run_seed=run_seed)
        self.twin = TwinEcosystem(scenario, run_seed, draws=KeyedDraws(run_seed), rules=EXACT)
        by_uid = {person.uid: person for person in self.twin.agents}
        self.people: list[Person] = [by_uid[uid] for uid in self.engine.world.people.uid.tolist()]
        self.creators: list[Creator] = [person for person in self.people if isinstance(person, Creator)]

    def first_difference(self) -> Difference | None:
        """Live both worlds until they differ or end; the first difference, in the order of a day."""
        while self.engine.running and self.twin.running:
            self.step()
            for difference in self._differences():
                return difference
        return None

    def step(self) -> None:
        """Live a day in both."""
        self.engine.step()
        self.twin.step()

    def _differences(self) -> Iterator[Difference]:
        """All that differs at the close of the day just lived."""
        world, twin, day = self.engine.world, self.twin, self.twin.day - 1
        yield from _of_agents(day, world.people, self.people, STATES_OF_ARRIVAL)
        yield from _of_agents(day, world.creators, self.creators, STATES_OF_CREATORS)
        yield from _of_clips(day, world, twin)
        yield from _of_agents(day, world.people, self.people, STATES_OF_EVENING)
        for name in DAILY_NAMES:
            yield from _single(day, name, world.recorder.last(name), twin.diary[-1][name])
        for state in CARRIED:
            yield from _single(day, state, getattr(world.carried, state), getattr(twin, state))
        for kind, micro in twin.purse.since_launch.items():
            yield from _single(day, f"{kind}, micro-USD since launch", world.books.since_launch_micro(kind), micro)
        yield from _single(day, "operator's cash, micro-USD", world.books.cash_micro("operator"), twin.purse.operator)
        yield from _single(day, "parent's budget, micro-USD", world.books.cash_micro("parent"), twin.purse.parent)
        yield from _single(day, "reserved for tomorrow", world.carried.reserved_attempts, twin.operator.reserved)
        yield from _single(day, "admitted tomorrow", world.carried.admitted_share, twin.operator.admitted_share)
        yield from _single(day, "cause of closing", self.engine.closed_cause, twin.cause)


def _of_agents(day: int, table: Any, agents: list[Any], states: tuple[str, ...]) -> Iterator[Difference]:
    for state in states:
        column = getattr(table, state)
        yield from _of_column(day, state, column, [getattr(agent, state) for agent in agents], lambda row: f"agent {agents[row].uid}")


def _of_clips(day: int, world: Any, twin: TwinEcosystem) -> Iterator[Difference]:
    fresh, clips = world.shelf.fresh(), twin.feed.clips
    if fresh.day.size != len(clips):
        yield Difference(day, "all", "fresh clips", fresh.day.size, len(clips))
        return
    yield from _of_column(day, "maker of the clip", world.people.uid[fresh.maker], [clip.maker.uid for clip in clips], "clip {}".format)
    for state in STATES_OF_CLIPS:
        yield from _of_column(
            day, f"{state} of the clip", getattr(fresh, state), [getattr(clip, state) for clip in clips], "clip {}".format
        )


def _of_column(day: int, state: str, engine: np.ndarray[Any, Any], twin: list[Any], who: Callable[[int], str]) -> Iterator[Difference]:
    """Rows in which a column of the engine is not exactly what the twin's objects hold."""
    for row in np.flatnonzero(engine != np.array(twin)).tolist():
        yield Difference(day, who(row), state, engine[row].item(), twin[row])


def _single(day: int, state: str, engine: Any, twin: Any) -> Iterator[Difference]:
    """A number, or a list of them by niche."""
    engine = engine.tolist() if isinstance(engine, np.ndarray) else engine
    if engine != twin:
        yield Difference(day, "all", state, engine, twin)
