"""flywheel deadline: a simulated world whose last day is known by construction, its messages, and what it leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import sim
from analysis import plot
from analysis.cli import app
from analysis.postmortem.deadline_words import ALWAYS, FEW, FOUND, NEVER, NO_SAVING
from analysis.postmortem.fixes import overrides_of
from analysis.questions.asking import World
from analysis.questions.deadline import SERIES, Deadline, of_document, sought
from analysis.questions.lives import Seeded
from analysis.questions.making import Maker, making

CLOSED_ON = 60
WORLD = f"""schema: 1
question: Until when can the rent still be cut?
extends: baseline
days: 180
agents: 300
people: 46.5e6
adoption: {{buzz_per_day: 0.01}}
operator: {{fixed_usd_per_day: 500e6}}
parent: {{budget_usd: 1e12, stop_loss_usd: null}}
dials: {{steerability: 0.85, export_leakage: 0.1, monetization: 0.3}}
compute: {{first_unit_cost_usd: 0.02, floor_unit_cost_usd: 0.002}}
charging: {{advertising_usd_per_1000_views: 4}}
gates:
  cost: {{operator.fixed_usd_per_day: 20e3}}
interventions:
  given_up:
    when: cumulated_loss_usd > {(CLOSED_ON - 0.5) * 500e6:.0f}
    close: true
"""
"""A sound product with a rent so large that the day it is given up is that of the rent paid, whatever else happens."""
RENT = "operator.fixed_usd_per_day=20e3"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The world as a file."""
    path = tmp_path_factory.mktemp("world") / "rent.yaml"
    path.write_text(WORLD)
    return path


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maker]:
    """One worker for all worlds."""
    with making(tmp_path_factory.mktemp("runs"), SERIES, 1, None) as made:
        yield made


def ask(path: Path, maker: Maker, *fix: str, seeds: int = 5, overrides: tuple[str, ...] = ()) -> Deadline:
    """The deadline of a fix."""
    return sought(Seeded(World(path, overrides), tuple(range(1, seeds + 1))), fix, maker, judged_after=180)


@pytest.fixture(scope="module")
def found(path: Path, maker: Maker) -> Deadline:
    return ask(path, maker, "gate:cost")


def test_the_day_known_by_construction_is_found(found: Deadline) -> None:
    assert found.state == FOUND
    assert found.day == pytest.approx(CLOSED_ON, abs=3.0)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= found.day <= found.high
    assert found.finding.startswith(f"rent: the fix saves more often than not until day {found.day:.0f} (")
    assert found.as_it_is == 0


def test_an_answer_comes_back_from_its_document(found: Deadline) -> None:
    again = of_document(json.loads(json.dumps(found.document(), allow_nan=False)))
    assert again.document() == found.document()
    assert again.curve.equals(found.curve)
    assert again.curve.attrs["units"] == found.curve.attrs["units"]
    with pytest.raises(sim.InputError, match="not what `flywheel deadline` of this version writes"):
        of_document(found.document() | {"schema": 2})


def test_the_figure_says_the_day(found: Deadline) -> None:
    figure = plot.deadline(found)
    assert " ".join(figure.get_suptitle().split()) == found.finding
    [label] = [text.get_text() for text in figure.axes[0].texts]
    assert label.startswith(f"day {found.day:.0f}, ")


def test_a_fix_that_never_saves_is_said_to_be_too_late_on_any_day(path: Path, maker: Maker) -> None:
    answer = ask(path, maker, "operator.fixed_usd_per_day=400e6")
    assert answer.state == NEVER
    assert answer.finding == "rent: the fix comes too late on any day: even on day 0 it saves 0 % (0–43) of 5 seeds"
    assert answer.day == 0.0


def test_a_world_that_is_never_closed_gives_the_fix_time(path: Path, maker: Maker) -> None:
    patient = ("interventions.given_up=null", "days=40")
    answer = ask(path, maker, RENT, overrides=patient)
    assert answer.state == ALWAYS
    assert answer.day is None
    assert "needs no hurry: even on day 39" in answer.finding
    assert plot.deadline(answer).axes


