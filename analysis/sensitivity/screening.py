"""Which of many unknowns matter at all: elementary effects on the three outputs, beside what mere luck does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.experiments import independent_seed
from analysis.experiments.designs import Design
from analysis.questions.asking import World
from analysis.questions.making import Maker, Told, making
from analysis.sensitivity.documents import answer_of, document_of, table
from analysis.sensitivity.morris import effects_of, elementary_effects
from analysis.sensitivity.outputs import OUTPUTS, outputs_of, that_vary
from analysis.sensitivity.prior_world import PRIORS, PriorWorld, priors_named
from analysis.sensitivity.resampling import rank_ranges
from analysis.sensitivity.wording import LUCK, beyond_luck_words

SERIES = ("dau",)
"""Daily metrics that are kept of the runs."""
HOLDS = "flywheel sensitivity screen"
TRAJECTORIES, LEVELS = 20, 4

_UNITS = {
    "output": "name",
    "factor": "name",
    "mu_star": "of the output's scale",
    "low": "of the output's scale",
    "high": "of the output's scale",
    "mu": "of the output's scale",
    "sigma": "of the output's scale",
    "rank": "1",
    "best_rank": "1",
    "worst_rank": "1",
    "beyond_luck": "flag",
}

_NOTES = (
    f"'{LUCK}' is a dummy that changes nothing but the seed: its μ* is the noise floor; all other steps keep the seed of their trajectory",
    "effects are per whole width of a prior (a choice: per flip at a step of 2/3); intervals: 95 %, by resampling whole trajectories",
    "ranks from–to: unknowns whose intervals overlap cannot be told apart",
)


@dataclass(frozen=True)
class Screening:
    """Elementary effects of the unknowns of a world.

    name: of the scenario. priors: of which file. trajectories, runs: how many. notes: what the reader should know. effects: a row an output
    and factor (LUCK among them), the largest μ* first: output, factor, mu_star, low, high (95 %), mu, sigma, rank, best_rank, worst_rank
    (among the unknowns, without LUCK), beyond_luck (whether its interval lies above that of LUCK).
    """

    name: str
    priors: str
    trajectories: int
    runs: int
    notes: tuple[str, ...]
    effects: pd.DataFrame

    @property
    def finding(self) -> str:
        """Which unknowns stand out of luck, output by output."""
        return beyond_luck_words(self.name, self.effects, "mu_star")

    def document(self) -> dict[str, Any]:
        """All of it, fit for JSON."""
        return document_of(self, HOLDS, finding=self.finding)

    def leading(self, most: int) -> tuple[str, ...]:
        """The unknowns with the largest share of all μ* in any output, the largest first."""
        known = self.effects[self.effects["factor"] != LUCK]
        shares = known["mu_star"] / known.groupby("output")["mu_star"].transform("sum")
        best = shares.groupby(known["factor"]).max().sort_values(ascending=False, kind="stable")
        return tuple(str(name) for name in best.index[:most])


def of_document(document: dict[str, Any]) -> Screening:
    """The answer that a document was made of. Raises ValueError for another document."""
    return answer_of(Screening, document, HOLDS)


def screen(
    scenario: str | Path,
    *,
    priors: str | Path = PRIORS,
    trajectories: int = TRAJECTORIES,
    seed: int = 1,
    overrides: Sequence[str] = (),
    days: int | None = None,
    agents: int | None = None,
    workers: int | None = None,
    out: str | Path | None = None,
    told: Told | None = None,
) -> Screening:
    """Screen the unknowns of a scenario: trajectories × (unknowns + 2) runs.

    priors: the name of a shipped file (sora) or a file; what the scenario has otherwise than their base is left as it is. seed: of the
    design and of all runs. overrides, days, agents: as for `sim.load_scenario`; 2,000 agents unless given. workers: processes; None: one
    a core. out: a store that keeps the runs. told: how far they are. Raises InputError, also where no output varies.
    """
    world = PriorWorld(World(scenario, tuple(overrides), days, agents), priors_named(priors))
    with making(out, SERIES, workers, told) as maker:
        return screened(world, str(priors), trajectories, seed, maker)


def screened(world: PriorWorld, priors: str, trajectories: int, seed: int, maker: Maker) -> Screening:
    """The same with runs from `maker`."""
    walks = walks_of(len(world.variables), trajectories, seed)
    lucks = (walks[:, :, -1] != walks[:, :1, -1]).astype(int)
    seeds = [independent_seed(seed + walk, luck) for walk, row in enumerate(lucks.tolist()) for luck in row]
    jobs = world.jobs(walks[:, :, :-1].reshape(-1, len(world.variables)), seeds)
    outputs = outputs_of(maker.make(jobs))
    names, still = that_vary(outputs, world.name)
    shape = walks.shape[:2]
    parts = [effect_rows(name, (*world.paths, LUCK), elementary_effects(walks, outputs[name].to_numpy().reshape(shape))) for name in names]
    scales = tuple(f"{OUTPUTS[name].label}: {OUTPUTS[name].scale}" for name in names)
    notes = (*still, *world.notes, *_NOTES, *scales)
    return Screening(world.name, priors, trajectories, len(jobs), notes, table([row for part in parts for row in part], _UNITS))


def walks_of(unknowns: int, trajectories: int, seed: int) -> NDArray[np.float64]:
    """Trajectories through the unknowns and, last, luck: shape (trajectories, unknowns + 2, unknowns + 1)."""
    design = Design("morris", {"trajectories": trajectories, "levels": LEVELS, "seed": seed})
    return design.cube(unknowns + 1).reshape(trajectories, unknowns + 2, unknowns + 1)


def effect_rows(output: str, factors: Sequence[str], effects: NDArray[np.float64]) -> list[dict[str, Any]]:
    """The rows of one output. factors: the last is LUCK. effects: shape (trajectories, factors)."""
    found = effects_of(effects)
    best, worst = rank_ranges(found.low[:-1], found.high[:-1])
    order = np.argsort(-found.mu_star, kind="stable")
    rank_of = {int(factor): rank for rank, factor in enumerate((one for one in order if one < len(factors) - 1), start=1)}
    return [
        {
            "output": output,
            "factor": factors[one],
            "mu_star": found.mu_star[one],
            "low": found.low[one],
            "high": found.high[one],
            "mu": found.mu[one],
            "sigma": found.sigma[one],
            "rank": rank_of.get(one, 0),
            "best_rank": int(best[one]) if one in rank_of else 0,
            "worst_rank": int(worst[one]) if one in rank_of else 0,
            "beyond_luck": bool(found.low[one] > found.high[-1]),
        }
        for one in order.tolist()
    ]
