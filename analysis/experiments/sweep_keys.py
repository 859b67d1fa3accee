"""The simple keys of a sweep file: heading, design, replicates, draws, series. Each reader notes what is wrong and gives what it can."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sim
from analysis.experiments.designs import LISTED, SAMPLED, Design
from analysis.experiments.writing import SERIES
from sim import Block, Entry, Listing, Node, Place, ProblemList, Scalar

GROUPS = ("dials", "policies", "uncertain")
MOST_RUNS = 100_000_000
KEYS = ("schema", "base", "set", "vary", "design", "replicates", "draws", "series")

_NEEDED = {
    "base": "write `base: sora`, or the name of a scenario file beside this one",
    "vary": f"write `vary:` and below it, indented, one or more of {', '.join(GROUPS)}",
    "design": f"write `design:` and one of {', '.join((*LISTED, *SAMPLED))}",
}


def read_keys(root: Block, problems: ProblemList) -> dict[str, Entry]:
    """The entries of the file by key; notes keys that are unknown or missing, and another schema."""
    found: dict[str, Entry] = {}
    for entry in root.entries:
        if entry.key in KEYS:
            found[entry.key] = entry
        else:
            hint = sim.did_you_mean(entry.key, KEYS) or f"known here: {', '.join(KEYS)}"
            problems.add(entry.place, f"unknown key '{entry.key[:60]}'", hint)
    top = Place(root.place.file, 1, 1)
    if "schema" not in found:
        problems.add(top, f"`schema: {sim.SCHEMA}` is missing", f"write `schema: {sim.SCHEMA}` on the first line")
    else:
        node = found["schema"].node
        if not isinstance(node, Scalar) or type(node.value) is not int or node.value != sim.SCHEMA:
            problems.add(node.place, f"'schema' must be {sim.SCHEMA}, not {sim.kind_of(node)}", f"this version reads schema {sim.SCHEMA}")
    for key, hint in _NEEDED.items():
        if key not in found:
            problems.add(top, f"'{key}' is missing", hint)
    return found


def read_whole(node: Node, what: str, low: int, high: int, problems: ProblemList) -> int | None:
    """A whole number in a range; None after noting that there is none."""
    value = node.value if isinstance(node, Scalar) else None
    if type(value) is int and low <= value <= high:
        return value
    problems.add(node.place, f"'{what}' must be a whole number from {low} to {high}, not {sim.kind_of(node)}")
    return None


def read_choice(node: Node, what: str, known: Sequence[str], problems: ProblemList, hint: str = "") -> str | None:
    """One of several words; None after noting that there is none. hint: where none of them is near."""
    if isinstance(node, Scalar) and node.value in known:
        return str(node.value)
    near = sim.did_you_mean(node.text, known) if isinstance(node, Scalar) else ""
    problems.add(node.place, f"'{what}' must be one of {', '.join(known)}, not {sim.kind_of(node)}", near or hint)
    return None


def read_series(node: Node, problems: ProblemList) -> tuple[str, ...]:
    """The daily metrics to keep."""
    if not isinstance(node, Listing) or not node.items:
        given = "an empty one" if isinstance(node, Listing) else sim.kind_of(node)
        problems.add(node.place, f"'series' must be a list of daily metrics, not {given}", "for example `series: [dau, cost_usd]`")
        return SERIES
    known = [metric.name for metric in sim.DAILY]
    found: list[str] = []
    for item in node.items:
        name = str(item.value) if isinstance(item, Scalar) else ""
        if name not in known:
            hint = sim.did_you_mean(name, known) or "`flywheel describe metrics` lists them"
            problems.add(item.place, f"there is no daily metric {sim.kind_of(item).removeprefix('the text ')}", hint)
        elif name in found:
            problems.add(item.place, f"the daily metric '{name}' stands twice", "keep one of them")
        found.append(name)
    return tuple(found)


def read_design(node: Node, problems: ProblemList) -> Design | None:
    """The design: a name, or a mapping of its name and options. None after noting what is wrong."""
    fields = {entry.key: entry for entry in node.entries} if isinstance(node, Block) else {}
    named = fields.pop("name").node if "name" in fields else node
    name = read_choice(named, "design", (*LISTED, *SAMPLED), problems, "for example `design: grid`, or `design: {name: lhs, points: 100}`")
    if name is None:
        return None
    known = SAMPLED.get(name, {})
    for key, entry in fields.items():
        if key not in known:
            hint = f"its options are {', '.join(known)}" if known else "it has no options"
            problems.add(entry.place, f"the design {name} knows no '{key[:60]}'", hint)
    options = {key: _option(name, key, default, fields, node, problems) for key, default in known.items()}
    found = {key: value for key, value in options.items() if value is not None}
    return Design(name, found) if len(found) == len(options) else None


def _option(design: str, key: str, default: int | None, fields: Mapping[str, Entry], node: Node, problems: ProblemList) -> int | None:
    """The value of an option, or its default; None after noting what is wrong."""
    if key not in fields:
        if default is None:
            problems.add(node.place, f"the design {design} needs '{key}'", f"write `design: {{name: {design}, {key}: 64}}`")
        return default
    written = fields[key].node
    low, high = {"seed": (0, 2**32 - 1), "trajectories": (1, MOST_RUNS), "levels": (2, 100)}.get(key, (2, MOST_RUNS))
    value = read_whole(written, f"design.{key}", low, high, problems)
    if value is not None and key == "points" and design in ("sobol", "saltelli") and value.bit_count() > 1:
        below = 1 << (value.bit_length() - 1)
        why = "it fills space evenly only at powers of two, any other number leans to one side"
        message = f"a Sobol' sequence has 2, 4, 8, 16 … points, not {value}: {why}"
        problems.add(written.place, message, f"write {below} or {2 * below}")
    if value is not None and key == "levels" and value % 2:
        problems.add(written.place, f"the design {design} steps across half of its levels: their number must be even, not {value}")
    return value
