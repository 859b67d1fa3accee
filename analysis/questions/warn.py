"""How early could one have known? What is publicly visible in the first weeks, held against the outcome at one year."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

import sim
from analysis.early_warning.answer import EarlyWarning
from analysis.early_warning.early import BY_NAME, EARLY_DAYS, FEWEST_METRICS, INDICATORS, METRICS, Early, days_of, early
from analysis.early_warning.foretelling import Foretelling, check_both, foretell
from analysis.early_warning.known import COLUMNS, MEASURED, PUBLISHED, Lived, Record, beside_walls, records, told_by_date
from analysis.early_warning.logistic import Labels
from analysis.early_warning.telling import REPEATS
from analysis.early_warning.wide import AGENTS, DAYS, WORLDS, Wide, wide
from analysis.experiments import open_store
from analysis.questions.asking import World
from analysis.questions.making import Told, making

SERIES = (*METRICS, "installs_total")
"""Daily metrics that are kept of the worlds."""
_RETENTION = ("d1", "d7", "d30")
_NOTHING_PUBLIC = pd.DataFrame(columns=list(COLUMNS))

Step = Callable[[str], None]
"""Told what is being learnt."""


def warn(
    source: str | Path,
    *,
    outcome: str = "self_sustaining",
    worlds: int = WORLDS,
    seed: int = 1,
    priors: Path | None = None,
    wider: Path | None = None,
    overrides: Sequence[str] = (),
    days: int = DAYS,
    agents: int = AGENTS,
    repeats: int = REPEATS,
    workers: int | None = None,
    out: str | Path | None = None,
    told: Told | None = None,
    step: Step | None = None,
) -> EarlyWarning:
    """How well what is visible by days 7, 14, 30 and 60 tells the outcome at the end.

    source: a scenario by name or file, around which worlds are drawn (`wide`); or the folder of a store of a sweep, whose runs are taken as
    they are. outcome: what is told. repeats: of the folds. out: a store that keeps the runs. told, step: progress of the runs, and of what
    comes after. Raises InputError for bad input, and where one kind of worlds is too rare to learn from.
    """
    if outcome not in sim.OUTCOMES:
        hint = sim.did_you_mean(outcome, sim.OUTCOMES) or f"there are {', '.join(sim.OUTCOMES)}"
        raise sim.InputError([sim.Problem("--outcome", f"there is no outcome '{outcome}'", hint)])
    say = step or (lambda what: None)
    if Path(source).is_dir():
        return _of_store(Path(source), outcome, repeats, say)
    drawn = wide(World(source, tuple(overrides), days, agents), worlds, seed, priors, wider)
    lived = _live(drawn, outcome, workers, out, told)
    check_both(lived.labels)
    earlies = {day: early(day, lived.daily, lived.retention[day], lived.days_run) for day in EARLY_DAYS}
    found = foretell(earlies, lived.labels, lived.groups, repeats=repeats, told=lambda day: say(f"learning by day {day}"))
    known = records(drawn.scenario.evidence, drawn.scenario.launch_date) if drawn.scenario.evidence else ()
    public = _public(known, lived, drawn.scenario.days, say) if known else _NOTHING_PUBLIC.copy()
    notes = (*_notes(earlies), *_notes_of_plan(drawn.scenario, public))
    return _answer(drawn.scenario.name, outcome, lived.labels, notes, found, known, public)


def _answer(
    name: str, outcome: str, labels: Labels, notes: tuple[str, ...], found: Foretelling, known: Sequence[Record], public: pd.DataFrame
) -> EarlyWarning:
    walls = beside_walls(found.walls, known[0].figures if known else ())
    return EarlyWarning(
        name, outcome, len(labels), int(labels.sum()), notes, found.scores, found.reliability, found.selection, walls, public
    )


def _live(drawn: Wide, outcome: str, workers: int | None, out: str | Path | None, told: Told | None) -> Lived:
    """Run all worlds, and their beginnings."""
    length = drawn.scenario.days
    jobs = drawn.jobs(EARLY_DAYS)
    everything = [job for one in jobs.values() for job in one]
    with making(out, SERIES, workers, told) as maker:
        runs = maker.make(everything)
        series = maker.series(jobs[length])
    of = {days: runs[runs["length"] == days] for days in jobs}
    retention = {day: {name: of[day][f"retention.{name}"].to_numpy(np.float64) for name in _RETENTION} for day in EARLY_DAYS}
    daily = days_of(series, of[length]["run"], SERIES, length)
    labels = (of[length]["outcome"] == outcome).to_numpy()
    return Lived(daily, retention, of[length]["days_run"].to_numpy(np.float64), labels, np.arange(len(labels)))


def _public(known: Sequence[Record], lived: Lived, days: int, say: Step) -> pd.DataFrame:
    """What the public figures of the product say, by date: on the early days, and for the two bases whenever a figure arrives."""
    tables = []
    for record in known:
        arrivals = {one.day for one in record.figures if one.day <= days} if record.basis in (MEASURED, PUBLISHED) else set()
        say(f"asking with the public figures {record.basis}")
        tables.append(told_by_date(record, lived, sorted({*EARLY_DAYS, *arrivals})))
    return pd.concat(tables, ignore_index=True)


def _of_store(folder: Path, outcome: str, repeats: int, say: Step) -> EarlyWarning:
    """The same from the runs of the last sweep of a store."""
    store = open_store(folder)
    if missing := [metric for metric in FEWEST_METRICS if metric not in store.metrics]:
        hint = f"name them under `series` of the sweep; all that can be used: {', '.join(METRICS)}"
        raise sim.refuse(folder, f"did not keep the daily metrics {', '.join(missing)}: nothing can be told without", hint)
    runs = store.runs().drop_duplicates("run", ignore_index=True)
    short = (runs["outcome"] == "undetermined").sum()
    if short:
        raise sim.refuse(folder, f"{short} of {len(runs)} runs are too short for a verdict", "a sweep of 180 days or more can be used")
    labels, points = (runs["outcome"] == outcome).to_numpy(), runs["point"].to_numpy(np.int64)
    check_both(labels)
    kept = [metric for metric in METRICS if metric in store.metrics]
    daily = days_of(store.series(kept), runs["run"], kept, max(EARLY_DAYS))
    length = runs["days_run"].to_numpy(np.float64)
    earlies = {day: early(day, daily, {}, length) for day in EARLY_DAYS}
    found = foretell(earlies, labels, points, repeats=repeats, told=lambda day: say(f"learning by day {day}"))
    absent = [one.label for one in INDICATORS if one.name not in set(found.selection["indicator"])]
    notes = (
        f"{runs['point'].nunique()} points of the sweep; runs of one point are never both learnt from and told",
        f"not in this store: {', '.join(absent)} (retention in its table is that of whole runs, which nobody knows early)",
        *_notes(earlies),
    )
    return _answer(store.sweep().name, outcome, labels, notes, found, (), _NOTHING_PUBLIC.copy())


def _notes(earlies: Mapping[int, Early]) -> list[str]:
    """What is not there on which day."""
    notes = []
    for day, one in earlies.items():
        if one.closed:
            notes.append(f"by day {day}, {one.closed} worlds are closed: their end is known, and they are neither learnt from nor told")
        if one.left_out:
            names = ", ".join(BY_NAME[name].label for name in one.left_out)
            notes.append(f"by day {day} not defined, or the same everywhere: {names}")
        if one.missing:
            told = ", ".join(f"{BY_NAME[name].label} {count}" for name, count in one.missing.items())
            notes.append(f"by day {day} missing in some worlds, where it counts as the mean: {told}")
    return notes


def _notes_of_plan(scenario: sim.Scenario, public: pd.DataFrame) -> list[str]:
    """What a reader must know of what lies ahead of the early days."""
    notes = ["probabilities and walls rest on what is drawn (wider_priors.yaml), far beyond Sora: take them as orderings before levels"]
    dated = [f"{one.name} (day {one.day})" for one in scenario.interventions if one.day is not None and one.day >= EARLY_DAYS[0]]
    if dated:
        notes.append(f"still ahead on early days, and the same in every world, so that tellers know of it: {', '.join(dated)}")
    if not public.empty:
        notes.append("public figures are asked about by tellers that learnt from those figures alone; money is not among them")
    return notes
