"""The observations that would refute the model, each with the worlds in which it says what it predicts."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
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

    def command(self) -> str:
        """The command that runs it."""
        sets = (f"--set {path}={sim.value_text(value)}" for path, value in self.changes.items())
        name = f"scenarios/{self.scenario}" if "/" in self.scenario else self.scenario
        return " ".join(("flywheel run", shlex.quote(name), f"--days {DAYS}", *sets))


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


_SORA = World("sora", _NOBODY_CLOSES)

FALSIFIERS: tuple[Falsifier, ...] = (
    Falsifier(
        "low_control_keeps",
        "C3",
        "A product that cannot be steered (step 1 of the coding guide) keeps more than 15 % of its casual makers for 30 days.",
        "makers active 30 days after they joined",
        "share",
        measures.makers_d30,
        _SORA,
        None,
        "alone",
        "above",
        0.15,
    ),
    Falsifier(
        "release_without_effect",
        "C2, C3",
        "After a dated release that lets makers steer (step 1 to step 3) and changes nothing else, newcomers among makers stay no longer: "
        "D30 rises by less than 2 points.",
        "D30 of makers who joined after the release, minus that without it",
        "share",
        measures.late_makers_d30,
        World("falsifiers/steerability_release.yaml", _NOBODY_CLOSES),
        _SORA,
        "minus",
        "below",
        0.02,
    ),
    Falsifier(
        "looks_keep_makers",
        "C11",
        "A release that makes clips look better, with the same control, raises the D30 of makers by more than 10 points.",
        "D30 of makers with capability 4, minus that with 1",
        "share",
        measures.makers_d30,
        World("sora", {**_NOBODY_CLOSES, "making.capability": 4}),
        _SORA,
        "minus",
        "above",
        0.10,
    ),
    Falsifier(
        "fund_without_effect",
        "C6",
        "A creator fund at income parity, for clips that stay, leaves the share of clips that go outside where it was: it falls by less "
        "than a twentieth.",
        "share of clips that go outside with the fund, over that without",
        "1",
        figure("exported_share"),
        World("sora_paying_creators", _NOBODY_CLOSES),
        _SORA,
        "over",
        "above",
        0.95,
    ),
    Falsifier(
        "the_best_stay",
        "C6",
        "Where the outside pays and the product does not, clips that leave are no better than those that stay.",
        "share that leaves weighted by quality, over the share counted by clips",
        "1",
        measures.best_leave_first,
        _SORA,
        None,
        "alone",
        "below",
        1.0,
    ),
    Falsifier(
        "closed_exit_without_effect",
        "C7",
        "Closing the exit does not bring a clip more views at home: less than a tenth more.",
        "views here a clip published here with no export, over those with it",
        "1",
        measures.views_a_clip,
        World("sora", {**_NOBODY_CLOSES, "dials.export_leakage": 0}),
        _SORA,
        "over",
        "below",
        1.1,
    ),
    Falsifier(
        "growth_cures",
        "C9",
        "With a loss on every attempt, a product that grows more because makers can steer it loses less in the same time.",
        "operating loss with steerability .85, over that with .05",
        "1",
        figure("operating_profit_usd"),
        World("sora_steerable", _NOBODY_CLOSES),
        _SORA,
        "over",
        "below",
        1.0,
    ),
    Falsifier(
        "constant_churn",
        "C3, C5",
        "The daily loss of adopters does not ease with age: from day 30 to 60 it is what it is from day 7 to 30.",
        "daily survival from day 30 to 60, minus that from day 7 to 30",
        "1",
        measures.flattening,
        _SORA,
        None,
        "alone",
        "below",
        0.0,
    ),
)
