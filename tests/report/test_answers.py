"""Questions asked about a run's world stand in its report, where they were kept in its folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim
from analysis import economics
from analysis.report import write_report
from analysis.report.answers import QUESTIONS
from tests.report.conftest import Page


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small stored run."""
    folder = tmp_path_factory.mktemp("answers") / "run"
    sim.run("sora", agents=600, days=60, seeds=1, out=folder)
    return folder


def page(folder: Path) -> Page:
    return Page(write_report(sim.open_run(folder), folder).read_text(encoding="utf-8"))


def test_an_answer_in_the_folder_of_its_verb_is_told_with_its_figure_and_tables(folder: Path) -> None:
    answer = economics(folder)
    sim.write_json(folder / "economics" / "economics.json", answer.document())
    shown = page(folder)
    [section] = [one for one in shown.all("section") if one.attributes.get("id") == "economics"]
    assert answer.finding in " ".join(section.text.split())
    assert all(sentence in " ".join(section.text.split()) for sentence in answer.findings)
    assert "Tables of this answer" in section.text
    assert (folder / "figures" / "economics.svg").exists()
    assert [one for one in shown.all("a") if one.attributes["href"] == "#economics"]


def test_an_answer_about_another_scenario_is_left_out(folder: Path) -> None:
    document = json.loads((folder / "economics" / "economics.json").read_text(encoding="utf-8"))
    sim.write_json(folder / "economics" / "economics.json", document | {"scenario": "another"})
    assert not [one for one in page(folder).all("section") if one.attributes.get("id") == "economics"]


def test_every_question_has_a_section_of_its_own() -> None:
    assert [question.verb for question in QUESTIONS] == ["explain", "rescue", "deadline", "warn", "economics"]
    assert len({question.heading for question in QUESTIONS}) == len(QUESTIONS)
