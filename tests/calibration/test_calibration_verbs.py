"""The verbs of a calibration, on small worlds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from analysis.cli import app
from tests.calibration.small import write

FIT = ("--search", "16", "--rounds", "1", "--sets", "8", "--last", "16", "--agents", "300", "--workers", "1", "--quiet")


def call(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("verbs")
    done = call("calibrate", "fit", str(write(folder)), *FIT, "--out", str(folder / "out"))
    assert done.exit_code == 0, done.output
    return folder


def test_a_fit_leaves_an_ensemble_tables_and_figures(fitted: Path) -> None:
    names = {path.name for path in (fitted / "out").iterdir()}
    assert {"ensemble.json", "predicted.csv", "parameters.csv", "if_believed.csv", "predicted.png", "parameters.png"} <= names
    document = json.loads((fitted / "out" / "ensemble.json").read_text(encoding="utf-8"))
    assert document["command"].startswith("flywheel calibrate fit ")
    assert len(document["sets"]) == 16


def test_a_scenario_is_run_over_an_ensemble_each_set_with_its_own_seed(fitted: Path) -> None:
    given = ("--ensemble", str(fitted / "out" / "ensemble.json"), "--draws", "6", "--days", "190", "--agents", "200")
    done = call("run", "sora_steerable", *given, "--out", str(fitted / "over"), "--json")
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert sum(row["count"] for row in document["outcomes"]) == 6
    assert all(0.0 <= row["low"] <= row["probability"] <= row["high"] <= 1.0 for row in document["outcomes"])
    again = call("run", "sora_steerable", *given, "--out", str(fitted / "over"), "--json")
    assert json.loads(again.stdout)["figures"] == document["figures"]


def test_what_is_set_by_hand_wins_over_the_ensemble(fitted: Path) -> None:
    from analysis.calibration import jobs_across, load_ensemble  # noqa: PLC0415

    ensemble = load_ensemble(fitted / "out" / "ensemble.json")
    (job, *_) = jobs_across(ensemble, "sora", [0, 0], overrides=["creators_share=0.33"], days=30)
    assert job.scenario.values["creators_share"] == 0.33
    assert job.scenario.values["adoption.buzz_per_day"] == pytest.approx(float(ensemble.values(0)["adoption.buzz_per_day"] or 0))
    one, other = jobs_across(ensemble, "sora", [0, 0], days=30)
    assert one.seed == ensemble.seeds[0] != other.seed


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("calibrate", "fit", "soar"), "there is no such target file"),
        (("calibrate", "fit", "sora", "--search", "100"), "give 64 or 128"),
        (("calibrate", "report", "--ensemble", "nope"), "there is no such ensemble"),
        (("calibrate", "forecast", "sora", "--until", "175"), "leaves no target to score"),
        (("calibrate", "recovery", "sora", "--only", "people_"), "did you mean 'people'?"),
        (("run", "sora", "--draws", "3"), "none is named"),
        (("run", "sora", "--ensemble", "nope"), "there is no such ensemble"),
        (("run", "sora", "--ensemble", "nope", "--seeds", "3"), "each set of an ensemble has a seed of its own"),
        (("run", "--ensemble", "nope"), "which scenario?"),
    ],
)
def test_bad_input_is_answered_with_a_message_and_exit_code_2(
    arguments: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = call(*arguments)
    assert done.exit_code == 2, done.output
    assert said in done.output
    assert "Traceback" not in done.output
    assert not any(tmp_path.iterdir())
