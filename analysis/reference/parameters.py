"""`flywheel describe parameters`: every key of a scenario file, by the rule file that declares it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import sim
from analysis.reference import layout

RULE_PARAMETERS = frozenset(parameter.key for rule in sim.RULES for parameter in rule.parameters)
"""Keys declared in rule files; the others belong to the world itself."""

ANY_NAME = "<name>"

WORLD = tuple(parameter for key, parameter in sim.PARAMETERS.items() if key not in RULE_PARAMETERS)


def parameters_page(scenario: sim.Scenario | None, width: int) -> str:
    """All parameters with default or, for a scenario, its values and where they come from."""
    return layout.page("Parameters", _introduction(scenario), _blocks(all_paths(), scenario, width), width)


def some_parameters(wanted: str, scenario: sim.Scenario | None, width: int) -> str:
    """The parameters that `wanted` names, by the rule files that declare them; see `named`."""
    return "\n\n".join(_blocks(named(wanted), scenario, width)) + "\n"


def named(wanted: str) -> tuple[str, ...]:
    """The paths that a key, its last name, or the beginning of keys stands for; none where it stands for nothing.

    A field of a named group is found under any name: external_platforms.short_video.payout_usd_per_1000_views.
    """
    paths, parts = all_paths(), wanted.split(".")
    if parts[0] in sim.NAMED_GROUPS and len(parts) > 1:
        wanted = ".".join((parts[0], ANY_NAME, *parts[2:]))
    exact = tuple(path for path in paths if path == wanted or path.rpartition(".")[2] == wanted)
    return exact or tuple(path for path in paths if path.startswith(wanted))


def all_paths() -> tuple[str, ...]:
    """The path of every parameter, those of a named group with a sign for any name."""
    return (*sim.PARAMETERS, *(f"{group}.{ANY_NAME}.{field.key}" for group, fields in sim.NAMED_GROUPS.items() for field in fields))


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


def _blocks(paths: Collection[str], scenario: sim.Scenario | None, width: int) -> Iterator[str]:
    """The parameters with these paths, under a heading for each file that declares one of them."""
    yield from _part("The world (sim/scenario/schema.py)", WORLD, (), paths, scenario, width)
    for rule in sim.RULES:
        yield from _part(f"{rule.number} {rule.claim} (sim/rules/{rule.name}.py)", rule.parameters, rule.groups, paths, scenario, width)


def _part(
    title: str,
    parameters: Sequence[sim.Parameter],
    groups: Sequence[str],
    paths: Collection[str],
    scenario: sim.Scenario | None,
    width: int,
) -> Iterator[str]:
    items = [parameter_item(one, one.key, scenario, width) for one in parameters if one.key in paths]
    items += [item for group in groups for item in _group(group, paths, scenario, width)]
    if items:
        yield layout.heading(title, width)
        yield from items


def _group(group: str, paths: Collection[str], scenario: sim.Scenario | None, width: int) -> Iterator[str]:
    """The fields of a named group once, and its entries in the scenario, if any."""
    shown = [(path, field) for field in sim.NAMED_GROUPS[group] if (path := f"{group}.{ANY_NAME}.{field.key}") in paths]
    for path, field in shown:
        yield parameter_item(field, path, None, width)
    for name in scenario.names_in(group) if scenario is not None and shown else ():
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
