"""Somebody of the market: joins, comes, watches, remembers, goes, comes back (M0, M4, M6)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import mesa

from tests.twin.arithmetic import SHARE_SCALE, whole

if TYPE_CHECKING:
    from tests.twin.model import TwinEcosystem

LAPSE_DAYS = 28
_DAYS_28, _DAYS_7 = (1 << 28) - 1, (1 << 7) - 1


class Person(mesa.Agent):
    """One row of the market: everybody watches.

    uid keys her draws. threshold: cumulated hazard at which she joins; outside_attention: o_watch, logit. activity: a bit for each of the
    last 28 days on which she was active, today the lowest. return_at: cumulated hazard of return at which she comes back once lapsed.
    drawn: whether she is in and not dormant.
    """

    model: TwinEcosystem

    def __init__(self, model: TwinEcosystem, uid: int, niche: int, threshold: float, outside_attention: float) -> None:
        super().__init__(model)
        self.uid = uid
        self.niche = niche
        self.threshold = threshold
        self.outside_attention = outside_attention
        self.adopted_day = -1
        self.channel = -1
        self.x_watch = 0.0
        self.watch_reward = 0.0
        self.activity = 0
        self.last_active = -1
        self.return_at = math.inf
        self.drawn = False
        self.has_just_come = False
        self.watches_today = False
        self.is_active = False

    def join(self, terms: tuple[float, ...], hazard: float) -> None:
        """M0: join today, by a channel in proportion to the terms of the hazard (1/day)."""
        self.adopted_day = self.model.day
        point, passed = self.model.draws.channel(self) * hazard, 0.0
        for channel, term in enumerate(terms):
            if term > 0.0:
                self.channel = channel
                passed += term
                if point < passed:
                    break
        self.enter()

    def enter(self) -> None:
        """Come in for the first time, or again: with the first readiness, and to everything on the day itself."""
        self.x_watch = self.model.keep(self.model.settings.habit_initial)
        self.has_just_come = True
        self.drawn = True
        self.model.drawn.add(self)

    def morning(self) -> None:
        """M6: come today or not, each with her own readiness."""
        self.watches_today = self.has_just_come or self.model.draws.coming_to_watch(self) < self.x_watch

    def evening(self) -> None:
        """M4, M6: watch, and remember the day."""
        if self.watches_today:
            self.watch()
        self.remember()

    def watch(self) -> None:
        """M4: give the product its share of a visit's views; the reward is that share, or the chance that any of H views was worth it."""
        model = self.model
        settings, rules = model.settings, model.rules
        novelty = rules.habit.faded(settings.habit_novelty_watching_logit, float(model.day - self.adopted_day), settings.habit_novelty_days)
        share = rules.viewing.attention_share(model.attraction[self.niche], self.outside_attention, novelty)
        reward = rules.viewing.any_view_share(share, settings.habit_depth_views) if model.rewards_any_view else share
        self.watch_reward = model.keep(reward)
        self.is_active = True
        model.today.views_of_niche[self.niche] += whole(settings.watching_slots_per_visit * share * model.people_per_row)
        model.today.watchers += 1

    def remember(self) -> None:
        """What the day leaves behind: readiness, activity, a lapse; the lapsed with hardly any readiness are dormant from tomorrow on."""
        self.model.today.readiness += self.update_readiness()
        self.update_activity()
        self.has_just_come = self.is_active = False
        if self.model.day - self.last_active >= LAPSE_DAYS and self.is_hardly_ready():
            self.drawn = False
            self.model.drawn.discard(self)

    def update_readiness(self) -> int:
        """M6 for watching; returns her readiness in whole numbers, the larger of making and watching."""
        self.x_watch = self.readiness_after(self.x_watch, self.watches_today, self.watch_reward)
        watching = whole(self.x_watch, SHARE_SCALE)
        self.model.today.readiness_watch += watching
        self.model.today.drawn += 1
        return watching

    def readiness_after(self, readiness: float, came: bool, reward: float) -> float:
        """M6: x + κ(reward - x) on a day she came for it, else (1-φ)x."""
        rules, settings = self.model.rules, self.model.settings
        if came:
            return self.model.keep(rules.readiness_after_visit(readiness, settings.habit_learning_rate, reward))
        return self.model.keep(rules.habit.readiness_after_day_without(readiness, settings.habit_forgetting_per_day))

    def update_activity(self) -> None:
        """Count her as new, retained, returned or lapsed; one who lapses today draws how much hazard of return she lets pass."""
        today, day, before = self.model.today, self.model.day, self.activity
        self.activity = (before << 1) & _DAYS_28
        if self.is_active:
            self.activity |= 1
            self.last_active = day
            self.return_at = math.inf
            today.dau += 1
            if before:
                today.retained += 1
            elif self.adopted_day < day:
                today.returned += 1
        elif day - self.last_active == LAPSE_DAYS:
            today.lapsed += 1
            self.return_at = self.model.return_hazard + self.model.draws.patience_away(self)
            self.model.wait_for_return(self)
        today.wau += 1 if self.activity & _DAYS_7 else 0
        today.mau += 1 if self.activity else 0

    def is_hardly_ready(self) -> bool:
        """Whether her readiness is below notice."""
        return self.x_watch < self.model.settings.habit_dormant_below


class Viewer(Person):
    """Who only watches."""
