"""The recovery test: worlds are drawn from the priors, figures taken from them with the errors of the public ones, and those fitted.

If the sampler is right, a parameter lies in its stated 90 % interval in 90 of 100 worlds, whatever the figures tell of it. All worlds are
fitted side by side, a step at a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import ndtr

import sim
from analysis.calibration.ensemble import weighted_quantiles
from analysis.calibration.prior_file import Priors
from analysis.calibration.sampler import Asked, Plan, Posterior, sample
from analysis.calibration.study import Standing, Study, Tell, silent
from analysis.calibration.target_file import Targets, World
from analysis.calibration.targets import FIT, Floats, Scale, Target, scale_of

WORLDS, AGENTS = 20, 1000
PLAN = Plan(search=256, rounds=3, sets=96, last=256)
_VALUED = ("range", "log_sd")
_CANDIDATES = 4
"""Worlds drawn for one that is used: nothing can be told of one in which nobody comes."""
INFORMED = 0.8
"""A mean 90 % interval narrower than this share of the prior's says that the figures identify a parameter, at least in part."""


@dataclass(frozen=True)
class Synthetic:
    """A world whose truth is known: its point of the priors' normal space, and the targets that were taken from it."""

    z: Floats
    targets: tuple[Target, ...]


def recover(
    targets: Targets,
    folder: Path,
    *,
    worlds: int = WORLDS,
    only: Sequence[str] = (),
    days: int | None = None,
    agents: int = AGENTS,
    plan: Plan = PLAN,
    workers: int | None = None,
    tell: Tell = silent,
) -> pd.DataFrame:
    """A row a world and parameter: world, parameter, truth, low, high (prior quantiles), width (of .9) and inside.

    only: the parameters that are unknown, the others as in the base scenario; none named: all. days: of a run, None for the file's.
    """
    priors = _restricted(targets.priors, only)
    length = days or targets.worlds[""].days
    usable = tuple(
        target
        for target in targets.used(FIT)
        if target.world == ""
        and target.error.kind in _VALUED
        and target.needs_days <= max(length, 44)
        and (target.observable.days is None or target.observable.days[1] < length)
    )
    with Standing(workers) as executor:
        study = Study(priors, {"": World(priors.base, length)}, usable, folder, agents, executor, tell)
        truths = _worlds(study, usable, worlds, plan.seed)
        found = _side_by_side(study, truths, plan)
    rows = []
    for number, (truth, posterior) in enumerate(zip(truths, found, strict=True)):
        for place, path in enumerate(priors.paths):
            low, high = ndtr(weighted_quantiles(posterior.z[:, place], posterior.weights, (0.05, 0.95)))
            u = float(ndtr(truth.z[place]))
            row = {"world": number, "parameter": path, "truth": u, "low": float(low), "high": float(high)}
            rows.append(row | {"width": float(high - low) / 0.9, "inside": bool(low <= u <= high)})
    return pd.DataFrame(rows)


def _restricted(priors: Priors, only: Sequence[str]) -> Priors:
    if unknown := [path for path in only if path not in priors.paths]:
        hint = sim.did_you_mean(unknown[0], priors.paths) or f"it has {', '.join(priors.paths)}"
        raise sim.InputError([sim.Problem(f"--only {unknown[0]}", "is not in the priors", hint)])
    return replace(priors, variables=tuple(one for one in priors.variables if not only or one.path in only))


def _worlds(study: Study, usable: Sequence[Target], worlds: int, seed: int) -> list[Synthetic]:
    """Worlds with their targets: the figures of a run, each with an error drawn as its public one has it."""
    generator = np.random.default_rng([seed, 1])
    z = generator.standard_normal((_CANDIDATES * worlds, len(study.priors.variables)))
    seeds = [int(one) for one in generator.integers(0, 2**32, len(z))]
    figures = study.observe(z, seeds)
    errors = generator.standard_normal((len(z), len(usable)))
    alive = np.flatnonzero((figures.to_numpy() > 0.0).all(axis=1))[:worlds]
    if len(alive) < worlds:
        hint = "take more rows, or fewer worlds"
        raise sim.InputError([sim.Problem("--worlds", f"only {len(alive)} of {len(z)} worlds drawn have all figures above 0", hint)])
    found = []
    for place in alive:
        values = [
            target.error.replicated(figures[target.name].to_numpy()[[place]], 1.0, errors[place, [i]])[0] for i, target in enumerate(usable)
        ]
        own = (replace(target, value=float(value)) for target, value in zip(usable, values, strict=True))
        found.append(Synthetic(z[place], tuple(own)))
    return found


def _side_by_side(study: Study, truths: Sequence[Synthetic], plan: Plan) -> list[Posterior]:
    """Answer the samplers of all worlds, a step of all at a time."""
    scales = [scale_of(truth.targets) for truth in truths]
    samplers = [sample(study.priors.levels, scale, replace(plan, seed=plan.seed + 1 + number)) for number, scale in enumerate(scales)]
    asked: dict[int, Asked] = {number: next(sampler) for number, sampler in enumerate(samplers)}
    found: dict[int, Posterior] = {}
    while asked:
        told = _answered(study, scales, asked)
        for number, figures in told.items():
            try:
                asked[number] = samplers[number].send(figures)
            except StopIteration as end:
                found[number] = end.value
                del asked[number]
    return [found[number] for number in range(len(truths))]


def _answered(study: Study, scales: Sequence[Scale], asked: Mapping[int, Asked]) -> dict[int, Floats]:
    """The figures of all that is asked, by the world that asks."""
    z = np.concatenate([one.z for one in asked.values()])
    seeds = [seed for one in asked.values() for seed in one.seeds]
    figures = study.observe(z, seeds)
    ends = np.cumsum([len(one.z) for one in asked.values()])
    return {
        number: scales[number].coordinates(figures.iloc[end - len(one.z) : end])
        for (number, one), end in zip(asked.items(), ends, strict=True)
    }


def coverage(recovered: pd.DataFrame) -> pd.DataFrame:
    """A row a parameter: worlds, inside (share of worlds), width (mean, shares of the prior's), identified; the narrowest first."""
    table = recovered.groupby("parameter", sort=False).agg(worlds=("world", "size"), inside=("inside", "mean"), width=("width", "mean"))
    table["identified"] = table["width"] < INFORMED
    return table.sort_values("width").reset_index()
