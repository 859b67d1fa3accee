"""The forecast test: fitted to the first days only, does the model know what came after, and better than two rules that know nothing?

    no change            every daily metric stays as it was in the last week that was known
    exponential decay    it halves every 20 days (10 to 42: the half-lives of hypes), from that level on

The rules start from the model's own last week, set by set, so that all three know the same level and differ in what they say follows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtri

import sim
from analysis.calibration.across import jobs_across
from analysis.calibration.ensemble import Ensemble, weighted_quantiles
from analysis.calibration.fitting import AGENTS, PLAN, fit
from analysis.calibration.sampler import Plan
from analysis.calibration.study import Standing, Tell, silent
from analysis.calibration.target_file import Targets
from analysis.calibration.targets import FIT, Floats, Target
from analysis.experiments import Progress, execute

UNTIL = 60
MODEL, NO_CHANGE, DECAY = "model", "no change", "exponential decay"
FORECASTS = (MODEL, NO_CHANGE, DECAY)
HALF_LIFE_DAYS = (10.0, 20.0, 42.0)
"""Least, likeliest and most (Threads, AI photo apps, Clubhouse, installs of the Sora app)."""

_WEEK = 7
_TOTALS = {"installs_total": "installs"}
"""Metrics that count up, and the daily one they add up."""
_ERRORS_DRAWN = 20


@dataclass(frozen=True)
class Forecast:
    """A forecast test.

    until: the last day known. scores: a row a target and forecast. days: a row a day of each metric, with the model's band.
    """

    ensemble: Ensemble
    until: int
    fitted: tuple[Target, ...]
    scores: pd.DataFrame
    days: pd.DataFrame


def split(targets: Targets, until: int) -> tuple[tuple[Target, ...], tuple[Target, ...]]:
    """The fitted targets of the base that the days up to `until` decide, and those with a value that lie beyond."""
    own = [target for target in targets.used(FIT) if target.world == ""]
    known = tuple(target for target in own if target.needs_days <= until + 1)
    ahead = tuple(
        target
        for target in own
        if target.observable.days is not None and target.needs_days > until + 1 and target.observable.days[1] > until
    )
    return known, ahead


def forecast(
    targets: Targets,
    folder: Path,
    *,
    until: int = UNTIL,
    plan: Plan = PLAN,
    agents: int = AGENTS,
    workers: int | None = None,
    tell: Tell = silent,
) -> Forecast:
    """Fit to the days up to `until`, live on, and score what was published after.

    Raises InputError where nothing is left to fit or to score.
    """
    known, ahead = split(targets, until)
    if not known or not ahead:
        missing = "fit" if not known else "score"
        raise sim.InputError(
            [sim.Problem(f"--until {until}", f"leaves no target to {missing}", "choose a day between the targets' windows")]
        )
    found = fit(targets, folder / "fit", plan=plan, agents=agents, workers=workers, fitted=known, days=until + 1, tell=tell)
    daily = _lived_on(found.ensemble, targets, ahead, folder / "ahead", workers, tell)
    half_lives = _half_lives(len(found.ensemble))
    rows = []
    for target in ahead:
        for name in FORECASTS:
            figures = np.array([_figure(target, one, name, until, half) for one, half in zip(daily, half_lives, strict=True)])
            rows.append(
                {"target": target.name, "label": target.label, "unit": target.unit, "forecast": name}
                | _scored(target, figures, found.ensemble)
            )
    return Forecast(found.ensemble, until, known, pd.DataFrame(rows), _bands(daily, found.ensemble.weights))


def _lived_on(
    ensemble: Ensemble, targets: Targets, ahead: Sequence[Target], folder: Path, workers: int | None, tell: Tell
) -> list[dict[str, Floats]]:
    """The daily metrics of the whole run of each set: nobody closes it."""
    overrides = [f"{path}=null" for path in targets.priors.settled]
    jobs = jobs_across(ensemble, ensemble.base, range(len(ensemble)), overrides=overrides, days=targets.worlds[""].days)
    needed = {metric for target in ahead for metric in target.observable.metrics}
    metrics = tuple(sorted(needed | {_TOTALS[metric] for metric in needed & _TOTALS.keys()} | {"dau"}))

    def progress(now: Progress) -> None:
        tell("ahead", now.done, now.total)

    with Standing(workers) as executor:
        store = execute(jobs, folder, name="ahead", series=metrics, executor=executor, progress=progress)
    split_by_run = {str(run): frame for run, frame in store.series().groupby("run", observed=True)}
    return [{metric: split_by_run[job.run][metric].to_numpy(np.float64) for metric in metrics} for job in jobs]


def _half_lives(count: int) -> Floats:
    """Evenly spread quantiles of a triangular distribution of the logarithm, in an order that has nothing to do with that of the sets."""
    low, mode, high = np.log(HALF_LIFE_DAYS)
    u = np.random.default_rng(count).permutation((np.arange(count) + 0.5) / count)
    rise = (mode - low) / (high - low)
    below = low + np.sqrt(u * (high - low) * (mode - low))
    above = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
    return np.asarray(np.exp(np.where(u < rise, below, above)))


def _figure(target: Target, daily: Mapping[str, Floats], name: str, until: int, half_life: float) -> float:
    """A figure of one set under a forecast."""
    days = (
        daily
        if name == MODEL
        else {metric: _extended(daily, metric, until, half_life if name == DECAY else None) for metric in target.observable.of}
    )
    return target.observable.of_run(days, {}, closed=False)


def _extended(daily: Mapping[str, Floats], metric: str, until: int, half_life: float | None) -> Floats:
    """A metric as it was up to a day, and from there on as a rule has it. half_life: None for no change."""
    if metric in _TOTALS:
        added = _extended(daily, _TOTALS[metric], until, half_life)[until + 1 :]
        return np.concatenate([daily[metric][: until + 1], daily[metric][until] + np.cumsum(added)])
    known = daily[metric][: until + 1]
    ahead = np.arange(1, len(daily[metric]) - until)
    fading = np.ones(len(ahead)) if half_life is None else 0.5 ** (ahead / half_life)
    return np.concatenate([known, known[-_WEEK:].mean() * fading])


def _scored(target: Target, figures: Floats, ensemble: Ensemble) -> dict[str, object]:
    """The band of a forecast and how good it is: the continuous ranked probability score of the logarithm; of a bound, the Brier score."""
    errors = ndtri((np.arange(_ERRORS_DRAWN) + 0.5) / _ERRORS_DRAWN)
    copies = target.error.replicated(np.repeat(figures, _ERRORS_DRAWN), target.value, np.tile(errors, len(figures)))
    weights = np.repeat(ensemble.weights / _ERRORS_DRAWN, _ERRORS_DRAWN)
    low, middle, high = weighted_quantiles(copies, weights, (0.05, 0.5, 0.95))
    row: dict[str, object] = {"value": target.value, "low": low, "median": middle, "high": high}
    if target.error.kind in ("below", "above", "between"):
        kept = float(ensemble.weights @ (target.residuals(figures) == 0.0))
        return row | {"inside": kept >= 0.05, "score": (1.0 - kept) ** 2, "scored_by": "Brier"}
    score = crps(np.log(np.maximum(copies, 1e-9)), weights, float(np.log(target.value)))
    return row | {"inside": bool(low <= target.value <= high), "score": score, "scored_by": "CRPS"}


def crps(values: Floats, weights: Floats, truth: float) -> float:
    """The continuous ranked probability score of a weighted sample: E|X - y| - E|X - X'|/2, in the units of the values; 0 is perfect."""
    order = np.argsort(values)
    x, w = values[order], weights[order]
    below = np.cumsum(w) - w
    spread = 2.0 * float(w @ (x * (2.0 * below + w - 1.0)))
    return float(w @ np.abs(x - truth)) - 0.5 * spread


def _bands(daily: Sequence[Mapping[str, Floats]], weights: Floats) -> pd.DataFrame:
    """The 5, 50 and 95 % of each metric on each day, long: metric, day, low, median, high."""
    rows = []
    for metric in daily[0]:
        table = np.stack([one[metric] for one in daily])
        for day in range(table.shape[1]):
            low, median, high = weighted_quantiles(table[:, day], weights, (0.05, 0.5, 0.95))
            rows.append({"metric": metric, "day": day, "low": low, "median": median, "high": high})
    return pd.DataFrame(rows)


def summary(scores: pd.DataFrame) -> pd.DataFrame:
    """A row a forecast: mean CRPS of the logarithms, how many public figures lie in its 90 % band, of how many."""
    valued = scores[scores["scored_by"] == "CRPS"]
    rows = [
        {
            "forecast": name,
            "score": float(mine["score"].mean()),
            "inside": int(scores.loc[scores["forecast"] == name, "inside"].sum()),
            "targets": int((scores["forecast"] == name).sum()),
        }
        for name in FORECASTS
        for mine in [valued[valued["forecast"] == name]]
    ]
    return pd.DataFrame(rows)
