"""Inputs that once ended in a traceback, a lost file or a garbled place: each is refused with exit code 2 before anything runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

import sim
from analysis.cli import app

SHEETS = sim.shipped_folder() / "cases" / "sheets"
ENSEMBLE = sim.shipped_folder() / "calibration" / "sora_ensemble.json"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def flywheel(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize(
    "command",
    [("run", "sora"), ("compare", "sora", "sora_steerable"), ("falsifiers",), ("validate", "diffusion"), ("retrodict", "cases")],
    ids=lambda command: command[0],
)
def test_more_seeds_than_anybody_needs_are_refused_before_they_are_counted_out(command: tuple[str, ...]) -> None:
    shutil.copytree(SHEETS, "cases/sheets")
    result = flywheel(*command, "--seeds", "99999999999")
    assert result.exit_code == 2, result.output
    assert "99999999999 seeds" in result.stderr


def test_a_place_on_line_100_is_no_picture() -> None:
    Path("long.yaml").write_text("schema: 1\nquestion: What?\n" + "\n" * 97 + "bogus: 1\n", encoding="utf-8")
    assert "long.yaml:100:1: unknown key 'bogus'" in flywheel("check", "long.yaml").stderr


def test_one_case_alone_is_refused() -> None:
    Path("cases/sheets").mkdir(parents=True)
    shutil.copy(SHEETS / "vine.yaml", "cases/sheets")
    result = flywheel("retrodict", "cases", "--seeds", "1", "--agents", "100")
    assert result.exit_code == 2
    assert "holds one case only" in result.stderr


def test_a_scenario_that_somebody_wrote_is_not_overwritten() -> None:
    shutil.copytree(SHEETS, "cases/sheets")
    Path("cases/vine.yaml").write_text("mine\n", encoding="utf-8")
    result = flywheel("retrodict", "cases", "--code")
    assert result.exit_code == 2
    assert "was not made from a sheet, and would be lost" in result.stderr
    assert Path("cases/vine.yaml").read_text(encoding="utf-8") == "mine\n"
    assert [path.name for path in Path("cases").glob("*.yaml")] == ["vine.yaml"]


def test_a_page_that_cannot_be_written_is_refused_before_the_worlds_are_lived() -> None:
    for place in (".", "nowhere/page.md"):
        result = flywheel("falsifiers", "--out", place, "--seeds", "1", "--agents", "100")
        assert result.exit_code == 2
        assert "world 1" not in result.stderr


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"observables": None}, "'observables' is not a list of names"),
        ({"parameters": None}, "'parameters' is not a list of names"),
        ({"targets": None}, "'targets' is not a name"),
        ({"parameters": ["nope"]}, "there is no parameter 'nope'"),
    ],
)
def test_an_ensemble_that_was_changed_by_hand_is_refused_by_its_name(changed: dict[str, Any], said: str) -> None:
    Path("mine.json").write_text(json.dumps(json.loads(ENSEMBLE.read_text(encoding="utf-8")) | changed), encoding="utf-8")
    result = flywheel("calibrate", "report", "--ensemble", "mine.json")
    assert result.exit_code == 2
    assert "mine.json" in result.stderr
    assert said in result.stderr
