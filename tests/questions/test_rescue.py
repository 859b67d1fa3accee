"""The rescue of real, small worlds: what is asked, kept, told, and found again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import sim
from analysis.calibration import load_ensemble
from analysis.cli import app
from analysis.figures.rescue import rescue_figure
from analysis.questions.asking import World
from analysis.questions.lives import Across, Seeded
from analysis.questions.rescue import rescue
from analysis.rescuing.answer import Rescue, of_document

DAYS, AGENTS = 180, 400
SORA = World("sora", days=DAYS, agents=AGENTS)
LEVERS = """
schema: 1
levers:
  control:
    title: control
    direction: up
    source: assumed
    levels: [{set: {dials.steerability: 0.85}, cost_usd: 50e6}]
  cost:
    title: cost of an attempt and advertising
    source: assumed
    levels:
      - times: {compute.first_unit_cost_usd: 0.1, compute.floor_unit_cost_usd: 0.1}
        set: {charging.advertising_usd_per_1000_views: 2}
        cost_usd: 120e6
  decoy:
    title: share of advertising for creators
    source: assumed
    levels: [{set: {creator_pay.share_of_advertising: 0.01}, cost_usd: 1e6}]
"""


@pytest.fixture(scope="module")
def levers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("levers") / "few.yaml"
    file.write_text(LEVERS.lstrip())
    return file


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


def asked(levers: Path, store: Path, seeds: Sequence[int] = range(1, 17), **options: float) -> tuple[Rescue, list[int]]:
    """The answer, and how many runs were made batch by batch."""
    made: list[int] = []
    answer = rescue(
        Seeded(SORA, tuple(seeds)), levers=levers, out=store, workers=1, tell=lambda what, done, total: made.append(done), **options
    )
    return answer, made


def test_small_sora_needs_control_and_cost_and_no_decoy(levers: Path, store: Path) -> None:
    """As the README says of the gates: interaction and cost together, of which the latter is attempts at a tenth and advertising."""
    answer, made = asked(levers, store)
    assert made
    assert answer.kind == "saved"
    assert set(answer.changes["lever"]) == {"control", "cost"}
    assert answer.recommended["low"] >= 0.8
    assert answer.changes["cost_usd"].sum() == answer.recommended["cost_usd"]
    assert set(answer.without["lever"]) == set(answer.changes["lever"])
    assert set(answer.without["verdict"]) == {"needed"}
    assert answer.front["cost_usd"].is_monotonic_increasing
    again = sim.load_scenario("sora", answer.overrides, days=DAYS, agents=AGENTS)
    assert again.values["dials.steerability"] == 0.85


def test_it_goes_on_from_the_store_and_gives_the_same_answer(levers: Path, store: Path) -> None:
    first, _ = asked(levers, store)
    again, made = asked(levers, store)
    assert made == [], "nothing was run again"
    assert again.document() == first.document()


def test_the_document_gives_an_equal_answer_back(levers: Path, store: Path) -> None:
    answer, _ = asked(levers, store)
    document = json.loads(json.dumps(answer.document(), allow_nan=False))
    assert document["holds"] == "flywheel rescue"
    back = of_document(document)
    assert back.document() == answer.document()
    assert (
        back.front.attrs["units"]
        == answer.front.attrs["units"]
        == {
            "cost_usd": "USD",
            "probability": "share",
            "low": "share",
            "high": "share",
        }
    )
    with pytest.raises(ValueError, match="no document"):
        of_document({**document, "schema": 2})


def test_within_a_small_budget_it_cannot_be_saved_and_the_best_is_named(levers: Path, store: Path) -> None:
    answer, _ = asked(levers, store, budget=60e6)
    assert answer.kind == "lost"
    assert answer.finding.startswith("sora cannot be saved with these levers within $60 M: the best is ")
    assert answer.front["cost_usd"].max() <= 60e6


def test_five_seeds_cannot_tell_and_it_says_how_many_could(levers: Path, store: Path) -> None:
    answer, _ = asked(levers, store, range(1, 6))
    assert answer.finding.startswith("Too few draws to tell whether sora can be saved")
    assert "5 draws can never show P to be above 0.8: at least 16 can" in answer.notes


def test_a_world_that_was_saved_needs_no_saving(levers: Path, store: Path) -> None:
    world = World("sora", asked(levers, store)[0].overrides, days=DAYS, agents=AGENTS)
    answer = rescue(Seeded(world, tuple(range(1, 17))), levers=levers, out=store, workers=1)
    assert answer.kind == "needs no saving"
    assert "needs no saving: as it is, it sustains itself in 16 of 16 seeds" in answer.finding
    assert answer.changes.empty
    assert rescue_figure(answer).axes


@pytest.mark.slow
def test_over_an_ensemble_what_the_point_fit_recommends_is_held_to_the_sets(levers: Path, store: Path) -> None:
    ensemble = load_ensemble("sora")
    lives = Across(SORA, ensemble, tuple(ensemble.drawn(6)))
    answer = rescue(lives, levers=levers, out=store, workers=1, most_runs=200)
    assert answer.draws == "sets"
    assert answer.point is not None
    assert answer.point.draws == "seeds"
    assert list(answer.checked["package"]) == list(answer.point.front["package"])
    assert "What the point fit recommends" in answer.finding
    assert of_document(json.loads(json.dumps(answer.document()))).document() == answer.document()
    assert rescue_figure(answer).axes


def test_the_figure_says_the_finding_and_marks_what_is_recommended(levers: Path, store: Path) -> None:
    answer, _ = asked(levers, store)
    figure = rescue_figure(answer)
    texts = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert figure.get_suptitle().replace("\n", " ") == answer.finding
    assert any(text.startswith("asked for: 80 %") for text in texts)
    assert [text for text in texts if answer.recommended["package"][:40] in text]


def flywheel(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["rescue", *arguments])


def test_the_verb_tells_keeps_and_finds_again(levers: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "90")
    arguments = ("sora", "--levers", str(levers), "--days", "20", "--agents", "300", "--seeds", "4", "--workers", "1", "--most-runs", "100")
    result = flywheel(*arguments)
    assert result.exit_code == 0, result.stderr
    assert "sora cannot be saved with these levers: the best is no change" in " ".join(result.stdout.split())
    assert "every cost is the lever file's, and assumed" in result.stderr
    [folder] = Path("runs").iterdir()
    assert (folder / "rescue.png").read_bytes().startswith(b"\x89PNG")
    again = flywheel(*arguments, "--json")
    assert json.loads(again.stdout) == json.loads((folder / "rescue.json").read_text())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("nowhere",), "no shipped scenario"),
        (("sora", "--probability", "1.2"), "no probability to reach"),
        (("sora", "--budget", "-3"), "is no budget"),
        (("sora", "--levers", "nothing"), "no shipped levers 'nothing'"),
        (("sora", "--draws", "5"), "--draws"),
        (("sora", "--ensemble", "sora", "--seeds", "5"), "--seeds"),
    ],
)
def test_bad_input_is_said_with_exit_2(arguments: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = flywheel(*arguments)
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())
    assert list(tmp_path.iterdir()) == []
