"""The state of a world on a day: tables, books, what one day leaves to the next. Arrays and plain fields only, so that it can be saved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.foundation.crew import Crew, threads_for
from sim.foundation.parameters import Value
from sim.foundation.streams import BEHAVIOUR, key_of
from sim.institutions.external_platform import NO_PLATFORM, ExternalPlatform, PlatformOffer
from sim.institutions.operator import Operator
from sim.institutions.parent import Parent
from sim.institutions.rival_tool import RivalTool
from sim.ledger.journal import Books
from sim.observation.histories import Histories
from sim.observation.recorder import CohortRecorder, Recorder
from sim.populations.arrivals import Listed, Queue, empty_list, queue_of
from sim.populations.clips import ClipShelf, freshness_by_age
from sim.populations.maker import Market
from sim.populations.people import populate
from sim.populations.sessions import COUNTED, KEPT_BY_COHORT, Clipboard
from sim.populations.visits import COHORT_DAYS, REMEMBERED, fade
from sim.rules.adoption import CHANNELS
from sim.rules.viewing import WEIGHT_FLOOR
from sim.scenario.scenario import Scenario
from sim.scenario.settings import record_of, settings_of


@dataclass(slots=True)
class Ramp:
    """A value on its way: from `start` on day `day` to `target`, `days` days later."""

    key: str
    start: float
    target: float
    day: int
    days: int


@dataclass(slots=True)
class Policy:
    """What holds today: the value of every key, the keys that still follow another, ramps under way, the day each intervention fired."""

    values: dict[str, Value]
    derived: set[str]
    days: int
    settings: Any = None
    record: NDArray[Any] = field(init=False)
    """The settings as kernels take them."""
    novelty_usd: NDArray[np.float64] = field(init=False)
    """What novelty adds to a session, by days since adoption, shape (days,); likewise to the feed, in logits."""
    novelty_logit: NDArray[np.float64] = field(init=False)
    ramps: list[Ramp] = field(default_factory=list)
    fired: dict[str, int] = field(default_factory=dict)
    is_closing: bool = False

    def __post_init__(self) -> None:
        self.adopt(self.values)

    def adopt(self, values: dict[str, Value]) -> None:
        """Let these values hold from now on."""
        self.values = values
        self.settings = s = settings_of(values)
        self.record = record_of(s)
        self.novelty_usd, self.novelty_logit = np.empty(self.days), np.empty(self.days)
        fade(s.habit_novelty_making_usd, s.habit_novelty_days, self.novelty_usd)
        fade(s.habit_novelty_watching_logit, s.habit_novelty_days, self.novelty_logit)


@dataclass(slots=True)
class Carried:
    """What one day leaves to the next. People, views, clips and attempts are those of all people, not rows."""

    views_per_clip_here: NDArray[np.float64]
    """V_h by niche, shape (niches,); with the two averages it is the ratio of, and the part of the launch's ignorance that is left."""
    views_average: NDArray[np.float64]
    clips_average: NDArray[np.float64]
    maker_advantage: NDArray[np.float64]
    """Mean (u-o)/T of recent sessions by niche, shape (niches,)."""
    installs_7d: list[float]
    unlearned: float = 1.0
    readiness: float = 0.0
    outside_views_per_person: float = 0.0
    exported_clips: float = 0.0
    admitted_share: float = 1.0
    reserved_attempts: float = 0.0
    return_hazard: float = 0.0
    attempts_total: float = 0.0
    payers_rows: int = 0
    installs_rows: int = 0
    attempts_rows: int = 0
    loss_micro: int = 0


