"""The guide is data that a scenario can hold; its pages say what it says; no two questions set the same key."""

from __future__ import annotations

from collections import Counter

import pytest

import sim
from analysis.retrodiction.guide import FOLDER, Question, load_guide
from analysis.retrodiction.guide_page import guide_page, template_page

GUIDE = load_guide()
CASES = sim.shipped_folder() / FOLDER
IN_ORDER = (
    "steerability", "monetization", "export", "way_back", "makers", "first_usable", "effort", "paid_elsewhere", "free_quota",
    "subscription", "store", "advertising", "unit_cost", "delivery", "market", "launch", "marketing", "staff", "own_money", "edge",
)  # fmt: skip
"""Questions whose steps rise in their first key."""


@pytest.mark.parametrize("question", GUIDE, ids=lambda one: one.name)
def test_every_step_is_a_legal_setting_and_sets_the_same_keys_or_fewer(question: Question) -> None:
    for step in question.steps:
        assert step.keys
        assert step.means
        sim.load_scenario("baseline", step.sets)
        assert all(factor > 0.0 for factor in step.times.values())
        assert all(number > 0.0 for number in step.per_person.values())


def test_no_two_questions_set_the_same_key() -> None:
    counts = Counter(key for question in GUIDE for key in question.keys)
    assert [key for key, count in counts.items() if count > 1] == []


def test_steps_rise() -> None:
    for question in GUIDE:
        if question.name in IN_ORDER:
            values = [float(str(step.sets[question.keys[0]])) for step in question.steps]
            assert values == sorted(set(values)), question.name


def test_a_new_draw_at_the_lowest_steerability_is_the_sora_app() -> None:
    steerability = next(question for question in GUIDE if question.name == "steerability")
    assert [step.sets["dials.steerability"] for step in steerability.steps[:4]] == [0.05, 0.2, 0.5, 0.8]
    assert sim.load_scenario("sora").values["dials.steerability"] == 0.05


def test_the_guide_and_the_template_are_up_to_date() -> None:
    again = "python -m analysis.retrodiction.guide_page"
    assert (CASES / "GUIDE.md").read_text(encoding="utf-8") == guide_page(), again
    assert (CASES / "_template.yaml").read_text(encoding="utf-8") == template_page(), again


def test_the_template_asks_every_question_with_every_step() -> None:
    lines = template_page().splitlines()
    for question in GUIDE:
        assert sum(line.startswith(f"  {question.name}: {{step: ") for line in lines) == 1
        assert all(f"  #   {number}  {step.means} ({step.anchors})" in lines for number, step in enumerate(question.steps, start=1))
