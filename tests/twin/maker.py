"""A maker's session: what is free to her, attempts until one is usable, what they teach (M1, M2, M8)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from sim.rules.making import Law
from tests.twin.arithmetic import SHARE_SCALE, whole
from tests.twin.person import Person

if TYPE_CHECKING:
    from tests.twin.model import TwinEcosystem


class Session(NamedTuple):
    """What came of a session: whether a clip was usable, attempts, how many of them controlled and how many bought."""

    accepted: bool
    attempts: int
    controlled: int
    bought: int


REFUSED = Session(False, 0, 0, 0)


class Maker(Person):
    """A person who can make: her traits, her sessions, her skill. What she makes of a session is the matter of `Creator`.

    talent: mean quality of her clips (sd of z); acceptable_miss: a; value: v, USD a clip; making_outside: o_make, USD a session;
    income_motive: mot; willing: pays at all; entitled: has a quota by another subscription. skill: at the end of her last session.
    session_price: her subscription over the sessions she expects, USD. pay and views are those of all people of the row, since launch.
    """

    def __init__(self, model: TwinEcosystem, traits: dict[str, float], **person: float) -> None:
        super().__init__(model, **person)
        self.talent = traits["talent"]
        self.acceptable_miss = traits["acceptable_miss"]
        self.value = traits["value"]
        self.making_outside = traits["making_outside"]
        self.income_motive = traits["income_motive"]
        self.willing = bool(traits["willing"])
        self.entitled = bool(traits["entitled"])
        self.subscribed = False
        self.paid_ever = False
        self.session_price = 0.0
        self.x_make = 0.0
        self.make_reward = 0.0
        self.skill = 0.0
        self.attempts = 0
        self.credit_attempts = 0
        self.pay_micro = 0
        self.outside_pay_micro = 0
        self.views = 0
        self.makes_today = False

    def enter(self) -> None:
        """Come in to make, too."""
        super().enter()
        self.x_make = self.model.keep(self.model.settings.habit_initial)

    def miss_mean(self, skill: float, capability: float) -> float:
        """M1: μ of an uncontrolled attempt."""
        settings = self.model.settings
        return self.model.rules.making.miss_mean(
            settings.making_miss_mean, settings.learning_skill_effect, skill, capability, settings.making_capability_to_miss
        )

    def quota(self, subscribed: bool) -> int:
        """Attempts today that cost her nothing more: the largest of her quotas, and not beyond her patience."""
        settings = self.model.settings
        quotas = [settings.making_free_quota_per_day]
        if self.entitled:
            quotas.append(settings.charging_entitled_quota_per_day)
        if subscribed:
            quotas.append(settings.charging_subscription_quota_per_day)
        return int(min(max(quotas), settings.making_patience_attempts))

    def price(self) -> float:
        """What an attempt beyond the quota costs her, USD; infinite if she never pays or none is sold."""
        return self.model.settings.charging_credit_usd_per_attempt if self.willing else math.inf

    def buys(self, controlled_steps: int, miss_mean: float) -> bool:
        """M8: whether she buys the next attempt after this many controlled steps in a row."""
        rules = self.model.rules
        chance = rules.making.acceptance_chance(self.model.settings.dials_steerability, self.acceptable_miss / miss_mean, controlled_steps)
        return rules.charging.buys_attempt(self.value, chance, self.price())

    def attempt(self, miss_mean: float, quota: int) -> Session:
        """M1, M8: attempts until one is usable, patience ends, or the next is neither free nor worth its price."""
        model = self.model
        steerability, patience = model.settings.dials_steerability, int(model.settings.making_patience_attempts)
        miss = 0.0
        steps = controlled = bought = 0
        for number in range(patience):
            if number >= quota:
                if not self.buys(steps, miss_mean):
                    return Session(False, number, controlled, bought)
                bought += 1
            control, fresh = model.draws.attempt(self, number)
            is_controlled = number > 0 and control < steerability
            miss = model.rules.making.next_miss(miss, is_controlled, miss_mean, fresh)
            if is_controlled:
                steps += 1
                controlled += 1
            else:
                steps = 0
            if miss <= self.acceptable_miss:
                return Session(True, number + 1, controlled, bought)
        return Session(False, patience, controlled, bought)

    def learn(self, skill: float, session: Session) -> None:
        """M2: what a session teaches; and the session is counted."""
        settings, today = self.model.settings, self.model.today
        fresh = session.attempts - session.controlled
        self.skill = self.model.keep(
            self.model.rules.learning.skill_after_session(
                skill, settings.learning_rate, session.controlled, settings.learning_uncontrolled_share, fresh
            )
        )
        self.is_active = True
        self.attempts += session.attempts
        self.credit_attempts += session.bought
        if session.bought:
            self.pays()
        today.sessions += 1
        today.skill += whole(self.skill, SHARE_SCALE)
        today.attempts += session.attempts
        today.controlled += session.controlled
        today.credit_attempts += session.bought

    def pays(self) -> None:
        """Be counted among those who ever paid."""
        if not self.paid_ever:
            self.paid_ever = True
            self.model.today.new_payers += 1

    def law(self, miss_mean: float, quota: int) -> Law:
        """M1: the exact law of her session with this quota."""
        settings = self.model.settings
        patience, ratio = int(settings.making_patience_attempts), self.acceptable_miss / miss_mean
        return self.model.rules.making.session_law(settings.dials_steerability, ratio, patience, quota, self.value, self.price())

    def mean_q(self, capability: float) -> float:
        """Mean Q of her clips, made with a tool of this capability."""
        settings, rules = self.model.settings, self.model.rules
        slope = settings.watching_quality_slope
        z = rules.making.quality(self.talent, capability, settings.making_capability_to_quality, 0.0)
        spread = slope * settings.creators_clip_noise_sd
        return rules.exp(slope * z + 0.5 * (spread * spread)) / self.model.mean_clip_worth

    def update_readiness(self) -> int:
        """M6, for making too."""
        today, watching = self.model.today, super().update_readiness()
        self.x_make = self.readiness_after(self.x_make, self.makes_today, self.make_reward)
        making = whole(self.x_make, SHARE_SCALE)
        today.readiness_make += making
        today.creators_drawn += 1
        return max(making, watching)

    def is_hardly_ready(self) -> bool:
        """Whether she is ready neither to watch nor to make."""
        return super().is_hardly_ready() and self.x_make < self.model.settings.habit_dormant_below
