"""What is decided for later does not reach back, and what changes nothing changes no bit."""

from __future__ import annotations

from typing import Any

import pytest

from sim.ecosystem import Ecosystem
from sim.running import simulate
from sim.scenario import load_scenario
from tests.worlds import BUSY, Document, differing, scenario_from, sora, state_of, steps

DAY = 90
SORA: Document = {"schema": 1, "question": "What if?", "extends": "sora", "agents": 600, "days": 110, "parent": {"stop_loss_usd": None}}
CUT: Document = {"set": {"dials.export_leakage": 0.0, "making.effort_usd": 0.3}}
HELD = load_scenario("sora").values


def _sora_with(**more: Any) -> Ecosystem:
    return Ecosystem(scenario_from(SORA | more), run_seed=11)


def _without_setting(state: dict[str, Any]) -> dict[str, Any]:
    return {name: held for name, held in state.items() if name not in ("values", "ramps")}


@pytest.mark.parametrize(
    "late",
    [CUT | {"day": DAY}, CUT | {"day": DAY, "ramp_days": 10}, {"day": DAY, "close": True}],
    ids=["dated", "ramped", "closing"],
)
def test_an_intervention_on_day_90_leaves_the_days_before_it_bit_identical(late: Document) -> None:
    plain, changed = _sora_with(), _sora_with(interventions={"late": late})
    assert differing(state_of(steps(plain, DAY).world), state_of(steps(changed, DAY).world)) == []
    assert plain.digest() == changed.digest()
    assert state_of(plain.run().world)["daily"] != state_of(changed.run().world)["daily"]
    lines, others = (model.tables()["ledger"] for model in (plain, changed))
    assert lines[lines["day"] < DAY].equals(others[others["day"] < DAY])


def test_a_triggered_intervention_acts_on_the_morning_after_its_condition_held_and_not_before() -> None:
    first = 70
    installs = _sora_with().run().tables()["daily"]["installs_total"]
    trigger = f"installs_total > {(installs[first - 1] + installs[first]) / 2}"
    plain, changed = steps(_sora_with(), first + 1), _sora_with(interventions={"late": CUT | {"when": trigger}})
    assert differing(state_of(plain.world), state_of(steps(changed, first + 1).world)) == []
    plain.step()
    changed.step()
    assert changed.world.policy.values["dials.export_leakage"] == 0.0
    assert plain.digest() != changed.digest()


def test_a_ramp_moves_by_equal_steps_from_the_day_it_starts() -> None:
    ramp = {"day": 10, "ramp_days": 4, "set": {"dials.steerability": 0.45}}
    model = _sora_with(dials={"steerability": 0.05}, interventions={"late": ramp})
    seen = []
    while model.world.day < 20:
        model.step()
        seen.append(model.world.policy.values["dials.steerability"])
    assert seen[9:16] == pytest.approx([0.05, 0.05, 0.15, 0.25, 0.35, 0.45, 0.45])


IDLE: dict[str, Document] = {
    "the value that holds": {"dials": {"steerability": HELD["dials.steerability"]}, "habit": {"initial": HELD["habit.initial"]}},
    "an intervention that sets what holds": {
        "interventions": {"idle": {"day": 50, "set": {"making.effort_usd": HELD["making.effort_usd"]}}}
    },
    "a ramp to what holds": {
        "interventions": {"idle": {"day": 50, "ramp_days": 9, "set": {"making.effort_usd": HELD["making.effort_usd"]}}}
    },
    "a condition that never holds": {"interventions": {"idle": CUT | {"when": "dau < 0"}}},
    "a rival that is not open": {"rival_tools": {"later": {"steerability": 1, "open": False}}},
    "a rival nobody would pay": {"rival_tools": {"dear": {"steerability": 1, "price_usd_per_attempt": 1e6}}},
    "a platform that is not open": {"external_platforms": {"later": {"payout_usd_per_1000_views": 1e3, "open": False}}},
    "a platform that pays less": {"external_platforms": {"poorer": {"payout_usd_per_1000_views": 0.1}}},
    "a limit out of reach": {"compute": {"hard_limit_attempts_per_day": 1e15}},
    "null where it stands": {"compute": {"hard_limit_attempts_per_day": None}},
    "a price of credits that nobody is let pay": {"charging": {"credit_usd_per_attempt": 1e12}},
    "a carry-over written out": {"learning": {"carry_over": HELD["dials.steerability"]}},
    "no reputation": {"adoption": {"entry_reputation": 0}},
}


