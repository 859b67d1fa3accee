"""flywheel explain: planted causes are named in simulated worlds, its messages, and what it leaves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

import sim
from analysis import explain, plot
from analysis.cli import app
from analysis.figures.style import as_png
from analysis.postmortem.explain_words import CANNOT_TELL, NO_SAVING, NOT_SAVED, TOLD, cause, state
from analysis.postmortem.shares import SHARE, TOGETHER, WHOLE, coalitions, parts
from analysis.questions.asking import World
from analysis.questions.explain import MEASURES, SERIES, WORLDS, Explanation, explained, of_document
from analysis.questions.lives import Seeded
from analysis.questions.making import Maker, making
from analysis.questions.tables import table

WORLD = """schema: 1
question: Which gate is broken?
extends: baseline
days: 180
agents: 400
people: 46.5e6
adoption: {{buzz_per_day: 0.01}}
publishing: {{overlap: 1}}
creators: {{status_usd: 0}}
operator: {{fixed_usd_per_day: 20e3}}
parent: {{stop_loss_usd: null}}
dials: {{steerability: {steerability}, export_leakage: {leakage}, monetization: {monetization}}}
compute: {{first_unit_cost_usd: {cost}, floor_unit_cost_usd: 0.002}}
charging: {{advertising_usd_per_1000_views: 4}}
gates:
  interaction: {{dials.steerability: 0.5}}
  ecosystem: {{dials.export_leakage: 0.1, dials.monetization: 0.3}}
  cost: {{compute.first_unit_cost_usd: 0.02}}
