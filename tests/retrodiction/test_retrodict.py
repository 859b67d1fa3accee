"""`flywheel retrodict`: two small cases run, told and kept; bad input is answered with exit code 2."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

import sim
from analysis.cli import app
from analysis.retrodiction.guide import FOLDER

CASES = sim.shipped_folder() / FOLDER
QUICK = ("lensa", "quibi")
SMALL = ("--seeds", "1", "--agents", "700", "--workers", "1", "--quiet")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of two cases that are run for a year."""
    (tmp_path / "sheets").mkdir()
    for name in QUICK:
        shutil.copy(CASES / "sheets" / f"{name}.yaml", tmp_path / "sheets")
    return tmp_path


def flywheel(*arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error."""
    done = CliRunner().invoke(app, [str(one) for one in arguments])
    return done.exit_code, done.stdout, done.stderr


def test_cases_are_run_told_and_kept_and_a_second_call_says_the_same(folder: Path) -> None:
    out = folder / "kept"
    code, first, _ = flywheel("retrodict", folder, *SMALL, "--out", out, "--json")
    assert code == 0
    told = json.loads(first)
    assert [one["case"] for one in told["cases"]] == list(QUICK)
    assert all(sum(one["shares"].values()) == pytest.approx(1.0) for one in told["cases"])
    assert json.loads((out / "retrodiction.json").read_text(encoding="utf-8")) == told
    assert (out / "retrodiction.svg").read_bytes().startswith(b"<?xml")
    code, again, _ = flywheel("retrodict", folder, *SMALL, "--out", out, "--json")
    assert again == first


def test_code_writes_the_scenarios_of_the_sheets_and_runs_nothing(folder: Path) -> None:
    code, _, err = flywheel("retrodict", folder, "--code")
    assert (code, "2 scenarios are written" in err) == (0, True)
    for name in QUICK:
        assert (folder / f"{name}.yaml").read_bytes() == (CASES / f"{name}.yaml").read_bytes()


@pytest.mark.parametrize("bad", ["no_such_folder", "sheets"])
def test_a_folder_that_holds_no_cases_is_refused(folder: Path, bad: str) -> None:
    code, out, err = flywheel("retrodict", folder / bad)
    assert (code, out) == (2, "")
    assert "no folder" in err or "holds no sheets" in err


def test_rows_too_few_for_the_makers_of_a_case_are_refused_with_its_name(folder: Path) -> None:
    code, out, err = flywheel("retrodict", folder, "--agents", 300)
    assert (code, out) == (2, "")
    assert "case quibi, " in err
    assert not (folder / "runs").exists()


def test_cases_do_not_stand_among_the_shipped_scenarios() -> None:
    assert not set(sim.shipped_names()) & {path.stem for path in CASES.glob("*.yaml")}
