"""Scores on predictions whose scores are known."""

from __future__ import annotations

import dataclasses
import io

import pytest
from rich.console import Console

import sim
from analysis.printing_retrodiction import print_retrodiction
from analysis.retrodiction import scores
from analysis.retrodiction.guide import FOLDER, load_guide
from analysis.retrodiction.retrodict import Prediction, makers_pay, retrodiction
from analysis.retrodiction.sheet import load_sheets

GUIDE = load_guide()
SHEETS = load_sheets(sim.shipped_folder() / FOLDER, GUIDE)
PERFECT = tuple(Prediction(sheet, {sheet.outcomes[0]: 1.0}, None, 0.5 if "self_sustaining" in sheet.outcomes else 0.1) for sheet in SHEETS)


def test_balanced_accuracy_counts_classes_alike() -> None:
    assert scores.balanced_accuracy(["a", "a", "a", "b"], [True, True, True, False]) == 0.5
    assert scores.balanced_accuracy(["a", "b"], [True, True]) == 1.0


def test_the_interval_of_a_rule_that_is_always_right_is_a_point_and_of_others_holds_the_score() -> None:
    known = ["a"] * 6 + ["b"] * 5
    assert scores.bootstrap_interval(known, [True] * 11) == (1.0, 1.0)
    right = [True, False] * 5 + [True]
    low, high = scores.bootstrap_interval(known, right)
    assert low < scores.balanced_accuracy(known, right) < high


def test_the_brier_score_is_none_for_the_truth_and_two_for_its_contrary() -> None:
    assert scores.brier([{"fading": 1.0}], [("fading",)]) == 0.0
    assert scores.brier([{"shutdown": 1.0}], [("fading",)]) == 2.0
    assert scores.brier([{"fading": 0.5, "harvest": 0.5}], [("fading", "harvest")]) == 0.0
    assert scores.brier([dict.fromkeys(("a", "b", "c", "d", "e", "f"), 1 / 6)], [("a",)]) == pytest.approx(25 / 36 + 5 / 36)


def test_a_coin_has_a_quarter() -> None:
    assert scores.brier_of_event([0.5, 0.5], [True, False]) == 0.25


def test_reliability_pools_what_was_said_and_what_was() -> None:
    assert scores.reliability([0.0, 0.1, 0.9, 1.0], [False, True, True, True]) == [
        (0.0, 0.2, 2, pytest.approx(0.05), 0.5),
        (0.8, 1.0, 2, pytest.approx(0.95), 1.0),
    ]


def test_the_majority_is_told_from_the_others_alone() -> None:
    labels = ["a", "a", "b"]
    assert scores.leave_one_out(3, lambda others, _: scores.majority([labels[place] for place in others])) == ["a", "a", "a"]
    assert scores.leave_one_out(2, lambda others, _: scores.majority([labels[place + 1] for place in others])) == ["b", "a"]


def test_a_threshold_is_learned_from_the_others_and_tells_what_is_beyond_it() -> None:
    values, happened = [0.1, 0.2, 0.4, 0.5, 0.15, None], [False, False, True, True, False, False]
    rule = scores.by_threshold(values, happened)
    assert [rule([other for other in range(6) if other != place], place) for place in range(6)] == [False, False, True, True, False, False]


def test_a_threshold_that_does_not_see_the_case_can_be_wrong_about_it() -> None:
    values, happened = [0.1, 0.9, 0.2, 0.8], [False, True, False, False]
    assert scores.by_threshold(values, happened)([0, 1, 2], 3) is True


def test_perfect_predictions_have_perfect_scores() -> None:
    result = retrodiction(PERFECT, GUIDE)
    assert (result.accuracy, result.interval, result.brier, result.brier_sustained) == (1.0, (1.0, 1.0), 0.0, 0.0)
    rules = {rule.rule: rule.accuracy for rule in result.rules}
    assert rules["the model"] == 1.0
    assert rules["simulated D30 alone"] == 1.0
    assert rules["makers pay"] < 1.0


@pytest.mark.parametrize("name", ["vine", "suno"])
def test_a_swapped_label_changes_the_scores(name: str) -> None:
    swapped = []
    for one in PERFECT:
        other = ("vestigial",) if one.sheet.name == name else one.sheet.outcomes
        swapped.append(dataclasses.replace(one, sheet=dataclasses.replace(one.sheet, outcomes=other)))
    result = retrodiction(swapped, GUIDE)
    assert result.accuracy < 1.0
    assert result.brier > 0.1


def test_a_miss_is_printed_with_what_the_model_cannot_express_and_few_cases_are_called_few() -> None:
    missed = dataclasses.replace(PERFECT[0], shares={"shutdown": 1.0}, closing=(400.0, 410.0, 420.0))
    page = io.StringIO()
    print_retrodiction(Console(file=page, width=100), retrodiction((missed, *PERFECT[1:]), GUIDE))
    said = page.getvalue()
    assert "10 of 11 ends told" in said
    assert f"{missed.sheet.product}: {missed.sheet.cannot_express[0]}" in said
    assert PERFECT[1].sheet.cannot_express[0] not in said
    assert "day 410" in said
    assert "11 cases are few" in said


def test_makers_pay_where_they_are_sold_something() -> None:
    paying = {sheet.name for sheet in SHEETS if makers_pay(sheet, GUIDE)}
    assert paying == {"midjourney", "suno", "pika", "lensa", "roblox"}
