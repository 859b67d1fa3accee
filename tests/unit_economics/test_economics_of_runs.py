"""`economics` of runs that were lived: what it says, what it leaves out and why, and the way to JSON and back."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner, Result

import sim
from analysis import economics, plot
from analysis.cli import app
from analysis.figures.style import as_png
from analysis.unit_economics.answer import Economics, economics_of
from analysis.unit_economics.relived import relive, visit_forecast


@pytest.fixture(scope="module")
def paid() -> sim.Run:
    """A product that its makers pay for, over half a year."""
    return sim.run("paid_tool", agents=800, days=180, seeds=2)


@pytest.fixture(scope="module")
def answer(paid: sim.Run) -> Economics:
    return economics(paid)


@pytest.fixture(scope="module")
def advertised() -> Economics:
    """A product that advertising pays for, with marketing."""
    return economics(sim.run("short_video_ads", agents=600, days=90, seeds=1))


def flywheel(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["economics", *arguments])


def test_it_says_what_a_user_is_worth_and_whether_one_more_helps(answer: Economics) -> None:
    assert answer.finding.startswith("paid_tool: each adopter has brought $")
    assert "one more user" in answer.finding
    assert any("The nearest is" in sentence for sentence in answer.findings)
    assert any(sentence.startswith("The top 1 % of creators have") for sentence in answer.findings)


@pytest.mark.parametrize("of", ["answer", "advertised"])
def test_books_agree_to_the_micro_dollar_and_with_the_daily_table(of: str, paid: sim.Run, request: pytest.FixtureRequest) -> None:
    found: Economics = request.getfixturevalue(of)
    books = found.books.set_index(["seed", "line"])["micro_usd"]
    assert (books.xs("difference", level="line") == 0).all()
    if of == "answer":
        profit = paid.daily.groupby("seed")["operating_profit_usd"].sum()
        assert (books.xs("sum", level="line") / 1e6).to_numpy() == pytest.approx(profit.to_numpy(), abs=1e-3)


def test_sides_channels_and_cohorts_each_sum_to_all(answer: Economics) -> None:
    money = [column for column in answer.segments.columns if column.endswith("micro_usd")]
    sums = answer.segments.groupby(["seed", "by"])[money].sum()
    for seed in answer.seeds:
        for by in ("cohort", "side", "channel"):
            assert (sums.loc[(seed, by)] == sums.loc[(seed, "all")]).all(), (seed, by)


def test_a_world_lived_again_is_the_world_of_the_run(paid: sim.Run) -> None:
    scenario = sim.Scenario.from_document(paid.scenario)
    again = relive(scenario, 2, 180)
    assert sim.gini(again.income) == paid.summaries[1]["creator_income_gini"]
    assert sim.gini(again.views) == paid.summaries[1]["creator_views_gini"]
    dau = paid.daily.loc[paid.daily["seed"] == 2, "dau"].to_numpy() * 800 / scenario.people
    assert again.came.sum(axis=0).tolist() == dau.round().astype(int).tolist(), "the sample is everybody here"


def test_acquisition_is_told_where_something_was_spent_on_it(answer: Economics, advertised: Economics) -> None:
    assert np.isnan(answer.figure("cac_blended_usd")["median"])
    assert any("CAC and payback are not defined" in note for note in answer.notes)
    blended, bought = (advertised.figure(f"cac_{of}_usd")["median"] for of in ("blended", "advertising"))
    assert 0.0 < blended < bought
    assert any(sentence.startswith("An adopter was acquired for") for sentence in advertised.findings)


def test_the_document_gives_an_equal_answer_back(answer: Economics) -> None:
    document = json.loads(json.dumps(answer.document(), allow_nan=False))
    back = economics_of(document)
    assert document["holds"] == "flywheel economics"
    for name, table in answer.tables().items():
        pd.testing.assert_frame_equal(back.tables()[name], table, check_dtype=False)
        assert back.tables()[name].attrs["units"] == table.attrs["units"]
        assert set(table.attrs["units"]) == set(table.columns), name
    assert (back.finding, back.findings, back.notes, back.terms) == (answer.finding, answer.findings, answer.notes, answer.terms)


def test_a_patient_reader_values_what_is_to_come_more(paid: sim.Run) -> None:
    one = dataclasses.replace(paid, summaries=paid.summaries[:1], manifest={**paid.manifest, "model_digest": ""})
    worth = {terms: economics(one, discount_per_year=terms[0], horizon_days=terms[1]) for terms in ((0.0, 1095), (0.1, 1095), (0.1, 28))}
    gains = [abs(found.figure("ltv_sbg_usd")["median"] - found.figure("cm2_per_adopter_usd")["median"]) for found in worth.values()]
    assert gains[0] > gains[1] > gains[2] > 0.0


def test_a_run_of_another_model_is_read_without_single_people(paid: sim.Run) -> None:
    other = dataclasses.replace(paid, manifest={**paid.manifest, "model_digest": "0" * 64}, summaries=paid.summaries[:1])
    found = economics(other)
    assert any("another version of the model" in note for note in found.notes)
    assert found.lorenz.empty
    assert np.isnan(found.figure("error_bgnbd")["median"])
    assert found.figure("income_gini")["median"] == paid.summaries[0]["creator_income_gini"], "the summary has it"
    assert as_png(plot.economics(found)).startswith(b"\x89PNG")
    assert economics_of(found.document()).document() == found.document()


def test_a_scenario_changed_by_hand_is_not_lived_again(paid: sim.Run) -> None:
    resolved = {**paid.scenario, "question": "What else?"}
    values = {**resolved["values"], "making.effort_usd": 0.5}
    found = economics(
        dataclasses.replace(paid, manifest={**paid.manifest, "resolved": {**resolved, "values": values}}, summaries=paid.summaries[:1])
    )
    assert any("changed by hand" in note for note in found.notes)


def test_too_short_a_run_is_told_without_a_fit_and_why() -> None:
    found = economics(sim.run("sora", agents=300, days=12, seeds=1))
    assert any(note.startswith("no fit for all: too short a run") for note in found.notes)
    assert any("there is no revenue" in note for note in found.notes)
    assert np.isnan(found.figure("ltv_sbg_usd")["median"])
    assert "to be expected" not in found.finding
    assert as_png(plot.economics(found)).startswith(b"\x89PNG")
    assert economics_of(found.document()).document() == found.document()


NOBODY = {"adoption.buzz_per_day": 0, "adoption.advertising_per_day": 0, "adoption.word_of_mouth_per_day": 0}


def test_a_run_without_adopters_has_nothing_to_value() -> None:
    with pytest.raises(sim.InputError, match="nobody adopted in any seed"):
        economics(sim.run("baseline", overrides=NOBODY, agents=200, days=10, seeds=1))


def test_terms_that_make_no_sense_are_refused_all_at_once(paid: sim.Run) -> None:
    with pytest.raises(sim.InputError) as refused:
        economics(paid, discount_per_year=-0.1, horizon_days=3)
    assert [problem.place for problem in refused.value.problems] == ["discount", "horizon"]


def test_people_who_come_at_their_own_rates_and_leave_are_foretold_better_than_by_their_rate() -> None:
    """Everybody adopts on day 0, comes on each day with her own chance, and is gone for good after a visit with another."""
    random = np.random.default_rng(4)
    people, days = 3000, 200
    rate, leaving = random.gamma(0.8, 0.1, people).clip(max=0.9), random.beta(0.6, 3.0, people)
    came, here = np.zeros((people, days), dtype=np.bool_), np.ones(people, dtype=np.bool_)
    for day in range(1, days):
        came[:, day] = here & (random.random(people) < rate)
        here &= ~(came[:, day] & (random.random(people) < leaving))
    found = visit_forecast(np.zeros(people, dtype=np.int64), came, 100)
    assert found is not None
    assert found.bgnbd / found.came == pytest.approx(1.0, abs=0.15)
    assert found.constant_rate / found.came > 1.5


def test_nothing_is_foretold_of_too_few_or_of_those_who_never_came_again() -> None:
    assert visit_forecast(np.zeros(10, dtype=np.int64), np.ones((10, 40), dtype=np.bool_), 20) is None
    assert visit_forecast(np.zeros(99, dtype=np.int64), np.zeros((99, 40), dtype=np.bool_), 20) is None
    assert visit_forecast(np.full(99, -1), np.zeros((99, 40), dtype=np.bool_), 20) is None


def test_the_verb_tells_it_and_keeps_it_beside_the_run(tmp_path: Path) -> None:
    sim.run("sora", agents=300, days=40, seeds=2, out=tmp_path / "run")
    result = flywheel(str(tmp_path / "run"))
    assert result.exit_code == 0, result.stderr
    assert "difference in any seed: 0 micro-dollars" in result.stdout
    assert "note: by side and channel the books say nothing" in result.stderr
    kept = tmp_path / "run" / "economics"
    assert (kept / "economics.png").read_bytes().startswith(b"\x89PNG")
    assert json.loads((kept / "economics.json").read_text())["seeds"] == [1, 2]
    assert (pd.read_csv(kept / "books.csv").query("line == 'difference'")["micro_usd"] == 0).all()
    again = flywheel(str(tmp_path / "run"), "--json", "--quiet")
    assert json.loads(again.stdout) == json.loads((kept / "economics.json").read_text())
    assert sim.open_run(tmp_path / "run").seeds == (1, 2), "the folder is still a run"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(("nowhere",), "is not a folder"), ((".", "--discount", "-1"), "is no share a year"), ((".",), "is not a run folder")],
)
def test_what_cannot_be_valued_is_said_with_exit_2(
    arguments: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = flywheel(*arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in " ".join(result.stderr.split())
    assert not any(tmp_path.iterdir()), "nothing half-written"
