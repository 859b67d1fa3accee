"""The gates, the notes, and how a closure is shown."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

from analysis.figures.series import closing_days
from analysis.notes import notes_on
from analysis.report.exhibit import Story
from analysis.report.gates import gate_caption, gate_rows
from analysis.report.users import daily_users, installs_by_month
from sim import GATE_DAYS, GATE_TESTS, load_evidence, read_gates, running
from sim.results import Run
from sim.scenario import Scenario, load_scenario
from sim.summary import ensemble_of
from tests.report.conftest import Report


@pytest.fixture
def story(closed: Report) -> Story:
    """The story of the closed world."""
    return Story.of(closed.run, load_evidence("sora"))


def test_each_gate_test_has_a_row_with_its_bound(story: Story) -> None:
    rows = gate_rows(story)
    assert [row["gate"] for row in rows] == [test.gate for test in GATE_TESTS]
    assert rows[0]["bound"] == "attempts per usable clip over\u00a05"
    assert rows[3]["bound"] == "operating profit a day under\u00a0$0"


def test_a_gate_row_tells_what_the_daily_tables_say(story: Story) -> None:
    readings = [read_gates(table) for _, table in story.run.daily.groupby("seed")]
    row = gate_rows(story)[0]
    assert row["runs"] == "2 of 2"
    assert row["first"].startswith(f"day\u00a0{np.median([one[0].first_day for one in readings]):.0f}, 27 Oct 2025")
    assert float(row["last"]) == pytest.approx(np.median([one[0].last for one in readings]), rel=0.01)


def test_a_gate_that_never_broke_says_so(made_up_runs: list[int], small: Scenario) -> None:
    rows = gate_rows(Story.of(running.run(small, seeds=2), None))
    assert {row["first"] for row in rows} == {"never"}
    assert {row["runs"] for row in rows} == {"0 of 2"}
    assert rows[1]["last"] == "–", "nothing is paid outside"


def test_a_run_shorter_than_the_window_is_read_as_one(bare: Report) -> None:
    assert f"read off {bare.run.summaries[0]['days_run']} trailing days, so from day 4 on" in gate_caption(bare.run)
    assert len(bare.run.daily) < GATE_DAYS


def test_the_table_of_gates_is_on_the_page(closed: Report) -> None:
    [section] = [one for one in closed.page.all("section") if one.attributes["id"] == "gates"]
    [table] = closed.page.within(section, "table")
    assert len(closed.page.within(table, "tr")) == 1 + len(GATE_TESTS)


def test_the_page_has_the_notes_and_the_disagreements_of_sources(closed: Report, bare: Report) -> None:
    assert "500 rows are few" in closed.text
    evidence = load_evidence("sora")
    assert all(one.about in closed.page.elements[0].text for one in evidence.conflicts)
    assert "Where the sources disagree" not in bare.text


def test_interventions_that_never_happened_are_noted_with_the_reason(made_up_runs: list[int]) -> None:
    when = {"interventions.quota_cut.when": "dau < 0"}
    run = running.run(load_scenario("sora", when, agents=20_000), seeds=2)
    assert next(notes_on(run, ("first",))) == "first"
    notes = [note for note in notes_on(run, ()) if "quota_cut" in note or "credits" in note]
    assert notes == [
        "intervention 'credits' never happened in any of 2 runs: the product was closed before day 30",
        "intervention 'quota_cut' never happened in any of 2 runs: 'dau < 0' never held",
    ]
    happened = [dict(one) | {"interventions": dict.fromkeys(one["interventions"], 3)} for one in run.summaries[:1]]
    assert list(notes_on(dataclasses.replace(run, summaries=(*happened, run.summaries[1])), ())) == []


@pytest.mark.parametrize(("key", "ceiling"), [("retention.d30", 0.49), ("payers_share", 0.07)])
def test_figures_beyond_what_is_known_are_noted(made_up_runs: list[int], key: str, ceiling: float) -> None:
    run = running.run(load_scenario("baseline", days=200), seeds=2)
    assert list(notes_on(run, ())) == []
    for value, noted in ((ceiling, False), (ceiling + 0.01, True)):
        figures = run.ensemble["figures"] | {key: {"unit": "share", "n": 2, "q50": value}}
        notes = list(notes_on(dataclasses.replace(run, ensemble=run.ensemble | {"figures": figures}), ()))
        assert [note.endswith("read directions from this world, not levels") for note in notes] == [True] * noted


def test_a_closure_is_marked_with_its_days(story: Story) -> None:
    assert "Broken line: the closure, on the same day in all runs" in daily_users(story).reading
    later = dict(story.run.summaries[1]) | {"outcome_day": 66}
    summaries = (story.run.summaries[0], later)
    run = dataclasses.replace(story.run, summaries=summaries, ensemble=ensemble_of(summaries))
    assert closing_days(run) == (56.5, 61.0, 65.5)
    exhibit = daily_users(Story.of(run, None))
    assert "Grey strip: the days of closure, 5–95 %; broken line: their median." in exhibit.reading
    assert exhibit.figure is not None
    [axes] = exhibit.figure.axes
    assert "closed" in [text.get_text() for text in axes.texts]


def test_one_closure_among_several_runs_is_a_line(story: Story) -> None:
    open_run = dict(story.run.summaries[1]) | {"outcome": "fading", "outcome_day": None, "outcome_cause": None}
    summaries = (story.run.summaries[0], open_run)
    run = dataclasses.replace(story.run, summaries=summaries, ensemble=ensemble_of(summaries))
    assert Story.of(run, None).closing_words == "Broken line: the one closure."


def test_a_world_that_stays_open_has_no_mark(made_up_runs: list[int], small: Scenario) -> None:
    story = Story.of(running.run(small, seeds=2), None)
    exhibit = daily_users(story)
    assert "closure" not in exhibit.reading
    assert exhibit.figure is not None
    assert [text.get_text() for text in exhibit.figure.axes[0].texts] == []


@pytest.mark.parametrize(
    ("launch", "days", "said"),
    [
        ("2025-09-30", 365, "Not whole: the first begins on 30 Sep; the last ends on 29 Sep."),
        ("2025-10-01", 365, ""),
        ("2025-10-01", 360, "Not whole: the last ends on 25 Sep."),
        ("2025-10-05", 361, "Not whole: the first begins on 5 Oct."),
    ],
)
def test_the_months_that_are_not_whole_are_named(made_up_runs: list[int], launch: str, days: int, said: str) -> None:
    run: Run = running.run(load_scenario("baseline", {"launch_date": launch}, days=days), seeds=1)
    assert pd.Timestamp(launch) + pd.Timedelta(days=days - 1) == pd.Timestamp(Story.of(run, None).dates[-1])
    assert re.findall("Not whole.*", installs_by_month(Story.of(run, None)).reading) == ([said] if said else [])
