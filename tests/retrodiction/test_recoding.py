"""A second coder: what two codings agree on, and what is said of a file that is none."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import sim
from analysis.retrodiction.guide import load_guide
from analysis.retrodiction.recoding import agreement, recoded
from analysis.retrodiction.sheet import Choice, load_sheets

CASES = sim.shipped_folder() / "cases"


def coding(*steps: int) -> dict[str, dict[str, Choice]]:
    return {"one": {f"q{place}": Choice(step, "") for place, step in enumerate(steps)}}


def test_agreement_is_counted_answer_by_answer_and_the_worst_question_comes_first() -> None:
    found = agreement(coding(1, 2, 3, 4), coding(1, 3, 3, 1))
    assert (found.same, found.within_one) == (0.5, 0.75)
    assert found.by_question["question"].tolist() == ["q3", "q1", "q0", "q2"]
    assert found.by_question["mean_apart"].tolist() == [-3.0, 1.0, 0.0, 0.0]


def test_the_shipped_second_coding_answers_every_question_of_every_case() -> None:
    sheets, questions = load_sheets(CASES, load_guide()), load_guide()
    again, agreed = recoded(sheets, CASES / "second_coding.yaml", questions)
    assert len(agreed.steps) == len(sheets) * len(questions)
    assert [sheet.name for sheet in again] == [sheet.name for sheet in sheets]
    assert any(one.coding != other.coding for one, other in zip(sheets, again, strict=True))
    assert agreed.within_one > agreed.same > 0.0


def test_everything_wrong_with_a_second_coding_is_said_at_once(tmp_path: Path) -> None:
    sheets, questions = load_sheets(CASES, load_guide()), load_guide()
    answers = {sheet.name: {name: {"step": one.step, "because": one.because} for name, one in sheet.coding.items()} for sheet in sheets}
    answers["vine"]["steerability"]["step"] = 9
    del answers["quibi"]["effort"]
    answers["myspace"] = answers.pop("suno")
    path = tmp_path / "second.yaml"
    path.write_text(yaml.safe_dump(answers, sort_keys=False), encoding="utf-8")
    with pytest.raises(sim.InputError) as raised:
        recoded(sheets, path, questions)
    said = str(raised.value)
    wrong = (
        "'coding.steerability.step' must be a whole number",
        "'coding.effort' is missing",
        "unknown key 'myspace'",
        "'suno' is missing",
    )
    for message in wrong:
        assert message in said
