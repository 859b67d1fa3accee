"""How late a fix may come: P(saved) against its day, by branching the same world, so that the past before it is the same bits."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import sim
from analysis.postmortem import deadline_words
from analysis.postmortem.explain_words import SAVED
from analysis.postmortem.fixes import OPTION, overrides_of
from analysis.postmortem.no_return import BUDGET, CURVE, Saved, curve, day_of_no_return, rise, seek
from analysis.questions.asking import World
from analysis.questions.lives import Across, Life, Lives, Seeded, jobs_of
from analysis.questions.making import Maker, making
from analysis.questions.tables import records, table

HOLDS, SCHEMA = "flywheel deadline", 1
JUDGED_AFTER_DAYS = 365
SHORTEST_DAYS = 180
SERIES = ("dau",)

Told = Callable[[str], None]
"""Told what was found about a day."""


@dataclass(frozen=True)
class Deadline:
    """Until when a fix saves more often than not.

    name: of the scenario. fix: what is set, "path=value". over: what the draws are, seeds or sets. launch: date of day 0. judged_after:
    days from the fix to the verdict, so that a late fix has as long as an early one. as_it_is: draws that sustain themselves without it.
    curve: columns as in no_return.CURVE. day, low, high: the day on which P(saved) falls under one half and its 95 % interval; None:
    on no day that was asked (for low and high also: too few draws); 0: it is under it on day 0. notes: what the reader should know.
    """

    name: str
    fix: tuple[str, ...]
    over: str
    launch: datetime.date
    judged_after: int
    as_it_is: int
    curve: pd.DataFrame
    day: float | None
    low: float | None
    high: float | None
    notes: tuple[str, ...]

    @property
    def state(self) -> str:
        """Whether there is such a day; see deadline_words."""
        return deadline_words.state(self.curve, self.as_it_is, self.day)

    @property
    def finding(self) -> str:
        """Until when, in a sentence."""
        return f"{self.name}: {deadline_words.finding(self)}"

    @property
    def findings(self) -> tuple[str, ...]:
        """What is set, and how it is judged."""
        return (f"The fix sets {', '.join(self.fix)}; it is judged {self.judged_after} days after it came.",)

    def document(self) -> dict[str, Any]:
        """All of it, fit for JSON."""
        plain = {name: getattr(self, name) for name in ("over", "judged_after", "as_it_is", "day", "low", "high", "state", "finding")}
        return {
            "holds": HOLDS,
            "schema": SCHEMA,
            "scenario": self.name,
            "fix": list(self.fix),
            "launch_date": self.launch.isoformat(),
            **plain,
            "notes": list(self.notes),
            "curve": records(self.curve),
        }


def of_document(document: Mapping[str, Any]) -> Deadline:
    """The answer that `document` wrote. Raises InputError for another document."""
    if document.get("holds") != HOLDS or document.get("schema") != SCHEMA:
        message = f"this is not what `{HOLDS}` of this version writes"
        raise sim.InputError([sim.Problem("document", message, f"give the JSON that `{HOLDS}` left")])
    return Deadline(
        name=document["scenario"],
        fix=tuple(document["fix"]),
        launch=datetime.date.fromisoformat(document["launch_date"]),
        curve=table(document["curve"], CURVE),
        notes=tuple(document["notes"]),
        **{name: document[name] for name in ("over", "judged_after", "as_it_is", "day", "low", "high")},
    )


def deadline(
    what: str | Path | Lives,
    fix: Sequence[str],
    *,
    seeds: int | Sequence[int] = 20,
    overrides: Sequence[str] = (),
    days: int | None = None,
    agents: int | None = None,
    judged_after: int = JUDGED_AFTER_DAYS,
    budget: int = BUDGET,
    workers: int | None = None,
    out: str | Path | None = None,
    told: Told | None = None,
) -> Deadline:
    """Find until which day a fix saves a product more often than not: self-sustaining, judged `judged_after` days after the fix.

    what: a scenario by name or path, lived over `seeds`, with `overrides`, `days` and `agents` laid over it; or `Lives` (see lives.py),
    which have all of these already. fix: "path=value", or "gate:interaction,cost" for what the scenario says mends these gates. It may
    come on any day of the scenario; a product closed before it is lost. budget: days asked at the most. workers, out: as for `explain`.
    told: called after each day. Raises InputError for a bad scenario or fix, or a parameter that cannot change while the world runs.
    """
    lives = what if isinstance(what, Seeded | Across) else Seeded(World(what, tuple(overrides), days, agents), sim.seeds_of(seeds))
    if judged_after < SHORTEST_DAYS:
        message = f"{judged_after} days are too few: a verdict needs {SHORTEST_DAYS}"
        raise sim.InputError([sim.Problem("--judged-after", message, "give more")])
    with making(out, SERIES, workers, None) as maker:
        return sought(lives, fix, maker, judged_after=judged_after, budget=budget, told=told)


def sought(
    lives: Lives, fix: Sequence[str], maker: Maker, *, judged_after: int, budget: int = BUDGET, told: Told | None = None
) -> Deadline:
    """The same with runs by a maker that keeps SERIES."""
    base = lives.under()
    scenario = base[0].scenario
    setting = overrides_of(fix, scenario)
    paths = _paths(base[0], setting, judged_after)
    again = [one for one in scenario.interventions if paths & one.changes.keys()]
    taken = {one.day for one in again}

    def evaluate(day: int) -> Saved:
        there = next(free for free in count(day) if free not in taken)
        return _saved(maker, [_branched(life, there, setting, judged_after) for life in base], day)

    def tell(day: int, saved: Saved) -> None:
        if told:
            told(f"fix on day {day}: {saved.sum()} of {saved.size} saved")

    asked = seek(evaluate, scenario.days - 1, budget=budget, told=tell)
    without = _saved(maker, [_branched(life, 0, (), judged_after) for life in base], -1)
    day, low, high = (None if not np.isfinite(value) else float(value) for value in day_of_no_return(asked))
    return Deadline(
        name=scenario.name,
        fix=setting,
        over="sets of the ensemble" if isinstance(lives, Across) else "seeds",
        launch=scenario.launch_date,
        judged_after=judged_after,
        as_it_is=int(without.sum()),
        curve=curve(asked),
        day=day,
        low=low,
        high=high,
        notes=(*scenario.notes, *deadline_words.notes(rise(asked), [one.name for one in again])),
    )


def _branched(life: Life, day: int, setting: Sequence[str], judged_after: int) -> Life:
    """The life with the fix from that day on. Raises InputError that names the fix."""
    try:
        return Life(sim.branched(life.scenario, day, setting, days=day + judged_after), life.seed)
    except sim.InputError as error:
        places = [(problem, problem.place.replace("--set", OPTION)) for problem in error.problems]
        raise sim.InputError([sim.Problem(place, problem.message, problem.hint) for problem, place in places]) from error


def _saved(maker: Maker, lives: Sequence[Life], day: int) -> Saved:
    runs = maker.make(jobs_of(lives, 0, {"fix_day": day}))
    return np.asarray(runs["outcome"] == SAVED, dtype=np.bool_)


def _paths(life: Life, setting: Sequence[str], judged_after: int) -> Set[str]:
    """The full paths of what the fix sets. Raises InputError where it cannot be set while the world runs."""
    before = life.scenario.interventions
    quiet = next(day for day in count() if day not in {one.day for one in before})
    [added] = [one for one in _branched(life, quiet, setting, judged_after).scenario.interventions if one not in before]
    return added.changes.keys()
