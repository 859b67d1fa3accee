"""Early indicators of toy worlds, what is made of them, and what a real product's figures say to tellers that learnt from them."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import sim
from analysis.early_warning.answer import EarlyWarning, first_below, of_document
from analysis.early_warning.early import BY_NAME, INDICATORS, METRICS, early
from analysis.early_warning.foretelling import ALL, BEST_ONE, FEWEST, check_both, foretell
from analysis.early_warning.known import COLUMNS, MEASURED, PUBLISHED, Lived, beside_walls, records, told_by_date
from analysis.early_warning.logistic import Floats, Labels
from analysis.figures.style import as_png
from analysis.figures.warn import warning_figure

WORLDS, LENGTH = 120, 200
LAUNCH = datetime.date(2025, 9, 30)


def lived(decisive: str = "dau", seed: int = 1) -> Lived:
    """Worlds that differ by luck; those sustain themselves in which `decisive` (dau or nothing) is above the middle from the start."""
    generator = np.random.default_rng(seed)
    level = {metric: np.exp(generator.normal(10.0, 1.0, WORLDS)) for metric in (*METRICS, "installs_total")}
    daily = {metric: value[:, None] * generator.uniform(0.8, 1.2, (WORLDS, LENGTH)) for metric, value in level.items()}
    daily["installs_total"] = daily["installs"].cumsum(axis=1)
    labels = generator.random(WORLDS) < 0.5 if decisive == "nothing" else level[decisive] > np.median(level[decisive])
    retention = {day: {name: generator.uniform(0.05, 0.5, WORLDS) for name in ("d1", "d7", "d30")} for day in (7, 14, 30, 60)}
    return Lived(daily, retention, np.full(WORLDS, float(LENGTH)), labels, np.arange(WORLDS))


def told_of(one: Lived, days: tuple[int, ...] = (7, 30)) -> EarlyWarning:
    """The answer from toy worlds, without a real product."""
    earlies = {day: early(day, one.daily, one.retention[day], one.days_run) for day in days}
    found = foretell(earlies, one.labels, one.groups, repeats=2)
    public = pd.DataFrame(columns=list(COLUMNS))
    walls = beside_walls(found.walls, ())
    return EarlyWarning(
        "toy",
        "self_sustaining",
        WORLDS,
        int(one.labels.sum()),
        ("a note",),
        found.scores,
        found.reliability,
        found.selection,
        walls,
        public,
    )


@pytest.fixture(scope="module")
def decided() -> EarlyWarning:
    return told_of(lived("dau"))


def test_a_decisive_indicator_is_found_with_its_wall(decided: EarlyWarning) -> None:
    assert decided.carriers(30)[0] == "dau"
    assert decided.score(30, ALL)["auc_low"] > 0.9
    wall = decided.shown_walls(30).iloc[0]
    assert wall["indicator"] == "dau"
    assert 15_000 < wall["threshold"] < 30_000, "e to the tenth is 22,026"
    assert "By day 30, daily users under" in decided.finding


def test_where_nothing_decides_the_area_is_one_half_and_no_wall_is_said_to_hold_for_sure() -> None:
    answer = told_of(lived("nothing"), (7, 30))
    for day in (7, 30):
        score = answer.score(day, ALL)
        assert score["auc_low"] < 0.5 < score["auc_high"]
    assert len(answer.walls[answer.walls["holds"]]) <= 2, "of twenty-one walls"


def test_an_answer_comes_back_from_its_document(decided: EarlyWarning) -> None:
    again = of_document(json.loads(json.dumps(decided.document(), allow_nan=False)))
    assert (again.name, again.worlds, again.yes, again.notes, again.finding) == (
        decided.name, decided.worlds, decided.yes, decided.notes, decided.finding,
    )  # fmt: skip
    for table in ("scores", "reliability", "selection", "walls", "public"):
        pd.testing.assert_frame_equal(getattr(again, table), getattr(decided, table), check_dtype=table != "public")
        assert getattr(again, table).attrs["units"] == getattr(decided, table).attrs["units"]
    with pytest.raises(sim.InputError, match="is not an answer"):
        of_document({"holds": "flywheel rescue", "schema": 1})


def test_the_figure_is_drawn_with_the_finding_above(decided: EarlyWarning) -> None:
    figure = warning_figure(decided)
    assert as_png(figure).startswith(b"\x89PNG")
    assert figure.get_suptitle().replace("\n", " ").startswith("toy: Early figures tell self-sustaining")


def test_nothing_after_the_day_is_looked_at() -> None:
    one = lived()
    later = {metric: np.where(np.arange(LENGTH) < 30, values, 1e9) for metric, values in one.daily.items()}
    for day in (7, 14, 30):
        pd.testing.assert_frame_equal(
            early(day, one.daily, one.retention[day], one.days_run).values, early(day, later, one.retention[day], one.days_run).values
        )


def test_indicators_are_worked_by_hand() -> None:
    daily = {metric: np.repeat([[1.0], [3.0]], 14, axis=1) for metric in METRICS}
    daily["dau"] = np.tile(np.repeat([10.0, 20.0], 7), (2, 1))
    daily["clips_outside"] = np.zeros((2, 14))
    found = early(14, daily, {}, np.full(2, 14.0))
    both = early(14, daily, {}, np.full(2, 14.0))
    values = {name: BY_NAME[name].of(daily, 14) for name in BY_NAME if BY_NAME[name].of is not None}  # type: ignore[misc]
    assert found.values.equals(both.values)
    assert values["installs"].tolist() == [14.0, 42.0]
    assert values["dau"].tolist() == [20.0, 20.0]
    assert values["dau_growth"].tolist() == [2.0, 2.0]
    assert values["daily_share"].tolist() == pytest.approx([20.0 / 14.0, 20.0 / 42.0])
    assert values["making_share"].tolist() == pytest.approx([0.05, 0.15])
    assert values["attempts_per_clip"].tolist() == [1.0, 1.0]
    assert values["exported_share"].tolist() == [0.5, 0.5]
    assert set(found.left_out) == {"dau", "installs_growth", "dau_growth", "attempts_per_clip", "exported_share"}, "the same everywhere"


def test_what_is_not_defined_by_a_day_is_left_out_and_what_some_lack_counts_as_the_mean() -> None:
    one = lived()
    retention = {"d1": one.retention[7]["d1"].copy(), "d7": np.full(WORLDS, np.nan)}
    retention["d1"][:3] = np.nan
    found = early(7, one.daily, retention, one.days_run)
    assert set(found.left_out) == {"installs_growth", "dau_growth", "d7"}
    assert found.missing == {"d1": 3}
    assert np.isnan(found.scaled[:3, list(found.values).index("d1")]).all()


def test_worlds_that_are_closed_are_neither_learnt_from_nor_told() -> None:
    one = lived()
    days_run = one.days_run.copy()
    days_run[:5] = 20.0
    assert early(14, one.daily, {}, days_run).closed == 0
    found = early(30, one.daily, {}, days_run)
    assert (found.closed, found.values.index[0], len(found.values)) == (5, 5, WORLDS - 5)


def test_scales_go_there_and_back() -> None:
    for indicator in INDICATORS:
        value = 0.3 if indicator.unit == "share" else 250.0
        assert indicator.natural(float(indicator.scaled(np.array([value]))[0])) == pytest.approx(value)
        assert np.isfinite(indicator.scaled(np.array([0.0, 1.0]))).all()


@pytest.mark.parametrize(
    ("yes", "message"), [(0, "none of 100"), (100, "all of 100"), (FEWEST - 1, f"at least {FEWEST}"), (95, "95 of 100")]
)
def test_too_few_worlds_of_a_kind_are_refused_with_what_to_do(yes: int, message: str) -> None:
    with pytest.raises(sim.InputError, match=message) as raised:
        check_both(np.arange(100) < yes)
    assert "--wider" in str(raised.value)


def test_the_records_of_sora_hold_only_what_is_visible_and_measured_by_then() -> None:
    measured, *others, published = records("sora", LAUNCH)
    assert (measured.basis, published.basis) == (MEASURED, PUBLISHED)
    names = {one.name: one for one in measured.figures}
    assert names["installs_day_6"].day == 7
    assert names["installs_day_18"].day == 19
    assert names["dau_november"].day == 51
    assert {names[f"retention_d{age}"].day for age in (1, 7, 30)} == {7, 14, 60}
    assert not {name for name in names if "revenue" in name or "cost" in name or "views" in name}
    assert "dau_october" not in names, "a fit does not believe it"
    assert {other.basis for other in others} == {"retention: the chart: 1 % after 30 days", "retention: what the daily users need: 8 %"}
    chart = {one.name: one.value for one in others[0].figures}
    assert (chart["retention_d1"], chart["installs_day_6"]) == (0.1, names["installs_day_6"].value)
    later = {one.name: one.day for one in published.figures}
    assert later["installs_day_31"] == 44, "it appeared on 12 November"
    assert later["retention_d1"] > 60, "it appeared in December"


def test_an_unknown_product_is_refused() -> None:
    with pytest.raises(sim.InputError, match="no public figures named 'sor'"):
        records("sor", LAUNCH)


def with_labels(one: Lived, labels: Labels) -> Lived:
    return replace(one, labels=labels)


def test_public_figures_are_told_by_worlds_that_differ_in_them_and_a_day_without_figures_has_none() -> None:
    one, measured = lived(), records("sora", LAUNCH)[0]
    installs: Floats = one.daily["installs_total"][:, 6]
    real = measured.figures[0]
    sustain = with_labels(one, installs > np.median(installs))
    first = replace(measured, figures=(replace(real, value=float(np.quantile(installs, 0.02)), log_sd=0.01),))
    last = replace(measured, figures=(replace(real, value=float(np.quantile(installs, 0.98)), log_sd=0.01),))
    [low], [high] = (told_by_date(record, sustain, (7,)).to_dict("records") for record in (first, last))
    assert low["p"] < 0.1
    assert high["p"] > 0.9
    assert low["auc_low"] > 0.9
    [nothing] = told_by_date(replace(measured, figures=()), sustain, (7,)).to_dict("records")
    assert np.isnan(nothing["p"])


def test_a_figure_that_is_less_sure_makes_the_answer_less_sure() -> None:
    one, measured = lived(), records("sora", LAUNCH)[0]
    installs = one.daily["installs_total"][:, 6]
    sustain = with_labels(one, installs > np.median(installs))
    real = replace(measured.figures[0], value=float(np.quantile(installs, 0.3)))
    spans = []
    for sd in (0.01, 0.7):
        [row] = told_by_date(replace(measured, figures=(replace(real, log_sd=sd),)), sustain, (7,)).to_dict("records")
        spans.append(row["high"] - row["low"])
    assert spans[1] > spans[0]


def test_the_day_from_which_on_it_was_clear_is_the_first_after_the_last_doubt() -> None:
    rows = pd.DataFrame({"day": [7, 14, 30, 60], "p": [0.05, 0.2, 0.08, 0.02]})
    assert first_below(rows) == 30
    assert first_below(rows.assign(p=0.01)) == 7
    assert first_below(rows.assign(p=0.5)) is None


def test_the_best_one_is_chosen_inside_the_folds_and_cannot_beat_what_is_planted(decided: EarlyWarning) -> None:
    assert decided.score(30, BEST_ONE)["auc"] == pytest.approx(decided.score(30, "dau")["auc"], abs=0.02)
