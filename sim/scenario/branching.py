"""A run that goes on otherwise from a day on: the same scenario with one more dated intervention, so that its past is the same bits."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import cast

from sim.foundation.parameters import Value
from sim.scenario import keys
from sim.scenario.interventions import CUT_OFF
from sim.scenario.merging import Merged
from sim.scenario.overrides import Overrides, read_overrides, single_override
from sim.scenario.scenario import Intervention, Scenario, order_of
from sim.scenario.yaml_tree import Place, ProblemList


def branched(scenario: Scenario, day: int, overrides: Overrides = (), *, days: int | None = None) -> Scenario:
    """The scenario in which these overrides hold from the morning of `day` on, and which lasts `days` days if that is given.

    overrides: as `load_scenario` takes them, of parameters that may change while the world runs. Raises ScenarioErrors with every problem.
    """
    problems = ProblemList()
    length = scenario.days if days is None else _length(scenario, day, days, problems)
    if not 0 <= day < length:
        problems.add(Place(f"day {day}"), f"the run has the days 0 to {length - 1}", "branch off on one of them, or give more days")
    changes = _changes(scenario, f"interventions.{_name(scenario, day)}", overrides, problems)
    for one in scenario.interventions:
        for path in changes.keys() & one.changes.keys() if one.day == day else ():
            message = f"'{path}' is set on day {day} by the intervention '{one.name}' already"
            problems.add(Place(path), message, "branch off a day later")
    problems.raise_if_any()
    interventions = [one for one in scenario.interventions if one.day is None or one.day < length]
    if changes:
        interventions.append(Intervention(_name(scenario, day), day, None, changes, note="branched off here"))
    return dataclasses.replace(
        scenario,
        values={**scenario.values, "days": length},
        interventions=tuple(sorted(interventions, key=order_of)),
        origins={**scenario.origins, **({} if days is None else {"days": "--days"})},
    )


def _name(scenario: Scenario, day: int) -> str:
    """A name for the intervention that no other has."""
    taken = {one.name for one in scenario.interventions}
    name = f"from_day_{day}"
    while name in taken:
        name += "_again"
    return name


def _length(scenario: Scenario, day: int, days: int, problems: ProblemList) -> int:
    single_override("days", days, "--days", problems)
    left_out = [note for note in scenario.notes if CUT_OFF in note]
    if days > scenario.days and left_out:
        problems.add(Place(f"--days {days}"), f"the run cannot be made longer: {left_out[0]}", "run the scenario afresh for so many days")
    return days


def _changes(scenario: Scenario, entry: str, overrides: Overrides, problems: ProblemList) -> Mapping[str, Value]:
    """The overrides as changes of one intervention, checked as a file's would be."""
    groups = {keys.entry_of(path) for path in scenario.values} - {None}
    known = Merged(entries={cast(str, group): Place("scenario") for group in groups})
    changes: dict[str, Value] = {}
    for path, layer in read_overrides(overrides, known, problems, under=f"{entry}.set."):
        group = keys.entry_of(path)
        if group is not None and group not in groups:
            problems.add(Place(path), f"there is no '{group.partition('.')[2]}' in '{group.partition('.')[0]}'")
        changes.update((path, cast(Value, setting.value)) for setting in layer.settings.values())
    return changes
