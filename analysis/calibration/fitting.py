"""A fit: from a target file to an ensemble."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import chi2

import sim
from analysis.calibration.ensemble import Ensemble
from analysis.calibration.sampler import Plan, Posterior, sample
from analysis.calibration.study import Standing, Study, Tell, silent
from analysis.calibration.target_file import Targets, World
from analysis.calibration.targets import FIT, Error, Floats, Observable, Target, scale_of

AGENTS = 2500
PLAN = Plan()
SURPRISE = 1e-6
"""A least misfit that the errors of the targets would give so seldom, had the world been among the sets, says that it is not."""

_SETTLED = "settled: "


@dataclass(frozen=True)
class Fit:
    """What a fit found. prior: the parameters of the sets searched first, whose figures are `observed_prior`; a row a set."""

    ensemble: Ensemble
    posterior: Posterior
    prior: pd.DataFrame
    observed_prior: pd.DataFrame


def fit(
    targets: Targets,
    folder: Path,
    *,
    plan: Plan = PLAN,
    agents: int = AGENTS,
    workers: int | None = None,
    fitted: Sequence[Target] | None = None,
    days: int | None = None,
    command: str = "",
    tell: Tell = silent,
) -> Fit:
    """Sample the posterior of a target file. Runs are kept in `folder`: the same call goes on where it was stopped.

    fitted: the targets to fit, instead of those that say so; days: of a run of the base, instead of the file's.
    Raises InputError when no set meets the targets.
    """
    used = targets.used(FIT) if fitted is None else tuple(fitted)
    own_days = days or targets.worlds[""].days
    worlds = {**targets.worlds, "": World(targets.priors.base, own_days)}
    settled = _settled(targets, own_days)
    shown = tuple(target for target in targets.targets if target in used or (fitted is None and target.world == ""))
    with Standing(workers) as executor:
        study = Study(targets.priors, worlds, (*shown, *settled), folder / "runs", agents, executor, tell)
        posterior = follow(study, plan, used)
    observed = pd.concat(study.observed, ignore_index=True)
    _check_not_empty(posterior, used, observed)
    return _finished(targets, study, posterior, observed, plan, agents, command)


def follow(study: Study, plan: Plan, fitted: Sequence[Target]) -> Posterior:
    """Answer a sampler until it is done."""
    scale = scale_of(fitted)
    sampler = sample(study.priors.levels, scale, plan)
    asked = next(sampler)
    while True:
        try:
            asked = sampler.send(scale.coordinates(study.observe(asked.z, asked.seeds)))
        except StopIteration as end:
            result: Posterior = end.value
            return result


def _settled(targets: Targets, days: int) -> tuple[Target, ...]:
    """The figures that settle parameters, as targets that nothing is held against."""
    found = []
    for path, one in targets.priors.settled.items():
        if one.day < days:
            observable = Observable("last", (one.metric,), (one.day, one.day))
            found.append(Target(_SETTLED + path, path, "", observable, 1.0, Error("log_sd", 1.0), "", "check", one.source, "low"))
    return tuple(found)


def _check_not_empty(posterior: Posterior, fitted: Sequence[Target], observed: pd.DataFrame) -> None:
    """Raises InputError where even the nearest set is farther away than chance would have it."""
    nearest = int(np.argmin(posterior.misfits))
    bound = float(chi2.isf(SURPRISE, len(fitted)))
    if posterior.misfits[nearest] <= bound:
        return
    run = observed.iloc[[posterior.numbers[nearest]]]
    missed = {target.name: float(target.residuals(run[target.name].to_numpy())[0]) for target in fitted}
    worst = sorted(missed, key=lambda name: -abs(missed[name]))[:3]
    message = (
        f"no set of parameters meets the targets: the nearest of {posterior.runs:,} misses by Σz² = {posterior.misfits[nearest]:.0f}, "
        f"and beyond {bound:.0f} the errors of {len(fitted)} targets do not explain it"
    )
    said = ", ".join(f"{name} by {missed[name]:+.1f}" for name in worst)
    hint = f"it misses most {said} standard deviations: widen the priors, or ask whether these targets can be true together"
    raise sim.InputError([sim.Problem("posterior", message, hint)])


def _finished(targets: Targets, study: Study, posterior: Posterior, observed: pd.DataFrame, plan: Plan, agents: int, command: str) -> Fit:
    chosen = observed.iloc[list(posterior.numbers)].reset_index(drop=True)
    sets = _parameters(study, posterior.z)
    settled = []
    for name in [str(column) for column in observed.columns if str(column).startswith(_SETTLED)]:
        path = name.removeprefix(_SETTLED)
        sets[path] = [float(f"{value:.4g}") for value in chosen[name]]
        settled.append(path)
    first = len(study.observed[0])
    ensemble = Ensemble(
        name=targets.name,
        base=targets.priors.base,
        targets=targets.name,
        command=command,
        seed=plan.seed,
        agents=agents,
        runs=posterior.runs,
        model_digest=sim.model_digest(),
        sets=sets,
        settled=tuple(settled),
        seeds=tuple(study.seeds[run] for run in posterior.numbers),
        weights=posterior.weights,
        observed=chosen[[target.name for target in study.targets if not target.name.startswith(_SETTLED)]],
    )
    return Fit(ensemble, posterior, _parameters(study, study.points[0]), observed.iloc[:first])


def _parameters(study: Study, z: Floats) -> pd.DataFrame:
    """The parameters of sets, a row a set."""
    return pd.DataFrame([study.priors.values(point) for point in z], columns=list(study.priors.paths))
