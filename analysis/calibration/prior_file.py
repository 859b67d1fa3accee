"""Prior files: YAML, as strict as scenarios. What is unknown of a world, and what is believed of it before anything is fitted.

schema: 1
base: sora                                    # the scenario whose parameters they are
set: {parent.stop_loss_usd: null}             # the same in every run of the fit
priors:
  creators.status_usd:
    log_uniform: [0.03, 0.8]                  # the distributions of sweep files
    source: no public evidence; all of it fitted equally in earlier forms
settled:                                      # set after the fit, from the run of each set itself
  parent.stop_loss_usd: {metric: cumulated_loss_usd, day: 162, source: …}
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.special import ndtr

import sim
from analysis.calibration.reading import Reader
from analysis.calibration.targets import Floats
from analysis.experiments.variables import DISTRIBUTIONS, Variable, read_variable
from sim import Block, Entry, Listing, Node, Place, ProblemList

_SMALLEST = "`schema: 1`, `base: …`, `priors: …`"
_EDGE = 1e-12


@dataclass(frozen=True)
class Settled:
    """A parameter that takes the value of a daily metric on a day of the run of its own set."""

    metric: str
    day: int
    source: str


@dataclass(frozen=True)
class Priors:
    """What is unknown. fixed: the same in every run. variables: in the order of the file. By path: sources, settled, choices (how many)."""

    base: str
    fixed: Mapping[str, sim.Value]
    variables: tuple[Variable, ...]
    sources: Mapping[str, str]
    choices: Mapping[str, int]
    settled: Mapping[str, Settled]

    @property
    def paths(self) -> tuple[str, ...]:
        """The parameters."""
        return tuple(variable.path for variable in self.variables)

    @property
    def levels(self) -> tuple[int, ...]:
        """How many values each choice has, 0 for what is a number."""
        return tuple(self.choices.get(variable.path, 0) for variable in self.variables)

    def values(self, z: Floats) -> dict[str, sim.Value]:
        """The parameters at a point of the standard normal space that the priors are mapped to, shape (parameters,)."""
        uniform = np.clip(ndtr(z), _EDGE, 1.0 - _EDGE)
        return {one.path: one.quantile(float(u)) for one, u in zip(self.variables, uniform, strict=True) if one.quantile}


def load_priors(path: Path) -> Priors:
    """Load and check a prior file. Raises InputError with every problem found."""
    return _PriorReader(ProblemList()).read(path)


class _PriorReader(Reader):
    def read(self, path: Path) -> Priors:
        top = self.fields(self.root(path, "prior file", _SMALLEST), "a prior file", ("base", "priors"), ("schema", "set", "settled"))
        self.problems.raise_if_any()
        base = self.text(top["base"], "'base'")
        if base not in sim.shipped_names():
            hint = sim.did_you_mean(base, sim.shipped_names()) or f"shipped: {', '.join(sim.shipped_names())}"
            self.refuse(top["base"].place, f"there is no shipped scenario '{base[:60]}'", hint)
            self.problems.raise_if_any()
        fixed = {}
        for entry in self.entries(top["set"], "'set'") if "set" in top else ():
            declared = self.declared(entry)
            if declared is not None:
                try:
                    fixed[entry.key] = sim.legal_value(declared, entry.key, entry.node, self.problems)
                except sim.IllegalValueError:
                    continue
        found = [self.prior(entry) for entry in self.entries(top["priors"], "'priors'")]
        settled = {one.key: self.settle(one) for one in (self.entries(top["settled"], "'settled'") if "settled" in top else ())}
        self.problems.raise_if_any()
        known = [one for one in found if one is not None]
        self.check_world(base, fixed, known, top["priors"].place)
        sources = {one.path: source for one, source, _ in known}
        choices = {one.path: count for one, _, count in known if count}
        return Priors(base, fixed, tuple(one for one, _, _ in known), sources, choices, settled)

    def declared(self, entry: Entry) -> sim.Parameter | None:
        declared = sim.override_declaration(entry.key)
        if declared is None:
            hint = sim.did_you_mean(entry.key, sim.PARAMETERS) or "`flywheel describe parameters` lists them"
            self.refuse(entry.place, f"unknown parameter '{entry.key[:60]}'", hint)
        return declared

    def prior(self, entry: Entry) -> tuple[Variable, str, int] | None:
        declared = self.declared(entry)
        fields = self.fields(entry.node, f"the prior of '{entry.key}'", ("source",), tuple(DISTRIBUTIONS))
        source = self.text(fields.get("source"), "'source'")
        if declared is None or not isinstance(entry.node, Block):
            return None
        said = tuple(one for one in entry.node.entries if one.key in DISTRIBUTIONS)
        if len(said) != 1:
            self.refuse(entry.place, f"the prior of '{entry.key}' must be one distribution", f"one of {', '.join(DISTRIBUTIONS)}")
            return None
        node: Node = Block(said[0].place, said)
        variable = read_variable(entry.key, "uncertain", declared, node, self.problems)
        listed = said[0].node
        count = len(listed.items) if said[0].key == "choice" and isinstance(listed, Listing) else 0
        return None if variable is None else (variable, source, count)

    def settle(self, entry: Entry) -> Settled:
        self.declared(entry)
        fields = self.fields(entry.node, f"'{entry.key}'", ("metric", "day", "source"))
        metric = self.text(fields.get("metric"), "'metric'")
        if "metric" in fields and metric not in (known := [one.name for one in sim.DAILY]):
            self.refuse(fields["metric"].place, f"there is no daily metric '{metric[:60]}'", sim.did_you_mean(metric, known))
        day = self.whole(fields["day"], "'day'", 0, 10_000) if "day" in fields else 0
        return Settled(metric, day, self.text(fields.get("source"), "'source'"))

    def check_world(self, base: str, fixed: Mapping[str, sim.Value], known: list[tuple[Variable, str, int]], place: Place) -> None:
        """That the base can be lived at the middle of the priors: together they must make a legal world."""
        middle = {one.path: one.quantile(0.5) for one, _, _ in known if one.quantile}
        try:
            sim.load_scenario(base, {**fixed, **middle})
        except sim.InputError as error:
            for problem in error.problems:
                self.refuse(place, f"in the middle of the priors: {problem.message}", problem.hint)
            self.problems.raise_if_any()
