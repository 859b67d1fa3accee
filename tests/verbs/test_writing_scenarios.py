"""`flywheel new`, `diff` and `check`: writing a scenario of one's own and seeing what it changes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import sim
from analysis.cli import app
from analysis.verbs.differences import differences
from analysis.verbs.template import QUESTIONS


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


def flywheel(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize("like", sim.shipped_names())
def test_a_new_scenario_is_valid_and_the_same_world_until_changed(like: str) -> None:
    result = flywheel("new", "mine", "--like", like)
    assert result.exit_code == 0, result.stderr
    assert flywheel("check", "mine.yaml").exit_code == 0
    mine, theirs = sim.load_scenario(Path("mine.yaml")), sim.load_scenario(like)
    moved = {row.path for row in differences(theirs, mine)} - {"question", "evidence"}
    assert {path for path in moved if path not in theirs.derived} == set()


def test_a_new_scenario_tells_what_to_do_next() -> None:
    result = flywheel("new", "my_tool")
    assert "my_tool.yaml is written" in result.stdout
    assert "  flywheel run my_tool.yaml" in result.stdout


def test_each_key_stands_beside_its_question_meaning_range_and_default() -> None:
    flywheel("new", "my_tool", "--like", "sora")
    text = " ".join(re.sub(r"\n +# ", " ", Path("my_tool.yaml").read_text(encoding="utf-8")).split())
    for question, keys in QUESTIONS:
        assert question.split("?")[0][:40] in text
        for key in keys:
            parameter = sim.PARAMETERS[key]
            value = sim.value_text(sim.load_scenario("sora").values[key])
            assert f"{key.rpartition('.')[2]}: {value} # {parameter.meaning}: {sim.legal_phrase(parameter)}" in text
    assert "steerability: 0.05" in text
    assert "a number from 0 to 1; default 0.5" in text
    assert max(map(len, Path("my_tool.yaml").read_text(encoding="utf-8").splitlines())) <= 120


def test_questions_are_about_keys_that_exist_each_once_and_sections_stand_together() -> None:
    keys = [key for _, keys in QUESTIONS for key in keys]
    assert len(keys) == len(set(keys))
    assert set(keys) <= set(sim.PARAMETERS)
    sections = [key.rpartition(".")[0] for key in keys]
    changes = [one for one, before in zip(sections, ["?", *sections], strict=False) if one != before]
    assert len(changes) == len(set(changes))


def test_the_examples_in_a_new_scenario_work_when_uncommented() -> None:
    flywheel("new", "my_tool", "--like", "sora")
    path = Path("my_tool.yaml")
    text = path.read_text(encoding="utf-8")
    head, _, examples = text.partition("# interventions:\n")
    lines = [
        "interventions:",
        *(line.removeprefix("# ").removeprefix("#") for line in examples.splitlines() if not line.startswith("# From")),
    ]
    path.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    names = [one.name for one in sim.load_scenario(path).interventions]
    assert {"price_rise", "austerity"} <= set(names)
    assert "credits" not in names


def test_a_market_of_another_size_has_what_is_fitted_to_it_scaled() -> None:
    result = flywheel("new", "mine", "--like", "sora", "--people", "4.65e6")
    assert result.exit_code == 0, result.stderr
    assert "for another size" not in result.stderr
    mine, theirs = sim.load_scenario("mine.yaml"), sim.load_scenario("sora")
    assert {row.path for row in differences(theirs, mine)} - {"question", "evidence"} == {"people", "watching.attraction_scale"}
    assert (mine.people, mine.values["watching.attraction_scale"]) == (4.65e6, 3.25e5)
    assert not [note for note in mine.notes if "people" in note]
    assert "--people, which scales what is fitted to it" in " ".join(flywheel("new", "other").stderr.split())


def test_a_market_resized_in_the_file_alone_is_noted_with_what_to_set() -> None:
    flywheel("new", "mine", "--like", "sora")
    text = Path("mine.yaml").read_text(encoding="utf-8")
    Path("mine.yaml").write_text(text.replace("people: 46500000", "people: 4650000"), encoding="utf-8")
    assert "set it to about 325000" in flywheel("check", "mine.yaml").stderr


def test_nothing_is_overwritten() -> None:
    Path("mine.yaml").write_text("precious", encoding="utf-8")
    result = flywheel("new", "mine")
    assert result.exit_code == 2
    assert "mine.yaml: is there already" in result.stderr
    assert Path("mine.yaml").read_text(encoding="utf-8") == "precious"


def test_another_folder_can_be_named() -> None:
    Path("inside").mkdir()
    assert flywheel("new", "mine", "--out", "inside").exit_code == 0
    assert sim.load_scenario("inside/mine.yaml").name == "mine"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("My Tool",), "small letters, digits and underscores"),
        (("../escape",), "small letters, digits and underscores"),
        (("sora",), "flywheel new my_sora --like sora"),
        (("mine", "--like", "soar"), "did you mean 'sora'?"),
        (("mine", "--like", "other.yaml"), "no shipped scenario named 'other.yaml'"),
        (("mine", "--out", "nowhere"), "cannot be written"),
        (("mine", "--people", "100"), "--people: 20000 agents are more than the 100 people they stand for"),
        (("mine", "--people", "nan"), "--people: 'people' must be"),
    ],
)
def test_what_cannot_be_written_is_said(arguments: tuple[str, ...], message: str) -> None:
    result = flywheel("new", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert list(Path().iterdir()) == []


def test_diff_shows_values_with_origins() -> None:
    result = flywheel("diff", "sora", "sora_steerable")
    assert result.exit_code == 0
    rows = " ".join(result.stdout.split())
    assert "dials.steerability 0.05 0.85" in rows
    assert "scenarios/sora.yaml:" in rows
    assert "scenarios/sora_steerable.yaml:" in rows
    assert "learning.carry_over 0.05, as dials.steerability 0.85, as dials.steerability" in rows
    assert "adoption" not in rows


def test_diff_shows_interventions_and_gates() -> None:
    rows = {row.path: row for row in differences(sim.load_scenario("sora"), sim.load_scenario("baseline"))}
    assert rows["interventions.quota_cut"].one.text == "day 59, 2025-11-28: making.free_quota_per_day = 6"
    assert rows["interventions.quota_cut"].other.text == "–"
    assert rows["gates.interaction.dials.steerability"].one.text == "0.85"
    assert rows["evidence"].one.text == "sora"
    mended = {row.path: row for row in differences(sim.load_scenario("sora"), sim.load_scenario("sora_three_gates"))}
    assert mended["gates.mended"].other.text == "cost, ecosystem, interaction"
    assert mended["dials.steerability"].other.origin.startswith("gates.interaction")


def test_diff_says_when_there_is_none() -> None:
    Path("same.yaml").write_text(sim.describe_resolved(sim.load_scenario("baseline")), encoding="utf-8")
    result = flywheel("diff", "baseline", "same.yaml")
    assert result.exit_code == 0
    assert result.stdout.startswith("no difference")


def test_diff_of_a_missing_file_is_bad_input() -> None:
    result = flywheel("diff", "sora", "nowhere.yaml")
    assert result.exit_code == 2
    assert "there is no such file" in result.stderr


def test_check_says_after_the_scenario_that_an_override_changes_nothing() -> None:
    result = flywheel("check", "sora", "--set", "dials.steerability=0.05")
    assert result.exit_code == 0
    assert "note: --set dials.steerability=0.05 changes nothing" in result.stderr
