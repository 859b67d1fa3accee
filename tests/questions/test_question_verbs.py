"""flywheel compare and flywheel frontier: what they print and leave, and how they exit."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner, Result

from analysis.cli import app

SMALL = ("--days", "20", "--agents", "200", "--workers", "1")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def flywheel(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_a_comparison_is_told_kept_and_found_again() -> None:
    result = flywheel("compare", "sora", "sora_steerable", "--seeds", "5", *SMALL)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("sora_steerable beside sora: the outcome is the same in all 5 pairs")
    assert "retention D7" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    [folder] = Path("runs").iterdir()
    assert folder.name.startswith("compare-sora-sora_steerable-")
    assert (folder / "comparison.png").read_bytes().startswith(b"\x89PNG")
    assert set(pd.read_csv(folder / "daily.csv").columns) == {"day", "metric", "mean_a", "mean_b", "difference", "low", "high"}
    again = flywheel("compare", "sora", "sora_steerable", "--seeds", "5", *SMALL, "--json")
    assert json.loads(again.stdout) == json.loads((folder / "comparison.json").read_text())
    assert "of 10 runs" not in again.stderr, "nothing was run again"


def test_a_frontier_is_told_and_kept() -> None:
    result = flywheel(
        "frontier", "sora", "--x", "steerability", "--y", "monetization", "--outcome", "undetermined", "--budget", "8", "--out", "f", *SMALL
    )
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("sora: undetermined in more than half of the runs at monetization 0 everywhere")
    assert "8 runs" in result.stderr
    assert len(pd.read_csv("f/runs.csv")) == 8
    assert json.loads(Path("f/frontier.json").read_text())["panels"][0]["runs"] == 8
    assert Path("f/frontier.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("compare", "sora", "nowhere"), "no shipped scenario"),
        (("compare", "sora", "baseline", "--seeds", "0"), "--seeds"),
        (("compare", "sora", "baseline", "--set", "steerabilty=1"), "steerability"),
        (("compare", "sora", "baseline", "--out", "/proc/none/here"), "cannot be written"),
        (("frontier", "sora", "--x", "steerabilty"), "did you mean 'dials.steerability'?"),
        (("frontier", "sora", "--x", "steerability", "--facet", "export_leakage=0"), "give --y too"),
        (("frontier", "nowhere", "--x", "steerability"), "no shipped scenario"),
        (("frontier", "sora", "--x", "steerability", "--outcome", "alive"), "no outcome 'alive'"),
        (("frontier", "sora", "--x", "steerability", "--budget", "3"), "--budget"),
    ],
)
def test_bad_input_is_said_on_stderr_with_exit_2(arguments: tuple[str, ...], message: str) -> None:
    result = flywheel(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
