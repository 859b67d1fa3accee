"""What each mechanism is worth: it is switched off, or has its rival form, and the same draws are lived again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import sim
from analysis.calibration.across import override_text
from analysis.calibration.conclusions import WANTED
from analysis.questions.intervals import FEWEST_RUNS, mean_interval
from analysis.questions.lives import Life, Lives, jobs_of
from analysis.questions.making import Told, making
from analysis.questions.tipping import NETWORK_OFF
from analysis.questions.verdicts import FEW, HIGHER, LOWER, SAME, UNCLEAR
from analysis.sensitivity.documents import answer_of, document_of, table
from analysis.sensitivity.outputs import CASH, FEW_USERS, SUSTAINED, USERS, log_users
from analysis.sensitivity.screening import SERIES
from analysis.wording import amount, short_name

Floats = NDArray[np.float64]
HOLDS = "flywheel sensitivity ablate"


@dataclass(frozen=True)
class Ablation:
    """One thing that is switched off or takes its rival form: what it sets."""

    name: str
    sets: Mapping[str, sim.Value]

    @property
    def texts(self) -> tuple[str, ...]:
        """It as overrides."""
        return tuple(override_text(path, value) for path, value in self.sets.items())


SWITCHED_OFF = (
    Ablation("network off", NETWORK_OFF),
    Ablation("learning off", {"learning.rate": 0.0}),
    Ablation("return off", {"adoption.return_factor": 0.0, "adoption.news_per_day": 0.0}),
    Ablation("novelty off", {"habit.novelty_making_usd": 0.0, "habit.novelty_watching_logit": 0.0}),
    Ablation("being seen is worth nothing", {"creators.status_usd": 0.0}),
    Ablation("cost does not learn", {"compute.wright_exponent": 0.0}),
)
"""Mechanisms without which the model is asked whether it still says the same."""

_RIVALS: Mapping[str, tuple[sim.Value, ...]] = {
    "watching.variety_exponent": (0.5, 1.0),
    "watching.popularity_exponent": (0.0, 0.5),
    "adoption.entry_reputation": (0.0, 0.5),
    "adoption.chart_per_day": (0.0, 0.002),
    "adoption.referral_per_outside_view": (0.0, 1e-5),
    "making.uncertainty_usd": (-0.1, 0.0, 0.1),
    "making.capability_to_miss": (0.0, 0.3),
}
"""Numbers that stand for rival forms, with the values of these forms: off, and as far on as the sources of the parameters speak of."""


def variants() -> tuple[Ablation, ...]:
    """Each form that a rule, a flag or a number that stands for a form can take, whatever the world has now."""
    forms: dict[str, Sequence[sim.Value]] = {}
    for path, one in sim.PARAMETERS.items():
        if one.kind in ("choice", "flag"):
            forms[path] = one.choices or (False, True)
    forms |= _RIVALS
    return tuple(Ablation(f"{short_name(path)} {_shown(one)}", {path: one}) for path in forms for one in forms[path])


def _shown(value: sim.Value) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).lower()


_UNITS = {
    "ablation": "name",
    "sets": "overrides",
    "output": "name",
    "unit": "name",
    "pairs": "draws",
    "plain": "of its unit",
    "ablated": "of its unit",
    "difference": "of its unit; users: log10 of the ratio",
    "low": "as difference",
    "high": "as difference",
    "verdict": "name",
}
_NOTES = (
    "each ablation is lived by the draws of the plain world: the same people, the same luck; intervals: 95 %, of the mean over draws",
    "each interval is for itself: of forty effects that are none, two may miss zero by chance",
    "means of users are geometric and their difference is a ratio, both of users + 10,000: fewer are as good as none",
)


@dataclass(frozen=True)
class Ablations:
    """Each ablation beside the plain world.

    name: of the scenario. draws: pairs. notes: what the reader should know. effects: a row an ablation and output: ablation, sets (its
    overrides), output, unit, pairs, plain, ablated (means), difference, low, high (95 %), verdict (HIGHER, LOWER, SAME, UNCLEAR, FEW).
    """

    name: str
    draws: int
    notes: tuple[str, ...]
    effects: pd.DataFrame

    @property
    def finding(self) -> str:
        """What moves P(self-sustaining), beyond luck, and what does not."""
        rows = self.effects[self.effects["output"] == SUSTAINED]
        if rows.empty:
            return f"{self.name}: nothing could be ablated"
        plain = f"{self.name} sustains itself in {amount(float(rows['plain'].iloc[0]), 'share')} of {self.draws} draws"
        moved = rows[rows["verdict"].isin((HIGHER, LOWER))].sort_values("difference", key=lambda one: -one.abs(), kind="stable")
        if moved.empty:
            return f"{plain}; no ablation of {len(rows)} changes that beyond luck"
        told = ", ".join(f"with {row['ablation']} in {amount(row['ablated'], 'share')}" for row in moved.to_dict("records"))
        return f"{plain}, {told}; the other {len(rows) - len(moved)} ablations do not change that beyond luck"

    def document(self) -> dict[str, Any]:
        """All of it, fit for JSON."""
        return document_of(self, HOLDS, finding=self.finding)


def of_document(document: dict[str, Any]) -> Ablations:
    """The answer that a document was made of. Raises ValueError for another document."""
    return answer_of(Ablations, document, HOLDS)


def ablate(
    lives: Lives,
    *,
    ablations: Iterable[Ablation] | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    told: Told | None = None,
) -> Ablations:
    """Live a world as it is and under each ablation (those of this module unless given), draw by draw.

    lives: the draws, see `analysis.questions.lives`. workers: processes; None: one a core. out: a store that keeps the runs. told: how far
    they are. An ablation that changes nothing in any draw is left out, and a note says so. Raises InputError.
    """
    plain = lives.under()
    worlds = [(one, lives.under(one.texts)) for one in ((*SWITCHED_OFF, *variants()) if ablations is None else ablations)]
    same = [one.name for one, lived in worlds if not _differs(plain, lived)]
    worlds = [(one, lived) for one, lived in worlds if one.name not in same]
    jobs = [
        job
        for point, (name, lived) in enumerate([("", plain), *((one.name, lived) for one, lived in worlds)])
        for job in jobs_of(lived, point, {"ablation": name})
    ]
    with making(out, SERIES, workers, told) as maker:
        runs = maker.make(jobs)
    rows = [runs.iloc[start : start + len(lives)] for start in range(0, len(jobs), len(lives))]
    effects = [row for (one, _), found in zip(worlds, rows[1:], strict=True) for row in effect_rows(one, rows[0], found)]
    notes = (*_as_it_is(same), *_undone([one for one, _ in worlds], plain[0].scenario), *_NOTES)
    return Ablations(plain[0].scenario.name, len(lives), notes, table(effects, _UNITS))


def _differs(plain: Sequence[Life], lived: Sequence[Life]) -> bool:
    return any(one.scenario.digest() != other.scenario.digest() for one, other in zip(plain, lived, strict=True))


def _as_it_is(same: Sequence[str]) -> tuple[str, ...]:
    return (f"so in the plain world already: {', '.join(same)}",) if same else ()


def _undone(worlds: Iterable[Ablation], scenario: sim.Scenario) -> tuple[str, ...]:
    """What interventions of the scenario set again that an ablation had set."""
    return tuple(
        f"'{one.name}' holds until '{change.name}' sets {path} again"
        for one in worlds
        for change in scenario.interventions
        for path in change.changes
        if path in one.sets
    )


def effect_rows(ablation: Ablation, plain: pd.DataFrame, ablated: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of one ablation, from the runs of the same draws without and with it."""
    lived = [{SUSTAINED: _sustained(runs), USERS: log_users(runs), CASH: _profit(runs)} for runs in (plain, ablated)]
    rows = []
    for output, unit in ((SUSTAINED, "share"), (USERS, "people"), (CASH, "USD")):
        before, after = (one[output] for one in lived)
        apart = after - before
        low, high = share_interval(apart) if output == SUSTAINED else mean_interval(apart) or (np.nan, np.nan)
        means = [float(FEW_USERS * (10.0 ** one.mean() - 1.0)) if output == USERS else float(one.mean()) for one in (before, after)]
        rows.append(
            {
                "ablation": ablation.name,
                "sets": " ".join(ablation.texts),
                "output": output,
                "unit": unit,
                "pairs": apart.size,
                "plain": means[0],
                "ablated": means[1],
                "difference": float(apart.mean()),
                "low": low,
                "high": high,
                "verdict": _verdict(apart, low, high),
            }
        )
    return rows


def _sustained(runs: pd.DataFrame) -> Floats:
    return np.asarray(runs["outcome"] == WANTED, dtype=np.float64)


def _profit(runs: pd.DataFrame) -> Floats:
    return runs["operating_profit_usd"].to_numpy(np.float64)


def share_interval(apart: Floats) -> tuple[float, float]:
    """The 95 % interval of a difference of paired shares, from what each pair differs by (-1, 0, 1): adjusted Wald.

    Half a pair is added to each of the four kinds (Agresti and Min 2005, *Statistics in Medicine* 24:729), so that pairs that are all alike
    do not make it certain.
    """
    pairs = apart.size + 2.0
    middle, changed = apart.sum() / pairs, (np.abs(apart).sum() + 1.0) / pairs
    half = 1.959964 * float(np.sqrt((changed - middle**2) / pairs))
    return max(-1.0, middle - half), min(1.0, middle + half)


def _verdict(apart: Floats, low: float, high: float) -> str:
    if apart.size < FEWEST_RUNS:
        return FEW
    if not apart.any():
        return SAME
    return HIGHER if low > 0.0 else LOWER if high < 0.0 else UNCLEAR
