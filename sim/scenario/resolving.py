"""From merged layers to a scenario: mended gates, defaults, derived values, origins, and the checks that need more than one value."""

from __future__ import annotations

import datetime
from typing import Final, cast

from sim.foundation.parameters import Value
from sim.scenario import keys
from sim.scenario.interventions import Calendar, build_interventions
from sim.scenario.layers import Setting
from sim.scenario.merging import Merged
from sim.scenario.noting import idle_interventions
from sim.scenario.population import check_population
from sim.scenario.scenario import Scenario, rederive
from sim.scenario.schema import PARAMETERS
from sim.scenario.yaml_tree import Place, ProblemList

_ANY_LENGTH: Final = 10_000


def resolve(name: str, merged: Merged, own_days: int, root: Place, problems: ProblemList, notes: list[str]) -> Scenario:
    """The scenario. Raises ScenarioErrors with all problems of the load, those noted before included.

    own_days: the length in days that the files give. root: the first line of the file that was asked for.
    """
    _check_named_paths(merged, problems)
    settled = settle(merged, problems)
    values = settled.values
    check_population(values, merged, root, problems)
    launch = None if merged.is_broken("launch_date") else datetime.date.fromisoformat(cast(str, values["launch_date"]))
    length_is_known = not merged.is_broken("days")
    calendar = Calendar(launch, own_days if length_is_known else _ANY_LENGTH, cast(int, values["days"]) if length_is_known else _ANY_LENGTH)
    interventions = build_interventions(merged, values, calendar, problems, notes)
    problems.raise_if_any()
    notes += idle_interventions(interventions, values, settled.derived)
    gates: dict[str, dict[str, Value]] = {}
    for gate in keys.GATES:
        if changes := merged.below(f"gates.{gate}."):
            gates[gate] = {path: cast(Value, changes[path].value) for path in sorted(changes)}
    evidence = merged.settings.get("evidence")
    return Scenario(
        name=name,
        question=str(merged.settings["question"].value),
        evidence=cast(str | None, evidence.value) if evidence else None,
        values=values,
        interventions=interventions,
        gates=gates,
        mended=_mended(merged),
        derived=settled.derived,
        origins=settled.origins | _other_origins(merged),
        notes=tuple(notes),
    )


class Settled:
    """A value and an origin for every key, and which keys follow another one."""

    def __init__(self) -> None:
        self.values: dict[str, Value] = {}
        self.origins: dict[str, str] = {}
        self.derived: tuple[str, ...] = ()


def settle(merged: Merged, problems: ProblemList) -> Settled:
    """Every value: from an override, else a mended gate, else a file, else the key it is derived from, else the declared default."""
    gated = _gated(merged, problems)
    settled = Settled()
    declared = dict(PARAMETERS)
    for entry in sorted(merged.entries):
        for field, parameter in keys.GROUP_FIELDS.get(entry.partition(".")[0], {}).items():
            declared[f"{entry}.{field}"] = parameter
    derived: list[str] = []
    for path, parameter in declared.items():
        setting = merged.settings.get(path)
        if path in gated and path not in merged.overridden:
            setting = gated[path]
        if setting is not None:
            settled.values[path], settled.origins[path] = cast(Value, setting.value), setting.origin
        else:
            is_float = parameter.kind == "number" and parameter.default is not None
            settled.values[path] = float(cast(float, parameter.default)) if is_float else parameter.default
            settled.origins[path] = "default"
            if parameter.derived_from is not None:
                settled.origins[path] = f"derived from {parameter.derived_from}"
                derived.append(path)
    settled.derived = tuple(derived)
    settled.values = rederive(settled.values, settled.derived)
    return settled


def _mended(merged: Merged) -> tuple[str, ...]:
    setting = merged.settings.get("gates.mended")
    return cast(tuple[str, ...], setting.value) if setting else ()


def _gated(merged: Merged, problems: ProblemList) -> dict[str, Setting]:
    """What the mended gates set, with origins that name the gate."""
    gated: dict[str, Setting] = {}
    by: dict[str, str] = {}
    for gate in keys.GATES:
        if gate not in _mended(merged):
            continue
        changes = merged.below(f"gates.{gate}.")
        if not changes and not merged.is_broken(f"gates.{gate}"):
            place = merged.settings["gates.mended"].place
            problems.add(
                place,
                f"the gate '{gate}' cannot be mended: 'gates.{gate}' says nothing",
                f"write `{gate}:` with dotted paths under `gates`",
            )
        for path, setting in changes.items():
            if path in gated and gated[path].value != setting.value:
                message = f"the gates '{by[path]}' and '{gate}' are both mended and set '{path}' to different values"
                problems.add(setting.place, message, "keep one of them, or mend one gate only")
            gated[path] = Setting(setting.value, setting.place, f"gates.{gate} ({setting.origin})")
            by[path] = gate
    return gated


def _check_named_paths(merged: Merged, problems: ProblemList) -> None:
    """Paths in `set` and `gates` may only go through entries of named groups that exist."""
    for path, setting in merged.settings.items():
        target = _target(path)
        entry = keys.entry_of(target) if target else None
        if entry is not None and entry not in merged.entries and not merged.is_broken(entry):
            group, _, name = entry.partition(".")
            names = [other.partition(".")[2] for other in merged.entries if other.startswith(f"{group}.")]
            hint = f"known: {', '.join(names)}" if names else f"declare it under `{group}`"
            problems.add(setting.place, f"'{target}': there is no '{name}' in '{group}'", hint)


def _target(path: str) -> str | None:
    """The parameter that a `set` or gate path is about."""
    parts = path.split(".")
    if parts[0] == "gates" and len(parts) > 2:
        return ".".join(parts[2:])
    return ".".join(parts[3:]) if parts[0] == "interventions" and parts[2] == "set" else None


def _other_origins(merged: Merged) -> dict[str, str]:
    """Origins of what is no parameter: question, evidence, interventions, gates."""
    heads = ("question", "evidence", "interventions.", "gates.")
    return {path: setting.origin for path, setting in merged.settings.items() if path.startswith(heads)}
