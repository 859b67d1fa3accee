"""Where a product sustains itself, in words: a few conditions on its dials, its money and what is unknown of its world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import sim
from analysis.calibration.conclusions import WANTED
from analysis.experiments import independent_seed
from analysis.experiments.designs import Design
from analysis.experiments.variables import Variable
from analysis.questions.asking import World
from analysis.questions.making import Maker, Told, making
from analysis.sensitivity.documents import answer_of, document_of, table
from analysis.sensitivity.prim import DOUBT, Box, Points, Score, Side, discover, inside, quasi_p, score
from analysis.sensitivity.prior_world import PRIORS, WIDER, PriorWorld, priors_named
from analysis.sensitivity.screening import SERIES
from analysis.wording import amount, number, short_name

HOLDS = "flywheel sensitivity region"
POINTS, FEWEST_CASES = 2048, 20
FOUND, HELD_OUT = "found on", "held out"

_CONDITIONS = {
    "parameter": "name",
    "unit": "name",
    "low": "of its unit",
    "high": "of its unit",
    "words": "text",
    "share_of_prior": "share",
    "quasi_p": "probability",
    "quasi_p_held_out": "probability",
    "density_without": "share",
}
_SCORES = {"half": "name", "points": "runs", "cases": "runs", "points_inside": "runs", "cases_inside": "runs"} | dict.fromkeys(
    ("coverage", "coverage_low", "coverage_high", "density", "density_low", "density_high"), "share"
)
_TRAJECTORY = {"step": "1", "conditions": "1", "mass": "share", "coverage": "share", "density": "share"} | dict.fromkeys(
    ("coverage_held_out", "density_held_out"), "share"
)
_NOTES = (
    "coverage: the share of all self-sustaining worlds that lie in the region; density: the share of worlds in it that sustain themselves",
    "the region was found on one half of the runs: believe what it says of the other; intervals there: 95 % (Wilson)",
    "a quasi-p-value is the chance of so many cases if the condition told nothing; on the half it was found on it flatters",
)


@dataclass(frozen=True)
class Region:
    """A region in which most of the self-sustaining worlds lie.

    name: of the scenario. priors, wider: of which files. dimensions: how many numbers were varied. notes: what the reader
    should know. conditions: a row a condition, the one that matters most first (low, high: NaN where it has no such end or is a choice;
    share_of_prior that it leaves; quasi-p-values; density_without it, in the held-out half). scores: a row a half. trajectory: a row a step
    of the peeling. sample: a row a run: half, case, inside, and the parameters of the conditions.
    """

    name: str
    priors: str
    wider: str
    dimensions: int
    notes: tuple[str, ...]
    conditions: pd.DataFrame
    scores: pd.DataFrame
    trajectory: pd.DataFrame
    sample: pd.DataFrame

    @property
    def words(self) -> str:
        """The region: steerability above 0.52, first unit cost under 0.12 USD/attempt and …"""
        told = self.conditions["words"].tolist()
        return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"

    @property
    def finding(self) -> str:
        """Where the product sustains itself, and how far that holds on the runs it was not found on."""
        rows = {row["half"]: row for row in self.scores.to_dict("records")}
        held, worlds = rows[HELD_OUT], self.sample
        share = amount(worlds["case"].mean(), "share")
        start = f"{self.name}, its dials, prices and unknowns varied, sustains itself in {share} of {len(worlds):,} worlds"
        if self.conditions.empty:
            return f"{start}: no condition tells where"
        density, coverage = (
            f"{amount(held[what], 'share')} ({amount(held[f'{what}_low'], 'share')} to {amount(held[f'{what}_high'], 'share')})"
            for what in ("density", "coverage")
        )
        doubt = "" if self.holds_up else "; the held-out half does not bear out every condition"
        return f"{start}, but in {density} of those with {self.words}. That region holds {coverage} of all that do{doubt}"

    @property
    def holds_up(self) -> bool:
        """Whether each condition is borne out by the half on which the region was not found."""
        return bool((self.conditions["quasi_p_held_out"] <= DOUBT).all())

    def document(self) -> dict[str, Any]:
        """All of it, fit for JSON."""
        return document_of(self, HOLDS, finding=self.finding)


def of_document(document: dict[str, Any]) -> Region:
    """The answer that a document was made of. Raises ValueError for another document."""
    return answer_of(Region, document, HOLDS)


def region(
    scenario: str | Path,
    *,
    wider: str | Path = WIDER,
    priors: str | Path = PRIORS,
    points: int = POINTS,
    seed: int = 1,
    overrides: Sequence[str] = (),
    days: int | None = None,
    agents: int | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    told: Told | None = None,
) -> Region:
    """Find where a product sustains itself, over so many runs of a Sobol' sample, each with its own luck.

    wider: a file like that of the priors, for what may be chosen; what it names is varied whatever the scenario says. Otherwise as
    `screen`. Raises InputError, also where too few worlds sustain themselves, or all do.
    """
    world = PriorWorld(World(scenario, tuple(overrides), days, agents), priors_named(priors), priors_named(wider))
    with making(out, SERIES, workers, told) as maker:
        return discovered(world, str(priors), str(wider), points, seed, maker)


def discovered(world: PriorWorld, priors: str, wider: str, points: int, seed: int, maker: Maker) -> Region:
    """The same with runs from `maker`."""
    cube = Design("sobol", {"points": points, "seed": seed}).cube(len(world.variables))
    jobs = world.jobs(cube, [independent_seed(seed, row) for row in range(points)])
    cases = (maker.make(jobs)["outcome"] == WANTED).to_numpy()
    _check(cases, world.name)
    levels = tuple(world.choices.get(path, 0) for path in world.paths)
    x = np.where(np.array(levels) > 0, np.floor(cube * np.maximum(levels, 1)), cube)
    whole = Points(x, cases, levels)
    is_held = np.random.default_rng(seed).permutation(points) % 2 == 1
    found, held = whole.only(~is_held), whole.only(is_held)
    box, path = discover(found)
    conditions = sorted((_condition(world.variables[one], one, box, whole, (found, held)) for one in box), key=lambda row: row["quasi_p"])
    named = {row["parameter"]: [job.parameters[row["parameter"]] for job in jobs] for row in conditions}
    sample = pd.DataFrame({"half": np.where(is_held, HELD_OUT, FOUND), "case": cases, "inside": inside(box, x), **named})
    sample.attrs["units"] = {"half": "name", "case": "flag", "inside": "flag"} | {row["parameter"]: row["unit"] for row in conditions}
    scores = [_score_row(half, score(box, part)) for half, part in ((FOUND, found), (HELD_OUT, held))]
    steps = [_step(step, one, found, held) for step, one in enumerate(path)]
    tables = (table(conditions, _CONDITIONS), table(scores, _SCORES), table(steps, _TRAJECTORY), sample)
    return Region(world.name, priors, wider, len(world.paths), (*world.notes, *_NOTES), *tables)


def _check(cases: np.ndarray, name: str) -> None:
    count, runs = int(cases.sum()), len(cases)
    if count == runs:
        message = f"all {runs:,} worlds sustain themselves: there is no border to find"
        raise sim.InputError([sim.Problem(name, message, "vary more, or look where it dies: a wider file with --wider")])
    if count < FEWEST_CASES:
        told = "none" if not count else f"only {count}"
        message = f"{told} of {runs:,} worlds sustain themselves: too few to say where, under {FEWEST_CASES}"
        raise sim.InputError(
            [sim.Problem(name, message, "make more with --points, or reach further with --wider; a verdict needs 180 days")]
        )


def _condition(variable: Variable, dimension: int, box: Box, whole: Points, halves: tuple[Points, Points]) -> dict[str, Any]:
    declared = sim.override_declaration(variable.path)
    assert declared is not None
    low, high, words = _in_words(variable, declared.unit, box[dimension], whole.levels[dimension])
    others = {other: side for other, side in box.items() if other != dimension}
    return {
        "parameter": variable.path,
        "unit": declared.unit,
        "low": low,
        "high": high,
        "words": words,
        "share_of_prior": float(inside({dimension: box[dimension]}, whole.x).mean()),
        "quasi_p": quasi_p(box, dimension, halves[0]),
        "quasi_p_held_out": quasi_p(box, dimension, halves[1]),
        "density_without": score(others, halves[1]).density,
    }


def _in_words(variable: Variable, unit: str, side: Side, levels: int) -> tuple[float, float, str]:
    """Both ends in the unit of the parameter, NaN where there is none, and the condition in words."""
    assert variable.quantile is not None
    name = short_name(variable.path)
    if isinstance(side, frozenset):
        kept = [variable.quantile((one + 0.5) / levels) for one in sorted(side)]
        return np.nan, np.nan, f"{name} {' or '.join(sim.value_text(one) for one in kept)}"
    low, high = (np.nan if np.isinf(end) else variable.quantile(end) for end in side)
    assert isinstance(low, int | float)
    assert isinstance(high, int | float)
    suffix = "" if unit in ("1", "share", "logit") else f" {unit}"
    if np.isnan(low):
        return low, float(high), f"{name} under {number(high)}{suffix}"
    if np.isnan(high):
        return float(low), high, f"{name} above {number(low)}{suffix}"
    return float(low), float(high), f"{name} from {number(low)} to {number(high)}{suffix}"


def _score_row(half: str, found: Score) -> dict[str, Any]:
    coverage, density = (_interval(found.cases_inside, of) for of in (found.cases, found.points_inside))
    return {
        "half": half,
        **{name: getattr(found, name) for name in ("points", "cases", "points_inside", "cases_inside")},
        **dict(zip(("coverage", "coverage_low", "coverage_high"), (found.coverage, *coverage), strict=True)),
        **dict(zip(("density", "density_low", "density_high"), (found.density, *density), strict=True)),
    }


def _interval(count: int, of: int) -> tuple[float, float]:
    return sim.wilson(count, of) if of else (0.0, 1.0)


def _step(step: int, box: Box, found: Points, held: Points) -> dict[str, Any]:
    now, then = score(box, found), score(box, held)
    return {
        "step": step,
        "conditions": len(box),
        "mass": now.points_inside / now.points,
        "coverage": now.coverage,
        "density": now.density,
        "coverage_held_out": then.coverage,
        "density_held_out": then.density,
    }
