"""All targets, section by section, and their judgement: those of one section and kind are a family with one chance of a false alarm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sim
from analysis.validation import (
    attention,
    cost_and_skill,
    critical_mass,
    diffusion,
    ledger_identities,
    pairing,
    price_structure,
    retention,
    supply,
    visits,
)
from analysis.validation.comparison import Comparison, family_limit
from analysis.validation.target import Section, Target

SECTIONS: tuple[Section, ...] = tuple(
    room.SECTION
    for room in (
        diffusion,
        retention,
        visits,
        critical_mass,
        price_structure,
        attention,
        supply,
        cost_and_skill,
        ledger_identities,
        pairing,
    )
)


@dataclass(frozen=True)
class Judgement:
    """What became of a target. limit: the chance below which one comparison of its family is rejected."""

    section: Section
    target: Target
    comparisons: tuple[Comparison, ...]
    limit: float

    @property
    def met(self) -> bool:
        """Whether every comparison holds."""
        return all(self.holds(one) for one in self.comparisons)

    def holds(self, one: Comparison) -> bool:
        """Whether this comparison holds."""
        return bool(one.effort(self.limit) <= 1.0)

    @property
    def hardest(self) -> Comparison:
        """The comparison that came nearest to failing, or failed most."""
        return max(self.comparisons, key=lambda one: one.effort(self.limit))


def name_problems(name: str) -> list[sim.Problem]:
    """What is wrong with the name of a section: nothing, or that there is none."""
    names = [one.name for one in SECTIONS]
    if name in names:
        return []
    return [sim.Problem("SECTION", f"no section is called '{name}'", sim.did_you_mean(name, names) or f"there are {', '.join(names)}")]


def judge_all(section: Section, seeds: Sequence[int]) -> list[Judgement]:
    """Check the targets of a section; those of one kind share a family."""
    made = [(target, tuple(target.check(seeds))) for target in section.targets]
    limits = {kind: family_limit(one for target, table in made if target.kind == kind for one in table) for kind in ("rule", "toy")}
    return [Judgement(section, target, table, limits[target.kind]) for target, table in made]
