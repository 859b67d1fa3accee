"""The coding guide: questions about a product, each with steps from low to high, and what a step sets in a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

import sim

FOLDER = "cases"
"""Of the shipped scenarios: guide, template, sheets and the scenarios made from them."""


@dataclass(frozen=True, slots=True)
class Step:
    """One answer.

    sets: keys and values. times: keys and factors on what all cases share. per_person: keys and numbers to divide by the market's people.
    """

    means: str
    anchors: str
    sets: Mapping[str, sim.Value]
    times: Mapping[str, float]
    per_person: Mapping[str, float]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of a scenario that it decides."""
        return (*self.sets, *self.times, *self.per_person)


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask of a product, how to choose among the steps, and the steps, numbered from 1."""

    name: str
    asks: str
    choose: str
    steps: tuple[Step, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of a scenario that the answer decides, each once."""
        return tuple(dict.fromkeys(key for step in self.steps for key in step.keys))


def load_guide() -> tuple[Question, ...]:
    """The guide that comes with the package, in the order in which it asks."""
    path = sim.shipped_folder() / FOLDER / "guide.yaml"
    return tuple(_question(name, entry) for name, entry in yaml.safe_load(path.read_text(encoding="utf-8")).items())


def _question(name: str, entry: Mapping[str, Any]) -> Question:
    return Question(name, entry["asks"], entry["choose"], tuple(_step(step) for step in entry["steps"]))


def _step(entry: Mapping[str, Any]) -> Step:
    return Step(str(entry["means"]), str(entry["anchors"]), *(entry.get(key, {}) for key in ("set", "times", "per_person")))
