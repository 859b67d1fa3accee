"""The effective difference of two resolved scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import sim
from analysis.reference.pages import what_of, when_of

ABSENT = "–"


@dataclass(frozen=True, slots=True)
class Side:
    """What one scenario says, in words, and where that comes from ("" for what is not there)."""

    text: str = ABSENT
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing on which two scenarios differ: a dotted key, an intervention or a gate."""

    path: str
    one: Side
    other: Side


def differences(one: sim.Scenario, other: sim.Scenario) -> tuple[Difference, ...]:
    """All differences that can move a result or its reading: question, evidence, values, interventions, gates. Names and notes are none."""
    left, right = dict(_sides(one)), dict(_sides(other))
    paths = [*left, *(path for path in right if path not in left)]
    absent = Side()
    rows = (Difference(path, left.get(path, absent), right.get(path, absent)) for path in paths)
    return tuple(row for row in rows if row.one.text != row.other.text)


def _sides(scenario: sim.Scenario) -> Iterator[tuple[str, Side]]:
    origins = scenario.origins
    yield "question", Side(scenario.question, origins.get("question", ""))
    if scenario.evidence is not None:
        yield "evidence", Side(scenario.evidence, origins.get("evidence", ""))
    for path, value in scenario.values.items():
        follows = f", as {sim.PARAMETERS[path].derived_from}" if path in scenario.derived else ""
        yield path, Side(sim.value_text(value) + follows, "" if follows else origins[path])
    for one in scenario.interventions:
        path = f"interventions.{one.name}"
        yield path, Side(f"{when_of(scenario, one)}: {what_of(one)}", _first_below(f"{path}.", origins))
    for gate, changes in scenario.gates.items():
        for changed, value in changes.items():
            path = f"gates.{gate}.{changed}"
            yield path, Side(sim.value_text(value), origins.get(path, ""))
    if scenario.mended:
        yield "gates.mended", Side(", ".join(scenario.mended), origins.get("gates.mended", ""))


def _first_below(prefix: str, origins: Mapping[str, str]) -> str:
    return next((origin for path, origin in origins.items() if path.startswith(prefix)), "")