@dataclass(slots=True)
class Today:
    """What is counted during a day; in rows unless said otherwise."""

    joined: NDArray[np.int64]
    """Adopters, creators and viewers, shape (2,)."""
    counts: NDArray[np.int64]
    """Of the makers' day, shape (COUNTED,)."""
    remembered: NDArray[np.int64]
    """Of the evening, shape (REMEMBERED,)."""
    by_cohort: NDArray[np.int64]
    """Shape (KEPT_BY_COHORT, cohorts)."""
    views_of_niche: NDArray[np.int64]
    """Whole views of all people by niche, shape (niches,)."""
    weight_of_niche: NDArray[np.int64]
    advantage: NDArray[np.int64]
    """Σ (u-o)/T in fixed point and sessions by niche, shape (2, niches)."""
    moving: NDArray[np.int32]
    """Room for the rows that arrive in the morning, and for those that lapse in the evening."""
    makers: NDArray[np.int32]
    watchers: NDArray[np.int32]
    making: int = 0
    watching: int = 0
    published: int = 0
    """Clips that were published here, rows."""
    clip_views: int = 0
    unit_cost_usd: float = 0.0
    platform: PlatformOffer = NO_PLATFORM

    def reset(self) -> None:
        """Begin a day with nothing counted."""
        for counter in (self.joined, self.counts, self.remembered, self.by_cohort, self.views_of_niche, self.advantage):
            counter[...] = 0


@dataclass(slots=True)
class Institutions:
    """Who decides."""

    operator: Operator
    parent: Parent
    platforms: list[ExternalPlatform]
    rivals: list[RivalTool]


class World:
    """One run under way. `day` is the next day to be lived; `cause` is why it was closed, "" while it is open."""

    def __init__(self, scenario: Scenario, seed: int, institutions: Institutions) -> None:
        self.scenario = scenario
        self.seed = seed
        self.key = key_of(seed, BEHAVIOUR)
        self.institutions = institutions
        self.policy = Policy(dict(scenario.values), set(scenario.derived), scenario.days)
        settings = self.policy.settings
        self.crew = Crew(threads_for(scenario.agents))
        self.day = 0
        self.cause = ""
        self.has_subscribers = False
        self.market: Market
        self.people_per_row = float(settings.people) / int(settings.agents)
        niches, agents = int(settings.niches), int(settings.agents)
        cohorts = -(-scenario.days // COHORT_DAYS)
        self.people, self.creators, self.mean_clip_worth = populate(settings, seed)
        makers = int(self.creators.x_make.size)
        self.queue: Queue = queue_of(self.people, makers, niches)
        self.roster: Listed = empty_list(agents)
        self.lapsed: Listed = empty_list(agents)
        self.shelf = ClipShelf(niches)
        self.freshness = freshness_by_age(settings.watching_freshness_decay_per_day, WEIGHT_FLOOR)
        self.clipboard = Clipboard(np.zeros(makers, "i4"), np.zeros(makers, "i2"), np.zeros(makers, "f4"))
        self.books = Books(scenario.days, cohorts)
        self.recorder = Recorder(scenario.days)
        self.cohorts = CohortRecorder(scenario.days, COHORT_DAYS, CHANNELS)
        self.histories: Histories | None = None
        self.no_reputation = np.ones(niches + 1)
        self.carried = Carried(np.zeros(niches), np.zeros(niches), np.zeros(niches), np.zeros(niches), [])
        self.today = Today(
            joined=np.zeros(2, dtype=np.int64),
            counts=np.zeros(COUNTED, dtype=np.int64),
            remembered=np.zeros(REMEMBERED, dtype=np.int64),
            by_cohort=np.zeros((KEPT_BY_COHORT, cohorts), dtype=np.int64),
            views_of_niche=np.zeros(niches, dtype=np.int64),
            weight_of_niche=np.zeros(niches, dtype=np.int64),
            advantage=np.zeros((2, niches), dtype=np.int64),
            moving=np.zeros(agents, dtype=np.int32),
            makers=np.zeros(agents, dtype=np.int32),
            watchers=np.zeros(agents, dtype=np.int32),
        )
        self._open_books()

    def _open_books(self) -> None:
        self.books.open_day(-1)
        self.books.post("parent_endowment", self.policy.settings.parent_budget_usd)
        self.books.post("opening_cash", self.policy.settings.operator_opening_cash_usd)
        self.books.close_day()
