"""Two scenarios, the same people, the same luck: what differs, how sure one can be, and what cannot be told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import sim
from analysis.experiments import Job
from analysis.experiments.by_day import runs_by_day
from analysis.questions.intervals import FEWEST_RUNS, mean_band, mean_interval
from analysis.questions.making import Told, making
from analysis.questions.verdicts import FEW, HIGHER, LOWER, SAME, UNCLEAR, UNDEFINED

CURVES = (
    "dau",
    "mau",
    "installs_total",
    "makers",
    "views_here",
    "views_outside",
    "revenue_usd",
    "cost_usd",
    "cumulated_loss_usd",
)
"""The daily metrics that are compared: as trailing means of seven days or, where they add up, as they stand."""

_SAME_PEOPLE = ("agents", "people", "niches", "creators_share")


@dataclass(frozen=True)
class Side:
    """The runs of one scenario. runs: a row a seed, indexed by the name of the run. series: daily metrics by run and day, of others too."""

    name: str
    runs: pd.DataFrame
    series: pd.DataFrame


@dataclass(frozen=True)
class Comparison:
    """B beside A over paired seeds; all differences are B minus A.

    name_a, name_b: the scenarios. seeds: those that both ran. notes: what the reader should know.
    figures: a row a figure: figure, unit, meaning, pairs (in which it is defined for both), mean_a, mean_b, difference, low, high (95 %),
    saved (share of the variance of the difference that pairing saved), verdict (HIGHER, LOWER, SAME, UNCLEAR, FEW, UNDEFINED).
    daily: a row a day and metric: day, metric, mean_a, mean_b, difference, low, high. outcomes: a row a pair: seed, outcome_a, outcome_b.
    """

    name_a: str
    name_b: str
    seeds: tuple[int, ...]
    notes: tuple[str, ...]
    figures: pd.DataFrame
    daily: pd.DataFrame
    outcomes: pd.DataFrame

    @property
    def changed(self) -> int:
        """In how many pairs the outcome is another one."""
        return int((self.outcomes["outcome_a"] != self.outcomes["outcome_b"]).sum())

    @property
    def transitions(self) -> pd.DataFrame:
        """How many pairs went from which outcome to which: a row an outcome of A, a column an outcome of B."""
        return pd.crosstab(self.outcomes["outcome_a"], self.outcomes["outcome_b"])

    @property
    def finding(self) -> str:
        """Whether the outcomes differ, and how many of the figures do, in a sentence."""
        pairs = len(self.seeds)
        counts = self.figures["verdict"].value_counts()
        clear, unclear = (sum(int(counts.get(verdict, 0)) for verdict in group) for group in ((HIGHER, LOWER), (UNCLEAR, SAME)))
        return f"{self.name_b} beside {self.name_a}: {self._changes(pairs)}; {clear} of {clear + unclear} figures differ beyond luck"

    def _changes(self, pairs: int) -> str:
        if not self.changed:
            return f"the outcome is the same in all {pairs} pairs"
        pairs_of = zip(self.outcomes["outcome_a"], self.outcomes["outcome_b"], strict=True)
        [((before, after), count)] = Counter(pair for pair in pairs_of if pair[0] != pair[1]).most_common(1)
        most = "" if count == self.changed else f"in {count} "
        return f"the outcome changes in {self.changed} of {pairs} pairs, {most}from {before} to {after}"

    def document(self) -> dict[str, Any]:
        """All of it but the daily curves, fit for JSON; None where a number is not defined."""
        low, high = sim.wilson(self.changed, len(self.seeds))
        return {
            "a": self.name_a,
            "b": self.name_b,
            "seeds": list(self.seeds),
            "notes": list(self.notes),
            "outcome_changed": {"pairs": self.changed, "share": self.changed / len(self.seeds), "low": low, "high": high},
            "outcomes": self.outcomes.to_dict("records"),
            "figures": [{key: None if pd.isna(value) else value for key, value in row.items()} for row in self.figures.to_dict("records")],
        }


def compare(
    a: sim.Scenario | str | Path,
    b: sim.Scenario | str | Path,
    *,
    seeds: int | Sequence[int] = 20,
    overrides: Sequence[str] = (),
    days: int | None = None,
    agents: int | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    told: Told | None = None,
) -> Comparison:
    """Run both scenarios under the same seeds and compare them pair by pair.

    overrides, days, agents: laid over both, where they are given by name or path. workers: processes; None: one a core. out: a store that
    keeps the runs, so that an interrupted comparison goes on. told: called with how far it is. Raises InputError for bad scenarios, and
    when the two do not last equally long: their totals could not be compared.
    """
    problems: list[sim.Problem] = []
    loaded = [_loaded(source, overrides, days, agents, problems) for source in (a, b)]
    if problems:
        raise sim.InputError(problems)
    one, other = (scenario for scenario in loaded if scenario is not None)
    if one.days != other.days:
        message = f"'{one.name}' lasts {one.days} days and '{other.name}' {other.days}"
        raise sim.InputError([sim.Problem("A, B", message, "give both the same --days")])
    chosen = sim.seeds_of(seeds)
    jobs = [
        Job(point, number, {"side": "ab"[point]}, scenario, seed)
        for point, scenario in enumerate((one, other))
        for number, seed in enumerate(chosen)
    ]
    with making(out, CURVES, workers, told) as maker:
        runs, series = maker.make(jobs), maker.series(jobs)
    sides = [Side(name, runs[runs["side"] == side].set_index("run"), series) for name, side in zip(_names(one, other), "ab", strict=True)]
    return compared(sides[0], sides[1], notes=_notes(one, other))


def _names(one: sim.Scenario, other: sim.Scenario) -> tuple[str, str]:
    return (one.name, other.name) if one.name != other.name else (f"{one.name} (A)", f"{other.name} (B)")


def _loaded(
    source: sim.Scenario | str | Path, overrides: Sequence[str], days: int | None, agents: int | None, problems: list[sim.Problem]
) -> sim.Scenario | None:
    """The scenario, None after noting its problems."""
    if isinstance(source, sim.Scenario):
        return source
    try:
        return sim.load_scenario(source, overrides, days=days, agents=agents)
    except sim.InputError as error:
        problems += [problem for problem in error.problems if problem not in problems]
        return None


def _notes(one: sim.Scenario, other: sim.Scenario) -> tuple[str, ...]:
    notes = list(dict.fromkeys((*one.notes, *other.notes)))
    if one.digest() == other.digest():
        notes.append("both are the same scenario once resolved: nothing can differ")
    if apart := [key for key in _SAME_PEOPLE if one.values[key] != other.values[key]]:
        notes.append(f"they differ in {', '.join(apart)}: these are not the same people, so pairing saves less than it could")
    return tuple(notes)


def compared(a: Side, b: Side, notes: tuple[str, ...] = ()) -> Comparison:
    """The comparison of two sides whose runs, row by row, have the same seeds. Raises ValueError where they have not."""
    seeds = tuple(a.runs["seed"])
    if seeds != tuple(b.runs["seed"]):
        raise ValueError("the runs are not paired: their seeds differ")
    outcomes = pd.DataFrame({"seed": seeds, "outcome_a": a.runs["outcome"].to_numpy(), "outcome_b": b.runs["outcome"].to_numpy()})
    figures = [_figure_row(figure, *(side.runs[figure.key].to_numpy(dtype=np.float64) for side in (a, b))) for figure in sim.FIGURES]
    return Comparison(a.name, b.name, seeds, notes, pd.DataFrame(figures), _daily(a, b), outcomes)


def _figure_row(figure: Any, of_a: NDArray[np.float64], of_b: NDArray[np.float64]) -> dict[str, Any]:
    defined = ~np.isnan(of_a) & ~np.isnan(of_b)
    of_a, of_b = of_a[defined], of_b[defined]
    apart = of_b - of_a
    low, high = mean_interval(apart) or (np.nan, np.nan)
    return {
        "figure": figure.key,
        "unit": figure.unit,
        "meaning": figure.meaning,
        "pairs": int(apart.size),
        "mean_a": _mean(of_a),
        "mean_b": _mean(of_b),
        "difference": _mean(apart),
        "low": low,
        "high": high,
        "saved": variance_saved(of_a, of_b),
        "verdict": _verdict(apart, low, high),
    }


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if values.size else np.nan


def variance_saved(of_a: NDArray[np.float64], of_b: NDArray[np.float64]) -> float:
    """1 - Var(B - A) / (Var A + Var B): 0 where pairing gains nothing, 1 where all luck is shared; NaN where nothing varies."""
    if of_a.size < 2:
        return np.nan
    apart = float(of_a.var(ddof=1) + of_b.var(ddof=1))
    return 1.0 - float((of_b - of_a).var(ddof=1)) / apart if apart > 0.0 else np.nan


def _verdict(apart: NDArray[np.float64], low: float, high: float) -> str:
    if apart.size < FEWEST_RUNS:
        return FEW if apart.size else UNDEFINED
    if not apart.any():
        return SAME
    return HIGHER if low > 0.0 else LOWER if high < 0.0 else UNCLEAR


def _daily(a: Side, b: Side) -> pd.DataFrame:
    days = int(max(a.runs["days_run"].max(), b.runs["days_run"].max()))
    tables = []
    for metric in CURVES:
        wide = runs_by_day(a.series if a.series is b.series else pd.concat([a.series, b.series]), "run", metric, days, weekly=True)
        of_a, of_b = (wide.loc[side.runs.index].to_numpy() for side in (a, b))
        low, high = mean_band(of_b - of_a)
        columns = {"mean_a": of_a.mean(axis=0), "mean_b": of_b.mean(axis=0), "difference": (of_b - of_a).mean(axis=0)}
        tables.append(pd.DataFrame({"day": np.arange(days), "metric": metric, **columns, "low": low, "high": high}))
    return pd.concat(tables, ignore_index=True)
