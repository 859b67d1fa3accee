"""Strict reading of calibration files: known keys, kinds of values, every problem with its place."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path

import sim
from sim import Block, Entry, Listing, Node, Place, ProblemList, Scalar

SCHEMA = 1


def folder() -> Path:
    """Where the files that come with the package are."""
    return sim.shipped_folder() / "calibration"


def shown(path: Path) -> str:
    """How places in a file are written: those of the package from its top on, others as they were given."""
    top = sim.shipped_folder().parent
    return path.relative_to(top).as_posix() if path.is_relative_to(top) else path.as_posix()


class Reader:
    """Reads nodes of a tree; what is wrong is noted in `problems`, and None stands for it."""

    def __init__(self, problems: ProblemList) -> None:
        self.problems = problems

    def refuse(self, place: Place, message: str, hint: str = "") -> None:
        self.problems.add(place, message, hint)

    def root(self, path: Path, what: str, smallest: str) -> Block:
        """The mapping in a file, its schema checked. Raises InputError at once where there is none."""
        tree = sim.read_tree(path, shown(path), Place(shown(path)), self.problems, what, smallest)
        self.problems.raise_if_any()
        assert tree is not None
        given = next((entry.node for entry in tree.entries if entry.key == "schema"), None)
        if given is None:
            self.refuse(tree.place, f"`schema: {SCHEMA}` is missing", f"write `schema: {SCHEMA}` on the first line")
        elif not isinstance(given, Scalar) or type(given.value) is not int or given.value != SCHEMA:
            self.refuse(given.place, f"'schema' must be {SCHEMA}, not {sim.kind_of(given)}", f"this version reads schema {SCHEMA}")
        return tree

    def fields(self, node: Node, what: str, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Mapping[str, Node]:
        """The entries of a mapping by key; unknown and missing keys are noted."""
        known = (*required, *optional)
        entries = self.entries(node, what)
        for entry in entries:
            if entry.key not in known:
                hint = sim.did_you_mean(entry.key, known) or f"known here: {', '.join(known)}"
                self.refuse(entry.place, f"unknown key '{entry.key[:60]}'", hint)
        found = {entry.key: entry.node for entry in entries if entry.key in known}
        if isinstance(node, Block) and node.entries:
            for key in required:
                if key not in found:
                    self.refuse(node.place, f"{what} lacks '{key}'")
        return found

    def entries(self, node: Node, what: str) -> tuple[Entry, ...]:
        """The entries of a mapping that has some."""
        if isinstance(node, Block) and node.entries:
            return node.entries
        message = (
            f"{what} must have something below it" if isinstance(node, Block) else f"{what} must be a mapping, not {sim.kind_of(node)}"
        )
        self.refuse(node.place, message)
        return ()

    def text(self, node: Node | None, what: str) -> str:
        """A text; "" where there is none."""
        if node is None:
            return ""
        if isinstance(node, Scalar) and isinstance(node.value, str):
            return node.value
        self.refuse(node.place, f"{what} must be text, not {sim.kind_of(node)}", "put it in quotation marks")
        return ""

    def flag(self, node: Node | None, what: str) -> bool:
        """true or false; false where nothing is said."""
        if node is None or (isinstance(node, Scalar) and isinstance(node.value, bool)):
            return node is not None and bool(node.value)
        self.refuse(node.place, f"{what} must be true or false, not {sim.kind_of(node)}")
        return False

    def choice(self, node: Node | None, what: str, known: tuple[str, ...]) -> str:
        """One of some words; the first where nothing is said."""
        if node is None:
            return known[0]
        if isinstance(node, Scalar) and node.value in known:
            return str(node.value)
        hint = sim.did_you_mean(node.text, known) if isinstance(node, Scalar) else ""
        self.refuse(node.place, f"{what} must be one of {', '.join(known)}, not {sim.kind_of(node)}", hint)
        return known[0]

    def number(self, node: Node, what: str, *, above: float = -math.inf) -> float:
        """A finite number above a bound; NaN where there is none."""
        value = node.value if isinstance(node, Scalar) else None
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value > above:
            return float(value)
        bound = "" if above == -math.inf else f" above {above:g}"
        self.refuse(node.place, f"{what} must be a number{bound}, not {sim.kind_of(node)}")
        return math.nan

    def whole(self, node: Node, what: str, low: int, high: int) -> int:
        """A whole number within bounds; `low` where there is none."""
        value = node.value if isinstance(node, Scalar) else None
        if type(value) is int and low <= value <= high:
            return value
        self.refuse(node.place, f"{what} must be a whole number from {low} to {high}, not {sim.kind_of(node)}")
        return low

    def rising(self, node: Node, what: str) -> tuple[float, float] | None:
        """Two numbers above 0, the lower first."""
        if not isinstance(node, Listing) or len(node.items) != 2:
            self.refuse(node.place, f"{what} must be `[low, high]`, not {sim.kind_of(node)}")
            return None
        low, high = (self.number(item, what, above=0.0) for item in node.items)
        if math.isnan(low) or math.isnan(high):
            return None
        if low >= high:
            self.refuse(node.place, f"{what} must rise: {low:g} is not below {high:g}")
            return None
        return low, high
