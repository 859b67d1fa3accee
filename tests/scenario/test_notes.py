"""What a scenario says of itself although nothing is wrong: settings and interventions that change nothing, a market resized by half."""

from __future__ import annotations

from typing import Any

import pytest

import sim
from sim.scenario import Scenario, load_scenario
from tests.worlds import scenario_from

QUOTA, PRICE = "making.free_quota_per_day", "charging.credit_usd_per_attempt"


def notes(**more: Any) -> tuple[str, ...]:
    scenario: Scenario = scenario_from({"schema": 1, "question": "What if?", "extends": "sora"} | more)
    return tuple(note.partition(".yaml: ")[2] or note for note in scenario.notes)


@pytest.mark.parametrize("name", sim.shipped_names())
def test_no_shipped_scenario_says_what_changes_nothing(name: str) -> None:
    assert load_scenario(name).notes == ()


def test_settings_of_a_file_that_are_so_without_it_are_noted() -> None:
    assert notes(niches=6, dials={"steerability": 0.05, "monetization": 0.5}) == (
        "settings that change nothing, for it is so without them (2 of 3): dials.steerability, niches",
    )


def test_of_many_settings_five_are_named() -> None:
    same = {"buzz_per_day": 0.00503, "buzz_days": 73.1, "word_of_mouth_per_day": 0.0138}
    [note] = notes(niches=6, days=365, creators_share=0.4, evidence="sora", adoption=same)
    first = "adoption.buzz_days, adoption.buzz_per_day, adoption.word_of_mouth_per_day, creators_share, days"
    assert note.endswith(f"(7 of 7): {first} and 2 more")


def test_an_intervention_and_a_gate_said_again_are_noted() -> None:
    again = {"quota_cut": {"set": {QUOTA: 6}}}
    [note] = notes(interventions=again, gates={"interaction": {"dials.steerability": 0.85}})
    assert note.endswith(f"(2 of 2): gates.interaction.dials.steerability, interventions.quota_cut.set.{QUOTA}")


def test_a_setting_that_a_mended_gate_outranks_is_noted() -> None:
    [note] = notes(extends="sora_three_gates", dials={"steerability": 0.3})
    assert note.endswith("(1 of 1): dials.steerability")


def test_a_key_that_follows_another_and_is_fixed_is_no_idle_setting() -> None:
    assert notes(learning={"carry_over": 0.05}) == ()


def test_a_file_that_extends_nothing_has_nothing_to_repeat() -> None:
    assert scenario_from({"schema": 1, "question": "What if?", "niches": 6}).notes == ()


@pytest.mark.parametrize(
    ("interventions", "idle"),
    [
        ({"again": {"day": 70, "set": {QUOTA: 6}}}, {"again": f"'{QUOTA}' is 6"}),
        ({"again": {"day": 50, "set": {QUOTA: 6}}}, {"quota_cut": f"'{QUOTA}' is 6"}),
        ({"again": {"day": 70, "set": {QUOTA: 6, PRICE: 0.4}}}, {"again": f"'{PRICE}' is 0.4, '{QUOTA}' is 6"}),
        ({"again": {"day": 70, "set": {QUOTA: 6, PRICE: 0.5}}}, {}),
        ({"again": {"day": 70, "set": {QUOTA: 6}, "close": True}}, {}),
        ({"again": {"when": "dau > 5", "set": {QUOTA: 6}}}, {}),
        ({"again": {"when": "dau > 5", "set": {"making.effort_usd": 0.074}}}, {"again": "'making.effort_usd' is 0.074"}),
        ({"again": {"day": 70, "set": {QUOTA: 6}}, "before": {"when": "dau > 5", "set": {QUOTA: 9}}}, {}),
        ({"again": {"day": 70, "set": {QUOTA: 6}}, "before": {"when": "dau > 5", "set": {QUOTA: 6}}}, {"again": f"'{QUOTA}' is 6"}),
        ({"again": {"day": 70, "set": {"making.effort_usd": 0.074}, "ramp_days": 9}}, {"again": "'making.effort_usd' is 0.074"}),
        ({"again": {"day": 70, "set": {QUOTA: 8}}, "before": {"day": 65, "set": {QUOTA: 8}, "ramp_days": 9}}, {}),
        ({"again": {"day": 70, "set": {"learning.carry_over": 0.05}}}, {}),
    ],
)
def test_interventions_that_can_change_nothing_are_noted_and_no_others(interventions: Any, idle: dict[str, str]) -> None:
    assert notes(interventions=interventions) == tuple(
        f"intervention '{name}' changes nothing: {what} already" for name, what in idle.items()
    )


def test_a_market_resized_without_what_is_fitted_to_it_is_noted() -> None:
    expected = (
        "'people' is 4.65 million, but 'watching.attraction_scale' is still 3250000 clips, which goes with 46.5 million: hardly anything "
        "will be there to watch; set it to about 325000"
    )
    assert notes(people=4.65e6) == (expected,)
    assert load_scenario("sora", ["people=4.65e6"]).notes == (expected,)
    assert "too much will be there to watch" in load_scenario("sora", {"people": 1e8}).notes[0]
    assert notes(people=4.65e6, watching={"attraction_scale": 3.25e5}) == ()
    assert load_scenario("sora", ["people=4.65e6", "attraction_scale=3.25e5"]).notes == ()
