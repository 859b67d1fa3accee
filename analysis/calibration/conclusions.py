"""What the README says of a world, with its probability over an ensemble: which conclusions are robust, and what the others hang on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

import sim
from analysis.calibration.across import PLACE, figure_bands, jobs_across, run_across
from analysis.calibration.ensemble import Ensemble
from analysis.calibration.study import Standing, Tell, silent
from analysis.calibration.targets import Floats

ROBUST = 0.9
"""So probable an outcome, or its absence, is held to be robust."""
WANTED = "self_sustaining"


@dataclass(frozen=True)
class Change:
    """One world to ask about: what is changed, in words, the scenario, and overrides over it."""

    what: str
    scenario: str
    overrides: tuple[str, ...] = ()


CHANGES = (
    Change("nothing", "sora"),
    Change("steerability .85", "sora_steerable"),
    Change("no clip can leave", "sora_walled_garden"),
    Change("creators paid as outside", "sora_paying_creators"),
    Change("a subscription from day 0", "sora_makers_pay"),
    Change("attempts at a tenth", "sora_cheap_attempts"),
    Change("gate: interaction", "sora", ("gates.mended=[interaction]",)),
    Change("gate: ecosystem", "sora", ("gates.mended=[ecosystem]",)),
    Change("gate: cost", "sora", ("gates.mended=[cost]",)),
    Change("gates: interaction, ecosystem", "sora", ("gates.mended=[interaction, ecosystem]",)),
    Change("gates: interaction, cost", "sora", ("gates.mended=[interaction, cost]",)),
    Change("gates: ecosystem, cost", "sora", ("gates.mended=[ecosystem, cost]",)),
    Change("all three gates", "sora_three_gates"),
)
"""Each dial and gate of the Sora world alone and together."""


def conclude(
    ensemble: Ensemble,
    folder: Path,
    *,
    changes: Sequence[Change] = CHANGES,
    draws: int,
    agents: int | None = None,
    days: int | None = None,
    workers: int | None = None,
    tell: Tell = silent,
) -> Mapping[str, pd.DataFrame]:
    """The runs of each change over the same draws, a row a draw, kept in stores below `folder`."""
    places, found = ensemble.drawn(draws), {}
    with Standing(workers) as executor:
        for number, change in enumerate(changes):
            jobs = jobs_across(ensemble, change.scenario, places, overrides=change.overrides, days=days, agents=agents)
            found[change.what] = run_across(jobs, folder / f"{number:02d}", change.what, executor, tell=tell)
    return found


def conclusions(found: Mapping[str, pd.DataFrame], ensemble: Ensemble, identified: Mapping[str, str]) -> pd.DataFrame:
    """A row a change: what becomes of it, how probable it is that it sustains itself, and whether that is robust.

    Columns: change, draws, probability, low, high (Wilson's 95 %), outcomes, dau_low, dau, dau_high (daily users on the last day, 5, 50 and
    95 %), profit (median, USD), verdict, hangs_on (the parameters that tell best which draws sustain themselves, with whether the figures
    identify them; "" where it is robust).
    """
    rows = []
    for change, runs in found.items():
        shares = sim.share_table(runs["outcome"].tolist())
        one = shares.get(WANTED) or {"share": 0.0, **dict(zip(("low", "high"), _nobody(len(runs)), strict=True))}
        is_robust = one["share"] >= ROBUST or one["share"] <= 1.0 - ROBUST
        bands = figure_bands(runs, ("dau_end", "operating_profit_usd"))
        rows.append(
            {
                "change": change,
                "draws": len(runs),
                "probability": one["share"],
                "low": one["low"],
                "high": one["high"],
                "outcomes": ", ".join(f"{name} {share['share']:.0%}" for name, share in shares.items()),
                "dau_low": bands["dau_end"][0],
                "dau": bands["dau_end"][1],
                "dau_high": bands["dau_end"][2],
                "profit": bands["operating_profit_usd"][1],
                "verdict": ("never" if one["share"] < 0.5 else "always") if is_robust else "hangs on what is not known",
                "hangs_on": "" if is_robust else hangs_on(runs, ensemble, identified),
            }
        )
    return pd.DataFrame(rows)


def _nobody(draws: int) -> tuple[float, float]:
    """Wilson's interval of an outcome that no draw had."""
    z2 = 1.959964**2
    return 0.0, z2 / (draws + z2)


def hangs_on(runs: pd.DataFrame, ensemble: Ensemble, identified: Mapping[str, str], most: int = 3) -> str:
    """The parameters that tell best which draws have the wanted outcome: path, the chance that the larger value has it, and identified.

    The chance is the area under the curve: .5 tells nothing, 1 that every draw that has it has more of the parameter than every other.
    """
    has = (runs["outcome"] == WANTED).to_numpy()
    sets = ensemble.sets.iloc[runs[PLACE].to_numpy(np.int64)]
    areas = {}
    for path in identified:
        numbers = pd.to_numeric(sets[path], errors="coerce").to_numpy(np.float64, na_value=np.nan)
        if not np.isnan(numbers).any() and 0 < has.sum() < len(has):
            areas[path] = area_under_curve(numbers, has)
    best = sorted(areas, key=lambda path: -abs(areas[path] - 0.5))[:most]
    return ", ".join(f"{'more' if areas[path] > 0.5 else 'less'} {path} ({_said(identified[path])})" for path in best)


def _said(identified: str) -> str:
    return {"yes": "identified", "partly": "partly identified", "no": "not identified"}[identified]


def area_under_curve(numbers: Floats, has: NDArray[np.bool_]) -> float:
    """The chance that a random draw that has it has a larger number than one that has not; ties count half."""
    ranks = rankdata(numbers)
    count = int(has.sum())
    return float((ranks[has].sum() - count * (count + 1) / 2.0) / (count * (len(has) - count)))
