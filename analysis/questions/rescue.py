"""The cheapest change that makes a product sustain itself: asks the simulator, and says what was found."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import sim
from analysis.experiments import Progress
from analysis.questions.asking import World
from analysis.questions.lives import Across, Lives, Seeded
from analysis.questions.making import Maker, making
from analysis.rescuing.answer import Rescue, table_of
from analysis.rescuing.cheapest import MOST_PACKAGES, Package, Space
from analysis.rescuing.levers import DEFAULT, Lever, load_levers
from analysis.rescuing.packages import Asking, Changed, Fitted, changes_of, fit, space_of, steps_of
from analysis.rescuing.saving import LOST, NEED_UNCLEAR, SAVED, UNCLEAR, Decision, Held, decide, draws_to_show, front

SEEDS = 40
"""Of the runs that decide, unless told otherwise: with 40 at least 37 must sustain themselves for P to be shown above .8."""
MOST_RUNS = 3000
"""Of a search."""
_ROWS, _LOOKED_SEEDS, _LOOKED_SETS = 2000, 20, 40
"""Of the search: rows of a run, and how many draws it asks of a package at the most."""
_FIRST_LOOKED_SEED = 1_000_001
_FEWEST_SETS = 8

Tell = Callable[[str, int, int], None]
"""Told what is done, how many runs of how many are."""


def silent(what: str, done: int, total: int) -> None:
    """Says nothing."""


def rescue(
    lives: Lives | str | Path,
    *,
    probability: float = 0.8,
    budget: float | None = None,
    levers: Sequence[Lever] | str | Path = DEFAULT,
    most_runs: int = MOST_RUNS,
    workers: int | None = None,
    out: str | Path | None = None,
    tell: Tell = silent,
) -> Rescue:
    """Find the cheapest package of changes under which a product sustains itself with a probability of at least `probability`.

    lives: the draws that decide; of a scenario by name or path, 40 seeds. The search asks others, at 2,000 rows. Over an ensemble the point
    fit is rescued first, by seeds, and what that recommends is held to the sets too. budget: the most that the changes may cost, USD.
    levers: a file of them, or a shipped name. out: a store that keeps the runs, so that an interrupted search goes on. Raises InputError.
    """
    if isinstance(lives, str | Path):
        lives = Seeded(World(lives), sim.seeds_of(SEEDS))
    known = checked(probability, budget, levers)
    progress = _Stage(tell)
    with making(out, ("dau",), workers, progress) as maker:
        asked = _Question(known, probability, math.inf if budget is None else budget, most_runs, maker, progress)
        if isinstance(lives, Seeded):
            return asked.told(asked.solve(lives))
        point = asked.solve(Seeded(lives.world, sim.seeds_of(SEEDS)))
        return asked.told(asked.solve(lives), point)


def checked(probability: float, budget: float | None, levers: Sequence[Lever] | str | Path) -> tuple[Lever, ...]:
    """The levers, once all that is asked for makes sense. Raises InputError with everything that does not."""
    problems = []
    if not 0.0 < probability < 1.0:
        problems.append(sim.Problem("--probability", f"{probability:g} is no probability to reach", "above 0 and below 1, such as 0.8"))
    if budget is not None and not budget >= 0.0:
        problems.append(sim.Problem("--budget", f"{budget:g} USD is no budget", "at least 0, such as 100e6"))
    try:
        known = load_levers(levers) if isinstance(levers, str | Path) else tuple(levers)
    except sim.InputError as error:
        problems += error.problems
    if problems:
        raise sim.InputError(problems)
    return known


@dataclass
class _Stage:
    """Turns the progress of single batches into that of a stage."""

    tell: Tell
    what: str = ""
    before: int = 0
    total: int = 0

    def begin(self, what: str, before: int, total: int) -> None:
        self.what, self.before, self.total = what, before, total

    def __call__(self, progress: Progress) -> None:
        self.tell(self.what, self.before + progress.done, max(self.total, self.before + progress.total))


@dataclass(frozen=True)
class _Solved:
    """A decision over some draws, and what it is about. asking: asks the draws that decide."""

    lives: Lives
    plain: sim.Scenario
    asking: Asking
    decision: Decision
    notes: tuple[str, ...]


@dataclass(frozen=True)
class _Question:
    """A rescue as it is asked for. budget: infinite for any."""

    levers: Sequence[Lever]
    probability: float
    budget: float
    most_runs: int
    maker: Maker
    stage: _Stage

    def solve(self, lives: Lives) -> _Solved:
        """Search, and decide over these draws."""
        world = lives.world
        plain = sim.load_scenario(world.source, world.overrides, days=world.days, agents=world.agents)
        changed, looked = Changed(lives), Changed(_other(lives, plain.agents))
        fitted, notes = fit(self.levers, changed, plain)
        space = space_of(fitted, self.budget)
        if not fitted or space.size > MOST_PACKAGES:
            many = f"they make {space.size:,} packages, and at most {MOST_PACKAGES:,} are searched"
            message = many if fitted else f"none of them changes anything in '{plain.name}'"
            raise sim.InputError([sim.Problem("--levers", message, "take fewer levers, or others")])
        certify = Asking(fitted, changed, self.maker, self._stage_of("runs that decide", 0))
        look = Asking(fitted, looked, self.maker, self._stage_of("runs of the search", self.most_runs))
        decision = decide(
            space, look, certify, probability=self.probability, looked=len(looked), draws=len(lives), most_runs=self.most_runs
        )
        return _Solved(lives, plain, certify, decision, tuple(notes))

    def _stage_of(self, what: str, total: int) -> Callable[[int], None]:
        return lambda runs: self.stage.begin(what, runs, total)

    def told(self, solved: _Solved, point: _Solved | None = None) -> Rescue:
        """The answer. point: that of the point fit, whose front is held to the draws of this one."""
        decision, fitted, space = solved.decision, solved.asking.fitted, space_of(solved.asking.fitted, self.budget)
        searched = decision.searched
        steps = sorted(steps_of(fitted, decision.chosen.package), key=lambda one: -one[1].cost_usd)
        changes = [
            {"lever": lever.name, "title": lever.title, "before": step.before, "after": step.after, "cost_usd": step.cost_usd}
            | {"source": lever.source}
            for lever, step in steps
        ]
        return Rescue(
            name=solved.plain.name,
            kind=decision.kind,
            wanted=self.probability,
            budget=None if math.isinf(self.budget) else self.budget,
            draws="seeds" if isinstance(solved.lives, Seeded) else "sets",
            notes=(*solved.notes, *self._notes(solved)),
            searched={
                "packages": space.size,
                "packages_asked": len(searched.answers) if searched else 0,
                "runs": searched.runs if searched else 0,
                "ended": searched is None or searched.ended,
            },
            overrides=tuple(
                f"{path}={sim.value_text(value)}" for _, step in steps for path, value in changes_of(step.level, solved.plain).items()
            ),
            front=table_of("front", [_row(one, solved, decision.chosen) for one in _shown(space, decision)]),
            changes=table_of("changes", changes),
            without=table_of("without", self._without(solved)),
            checked=table_of("checked", [] if point is None else self._checked(solved, point)),
            point=None if point is None else self.told(point),
        )

    def _without(self, solved: _Solved) -> list[dict[str, Any]]:
        """The package with one lever left out, the dearest first. Under LOST a change is needed that surely makes it likelier."""
        rows, chosen = [], solved.decision.chosen
        bar = chosen.interval[0] if solved.decision.kind == LOST else self.probability
        for place, left in solved.decision.without.items():
            lever = solved.asking.fitted[place].lever
            row = _row(left, solved, left)
            low, high = left.interval
            verdict = "needed" if high < bar else "not needed" if low >= self.probability else "cannot tell"
            rows.append({**row, "lever": lever.name, "title": lever.title, "verdict": verdict})
        return sorted(rows, key=lambda row: row["cost_usd"])

    def _checked(self, solved: _Solved, point: _Solved) -> list[dict[str, Any]]:
        """The front of the point fit held to the draws of an ensemble."""
        known = {one.package: one for one in solved.decision.held}
        packages = [one.package for one in _shown(space_of(point.asking.fitted, self.budget), point.decision)]
        new = [one for one in packages if one not in known]
        draws = len(solved.lives)
        for package, answers in zip(new, solved.asking([(one, range(draws)) for one in new]) if new else [], strict=True):
            known[package] = Held(package, sum(answers), draws)
        chosen = known[point.decision.chosen.package]
        return [_row(known[one], solved, chosen) for one in packages]

    def _notes(self, solved: _Solved) -> Iterator[str]:
        decision, searched = solved.decision, solved.decision.searched
        least = draws_to_show(self.probability)
        if len(solved.lives) < least:
            yield f"{len(solved.lives)} draws can never show P to be above {self.probability:g}: at least {least} can"
        elif decision.kind in (UNCLEAR, NEED_UNCLEAR):
            yield f"too few draws to tell: {4 * len(solved.lives)} would make the interval half as wide"
        if searched is None:
            return
        yield "every cost is the lever file's, and assumed: give your own with --levers; what a change costs to run is in the books"
        yield (
            f"the search asked {len(searched.answers):,} of {space_of(solved.asking.fitted, self.budget).size:,} packages, in "
            f"{searched.runs:,} runs: that nothing it did not ask is cheaper is not proved"
        )
        if not searched.ended:
            yield f"the search used up its {self.most_runs:,} runs: something cheaper may be found with more (--most-runs)"
        others = sum(one.package != decision.chosen.package for one in decision.held) - 1
        if decision.kind == SAVED and others > 0:
            yield f"recommended among {len(decision.held)} packages that were held to {len(solved.lives)} draws the search did not see"


def _shown(space: Space, decision: Decision) -> list[Held]:
    """The front, with what is recommended."""
    found = front(space, decision.held)
    return found if decision.chosen in found else sorted([*found, decision.chosen], key=lambda one: space.cost(one.package))


def _row(one: Held, solved: _Solved, chosen: Held) -> dict[str, Any]:
    """A row of a table of packages."""
    fitted = solved.asking.fitted
    low, high = one.interval
    return {
        "package": package_words(fitted, one.package),
        "cost_usd": space_of(fitted, math.inf).cost(one.package),
        "count": one.count,
        "draws": one.draws,
        "probability": one.share,
        "low": low,
        "high": high,
        "recommended": one.package == chosen.package,
    }


def package_words(fitted: Sequence[Fitted], package: Package) -> str:
    """What a package changes, the dearest first."""
    steps = sorted(steps_of(fitted, package), key=lambda one: -one[1].cost_usd)
    return ", ".join(f"{lever.title} {step.before} → {step.after}" for lever, step in steps) or "no change"


def _other(lives: Lives, rows: int) -> Lives:
    """The draws of the search: other seeds, other sets, fewer rows. Raises InputError where an ensemble has no others."""
    if isinstance(lives, Seeded):
        seeds = tuple(seed for seed in range(_FIRST_LOOKED_SEED, _FIRST_LOOKED_SEED + 2 * _LOOKED_SEEDS) if seed not in lives.seeds)
        return Seeded(dataclasses.replace(lives.world, agents=min(rows, _ROWS)), seeds[:_LOOKED_SEEDS])
    left = [place for place in lives.ensemble.drawn(4 * len(lives), seed=2) if place not in lives.places]
    if len(left) < _FEWEST_SETS:
        raise sim.InputError([sim.Problem("--draws", f"{len(lives)} draws leave no sets for the search", "take fewer")])
    some = np.linspace(0, len(left) - 1, min(_LOOKED_SETS, len(left))).round().astype(int)
    return Across(
        dataclasses.replace(lives.world, agents=min(lives.world.agents or lives.ensemble.agents, _ROWS)),
        lives.ensemble,
        tuple(left[place] for place in some),
    )
