"""The world as a Mesa model: `Ecosystem` builds it, walks its days, and hands out its tables."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import mesa
import numpy as np
import pandas as pd

from sim import day
from sim.institutions.external_platform import ExternalPlatform
from sim.institutions.operator import Operator
from sim.institutions.parent import Parent
from sim.institutions.rival_tool import RivalTool
from sim.ledger.statements import ledger_table
from sim.observation.concentration import gini, top_share
from sim.observation.histories import Histories
from sim.observation.metrics import DAILY_NAMES
from sim.scenario import load_scenario
from sim.scenario.scenario import Scenario
from sim.world import Institutions, World


class Ecosystem(mesa.Model):  # type: ignore[misc]
    """An AI product ecosystem under a scenario, from launch to shutdown or horizon.

    scenario: a Scenario, the name of a shipped one, or a path. run_seed: whole, 0 to 2^32 - 1; all draws are keyed by it. rng, seed:
    taken for
    Mesa's sake (its own generators use them; the world does not). overrides: parameter values, dots written as two underscores
    (`dials__steerability=0.5`) or bare names where unique. Raises sim.foundation.errors.InputError for a bad scenario or override.
    """

    def __init__(
        self, scenario: Scenario | str | Path = "baseline", run_seed: int = 1, rng: Any = None, seed: Any = None, **overrides: Any
    ) -> None:
        self.running: bool
        super().__init__(**({"seed": seed} if seed is not None else {"rng": run_seed if rng is None else rng}))
        if overrides or not isinstance(scenario, Scenario):
            if isinstance(scenario, Scenario):
                raise TypeError("overrides need the scenario's name or path: a resolved Scenario is finished")
            scenario = load_scenario(scenario, {key.replace("__", "."): value for key, value in overrides.items()})
        self._collector: mesa.DataCollector | None = None
        self._own_collector: mesa.DataCollector | None = None
        self.plan = scenario
        self.run_seed = run_seed
        institutions = Institutions(
            operator=Operator(self),
            parent=Parent(self),
            platforms=[ExternalPlatform(self, name) for name in scenario.names_in("external_platforms")],
            rivals=[RivalTool(self, name) for name in scenario.names_in("rival_tools")],
        )
        self.world = World(scenario, run_seed, institutions)

    def step(self) -> None:
        """Live one day; nothing once the run is over (Mesa 3.3 asks for one step too many)."""
        if not self.running:
            return
        day.live(self.world)
        self.running = not self.world.cause and self.world.day < self.plan.days

    def run(self) -> Ecosystem:
        """Live until the end; returns itself."""
        while self.running:
            self.step()
        return self

    def follow(self, uids: Iterable[int]) -> Ecosystem:
        """Keep the evenings of these people from now on: `tables()["histories"]`. Returns itself. Raises ValueError for an unknown uid."""
        self.world.histories = Histories(self.world.people, self.world.creators, uids)
        return self

    def metric(self, name: str) -> float:
        """A daily metric at the last close, for reporters; NaN before the first."""
        return self.world.recorder.last(name) if self.world.recorder.days_closed else float("nan")

    @property
    def datacollector(self) -> mesa.DataCollector:
        """What `mesa.batch_run` asks a model for: the daily table so far, one model reporter a metric, unless a subclass sets its own."""
        if self._own_collector is not None:
            return self._own_collector
        recorder = self.world.recorder
        if self._collector is None or len(self._collector.model_vars["dau"]) != recorder.days_closed:
            self._collector = mesa.DataCollector(model_reporters={name: partial(Ecosystem.metric, name=name) for name in DAILY_NAMES})
            self._collector.model_vars = {name: recorder.of(name, recorder.days_closed).tolist() for name in DAILY_NAMES}
            self._collector._collection_steps = list(range(1, recorder.days_closed + 1))
        return self._collector

    @datacollector.setter
    def datacollector(self, collector: mesa.DataCollector) -> None:
        self._own_collector = collector

    @property
    def closed_cause(self) -> str:
        """Why the product was closed: stop_loss, opportunity_cost, insolvency, scenario; "" while it is open."""
        return self.world.cause

    @property
    def closed_day(self) -> int | None:
        """The last day of a closed product; None while it is open."""
        return self.world.day - 1 if self.world.cause else None

    def tables(self) -> dict[str, pd.DataFrame]:
        """The daily table, cohort counts and ledger so far, and the histories of those who are followed, if any."""
        world = self.world
        followed = {} if world.histories is None else {"histories": world.histories.table()}
        return followed | {
            "daily": world.recorder.table(),
            "cohorts": world.cohorts.table(world.recorder.days_closed, world.people_per_row),
            "ledger": ledger_table(world.books),
        }

    def finals(self) -> dict[str, float]:
        """Figures of the whole run that need the populations: concentration over creators who made at least one attempt, and over clips."""
        creators, people = self.world.creators, self.world.people
        made = creators.attempts > 0
        income = (creators.pay_micro + creators.outside_pay_micro)[made]
        views = creators.views[made]
        joined = int((people.adopted_day >= 0).sum())
        return {
            "creator_income_gini": gini(income),
            "creator_income_top1_share": top_share(income, 0.01),
            "creator_views_gini": gini(views),
            "creator_views_top1_share": top_share(views, 0.01),
            "payers_share": float(creators.paid_ever.sum()) / joined if joined else float("nan"),
        }

    def digest(self) -> str:
        """SHA-256 over the bytes of all state by uid, the daily rows and the ledger: equal worlds have equal digests."""
        world = self.world
        ledger, clips, uid = world.books.lines(), world.shelf.fresh(), world.people.uid
        by_uid = uid.argsort()
        makers = by_uid[: world.creators.x_make.size]
        arrays: list[Any] = [column[by_uid] for column in world.people] + [column[makers] for column in world.creators]
        arrays += clips._replace(maker=uid[clips.maker])
        arrays += [world.recorder.rows[: world.recorder.days_closed], *(ledger[name] for name in sorted(ledger))]
        total = hashlib.sha256()
        for array in arrays:
            total.update(np.ascontiguousarray(array).tobytes())
        return total.hexdigest()
