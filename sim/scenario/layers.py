"""One file, or one override, as a layer of checked settings under flat dotted paths; every problem in it is noted with its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sim.foundation.errors import quoted
from sim.foundation.parameters import Parameter, Value
from sim.scenario import keys
from sim.scenario.scenario import Trigger
from sim.scenario.schema import PARAMETERS, SCHEMA
from sim.scenario.values import IllegalValueError, legal_value, parse_trigger
from sim.scenario.yaml_tree import Block, Entry, Listing, Node, Place, ProblemList, Scalar, kind_of

_LONGEST_QUESTION = 300


@dataclass(frozen=True, slots=True)
class Setting:
    """A legal value, where it was set and what to call that in the list of origins."""

    value: Value | Trigger | tuple[str, ...]
    place: Place
    origin: str


@dataclass
class Layer:
    """What one file or override says.

    settings: "dials.steerability", "external_platforms.<name>.<field>", "interventions.<name>.day", "interventions.<name>.set.<path>",
    "gates.<gate>.<path>", "gates.mended", "question", "evidence", "extends". entries: the named entries it mentions; removed: those it
    takes away. broken: paths whose value was refused, so that nothing is concluded from their absence.
    """

    settings: dict[str, Setting] = field(default_factory=dict)
    entries: dict[str, Place] = field(default_factory=dict)
    removed: dict[str, Place] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)


def read_layer(root: Block, problems: ProblemList, origin: str | None = None) -> Layer:
    """The layer that a tree of keys holds. Its top-level keys are those of a scenario file, all of them optional.

    origin: what to call the settings in the list of origins; without it, each by its file and line.
    """
    reader = _LayerReader(problems, origin)
    for entry in root.entries:
        reader.read_top(entry)
    return reader.layer


def check_heading(root: Block, layer: Layer, problems: ProblemList) -> None:
    """What every file must say of itself: the schema it is written for, and its question."""
    if not any(entry.key == "schema" for entry in root.entries):
        problems.add(Place(root.place.file, 1, 1), f"`schema: {SCHEMA}` is missing", f"write `schema: {SCHEMA}` on the first line")
    if "question" not in layer.settings and "question" not in layer.broken:
        hint = "write `question:` and, in one sentence, what the scenario asks"
        problems.add(Place(root.place.file, 1, 1), "the question is missing", hint)


class _LayerReader:
    def __init__(self, problems: ProblemList, origin: str | None) -> None:
        self.problems = problems
        self.origin = origin
        self.layer = Layer()

    def read_top(self, entry: Entry) -> None:
        if entry.key == "schema":
            self.read_schema(entry)
        elif entry.key in keys.TEXTS:
            self.read_text(entry)
        elif entry.key == "interventions":
            self.read_named(entry, self.read_intervention)
        elif entry.key == "gates":
            self.read_gates(entry)
        elif entry.key in keys.GROUP_FIELDS:
            self.read_named(entry, self.read_group_entry)
        else:
            self.read_section(entry, "", keys.SECTIONS)

    def read_schema(self, entry: Entry) -> None:
        node = entry.node
        if not isinstance(node, Scalar) or type(node.value) is not int or node.value != SCHEMA:
            self.problems.add(node.place, f"'schema' must be {SCHEMA}, not {kind_of(node)}", f"this version reads schema {SCHEMA}")

    def read_text(self, entry: Entry) -> None:
        value = self.read_value(keys.TEXTS[entry.key], entry.key, entry.node)
        if not isinstance(value, str):
            return
        if entry.key == "question" and ("\n" in value.strip() or len(value) > _LONGEST_QUESTION):
            self.problems.add(entry.node.place, f"'question' must be one sentence of at most {_LONGEST_QUESTION} characters on one line")
        elif entry.key == "evidence" and list(keys.name_problem(value)):
            hint = "evidence files are named without folder and ending, as in `evidence: sora`"
            self.problems.add(entry.node.place, f"'evidence' must be a name, not {kind_of(entry.node)}", hint)

    def read_section(self, entry: Entry, here: str, section: keys.Section) -> None:
        """A key below the section `here`: a parameter, or a section of its own."""
        path = f"{here}.{entry.key}" if here else entry.key
        declared = section.get(entry.key)
        if declared is None:
            self.refuse_key(entry, here, list(section) if here else list(keys.TOP_LEVEL))
        elif isinstance(declared, Parameter):
            self.read_value(declared, path, entry.node)
        elif isinstance(entry.node, Block):
            for inner in entry.node.entries:
                self.read_section(inner, path, declared)
        else:
            hint = f"write `{entry.key}:` and below it, indented, keys such as `{next(iter(declared))}`, or leave it out"
            self.problems.add(entry.node.place, f"'{path}' must be a mapping, not {kind_of(entry.node)}", hint)

    def read_value(self, parameter: Parameter, path: str, node: Node) -> Value:
        """Store the value if it is legal. Returns it, or None."""
        try:
            value = legal_value(parameter, path, node, self.problems)
        except IllegalValueError:
            self.layer.broken.add(path)
            return None
        self.store(path, value, node)
        return value

    def store(self, path: str, value: Value | Trigger | tuple[str, ...], node: Node) -> None:
        self.layer.settings[path] = Setting(value, node.place, self.origin or node.place.short)

    def refuse_key(self, entry: Entry, here: str, siblings: list[str]) -> None:
        path = f"{here}.{entry.key}" if here else entry.key
        self.layer.broken.add(path)
        if not here and "." in entry.key and keys.declaration(entry.key):
            section, _, last = entry.key.partition(".")
            hint = f"write `{section}:` and below it, indented, `{last}:`; dotted keys stand only in `set` and `gates`"
            self.problems.add(entry.place, f"dotted keys are not used here: {quoted(entry.key)}", hint)
            return
        hint = "" if self.problems.full else keys.unknown_key_hint(entry.key, here, siblings)
        self.problems.add(entry.place, f"unknown key {quoted(path)}", hint)

    def read_named(self, entry: Entry, read_fields: Callable[[str, Entry, Block], None]) -> None:
        """A mapping by name: each entry is a mapping of fields, or null to remove an inherited one."""
        if not isinstance(entry.node, Block):
            hint = "give each entry a name: `name: {…}`; to remove an inherited entry write `name: null`"
            self.problems.add(entry.node.place, f"'{entry.key}' must be a mapping by name, not {kind_of(entry.node)}", hint)
            return
        for named in entry.node.entries:
            path = f"{entry.key}.{named.key}"
            if wrong := next(keys.name_problem(named.key), ""):
                self.problems.add(named.place, wrong, "for example `quota_cut`")
            elif isinstance(named.node, Block):
                self.layer.entries[path] = named.place
                read_fields(path, named, named.node)
            elif isinstance(named.node, Scalar) and named.node.value is None:
                self.layer.removed[path] = named.place
            else:
                hint = "`null` removes an inherited entry"
                self.problems.add(named.node.place, f"'{path}' must be a mapping or null, not {kind_of(named.node)}", hint)
                self.layer.broken.add(path)

    def read_group_entry(self, path: str, named: Entry, block: Block) -> None:
        fields = keys.GROUP_FIELDS[path.partition(".")[0]]
        for entry in block.entries:
            if entry.key in fields:
                self.read_value(fields[entry.key], f"{path}.{entry.key}", entry.node)
            else:
                self.refuse_key(entry, path, list(fields))

    def read_intervention(self, path: str, named: Entry, block: Block) -> None:
        timings = [entry for entry in block.entries if entry.key in keys.TIMINGS]
        for extra in timings[1:]:
            message = f"'{path}' has both '{timings[0].key}' and '{extra.key}'"
            self.problems.add(extra.place, message, "keep one of day, date, when")
        for entry in block.entries:
            if entry.key == "set":
                self.read_changes(f"{path}.set", entry.node, for_interventions=True)
            elif entry.key in keys.INTERVENTION_FIELDS:
                value = self.read_value(keys.INTERVENTION_FIELDS[entry.key], f"{path}.{entry.key}", entry.node)
                if entry.key == "when" and isinstance(value, str):
                    self.read_trigger(f"{path}.when", value, entry.node)
            else:
                self.refuse_key(entry, path, [*keys.INTERVENTION_FIELDS, "set"])

    def read_trigger(self, path: str, text: str, node: Node) -> None:
        try:
            self.store(path, parse_trigger(text, path, node.place, self.problems), node)
        except IllegalValueError:
            del self.layer.settings[path]
            self.layer.broken.add(path)

    def read_changes(self, path: str, node: Node, *, for_interventions: bool) -> None:
        """A mapping of dotted paths to values."""
        if not isinstance(node, Block):
            hint = "write dotted paths, as in `making.free_quota_per_day: 6`"
            self.problems.add(node.place, f"'{path}' must be a mapping, not {kind_of(node)}", hint)
            self.layer.broken.add(path)
            return
        if not node.entries:
            self.problems.add(node.place, f"'{path}' is empty", "write dotted paths, as in `making.free_quota_per_day: 6`")
            self.layer.broken.add(path)
        for entry in node.entries:
            declared = keys.declaration(entry.key)
            if declared is None:
                self.refuse_path(entry)
                self.layer.broken.add(f"{path}.{entry.key}")
            elif for_interventions and not declared.mid_run:
                self.problems.add(
                    entry.place, f"'{entry.key}' cannot change while the world runs", "set it for the whole run, outside `interventions`"
                )
                self.layer.broken.add(f"{path}.{entry.key}")
            else:
                self.read_path_value(declared, path, entry)

    def read_path_value(self, declared: Parameter, path: str, entry: Entry) -> None:
        """The value of a dotted path; problems name the path itself."""
        try:
            self.store(f"{path}.{entry.key}", legal_value(declared, entry.key, entry.node, self.problems), entry.node)
        except IllegalValueError:
            self.layer.broken.add(f"{path}.{entry.key}")

    def refuse_path(self, entry: Entry) -> None:
        section = keys.SECTIONS.get(entry.key)
        if isinstance(section, dict) or entry.key in keys.GROUP_FIELDS:
            inner = next(iter(section)) if isinstance(section, dict) else "name.field"
            self.problems.add(
                entry.place, f"{quoted(entry.key)} is a section", f"write the dotted path here, as in `{entry.key}.{inner}: …`"
            )
            return
        hint = "" if self.problems.full else keys.unknown_key_hint(entry.key, "", PARAMETERS)
        self.problems.add(entry.place, f"unknown path {quoted(entry.key)}", hint)

    def read_gates(self, entry: Entry) -> None:
        if not isinstance(entry.node, Block):
            hint = f"its keys are {', '.join(keys.GATES)} and mended"
            self.problems.add(entry.node.place, f"'gates' must be a mapping, not {kind_of(entry.node)}", hint)
            return
        for gate in entry.node.entries:
            if gate.key == "mended":
                self.read_mended(gate.node)
            elif gate.key in keys.GATES:
                self.read_changes(f"gates.{gate.key}", gate.node, for_interventions=False)
            else:
                self.refuse_key(gate, "gates", [*keys.GATES, "mended"])

    def read_mended(self, node: Node) -> None:
        names: list[str] = []
        items = node.items if isinstance(node, Listing) else (node,)
        for item in items:
            name = item.value if isinstance(item, Scalar) and isinstance(node, Listing) else None
            if not isinstance(name, str) or name not in keys.GATES or name in names:
                twice = " twice" if name in names else ""
                message = f"'gates.mended' must be a list of {', '.join(keys.GATES)}, each once, not {kind_of(item)}{twice}"
                self.problems.add(item.place, message, "write it as `mended: [interaction, cost]`")
                self.layer.broken.add("gates.mended")
            else:
                names.append(name)
        self.store("gates.mended", tuple(sorted(names)), node)
