"""Levers: what a file of them says, and how they fit a scenario."""

from __future__ import annotations

from pathlib import Path

import pytest

import sim
from analysis.questions.asking import World
from analysis.questions.lives import Seeded
from analysis.rescuing.levers import Lever, load_levers
from analysis.rescuing.packages import Changed, Fitted, changes_of, fit, space_of

SMALL = {"days": 20, "agents": 300}


def fitted(source: str, levers: tuple[Lever, ...] | None = None, *overrides: str) -> tuple[list[Fitted], list[str]]:
    plain = sim.load_scenario(source, overrides, **SMALL)
    return fit(levers or load_levers(), Changed(Seeded(World(source, overrides, **SMALL), (1,))), plain)


def written(folder: Path, levers: str) -> tuple[Lever, ...]:
    file = folder / "own.yaml"
    file.write_text(f"schema: 1\nlevers:\n{levers}")
    return load_levers(file)


def test_the_shipped_levers_all_fit_sora_and_say_that_their_costs_are_assumed() -> None:
    found, notes = fitted("sora")
    assert [len(one.steps) for one in found] == [3, 3, 3, 2, 2, 2, 2, 2, 2, 2]
    assert notes == []
    assert all("assumed" in one.lever.source for one in found if one.lever.name != "purse")


def test_money_put_at_risk_costs_what_is_added() -> None:
    [purse] = [one for one in fitted("sora")[0] if one.lever.name == "purse"]
    assert [step.cost_usd for step in purse.steps] == pytest.approx([0.5 * 2.33e8, 2.33e8])
    assert (purse.steps[1].before, purse.steps[1].after) == ("$233 M", "$466 M")


def test_levels_that_the_scenario_has_or_is_beyond_are_left_out() -> None:
    found, _ = fitted("sora", None, "dials.steerability=0.6", "charging.subscription_usd_per_month=20")
    steps = {one.lever.name: [step.after for step in one.steps] for one in found}
    assert steps["steerability"] == ["0.85"]
    assert steps["subscription"] == ["$10"]


def test_a_lever_with_nothing_to_move_is_named() -> None:
    found, notes = fitted("sora", None, "parent.stop_loss_usd=null", "operator.fixed_usd_per_day=0")
    assert {"purse", "fixed_cost"}.isdisjoint(one.lever.name for one in found)
    assert [note.split("'")[1] for note in notes] == ["fixed_cost", "purse"]


def test_a_change_stands_for_the_whole_run_whatever_is_dated() -> None:
    """Sora sells from day 30 and cuts quotas on days 59 and 102."""
    sora = sim.load_scenario("sora")
    [credits] = [lever for lever in load_levers() if lever.name == "credits"]
    assert changes_of(credits.levels[1], sora) == {
        "charging.credit_usd_per_attempt": 0.8,
        "interventions.credits.set.charging.credit_usd_per_attempt": 0.8,
    }
    found, _ = fit(load_levers(), Changed(Seeded(World("sora"), (1,))), sora)
    [quota] = [one for one in found if one.lever.name == "quota"]
    assert (quota.steps[0].before, quota.steps[0].after) == ("30, later 6 and 0", "10")


def test_a_multiple_is_of_what_each_life_has_and_whole_numbers_stay_whole(tmp_path: Path) -> None:
    levers = written(
        tmp_path, "  half:\n    title: t\n    source: s\n    levels: [{times: {making.free_quota_per_day: 0.25}, cost_usd: 0}]\n"
    )
    changes = changes_of(levers[0].levels[0], sim.load_scenario("sora"))
    assert changes["making.free_quota_per_day"] == 8
    assert changes["interventions.quota_cut.set.making.free_quota_per_day"] == 2


def test_what_is_laid_over_a_life_is_what_load_scenario_makes_of_it() -> None:
    world = World("sora_three_gates", ("steerability=0.7",), **SMALL)
    changed = Changed(Seeded(world, (3,)))
    found, _ = fit(load_levers(), changed, changed.lives[0].scenario)
    package = tuple(int(one.lever.name in ("creator_pay", "export_leakage")) for one in found)
    life = changed.life(0, found, package)
    laid = {"dials.steerability": 0.7, "dials.monetization": 0.3, "dials.export_leakage": 0.1}
    assert life.seed == 3
    assert life.scenario.digest() == sim.load_scenario("sora_three_gates", laid, **SMALL).digest()


def test_a_level_that_makes_no_world_is_told_with_its_place(tmp_path: Path) -> None:
    levers = written(tmp_path, "  more:\n    title: t\n    source: s\n    levels: [{times: {dials.export_leakage: 3}, cost_usd: 0}]\n")
    with pytest.raises(sim.InputError, match=r"own\.yaml:6:14: in 'sora': .*export_leakage"):
        fitted("sora", levers)


def test_packages_cost_what_their_levels_cost() -> None:
    space = space_of(fitted("sora")[0], 1e9)
    assert space.size == 4**3 * 3**7
    assert space.cost((1, 0, 1, *[0] * 7)) == 30e6


@pytest.mark.parametrize(("source", "message"), [("defualt", "did you mean 'default'"), ("none.yaml", "there is no such file of levers")])
def test_a_file_that_is_not_there_is_told(source: str, message: str) -> None:
    with pytest.raises(sim.InputError, match=message):
        load_levers(source)
