"""A creator: whether she makes today, where her clip goes, what it was worth to her, what she subscribes to (M3, M5, M8)."""

from __future__ import annotations

import math

from sim.rules.making import Law
from tests.twin.arithmetic import MICRO_PER_USD, QUALITY_SCALE, WEIGHT_LIMIT, WORTH_LIMIT, WORTH_SCALE, whole
from tests.twin.feed import Clip
from tests.twin.institutions import Rival
from tests.twin.maker import REFUSED, Maker, Session
from tests.twin.person import LAPSE_DAYS

HERE, BOTH, OUTSIDE = 0, 1, 2
RENEWAL_DAYS = 30


class Creator(Maker):
    """Who makes, and watches too."""

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
        session, payoff = REFUSED, 0.0
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

    def worth_by(self, law: Law, payoff: float, price: float) -> float:
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
