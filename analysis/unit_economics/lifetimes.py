"""What a retention curve says of the future: one churn for all, people who differ (sBG), people who differ and change (BdW)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.estimators.retention import fit_retention, survival
from analysis.unit_economics.retention_triangle import Numbers, known_by, survival_curve

NAIVE, SBG, BDW = "naive", "sBG", "BdW"
MODELS = (NAIVE, SBG, BDW)

FEWEST_WEEKS = 4
"""Points of a curve below which nothing is fitted to it: three parameters need more than three numbers."""
YEAR = 365.0


@dataclass(frozen=True, slots=True)
class Law:
    """A fitted curve of survival by weeks. Constant churn has alpha = churn and no beta; sBG has exponent 1."""

    model: str
    alpha: float
    beta: float = float("nan")
    exponent: float = 1.0

    def left(self, weeks: Numbers) -> Numbers:
        """Share left after so many weeks, whole or not."""
        if self.model == NAIVE:
            return np.asarray((1.0 - self.alpha) ** weeks)
        return survival(self.alpha, self.beta, weeks, self.exponent)


def fit_laws(curve: Numbers, models: Sequence[str] = MODELS) -> dict[str, Law]:
    """The laws fitted to S(0) = 1, S(1), ...; none for a curve that is too short or does not fall.

    Constant churn, as it is naively pooled: all who left over all weeks that anybody was there for.
    """
    if curve.size < FEWEST_WEEKS or curve[-1] >= curve[0]:
        return {}
    laws = {NAIVE: Law(NAIVE, float((curve[0] - curve[-1]) / curve[:-1].sum()))}
    for model in models:
        if model != NAIVE:
            found = fit_retention(curve, 1.0 if model == SBG else None)
            laws[model] = Law(model, found.alpha, found.beta, found.exponent)
    return laws


def remaining_weeks(law: Law, known: float, start: float, weeks: int, discount_per_year: float) -> float:
    """Discounted weeks to come of one who was there at age `known`: from age `start` on, the first of so many undiscounted.

    known, start: weeks. With start = known + 1 and no end it is the discounted expected residual lifetime of Fader & Hardie (2010).
    """
    ahead = np.arange(weeks, dtype=np.float64)
    there = law.left(np.array([known]))[0]
    if there <= 0.0:
        return 0.0
    discount = (1.0 + discount_per_year) ** (-7.0 * ahead / YEAR)
    return float((law.left(start + ahead) / there * discount).sum())


def forecast(active: Numbers, split_day: int) -> dict[str, tuple[float, float]]:
    """By model the active days foretold and those that came, from day `split_day` on, of the cohorts known by then.

    The laws are fitted to what was known on that day; each cohort goes on from its last known week. Empty where nothing can be fitted, or
    nothing came after.
    """
    known = known_by(active, split_day)
    laws = fit_laws(survival_curve(known))
    ages = np.arange(active.shape[1], dtype=np.float64)
    found = {}
    for model, law in laws.items():
        foretold = came = 0.0
        left = law.left(ages)
        for cohort in range(active.shape[0]):
            seen = np.flatnonzero(~np.isnan(known[cohort]))
            later = np.flatnonzero(~np.isnan(active[cohort]) & np.isnan(known[cohort]))
            if seen.size and later.size:
                foretold += float(known[cohort, seen[-1]] * left[later].sum() / left[seen[-1]])
                came += float(active[cohort, later].sum())
        if came > 0.0:
            found[model] = (foretold, came)
    return found
