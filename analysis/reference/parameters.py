"""`flywheel describe parameters`: every key of a scenario file, by the rule file that declares it."""

from __future__ import annotations

from collections.abc import Iterator

import sim
from analysis.reference import layout

RULE_PARAMETERS = frozenset(parameter.key for rule in sim.RULES for parameter in rule.parameters)
"""Keys declared in rule files; the others belong to the world itself."""

WORLD = tuple(parameter for key, parameter in sim.PARAMETERS.items() if key not in RULE_PARAMETERS)


def parameters_page(scenario: sim.Scenario | None, width: int) -> str:
    """All parameters with default or, for a scenario, its values and where they come from."""
    return layout.page("Parameters", _introduction(scenario), _blocks(scenario, width), width)


def all_declared() -> tuple[sim.Parameter, ...]:
    """Every parameter, fields of named groups included."""
    return (*sim.PARAMETERS.values(), *(field for fields in sim.NAMED_GROUPS.values() for field in fields))


def _introduction(scenario: sim.Scenario | None) -> str:
    declared = all_declared()
    values = "its default" if scenario is None else f"its value in the scenario '{scenario.name}'"
    return (
        f"{layout.counted(len(declared), 'key')} of a scenario file: {layout.source_counts(declared)}. Each with {values}, what it "
        "means, what is legal, and how we know the default. A dotted key is written as a section and below it, indented, the name; on "
        "the command line `--set key=value`."
    )


def _blocks(scenario: sim.Scenario | None, width: int) -> Iterator[str]:
    yield layout.heading("The world (sim/scenario/schema.py)", width)
    for parameter in WORLD:
        yield parameter_item(parameter, parameter.key, scenario, width)
    for rule in sim.RULES:
        yield layout.heading(f"{rule.number} {rule.claim} (sim/rules/{rule.name}.py)", width)
        for parameter in rule.parameters:
            yield parameter_item(parameter, parameter.key, scenario, width)
        for group in rule.groups:
            yield from _group(group, scenario, width)


def _group(group: str, scenario: sim.Scenario | None, width: int) -> Iterator[str]:
    """The fields of a named group once, and its entries in the scenario, if any."""
    names = () if scenario is None else scenario.names_in(group)
    for field in sim.NAMED_GROUPS[group]:
        yield parameter_item(field, f"{group}.<name>.{field.key}", None, width)
    for name in names:
        yield layout.item(f"{group}: {name}", [_values_of(group, name, scenario)], width)


def _values_of(group: str, name: str, scenario: sim.Scenario | None) -> str:
    assert scenario is not None
    return ", ".join(f"{field.key} {sim.value_text(scenario.values[f'{group}.{name}.{field.key}'])}" for field in sim.NAMED_GROUPS[group])


def parameter_item(parameter: sim.Parameter, path: str, scenario: sim.Scenario | None, width: int) -> str:
    """One parameter: value, meaning, what is legal, source; of a scenario also default and origin where it differs."""
    default = sim.value_text(parameter.default)
    value, origin = default, ""
    if scenario is not None:
        value = sim.value_text(scenario.values[path])
        if scenario.origins[path] != "default":
            origin = f"default {default}; set by {scenario.origins[path]}".replace("set by derived", "derived")
    legal = "; ".join(part for part in (sim.legal_phrase(parameter), layout.when_it_moves(parameter)) if part)
    return layout.item(f"{path} = {value}", (parameter.meaning, legal, layout.source_of(parameter), origin), width)
