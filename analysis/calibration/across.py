"""A scenario lived by the sets of an ensemble, each with its own seed: how probable each outcome is, given what is not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

import sim
from analysis.calibration.ensemble import Ensemble, weighted_quantiles
from analysis.calibration.study import Tell, overrides_of, silent
from analysis.calibration.targets import Floats
from analysis.experiments import Job, Local, Progress, execute, independent_seed

DRAWS = 100
PLACE = "place"
"""The column that says which set of the ensemble a run is of."""


def jobs_across(
    ensemble: Ensemble,
    scenario: str | Path,
    places: Sequence[int],
    *,
    overrides: Sequence[str] = (),
    days: int | None = None,
    agents: int | None = None,
) -> list[Job]:
    """The runs of these sets in a scenario; what is overridden or what it has otherwise than the ensemble's base is left as it is.

    agents: rows, None for those of the fit. A set that is named twice is run with another seed the second time.
    """
    base, family = sim.load_scenario(ensemble.base), sim.ScenarioFamily(scenario)
    rows = agents or ensemble.agents
    plain = family.member(tuple(overrides), days=days, agents=rows)
    named = {path for path, origin in plain.origins.items() if origin == "--set"}
    jobs, seen = [], Counter[int]()
    for draw, place in enumerate(places):
        own = {path: value for path, value in overrides_of(ensemble.values(place), base, plain).items() if path not in named}
        texts = [*overrides, *(override_text(path, value) for path, value in own.items())]
        seed = independent_seed(ensemble.seeds[place], seen[place]) if seen[place] else ensemble.seeds[place]
        seen[place] += 1
        jobs.append(Job(draw, 0, {PLACE: place}, family.member(texts, days=days, agents=rows), seed))
    return jobs


def override_text(path: str, value: sim.Value) -> str:
    """path=value, as it is written after `--set`."""
    if value is None:
        return f"{path}=null"
    return f"{path}={str(value).lower() if isinstance(value, bool) else repr(value) if isinstance(value, float) else value}"


def run_across(
    jobs: Sequence[Job], folder: Path, name: str, executor: Local, series: Sequence[str] = ("dau",), tell: Tell = silent
) -> pd.DataFrame:
    """What the runs of `jobs_across` came to: a row a draw with `place`, seed, outcome and every figure. They are kept in a store."""

    def progress(now: Progress) -> None:
        tell(name, now.done, now.total)

    return execute(jobs, folder, name=name, series=series, executor=executor, progress=progress).runs()


def outcome_table(runs: pd.DataFrame) -> pd.DataFrame:
    """Outcomes that occur, most frequent first: outcome, count, probability, low, high (Wilson's 95 % interval of the draws)."""
    shares = sim.share_table(runs["outcome"].tolist())
    rows = [
        {"outcome": name, "probability": one["share"]} | {key: one[key] for key in ("count", "low", "high")} for name, one in shares.items()
    ]
    return pd.DataFrame(rows)[["outcome", "count", "probability", "low", "high"]]


def figure_bands(runs: pd.DataFrame, figures: Sequence[str]) -> dict[str, Floats]:
    """5 %, 50 % and 95 % of figures over the draws; NaN where no draw has one."""
    even = np.full(len(runs), 1.0 / len(runs))
    return {figure: weighted_quantiles(runs[figure].to_numpy(np.float64), even, (0.05, 0.5, 0.95)) for figure in figures}
