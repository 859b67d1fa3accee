"""Overrides: paths, bare names, what can be addressed, and what is said about those that are wrong or idle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from sim.foundation.errors import ScenarioErrors
from sim.foundation.parameters import Value
from sim.scenario import load_scenario


def problems_of(overrides: Mapping[str, Value] | Sequence[str], **options: int) -> str:
    with pytest.raises(ScenarioErrors) as raised:
        load_scenario("sora", overrides, **options)
    return str(raised.value)


def test_an_override_wins_and_is_named_as_the_origin() -> None:
    scenario = load_scenario("sora", ["dials.steerability=.5", "buzz_days=1e1", "exclusive=false"], days=200, agents=1000)
    assert [scenario.values[key] for key in ("dials.steerability", "adoption.buzz_days", "publishing.exclusive")] == [0.5, 10.0, False]
    assert (scenario.days, scenario.agents) == (200, 1000)
    origins = [scenario.origins[key] for key in ("dials.steerability", "adoption.buzz_days", "days", "agents")]
    assert origins == ["--set", "--set", "--days", "--agents"]
    assert scenario.values["learning.carry_over"] == 0.5
    assert scenario.notes == ()


def test_a_mapping_of_values_does_the_same() -> None:
    written = load_scenario("sora", ["dials.steerability=.5", "payout_usd_per_1000_views=3", "credit_usd_per_attempt=1"])
    given = load_scenario("sora", {"dials.steerability": 0.5, "payout_usd_per_1000_views": 3, "charging.credit_usd_per_attempt": 1})
    assert given.digest() == written.digest()
    assert given.origins["dials.steerability"] == "override"


def test_interventions_platforms_gates_and_texts_can_be_addressed() -> None:
    scenario = load_scenario(
        "sora",
        [
            "interventions.quota_cut.day=70",
            "interventions.quota_cut.set.making.free_quota_per_day=3",
            "interventions.android_launch.when=dau >= 5e5",
            "interventions.credits=null",
            "external_platforms.short_video.payout_usd_per_1000_views=1",
            "gates.cost.compute.floor_unit_cost_usd=0.5",
            "question=What if not?",
        ],
    )
    found = {one.name: one for one in scenario.interventions}
    assert (found["quota_cut"].day, dict(found["quota_cut"].changes)) == (70, {"making.free_quota_per_day": 3})
    assert (found["android_launch"].day, str(found["android_launch"].when)) == (None, "dau >= 500000")
    assert "credits" not in found
    assert scenario.values["external_platforms.short_video.payout_usd_per_1000_views"] == 1.0
    assert scenario.gates["cost"]["compute.floor_unit_cost_usd"] == 0.5
    assert scenario.question == "What if not?"


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("niches", "--set niches: this is not of the form path=value\n  for example `--set dials.steerability=0.8`"),
        ("days=", "--set days=: the value is missing\n  write null for a value that is off or an entry to remove"),
        ("dials.steerability=2", "--set dials.steerability=2: 'dials.steerability' must be a number from 0 to 1, not the number 2"),
        ("dials.steerability=.nan", "--set dials.steerability=.nan: 'dials.steerability' must be a finite number, not .nan"),
        ("steerabilty=.5", "--set steerabilty=.5: unknown key 'steerabilty'\n  did you mean 'steerability'?"),
        ("dials.steerabilty=.5", "--set dials.steerabilty=.5: unknown key 'dials.steerabilty'\n  did you mean 'steerability'?"),
        ("dials=.5", "--set dials=.5: 'dials' is a section\n  write the dotted path of one value in it"),
        ("schema=2", "--set schema=2: 'schema' belongs in a file and cannot be overridden"),
        (
            "advertising_usd_per_1000_views=1",
            "--set advertising_usd_per_1000_views=1: 'advertising_usd_per_1000_views' is not unique\n"
            "  write one of charging.advertising_usd_per_1000_views, external_platforms.short_video.advertising_usd_per_1000_views",
        ),
        (
            "interventions.quota_cutt.day=3",
            "--set interventions.quota_cutt.day=3: there is no 'quota_cutt' in 'interventions' to change or remove\n"
            "  did you mean 'quota_cut'?",
        ),
        (
            "interventions.quota_cut.day=400",
            "--set interventions.quota_cut.day=400: 'interventions.quota_cut.day' is 400, "
            "beyond the last of the 365 days, day 364 (2026-09-29)\n"
            "  raise `days`, or remove it with `interventions: {quota_cut: null}`",
        ),
        (
            "rival_tools.better=null",
            "--set rival_tools.better=null: there is no 'better' in 'rival_tools' to change or remove\n  there are none",
        ),
        ("dials.steerability=[1", "--set dials.steerability=[1:1:3: not readable as YAML"),
        ("dials..steerability=1", "--set dials..steerability=1: unknown key 'dials.'"),
        (
            "people=100",
            "--set people=100: 20000 agents are more than the 100 people they stand for\n  set agents to at most 100, or raise people",
        ),
    ],
)
def test_a_wrong_override_says_exactly_this(override: str, expected: str) -> None:
    shown = problems_of([override])
    assert shown == expected if "\n" in expected or "must be" in expected else shown.startswith(expected)


def test_all_wrong_overrides_and_options_are_told_at_once() -> None:
    shown = problems_of(["dials.steerability=2", "monetization=x", "days=3"], days=-3, agents=0)
    assert [line.split(": ")[0] for line in shown.splitlines() if not line.startswith(" ")] == [
        "--set dials.steerability=2",
        "--set monetization=x",
        "--days -3",
        "--agents 0",
    ]


def test_the_same_path_twice_is_refused() -> None:
    shown = problems_of(["steerability=.5", "dials.steerability=.6"])
    assert shown == "--set dials.steerability=.6: 'dials.steerability' is set twice\n  keep one of them"


def test_an_override_that_changes_nothing_is_reported() -> None:
    cut = "interventions.quota_cut.set.making.free_quota_per_day"
    scenario = load_scenario("sora", ["steerability=0.05", "niches=6", "interventions.credits.day=30", f"{cut}=6"])
    assert scenario.notes == (
        "--set steerability=0.05 changes nothing: 'dials.steerability' has that value already (scenarios/sora.yaml:7)",
        "--set niches=6 changes nothing: 'niches' has that value already (default)",
        f"--set {cut}=6 changes nothing: '{cut}' has that value already (scenarios/sora.yaml:45)",
    )
    assert scenario.digest() == load_scenario("sora").digest()


def test_an_intervention_moved_into_a_longer_run_is_legal() -> None:
    scenario = load_scenario("sora", ["interventions.quota_cut.day=400"], days=401)
    assert [one.day for one in scenario.interventions if one.name == "quota_cut"] == [400]
