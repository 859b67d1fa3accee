"""Overrides (`--set path=value`) read as one-key layers, so that they are checked by the same rules as files."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from sim.foundation.errors import did_you_mean, quoted
from sim.foundation.parameters import Value
from sim.scenario import keys
from sim.scenario.layers import Layer, read_layer
from sim.scenario.merging import Merged
from sim.scenario.schema import PARAMETERS
from sim.scenario.yaml_tree import Block, Entry, Listing, Node, Place, ProblemList, Scalar, parse_tree

Overrides = Mapping[str, Value] | Sequence[str]

_OF_FILES = ("schema", "extends")


def read_overrides(overrides: Overrides, merged: Merged, problems: ProblemList, under: str = "") -> Iterator[tuple[str, Layer]]:
    """Each override as its full dotted path and its layer. Bare last names are looked up among all keys of the merged scenario.

    under: a path put before each in its layer, such as the `set` of an intervention.
    """
    seen: set[str] = set()
    for written, place, node, origin in _as_nodes(overrides, problems):
        path = _full_path(written, place, merged, problems)
        if path is None:
            continue
        if path in seen:
            problems.add(place, f"'{path}' is set twice", "keep one of them")
            continue
        seen.add(path)
        yield path, read_layer(_nested(under + path, place, node), problems, origin)


def single_override(key: str, value: Value, option: str, problems: ProblemList) -> Layer:
    """The layer of an option of its own, such as `--days 30`."""
    place = Place(f"{option} {value}")
    return read_layer(_nested(key, place, _value_node(value, place)), problems, option)


def _as_nodes(overrides: Overrides, problems: ProblemList) -> Iterator[tuple[str, Place, Node, str]]:
    if isinstance(overrides, str):
        overrides = [overrides]
    if isinstance(overrides, Mapping):
        for path, value in overrides.items():
            place = Place(f"override {path}={value}")
            yield path, place, _value_node(value, place), "override"
        return
    for text in overrides:
        path, equals, written = text.partition("=")
        place = Place(f"--set {quoted(text)[1:-1]}")
        if not equals or not path.strip():
            problems.add(place, "this is not of the form path=value", "for example `--set dials.steerability=0.8`")
            continue
        node = parse_tree(written, place.file, problems)
        if node is not None:
            yield path.strip(), place, _placed(node, place), "--set"
        elif not written.strip():
            problems.add(place, "the value is missing", "write null for a value that is off or an entry to remove")


def _placed(node: Node, place: Place) -> Node:
    """The same node, standing at the override as a whole instead of at a column of its value."""
    match node:
        case Scalar():
            return Scalar(place, node.value, node.text, node.quoted)
        case Listing():
            return Listing(place, tuple(_placed(item, place) for item in node.items))
        case Block():
            return Block(place, tuple(Entry(entry.key, place, _placed(entry.node, place)) for entry in node.entries))


def _value_node(value: object, place: Place) -> Node:
    """A value given in Python, as if it had been read."""
    if isinstance(value, list | tuple):
        return Listing(place, tuple(_value_node(item, place) for item in value))
    if value is None or isinstance(value, str):
        return Scalar(place, value, value or "null", value is not None)
    if isinstance(value, bool):
        return Scalar(place, value, "true" if value else "false")
    if hasattr(value, "item"):
        return _value_node(value.item(), place)
    if isinstance(value, int | float):
        whole_but_large = isinstance(value, int) and abs(value) > 2**1000
        return Scalar(place, math.inf if whole_but_large else value, f"{value:.3g}" if isinstance(value, float) else str(value)[:40])
    return Scalar(place, str(value), str(value), True)


def _nested(path: str, place: Place, node: Node) -> Block:
    """The tree of a file that says only this: sections by the parts of the path, but one key for what follows `set` and a gate."""
    parts = path.split(".")
    whole_from = len(parts)
    if parts[0] == "gates":
        whole_from = 2
    elif parts[0] == "interventions" and parts[2:3] == ["set"]:
        whole_from = 3
    names = parts[:whole_from] + ([".".join(parts[whole_from:])] if parts[whole_from:] else [])
    for name in reversed(names):
        node = Block(place, (Entry(name, place, node),))
    assert isinstance(node, Block)
    return node


def _full_path(written: str, place: Place, merged: Merged, problems: ProblemList) -> str | None:
    """The dotted path that `written` stands for, or None after noting why there is none."""
    if written in _OF_FILES:
        problems.add(place, f"'{written}' belongs in a file and cannot be overridden")
        return None
    if "." in written or written in PARAMETERS or written in keys.TEXTS:
        return written
    of_groups = (f"{entry}.{field}" for entry in merged.entries for field in keys.GROUP_FIELDS.get(entry.partition(".")[0], ()))
    candidates = keys.ending_in(written, [*PARAMETERS, *of_groups])
    if len(candidates) == 1:
        return candidates[0]
    if candidates:
        problems.add(place, f"'{written}' is not unique", f"write one of {', '.join(candidates)}")
    elif written in keys.TOP_LEVEL:
        problems.add(place, f"'{written}' is a section", "write the dotted path of one value in it")
    else:
        last_names = {key.rpartition(".")[2] for key in PARAMETERS}
        problems.add(place, f"unknown key {quoted(written)}", did_you_mean(written, sorted(last_names)))
    return None
