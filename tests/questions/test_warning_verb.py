"""flywheel warn on small worlds: what is drawn, that beginnings are beginnings, what is printed and left, and how it exits."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import sim
from analysis import warn
from analysis.cli import app
from analysis.early_warning.answer import EarlyWarning
from analysis.early_warning.wide import wide
from analysis.experiments import Job, Local, execute
from analysis.questions.asking import World

SMALL = ("--worlds", "80", "--days", "180", "--agents", "300", "--workers", "1")


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    folder = tmp_path_factory.mktemp("warned")
    return folder, flywheel("warn", "sora", *SMALL, "--outcome", "subsidised", "--out", str(folder))


def flywheel(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_a_warning_is_told_and_kept(asked: tuple[Path, Result]) -> None:
    folder, result = asked
    assert result.exit_code == 0, result.stderr
    assert "sora: Early figures tell subsidised from other worlds" in " ".join(result.stdout.split())
    assert "P(subsidised) as measured by then" in " ".join(result.stdout.split())
    assert "still ahead on early days" in result.stderr
    assert (folder / "warn.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((folder / "warn.json").read_text())["worlds"] == 80
    assert set(pd.read_csv(folder / "scores.csv")["day"]) == {7, 14, 30, 60}
    assert set(pd.read_csv(folder / "walls.csv")["day"]) == {7, 14, 30, 60}


def test_a_store_is_taken_as_it_is_and_retention_of_whole_runs_is_not_looked_at(asked: tuple[Path, Result]) -> None:
    folder, _ = asked
    answer = warn(folder / "store", outcome="subsidised", repeats=1)
    assert (answer.worlds, answer.public.empty) == (80, True)
    assert not set(answer.selection["indicator"]) & {"d1", "d7", "d30"}
    assert any("which nobody knows early" in note for note in answer.notes)
    kept = pd.read_csv(folder / "walls.csv").set_index(["day", "indicator"])["threshold"]
    own = answer.walls.set_index(["day", "indicator"])["threshold"]
    assert own.to_dict() == pytest.approx(kept[own.index].to_dict()), "the same worlds, the same first days"


def test_a_short_run_is_the_beginning_of_the_long_one() -> None:
    drawn = wide(World("sora", (), 180, 300), 2, 1)
    jobs = drawn.jobs((30,))
    for whole, short in zip(jobs[180], jobs[30], strict=True):
        long_days, _ = sim.simulate_daily(whole.scenario, whole.seed)
        days, summary = sim.simulate_daily(short.scenario, short.seed)
        pd.testing.assert_frame_equal(days, long_days.iloc[:30])
        assert summary["days_run"] == 30
        family = sim.ScenarioFamily("sora")
        assert family.member(dict(drawn.points[short.point]), days=30, agents=300).digest() == short.scenario.digest()


def test_what_is_drawn_is_wide_fixed_by_the_seed_and_leaves_alone_what_is_set() -> None:
    drawn = wide(World("sora", ("dials.steerability=0.05",), 180, 300), 50, 1)
    assert "dials.steerability" not in drawn.points[0]
    leakage = [float(str(point["dials.export_leakage"])) for point in drawn.points]
    assert min(leakage) < 0.05, "the wider file goes before the priors of Sora, which begin at .5"
    assert max(leakage) > 0.95
    assert drawn.points == wide(World("sora", ("dials.steerability=0.05",), 180, 300), 50, 1).points
    assert drawn.points != wide(World("sora", ("dials.steerability=0.05",), 180, 300), 50, 2).points
    assert len(set(drawn.seeds)) == 50


@pytest.mark.slow
def test_the_same_question_has_the_same_answer_with_any_number_of_workers(tmp_path: Path) -> None:
    one, other = (
        warn(
            "short_video_ads",
            worlds=60,
            days=180,
            agents=200,
            repeats=1,
            outcome="self_sustaining",
            workers=workers,
            out=tmp_path / str(workers),
        )
        for workers in (1, 2)
    )
    assert one.document() == other.document()
    assert one.public.empty, "no public figures describe that world"
    assert isinstance(one, EarlyWarning)


def test_worlds_that_are_all_alike_are_said_to_be(asked: tuple[Path, Result]) -> None:
    folder, _ = asked
    with pytest.raises(sim.InputError, match="none of 80 come to that end: they are all alike"):
        warn(folder / "store", outcome="undetermined")


def stored(folder: Path, days: int, series: tuple[str, ...]) -> Path:
    """A store of two tiny runs."""
    scenario = sim.load_scenario("sora", days=days, agents=200)
    jobs = [Job(0, number, {"world": 1}, scenario, seed) for number, seed in enumerate((1, 2))]
    execute(jobs, folder, name="tiny", series=series, executor=Local(1))
    return folder


def test_a_store_that_lacks_what_is_needed_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(sim.InputError, match=r"did not keep the daily metrics installs: nothing can be told without") as raised:
        warn(stored(tmp_path / "a", 20, ("dau", "makers")))
    assert "accepted_sessions" in str(raised.value)
    with pytest.raises(sim.InputError, match="2 of 2 runs are too short for a verdict"):
        warn(stored(tmp_path / "b", 20, ("dau", "installs")))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere",), "no shipped scenario"),
        (("sora", "--outcome", "alive"), "no outcome 'alive'"),
        (("sora", "--worlds", "3"), "--worlds"),
        (("sora", "--days", "60"), "--days"),
        (("sora", "--set", "steerabilty=1"), "steerability"),
        (("sora", "--priors", "nowhere.yaml"), "nowhere.yaml"),
        ((".",), "is not a store"),
        ((".", "--worlds", "50", "--seed", "2"), "--worlds, --seed: cannot be chosen"),
    ],
)
def test_bad_input_is_said_on_stderr_with_exit_2(
    arguments: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = flywheel("warn", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr
    assert not list(tmp_path.iterdir()), "nothing is half-written"


def test_both_ends_occur_among_the_worlds_that_come_with_it() -> None:
    runs = [sim.simulate_daily(job.scenario, job.seed)[1]["outcome"] for job in wide(World("sora", (), 200, 300), 16, 3).jobs(())[200]]
    assert 0.1 < np.mean([outcome == "self_sustaining" for outcome in runs]) < 0.9
