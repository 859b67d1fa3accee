"""What is recommended: held to draws that the search did not see, minimal, and honest where too few draws can tell."""

from __future__ import annotations

import pytest

from analysis.rescuing.cheapest import Package
from analysis.rescuing.saving import LOST, NEED_UNCLEAR, NEEDS_NONE, SAVED, UNCLEAR, Decision, decide, draws_to_show, front
from tests.questions.toy_levers import SPACE, Chance, asker, cheapest, exactly, hopeless, interior, pair, routes


def decided(chance: Chance, draws: int = 40, probability: float = 0.8) -> Decision:
    return decide(SPACE, asker(chance, 1), asker(chance, 2), probability=probability, looked=20, draws=draws)


@pytest.mark.parametrize("chance", [pair, interior, routes])
def test_the_planted_package_is_recommended_and_every_part_of_it_is_needed(chance: Chance) -> None:
    found = decided(chance)
    assert found.kind == SAVED
    assert SPACE.cost(found.chosen.package) == cheapest(chance)
    assert found.chosen.interval[0] >= 0.8
    assert set(found.without) == {place for place, level in enumerate(found.chosen.package) if level}
    assert all(one.interval[1] < 0.8 for one in found.without.values())


def test_a_world_that_does_it_already_needs_no_saving_and_no_search() -> None:
    found = decided(lambda package: 1.0)
    assert (found.kind, found.chosen.package, found.searched) == (NEEDS_NONE, SPACE.nothing, None)


def test_a_world_that_does_it_just_so_may_need_none() -> None:
    found = decided(lambda package: 0.85)
    assert found.kind == NEED_UNCLEAR
    assert found.chosen.interval[0] < 0.8


def test_a_world_that_cannot_be_saved_is_lost_and_the_best_is_named() -> None:
    found = decided(hopeless)
    assert found.kind == LOST
    assert found.chosen.package == (3, 0, 0, 0, 0, 0, 0, 0)
    assert set(found.without) == {0}


def test_five_draws_cannot_tell() -> None:
    assert decided(exactly(pair), draws=5).kind == UNCLEAR
    assert draws_to_show(0.8) == 16
    assert decided(exactly(pair), draws=16).kind == SAVED


def test_what_the_search_took_for_good_by_luck_is_not_recommended() -> None:
    """The search sees a cheap package do it always; in truth, as the other draws show, it seldom does."""

    def lucky(package: Package) -> float:
        return 1.0 if package[3] == 1 else pair(package)

    found = decide(SPACE, asker(lucky), asker(pair), probability=0.8, looked=20, draws=40)
    assert found.chosen.package[:2] == (2, 2) or found.kind == LOST
    assert not any(one.package[3] == 1 and one.share > 0.8 and one.package[:2] < (2, 2) for one in found.held)


def test_a_change_that_is_not_needed_is_left_out_although_the_search_missed_it() -> None:
    """The search sees a world in which lever 3 is needed too; by the draws that decide it is not."""

    def stricter(package: Package) -> float:
        return pair(package) if package[3] >= 1 else 0.0

    found = decide(SPACE, asker(stricter), asker(pair), probability=0.8, looked=20, draws=40)
    assert found.chosen.package == (2, 2, 0, 0, 0, 0, 0, 0)


def test_the_front_rises_with_the_cost() -> None:
    found = decided(routes)
    rising = front(SPACE, found.held)
    costs, shares = [SPACE.cost(one.package) for one in rising], [one.share for one in rising]
    assert costs == sorted(costs)
    assert shares == sorted(set(shares))
    assert found.chosen in rising
