"""The command: what it prints where, and how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from analysis.cli import app
from sim import running


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def flywheel(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_a_run_ends_with_verdict_tables_and_folder(made_up_runs: list[int]) -> None:
    result = flywheel("run", "sora", "--seeds", "3", "--seed", "4", "--days", "200")
    assert result.exit_code == 0, result.stderr
    assert made_up_runs == [4, 5, 6]
    lines = result.stdout.splitlines()
    assert lines[0].startswith("sora: self-sustaining in 3 of 3 runs (95 % interval 44–100 %)")
    assert "Beside the public figures on the Sora app" in result.stdout
    assert "not fitted" in result.stdout
    assert "operating profit" in result.stdout
    [folder] = Path("runs").iterdir()
    assert lines[-1].endswith(str(folder))
    assert (folder / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_the_output_fits_80_columns(made_up_runs: list[int]) -> None:
    result = flywheel("run", "sora", "--seeds", "2", "--days", "200")
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_json_is_the_only_thing_on_stdout(made_up_runs: list[int]) -> None:
    result = flywheel("run", "sora", "--seeds", "2", "--days", "100", "--json")
    document = json.loads(result.stdout)
    assert document["verdict"].startswith("sora: undetermined")
    assert [summary["seed"] for summary in document["runs"]] == [1, 2]
    assert document["ensemble"]["outcomes"]["undetermined"]["count"] == 2
    assert len(document["public_figures"]) == 18
    assert "seed 2 done, 2 of 2" in result.stderr


def test_json_has_no_public_figures_where_there_is_no_evidence(made_up_runs: list[int]) -> None:
    assert json.loads(flywheel("run", "baseline", "--seeds", "1", "--json").stdout)["public_figures"] == []


def test_quiet_leaves_the_verdict_alone(made_up_runs: list[int]) -> None:
    result = flywheel("run", "baseline", "--seeds", "2", "--days", "100", "--quiet")
    assert result.stderr == ""
    assert " ".join(result.stdout.split()).startswith("baseline: undetermined in 2 of 2 runs")
    assert len(result.stdout.splitlines()) <= 2


def test_the_same_run_again_is_shown_and_not_redone(made_up_runs: list[int]) -> None:
    first = flywheel("run", "baseline", "--seeds", "2")
    again = flywheel("run", "baseline", "--seeds", "2")
    assert again.stdout == first.stdout
    assert "shown, not run again" in again.stderr
    assert made_up_runs == [1, 2]


def test_settings_are_laid_over_the_scenario(made_up_runs: list[int]) -> None:
    result = flywheel(
        "run", "baseline", "--seeds", "1", "--agents", "500", "--set", "steerability=0.25", "--set", "dials.monetization=0", "--json"
    )
    [summary] = json.loads(result.stdout)["runs"]
    assert summary["agents"] == 500
    assert summary["dials"] == {"steerability": 0.25, "monetization": 0, "export_leakage": 0.5}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("run", "nowhere"), "no shipped scenario"),
        (("check", "nowhere"), "no shipped scenario"),
        (("run", "baseline", "--set", "steerabilty=1"), "steerability"),
        (("run", "baseline", "--days", "-5"), "--days"),
        (("run", "baseline", "--seeds", "0"), "--seeds"),
        (("run", "baseline", "--seed", "4294967295"), "4294967296"),
        (("run", "baseline", "--out", "/proc/none/here"), "cannot be written"),
    ],
)
def test_bad_input_is_said_on_stderr_with_exit_2(made_up_runs: list[int], arguments: tuple[str, ...], message: str) -> None:
    result = flywheel(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert made_up_runs == []


def test_a_full_folder_is_bad_input(made_up_runs: list[int], tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("keep")
    assert flywheel("run", "baseline", "--out", str(tmp_path)).exit_code == 2


def test_an_own_failure_is_exit_1(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("books broken on day 3")

    monkeypatch.setattr(running, "simulate", broken)
    result = flywheel("run", "baseline", "--seeds", "1", "--json")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "books broken on day 3" in result.stderr


def interrupted_before_seed_3(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Result:
    """Run a command that is interrupted when the third seed begins."""
    whole = running.simulate

    def interrupted(scenario: object, seed: int) -> object:
        if seed == 3:
            raise KeyboardInterrupt
        return whole(scenario, seed)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(running, "simulate", interrupted)
        return flywheel(*arguments)


def test_ctrl_c_keeps_finished_seeds_and_says_how_to_go_on(made_up_runs: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    result = interrupted_before_seed_3(monkeypatch, "run", "baseline", "--seeds", "4")
    assert result.exit_code == 130
    assert result.stdout == ""
    assert "the same command continues" in result.stderr
    assert flywheel("run", "baseline", "--seeds", "4").exit_code == 0
    assert made_up_runs == [1, 2, 3, 4]


def test_the_tally_after_an_interruption_counts_the_seeds_kept_from_before(
    made_up_runs: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted_before_seed_3(monkeypatch, "run", "baseline", "--seeds", "4", "--days", "100")
    again = flywheel("run", "baseline", "--seeds", "4", "--days", "100")
    assert "seed 3 done, 3 of 4: undetermined 3" in again.stderr
    assert "seed 4 done, 4 of 4: undetermined 4" in again.stderr


def test_few_rows_and_interventions_that_never_happened_are_noted_after_a_run(made_up_runs: list[int]) -> None:
    arguments = ("run", "sora", "--seeds", "2", "--set", "interventions.credits.when=dau < 0")
    result = flywheel(*arguments, "--agents", "9000")
    notes = [line for line in result.stderr.splitlines() if line.startswith("note: ")]
    assert "note: intervention 'credits' never happened in any of 2 runs: 'dau < 0' never held" in notes
    assert notes[-1].startswith("note: 9000 rows are few")
    assert json.loads(flywheel(*arguments, "--agents", "9000", "--json").stdout)["notes"] == [note.removeprefix("note: ") for note in notes]
    assert "rows are few" not in flywheel(*arguments, "--agents", "10000").stderr


def test_ctrl_c_while_loading_is_answered_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.scenario.load_scenario", interrupted)
    assert flywheel("check", "baseline").exit_code == 130


def test_check_prints_the_resolved_scenario_and_where_values_come_from() -> None:
    result = flywheel("check", "sora", "--set", "steerability=0.3")
    assert result.exit_code == 0
    assert "steerability: 0.3" in result.stdout
    assert "--set" in result.stdout
