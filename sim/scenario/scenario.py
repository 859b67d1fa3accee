"""A scenario, fully resolved: what the world is built from. Frozen, comparable, picklable, and the same for the same content."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from sim.foundation.errors import Problem, ScenarioErrors
from sim.foundation.parameters import Value
from sim.scenario.schema import PARAMETERS, SCHEMA

OPERATORS = ("<", "<=", ">", ">=", "==", "!=")


@dataclass(frozen=True, slots=True)
class Trigger:
    """A condition on yesterday's closed books: a daily metric (in its own unit), one of OPERATORS, a number."""

    metric: str
    operator: str
    number: float

    def __str__(self) -> str:
        return f"{self.metric} {self.operator} {number_text(self.number)}"

    @classmethod
    def parse(cls, text: str) -> Trigger:
        """The trigger that `str` wrote. Raises ValueError for other text."""
        metric, operator, number = text.split()
        return cls(metric, operator, float(number))


@dataclass(frozen=True, slots=True)
class Intervention:
    """A change from outside, on a day (from 0) or, once, when a trigger holds.

    changes: parameter key -> its new value. ramp_days: days over which numbers move there linearly; 0: at once.
    closes: the product is closed.
    """

    name: str
    day: int | None
    when: Trigger | None
    changes: Mapping[str, Value]
    ramp_days: int = 0
    closes: bool = False
    note: str = ""


@dataclass(frozen=True)
class Scenario:
    """Everything a run needs to know but its seed.

    values: a value for every key, those of named groups as "external_platforms.<name>.<field>"; numbers in the declared units.
    derived: keys that follow another one (`Parameter.derived_from`) because nothing sets them; see `rederive`.
    gates: name of a gate -> the overrides that mend it; `mended`: those already in `values`.
    origins: where each value comes from. notes: what the user should know although nothing is wrong.
    """

    name: str
    question: str
    evidence: str | None
    values: Mapping[str, Value]
    interventions: tuple[Intervention, ...] = ()
    gates: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    mended: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    origins: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def days(self) -> int:
        """Days of the run."""
        return cast(int, self.values["days"])

    @property
    def agents(self) -> int:
        """Rows that stand for the people."""
        return cast(int, self.values["agents"])

    @property
    def people(self) -> float:
        """Size of the market, people."""
        return cast(float, self.values["people"])

    @property
    def launch_date(self) -> datetime.date:
        """Calendar date of day 0."""
        return datetime.date.fromisoformat(cast(str, self.values["launch_date"]))

    def date_of(self, day: int) -> datetime.date:
        """Calendar date of a day of the run."""
        return self.launch_date + datetime.timedelta(days=day)

    def names_in(self, group: str) -> tuple[str, ...]:
        """The names in a named group ("external_platforms"), in alphabetical order."""
        return tuple(sorted({key.split(".")[1] for key in self.values if key.startswith(f"{group}.")}))

    def as_document(self) -> dict[str, Any]:
        """All of it as plain sorted mappings, lists and values, fit for JSON."""
        return {
            "derived": sorted(self.derived),
            "evidence": self.evidence,
            "gates": {gate: dict(sorted(changes.items())) for gate, changes in sorted(self.gates.items())},
            "interventions": {one.name: _intervention_document(one) for one in sorted(self.interventions, key=lambda one: one.name)},
            "mended": sorted(self.mended),
            "name": self.name,
            "notes": list(self.notes),
            "origins": dict(sorted(self.origins.items())),
            "question": self.question,
            "schema": SCHEMA,
            "values": dict(sorted(self.values.items())),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Scenario:
        """The scenario that `as_document` wrote. Raises ScenarioErrors when it is not one."""
        try:
            interventions = (_intervention(name, one) for name, one in document["interventions"].items())
            return cls(
                name=document["name"],
                question=document["question"],
                evidence=document["evidence"],
                values=_in_file_order(document["values"]),
                interventions=tuple(sorted(interventions, key=order_of)),
                gates={gate: dict(changes) for gate, changes in document["gates"].items()},
                mended=tuple(document["mended"]),
                derived=tuple(document["derived"]),
                origins=dict(document["origins"]),
                notes=tuple(document["notes"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            hint = "it was written by another version or changed by hand"
            raise ScenarioErrors([Problem("resolved scenario", f"cannot be read: {error!r}", hint)]) from error

    def digest(self) -> str:
        """SHA-256 (hex) of the content: the document without name, origins and notes."""
        content = {key: value for key, value in self.as_document().items() if key not in ("name", "origins", "notes")}
        return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()).hexdigest()


def order_of(intervention: Intervention) -> tuple[bool, int, str]:
    """The order of interventions: dated ones by day, then triggered ones; among equals by name."""
    return (intervention.day is None, intervention.day or 0, intervention.name)


def rederive(values: Mapping[str, Value], derived: Collection[str]) -> dict[str, Value]:
    """A copy of `values` in which each of the `derived` keys has the value of the key it follows, through chains of them.

    An intervention that sets a derived key itself ends its following: leave that key out of `derived` from then on.
    """
    result = dict(values)
    for key in derived:
        followed = key
        while followed in derived:
            followed = PARAMETERS[followed].derived_from or ""
        result[key] = values[followed]
    return result


def number_text(number: float) -> str:
    """A number as a scenario file writes it: 47000000, 0.05, 1e-05."""
    text = repr(number)
    return text.removesuffix(".0")


def _in_file_order(values: Mapping[str, Value]) -> dict[str, Value]:
    """Declared keys in the order of their declaration, then those of named groups by name."""
    if missing := PARAMETERS.keys() - values.keys():
        raise KeyError(min(missing))
    return {key: values[key] for key in PARAMETERS} | {key: values[key] for key in sorted(values) if key not in PARAMETERS}


def _intervention_document(one: Intervention) -> dict[str, Any]:
    return {
        "close": one.closes,
        "day": one.day,
        "note": one.note,
        "ramp_days": one.ramp_days,
        "set": dict(sorted(one.changes.items())),
        "when": None if one.when is None else str(one.when),
    }


def _intervention(name: str, document: Mapping[str, Any]) -> Intervention:
    return Intervention(
        name=name,
        day=document["day"],
        when=None if document["when"] is None else Trigger.parse(document["when"]),
        changes=dict(document["set"]),
        ramp_days=document["ramp_days"],
        closes=document["close"],
        note=document["note"],
    )
