"""`flywheel run --rerun`, `flywheel report`, and what a run says when it is over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from analysis.cli import app
from sim import results, running
from sim.scenario import Scenario
from tests.made_up import made_up_runs, simulated  # noqa: F401

RUN = ("run", "baseline", "--seeds", "2", "--days", "190", "--out", "kept")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture(autouse=True)
def reports(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Path, str | None]]:
    """Reports are not drawn; where each was asked for, and with which command."""
    asked: list[tuple[Path, str | None]] = []

    def write_report(_: object, folder: Path, command: str | None = None) -> Path:
        asked.append((folder, command))
        return folder / "report.html"

    monkeypatch.setattr("analysis.report.write_report", write_report)
    monkeypatch.setattr("analysis.figures.curves.draw_curves", lambda *_: b"picture")
    return asked


def flywheel(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.fixture
def kept(made_up_runs: list[int]) -> Path:  # noqa: F811
    """A stored run of two seeds."""
    assert flywheel(*RUN).exit_code == 0
    made_up_runs.clear()
    return Path("kept")


def test_a_stored_run_comes_out_the_same(kept: Path, made_up_runs: list[int]) -> None:  # noqa: F811
    before = {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()}
    result = flywheel("run", "--rerun", "kept")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == "baseline: bit-identical, 8 tables of 2 seeds lived again from kept\n"
    assert made_up_runs == [1, 2]
    assert {path: path.read_bytes() for path in kept.rglob("*") if path.is_file()} == before


def test_a_run_that_comes_out_otherwise_is_told_with_the_first_difference(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def one_person_more(scenario: Scenario, seed: int) -> Any:
        tables, summary = simulated(scenario, seed)
        if seed == 2:
            tables["daily"].loc[7, "dau"] += 1.0
        return tables, summary

    monkeypatch.setattr(running, "simulate", one_person_more)
    result = flywheel("run", "--rerun", "kept")
    assert result.exit_code == 1
    assert "not identical, 1 of 8 tables of 2 seeds differ" in result.stdout
    assert "seed 2, daily: column dau, row 7: 300002.0 stored, 300003.0 now" in result.stdout
    assert "a fault of ours" in result.stderr
    document = json.loads(flywheel("run", "--rerun", "kept", "--json").stdout)
    assert document["identical"] is False
    assert [row["table"] for row in document["tables"] if row["first_difference"]] == ["daily"]


def test_a_sign_that_no_comparison_sees_is_a_difference_too(kept: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def minus_zero(scenario: Scenario, seed: int) -> Any:
        tables, summary = simulated(scenario, seed)
        tables["daily"].loc[3, "clips_outside"] = -0.0
        return tables, summary

    monkeypatch.setattr(running, "simulate", minus_zero)
    assert "column clips_outside, row 3: 0.0 stored, -0.0 now" in flywheel("run", "--rerun", "kept").stdout


def test_a_run_of_other_sources_is_refused(kept: Path, made_up_runs: list[int]) -> None:  # noqa: F811
    manifest = json.loads((kept / "manifest.json").read_text(encoding="utf-8"))
    (kept / "manifest.json").write_text(json.dumps(manifest | {"model_digest": "0123456789"}), encoding="utf-8")
    result = flywheel("run", "--rerun", "kept")
    assert result.exit_code == 2
    assert "the model has changed since: its sources were 01234567" in result.stderr
    assert results.model_digest()[:8] in result.stderr
    assert made_up_runs == []


def test_a_manifest_changed_by_hand_is_refused(kept: Path) -> None:
    manifest = json.loads((kept / "manifest.json").read_text(encoding="utf-8"))
    manifest["resolved"]["values"]["people"] = 5e6
    (kept / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    result = flywheel("run", "--rerun", "kept")
    assert result.exit_code == 2
    assert "changed by hand" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--rerun", "nowhere"), "nowhere: is not a folder"),
        (("--rerun", "."), "is not a run folder"),
        (("baseline", "--rerun", "kept"), "SCENARIO cannot be given too"),
        (("--rerun", "kept", "--set", "days=5"), "--set cannot be given too"),
        (("--rerun", "kept", "--seeds", "5"), "--seeds cannot be given too"),
        ((), "which scenario?"),
    ],
)
def test_bad_input_is_exit_2(arguments: tuple[str, ...], message: str) -> None:
    result = flywheel("run", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr


def test_a_run_writes_its_report_and_notes_the_command(kept: Path, reports: list[tuple[Path, str | None]]) -> None:
    assert reports == [(Path("kept"), "flywheel run baseline --seeds 2 --days 190 --out kept")]


def test_a_run_shown_again_keeps_the_report_it_has(kept: Path, reports: list[tuple[Path, str | None]]) -> None:
    (kept / "report.html").write_text("drawn", encoding="utf-8")
    assert "report: kept/report.html" in flywheel(*RUN).stderr
    assert len(reports) == 1


def test_report_makes_it_again(kept: Path, reports: list[tuple[Path, str | None]]) -> None:
    result = flywheel("report", "kept")
    assert result.exit_code == 0
    assert result.stdout == "kept/report.html\n"
    assert reports[1:] == [(Path("kept"), None)]
    assert flywheel("report", "nowhere").exit_code == 2


def test_an_override_that_changes_nothing_is_reported_after_the_run(made_up_runs: list[int]) -> None:  # noqa: F811
    result = flywheel("run", "baseline", "--seeds", "1", "--set", "dials.steerability=0.5")
    assert result.exit_code == 0
    note = "note: --set dials.steerability=0.5 changes nothing"
    assert note in result.stderr
    assert result.stderr.index("seed 1 done") < result.stderr.index(note)
    quiet = flywheel("run", "baseline", "--seeds", "1", "--set", "dials.steerability=0.5", "--quiet")
    assert quiet.stderr == ""
