"""A fault planted in one rule of the twin is found and named: the comparison can fail."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from sim.rules import adoption, making
from tests.twin.arithmetic import EXACT
from tests.twin.comparison import Pair
from tests.twin.creator import Creator
from tests.twin.draws import KeyedDraws
from tests.twin.feed import Feed
from tests.twin.institutions import Operator
from tests.twin.person import Person
from tests.twin.variants import everything_on

Patch = pytest.MonkeyPatch


def _controlled_step_of_six_tenths(patch: Patch) -> None:
    def next_miss(previous: float, controlled: bool, miss_mean: float, draw: float) -> float:
        return 0.6 * previous if controlled else making.next_miss(previous, controlled, miss_mean, draw)

    patch.setitem(vars(EXACT), "making", SimpleNamespace(**vars(making) | {"next_miss": next_miss}))


def _forgetting_on_a_day_of_a_visit(patch: Patch) -> None:
    right = Person.readiness_after

    def readiness_after(self: Person, readiness: float, came: bool, reward: float) -> float:
        return right(self, right(self, readiness, False, reward) if came else readiness, came, reward)

    patch.setattr(Person, "readiness_after", readiness_after)


def _a_double_in_place_of_a_single(patch: Patch) -> None:
    patch.setitem(vars(EXACT), "keep", float)


def _the_lapse_a_day_late(patch: Patch) -> None:
    patch.setattr("tests.twin.person.LAPSE_DAYS", 29)


def _skill_that_a_refused_session_teaches(patch: Patch) -> None:
    right = Creator.worth_of

    def worth_of(self: Creator, session: object, payoff: float, miss_mean: float, quota: int) -> float:
        if session.attempts == 0:
            self.skill = 0.5
        return right(self, session, payoff, miss_mean, quota)

    patch.setattr(Creator, "worth_of", worth_of)


def _pay_for_clips_that_left(patch: Patch) -> None:
    right = Creator.earn

    def earn(self: Creator, outlet: int, pay_here: float, pay_outside: float, q: float) -> None:
        right(self, outlet, pay_here, pay_outside, q)
        self.pay_micro += outlet == 2

    patch.setattr(Creator, "earn", earn)


def _views_to_the_youngest_clip_first(patch: Patch) -> None:
    right = Feed.close

    def close(self: Feed, views_of_niche: list[int], weights: list[int]) -> int:
        self.clips.reverse()
        given = right(self, views_of_niche, weights)
        self.clips.reverse()
        return given

    patch.setattr(Feed, "close", close)


def _a_channel_out_of_another_draw(patch: Patch) -> None:
    patch.setattr(KeyedDraws, "channel", KeyedDraws.renewal)


def _a_hazard_without_word_of_mouth(patch: Patch) -> None:
    def hazard_terms(*numbers: float) -> tuple[float, ...]:
        return (*adoption.hazard_terms(*numbers)[:3], 0.0, adoption.hazard_terms(*numbers)[4])

    patch.setitem(vars(EXACT), "adoption", SimpleNamespace(**vars(adoption) | {"hazard_terms": hazard_terms}))


def _views_per_clip_that_learn_faster(patch: Patch) -> None:
    patch.setattr("tests.twin.model.AVERAGE_WEIGHT", 0.11)


def _an_operator_that_counts_no_refusals(patch: Patch) -> None:
    right = Operator.decide

    def decide(self: Operator, attempts: float, sessions: float, refused: float, hard_limit: float, adjust_per_day: float) -> None:
        right(self, attempts, sessions, 0.0, hard_limit, adjust_per_day)

    patch.setattr(Operator, "decide", decide)


def _a_subscription_paid_over_31_days(patch: Patch) -> None:
    patch.setattr("tests.twin.money.RENEWAL_DAYS", 31)


FAULTS: dict[Callable[[Patch], None], set[str]] = {
    _controlled_step_of_six_tenths: {"attempts", "skill"},
    _forgetting_on_a_day_of_a_visit: {"x_make", "x_watch"},
    _a_double_in_place_of_a_single: {"session_price"},
    _the_lapse_a_day_late: {"return_at"},
    _skill_that_a_refused_session_teaches: {"skill"},
    _pay_for_clips_that_left: {"pay_micro"},
    _views_to_the_youngest_clip_first: {"views", "views_today of the clip"},
    _a_channel_out_of_another_draw: {"channel"},
    _a_hazard_without_word_of_mouth: {"channel", "adopted_day"},
    _views_per_clip_that_learn_faster: {"views_per_clip_here"},
    _an_operator_that_counts_no_refusals: {"admitted tomorrow"},
    _a_subscription_paid_over_31_days: {"revenue_subscriptions_usd"},
}


@pytest.mark.parametrize("plant", FAULTS, ids=lambda plant: plant.__name__.strip("_"))
def test_the_comparison_names_what_a_planted_fault_moves_first(plant: Callable[[Patch], None], monkeypatch: Patch) -> None:
    plant(monkeypatch)
    difference = Pair(everything_on(days=120)).first_difference()
    assert difference is not None
    assert difference.state in FAULTS[plant], str(difference)
    assert difference.engine != difference.twin


def test_the_same_world_without_a_fault_agrees() -> None:
    assert Pair(everything_on(days=120)).first_difference() is None
