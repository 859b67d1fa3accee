"""The observations that would refute the model, each with the worlds in which it says what it predicts."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import sim
from analysis.falsifiers import measures
from analysis.falsifiers.measures import Measure, figure

DAYS = 240
"""Long enough for makers who join after a release on day 60 to be seen for months, and for a trend."""

_NOBODY_CLOSES = {"parent.stop_loss_usd": None}


@dataclass(frozen=True)
class World:
    """A scenario by name, or by its path below the shipped scenarios, and what is laid over it."""

    scenario: str
    changes: Mapping[str, sim.Value] = field(default_factory=dict)

    @property
    def overrides(self) -> tuple[str, ...]:
        """What is laid over it, as "path=value"."""
        return tuple(f"{path}={sim.value_text(value)}" for path, value in self.changes.items())

    @property
    def source(self) -> str | Path:
        """The scenario as `sim.load_scenario` takes it."""
        return sim.shipped_folder() / self.scenario if "/" in self.scenario else self.scenario

    def command(self) -> str:
        """The command that runs it."""
        name = f"scenarios/{self.scenario}" if "/" in self.scenario else self.scenario
        return " ".join(("flywheel run", shlex.quote(name), f"--days {DAYS}", *(f"--set {one}" for one in self.overrides)))


@dataclass(frozen=True)
class Falsifier:
    """An observation that would refute a claim.

    measure, unit: what to observe, in words; read: the same in a run. world: where; other: what it is held against, None where the number
    itself is the prediction; compared: the number in `world` minus, or over, that in `other`, seed by seed. The model is refuted by an
    observation on the side `refuted` of `threshold`.
    """

    name: str
    claim: str
    observation: str
    measure: str
    unit: str
    read: Measure
    world: World
    other: World | None
    compared: Literal["alone", "minus", "over"]
    refuted: Literal["above", "below"]
    threshold: float

    @property
    def worlds(self) -> tuple[World, ...]:
        """Where, and what it is held against."""
        return (self.world,) if self.other is None else (self.world, self.other)


_SORA = World("sora", _NOBODY_CLOSES)

FALSIFIERS: tuple[Falsifier, ...] = (
    Falsifier(
        name="low_control_keeps",
        claim="C3",
        observation="A product that cannot be steered (step 1 of the coding guide) keeps more than 15 % of its makers for 30 days.",
        measure="makers active 30 days after they joined",
        unit="share",
        read=measures.makers_d30,
        world=_SORA,
        other=None,
        compared="alone",
        refuted="above",
        threshold=0.15,
    ),
    Falsifier(
        name="release_without_effect",
        claim="C2, C3",
        observation=(
            "After a dated release that lets makers steer (step 1 to step 3) and changes nothing else, makers who join stay no longer: "
            "D30 rises by less than 2 points."
        ),
        measure="D30 of makers who joined after the release, minus that without it",
        unit="share",
        read=measures.late_makers_d30,
        world=World("falsifiers/steerability_release.yaml", _NOBODY_CLOSES),
        other=_SORA,
        compared="minus",
        refuted="below",
        threshold=0.02,
    ),
    Falsifier(
        name="looks_keep_makers",
        claim="C11",
        observation="A release that makes clips look better, with the same control, raises the D30 of makers by more than 10 points.",
        measure="D30 of makers with capability 4, minus that with 1",
        unit="share",
        read=measures.makers_d30,
        world=World("sora", {**_NOBODY_CLOSES, "making.capability": 4}),
        other=_SORA,
        compared="minus",
        refuted="above",
        threshold=0.10,
    ),
    Falsifier(
        name="fund_without_effect",
        claim="C6",
        observation=(
            "A creator fund at income parity, for clips that stay, leaves the share of clips that go outside where it was: it falls by "
            "less than a twentieth."
        ),
        measure="share of clips that go outside with the fund, over that without",
        unit="1",
        read=figure("exported_share"),
        world=World("sora_paying_creators", _NOBODY_CLOSES),
        other=_SORA,
        compared="over",
        refuted="above",
        threshold=0.95,
    ),
    Falsifier(
        name="the_best_stay",
        claim="C6",
        observation="Where the outside pays and the product does not, clips that leave are no better than those that stay.",
        measure="share that leaves weighted by quality, over the share counted by clips",
        unit="1",
        read=measures.best_leave_first,
        world=_SORA,
        other=None,
        compared="alone",
        refuted="below",
        threshold=1.0,
    ),
    Falsifier(
        name="closed_exit_without_effect",
        claim="C7",
        observation="Closing the exit does not bring a clip more views at home: less than a tenth more.",
        measure="views here a clip published here with no export, over those with it",
        unit="1",
        read=measures.views_a_clip,
        world=World("sora", {**_NOBODY_CLOSES, "dials.export_leakage": 0}),
        other=_SORA,
        compared="over",
        refuted="below",
        threshold=1.1,
    ),
    Falsifier(
        name="growth_cures",
        claim="C9",
        observation="With a loss on every attempt, a product that grows more because makers can steer it loses less in the same time.",
        measure="operating loss with steerability .85, over that with .05",
        unit="1",
        read=figure("operating_profit_usd"),
        world=World("sora_steerable", _NOBODY_CLOSES),
        other=_SORA,
        compared="over",
        refuted="below",
        threshold=1.0,
    ),
    Falsifier(
        name="constant_churn",
        claim="C3, C5",
        observation="The daily loss of adopters does not ease with age: from day 30 to 60 it is what it is from day 7 to 30.",
        measure="daily survival from day 30 to 60, minus that from day 7 to 30",
        unit="1",
        read=measures.flattening,
        world=_SORA,
        other=None,
        compared="alone",
        refuted="below",
        threshold=0.0,
    ),
)
