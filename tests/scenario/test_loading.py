"""Loading: shipped scenarios, inheritance, origins, derived values, gates, interventions, digests, and files that are no scenario."""

from __future__ import annotations

import datetime
import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.foundation.errors import SHOWN, InputError, Problem, ScenarioErrors
from sim.scenario import Intervention, Scenario, Trigger, describe_resolved, load_scenario, rederive, shipped_folder, shipped_names
from sim.scenario.schema import PARAMETERS

Writer = Callable[..., str]
HEAD = "schema: 1\nquestion: What if?\n"


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Writer:
    """Write a file into an empty working folder, with the heading every scenario has; returns its name."""
    monkeypatch.chdir(tmp_path)

    def writer(text: str, name: str = "world.yaml") -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + text, encoding="utf-8")
        return name

    return writer


def problems_of(*arguments: object, **options: object) -> str:
    with pytest.raises(ScenarioErrors) as raised:
        load_scenario(*arguments, **options)  # type: ignore[arg-type]
    return str(raised.value)


def test_an_almost_empty_file_is_all_defaults(write: Writer) -> None:
    scenario = load_scenario(write(""))
    assert {key: scenario.values[key] for key in PARAMETERS} == {key: declared.default for key, declared in PARAMETERS.items()}
    assert {scenario.origins[key] for key in PARAMETERS} == {"default", "derived from dials.steerability"}
    assert (scenario.name, scenario.question, scenario.interventions, scenario.notes) == ("world", "What if?", (), ())


def test_the_baseline_is_nothing_but_defaults_and_one_platform() -> None:
    baseline = load_scenario("baseline")
    assert all(baseline.values[key] == declared.default for key, declared in PARAMETERS.items())
    assert baseline.names_in("external_platforms") == ("short_video",)


def test_sora_tells_the_history_of_the_app() -> None:
    sora = load_scenario("sora")
    assert sora.launch_date == datetime.date(2025, 9, 30)
    assert [(one.name, one.day, dict(one.changes)) for one in sora.interventions] == [
        ("credits", 30, {"charging.credit_usd_per_attempt": 0.40}),
        ("android_launch", 35, {"adoption.open_share": 1.0}),
        ("quota_cut", 59, {"making.free_quota_per_day": 6}),
        ("free_quota_ends", 102, {"making.free_quota_per_day": 0}),
    ]
    assert (sora.values["dials.steerability"], sora.values["dials.monetization"], sora.values["dials.export_leakage"]) == (0.05, 0.0, 0.8)
    assert set(sora.gates) == {"interaction", "ecosystem", "cost"}
    assert sora.origins["dials.steerability"] == "scenarios/sora.yaml:7"


@pytest.mark.parametrize("name", shipped_names())
def test_every_shipped_scenario_loads_without_notes_and_round_trips(name: str, tmp_path: Path) -> None:
    scenario = load_scenario(name)
    assert scenario.notes == ()
    assert Scenario.from_document(json.loads(json.dumps(scenario.as_document()))) == scenario
    assert pickle.loads(pickle.dumps(scenario)) == scenario
    described = tmp_path / f"{name}.yaml"
    described.write_text(describe_resolved(scenario), encoding="utf-8")
    assert load_scenario(described).digest() == scenario.digest()


def test_the_counterfactuals_differ_from_sora_in_what_they_ask_about_and_nothing_else() -> None:
    sora = load_scenario("sora").values
    others = {name: load_scenario(name).values for name in shipped_names() if name.startswith("sora_")}
    changed = {name: {key for key, value in values.items() if value != sora[key]} for name, values in others.items()}
    gates = {key for gate in load_scenario("sora").gates.values() for key in gate}
    assert changed == {
        "sora_steerable": {"dials.steerability", "learning.carry_over"},
        "sora_walled_garden": {"dials.export_leakage"},
        "sora_paying_creators": {"dials.monetization"},
        "sora_makers_pay": {"charging.subscription_usd_per_month", "charging.entitled_share", "making.free_quota_per_day"},
        "sora_cheap_attempts": {"compute.first_unit_cost_usd", "compute.floor_unit_cost_usd"},
        "sora_three_gates": gates | {"learning.carry_over"},
    }


