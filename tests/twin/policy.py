"""What holds today: the scenario's values, moved by its interventions."""

from __future__ import annotations

import math
import operator
from typing import NamedTuple

from sim.foundation.parameters import Value
from sim.scenario import Intervention, Scenario
from sim.scenario.scenario import rederive
from sim.scenario.schema import PARAMETERS
from sim.scenario.settings import settings_of

_COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


class Ramp(NamedTuple):
    """A number on its way from `start` on day `day` to `target`, `days` days later."""

    start: float
    target: float
    day: int
    days: int

    def at(self, day: int, is_whole: bool) -> float:
        """Its value on a day; from null (off) it is at its target at once."""
        if day >= self.day + self.days or self.start == math.inf:
            return self.target
        value = self.start + (day - self.day) / self.days * (self.target - self.start)
        return float(round(value)) if is_whole else value


class Policy:
    """values: of every key today; settings: the numbers among them by name; is_closing: an intervention closes the product."""

    def __init__(self, scenario: Scenario) -> None:
        self.interventions = list(scenario.interventions)
        self.values = dict(scenario.values)
        self.derived = set(scenario.derived)
        self.ramps: dict[str, Ramp] = {}
        self.is_closing = False
        self.settings = settings_of(self.values)

    def intervene(self, day: int, yesterday: dict[str, float] | None) -> None:
        """Apply what is due, in order, each once: dated on its day, triggered when it holds of yesterday's closed books."""
        due = [one for one in self.interventions if self._is_due(one, day, yesterday)]
        self.interventions = [one for one in self.interventions if one not in due]
        for one in due:
            self.is_closing |= one.closes
            for key, value in one.changes.items():
                self.ramps.pop(key, None)
                self.derived.discard(key)
                if one.ramp_days > 0:
                    self.ramps[key] = Ramp(number_of(self.values[key]), number_of(value), day, one.ramp_days)
                else:
                    self.values[key] = value
        for key, ramp in self.ramps.items():
            declared = PARAMETERS.get(key)
            self.values[key] = ramp.at(day, is_whole=declared is not None and declared.kind == "whole")
        self.values = rederive(self.values, self.derived)
        self.settings = settings_of(self.values)

    @staticmethod
    def _is_due(one: Intervention, day: int, yesterday: dict[str, float] | None) -> bool:
        if one.when is None:
            return one.day == day
        return yesterday is not None and _COMPARE[one.when.operator](yesterday[one.when.metric], one.when.number)


def number_of(value: Value) -> float:
    """A number; null is infinity (off)."""
    return math.inf if value is None else float(value)
