"""`flywheel run --from FOLDER@DAY`: a stored run taken up on a day and lived on otherwise, its past the same bit by bit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import sim
from analysis.cli import app
from analysis.verbs.branching import Branch, same_past


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("analysis.report.write_report", lambda *_, **__: Path("report.html"))
    monkeypatch.setattr("analysis.figures.curves.draw_curves", lambda *_: b"picture")


def flywheel(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.fixture
def base() -> sim.Run:
    return sim.run("sora", seeds=2, days=80, agents=600, out="base")


def test_a_branch_has_the_past_of_the_run_it_leaves_and_another_future(base: sim.Run) -> None:
    result = flywheel("run", "--from", "base@50", "--set", "steerability=0.9", "--out", "branch")
    assert result.exit_code == 0, result.output
    assert "days 0 to 49 as in base, bit by bit (2 of 2 seeds are in both)" in result.stderr
    branch = sim.open_run("branch")
    assert branch.seeds == base.seeds
    before = [run.daily[run.daily["day"] < 50].reset_index(drop=True) for run in (base, branch)]
    assert before[0].equals(before[1])
    assert not base.daily.equals(branch.daily)
    assert branch.scenario["interventions"]["from_day_50"]["set"] == {"dials.steerability": 0.9}


def test_a_branch_without_a_change_is_the_run_itself(base: sim.Run) -> None:
    assert flywheel("run", "--from", "base@50", "--out", "same", "--quiet").exit_code == 0
    assert sim.open_run("same").daily.equals(base.daily)


def test_a_branch_takes_the_seeds_it_is_given(base: sim.Run) -> None:
    result = flywheel("run", "--from", "base@3", "--seed", "2", "--seeds", "2", "--set", "monetization=1", "--json")
    assert json.loads(result.stdout)["ensemble"]["seeds"] == [2, 3]
    assert "1 of 2 seeds are in both" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "base"), "--from base: this is not of the form FOLDER@DAY"),
        (("--from", "base@day"), "this is not of the form FOLDER@DAY"),
        (("--from", "base@80"), "day 80: the run has the days 0 to 79"),
        (("--from", "elsewhere@3"), "elsewhere: is not a folder"),
        (("sora", "--from", "base@3"), "SCENARIO cannot be given too"),
        (("--from", "base@3", "--agents", "9"), "--agents cannot be given too"),
        (("--from", "base@3", "--set", "people=9"), "'people' cannot change while the world runs"),
        (("--from", "base@3", "--days", "200"), "the run cannot be made longer"),
    ],
)
def test_what_cannot_be_taken_up_is_said(base: sim.Run, arguments: tuple[str, ...], said: str) -> None:
    result = flywheel("run", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr


def test_a_past_that_is_not_the_same_is_a_failure_of_ours(base: sim.Run) -> None:
    other = sim.run("sora", overrides={"dials.steerability": 0.9}, seeds=2, days=80, agents=600)
    with pytest.raises(RuntimeError, match="days 0 to 49 of seed 1 are not those of base"):
        same_past(Branch(base, 50, sim.load_scenario("sora"), base.seeds), other)
