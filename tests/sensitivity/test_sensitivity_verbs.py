"""flywheel sensitivity: what its verbs print and leave, how they go on, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import sim
from analysis import plot, sensitivity
from analysis.cli import app
from analysis.figures.style import as_png
from analysis.questions.asking import World
from analysis.sensitivity.discovering import discovered
from analysis.sensitivity.prior_world import PriorWorld, priors_named
from tests.sensitivity.test_prim import sustained
from tests.sensitivity.toy_worlds import ToyMaker, ToyWorld

PRIORS = """schema: 1
base: sora
priors:
  adoption.buzz_per_day: {log_uniform: [0.001, 0.02], source: a guess}
  dials.steerability: {uniform: [0.1, 0.2], source: a guess}
  rules.watching_reward: {choice: [share, any_view], source: a guess}
"""
WIDER = """schema: 1
base: sora
priors:
  dials.steerability: {uniform: [0, 1], source: all of it}
"""
SMALL = ("--priors", "priors.yaml", "--days", "30", "--agents", "200", "--workers", "1", "--out", "out")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    Path("priors.yaml").write_text(PRIORS, encoding="utf-8")
    Path("wider.yaml").write_text(WIDER, encoding="utf-8")


def flywheel(*arguments: str) -> Result:
    return CliRunner().invoke(app, ("sensitivity", *arguments))


def test_indices_screen_first_and_both_are_kept_and_found_again() -> None:
    done = flywheel("indices", *SMALL, "--points", "8", "--trajectories", "5", "--top", "1")
    assert done.exit_code == 0, done.stderr
    assert "not varied, because 'sora_three_gates' or an override says what they are: dials.steerability" in done.stderr
    assert "'self-sustaining' is left out" in done.stderr
    told = json.loads(Path("out/indices.json").read_text())
    assert told["holds"] == "flywheel sensitivity indices"
    assert told["runs"] == 8 * (1 + 4)
    assert Path("out/indices.png").read_bytes().startswith(b"\x89PNG")
    assert max(map(len, done.stdout.splitlines())) <= 80
    screened = flywheel("screen", *SMALL, "--trajectories", "5")
    assert screened.exit_code == 0, screened.stderr
    assert "\nluck " in screened.stdout
    assert " of 20 runs" not in screened.stderr, "the screening was made for the indices already"
    assert set(pd.read_csv("out/screen.csv")["output"]) == {"users", "cash"}
    again = flywheel("screen", *SMALL, "--trajectories", "5", "--json")
    assert json.loads(again.stdout) == json.loads(Path("out/screen.json").read_text())


def test_ablations_are_told_and_kept() -> None:
    done = flywheel("ablate", "sora_steerable", "--seeds", "5", "--days", "20", "--agents", "200", "--workers", "1", "--out", "out")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.startswith("sora_steerable sustains itself in 0 % of 5 draws")
    assert "network off" in done.stdout
    assert Path("out/ablate.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads(Path("out/ablate.json").read_text())["draws"] == 5


def test_a_region_in_which_nothing_lives_is_refused_with_what_to_do() -> None:
    done = flywheel("region", *SMALL, "--wider", "wider.yaml", "--points", "100")
    assert done.exit_code == 2
    assert "none of 100 worlds sustain themselves: too few to say where" in " ".join(done.stderr.split())
    assert not Path("out/region.json").exists()


def test_each_answer_has_its_picture_the_same_each_time() -> None:
    told = discovered(ToyWorld(4, has_choice=True), "toy", "toy", 512, 1, ToyMaker(lambda point, luck: 1.0, sustained))  # type: ignore[arg-type]
    one, other = (plot.sensitivity(told) for _ in range(2))
    assert as_png(one) == as_png(other)
    assert " ".join(one.get_suptitle().split()) == told.finding


def test_what_is_wider_is_varied_whatever_the_scenario_says_and_instead_of_their_prior() -> None:
    world = World("sora_three_gates", ("creators_share=0.3",), 30, 200)
    both = PriorWorld(world, priors_named("priors.yaml"), priors_named("wider.yaml"))
    assert both.paths == ("dials.steerability", "adoption.buzz_per_day", "rules.watching_reward")
    assert both.left == ()
    [job] = both.jobs(np.array([[0.9, 0.5, 0.9]]), [7])
    assert job.scenario.values["dials.steerability"] == pytest.approx(0.9)
    assert job.scenario.values["rules.watching_reward"] == "any_view"
    assert job.scenario.values["creators_share"] == 0.3
    assert (job.seed, job.scenario.values["days"]) == (7, 30)


def test_what_is_set_by_hand_is_not_drawn() -> None:
    world = World("sora", ("rules.watching_reward=share",), 30, 200)
    drawn = PriorWorld(world, priors_named("priors.yaml"))
    assert drawn.paths == ("adoption.buzz_per_day", "dials.steerability")
    assert drawn.left == ("rules.watching_reward",)
    with pytest.raises(sim.InputError, match="is varied beyond the priors too"):
        PriorWorld(World("sora", ("dials.steerability=0.5",)), priors_named("priors.yaml"), priors_named("wider.yaml"))


def test_the_shipped_wider_priors_make_worlds_at_every_corner() -> None:
    world = PriorWorld(World("sora", (), 30, 200), priors_named("sora"), priors_named("wider"))
    assert len(world.variables) == 41 + 7, "four of the eleven have priors too"
    corners = np.array([[0.0] * 48, [1.0] * 48])
    assert len({job.run for job in world.jobs(corners, [1, 1])}) == 2


def test_the_python_names_are_those_of_the_verbs() -> None:
    assert all(callable(getattr(sensitivity, name)) for name in sensitivity.__all__)
    with pytest.raises(AttributeError):
        _ = sensitivity.frontier


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("screen", "nowhere"), "no shipped scenario"),
        (("screen", "sora", "--priors", "nowhere.yaml"), "there is no such file of priors"),
        (("screen", "--trajectories", "2"), "--trajectories"),
        (("indices", "--only", "dials.steerability", "--priors", "priors.yaml"), "is not unknown here"),
        (
            ("indices", "--only", "adoption.buz_per_day", "--points", "100", "--priors", "priors.yaml"),
            "did you mean 'adoption.buzz_per_day'?",
        ),
        (("indices", "--only", "adoption.buz_per_day", "--points", "100", "--priors", "priors.yaml"), "give 64 or 128"),
        (("ablate", "sora", "--draws", "5"), "--ensemble"),
        (("ablate", "sora", "--set", "steerabilty=1"), "steerability"),
        (("region", "--wider", "nowhere"), "there is no such file of priors"),
        (("region", "--set", "dials.steerability=0.5"), "is varied beyond the priors too"),
    ],
)
def test_bad_questions_are_refused_with_exit_2(arguments: tuple[str, ...], message: str) -> None:
    done = flywheel(*arguments)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert message in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr
