"""Numbers, findings and tables of the report, each by itself."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from analysis.figures.sankey import Hub, Leg, draw_sankey
from analysis.figures.series import bands, by_seed, ratio_by_seed
from analysis.figures.style import thinned
from analysis.reference.parameters import all_declared
from analysis.report.exhibit import Column, Story, listed_data
from analysis.report.money import flows_of, money, who_pays_whom
from analysis.report.retention import cohorts_of
from analysis.report.settings import changes, class_counts, differing, value_words
from analysis.report.users import daily_users
from sim import load_evidence, running
from sim.results import Run
from sim.scenario import Scenario, load_scenario
from sim.summary import retention
from tests.report.conftest import Report, report_of


@pytest.fixture
def story(closed: Report) -> Story:
    """The story of the closed world."""
    return Story.of(closed.run, load_evidence("sora"))


def test_flows_are_zero_after_a_closure_and_ratios_are_not_defined(closed: Report) -> None:
    length = int(closed.run.summaries[0]["days_run"])
    users = by_seed(closed.run, "dau", length + 5)
    assert (users[0, :length] > 0.0).all()
    assert (users[0, length:] == 0.0).all()
    attempts = ratio_by_seed(closed.run, "attempts", "sessions", length + 5)
    assert not np.isnan(attempts[0, length - 1])
    assert np.isnan(attempts[0, length:]).all()


def test_a_band_needs_half_of_the_seeds() -> None:
    grid = np.array([[1.0, 1.0, np.nan], [3.0, np.nan, np.nan]])
    assert bands(grid)[1].tolist()[:2] == [2.0, 1.0]
    assert np.isnan(bands(grid)[:, 2]).all()


def test_thinning_keeps_the_ends_and_whole_weeks() -> None:
    kept = thinned(1000, 60, 7)
    assert kept[0] == 0
    assert kept[-1] == 999
    assert (kept[:-1] % 7 == 0).all()
    assert len(kept) <= 61
    assert thinned(5, 60).tolist() == [0, 1, 2, 3, 4]


def test_pooled_retention_is_the_retention_of_the_summary(closed: Report, story: Story) -> None:
    overall = cohorts_of(story).overall
    for row, seed in enumerate(closed.run.seeds):
        table = closed.run.cohorts[closed.run.cohorts["seed"] == seed]
        assert overall[row, 7] == pytest.approx(retention(table, 7))


def test_the_flows_of_a_run_are_its_statement(closed: Report) -> None:
    flows = flows_of(closed.run)
    paid = flows[flows.index.get_level_values("payer") == "operator"].sum()
    for summary in closed.run.summaries:
        assert paid[summary["seed"]] == pytest.approx(summary["cost_usd"]["total"])


def test_the_parent_is_named_where_it_pays(story: Story) -> None:
    assert who_pays_whom(story).title.startswith("The parent pays nearly all of the $133 M that the product costs; other platforms earn $")


def test_a_sankey_names_each_flow_with_its_dollars() -> None:
    hub = Hub("the operator", [Leg("advertisers", 3e6, "#000000")], [Leg("cloud", 2e6, "#000000"), Leg("kept", 1e6, "#000000")])
    texts = [text.get_text() for axes in draw_sankey([hub], text=9.0).axes for text in axes.texts]
    assert texts == ["the operator $3 M", "advertisers $3 M", "cloud $2 M", "kept $1 M"]


def test_parameters_that_differ_are_told_with_value_default_origin_and_class() -> None:
    scenario = load_scenario("baseline", {"dials.steerability": 0.9}, days=50)
    run = _unlived(scenario)
    found = {one.key: one for one in differing(run)}
    assert set(found) == {"dials.steerability", "learning.carry_over", "days"}
    told = found["dials.steerability"]
    assert (told.value, told.default, told.unit) == ("0.9", "0.5", "")
    assert told.origin
    assert told.source_class == "calibrated"
    assert "derived" in found["learning.carry_over"].origin
    counts = class_counts(list(found.values()))
    assert [name for name, _, _ in counts] == ["measured", "calibrated", "assumed"]
    assert sum(differ for _, differ, _ in counts) == 3
    assert sum(every for _, _, every in counts) == len(all_declared())


def test_fields_of_a_named_platform_have_their_declaration() -> None:
    scenario = load_scenario("baseline", {"external_platforms.short_video.views_per_clip": 900})
    assert [one.meaning != "" for one in differing(_unlived(scenario))] == [True]


def test_dated_and_triggered_changes_are_listed_in_order_with_what_became_of_them(closed: Report) -> None:
    rows = changes(closed.run)
    assert [row["name"] for row in rows] == ["credits", "android_launch", "quota_cut", "free_quota_ends"]
    assert rows[0]["when"] == "30 Oct 2025 (day 30)"
    assert rows[0]["what"] == "charging.credit_usd_per_attempt: 0.4 USD/attempt"
    assert rows[2]["why"]
    assert [summary["days_run"] for summary in closed.run.summaries] == [57, 57]
    assert [row["happened"] for row in rows] == ["in 2 of 2 runs"] * 2 + ["never"] * 2


def _unlived(scenario: Scenario) -> Run:
    """A run of which only the manifest is there."""
    nothing = dict.fromkeys(("daily", "cohorts", "ledger", "runs"))
    return Run(running.manifest_of(scenario, (1,)), (), **nothing, ensemble={})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "off"), (True, "yes"), (43.1e6, "43\u202f100\u202f000"), (0.00549, "0.00549"), (365, "365"), ("logit", "logit")],
)
def test_values_are_written_for_reading(value: object, words: str) -> None:
    assert value_words(value) == words


def test_the_data_of_a_figure_are_all_in_its_csv(story: Story) -> None:
    exhibit = daily_users(story)
    rows = list(csv.reader(io.StringIO(exhibit.data.csv().decode())))
    assert rows[0] == ["date", "day", "daily users [people] 5 %", "daily users [people] median", "daily users [people] 95 %"]
    assert rows[1][:2] == ["2025-09-30", "0"]
    assert len(rows) == 1 + story.days
    assert len(exhibit.data.html_rows()) < story.days / 6


def test_undefined_numbers_are_empty_in_csv_and_a_dash_on_the_page(story: Story) -> None:
    data = listed_data(story, ("what",), [("it",)], Column("value", "1", np.full((3, 1), np.nan)))
    assert data.csv().decode().splitlines()[1] == "it,,,"
    assert data.html_rows() == [["it", "–", "–"]]


def test_public_boxes_and_dated_changes_are_explained(story: Story) -> None:
    reading = daily_users(story).reading
    assert "Boxes: public figures" in reading
    assert "a 30 Oct 2025: credits; b 4 Nov 2025: android launch" in reading


def test_a_world_in_which_no_money_moves_has_a_report(made_up_runs: list[int], small: Scenario, tmp_path: Path) -> None:
    run = running.run(small, seeds=2)
    assert "No money moves" in report_of(run, tmp_path).text
    assert next(iter(money(Story.of(run, None)))).figure is None
