"""Each case is coded by the guide alone, from facts of before its outcome; a bad sheet says what is wrong, all at once."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
import yaml

import sim
from analysis.retrodiction.coding import case_scenario, coded, scenario_text, shared_values
from analysis.retrodiction.guide import FOLDER, load_guide
from analysis.retrodiction.guide_page import template_page
from analysis.retrodiction.sheet import Sheet, last_day_of, load_sheets
from sim.foundation.errors import InputError

GUIDE = load_guide()
CASES = sim.shipped_folder() / FOLDER
SHEETS = load_sheets(CASES, GUIDE)
BY_GUIDE = {key for question in GUIDE for key in question.keys}
each_case = pytest.mark.parametrize("sheet", SHEETS, ids=lambda one: one.name)


def test_the_library_holds_the_eleven_products() -> None:
    names = "capcut clubhouse lensa midjourney pika quibi roblox suno tiktok vine youtube_early"
    assert [sheet.name for sheet in SHEETS] == names.split()


@each_case
def test_every_fact_is_from_before_the_outcome(sheet: Sheet) -> None:
    assert sheet.facts
    for fact in sheet.facts.values():
        last = last_day_of(str(fact["as_of"]))
        assert last is not None
        assert last < sheet.known_on
        assert str(fact["source"]).startswith(("http://", "https://", "derived"))


@each_case
def test_the_scenario_is_what_the_guide_makes_of_the_sheet(sheet: Sheet) -> None:
    assert (CASES / f"{sheet.name}.yaml").read_text(encoding="utf-8") == scenario_text(sheet, GUIDE), (
        "flywheel retrodict scenarios/cases --code"
    )


@each_case
def test_every_value_lies_on_the_scale_of_the_guide(sheet: Sheet) -> None:
    scenario, base = sim.load_scenario(CASES / f"{sheet.name}.yaml"), sim.load_scenario("baseline")
    changed = {key for key, value in scenario.values.items() if value != base.values[key]}
    assert changed <= BY_GUIDE | {"launch_date", "days", sim.OF_THE_MARKET, "learning.carry_over"}
    for question in GUIDE:
        step = question.steps[sheet.coding[question.name].step - 1]
        assert {key: scenario.values[key] for key in step.sets} == dict(step.sets)
        for key, factor in step.times.items():
            assert scenario.values[key] == pytest.approx(factor * float(str(base.values[key])), rel=0.005)
    assert scenario.interventions == ()


@each_case
def test_the_case_lives_a_month_with_balanced_books(sheet: Sheet) -> None:
    run = sim.run(CASES / f"{sheet.name}.yaml", days=30, agents=800, seeds=1)
    assert run.summaries[0]["days_run"] == 30
    assert run.summaries[0]["cost_usd"]["fixed"] == pytest.approx(
        30 * float(str(sim.load_scenario(CASES / f"{sheet.name}.yaml").values["operator.fixed_usd_per_day"]))
    )


def test_the_market_scales_the_clips_that_fill_a_feed_and_shared_values_are_multiplied() -> None:
    sheet = SHEETS[0]
    shared = shared_values({"creators.value_usd": 3.0, "people": 2e7, sim.OF_THE_MARKET: 1e6})
    values = coded(sheet, GUIDE, shared)
    assert values[sim.OF_THE_MARKET] == pytest.approx(1e6 * float(str(values["people"])) / 2e7)
    assert values["creators.value_usd"] == pytest.approx(3.0 * GUIDE[8].steps[sheet.coding["worth"].step - 1].times["creators.value_usd"])


def test_a_set_of_an_ensemble_changes_what_is_shared_and_nothing_the_guide_says() -> None:
    changes: dict[str, sim.Value] = {"habit.initial": 0.2, "dials.steerability": 0.31}
    scenario = case_scenario(SHEETS[0], GUIDE, sim.ScenarioFamily("baseline"), changes, agents=1000)
    assert scenario.values["habit.initial"] == 0.2
    assert scenario.values["dials.steerability"] == 0.95


@pytest.mark.parametrize(
    ("as_of", "last"),
    [("2016", datetime.date(2016, 12, 31)), ("2020-02", datetime.date(2020, 2, 29)), ("2020-02-03", datetime.date(2020, 2, 3))],
)
def test_a_fact_counts_as_of_the_last_day_of_its_period(as_of: str, last: datetime.date) -> None:
    assert last_day_of(as_of) == last


@pytest.mark.parametrize("as_of", ["2020-13", "2020-02-30", "spring", "20"])
def test_what_is_no_period_has_no_last_day(as_of: str) -> None:
    assert last_day_of(as_of) is None


def written(folder: Path, **changes: object) -> Path:
    """A folder of one sheet: the template under these changes."""
    document = yaml.safe_load(template_page())
    for path, value in changes.items():
        *above, last = path.split("__")
        inner = document
        for key in above:
            inner = inner[key]
        inner[last] = value
    (folder / "sheets").mkdir()
    (folder / "sheets" / "made_up.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    return folder


def test_the_template_is_a_sheet(tmp_path: Path) -> None:
    (sheet,) = load_sheets(written(tmp_path), GUIDE)
    assert sheet.outcomes == ("fading",)
    assert sheet.days == 2 * 365


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("facts__funding__as_of", "2021-06-30", "'facts.funding' is not from before the outcome of 2021-06-30"),
        ("facts__funding__as_of", "2021-06", "is not from before the outcome"),
        ("facts__funding__as_of", "last spring", "'as_of' must be a year, a month or a day"),
        ("facts__funding__confidence", "sure", "'confidence' must be one of high, medium, low"),
        ("coding__steerability__step", 6, "'coding.steerability.step' must be a whole number from 1 to 5"),
        ("coding__steerability__step", 2.5, "must be a whole number from 1 to 5"),
        ("coding__luck", {"step": 1, "because": "why not"}, "unknown key 'coding.luck'"),
        ("known__outcome", ["sustaining"], "there is no outcome 'sustaining'"),
        ("known__outcome", ["shutdown"], "'known.closing_day' is missing of a product that was closed"),
        ("known__closing_day", 30, "'known.closing_day' is given, but the product was not closed"),
        ("known__date", "2019-01-01", "is not after the launch on 2020-01-01"),
        ("launched", "in 2020", "'launched' must be a date such as 2020-05-17"),
        ("published_d30", 30, "'published_d30' must be a number above 0 and up to 1, or null"),
        ("cannot_express", [], "'cannot_express' must be a list of sentences"),
        ("product", ["a"], "'product' must be text"),
        ("facts", [1], "'facts' must be a mapping by name"),
    ],
)
def test_a_bad_sheet_says_what_is_wrong_and_where(tmp_path: Path, path: str, value: object, said: str) -> None:
    with pytest.raises(InputError) as raised:
        load_sheets(written(tmp_path, **{path: value}), GUIDE)
    assert said in str(raised.value)
    assert "made_up.yaml:" in str(raised.value)


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    folder = written(tmp_path, product=[], coding__export__step=0, known__outcome=["gone"])
    with pytest.raises(InputError) as raised:
        load_sheets(folder, GUIDE)
    assert len(raised.value.problems) >= 3


def test_a_folder_without_sheets_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no sheets"):
        load_sheets(tmp_path, GUIDE)