def test_a_world_that_sustains_itself_needs_no_fix(path: Path, maker: Maker) -> None:
    answer = ask(path, maker, "charging.advertising_usd_per_1000_views=5", overrides=(RENT, "days=30"))
    assert answer.state == NO_SAVING
    assert answer.finding == "rent: it needs no saving: self-sustaining as it is in 5 of 5 seeds"


def test_two_draws_are_too_few(path: Path, maker: Maker) -> None:
    answer = ask(path, maker, RENT, seeds=2, overrides=("days=10",))
    assert answer.state == FEW
    assert answer.finding == "rent: 2 seeds are too few to tell until when the fix saves; 5 or more are needed"
    assert (answer.low, answer.high) == (None, None)


def test_a_fix_that_the_scenario_sets_too_comes_a_day_later_and_says_so(path: Path, maker: Maker) -> None:
    rising = path.with_name("rising.yaml")
    rising.write_text(path.read_text() + "  rise: {day: 0, set: {operator.fixed_usd_per_day: 600e6}}\n")
    answer = ask(rising, maker, "fixed_usd_per_day=20e3", overrides=("days=3",))
    assert any("is set by rise too" in note for note in answer.notes)
    assert answer.curve["saved"].tolist() == [5.0, 5.0, 5.0]


def test_a_fix_may_be_gates_and_settings_together() -> None:
    sora = sim.load_scenario("sora")
    assert overrides_of(("gate:interaction", "charging.credit_usd_per_attempt=0"), sora) == (
        "dials.steerability=0.85",
        "charging.credit_usd_per_attempt=0",
    )
    assert len(overrides_of(("gate:all",), sora)) == 6


@pytest.mark.parametrize(
    ("arguments", "messages"),
    [
        (("sora",), ["--fix: which fix?", "gate:interaction,cost"]),
        (
            ("sora", "--fix", "gate:price", "--fix", "cheap"),
            ["'sora' does not say what mends the gate 'price'", "it mends", "this sets nothing"],
        ),
        (("sora", "--fix", "gate:"), ["which gates?"]),
        (("paid_tool", "--fix", "gate:cost"), ["'paid_tool' does not say what mends the gate 'cost'", "`gates: {cost: ...}`"]),
        (("sora", "--fix", "people=1e6"), ["--fix people=1e6: 'people' cannot change while the world runs"]),
        (("sora", "--fix", "dials.steerabilty=1"), ["unknown path 'dials.steerabilty'", "did you mean 'dials.steerability'?"]),
        (("sora", "--fix", "gate:cost", "--judged-after", "90"), ["90 days are too few: a verdict needs 180"]),
        (("nowhere", "--fix", "gate:cost"), ["no shipped scenario"]),
    ],
)
def test_bad_input_is_said_with_exit_2(
    arguments: tuple[str, ...], messages: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = flywheel("deadline", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    for message in messages:
        assert message in result.stderr
    assert not Path("runs").exists(), "nothing half-written"


def flywheel(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_the_verb_tells_keeps_and_finds_its_runs_again(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    common = ("deadline", str(path), "--fix", RENT, "--seeds", "2", "--days", "3", "--agents", "300", "--judged-after", "180")
    result = flywheel(*common, "--workers", "1", "--out", "kept")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("rent: 2 seeds are too few to tell until when the fix saves")
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "fix on day 2: 2 of 2 saved" in result.stderr
    assert {path.name for path in Path("kept").iterdir()} == {"deadline.json", "deadline.png", "curve.csv", "store"}
    stored = {part.name for part in Path("kept/store").rglob("*") if part.is_file()}
    again = flywheel(*common, "--workers", "1", "--out", "kept", "--json")
    assert json.loads(again.stdout) == json.loads(Path("kept/deadline.json").read_text())
    assert {part.name for part in Path("kept/store").rglob("*") if part.is_file()} == stored, "nothing was run again"
