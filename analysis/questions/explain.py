"""The post-mortem of a scenario: what each gate is worth, what broke first in time, and what one more user is worth.

Gates: each subset of those that are not mended yet is mended (at most 2³ worlds) and lived by the same draws; the difference between none
and all is divided in analysis/postmortem/shares.py. Time: breaking.py there. The operator's trap: trap.py.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import sim
from analysis.experiments import Job
from analysis.postmortem import breaking, explain_words, trap
from analysis.postmortem.explain_words import SAVED
from analysis.postmortem.shares import PARTS, Coalition, coalitions, parts
from analysis.questions.asking import World
from analysis.questions.lives import Across, Life, Lives, Seeded, jobs_of
from analysis.questions.making import Maker, Told, making
from analysis.questions.tables import NAME, records, table

HOLDS, SCHEMA = "flywheel explain", 1
SHORTEST_DAYS = 180
MEASURES: Mapping[str, Callable[[pd.DataFrame], pd.Series[Any]]] = {
    "p": lambda runs: runs["outcome"] == SAVED,
    "users": lambda runs: runs["dau_end"].where(runs["outcome"] != "shutdown", 0.0),
    "profit": lambda runs: runs["operating_profit_usd"],
}
"""What is divided, a number a run: whether it sustains itself; daily users on the last day, none once it is closed; operating profit."""
SERIES = tuple(dict.fromkeys((*breaking.METRICS, *trap.METRICS)))

_EXAMPLE = """gates:
  interaction: {dials.steerability: 0.85}
  cost: {compute.first_unit_cost_usd: 0.08}"""

WORLDS = {
    "mended": NAME,
    "draws": "1",
    "p": "share",
    "p_low": "share",
    "p_high": "share",
    "users": "people",
    "profit": "USD",
    "outcomes": NAME,
}
"""Columns of `worlds`, a row a set of mended gates. p: P(self-sustaining) with Wilson's 95 % interval. users, profit: mean daily users on
the last day (none of a closed product) and mean operating profit to the end."""


@dataclass(frozen=True)
class Explanation:
    """Why a product dies, or does not.

    name: of the scenario. gates: those that were mended. over: what the draws are, seeds or sets. days: the horizon. launch: date of day 0.
    worlds: columns as in WORLDS. parts: shares of the gates, what they bring together, the whole, for each of MEASURES; columns as in
    shares.PARTS. breaks: columns as in breaking.BREAKS. trap: columns as in trap.TRAP, no rows where no lever moves anything.
    notes: what the reader should know.
    """

    name: str
    gates: tuple[str, ...]
    over: str
    days: int
    launch: datetime.date
    worlds: pd.DataFrame
    parts: pd.DataFrame
    breaks: pd.DataFrame
    trap: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def finding(self) -> str:
        """Which gates carry what mending changes, in a sentence or two."""
        return f"{self.name}: {explain_words.cause(self.worlds, self.parts, self.gates, self.over)}"

    @property
    def order(self) -> str:
        """What broke first in time, in a sentence."""
        return explain_words.order(self.breaks, self.launch)

    @property
    def users(self) -> str:
        """What one more user is worth, and whether shrinking helps, in a sentence or two."""
        return explain_words.trap(self.trap)

    @property
    def findings(self) -> tuple[str, ...]:
        """What broke first, and what one more user is worth."""
        return (self.order, self.users)

    def document(self) -> dict[str, Any]:
        """All of it, fit for JSON; None where a number is not defined."""
        return {
            "holds": HOLDS,
            "schema": SCHEMA,
            "scenario": self.name,
            "gates": list(self.gates),
            "over": self.over,
            "days": self.days,
            "launch_date": self.launch.isoformat(),
            "finding": self.finding,
            "order": self.order,
            "users": self.users,
            "notes": list(self.notes),
            **{name: records(getattr(self, name)) for name in _TABLES},
        }


_TABLES = {"worlds": WORLDS, "parts": PARTS, "breaks": breaking.BREAKS, "trap": trap.TRAP}


def of_document(document: Mapping[str, Any]) -> Explanation:
    """The answer that `document` wrote. Raises InputError for another document."""
    if document.get("holds") != HOLDS or document.get("schema") != SCHEMA:
        message = f"this is not what `{HOLDS}` of this version writes"
        raise sim.InputError([sim.Problem("document", message, f"give the JSON that `{HOLDS}` left")])
    return Explanation(
        name=document["scenario"],
        gates=tuple(document["gates"]),
        over=document["over"],
        days=document["days"],
        launch=datetime.date.fromisoformat(document["launch_date"]),
        notes=tuple(document["notes"]),
        **{name: table(document[name], units) for name, units in _TABLES.items()},
    )


def explain(
    what: str | Path | Lives,
    *,
    seeds: int | Sequence[int] = 20,
    overrides: Sequence[str] = (),
    days: int | None = None,
    agents: int | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    told: Told | None = None,
) -> Explanation:
    """Say why a product dies: which gate carries it, what broke first, and what one more user is worth.

    what: a scenario by name or path, lived over `seeds`, with `overrides`, `days` and `agents` laid over it; or `Lives` (see lives.py), for
    example the sets of an ensemble, which have all of these already. workers: processes; None: one a core. out: a store that keeps the
    runs, so that an interrupted question goes on. told: called with how far it is. Raises InputError for a bad scenario, for one without
    gates to mend, and for one too short to be judged.
    """
    lives = what if isinstance(what, Seeded | Across) else Seeded(World(what, tuple(overrides), days, agents), sim.seeds_of(seeds))
    with making(out, SERIES, workers, told) as maker:
        return explained(lives, maker)


def explained(lives: Lives, maker: Maker) -> Explanation:
    """The same with runs by a maker that keeps SERIES."""
    base = lives.under()
    scenario = base[0].scenario
    gates = _gates(scenario)
    worlds: dict[str, list[Life]] = {_label(done): _mended(lives, base, scenario, done) for done in coalitions(gates)}
    pulled = {lever: [Life(trap.pulled(life.scenario, lever), life.seed) for life in base] for lever in trap.LEVERS}
    moved = {lever: there for lever, there in pulled.items() if there[0].scenario.digest() != scenario.digest()}
    jobs = [job for point, (label, there) in enumerate((worlds | moved).items()) for job in jobs_of(there, point, {"world": label})]
    runs, series = maker.make(jobs), maker.series(_of(jobs, "", *moved))
    by_world = {label: rows for label, rows in runs.groupby("world", sort=False)}
    daily = {run: rows.sort_values("day") for run, rows in series.groupby("run")}
    tables = {done: by_world[_label(done)] for done in coalitions(gates)}
    return Explanation(
        name=scenario.name,
        gates=gates,
        over="sets of the ensemble" if isinstance(lives, Across) else "seeds",
        days=scenario.days,
        launch=scenario.launch_date,
        worlds=table((_world(done, rows) for done, rows in tables.items()), WORLDS),
        parts=parts(gates, _worths(tables)),
        breaks=breaking.timeline(_broken(by_world[""], daily)),
        trap=trap.trap(_lived(by_world[""], daily), {lever: _lived(by_world[lever], daily) for lever in moved}),
        notes=(*scenario.notes, *explain_words.notes(runs)),
    )


def _gates(scenario: sim.Scenario) -> tuple[str, ...]:
    """The gates that can be mended and are not. Raises InputError where there are none, or where the world is too short to be judged."""
    problems = []
    left = tuple(gate for gate in sim.GATES if gate in scenario.gates and gate not in scenario.mended)
    if not scenario.gates:
        hint = f"say in the scenario how each is mended, for example:\n{_EXAMPLE}"
        problems.append(sim.Problem("gates", f"'{scenario.name}' does not say how its gates would be mended", hint))
    elif not left:
        message = f"all gates of '{scenario.name}' are mended already: there is nothing left to divide"
        problems.append(sim.Problem("gates.mended", message, "to ask what each of them does: --set 'gates.mended=[]'"))
    if scenario.days < SHORTEST_DAYS:
        problems.append(sim.Problem("days", f"{scenario.days} days are too few: a verdict needs {SHORTEST_DAYS}", "give more --days"))
    if problems:
        raise sim.InputError(problems)
    return left


def _label(done: Coalition) -> str:
    return " + ".join(done)


def _mended(lives: Lives, base: list[Life], scenario: sim.Scenario, done: Coalition) -> list[Life]:
    return lives.under([f"gates.mended=[{', '.join((*scenario.mended, *done))}]"]) if done else base


def _of(jobs: Sequence[Job], *labels: str) -> list[Job]:
    return [job for job in jobs if job.parameters["world"] in labels]


def _world(done: Coalition, runs: pd.DataFrame) -> dict[str, object]:
    shares = sim.share_table(runs["outcome"].tolist())
    saved = int((runs["outcome"] == SAVED).sum())
    low, high = sim.wilson(saved, len(runs))
    row: dict[str, object] = {"mended": _label(done), "draws": len(runs), "p": saved / len(runs), "p_low": low, "p_high": high}
    row |= {key: MEASURES[key](runs).mean() for key in ("users", "profit")}
    return row | {"outcomes": ", ".join(f"{name} {share['share']:.0%}" for name, share in shares.items())}


def _worths(tables: Mapping[Coalition, pd.DataFrame]) -> dict[str, dict[Coalition, NDArray[np.float64]]]:
    """Each of MEASURES in each world, draw by draw."""
    return {key: {done: worth(runs).to_numpy(np.float64) for done, runs in tables.items()} for key, worth in MEASURES.items()}


def _broken(runs: pd.DataFrame, daily: Mapping[Any, pd.DataFrame]) -> list[dict[str, float]]:
    return [
        breaking.broken_from(daily[run], closed=outcome == "shutdown") for run, outcome in zip(runs["run"], runs["outcome"], strict=True)
    ]


def _lived(runs: pd.DataFrame, daily: Mapping[Any, pd.DataFrame]) -> trap.Lived:
    curves = [daily[run][list(trap.METRICS)].to_numpy(np.float64).T for run in runs["run"]]
    return trap.Lived((runs["outcome"] == SAVED).to_numpy(), runs["days_run"].to_numpy(np.float64), curves)
