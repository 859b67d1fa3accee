"""Where an outcome becomes likelier than not: a line over two settings; a threshold over one, from both starts, network on and off."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

import sim
from analysis.questions.asking import Asking, World
from analysis.questions.axes import axis_of, facet_of
from analysis.questions.making import making
from analysis.questions.tipping import FEW, STARTS, tipping_words
from analysis.questions.tracing import Axis, Evaluate, Trace, trace
from analysis.questions.words import crossings, side_words
from analysis.wording import short_name

BUDGETS = {1: 64, 2: 160}
"""Runs a panel, by the number of axes."""
SERIES = ("dau",)
"""Daily metrics that are kept of its runs."""
NARROW = 0.05
"""A band that covers no more of the range is narrow enough."""

Told = Callable[[str, int, float], None]
"""Told the panel, its runs so far, and what share of the range is still inside its band."""


@dataclass(frozen=True)
class Frontier:
    """Where P(outcome) crosses one half.

    name: of the scenario, "" for what is not one. outcome: what is asked for. axes: one or two. traces: one a panel, by its title (a value
    of the facet, a start; "" where there is one only). notes: what the reader should know.
    """

    name: str
    outcome: str
    axes: tuple[Axis, ...]
    traces: Mapping[str, Trace]
    notes: tuple[str, ...] = ()

    @property
    def map(self) -> pd.DataFrame:
        """The best guess at each grid point: panel, the axes, p, low, high (95 % band of p), side (below, undecided, above one half)."""
        return self._table({panel: one.map for panel, one in self.traces.items()})

    @property
    def runs(self) -> pd.DataFrame:
        """The runs it rests on: panel, the axes, seed, yes."""
        return self._table({panel: one.runs for panel, one in self.traces.items()})

    @property
    def crossing(self) -> pd.DataFrame:
        """Points where P is one half, along each row and column of the grid: panel and the axes."""
        return self._table({panel: crossings(one) for panel, one in self.traces.items()})

    @property
    def panels(self) -> pd.DataFrame:
        """A row a panel: panel, runs, undecided (share of the range inside the band), narrow (whether that is little enough), finding."""
        rows = [(panel, len(one.runs), one.undecided, one.is_narrow, side_words(one)) for panel, one in self.traces.items()]
        return pd.DataFrame(rows, columns=["panel", "runs", "undecided", "narrow", "finding"])

    @property
    def has_starts(self) -> bool:
        """Whether the panels are the starts of a threshold."""
        return FEW in self.traces

    @property
    def finding(self) -> str:
        """What was found, in a sentence."""
        what = self.outcome.replace("_", "-")
        if self.has_starts:
            return tipping_words(what, self.traces)
        if len(self.traces) == 1:
            return f"{what} in more than half of the runs {side_words(self.traces[''])}"
        told = (f"{one.above:.0%} at {panel}" for panel, one in self.traces.items())
        return f"share of the map on which {what} is likelier than not: {', '.join(told)}"

    def document(self) -> dict[str, Any]:
        """All of it but the map, fit for JSON."""
        axes = [{"path": axis.path, "unit": axis.unit, "low": axis.low, "high": axis.high} for axis in self.axes]
        tables = {name: getattr(self, name).to_dict("records") for name in ("panels", "crossing", "runs")}
        return {
            "scenario": self.name,
            "outcome": self.outcome,
            "axes": axes,
            "finding": self.finding,
            "notes": list(self.notes),
            **tables,
        }

    def _table(self, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
        whole = pd.concat([table.assign(panel=panel) for panel, table in tables.items()], ignore_index=True)
        table = whole[["panel", *(name for name in whole if name != "panel")]]
        units = {axis.path: axis.unit for axis in self.axes} | dict.fromkeys(("p", "low", "high"), "share") | {"seed": "1"}
        table.attrs["units"] = {name: units.get(name, "name") for name in table.columns}
        return table


def frontier(
    what: str | Path | Evaluate,
    x: str | Axis,
    y: str | Axis | None = None,
    *,
    facet: str | None = None,
    outcome: str = "self_sustaining",
    overrides: Sequence[str] = (),
    days: int | None = None,
    agents: int | None = None,
    budget: int | None = None,
    narrow: float = NARROW,
    first_seed: int = 1,
    workers: int | None = None,
    out: str | Path | None = None,
    told: Told | None = None,
) -> Frontier:
    """Find where P(outcome) crosses one half over `x` and `y`, by asking where that is least clear.

    what: a scenario by name or path, or anything that answers like `tracing.Evaluate`, whose axes are given as `Axis`. x, y: a parameter,
    "dials.steerability" or, over a part of its range, "habit.initial=0.05:0.4". facet: "path=value,value", one panel a value. Without y:
    thresholds, from few and from many who come at first, with the network on and off (see tipping.py). overrides, days, agents: as for
    `sim.load_scenario`. budget: runs a panel at the most; narrow: share of the range under which the band is narrow enough to stop.
    workers: processes; None: one a core. out: a store that keeps the runs, so that an interrupted search goes on. told: called after
    each batch. Raises InputError with every problem found.
    """

    def traced(evaluate: Evaluate, panel: str) -> Trace:
        tell = partial(told, panel) if told else None
        return trace(evaluate, axes, budget=budget or BUDGETS[len(axes)], narrow=narrow, first_seed=first_seed, told=tell)

    if callable(what):
        axes = tuple(axis for axis in (x, y) if isinstance(axis, Axis))
        return Frontier("", outcome, axes, {"": traced(what, "")})
    problems: list[sim.Problem] = []
    asked = {"--x": x} if y is None else {"--x": x, "--y": y}
    found = [axis if isinstance(axis, Axis) else axis_of(axis, option, problems) for option, axis in asked.items()]
    axes = tuple(axis for axis in found if axis is not None)
    panels = _panels(facet, len(found), problems)
    _check(outcome, axes, panels, problems)
    world = World(what, tuple(overrides), days, agents)
    notes = _try(world, axes, panels, problems)
    if problems:
        raise sim.InputError(problems)
    with making(out, SERIES, workers, None) as maker:
        traces = {panel: traced(Asking(world, outcome, changes, maker), panel) for panel, changes in panels.items()}
    return Frontier(world.at({}).name, outcome, axes, traces, notes)


def _panels(facet: str | None, axes: int, problems: list[sim.Problem]) -> Mapping[str, Mapping[str, sim.Value]]:
    """What each panel sets, by its title."""
    if axes == 1:
        if facet is not None:
            message = "a threshold over one setting has panels of its own"
            problems.append(sim.Problem("--facet", message, "give --y too, or leave --facet out"))
        return STARTS
    if facet is None:
        return {"": {}}
    read = facet_of(facet, "--facet", problems)
    return {} if read is None else {f"{short_name(read[0])} {value}": {read[0]: value} for value in read[1]}


def _check(outcome: str, axes: Sequence[Axis], panels: Mapping[str, Mapping[str, sim.Value]], problems: list[sim.Problem]) -> None:
    if outcome not in sim.OUTCOMES:
        hint = sim.did_you_mean(outcome, sim.OUTCOMES) or f"one of {', '.join(sim.OUTCOMES)}"
        problems.append(sim.Problem("--outcome", f"there is no outcome '{outcome}'", hint))
    paths = [axis.path for axis in axes]
    fixed = {path for changes in panels.values() for path in changes}
    for path in dict.fromkeys(paths):
        if paths.count(path) > 1 or path in fixed:
            problems.append(sim.Problem("--x, --y, --facet", f"'{path}' is moved twice", "each of them moves a setting of its own"))


def _try(world: World, axes: Sequence[Axis], panels: Mapping[str, Mapping[str, sim.Value]], problems: list[sim.Problem]) -> tuple[str, ...]:
    """Load the scenario plain and at both ends of each panel, so that what is wrong is said before anything runs. Returns its notes."""
    try:
        plain = world.at({})
    except sim.InputError as error:
        problems += error.problems
        return ()
    hint = "leave the --set out: the axis moves it over its range"
    twice = [axis.path for axis in axes if plain.origins.get(axis.path) == "--set"]
    problems += [sim.Problem(f"--set {path}", "is an axis of the frontier too, so it would set nothing", hint) for path in twice]
    for changes in {} if twice else panels.values():
        for end in ({axis.path: axis.low for axis in axes}, {axis.path: axis.high for axis in axes}):
            try:
                world.at({**changes, **end})
            except sim.InputError as error:
                problems += [problem for problem in error.problems if problem not in problems]
    return plain.notes
