"""A maker: her session, where her clip goes, what it was worth to her, what she pays (M1, M2, M3, M5, M8)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from tests.twin.arithmetic import MICRO_PER_USD, QUALITY_SCALE, SHARE_SCALE, WEIGHT_LIMIT, WORTH_LIMIT, WORTH_SCALE, whole
from tests.twin.feed import Clip
from tests.twin.institutions import Rival
from tests.twin.person import LAPSE_DAYS, Person

if TYPE_CHECKING:
    from tests.twin.model import TwinEcosystem

HERE, BOTH, OUTSIDE = 0, 1, 2
RENEWAL_DAYS = 30


class Session(NamedTuple):
    """What came of a session: whether a clip was usable, attempts, how many of them controlled and how many bought."""

    accepted: bool
    attempts: int
    controlled: int
    bought: int


_REFUSED = Session(False, 0, 0, 0)


class Creator(Person):
    """Who makes, and watches too.

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

    def morning(self) -> None:
        """Come to watch or not, to make or not; and make."""
        super().morning()
        self.makes_today = self.has_just_come or self.model.draws.coming_to_make(self) < self.x_make
        if self.makes_today:
            self.make()

    def make(self) -> None:
        """M1: a session, if a first attempt is free or worth its price to her and she is let in; then what the day was worth to her.

        Who has no attempt she would make only watches, and her readiness to make fades. A session that is refused is one that failed.
        """
        model = self.model
        settings, rules, today = model.settings, model.rules, model.today
        skill = rules.learning.skill_at_start(self.skill, settings.learning_carry_over)
        miss_mean = self.miss_mean(skill, settings.making_capability)
        quota = self.quota(self.subscribed)
        if quota == 0 and not self.buys(0, miss_mean):
            self.makes_today = False
            return
        session, payoff = _REFUSED, 0.0
        if model.admitted_share < 1.0 and model.draws.admission(self) >= model.admitted_share:
            today.refusals += 1
        else:
            session = self.attempt(miss_mean, quota)
            self.learn(skill, session)
        if session.accepted:
            payoff = self.publish()
        worth = self.worth_of(session, payoff, miss_mean, quota)
        outside = self.outside_option(skill, miss_mean, quota)
        self.make_reward = model.keep(rules.habit.making_reward(worth, outside, settings.creators_temperature_usd))
        gained = (worth - outside) / settings.creators_temperature_usd
        today.advantage_of_niche[self.niche] += whole(min(max(gained, -WORTH_LIMIT), WORTH_LIMIT), WORTH_SCALE)
        today.sessions_of_niche[self.niche] += 1

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

    def publish(self) -> float:
        """M3: her usable clip goes where it pays most, by and large; returns its pay-off there, USD."""
        model = self.model
        settings, rules, offer = model.settings, model.rules, model.platform
        noise = settings.creators_clip_noise_sd * model.draws.clip_noise(self)
        z = rules.making.quality(self.talent, settings.making_capability, settings.making_capability_to_quality, noise)
        worth = min(rules.viewing.clip_worth(settings.watching_quality_slope, z), WEIGHT_LIMIT)
        q = worth / model.mean_clip_worth
        pay_outside = rules.publishing.pay_outside_usd(offer.payout_usd_per_1000_views, offer.views_per_clip, q)
        pay_here = settings.dials_monetization * pay_outside
        payoffs = self.payoffs(pay_here, pay_outside, q)
        can_leave, where = model.draws.outlet(self)
        outlet = HERE
        if model.can_leave and can_leave < settings.dials_export_leakage:
            outlet = rules.publishing.choose_outlet(*payoffs, settings.creators_temperature_usd, where)
        self.earn(outlet, pay_here, pay_outside, q)
        if outlet != OUTSIDE:
            stays = worth * (1.0 - settings.publishing_overlap) if outlet == BOTH else worth
            model.feed.add(Clip(self, model.day, model.keep(stays)))
        return payoffs[outlet]

    def payoffs(self, pay_here: float, pay_outside: float, q: float) -> tuple[float, float, float]:
        """M3: what a clip of this Q brings her here, at both, and outside, USD."""
        settings, rules = self.model.settings, self.model.rules.publishing
        motive, status = self.income_motive, settings.creators_status_usd
        seen_here, seen_outside = self.model.views_per_clip_here[self.niche], self.model.platform.views_per_clip
        overlap, cost, exclusive = settings.publishing_overlap, settings.publishing_outside_cost_usd, settings.publishing_exclusive == 1.0
        return (
            rules.payoff_here(motive, pay_here, status, seen_here, q),
            rules.payoff_both(motive, pay_here, pay_outside, status, seen_here, seen_outside, q, overlap, cost, exclusive),
            rules.payoff_outside(motive, pay_outside, status, seen_outside, q, cost),
        )

    def earn(self, outlet: int, pay_here: float, pay_outside: float, q: float) -> None:
        """Pay of all people of her row for their clips, here and outside, in whole micro-dollars; and the clip is counted."""
        today, people = self.model.today, self.model.people_per_row
        earned_outside = whole(pay_outside * people, MICRO_PER_USD)
        today.clips[outlet] += 1
        today.quality_made += whole(q, QUALITY_SCALE)
        if outlet == HERE or (outlet == BOTH and not self.model.settings.publishing_exclusive):
            earned = whole(pay_here * people, MICRO_PER_USD)
            self.pay_micro += earned
            today.pay_micro += earned
        if outlet != HERE:
            self.outside_pay_micro += earned_outside
            today.outside_pay_micro += earned_outside
            today.quality_exported += whole(q, QUALITY_SCALE)
            today.outside_views += whole(self.model.platform.views_per_clip * q * people)
        if outlet != OUTSIDE:
            today.outside_equivalent_micro += earned_outside

    def worth_of(self, session: Session, payoff: float, miss_mean: float, quota: int) -> float:
        """M5: u of a session, USD."""
        settings, rules = self.model.settings, self.model.rules
        paid = self.session_price + (self.price() * session.bought if session.bought else 0.0)
        variance = 0.0
        if settings.making_uncertainty_usd != 0.0:
            variance = self.law(miss_mean, quota).variance
        age = float(self.model.day - self.adopted_day)
        return rules.worth.session_worth(
            session.accepted,
            self.value,
            payoff,
            session.attempts,
            session.controlled,
            settings.making_effort_usd,
            settings.making_disappointment_usd,
            settings.making_diagnosis_relief,
            settings.making_uncertainty_usd,
            variance,
            paid,
            rules.habit.faded(settings.habit_novelty_making_usd, age, settings.habit_novelty_days),
        )

    def law(self, miss_mean: float, quota: int) -> NamedTuple:
        """M1: the exact law of her session with this quota."""
        settings = self.model.settings
        patience, ratio = int(settings.making_patience_attempts), self.acceptable_miss / miss_mean
        return self.model.rules.making.session_law(settings.dials_steerability, ratio, patience, quota, self.value, self.price())

    def outside_option(self, skill: float, miss_mean: float, quota: int) -> float:
        """M5: o, what else she could have done, USD a session."""
        model, settings = self.model, self.model.settings
        if settings.rival_edge == 1.0 and not model.rival_offers:
            return self.making_outside
        q = self.mean_q(settings.making_capability)
        pay = self.law(miss_mean, quota).success * self.pay_outside(q)
        gain = 0.0
        for rival in model.rival_offers:
            gain += max(0.0, self.worth_with(rival, skill) - self.making_outside)
        return model.rules.worth.outside_option(self.making_outside, settings.rival_edge, self.income_motive, pay, gain)

    def mean_q(self, capability: float) -> float:
        """Mean Q of her clips, made with a tool of this capability."""
        settings, rules = self.model.settings, self.model.rules
        slope = settings.watching_quality_slope
        z = rules.making.quality(self.talent, capability, settings.making_capability_to_quality, 0.0)
        spread = slope * settings.creators_clip_noise_sd
        return rules.exp(slope * z + 0.5 * (spread * spread)) / self.model.mean_clip_worth

    def pay_outside(self, q: float) -> float:
        """M3: pay_o of a clip of this Q, USD."""
        offer = self.model.platform
        return self.model.rules.publishing.pay_outside_usd(offer.payout_usd_per_1000_views, offer.views_per_clip, q)

    def worth_with(self, rival: Rival, skill: float) -> float:
        """M5: u_rival, USD: a session with a rival tool whose clip goes out if that pays; minus infinity where she would not make.

        A rival that asks a price has only makers who pay at all, and they buy each attempt, as here beyond a quota of none.
        """
        settings, rules = self.model.settings, self.model.rules
        if rival.price > 0.0 and not self.willing:
            return -math.inf
        patience = int(settings.making_patience_attempts)
        ratio = self.acceptable_miss / self.miss_mean(skill, rival.capability)
        quota = 0 if rival.price > 0.0 else patience
        law = rules.making.session_law(rival.steerability, ratio, patience, quota, self.value, rival.price)
        if law.attempts == 0.0:
            return -math.inf
        q = self.mean_q(rival.capability)
        payoff = max(0.0, self.payoffs(0.0, self.pay_outside(q), q)[OUTSIDE])
        return self.worth_by(law, payoff, rival.price)

    def worth_by(self, law: NamedTuple, payoff: float, price: float) -> float:
        """M5: expected u under a law, USD."""
        settings = self.model.settings
        return self.model.rules.worth.expected_session_worth(
            law.success,
            law.attempts,
            law.bought,
            law.failed_control,
            self.value,
            payoff,
            settings.making_effort_usd,
            settings.making_disappointment_usd,
            settings.making_diagnosis_relief,
            settings.making_uncertainty_usd,
            law.variance,
            price,
        )

    def renew(self) -> None:
        """M8: every 30 days of membership a willing maker who was here in the last 28 decides anew; holders are counted."""
        day, price = self.model.day, self.model.settings.charging_subscription_usd_per_month
        if self.willing and (day - self.adopted_day) % RENEWAL_DAYS == 0:
            self.subscribed, self.session_price = False, 0.0
            here_lately = self.adopted_day == day or day - self.last_active < LAPSE_DAYS
            sessions = RENEWAL_DAYS * self.x_make
            if price > 0.0 and here_lately and self.model.draws.renewal(self) < self.chance_to_subscribe(sessions, price):
                self.subscribed, self.session_price = True, self.model.keep(price / max(1.0, sessions))
        if self.subscribed:
            self.model.today.subscribers += 1
            self.pays()

    def chance_to_subscribe(self, sessions: float, price: float) -> float:
        """M8: Λ((n·Δu - price)/T_s), for this many expected sessions in 30 days at this price, USD."""
        settings, rules = self.model.settings, self.model.rules
        skill = rules.learning.skill_at_start(self.skill, settings.learning_carry_over)
        gain = self.expected_worth(skill, self.quota(True)) - self.expected_worth(skill, self.quota(False))
        return rules.charging.subscription_chance(sessions, gain, price, settings.charging_subscription_temperature_usd)

    def expected_worth(self, skill: float, quota: int) -> float:
        """M5: what a day to make with this quota is worth, her mean clip published here; her time elsewhere if she would not make."""
        settings, rules = self.model.settings, self.model.rules
        law = self.law(self.miss_mean(skill, settings.making_capability), quota)
        if law.attempts == 0.0:
            return self.making_outside
        q = self.mean_q(settings.making_capability)
        seen = self.model.views_per_clip_here[self.niche]
        pay = settings.dials_monetization * self.pay_outside(q)
        payoff = rules.publishing.payoff_here(self.income_motive, pay, settings.creators_status_usd, seen, q)
        return self.worth_by(law, payoff, self.price())

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
