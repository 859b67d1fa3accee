"""The claims of the model, and for each the settings that switch it off, so that a reader can see what it does to a world."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sim.foundation.parameters import Value


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim: what it says, the rules that carry it, and the overrides under which it no longer holds."""

    name: str
    statement: str
    rules: str
    off: Mapping[str, Value]


CLAIMS: tuple[Claim, ...] = (
    Claim(
        "C1", "Making is a draw: usable with a small chance, and a failed attempt does not tell why", "M1", {"making.acceptable_miss": 1e6}
    ),
    Claim("C2", "Without control hardly any learning", "M2", {"learning.carry_over": 1, "learning.uncontrolled_share": 1}),
    Claim(
        "C3",
        "Failing, uncertain sessions keep the habit from forming",
        "M5 M6",
        {"making.effort_usd": 0, "making.disappointment_usd": 0, "making.uncertainty_usd": 0},
    ),
    Claim("C4", "A community of creators only does not sustain itself: no audience, no income", "M3 M4", {"creators.status_usd": 0}),
    Claim(
        "C5",
        "Novelty brings a wave, then it fades",
        "M0 M6",
        {"adoption.buzz_per_day": 0, "habit.novelty_making_usd": 0, "habit.novelty_watching_logit": 0},
    ),
    Claim("C6", "Creators who cannot earn or be seen here take their work elsewhere", "M3", {"dials.export_leakage": 0}),
    Claim("C7", "Exported work is worth less here", "M3 M4", {"publishing.overlap": 0}),
    Claim("C8", "Exported work is also an advertisement", "M0", {"adoption.referral_per_outside_view": 0}),
    Claim(
        "C9",
        "Scale lowers unit cost; idle capacity and overflow raise it",
        "M7",
        {"compute.wright_exponent": 0, "compute.idle_cost_share": 0, "compute.overflow_surcharge": 0},
    ),
    Claim(
        "C10",
        "Two engines can pay: makers and audiences",
        "M8",
        {"charging.advertising_usd_per_1000_views": 0, "charging.credit_usd_per_attempt": None, "charging.subscription_usd_per_month": 0},
    ),
    Claim("C11", "Capability is not obedience: a product can be capable and still fail", "M1", {"making.capability_to_miss": 1}),
    Claim(
        "C12",
        "The parent closes what neither grows nor pays",
        "M9",
        {"parent.stop_loss_usd": None, "parent.alternative_return_usd_per_gpu_hour": None},
    ),
)
