"""What a sweep file sets and varies: its keys `set` and `vary`, path by path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import sim
from analysis.experiments.designs import LISTED, SAMPLED, Design, Point
from analysis.experiments.sweep_keys import GROUPS
from analysis.experiments.variables import Variable, read_variable
from sim import Block, Entry, Listing, Node, Place, ProblemList


@dataclass
class PathReader:
    """Reads mappings of paths, noting what is wrong. base: the scenario that they are paths of, None where that could not be read.

    groups, places: of what is varied, path -> its group, and where its values stand.
    """

    base: sim.Scenario | None
    problems: ProblemList
    groups: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def fixed(self, node: Node) -> dict[str, sim.Value]:
        """What `set` says: path -> value."""
        if not isinstance(node, Block):
            hint = "for example `set: {agents: 10000}`"
            self.problems.add(node.place, f"'set' must be a mapping of dotted paths, not {sim.kind_of(node)}", hint)
            return {}
        named = [(self.declared(entry.key, entry.place), entry.node) for entry in node.entries]
        return self.values([(found, written) for found, written in named if found is not None])

    def variables(self, node: Node) -> list[Variable]:
        """What `vary` says."""
        found = []
        for group, entry in self.in_groups(node, "vary"):
            named = self.declared_in(group, entry)
            if named is not None and (variable := read_variable(named[0], group, named[1], entry.node, self.problems)):
                found.append(variable)
        return found

    def listed(self, node: Node) -> list[Point]:
        """The points that `vary` writes out for the design `list`."""
        if not isinstance(node, Listing) or not node.items:
            given = "an empty one" if isinstance(node, Listing) else sim.kind_of(node)
            hint = "write each point as `- dials: {steerability: 0.5}`"
            self.problems.add(node.place, f"for the design list 'vary' must be a list of points, not {given}", hint)
            return []
        points: list[Point] = []
        for number, item in enumerate(node.items, start=1):
            named = [
                (self.declared_in(group, entry, is_new=number == 1), entry.node) for group, entry in self.in_groups(item, f"point {number}")
            ]
            point = self.values([(found, written) for found, written in named if found is not None])
            if points and point.keys() != points[0].keys():
                odd = min(point.keys() ^ points[0].keys())
                message = f"point {number} and point 1 do not set the same paths: only one has '{odd}'"
                self.problems.add(item.place, message, "write it in every point")
            points.append(point)
        return points

    def values(self, named: Sequence[tuple[tuple[str, sim.Parameter], Node]]) -> dict[str, sim.Value]:
        """The legal ones of these values."""
        found: dict[str, sim.Value] = {}
        for (path, declared), node in named:
            try:
                found[path] = sim.legal_value(declared, path, node, self.problems)
            except sim.IllegalValueError:
                continue
        return found

    def in_groups(self, node: Node, what: str) -> list[tuple[str, Entry]]:
        """The entries of a mapping by groups, each with its group."""
        found: list[tuple[str, Entry]] = []
        for group in node.entries if isinstance(node, Block) else ():
            if group.key not in GROUPS:
                hint = sim.did_you_mean(group.key, GROUPS) or f"its keys are {', '.join(GROUPS)}, and below them the paths"
                self.problems.add(group.place, f"'{what}' knows no '{group.key[:60]}'", hint)
            elif not isinstance(group.node, Block) or not group.node.entries:
                given = "an empty one" if isinstance(group.node, Block) else sim.kind_of(group.node)
                hint = (
                    f"for example `{group.key}: {{steerability: [0.1, 0.9]}}`"
                    if group.key == "dials"
                    else "leave it out where nothing varies"
                )
                self.problems.add(group.node.place, f"'{group.key}' must be a mapping of paths, not {given}", hint)
            else:
                found += [(group.key, entry) for entry in group.node.entries]
        if not isinstance(node, Block) or not node.entries:
            given = "an empty one" if isinstance(node, Block) else sim.kind_of(node)
            hint = "for example `dials: {steerability: [0.1, 0.9]}`"
            self.problems.add(node.place, f"'{what}' must be a mapping of {', '.join(GROUPS)}, not {given}", hint)
        return found

    def declared_in(self, group: str, entry: Entry, *, is_new: bool = True) -> tuple[str, sim.Parameter] | None:
        """The full path and the declaration of an entry that varies; notes one that is in the wrong group, or there twice."""
        named = self.declared(entry.key, entry.place)
        if named is None:
            return None
        path = named[0]
        if group == "dials" and not path.startswith("dials."):
            self.problems.add(entry.place, f"'{path}' is not one of the three dials", "put it under `policies` or `uncertain`")
        if is_new and path in self.groups:
            self.problems.add(entry.place, f"'{path}' is varied twice", "keep one of them")
        self.groups[path] = group
        self.places[path] = str(entry.node.place)
        return named

    def declared(self, key: str, place: Place) -> tuple[str, sim.Parameter] | None:
        """The full path and the declaration of a key as written, None after noting that there is none."""
        declared = sim.override_declaration(key)
        if declared is not None:
            return key, declared
        known = list(self.base.values if self.base else sim.PARAMETERS)
        ending = [path for path in known if path.rpartition(".")[2] == key]
        if len(ending) == 1 and (declared := sim.override_declaration(ending[0])):
            return ending[0], declared
        if ending:
            self.problems.add(place, f"'{key}' is not unique", f"write one of {', '.join(ending)}")
        else:
            last = {path.rpartition(".")[2] for path in known}
            near = sim.did_you_mean(key, known) or sim.did_you_mean(key.rpartition(".")[2], sorted(last))
            self.problems.add(place, f"unknown parameter '{key[:60]}'", near or "`flywheel describe parameters` lists them")
        return None


def check_fit(design: Design, variables: Sequence[Variable], node: Node, problems: ProblemList) -> None:
    """Note each variable that is not written as the design needs it. node: all that varies."""
    for variable in variables:
        if design.name in SAMPLED and variable.levels is not None:
            hint = "write `{uniform: [low, high]}` or `{choice: […]}`, or take `design: grid`"
            problems.add(variable.place, f"the design {design.name} draws from distributions: '{variable.path}' has levels", hint)
        elif design.name in LISTED and variable.quantile is not None and variable.group != "uncertain":
            hint = "write a list or `{from: …, to: …, steps: …}`, or take `design: {name: lhs, points: 100}`"
            problems.add(variable.place, f"the design {design.name} needs values: '{variable.path}' has a distribution", hint)
    levels = [variable for variable in variables if variable.levels is not None]
    if design.name in LISTED and variables and not levels:
        hint = "take `design: {name: lhs, points: 100}`"
        problems.add(node.place, f"the design {design.name} has nothing to go through: all that varies is drawn", hint)
    if design.name == "zip" and len({len(variable.levels or ()) for variable in levels}) > 1:
        lengths = ", ".join(f"'{variable.path}' {len(variable.levels or ())}" for variable in levels)
        hint = "give all the same number of values, or take `design: grid` for every value with every other"
        problems.add(node.place, f"the design zip takes values that go together, but their numbers differ: {lengths}", hint)