@pytest.mark.parametrize("name", IDLE)
def test_an_override_without_effect_changes_no_bit(name: str) -> None:
    plain, idle = _sora_with(), _sora_with(**IDLE[name])
    assert idle.run().digest() == plain.run().digest()
    assert differing(_without_setting(state_of(plain.world)), _without_setting(state_of(idle.world))) == []


def test_the_order_in_which_a_file_is_written_changes_no_bit() -> None:
    backwards = {key: dict(reversed(value.items())) if isinstance(value, dict) else value for key, value in reversed(BUSY.items())}
    one, other = (Ecosystem(scenario_from(document), run_seed=2) for document in (BUSY, backwards))
    assert one.run().digest() == other.run().digest()


def test_a_ramp_starts_from_what_another_intervention_set_that_morning() -> None:
    dated = {"day": 1, "set": {"dials.steerability": 0.8}}
    triggered = {"when": "installs_total > 0", "ramp_days": 4, "set": {"dials.steerability": 0.4}}
    model = _sora_with(dials={"steerability": 0.2}, interventions={"dated": dated, "triggered": triggered})
    found = []
    for _ in range(6):
        model.step()
        found.append(model.world.policy.values["dials.steerability"])
    assert found == pytest.approx([0.2, 0.8, 0.7, 0.6, 0.5, 0.4])


def test_carry_over_follows_steerability_when_an_intervention_moves_it() -> None:
    model = _sora_with(interventions={"mend": {"day": 5, "ramp_days": 4, "set": {"dials.steerability": 0.85}}})
    assert model.world.policy.values["learning.carry_over"] == HELD["dials.steerability"]
    while model.world.day < 12:
        model.step()
        values = model.world.policy.values
        assert values["learning.carry_over"] == values["dials.steerability"]
    assert values["learning.carry_over"] == 0.85


def test_carry_over_set_explicitly_does_not_follow_steerability() -> None:
    model = steps(_sora_with(learning={"carry_over": 0.3}, interventions={"mend": {"day": 5, "set": {"dials.steerability": 0.85}}}), 7)
    assert model.world.policy.values["learning.carry_over"] == 0.3


def test_carry_over_set_by_an_intervention_stops_following_from_then_on() -> None:
    early, late = {"day": 5, "set": {"learning.carry_over": 0.6}}, {"day": 8, "set": {"dials.steerability": 0.85}}
    model = steps(_sora_with(interventions={"early": early, "late": late}), 10)
    assert model.world.policy.values["learning.carry_over"] == 0.6


def test_overrides_by_keyword_are_those_of_a_file() -> None:
    assert sora(11, days=110, habit__initial=0.2).run().digest() == _sora_with(habit={"initial": 0.2}).run().digest()


def test_the_day_of_each_intervention_is_in_the_summary_and_null_where_it_never_happened() -> None:
    late: Document = {"never": {"when": "dau < 0", "close": True}, "closes": {"day": 100, "close": True}}
    late["happens"] = {"when": "installs_total > 0", "set": {"making.effort_usd": 0.3}}
    late["after_the_end"] = {"day": 105, "set": {"making.effort_usd": 0.2}}
    happened = simulate(scenario_from(SORA | {"interventions": late}), 11)[1]["interventions"]
    expected = {"credits": 30, "android_launch": 35, "quota_cut": 59, "happens": 1, "closes": 100}
    assert {name: day for name, day in happened.items() if day is not None} == expected
    assert {name for name, day in happened.items() if day is None} == {"never", "free_quota_ends", "after_the_end"}


def test_a_market_of_a_tenth_with_a_tenth_of_the_clips_to_watch_is_the_same_for_each_person() -> None:
    """What depends on the size of the market: what balances the outside here, and what saturates the platforms outside."""
    tenth = {"people": 4.65e6, "watching": {"attraction_scale": 3.25e5}, "interventions": {}}
    tenth["external_platforms"] = {
        "short_video": {"saturation_clips_per_day": HELD["external_platforms.short_video.saturation_clips_per_day"] / 10}
    }
    whole, small = (_sora_with(**more).run().tables()["daily"] for more in ({}, tenth))
    for column in ("dau", "views_here", "attempts", "views_outside"):
        assert small[column].to_numpy() == pytest.approx(whole[column].to_numpy() / 10, rel=0.02, abs=2 * 46.5e6 / 600 / 10), column