def test_values_come_in_the_type_of_their_kind(write: Writer) -> None:
    text = "people: 47e6\nagents: 2e4\nadoption: {buzz_days: 3}\nlearning: {rate: 1e-3}\ncharging: {credit_usd_per_attempt: null}\n"
    values = load_scenario(write(text)).values
    assert (values["people"], values["agents"], values["adoption.buzz_days"], values["learning.rate"]) == (47e6, 20_000, 3.0, 0.001)
    assert (type(values["agents"]), type(values["adoption.buzz_days"])) == (int, float)
    assert values["charging.credit_usd_per_attempt"] is None


def test_a_nearer_file_wins_and_origins_name_the_file_and_line(write: Writer) -> None:
    write("days: 100\npeople: 1e6\n", "parts/base.yaml")
    scenario = load_scenario(write("extends: parts/base.yaml\npeople: 2e6\n"))
    assert (scenario.days, scenario.people) == (100, 2e6)
    assert (scenario.origins["days"], scenario.origins["people"]) == ("parts/base.yaml:3", "world.yaml:4")


def test_origins_never_show_an_absolute_path(write: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = write("extends: base.yaml\npeople: 2e6\n")
    write("days: 9\n", "base.yaml")
    below = load_scenario(tmp_path / name)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    outside = load_scenario(tmp_path / name)
    assert below.origins["days"] == outside.origins["days"] == "base.yaml:3"
    assert not any(str(tmp_path) in json.dumps(scenario.as_document()) for scenario in (below, outside))


def test_a_named_entry_is_merged_field_by_field_and_null_removes_it(write: Writer) -> None:
    write("external_platforms:\n  a: {views_per_clip: 10, payout_usd_per_1000_views: 3}\n  b: {}\n", "base.yaml")
    scenario = load_scenario(write("extends: base.yaml\nexternal_platforms:\n  a: {views_per_clip: 20}\n  b: null\n  c: {}\n"))
    assert scenario.names_in("external_platforms") == ("a", "c")
    assert scenario.values["external_platforms.a.views_per_clip"] == 20
    assert scenario.values["external_platforms.a.payout_usd_per_1000_views"] == 3
    assert scenario.origins["external_platforms.c.views_per_clip"] == "default"


def test_an_inherited_intervention_can_be_moved_changed_and_removed(write: Writer) -> None:
    text = (
        "extends: sora\ninterventions:\n"
        "  quota_cut: {when: runway_days < 90, set: {making.patience_attempts: 3}}\n"
        "  credits: {day: 4}\n"
        "  free_quota_ends: null\n"
    )
    found = {one.name: one for one in load_scenario(write(text)).interventions}
    assert sorted(found) == ["android_launch", "credits", "quota_cut"]
    assert (found["quota_cut"].day, found["quota_cut"].when) == (None, Trigger("runway_days", "<", 90.0))
    assert dict(found["quota_cut"].changes) == {"making.free_quota_per_day": 6, "making.patience_attempts": 3}
    assert found["credits"].day == 4


def test_interventions_are_read_in_full_and_stand_in_order_of_time(write: Writer) -> None:
    text = (
        "interventions:\n"
        "  late: {when: 'operating_profit_usd <= -1e6', close: true, note: enough}\n"
        "  rise: {date: 2025-10-10, ramp_days: 30, set: {dials.steerability: 1, making.patience_attempts: 6}}\n"
        "  first: {day: 0, set: {publishing.exclusive: false}}\n"
    )
    assert load_scenario(write(text)).interventions == (
        Intervention("first", 0, None, {"publishing.exclusive": False}),
        Intervention("rise", 10, None, {"dials.steerability": 1.0, "making.patience_attempts": 6}, 30),
        Intervention("late", None, Trigger("operating_profit_usd", "<=", -1e6), {}, 0, True, "enough"),
    )


def test_an_intervention_cut_off_by_a_shorter_run_is_a_note_and_beyond_the_own_days_an_error(write: Writer) -> None:
    name = write("days: 90\ninterventions: {cut: {day: 89, set: {making.free_quota_per_day: 6}}}\n")
    assert len(load_scenario(name).interventions) == 1
    shorter = load_scenario(name, days=89)
    assert shorter.interventions == ()
    assert shorter.notes == ("intervention 'cut' on day 89 is cut off: the run ends after 89 days",)
    assert load_scenario(name, ["days=89"]).notes == shorter.notes
    beyond = write("days: 89\ninterventions: {cut: {day: 89, set: {making.free_quota_per_day: 6}}}\n", "beyond.yaml")
    assert "beyond.yaml:4:28: 'interventions.cut.day' is 89, beyond" in problems_of(beyond)
    assert "'interventions.cut.day' is 89, beyond" in problems_of(beyond, days=400)


def test_carry_over_follows_steerability_until_it_is_set(write: Writer) -> None:
    follows = load_scenario(write("dials: {steerability: 0.3}\n"))
    assert follows.values["learning.carry_over"] == 0.3
    assert follows.origins["learning.carry_over"] == "derived from dials.steerability"
    fixed = load_scenario(write("dials: {steerability: 0.3}\nlearning: {carry_over: 0.3}\n"))
    assert (follows.derived, fixed.derived) == (("learning.carry_over",), ())
    assert follows.digest() != fixed.digest()
    moved = {**follows.values, "dials.steerability": 0.9}
    assert rederive(moved, follows.derived)["learning.carry_over"] == 0.9
    assert rederive(moved, fixed.derived) == moved


def test_a_mended_gate_beats_the_files_and_yields_to_an_override(write: Writer) -> None:
    gates = "gates:\n  interaction: {dials.steerability: 0.8}\n  cost: {compute.floor_unit_cost_usd: 0.5}\n  mended: [interaction]\n"
    name = write("dials: {steerability: 0.1}\n" + gates)
    mended = load_scenario(name)
    assert mended.values["dials.steerability"] == mended.values["learning.carry_over"] == 0.8
    assert mended.origins["dials.steerability"] == "gates.interaction (world.yaml:5)"
    assert mended.values["compute.floor_unit_cost_usd"] == PARAMETERS["compute.floor_unit_cost_usd"].default
    assert mended.gates == {"interaction": {"dials.steerability": 0.8}, "cost": {"compute.floor_unit_cost_usd": 0.5}}
    overridden = load_scenario(name, ["steerability=0.3", "gates.mended=[cost, interaction]"])
    assert (overridden.values["dials.steerability"], overridden.values["compute.floor_unit_cost_usd"]) == (0.3, 0.5)
    assert overridden.origins["dials.steerability"] == "--set"


def test_the_digest_knows_content_only(write: Writer) -> None:
    closing, release = "  b: {day: 3, close: true}\n", "  a: {day: 3, set: {making.capability: 2}}\n"
    one = write("dials: {steerability: 0.3, monetization: 0.2}\ninterventions:\n" + closing + release)
    dated = "  a: {date: 2025-10-03, set: {making.capability: 2.0}}\n"
    other = write("interventions:\n" + dated + closing + "dials: {monetization: 2e-1, steerability: .3}\n", "other.yaml")
    assert load_scenario(one).digest() == load_scenario(other).digest()
    assert load_scenario(one).digest() != load_scenario(one, ["dials.monetization=0.21"]).digest()
    assert load_scenario(one).digest() != load_scenario(one, ["interventions.a.day=4"]).digest()


def test_a_document_of_another_kind_is_refused() -> None:
    with pytest.raises(ScenarioErrors, match="resolved scenario: cannot be read"):
        Scenario.from_document({"name": "x"})


def test_a_missing_name_or_file_is_answered_with_the_nearest(write: Writer) -> None:
    assert problems_of("sora_stearable") == "'sora_stearable': there is no shipped scenario of that name\n  did you mean 'sora_steerable'?"
    write("")
    assert problems_of("wrld.yaml") == "wrld.yaml: there is no such file\n  did you mean 'world.yaml'?"
    assert "to use the shipped scenario write `sora`" in problems_of("scenarios/sora.yaml")


def test_what_is_no_scenario_file_is_refused_before_it_is_read(write: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = write("#" * 2**20)
    monkeypatch.setattr(Path, "open", lambda *_arguments: pytest.fail("the file was read"))
    assert "world.yaml: the file is larger than 1 MiB" in problems_of(name)
    assert "this is a folder, not a scenario file" in problems_of(tmp_path)
    os.mkfifo(tmp_path / "pipe.yaml")
    assert "this is not a regular file" in problems_of("pipe.yaml")
    assert "world.yaml" not in problems_of("bad\0name.yaml")
    assert "x.yaml" in problems_of("y" * 5000 + "x.yaml")


def test_a_file_of_just_under_a_mebibyte_is_read(write: Writer) -> None:
    assert load_scenario(write("#" * (2**20 - len(HEAD)))).days == 365


def test_a_symlink_may_not_lead_out_of_the_folder(write: Writer, tmp_path: Path) -> None:
    write("", "secret.yaml")
    name = write("extends: base.yaml\n", "inner/world.yaml")
    (tmp_path / "inner" / "base.yaml").symlink_to(tmp_path / "secret.yaml")
    assert "inner/world.yaml:3:10: 'extends' leads out of the folder" in problems_of(name)


def test_the_memory_is_checked_before_anything_is_allocated(write: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.scenario.population.available_memory_bytes", lambda: 20_000 * 200)
    assert load_scenario(write("")).agents == 20_000
    assert problems_of("baseline", agents=20_001).startswith("--agents 20001: 20001 agents need about 4 MB of memory, 4 MB are free")
    monkeypatch.setattr("sim.scenario.population.available_memory_bytes", lambda: None)
    assert load_scenario(write(""), agents=20_001).agents == 20_001


def test_no_more_than_fifty_problems_are_printed(write: Writer) -> None:
    keys = 3_000
    shown = problems_of(write("".join(f"kay_{number}: 1\n" for number in range(keys))))
    assert shown.count("unknown key") == SHOWN
    assert shown.endswith(f"… and {keys - SHOWN} more")
    assert "kay_49'" in shown


def test_errors_are_one_line_of_place_each_whatever_the_text(write: Writer) -> None:
    shown = problems_of(write('"a\\nb\\e[31m": 1\ndays: "' + "9" * 5000 + '"\n'))
    assert (shown.count("\n"), "\x1b" in shown) == (3, False)
    assert len(shown) < 500


SORA = (shipped_folder() / "sora.yaml").read_text(encoding="utf-8").splitlines()
ODD = ["null", "-1", "{}", "[]", "x", ".nan", "day: 3", "close: true", "set:", "1e308", "  x: 1", "days: 40", "people: 3", "mended: [cost]"]
CHANGE = st.tuples(st.integers(0, len(SORA) - 1), st.sampled_from(["drop", "double", "indent", "value", "line"]), st.sampled_from(ODD))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHANGE, min_size=1, max_size=4))
def test_a_damaged_file_loads_or_names_its_problems(write: Writer, changes: list[tuple[int, str, str]]) -> None:
    lines = list(SORA)
    for number, change, odd in changes:
        line = lines[number]
        head = line.partition(":")[0]
        lines[number] = {"drop": "", "double": f"{line}\n{line}", "indent": f"  {line}", "value": f"{head}: {odd}", "line": odd}[change]
    path = Path(write(""))
    path.write_text("\n".join(lines), encoding="utf-8")
    problems: tuple[Problem, ...] = ()
    try:
        scenario = load_scenario(path)
        assert Scenario.from_document(scenario.as_document()) == scenario
    except ScenarioErrors as errors:
        problems = errors.problems
    assert all(problem.place.startswith("world.yaml:") for problem in problems)


def test_a_circle_of_symlinks_is_no_file(write: Writer, tmp_path: Path) -> None:
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    assert "loop.yaml" in problems_of("loop.yaml")
    assert "world.yaml:3:10" in problems_of(write("extends: loop.yaml\n"))


def test_input_errors_survive_a_process_boundary() -> None:
    with pytest.raises(InputError) as raised:
        load_scenario("no_such_world")
    again = pickle.loads(pickle.dumps(raised.value))
    assert (str(again), again.problems) == (str(raised.value), raised.value.problems)
