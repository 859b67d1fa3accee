"""Lever files: YAML, as strict as scenarios. What could be changed about a product, in steps, and what each step costs once.

schema: 1
levers:
  unit_cost:                                    # a name of its own
    title: cost of an attempt                   # how it is called
    direction: down                             # up, down: levels that do not move the first path so are left out; without it all stay
    source: "assumed: …"                        # where the costs are from; nobody publishes them, so say what they are believed for
    levels:                                     # 1 to 9, in the order of their strength; a package takes one of them or none
      - {times: {compute.first_unit_cost_usd: 0.5, compute.floor_unit_cost_usd: 0.5}, cost_usd: 10e6}
  subscription:
    title: subscription
    source: "assumed: …"
    levels:
      - {set: {charging.subscription_usd_per_month: 20}, cost_usd: 3e6}
  purse:
    title: loss the parent bears
    source: "assumed: …"
    levels:
      - {times: {parent.stop_loss_usd: 2}, cost_usd: added}

A level changes one path or several together: `set` gives values, `times` multiples of what the scenario has, and all levels of a lever
change the same paths, which no other lever may. The first path, of `set` where there is one, says what the change is called and which way
it goes. A change stands for the whole run: what a dated intervention of the scenario sets on the same path is set to the same value, or
multiplied alike. A level that the scenario has already is left out and costs nothing.

cost_usd: what the change costs once (engineering, deals), USD. Never what it costs to run, such as the pay of creators: that is in the
books of the run already, and would be counted twice. `added`, for one path in USD: what the level has more than the scenario, for money
that is only put at risk.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import sim
from analysis.calibration.reading import Reader, shown
from sim import Block, Entry, Listing, Node, Place, ProblemList, Scalar

DEFAULT = "default"
_SMALLEST = "`schema: 1`, `levers: …`"
_MOST_LEVELS = 9
_DIRECTIONS = ("either", "up", "down")
_NOT_LEVERS = ("schema", "days", "agents", "launch_date", "people", "niches", "creators_share")
"""What no decision changes: the run, and the people there are."""


@dataclass(frozen=True)
class Level:
    """A step of a lever. changes: path -> value. factors: path -> multiple of the scenario's. cost_usd: None where it is what is added."""

    changes: Mapping[str, sim.Value]
    factors: Mapping[str, float]
    cost_usd: float | None
    place: str

    @property
    def paths(self) -> tuple[str, ...]:
        """What it changes; the first is the one it is called by."""
        return (*self.changes, *self.factors)


@dataclass(frozen=True)
class Lever:
    """What could be changed. direction: up, down or either. source: of the costs."""

    name: str
    title: str
    direction: str
    source: str
    levels: tuple[Level, ...]


def shipped_levers() -> tuple[str, ...]:
    """The names of the lever files that come with the package."""
    return tuple(sorted(path.stem for path in (sim.shipped_folder() / "levers").glob("*.yaml")))


def load_levers(source: str | Path = DEFAULT) -> tuple[Lever, ...]:
    """Load and check a lever file, by path or, without .yaml, by a shipped name. Raises InputError with every problem found."""
    if str(source).endswith((".yaml", ".yml")):
        return _LeverReader(ProblemList()).read(Path(source))
    if str(source) not in shipped_levers():
        hint = sim.did_you_mean(str(source), shipped_levers()) or f"shipped: {', '.join(shipped_levers())}; a file ends in .yaml"
        raise sim.InputError([sim.Problem("--levers", f"there are no shipped levers '{str(source)[:60]}'", hint)])
    return _LeverReader(ProblemList()).read(sim.shipped_folder() / "levers" / f"{source}.yaml")