"""
SOUND = {"steerability": 0.45, "leakage": 0.15, "monetization": 0.28, "cost": 0.022}
"""Nearly as mended: a small world that sustains itself."""
BROKEN = {
    "interaction": {"steerability": 0.02},
    "ecosystem": {"leakage": 1.0, "monetization": 0.0},
    "cost": {"cost": 1.0},
}


def world(folder: Path, **changes: float) -> Path:
    """The sound world with these values, as a file."""
    path = folder / "toy.yaml"
    path.write_text(WORLD.format(**SOUND | changes))
    return path


@pytest.fixture(scope="module")
def maker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maker]:
    """One worker for all worlds."""
    with making(tmp_path_factory.mktemp("runs"), SERIES, 1, None) as made:
        yield made


def ask(path: Path, maker: Maker, seeds: int = 5) -> Explanation:
    """The post-mortem of a world."""
    return explained(Seeded(World(path), tuple(range(1, seeds + 1))), maker)


def carried(answer: Explanation, measure: str = "p") -> set[str]:
    """The gates that carry a measure."""
    rows = answer.parts
    return set(rows.loc[(rows["outcome"] == measure) & rows["carries"], "part"])


@pytest.mark.parametrize("gate", BROKEN)
def test_the_gate_that_was_broken_is_named(gate: str, tmp_path: Path, maker: Maker) -> None:
    answer = ask(world(tmp_path, **BROKEN[gate]), maker)
    assert carried(answer) == {gate}
    assert f"{gate.capitalize()} carries it: +" in answer.finding
    shares = answer.parts[(answer.parts["outcome"] == "p") & (answer.parts["kind"] == SHARE)].set_index("part")["value"]
    assert shares[gate] >= 0.8 * shares.sum() > 0.0
    check_sums(answer)


def test_two_gates_that_interact_are_named_together(tmp_path: Path, maker: Maker) -> None:
    answer = ask(world(tmp_path, **BROKEN["interaction"], **BROKEN["cost"]), maker)
    assert carried(answer) == {"interaction", "cost"}
    assert "+100 (in each draw) only with interaction and cost together" in answer.finding
    check_sums(answer)


def check_sums(answer: Explanation) -> None:
    """Shares and dividends sum to the whole, which is the difference between the last world and the first."""
    first, last = answer.worlds.iloc[0], answer.worlds.iloc[-1]
    for measure in MEASURES:
        rows = answer.parts[answer.parts["outcome"] == measure]
        for kind in (SHARE, TOGETHER, WHOLE):
            whole = last[measure] - first[measure]
            assert rows.loc[rows["kind"] == kind, "value"].sum() == pytest.approx(whole, rel=1e-12, abs=1e-12 * abs(last[measure]))


def test_a_world_that_sustains_itself_needs_no_saving(tmp_path: Path, maker: Maker) -> None:
    answer = ask(world(tmp_path), maker)
    assert "toy: it needs no saving: self-sustaining in 100 % (57–100) of 5 seeds as it is. Mending all gates changes" in answer.finding
    again = of_document(json.loads(json.dumps(answer.document(), allow_nan=False)))
    assert again.document() == answer.document()
    for name in ("worlds", "parts", "breaks", "trap"):
        one, other = getattr(answer, name), getattr(again, name)
        assert one.equals(other)
        assert one.attrs["units"] == other.attrs["units"]
    assert as_png(plot.explain(again)) == as_png(plot.explain(answer))


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> tuple[Explanation, Path]:
    """A world that mending does not save."""
    folder = tmp_path_factory.mktemp("lost")
    path = world(folder, steerability=0.0)
    path.write_text(path.read_text().replace("steerability: 0.5}", "steerability: 0.01}"))
    return explain(path, seeds=5, workers=1, out=folder / "store"), path


def test_a_world_that_mending_does_not_save_is_said_to_be_so(lost: tuple[Explanation, Path]) -> None:
    answer, _ = lost
    assert (
        "mending all gates does not save it either: self-sustaining in 0 % (0–43) of 5 seeds. Mending all gates changes" in answer.finding
    )
    assert carried(answer) == set()
    assert not answer.parts.loc[answer.parts["outcome"] == "p", "value"].any(), "shares of P are zero"
    assert answer.parts.loc[answer.parts["outcome"] == "users", "value"].any(), "users and profit are still divided"
    assert any("leave room for 43% that do otherwise" in note for note in answer.notes)


def test_the_same_question_finds_its_runs_and_gives_the_same_answer(lost: tuple[Explanation, Path]) -> None:
    answer, path = lost
    made: list[int] = []
    again = explain(path, seeds=5, workers=2, out=path.parent / "store", told=lambda progress: made.append(progress.done))
    assert again.document() == answer.document()
    assert min(made, default=55) == 55, "nothing was run again"


def test_what_is_mended_already_is_left_out(tmp_path: Path, maker: Maker) -> None:
    path = world(tmp_path, **BROKEN["cost"])
    path.write_text(path.read_text() + "  mended: [interaction, ecosystem]\n")
    answer = ask(path, maker)
    assert answer.gates == ("cost",)
    assert answer.worlds["mended"].tolist() == ["", "cost"]
    assert "with the gate of cost mended. Cost carries it: +100 points" in answer.finding


# --- words, without a run ---


def told(base: list[int], mended: list[int]) -> tuple[str, str]:
    """State and sentence for a world of one gate, by who sustains himself as it is and mended."""
    rows = []
    for label, saved in (("", base), ("cost", mended)):
        low, high = sim.wilson(sum(saved), len(saved))
        rows.append({"mended": label, "draws": len(saved), "p": np.mean(saved), "p_low": low, "p_high": high, "outcomes": ""})
    worlds = table(rows, WORLDS)
    worth = dict(zip(coalitions(("cost",)), (np.array(base, float), np.array(mended, float)), strict=True))
    found = parts(("cost",), {measure: worth for measure in MEASURES})
    return state(worlds, found), cause(worlds, found, ("cost",), "seeds")


def test_each_state_has_its_sentence() -> None:
    assert told([0] * 20, [1] * 20)[0] == TOLD
    assert told([1] * 16 + [0] * 4, [1] * 20)[0] == NO_SAVING
    assert told([0] * 20, [0] * 20)[0] == NOT_SAVED
    found, sentence = told([0] * 19 + [1], [1, 1] + [0] * 18)
    assert found == CANNOT_TELL
    assert sentence == "whether mending the gate of cost saves it cannot be told from 20 seeds: 5 % (1–24) as it is, 10 % (3–30) mended"
    assert told([0] * 4, [1] * 4)[1].startswith("4 seeds are too few to tell: self-sustaining in 0 % (0–49) as it is")


# --- the verb ---


@pytest.fixture
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def flywheel(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


@pytest.mark.usefixtures("_here")
def test_the_verb_tells_keeps_and_gives_json(tmp_path: Path) -> None:
    world(tmp_path, **BROKEN["cost"])
    common = ("explain", "toy.yaml", "--seeds", "2", "--agents", "300", "--workers", "1", "--out", "kept")
    result = flywheel(*common)
    assert result.exit_code == 0, result.stderr
    words = " ".join(result.stdout.split())
    assert words.startswith(
        "toy: 2 seeds are too few to tell: self-sustaining in 0 % (0–66) as it is, 100 % (34–100) with all gates mended"
    )
    assert "Too few draws to tell what one more user is worth" in words
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "no intervals: they need 5 draws" in result.stderr
    left = {path.name for path in Path("kept").iterdir()}
    assert left == {"explain.json", "explain.png", "worlds.csv", "parts.csv", "breaks.csv", "trap.csv", "store"}
    again = flywheel(*common, "--json")
    document = json.loads(again.stdout)
    assert document == json.loads(Path("kept/explain.json").read_text())
    assert (document["holds"], document["schema"]) == ("flywheel explain", 1)


@pytest.mark.usefixtures("_here")
@pytest.mark.parametrize(
    ("arguments", "messages"),
    [
        (("paid_tool",), ["'paid_tool' does not say how its gates would be mended", "interaction: {dials.steerability: 0.85}"]),
        (("sora_three_gates",), ["all gates of 'sora_three_gates' are mended already", "--set 'gates.mended=[]'"]),
        (("paid_tool", "--days", "100"), ["gates:", "100 days are too few: a verdict needs 180"]),
        (("nowhere",), ["no shipped scenario"]),
        (("sora", "--draws", "5"), ["add `--ensemble sora`"]),
        (("sora", "--seeds", "5", "--ensemble", "sora"), ["say how many sets with --draws"]),
    ],
)
def test_bad_input_is_said_with_exit_2(arguments: tuple[str, ...], messages: list[str]) -> None:
    result = flywheel("explain", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    for message in messages:
        assert message in result.stderr
    assert not Path("runs").exists(), "nothing half-written"


def test_another_document_is_refused() -> None:
    with pytest.raises(sim.InputError, match="not what `flywheel explain` of this version writes"):
        of_document({"holds": "flywheel compare", "schema": 1})
