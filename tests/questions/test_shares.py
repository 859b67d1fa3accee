"""Fair shares and interactions: toy games whose values are known exactly, and who is named as carrying the whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import permutations

import numpy as np
import pytest

from analysis.postmortem.shares import SHARE, TOGETHER, WHOLE, Coalition, Floats, carriers, coalitions, dividends, parts, shapley
from analysis.questions.intervals import FEWEST_RUNS

THREE = ("a", "b", "c")
DRAWS = 20


def game(players: tuple[str, ...], worth: Callable[[Coalition], float]) -> dict[Coalition, Floats]:
    """The same worth in each draw."""
    return {coalition: np.full(DRAWS, worth(coalition)) for coalition in coalitions(players)}


def exact(players: tuple[str, ...], worths: Mapping[Coalition, Floats]) -> dict[str, float]:
    """The Shapley value of each player in the first draw."""
    return {player: float(share[0]) for player, share in shapley(players, dividends(players, worths)).items()}


@pytest.mark.parametrize(
    ("worth", "expected"),
    [
        # a has a left glove, b and c a right one each: a pair is worth 1 (Shapley value 2/3, 1/6, 1/6)
        (lambda s: float("a" in s and ("b" in s or "c" in s)), {"a": 2 / 3, "b": 1 / 6, "c": 1 / 6}),
        # two of three votes decide
        (lambda s: float(len(s) >= 2), {"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}),
        # a and b only together, c does nothing
        (lambda s: float("a" in s and "b" in s), {"a": 1 / 2, "b": 1 / 2, "c": 0.0}),
        # each brings its own, whatever the others do, over a base that is not zero
        (lambda s: 7.0 + 3.0 * ("a" in s) - 2.0 * ("b" in s) + 0.25 * ("c" in s), {"a": 3.0, "b": -2.0, "c": 0.25}),
    ],
    ids=["gloves", "majority", "two that interact", "additive"],
)
def test_shares_of_known_games_are_exact(worth: Callable[[Coalition], float], expected: dict[str, float]) -> None:
    assert exact(THREE, game(THREE, worth)) == pytest.approx(expected, abs=1e-15)


def test_dividends_of_known_games_are_exact() -> None:
    gloves = dividends(THREE, game(THREE, lambda s: float("a" in s and ("b" in s or "c" in s))))
    named = {"".join(coalition): float(values[0]) for coalition, values in gloves.items()}
    assert named == {"a": 0.0, "b": 0.0, "c": 0.0, "ab": 1.0, "ac": 1.0, "bc": 0.0, "abc": -1.0}


@pytest.mark.parametrize("players", [("a",), ("a", "b"), THREE, ("a", "b", "c", "d")])
def test_shares_and_dividends_sum_to_the_whole_in_every_draw(players: tuple[str, ...]) -> None:
    luck = np.random.default_rng(len(players))
    worths = {coalition: luck.normal(size=DRAWS) for coalition in coalitions(players)}
    whole = worths[players] - worths[()]
    brought = dividends(players, worths)
    assert np.sum(list(brought.values()), axis=0) == pytest.approx(whole, abs=1e-13)
    assert np.sum(list(shapley(players, brought).values()), axis=0) == pytest.approx(whole, abs=1e-13)


def test_shares_are_the_mean_over_all_orders_of_coming() -> None:
    luck = np.random.default_rng(5)
    worths = {coalition: luck.normal(size=DRAWS) for coalition in coalitions(THREE)}
    by_orders = dict.fromkeys(THREE, 0.0)
    for coming in permutations(THREE):
        for place, player in enumerate(coming):
            before, after = (tuple(one for one in THREE if one in coming[:end]) for end in (place, place + 1))
            by_orders[player] += float((worths[after] - worths[before]).mean()) / 6.0
    shares = shapley(THREE, dividends(THREE, worths))
    assert {player: float(share.mean()) for player, share in shares.items()} == pytest.approx(by_orders, abs=1e-14)


def test_the_one_that_carries_it_is_named_although_luck_is_large() -> None:
    luck = np.random.default_rng(1).normal(size=DRAWS)
    assert carriers({"a": 5.0 * luck + 10.0, "b": 5.0 * luck + 8.0, "c": np.zeros(DRAWS)}, 18.0) == ("a",), "the luck is shared"
    assert carriers({"a": -5.0 + luck, "b": np.zeros(DRAWS)}, -5.0) == ("a",), "a loss has its carrier too"


def test_those_that_cannot_be_told_apart_are_named_together() -> None:
    one, other, third = np.random.default_rng(2).normal(size=(3, DRAWS))
    assert carriers({"a": 10.0 + 4.0 * one, "b": 10.0 + 4.0 * other, "c": 0.1 * third}, 20.0) == ("a", "b")


def test_nobody_is_named_where_nothing_can_be_told() -> None:
    luck = np.random.default_rng(3).normal(size=DRAWS)
    assert carriers({"a": luck - luck.mean(), "b": np.zeros(DRAWS)}, 0.001) == ()
    assert carriers({"a": np.zeros(DRAWS), "b": np.zeros(DRAWS)}, 0.0) == ()
    assert carriers({"a": np.ones(FEWEST_RUNS - 1), "b": np.zeros(FEWEST_RUNS - 1)}, 1.0) == ()


def test_the_table_of_parts_has_every_share_every_dividend_and_the_whole() -> None:
    luck = np.random.default_rng(4)
    worths = {coalition: luck.normal(len(coalition), 1.0, DRAWS) for coalition in coalitions(THREE)}
    found = parts(THREE, {"users": worths, "profit": game(THREE, len)})
    assert found.groupby("kind").size().to_dict() == {SHARE: 6, TOGETHER: 14, WHOLE: 2}
    for measure in ("users", "profit"):
        rows = found[found["outcome"] == measure]
        whole = float(rows.loc[rows["kind"] == WHOLE, "value"].iloc[0])
        for kind in (SHARE, TOGETHER):
            assert rows.loc[rows["kind"] == kind, "value"].sum() == pytest.approx(whole, abs=1e-12)
    assert (found["low"] <= found["value"] + 1e-12).all()
    assert (found["value"] <= found["high"] + 1e-12).all()


def test_few_draws_have_no_intervals() -> None:
    few = {coalition: np.full(FEWEST_RUNS - 1, float(len(coalition))) for coalition in coalitions(THREE)}
    assert parts(THREE, {"p": few})["low"].isna().all()


@pytest.mark.slow
def test_the_intervals_of_shares_hold_the_truth_about_as_often_as_they_say() -> None:
    """A share whose true value is 1 with the luck of 20 draws: 95 % intervals, 200 times."""
    held = 0
    for number in range(200):
        luck = np.random.default_rng(number)
        worths = {coalition: luck.normal(float(len(coalition)), 1.0, DRAWS) for coalition in coalitions(THREE)}
        row = parts(THREE, {"users": worths}).iloc[0]
        held += row["low"] <= 1.0 <= row["high"]
    assert 0.88 <= held / 200 <= 0.99
