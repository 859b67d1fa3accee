"""The search for the cheapest package: planted ones are found with far fewer questions than there are packages."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.rescuing.cheapest import Guess, Space, search
from tests.questions.toy_levers import SPACE, Chance, additive, asker, cheapest, exactly, hopeless, interior, pair, routes, uniform

P, DRAWS = 0.8, 20


@pytest.mark.parametrize("chance", [pair, interior, routes, exactly(pair), exactly(interior), exactly(routes)])
def test_the_planted_cheapest_package_is_found_with_few_questions(chance: Chance) -> None:
    found = search(SPACE, asker(chance), (P,), DRAWS)
    assert SPACE.cost(found.passed(P)[0]) == cheapest(chance)
    assert found.ended
    assert found.runs < 0.005 * SPACE.size * DRAWS


@pytest.mark.parametrize("luck", range(3))
def test_where_many_small_levers_add_up_it_comes_within_a_tenth(luck: int) -> None:
    """With 20 draws of shared luck a package passes whose chance is over the luck of the 16th: so the cheapest is known."""
    found = search(SPACE, asker(additive, luck), (P,), DRAWS, seed=luck)
    best = found.passed(P)[0]
    needed = sorted(uniform(luck, draw) for draw in range(DRAWS))[round(P * DRAWS) - 1]
    assert SPACE.cost(best) <= 1.1 * cheapest(lambda package: float(additive(package) > needed))
    assert best[4] == 0, "the decoy costs little and does nothing"
    assert best[6] != 2, "more of this lever does harm"


def test_luck_that_is_not_shared_between_packages_misleads_it_little() -> None:
    found = search(SPACE, asker(additive, is_paired=False), (P,), DRAWS)
    assert cheapest(additive, 0.6) <= SPACE.cost(found.passed(P)[0]) <= 1.1 * cheapest(additive)


def test_the_same_search_asks_the_same_questions() -> None:
    one, other = (search(SPACE, asker(interior), (P,), DRAWS) for _ in range(2))
    assert one.answers == other.answers


def test_no_single_level_of_what_is_found_can_be_lowered() -> None:
    found = search(SPACE, asker(additive), (P,), DRAWS)
    lowered = SPACE.lowered(found.passed(P)[0])
    assert all(found.is_out(one, P) or (found.is_done(one) and one not in found.passed(P)) for one in lowered)


def test_packages_that_surely_fail_are_given_up_early() -> None:
    found = search(SPACE, asker(pair), (P,), DRAWS)
    lengths = [len(answers) for answers in found.answers.values()]
    assert np.median(lengths) == 4
    assert max(lengths) == DRAWS


def test_where_nothing_passes_the_search_ends_and_has_seen_the_best() -> None:
    found = search(SPACE, asker(hopeless), (P,), DRAWS)
    assert found.passed(P) == []
    assert found.ended
    assert any(package[0] == 3 for package in found.front())


def test_within_a_budget_nothing_dearer_is_asked() -> None:
    within = Space(SPACE.costs, budget=50.0)
    found = search(within, asker(pair), (P,), DRAWS)
    assert found.passed(P) == []
    assert max(within.cost(package) for package in found.answers) <= 50.0
    assert within.cost(search(within, asker(routes), (P,), DRAWS).passed(P)[0]) == cheapest(routes)


def test_a_search_that_runs_out_says_so() -> None:
    found = search(SPACE, asker(additive), (P,), DRAWS, most_runs=150)
    assert not found.ended
    assert found.runs < 200


def test_a_budget_of_nothing_leaves_the_product_as_it_is() -> None:
    found = search(Space(((0.0, 1.0),), budget=0.0), asker(lambda package: 0.0), (P,), DRAWS)
    assert list(found.answers) == [(0,)]


def test_too_many_packages_are_refused() -> None:
    with pytest.raises(ValueError, match="are more than"):
        search(Space(((0.0,) * 10,) * 6), asker(pair), (P,), DRAWS)


def test_the_guess_knows_what_it_was_told_and_little_of_what_is_far() -> None:
    at = np.array([[0.0, 0.0], [1.0, 1.0]])
    guess = Guess.fitted(at, np.array([0, 20]), np.array([20, 20]))
    (low, high), (sure, _) = guess.at(at)
    assert low < -0.8 < 0.8 < high
    assert guess.at(np.array([[1.0, 0.0]]))[1][0] > sure
