"""What is varied, and over what: a list of values, evenly spaced levels, or a distribution, as a sweep file writes them.

steerability: [0.1, 0.5, 0.9]                              values, in this order
steerability: {from: 0, to: 1, steps: 7}                   levels, `scale: log` for even ratios; dates and whole numbers too
creators.status_usd: {log_uniform: [0.03, 0.8]}            a distribution: see DISTRIBUTIONS
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scipy.special import ndtr, ndtri

import sim
from sim import Listing, Node, Place, ProblemList, Scalar

Quantile = Callable[[float], sim.Value]

DISTRIBUTIONS: Mapping[str, str] = {
    "uniform": "[low, high]",
    "log_uniform": "[low, high]",
    "triangular": "[low, mode, high]",
    "normal": "[mean, standard deviation]",
    "log_normal": "[median, standard deviation of the logarithm]",
    "choice": "[value, value, …]",
}
"""Distributions and their arguments. Normal ones are cut at the legal range of the parameter and at their 0.1 % and 99.9 % points; each
value of a choice is equally likely, and so is each whole number or day of a uniform one, both ends included."""

_LEVEL_KEYS = ("from", "to", "steps", "scale")
_MOST_STEPS = 10_000
_TAIL = 0.001


@dataclass(frozen=True)
class Variable:
    """One varied path. Either `levels`, the values in their order, or `quantile`, from (0, 1) to values, is there."""

    path: str
    group: str
    place: Place
    levels: tuple[sim.Value, ...] | None = None
    quantile: Quantile | None = None


class _Refused(Exception):  # noqa: N818  (not an error of the program)
    """What stands there cannot be used; the problem is noted."""


def read_variable(path: str, group: str, declared: sim.Parameter, node: Node, problems: ProblemList) -> Variable | None:
    """The variable that a node of a sweep file describes; None after noting what is wrong."""
    try:
        return _Reader(path, declared, problems).read(group, node)
    except _Refused:
        return None


class _Reader:
    def __init__(self, path: str, declared: sim.Parameter, problems: ProblemList) -> None:
        self.path, self.declared, self.problems = path, declared, problems
        self.has_order = declared.kind in ("number", "whole", "date")

    def refuse(self, place: Place, message: str, hint: str = "") -> _Refused:
        self.problems.add(place, f"'{self.path}' {message}", hint)
        return _Refused()

    def read(self, group: str, node: Node) -> Variable:
        if isinstance(node, Listing):
            return Variable(self.path, group, node.place, levels=self.values(node))
        if isinstance(node, Scalar):
            hint = f"what does not vary stands under `set`: `{self.path}: {node.text}`"
            raise self.refuse(node.place, f"must be a list, levels or a distribution, not {sim.kind_of(node)}", hint)
        names = [entry.key for entry in node.entries]
        if unknown := [entry for entry in node.entries if entry.key not in (*_LEVEL_KEYS, *DISTRIBUTIONS)]:
            known = (*_LEVEL_KEYS, *DISTRIBUTIONS)
            hint = sim.did_you_mean(unknown[0].key, known) or f"known here: {', '.join(known)}"
            raise self.refuse(unknown[0].place, f"knows no '{unknown[0].key}'", hint)
        if len(names) == 1 and names[0] in DISTRIBUTIONS:
            return Variable(self.path, group, node.place, quantile=self.distribution(names[0], node.entries[0].node))
        if {"from", "to", "steps"} <= set(names) and set(names) <= set(_LEVEL_KEYS):
            return Variable(self.path, group, node.place, levels=self.levels({entry.key: entry.node for entry in node.entries}))
        hint = "write `{from: …, to: …, steps: …}`, or one distribution such as `{uniform: [0, 1]}`"
        raise self.refuse(node.place, "must be levels or one distribution", hint)

    def value(self, node: Node) -> sim.Value:
        try:
            return sim.legal_value(self.declared, self.path, node, self.problems)
        except sim.IllegalValueError as error:
            raise _Refused from error

    def values(self, listing: Listing) -> tuple[sim.Value, ...]:
        found = [self.value(item) for item in listing.items]
        if len(found) < 2:
            what = "has one value and does not vary" if found else "has no value"
            raise self.refuse(listing.place, what, "what does not vary stands under `set`")
        for place, value in enumerate(found):
            if value in found[:place]:
                raise self.refuse(listing.items[place].place, f"has the value {sim.value_text(value)} twice", "keep one of them")
        return tuple(found)

    def number(self, node: Node, what: str, *, low: float, is_whole: bool = False, high: float = math.inf) -> float:
        value = node.value if isinstance(node, Scalar) else None
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        number = float(value) if is_number and value is not None else math.nan
        if not low <= number <= high or math.isinf(number) or (is_whole and number != int(number)):
            kind = f"a whole number from {low:g} to {high:g}" if is_whole else "a number above 0"
            self.problems.add(node.place, f"{what} must be {kind}, not {sim.kind_of(node)}")
            raise _Refused
        return number

    def levels(self, fields: Mapping[str, Node]) -> tuple[sim.Value, ...]:
        if not self.has_order:
            raise self.refuse(fields["from"].place, "has no order to space levels in", "write a list of its values")
        low, high = self.position(self.value(fields["from"])), self.position(self.value(fields["to"]))
        steps = int(self.number(fields["steps"], "'steps'", low=2, high=_MOST_STEPS, is_whole=True))
        scale = fields.get("scale")
        is_log = isinstance(scale, Scalar) and scale.value == "log"
        if scale is not None and not is_log:
            raise self.refuse(scale.place, f"can have the scale log, not {sim.kind_of(scale)}", "leave it out for even steps")
        if is_log and min(low, high) <= 0.0:
            raise self.refuse(fields["from"].place, "cannot have a logarithmic scale that reaches 0", "begin above 0")
        shares = [step / (steps - 1) for step in range(steps)]
        found = [self.at(low * (high / low) ** share if is_log else low + (high - low) * share) for share in shares]
        if len(set(found)) < len(found):
            raise self.refuse(fields["steps"].place, f"has fewer than {steps} values from {low:g} to {high:g}", "ask for fewer steps")
        return tuple(found)

    def distribution(self, name: str, node: Node) -> Quantile:
        if name == "choice":
            if not isinstance(node, Listing):
                raise self.refuse(node.place, f"takes `choice: {DISTRIBUTIONS[name]}`, not {sim.kind_of(node)}")
            values = self.values(node)
            return lambda u: values[min(int(u * len(values)), len(values) - 1)]
        if not self.has_order:
            raise self.refuse(node.place, f"cannot be {name}: it is {self.declared.kind}, not a number", "write `{choice: […]}`")
        wanted = DISTRIBUTIONS[name].count(",") + 1
        if not isinstance(node, Listing) or len(node.items) != wanted:
            given = f"a list of {len(node.items)}" if isinstance(node, Listing) else sim.kind_of(node)
            raise self.refuse(node.place, f"takes `{name}: {DISTRIBUTIONS[name]}`, not {given}")
        if name in ("normal", "log_normal"):
            spread = self.number(node.items[1], f"the second number of {name}", low=1e-300)
            return self.normal(self.position(self.value(node.items[0])), spread, node, is_log=name == "log_normal")
        points = [self.position(self.value(item)) for item in node.items]
        if sorted(points) != points or points[0] == points[-1]:
            raise self.refuse(node.place, f"needs `{name}: {DISTRIBUTIONS[name]}` in rising order")
        if name == "log_uniform" and points[0] <= 0.0:
            raise self.refuse(node.place, "cannot be log_uniform from 0", "begin above 0")
        return {"uniform": self.uniform, "log_uniform": self.log_uniform, "triangular": self.triangular}[name](points)

    def uniform(self, points: Sequence[float]) -> Quantile:
        low, high = points
        if self.declared.kind == "number":
            return lambda u: self.at(low + (high - low) * u)
        return lambda u: self.at(min(low + math.floor((high - low + 1.0) * u), high))

    def log_uniform(self, points: Sequence[float]) -> Quantile:
        low, high = points
        return lambda u: self.at(low * (high / low) ** u)

    def triangular(self, points: Sequence[float]) -> Quantile:
        low, mode, high = points
        rise, width = mode - low, high - low

        def quantile(u: float) -> sim.Value:
            if u * width < rise:
                return self.at(low + math.sqrt(u * width * rise))
            return self.at(high - math.sqrt((1.0 - u) * width * (high - mode)))

        return quantile

    def normal(self, middle: float, spread: float, node: Node, *, is_log: bool) -> Quantile:
        if is_log and middle <= 0.0:
            raise self.refuse(node.place, "needs a median above 0 for log_normal")

        def standard(bound: float | None, otherwise: float) -> float:
            if bound is None or (is_log and bound <= 0.0):
                return otherwise
            return float(ndtr((math.log(bound / middle) if is_log else bound - middle) / spread))

        low, high = standard(self.declared.low, 0.0), standard(self.declared.high, 1.0)

        def quantile(u: float) -> sim.Value:
            z = float(ndtri(low + (high - low) * min(max(u, _TAIL), 1.0 - _TAIL)))
            return self.at(middle * math.exp(spread * z) if is_log else middle + spread * z)

        return quantile

    def position(self, value: sim.Value) -> float:
        """Where a value stands on the axis of its kind."""
        if value is None:
            raise self.refuse(Place(self.path), "cannot reach null in levels or a distribution", "write a list of values")
        return float(datetime.date.fromisoformat(value).toordinal()) if isinstance(value, str) else float(value)

    def at(self, position: float) -> sim.Value:
        """The value nearest to a position, in the type of its kind; numbers with twelve digits."""
        if self.declared.kind == "date":
            return datetime.date.fromordinal(round(position)).isoformat()
        return round(position) if self.declared.kind == "whole" else float(f"{position:.12g}")
