"""A resolved scenario as text that reads like a scenario file: every value with its unit and where it comes from."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sim.foundation.parameters import Value
from sim.scenario import keys
from sim.scenario.scenario import Intervention, Scenario, number_text
from sim.scenario.schema import PARAMETERS, SCHEMA

_Line = tuple[str, str]
_WIDEST = 48
_WITHOUT_UNIT = ("1", "flag", "choice", "date")


def describe_resolved(scenario: Scenario) -> str:
    """The text `flywheel check` prints. Saved as a file it loads as the same scenario: derived values stand in it as comments."""
    lines = list(_lines(scenario))
    width = min(_WIDEST, max(len(text) for text, comment in lines if comment))
    return "\n".join(f"{text:<{width}}  # {comment}" if comment else text for text, comment in lines) + "\n"


def _lines(scenario: Scenario) -> Iterator[_Line]:
    """Each line as its text and its comment."""
    yield f"# scenario {scenario.name}", ""
    yield f"schema: {SCHEMA}", ""
    yield f"question: {value_text(scenario.question)}", _origin(scenario, "question")
    if scenario.evidence is not None:
        yield f"evidence: {scenario.evidence}", _origin(scenario, "evidence")
    section = ""
    for key in PARAMETERS:
        if "." not in key:
            yield _value_line(scenario, key, key, 0)
    for key in _by_section():
        head, _, last = key.partition(".")
        if head != section:
            section = head
            yield from (("", ""), (f"{head}:", ""))
        yield _value_line(scenario, key, last, 1)
    for group in keys.GROUP_FIELDS:
        yield from _group_lines(scenario, group)
    if scenario.interventions:
        yield from (("", ""), ("interventions:", ""))
        for intervention in scenario.interventions:
            yield from _intervention_lines(scenario, intervention)
    yield from _gate_lines(scenario)


def _by_section() -> list[str]:
    """Dotted keys, those of one section together, sections in the order of their first key."""
    heads = list(dict.fromkeys(key.partition(".")[0] for key in PARAMETERS))
    return sorted((key for key in PARAMETERS if "." in key), key=lambda key: heads.index(key.partition(".")[0]))


def _value_line(scenario: Scenario, path: str, name: str, depth: int) -> _Line:
    parameter = keys.declaration(path)
    assert parameter is not None, path
    follows = "# " if path in scenario.derived else ""
    return f"{'  ' * depth}{follows}{name}: {value_text(scenario.values[path])}", _comment(parameter.unit, _origin(scenario, path))


def _group_lines(scenario: Scenario, group: str) -> Iterator[_Line]:
    names = scenario.names_in(group)
    if names:
        yield from (("", ""), (f"{group}:", ""))
    for name in names:
        yield f"  {name}:", ""
        for field in keys.GROUP_FIELDS[group]:
            yield _value_line(scenario, f"{group}.{name}.{field}", field, 2)


def _intervention_lines(scenario: Scenario, one: Intervention) -> Iterator[_Line]:
    path = f"interventions.{one.name}"
    yield f"  {one.name}:", ""
    if one.day is not None:
        timing = "date" if f"{path}.date" in scenario.origins else "day"
        date = scenario.date_of(one.day).isoformat()
        yield f"    day: {one.day}", _comment(date, _origin(scenario, f"{path}.{timing}"))
    if one.when is not None:
        yield f"    when: {one.when}", _comment("on yesterday's books, once", _origin(scenario, f"{path}.when"))
    if one.ramp_days:
        yield f"    ramp_days: {one.ramp_days}", _comment("days", _origin(scenario, f"{path}.ramp_days"))
    if one.closes:
        yield "    close: true", _origin(scenario, f"{path}.close")
    if one.note:
        yield f"    note: {value_text(one.note)}", ""
    if one.changes:
        yield "    set:", ""
    for changed, value in one.changes.items():
        yield _change_line(scenario, f"{path}.set.", changed, value, 3)


def _gate_lines(scenario: Scenario) -> Iterator[_Line]:
    if scenario.gates:
        yield from (("", ""), ("gates:", ""))
    for gate, changes in scenario.gates.items():
        yield f"  {gate}:", ""
        for changed, value in changes.items():
            yield _change_line(scenario, f"gates.{gate}.", changed, value, 2)
    if scenario.mended:
        yield f"  mended: [{', '.join(scenario.mended)}]", _origin(scenario, "gates.mended")


def _change_line(scenario: Scenario, prefix: str, path: str, value: Value, depth: int) -> _Line:
    parameter = keys.declaration(path)
    unit = parameter.unit if parameter else ""
    return f"{'  ' * depth}{path}: {value_text(value)}", _comment(unit, _origin(scenario, f"{prefix}{path}"))


def _origin(scenario: Scenario, path: str) -> str:
    return scenario.origins.get(path, "")


def _comment(unit: str, origin: str) -> str:
    return " · ".join(part for part in (unit, origin) if part and part not in _WITHOUT_UNIT)


def value_text(value: Value) -> str:
    """A value as a scenario file writes it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if value.replace("_", "").replace("-", "").isalnum() and not value.isdigit() else json.dumps(value, ensure_ascii=False)
    return number_text(value)
