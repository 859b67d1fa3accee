"""The plain-Mesa twin of the simulator: the same rules with one `mesa.Agent` for every creator and viewer, written to be read.

It is written from the description of the model and not from the kernels, and agrees with them agent by agent and day by day where it draws
the same numbers (`test_agreement`). It is also what a Mesa user would otherwise write, and so the yardstick of speed (`rate`).
"""

from __future__ import annotations

import heapq
import math
from typing import Any

import mesa

from sim.populations.people import populate
from sim.scenario import Scenario
from tests.twin.arithmetic import MICRO_PER_USD, PLAIN, SHARE_SCALE, WEIGHT_SCALE, WORTH_SCALE, Arithmetic
from tests.twin.creator import Creator
from tests.twin.diary import Today, row_of
from tests.twin.draws import Draws, MesaDraws
from tests.twin.feed import Feed
from tests.twin.institutions import NOWHERE, Operator, Parent, Platform, Rival
from tests.twin.money import Purse, charge_and_pay, pay_for_compute
from tests.twin.person import Person, Viewer
from tests.twin.policy import Policy, number_of

AVERAGE_WEIGHT = 0.1
"""Weight of a day in the moving averages of views per clip here and of makers' advantage."""


class TwinEcosystem(mesa.Model):
    """A product and everything around it, from launch to closure or horizon.

    scenario: resolved. run_seed: of traits, and of the model's own generator. draws: what chance decides; None: by that generator.
    rules: how it reckons. activation: "do" or "shuffle_do", by which people are called.
    """

    def __init__(
        self,
        scenario: Scenario,
        run_seed: int = 1,
        draws: Draws | None = None,
        rules: Arithmetic = PLAIN,
        activation: str = "shuffle_do",
    ) -> None:
        super().__init__(seed=run_seed)
        self.plan = scenario
        self.rules = rules
        self.keep = rules.keep
        self.draws: Draws = draws or MesaDraws(self.random)
        self.activation = activation
        self.policy = Policy(scenario)
        settings = self.settings = self.policy.settings
        self.day = 0
        self.cause = ""
        niches = self.niches = int(settings.niches)
        self.people_per_row = float(settings.people) / int(settings.agents)
        self.rewards_any_view = scenario.values["rules.watching_reward"] == "any_view"
        self.feed = Feed(rules, niches, settings.watching_freshness_decay_per_day, self.people_per_row)
        self.purse = Purse(settings.operator_opening_cash_usd, settings.parent_budget_usd)
        self.operator, self.parent = Operator(rules), Parent(rules)
        self.diary: list[dict[str, float]] = []
        self._start_carried(niches)
        self._settle(settings, run_seed)

    def _start_carried(self, niches: int) -> None:
        """What one day leaves to the next, in people, views, clips and attempts of all people."""
        self.views_average = [0.0] * niches
        self.clips_average = [0.0] * niches
        self.unlearned = 1.0
        self.views_per_clip_here = [0.0] * niches
        self.maker_advantage = [0.0] * niches
        self.hazard_of_class = [0.0] * (niches + 1)
        self.return_hazard = 0.0
        self.installs_7d: list[float] = []
        self.readiness = 0.0
        self.outside_views_per_person = 0.0
        self.exported_clips = 0.0
        self.attempts_total = 0.0
        self.installs_total = 0
        self.payers_total = 0
        self.loss_micro = 0
        self.has_subscribers = False

    def _settle(self, settings: Any, run_seed: int) -> None:
        """Everybody in the market, with the traits of the launch; the queue of those outside by class, last the next to join."""
        people, creators, self.mean_clip_worth = populate(settings, run_seed)
        traits = [dict(zip(creators._fields, row, strict=True)) for row in zip(*(column.tolist() for column in creators), strict=True)]
        self.outside: list[list[Person]] = [[] for _ in range(self.niches + 1)]
        own = (people.uid, people.niche, people.threshold, people.outside_attention)
        for row, (uid, niche, threshold, attention) in enumerate(zip(*(column.tolist() for column in own), strict=True)):
            person = {"uid": uid, "niche": niche, "threshold": threshold, "outside_attention": attention}
            if row < len(traits):
                self.outside[niche].append(Creator(self, traits[row], **person))
            else:
                self.outside[self.niches].append(Viewer(self, **person))
        for queue in self.outside:
            queue.sort(key=lambda person: person.threshold, reverse=True)
        self.drawn = mesa.agent.AgentSet([], random=self.random)
        self.lapsed: list[tuple[float, int, Person]] = []

    def step(self) -> None:
        """Live one day."""
        if not self.running:
            return
        self.today = Today(self.niches)
        self.policy.intervene(self.day, self.diary[-1] if self.diary else None)
        self.settings = self.policy.settings
        self.arrive()
        self.look_around()
        self.renew()
        self.each("morning")
        self.learn_advantage()
        self.open_feed()
        self.each("evening")
        self.close_feed()
        charge_and_pay(self)
        pay_for_compute(self)
        self.close_books()
        self.write_diary()
        self.decide()
        self.day += 1
        self.running = not self.cause and self.day < self.plan.days

    def each(self, method: str) -> None:
        """Let everybody who is in, and not dormant, do something; the order leaves no trace, as nobody sees what others do today."""
        getattr(self.drawn, self.activation)(method)

    def arrive(self) -> None:
        """M0: who joins, and who of the lapsed comes back."""
        s, rules, today = self.settings, self.rules.adoption, self.today
        pull = (self.readiness, self.outside_views_per_person)
        terms = rules.hazard_terms(
            s.adoption_open_share,
            s.adoption_advertising_per_day,
            s.adoption_buzz_per_day,
            s.adoption_buzz_days,
            s.adoption_chart_per_day,
            s.adoption_chart_top_installs_7d,
            s.adoption_word_of_mouth_per_day,
            s.adoption_referral_per_outside_view,
            float(self.day),
            math.fsum(self.installs_7d),
            *pull,
        )
        self.return_hazard += rules.return_hazard(
            s.adoption_return_factor,
            s.adoption_word_of_mouth_per_day,
            s.adoption_referral_per_outside_view,
            s.adoption_news_per_day,
            *pull,
        )
        self._welcome_back()
        hazard = terms[0] + terms[1] + terms[2] + terms[3] + terms[4]
        for group, queue in enumerate(self.outside):
            self.hazard_of_class[group] += hazard * self._reputation(group)
            while queue and queue[-1].threshold <= self.hazard_of_class[group]:
                queue.pop().join(terms, hazard)
                today.installs += 1
        self.installs_total += today.installs
        self.installs_7d = [*self.installs_7d, today.installs * self.people_per_row][-7:]

    def _reputation(self, group: int) -> float:
        """By what makers' hazard of joining is multiplied, as makers of their niche fared; the last class are the viewers."""
        exponent = self.settings.adoption_entry_reputation
        if exponent == 0.0 or group == self.niches:
            return 1.0
        return self.rules.adoption.reputation_factor(self.maker_advantage[group], exponent)

    def wait_for_return(self, person: Person) -> None:
        """Note when a person who lapsed today would come back."""
        heapq.heappush(self.lapsed, (person.return_at, person.uid, person))

    def _welcome_back(self) -> None:
        """Those whose return is due, unless they came of themselves since they lapsed."""
        while self.lapsed and self.lapsed[0][0] <= self.return_hazard:
            due, _, person = heapq.heappop(self.lapsed)
            if person.return_at == due:
                person.enter()

    def look_around(self) -> None:
        """M3, M5: the best platform outside today, and what rivals offer."""
        values, offers = self.policy.values, []
        for name in self.plan.names_in("external_platforms"):
            path = f"external_platforms.{name}."
            if values[path + "open"]:
                saturation = number_of(values[path + "saturation_clips_per_day"])
                views = self.rules.publishing.views_outside(values[path + "views_per_clip"], self.exported_clips, saturation)
                rates = (values[path + "payout_usd_per_1000_views"], values[path + "advertising_usd_per_1000_views"])
                offers.append(Platform(views, *rates))
        self.platform = max(offers, key=Platform.pay_then_views, default=NOWHERE)
        self.can_leave = bool(offers)
        self.rival_offers = []
        for name in self.plan.names_in("rival_tools"):
            path = f"rival_tools.{name}."
            if values[path + "open"]:
                fields = ("steerability", "capability", "price_usd_per_attempt")
                self.rival_offers.append(Rival(*(values[path + field] for field in fields)))
        self.admitted_share = self.operator.admitted_share

    def renew(self) -> None:
        """M8: subscriptions run out or are renewed."""
        self.has_subscribers = self.has_subscribers or self.settings.charging_subscription_usd_per_month > 0.0
        if self.has_subscribers:
            for maker in self.agents_by_type[Creator]:
                if maker.adopted_day >= 0:
                    maker.renew()

    def learn_advantage(self) -> None:
        """Moving average of (u-o)/T by niche; a niche without sessions learns nothing."""
        today = self.today
        for niche, (total, sessions) in enumerate(zip(today.advantage_of_niche, today.sessions_of_niche, strict=True)):
            if sessions:
                mean = total / WORTH_SCALE / sessions
                self.maker_advantage[niche] += AVERAGE_WEIGHT * (mean - self.maker_advantage[niche])

    def open_feed(self) -> None:
        """M4: what the fresh clips of each niche attract."""
        s = self.settings
        self.weights = self.feed.open(self.day, s.watching_popularity_exponent)
        self.attraction = [
            self.rules.viewing.attraction(
                weight / WEIGHT_SCALE * self.people_per_row, s.niches, s.watching_attraction_scale, s.watching_variety_exponent
            )
            for weight in self.weights
        ]

    def close_feed(self) -> None:
        """M4, M3: views fall to clips; makers learn what a clip here is lately seen (V_h), as the ratio of two moving averages."""
        today = self.today
        published = [0] * self.niches
        for clip in self.feed.published:
            published[clip.niche] += 1
        today.published = len(self.feed.published)
        today.clip_views = self.feed.close(today.views_of_niche, self.weights)
        self.unlearned *= 1.0 - AVERAGE_WEIGHT
        for niche in range(self.niches):
            self.views_average[niche] += AVERAGE_WEIGHT * (today.views_of_niche[niche] - self.views_average[niche])
            self.clips_average[niche] += AVERAGE_WEIGHT * (published[niche] * self.people_per_row - self.clips_average[niche])
            if self.clips_average[niche] > 0.0:
                seen = (1.0 - self.unlearned) * self.views_average[niche] / self.clips_average[niche]
                self.views_per_clip_here[niche] = seen

    def close_books(self) -> None:
        """M9: the parent covers what is missing; an operator that stays short is insolvent."""
        if self.purse.cover():
            self.cause = "insolvency"
        self.loss_micro -= self.purse.profit_micro()

    def write_diary(self) -> None:
        """The day's row of the table."""
        self.payers_total += self.today.new_payers
        self.readiness = self.today.readiness / SHARE_SCALE / len(self.agents)
        self.diary.append(row_of(self))

    def decide(self) -> None:
        """What the day leaves to tomorrow, and what operator and parent make of it (M7, M9)."""
        s, today, w, row = self.settings, self.today, self.people_per_row, self.diary[-1]
        self.outside_views_per_person = today.outside_views / float(s.people)
        self.exported_clips = float(today.clips[1] + today.clips[2]) * w
        self.operator.decide(
            today.attempts * w,
            today.sessions * w,
            today.refusals * w,
            s.compute_hard_limit_attempts_per_day,
            s.compute_capacity_adjust_per_day,
        )
        self.parent.see(row["dau"], row["operating_profit_usd"] + row["cost_compute_usd"], row["attempts"])
        if not self.cause:
            self.cause = "scenario" if self.policy.is_closing else self._parents_verdict()

    def _parents_verdict(self) -> str:
        s = self.settings
        return self.parent.decide(
            self.day,
            self.loss_micro / MICRO_PER_USD,
            s.parent_stop_loss_usd,
            s.parent_patience_usd_per_new_active,
            s.parent_alternative_return_usd_per_gpu_hour,
            s.compute_gpu_hours_per_attempt,
        )
