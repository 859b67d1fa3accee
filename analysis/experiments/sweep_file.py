"""Sweep files: YAML, as strict as scenarios.

    schema: 1
    base: sora                                      # a shipped scenario, or a file beside this one
    set: {agents: 10000}                            # dotted paths, the same in every run
    vary:                                           # each path: values, levels or a distribution (variables.py)
      dials: {steerability: {from: 0, to: 1, steps: 7}}
      policies: {interventions.quota_cut.date: [2025-11-28, 2026-01-10]}
      uncertain: {creators.status_usd: {log_uniform: [0.03, 0.8]}}
    design: grid                                    # or {name: sobol, points: 256}: designs.py
    replicates: 10
    draws: paired                                   # or independent
    series: [dau, cost_usd]                         # daily metrics to keep

What is uncertain and has a distribution is drawn by the design where that samples; under grid, zip and list once a replicate, so that
every point meets the same worlds. `list` has its points under `vary` as a list, each with the groups.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sim
from analysis.experiments.designs import LISTED, SAMPLED, Design, Point, drawn, latin_hypercube
from analysis.experiments.jobs import Job
from analysis.experiments.sweep_jobs import SweepJobs
from analysis.experiments.variables import Variable, read_variable
from analysis.experiments.writing import SERIES
from sim import Block, Entry, Listing, Node, Place, ProblemList, Scalar

GROUPS = ("dials", "policies", "uncertain")
REPLICATES = 10
"""Of each point, where the file does not say."""
MANY_RUNS = 1_000_000
"""So many runs need a yes."""
_MOST_RUNS = 100_000_000

_KEYS = ("schema", "base", "set", "vary", "design", "replicates", "draws", "series")
_DRAWS = ("paired", "independent")
_SMALLEST = "`schema: 1`, `base: …`, `vary: …`, `design: …`"


@dataclass(frozen=True)
class Sweep:
    """A sweep: points of a design, replicates of each.

    groups: path -> "dials", "policies" or "uncertain". base: the scenario with what the file sets. points: path -> value, in order,
    without what is drawn once a replicate. jobs: all runs, point by point, each made when asked for. series: daily metrics to keep.
    """

    name: str
    base: sim.Scenario
    design: Design
    groups: Mapping[str, str]
    points: Sequence[Point]
    replicates: int
    draws: str
    series: tuple[str, ...]
    jobs: Sequence[Job]


def load_sweep(source: str | Path, *, many: bool = False) -> Sweep:
    """Load and check a sweep file; a bare name is a shipped one. Raises InputError with every problem found.

    many: whether a million runs and more are meant.
    """
    path = _find(str(source))
    problems = ProblemList()
    root = sim.read_tree(path, _shown(path), Place(_shown(path)), problems, "sweep", _SMALLEST)
    problems.raise_if_any()
    assert root is not None
    return _Reader(path, root, problems, many).read()


def shipped_sweeps() -> tuple[str, ...]:
    """The names of the sweep files that come with the package."""
    return tuple(sorted(path.stem for path in (sim.shipped_folder() / "sweeps").glob("*.yaml")))


def _find(source: str) -> Path:
    if source in shipped_sweeps():
        return sim.shipped_folder() / "sweeps" / f"{source}.yaml"
    path = Path(source)
    if not path.exists():
        hint = sim.did_you_mean(source, shipped_sweeps()) or f"shipped sweeps: {', '.join(shipped_sweeps())}"
        raise sim.InputError([sim.Problem(source, "there is no such sweep file", hint)])
    return path


def _shown(path: Path) -> str:
    shipped = sim.shipped_folder().parent
    return path.relative_to(shipped).as_posix() if path.is_relative_to(shipped) else path.as_posix()


@dataclass
class _Reader:
    """Reads the tree of a sweep file, noting every problem with its place."""

    path: Path
    root: Block
    problems: ProblemList
    many: bool
    nodes: dict[str, Entry] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)

    def read(self) -> Sweep:
        for entry in self.root.entries:
            if entry.key in _KEYS:
                self.nodes[entry.key] = entry
            else:
                hint = sim.did_you_mean(entry.key, _KEYS) or f"known here: {', '.join(_KEYS)}"
                self.problems.add(entry.place, f"unknown key '{entry.key[:60]}'", hint)
        self.check_heading()
        design, replicates, draws, series = self.design(), self.replicates(), self.draws(), self.series()
        family = self.family()
        fixed = self.fixed(family)
        base = self.base(family, fixed)
        variables, listed = ([], self.listed(base)) if design and design.name == "list" else (self.variables(base), [])
        if design and design.name != "list":
            self.check_fit(design, variables)
        self.check_twice(fixed)
        self.problems.raise_if_any()
        assert design is not None
        assert family is not None
        assert base is not None
        drawn_by_design = [one for one in variables if design.name in SAMPLED or one.levels]
        others = [one for one in variables if one not in drawn_by_design]
        self.check_number((len(listed) or design.count(drawn_by_design)) * replicates)
        points = listed or design.points(drawn_by_design)
        worlds = (
            drawn(others, latin_hypercube(1, replicates if draws == "paired" else replicates * len(points), len(others))) if others else []
        )
        jobs = SweepJobs(family, fixed, points, worlds, replicates, is_paired=draws == "paired")
        jobs.check(self.places, str(self.nodes["vary"].node.place))
        return Sweep(self.path.stem, base, design, self.groups, points, replicates, draws, series, jobs)

    def refuse(self, node: Node, message: str, hint: str = "") -> None:
        self.problems.add(node.place, message, hint)

    def check_heading(self) -> None:
        top = Place(self.root.place.file, 1, 1)
        schema = self.nodes.get("schema")
        if schema is None:
            self.problems.add(top, f"`schema: {sim.SCHEMA}` is missing", f"write `schema: {sim.SCHEMA}` on the first line")
        elif not isinstance(schema.node, Scalar) or type(schema.node.value) is not int or schema.node.value != sim.SCHEMA:
            self.refuse(
                schema.node, f"'schema' must be {sim.SCHEMA}, not {sim.kind_of(schema.node)}", f"this version reads schema {sim.SCHEMA}"
            )
        hints = {
            "base": "write `base: sora`, or the name of a scenario file beside this one",
            "vary": f"write `vary:` and below it, indented, one or more of {', '.join(GROUPS)}",
            "design": f"write `design:` and one of {', '.join((*LISTED, *SAMPLED))}",
        }
        for key, hint in hints.items():
            if key not in self.nodes:
                self.problems.add(top, f"'{key}' is missing", hint)

    def whole(self, node: Node, what: str, low: int, high: int) -> int | None:
        value = node.value if isinstance(node, Scalar) else None
        if type(value) is int and low <= value <= high:
            return value
        self.refuse(node, f"'{what}' must be a whole number from {low} to {high}, not {sim.kind_of(node)}")
        return None

    def choice(self, key: str, known: Sequence[str], default: str) -> str:
        if key not in self.nodes:
            return default
        node = self.nodes[key].node
        if isinstance(node, Scalar) and node.value in known:
            return str(node.value)
        hint = sim.did_you_mean(node.text, known) if isinstance(node, Scalar) else ""
        self.refuse(node, f"'{key}' must be one of {', '.join(known)}, not {sim.kind_of(node)}", hint)
        return default

    def replicates(self) -> int:
        entry = self.nodes.get("replicates")
        return REPLICATES if entry is None else self.whole(entry.node, "replicates", 1, _MOST_RUNS) or 1

    def draws(self) -> str:
        return self.choice("draws", _DRAWS, _DRAWS[0])

    def series(self) -> tuple[str, ...]:
        entry = self.nodes.get("series")
        if entry is None:
            return SERIES
        if not isinstance(entry.node, Listing) or not entry.node.items:
            self.refuse(
                entry.node,
                f"'series' must be a list of daily metrics, not {sim.kind_of(entry.node)}",
                "for example `series: [dau, cost_usd]`",
            )
            return SERIES
        known = [metric.name for metric in sim.DAILY]
        found: list[str] = []
        for item in entry.node.items:
            name = str(item.value) if isinstance(item, Scalar) else ""
            if name not in known:
                hint = sim.did_you_mean(name, known) or "`flywheel describe metrics` lists them"
                self.refuse(item, f"there is no daily metric {sim.kind_of(item).removeprefix('the text ')}", hint)
            elif name in found:
                self.refuse(item, f"the daily metric '{name}' stands twice", "keep one of them")
            found.append(name)
        return tuple(found)

    def design(self) -> Design | None:
        if "design" not in self.nodes:
            return None
        node = self.nodes["design"].node
        fields = {entry.key: entry for entry in node.entries} if isinstance(node, Block) else {}
        named = fields.pop("name").node if "name" in fields else node
        name = str(named.value) if isinstance(named, Scalar) else ""
        if name not in (*LISTED, *SAMPLED):
            hint = sim.did_you_mean(name, (*LISTED, *SAMPLED)) or "for example `design: grid`, or `design: {name: lhs, points: 100}`"
            self.refuse(named, f"'design' must be one of {', '.join((*LISTED, *SAMPLED))}, not {sim.kind_of(named)}", hint)
            return None
        known = SAMPLED.get(name, {})
        for key, entry in fields.items():
            if key not in known:
                hint = f"its options are {', '.join(known)}" if known else "it has no options"
                self.problems.add(entry.place, f"the design {name} knows no '{key[:60]}'", hint)
        options: dict[str, int] = {}
        for key, default in known.items():
            if key in fields:
                low, high = (0, 2**32 - 1) if key == "seed" else (2, _MOST_RUNS) if key != "trajectories" else (1, _MOST_RUNS)
                value = self.whole(fields[key].node, f"design.{key}", low, high)
            elif default is None:
                self.refuse(node, f"the design {name} needs '{key}'", f"write `design: {{name: {name}, {key}: 64}}`")
                value = None
            else:
                value = default
            if value is None:
                return None
            options[key] = value
        if name in ("sobol", "saltelli"):
            self.check_power_of_two(options["points"], fields["points"].node)
        return Design(name, options)

    def check_power_of_two(self, points: int, node: Node) -> None:
        below = 1 << (points.bit_length() - 1)
        if points != below:
            why = "it fills space evenly only at powers of two, any other number leans to one side"
            message = f"a Sobol' sequence has 2, 4, 8, 16 … points, not {points}: {why}"
            self.refuse(node, message, f"write {below} or {2 * below}")

    def family(self) -> sim.ScenarioFamily | None:
        if "base" not in self.nodes:
            return None
        node = self.nodes["base"].node
        if not isinstance(node, Scalar) or not isinstance(node.value, str) or not node.value.strip():
            self.refuse(node, f"'base' must be the name of a scenario, not {sim.kind_of(node)}", "for example `base: sora`")
            return None
        name = node.value
        is_path = any(mark in name for mark in ("/", "\\")) or name.endswith((".yaml", ".yml"))
        if not is_path and name not in sim.shipped_names():
            hint = (
                sim.did_you_mean(name, sim.shipped_names()) or f"shipped: {', '.join(sim.shipped_names())}; a file is named with its ending"
            )
            self.refuse(node, f"there is no shipped scenario '{name[:60]}'", hint)
            return None
        if is_path and not (self.path.parent / name).exists():
            self.refuse(node, f"there is no such scenario file: {name[:60]}", "paths begin at the folder of the sweep file")
            return None
        return sim.ScenarioFamily(self.path.parent / name if is_path else name)

    def declared(self, key: str, base: sim.Scenario | None, place: Place) -> tuple[str, sim.Parameter] | None:
        """The full path and the declaration of a key as written, None after noting that there is none."""
        declared = sim.override_declaration(key)
        if declared is not None:
            return key, declared
        known = list(base.values if base else sim.PARAMETERS)
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

    def fixed(self, family: sim.ScenarioFamily | None) -> dict[str, sim.Value]:
        """What `set` says: path -> value."""
        if "set" not in self.nodes:
            return {}
        node = self.nodes["set"].node
        if not isinstance(node, Block):
            self.refuse(node, f"'set' must be a mapping of dotted paths, not {sim.kind_of(node)}", "for example `set: {agents: 10000}`")
            return {}
        base = self.base(family, {})
        found: dict[str, sim.Value] = {}
        for entry in node.entries:
            named = self.declared(entry.key, base, entry.place)
            if named is not None:
                try:
                    found[named[0]] = sim.legal_value(named[1], named[0], entry.node, self.problems)
                except sim.IllegalValueError:
                    continue
        return found

    def base(self, family: sim.ScenarioFamily | None, fixed: Mapping[str, sim.Value]) -> sim.Scenario | None:
        """The scenario with these overrides; None after noting what is wrong with it."""
        if family is None:
            return None
        try:
            return family.member(fixed)
        except sim.InputError as error:
            for problem in error.problems:
                self.problems.add(Place(problem.place), problem.message, problem.hint)
            return None

    def variables(self, base: sim.Scenario | None) -> list[Variable]:
        """What `vary` says."""
        if "vary" not in self.nodes:
            return []
        found: list[Variable] = []
        for group, entry in self.in_groups(self.nodes["vary"].node, "vary"):
            named = self.declared_in(group, entry, base)
            if named is not None and (variable := read_variable(named[0], group, named[1], entry.node, self.problems)):
                found.append(variable)
        return found

    def listed(self, base: sim.Scenario | None) -> list[Point]:
        """The points that `vary` writes out for the design `list`."""
        node = self.nodes["vary"].node if "vary" in self.nodes else None
        if not isinstance(node, Listing) or not node.items:
            if node is not None:
                self.refuse(
                    node,
                    f"for the design list 'vary' must be a list of points, not {sim.kind_of(node)}",
                    "write each point as `- dials: {steerability: 0.5}`",
                )
            return []
        points: list[Point] = []
        for number, item in enumerate(node.items, start=1):
            point: dict[str, sim.Value] = {}
            for group, entry in self.in_groups(item, f"point {number}"):
                named = self.declared_in(group, entry, base, is_new=number == 1)
                if named is not None:
                    try:
                        point[named[0]] = sim.legal_value(named[1], named[0], entry.node, self.problems)
                    except sim.IllegalValueError:
                        continue
            if points and point.keys() != points[0].keys():
                odd = min(point.keys() ^ points[0].keys())
                self.refuse(item, f"point {number} and point 1 do not set the same paths: only one has '{odd}'", "write it in every point")
            points.append(point)
        return points

    def in_groups(self, node: Node, what: str) -> list[tuple[str, Entry]]:
        """The entries of a mapping by groups, each with its group."""
        if not isinstance(node, Block) or not node.entries:
            given = "an empty one" if isinstance(node, Block) else sim.kind_of(node)
            self.refuse(
                node,
                f"'{what}' must be a mapping of {', '.join(GROUPS)}, not {given}",
                "for example `dials: {steerability: [0.1, 0.9]}`",
            )
            return []
        found: list[tuple[str, Entry]] = []
        for group in node.entries:
            if group.key not in GROUPS:
                hint = sim.did_you_mean(group.key, GROUPS) or f"its keys are {', '.join(GROUPS)}, and below them the paths"
                self.problems.add(group.place, f"'{what}' knows no '{group.key[:60]}'", hint)
            elif not isinstance(group.node, Block):
                self.refuse(group.node, f"'{group.key}' must be a mapping of paths, not {sim.kind_of(group.node)}")
            else:
                found += [(group.key, entry) for entry in group.node.entries]
        return found

    def declared_in(self, group: str, entry: Entry, base: sim.Scenario | None, *, is_new: bool = True) -> tuple[str, sim.Parameter] | None:
        named = self.declared(entry.key, base, entry.place)
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

    def check_twice(self, fixed: Mapping[str, sim.Value]) -> None:
        for path in fixed:
            if path in self.groups:
                self.refuse(self.nodes["set"].node, f"'{path}' is both set and varied", "keep it under `vary` only")

    def check_fit(self, design: Design, variables: Sequence[Variable]) -> None:
        """Whether each variable is written as the design needs it."""
        for variable in variables:
            if design.name in SAMPLED and variable.levels is not None:
                hint = "write `{uniform: [low, high]}` or `{choice: […]}`, or take `design: grid`"
                self.problems.add(variable.place, f"the design {design.name} draws from distributions: '{variable.path}' has levels", hint)
            elif design.name in LISTED and variable.quantile is not None and variable.group != "uncertain":
                hint = "write a list or `{from: …, to: …, steps: …}`, or take `design: {name: lhs, points: 100}`"
                self.problems.add(variable.place, f"the design {design.name} needs values: '{variable.path}' has a distribution", hint)
        levels = [variable for variable in variables if variable.levels is not None]
        if design.name in LISTED and variables and not levels:
            self.refuse(
                self.nodes["vary"].node,
                f"the design {design.name} has nothing to go through: all that varies is drawn",
                "take `design: {name: lhs, points: 100}`",
            )
        if design.name == "zip" and len({len(variable.levels or ()) for variable in levels}) > 1:
            lengths = ", ".join(f"'{variable.path}' {len(variable.levels or ())}" for variable in levels)
            hint = "give all the same number of values, or take `design: grid` for every value with every other"
            self.refuse(self.nodes["vary"].node, f"the design zip takes values that go together, but their numbers differ: {lengths}", hint)

    def check_number(self, runs: int) -> None:
        if runs > _MOST_RUNS or (runs >= MANY_RUNS and not self.many):
            hint = (
                f"at most {_MOST_RUNS:,} in one sweep"
                if runs > _MOST_RUNS
                else "if that is meant, say --yes; if not, take fewer levels, points or replicates"
            )
            raise sim.InputError([sim.Problem(_shown(self.path), f"this makes {runs:,} runs", hint)])