class _LeverReader(Reader):
    def __init__(self, problems: ProblemList) -> None:
        super().__init__(problems)
        self.owners: dict[str, str] = {}

    def read(self, path: Path) -> tuple[Lever, ...]:
        if not path.is_file():
            raise sim.InputError([sim.Problem(shown(path), "there is no such file of levers", f"shipped: {', '.join(shipped_levers())}")])
        top = self.fields(self.root(path, "lever file", _SMALLEST), "a lever file", ("levers",), ("schema",))
        found = [self.lever(entry) for entry in self.entries(top["levers"], "'levers'")] if "levers" in top else []
        self.problems.raise_if_any()
        return tuple(found)

    def lever(self, entry: Entry) -> Lever:
        what = f"the lever '{entry.key[:60]}'"
        if wrong := next(sim.name_problem(entry.key), ""):
            self.refuse(entry.place, wrong)
        fields = self.fields(entry.node, what, ("title", "source", "levels"), ("direction",))
        items = self.steps(fields.get("levels"), what)
        before = len(self.problems.found)
        levels = [self.level(item, f"level {number} of {what}") for number, item in enumerate(items, 1)]
        if len(self.problems.found) == before:
            self.compare(levels, [item.place for item in items], entry, what)
        title, source = (self.text(fields.get(key), f"'{key}'") for key in ("title", "source"))
        return Lever(entry.key, title, self.choice(fields.get("direction"), "'direction'", _DIRECTIONS), source, tuple(levels))

    def steps(self, node: Node | None, what: str) -> tuple[Node, ...]:
        """The levels as written."""
        if node is None:
            return ()
        if isinstance(node, Listing) and 1 <= len(node.items) <= _MOST_LEVELS:
            return node.items
        given = f"a list of {len(node.items)}" if isinstance(node, Listing) else sim.kind_of(node)
        self.refuse(node.place, f"{what} needs a list of 1 to {_MOST_LEVELS} levels, not {given}", "one `- {set: …, cost_usd: …}` a level")
        return ()

    def level(self, node: Node, what: str) -> Level:
        fields = self.fields(node, what, ("cost_usd",), ("set", "times"))
        changes: dict[str, sim.Value] = {}
        factors: dict[str, float] = {}
        for entry in self.entries(fields["set"], "'set'") if "set" in fields else ():
            declared = self.declared(entry)
            if declared is not None:
                try:
                    changes[entry.key] = sim.legal_value(declared, entry.key, entry.node, self.problems)
                except sim.IllegalValueError:
                    continue
        for entry in self.entries(fields["times"], "'times'") if "times" in fields else ():
            declared = self.declared(entry)
            if declared is not None and declared.kind not in ("number", "whole"):
                self.refuse(entry.place, f"'{entry.key}' is no number that could be multiplied", "give its value under `set`")
            factors[entry.key] = self.number(entry.node, f"the multiple of '{entry.key}'", above=0.0)
            if entry.key in changes:
                self.refuse(entry.place, f"'{entry.key}' is set and multiplied", "keep one of them")
        if isinstance(node, Block) and node.entries and not {"set", "times"} & fields.keys():
            self.refuse(node.place, f"{what} changes nothing", "say what, with `set: {path: value}` or `times: {path: multiple}`")
        cost = self.cost(fields["cost_usd"], (*changes, *factors)) if "cost_usd" in fields else 0.0
        return Level(changes, factors, cost, str(node.place))

    def declared(self, entry: Entry) -> sim.Parameter | None:
        """The declaration of what is changed, None after noting that there is none, or that it is nobody's to change."""
        declared = None if entry.key.startswith(("interventions.", "gates.")) else sim.override_declaration(entry.key)
        if declared is None:
            hint = sim.did_you_mean(entry.key, sim.PARAMETERS) or "`flywheel describe parameters` lists them"
            self.refuse(entry.place, f"unknown parameter '{entry.key[:60]}'", hint)
        elif entry.key in _NOT_LEVERS:
            self.refuse(entry.place, f"'{entry.key}' is no lever", "it says who there is and how long, which nobody can decide")
        return declared

    def cost(self, node: Node, paths: tuple[str, ...]) -> float | None:
        if not (isinstance(node, Scalar) and node.value == "added"):
            value = node.value if isinstance(node, Scalar) else None
            if isinstance(value, int | float) and not isinstance(value, bool) and 0.0 <= value < float("inf"):
                return float(value)
            self.refuse(node.place, f"'cost_usd' must be a number of at least 0 or `added`, not {sim.kind_of(node)}")
            return 0.0
        declared = sim.override_declaration(paths[0]) if len(paths) == 1 else None
        if declared is None or declared.unit != "USD":
            self.refuse(node.place, "`added` is for a level of one path in USD", "say what the change costs once, in USD")
        return None

    def compare(self, levels: list[Level], places: list[Place], entry: Entry, what: str) -> None:
        """That the levels change the same paths, which no other lever does, and differ."""
        for number, (level, place) in enumerate(zip(levels, places, strict=True), 1):
            if odd := sorted(set(level.paths) ^ set(levels[0].paths)):
                message = f"level {number} and level 1 of {what} do not change the same paths: only one has '{odd[0]}'"
                self.refuse(place, message, "write it in every level")
            if level in [dataclasses.replace(one, place=level.place, cost_usd=level.cost_usd) for one in levels[: number - 1]]:
                self.refuse(place, f"level {number} of {what} is there already", "leave one out")
        for path in sorted({path for level in levels for path in level.paths}):
            if path in self.owners:
                message = f"'{path}' is changed by the lever '{self.owners[path]}' already"
                self.refuse(entry.place, message, "let one lever change it: two cannot both have it")
            self.owners.setdefault(path, entry.key)
