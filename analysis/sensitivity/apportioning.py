"""Which share of what differs between runs each unknown has a part in: Sobol' indices of the three outputs, luck among the factors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import sim
from analysis.experiments import independent_seed
from analysis.questions.asking import World
from analysis.questions.making import Maker, Told, making
from analysis.sensitivity.documents import answer_of, document_of, table
from analysis.sensitivity.outputs import OUTPUTS, SUSTAINED, outputs_of, that_vary
from analysis.sensitivity.prior_world import PRIORS, PriorWorld, priors_named
from analysis.sensitivity.resampling import rank_ranges
from analysis.sensitivity.screening import SERIES, TRAJECTORIES, screened
from analysis.sensitivity.sobol import Indices, design, indices_of
from analysis.sensitivity.wording import LUCK, OTHERS, beyond_luck_words
from analysis.wording import amount, band

HOLDS = "flywheel sensitivity indices"
POINTS, TOP = 512, 10

_UNITS = {
    "output": "name",
    "factor": "name",
    "first": "share",
    "first_low": "share",
    "first_high": "share",
    "total": "share",
    "total_low": "share",
    "total_high": "share",
    "rank": "1",
    "best_rank": "1",
    "worst_rank": "1",
    "beyond_luck": "flag",
}
_NOTES = (
    f"'{LUCK}' is a dummy that changes nothing but the seed: its total index is the share of the variance that is mere luck, its "
    "first-order index is 0 but for noise",
    f"'{OTHERS}' is one group: the unknowns that were not singled out, which vary in every run too",
    "total indices overlap where unknowns act together, so they may add up to more than 100 %; intervals: 95 %, by resampling points",
    "ranks from–to: unknowns whose intervals of the total index overlap cannot be told apart",
)


@dataclass(frozen=True)
class Apportioning:
    """Sobol' indices of the unknowns of a world.

    name: of the scenario. priors: of which file. points: of each sample; runs: in all. notes: what the reader should know.
    indices: a row an output and factor (LUCK and OTHERS among them), the largest total first: output, factor, first, total, each with low
    and high (95 %), rank, best_rank, worst_rank (by total, among the single unknowns), beyond_luck (whether the interval of the total lies
    above that of LUCK). outputs: a row an output: output, mean, variance, additive (sum of the first-order
    indices) with low and high, luck (share).
    """

    name: str
    priors: str
    points: int
    runs: int
    notes: tuple[str, ...]
    indices: pd.DataFrame
    outputs: pd.DataFrame

    @property
    def finding(self) -> str:
        """Which unknowns stand out of luck, output by output, and how much acts alone."""
        told = []
        for row in self.outputs.to_dict("records"):
            interval = band(row["additive_low"], row["additive_high"], "share")
            told.append(f"{OUTPUTS[str(row['output'])].label} {amount(row['additive'], 'share')} ({interval})")
        return f"{beyond_luck_words(self.name, self.indices, 'total')}. Taken one by one, all factors together explain: {', '.join(told)}"

    def document(self) -> dict[str, Any]:
        """All of it, fit for JSON."""
        return document_of(self, HOLDS, finding=self.finding)


def of_document(document: dict[str, Any]) -> Apportioning:
    """The answer that a document was made of. Raises ValueError for another document."""
    return answer_of(Apportioning, document, HOLDS)


def indices(
    scenario: str | Path,
    *,
    only: Sequence[str] = (),
    top: int = TOP,
    points: int = POINTS,
    trajectories: int = TRAJECTORIES,
    priors: str | Path = PRIORS,
    seed: int = 1,
    overrides: Sequence[str] = (),
    days: int | None = None,
    agents: int | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    told: Told | None = None,
) -> Apportioning:
    """Sobol' indices of P(self_sustaining), final users and cumulated cash: points × (unknowns singled out + 4) runs.

    only: the unknowns to single out; none: the `top` that a screening of so many trajectories finds, in the same store. points: a power of
    two; twice as many take the runs of the first half along. Otherwise as `screen`. Raises InputError, also where no output varies.
    """
    world = PriorWorld(World(scenario, tuple(overrides), days, agents), priors_named(priors))
    _check(only, points, world)
    with making(out, SERIES, workers, told) as maker:
        chosen = tuple(dict.fromkeys(only)) or screened(world, str(priors), trajectories, seed, maker).leading(top)
        return apportioned(world, str(priors), chosen, points, seed, maker)


def _check(only: Sequence[str], points: int, world: PriorWorld) -> None:
    problems = []
    for path in dict.fromkeys(only):
        if path in world.left:
            problems.append(sim.Problem(f"--only {path}", f"is not unknown here: '{world.name}', or an override, says what it is"))
        elif path not in world.paths:
            problems.append(sim.Problem(f"--only {path}", "is not among the priors", sim.did_you_mean(path, world.paths)))
    if points < 2 or points & (points - 1):
        below = max(2, 1 << (points.bit_length() - 1))
        message = "is no power of two, and a Sobol' sequence is even only at those"
        problems.append(sim.Problem(f"--points {points}", message, f"give {below} or {2 * below}"))
    if problems:
        raise sim.InputError(problems)


def apportioned(world: PriorWorld, priors: str, chosen: Sequence[str], points: int, seed: int, maker: Maker) -> Apportioning:
    """The same with runs from `maker` and the unknowns to single out.

    Luck is a factor of its own: A and what is mixed out of it share the seed of their row, B has another, and the last block is A with a
    third one. So what luck does is the total index of that block, and its first-order index is 0.
    """
    paths = world.paths
    others = [place for place, path in enumerate(paths) if path not in chosen]
    groups = [[paths.index(path)] for path in chosen] + ([others] if others else []) + [[]]
    factors = (*chosen, *((OTHERS,) if others else ()), LUCK)
    a, b, mixed = design(points, len(paths), groups, seed)
    kept, fresh, again = ([independent_seed(row, 3 * seed + luck) for row in range(points)] for luck in range(3))
    seeds = [*kept, *fresh, *(kept * (len(groups) - 1)), *again]
    outputs = outputs_of(maker.make(world.jobs(np.concatenate([a, b, *mixed]), seeds)))
    names, still = that_vary(outputs, world.name)
    rows, told = [], []
    for name in names:
        blocks = outputs[name].to_numpy().reshape(-1, points)
        found = indices_of(blocks[0], blocks[1], blocks[2:].T)
        rows += index_rows(name, factors, found)
        additive = dict(zip(("additive", "additive_low", "additive_high"), found.additive, strict=True))
        told.append({"output": name, "mean": blocks[:2].mean(), "variance": found.variance, **additive, "luck": found.total[-1]})
    units = {"output": "name", "mean": "of the output's scale", "variance": "its square"}
    units |= dict.fromkeys(("additive", "additive_low", "additive_high", "luck"), "share")
    notes = (*still, *world.notes, *_NOTES, *_of_probability(told), *(f"{OUTPUTS[name].label}: {OUTPUTS[name].scale}" for name in names))
    return Apportioning(world.name, priors, points, len(seeds), notes, table(rows, _UNITS), table(told, units))


def _of_probability(told: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    """How indices of a verdict become those of its probability, of which luck is no part."""
    for row in told:
        if row["output"] == SUSTAINED and row["luck"] < 1.0:
            return (
                f"first-order indices of P(self-sustaining), which knows no luck, are those of the verdict × {1 / (1 - row['luck']):.2f}",
            )
    return ()


def index_rows(output: str, factors: Sequence[str], found: Indices) -> list[dict[str, Any]]:
    """The rows of one output. factors: the last is LUCK."""
    single = [place for place, factor in enumerate(factors) if factor not in (LUCK, OTHERS)]
    best, worst = rank_ranges(found.total_low[single], found.total_high[single])
    order = np.argsort(-found.total, kind="stable").tolist()
    rank_of = {factor: rank for rank, factor in enumerate((one for one in order if one in single), start=1)}
    return [
        {
            "output": output,
            "factor": factors[one],
            **{name: float(getattr(found, name)[one]) for name in list(_UNITS)[2:8]},
            "rank": rank_of.get(one, 0),
            "best_rank": int(best[single.index(one)]) if one in rank_of else 0,
            "worst_rank": int(worst[single.index(one)]) if one in rank_of else 0,
            "beyond_luck": bool(found.total_low[one] > found.total_high[-1]),
        }
        for one in order
    ]
