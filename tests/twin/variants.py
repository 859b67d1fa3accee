"""Worlds that differ from a lively small one in one thing each, so that every option and rule variant of the model is lived through."""

from __future__ import annotations

from typing import Any

from sim.scenario import Scenario
from tests.worlds import BUSY, Document, scenario_from

LIVELY: Document = {
    "schema": 1,
    "question": "What if many came?",
    "extends": "baseline",
    "agents": 100,
    "days": 200,
    "people": 1e6,
    "niches": 3,
    "dials": {"steerability": 0.6},
    "adoption": {"buzz_per_day": 0.03, "buzz_days": 60},
    "creators": {"making_outside_usd": 1.2},
    "making": {"free_quota_per_day": 6},
    "watching": {"attraction_scale": 3e4},
    "parent": {"stop_loss_usd": None},
}

_SOLD_BY_THE_PIECE = {"credit_usd_per_attempt": 0.1, "willing_to_pay_share": 0.6}

VARIANTS: dict[str, dict[str, Any]] = {
    "watching is rewarded by any good view": {"rules": {"watching_reward": "any_view"}},
    "makers follow the reputation of their niche": {"adoption": {"entry_reputation": 1.5}},
    "the app-store chart pulls": {"adoption": {"chart_per_day": 0.01, "chart_top_installs_7d": 1e5}},
    "exported clips advertise": {"adoption": {"referral_per_outside_view": 1e-4}},
    "news brings the lapsed back": {"adoption": {"news_per_day": 0.02, "return_factor": 0.8}},
    "nobody returns": {"adoption": {"return_factor": 0}},
    "uncertainty is disliked": {"making": {"uncertainty_usd": 0.4}},
    "uncertainty is liked": {"making": {"uncertainty_usd": -0.4}},
    "capability makes the model obey": {"making": {"capability": 3, "capability_to_miss": 0.5}},
    "no steerability": {"dials": {"steerability": 0}},
    "full steerability": {"dials": {"steerability": 1}},
    "skill is carried over whole": {"learning": {"carry_over": 1}},
    "any camera makes such clips": {"rival": {"edge": 0}},
    "a rival for nothing": {"rival_tools": {"pencil": {"steerability": 0.4}}},
    "a rival with a price": {"rival_tools": {"brush": {"steerability": 0.9, "price_usd_per_attempt": 0.05}}},
    "two rivals, one closed": {"rival_tools": {"brush": {"capability": 2, "price_usd_per_attempt": 0.2}, "pencil": {"open": False}}},
    "views bring views": {"watching": {"popularity_exponent": 0.5}},
    "variety saturates": {"watching": {"variety_exponent": 0.5}},
    "clips stay fresh for long": {"watching": {"freshness_decay_per_day": 0.03}},
    "one niche": {"niches": 1},
    "everybody makes": {"creators_share": 1},
    "makers pay by the piece": {"making": {"free_quota_per_day": 2}, "charging": _SOLD_BY_THE_PIECE},
    "nothing is free": {"making": {"free_quota_per_day": 0}, "charging": _SOLD_BY_THE_PIECE},
    "half are entitled to a quota": {"making": {"free_quota_per_day": 0}, "charging": {"entitled_share": 0.5}},
    "a subscription": {
        "making": {"free_quota_per_day": 1},
        "charging": {"subscription_usd_per_month": 5, "willing_to_pay_share": 0.8},
    },
    "a subscription with credits on top": {
        "making": {"free_quota_per_day": 0},
        "charging": {"subscription_usd_per_month": 3, "subscription_quota_per_day": 5, "entitled_share": 0.3} | _SOLD_BY_THE_PIECE,
    },
    "a subscription that ends": {
        "making": {"free_quota_per_day": 1},
        "charging": {"subscription_usd_per_month": 5, "willing_to_pay_share": 0.8},
        "interventions": {"no_more": {"day": 75, "set": {"charging.subscription_usd_per_month": 0}}},
    },
    "sessions are refused": {"compute": {"hard_limit_attempts_per_day": 3e4}},
    "advertising, and creators have a share": {
        "charging": {"advertising_usd_per_1000_views": 8},
        "creator_pay": {"share_of_advertising": 0.5},
        "dials": {"monetization": 1},
    },
    "creator pay is not exclusive": {"publishing": {"exclusive": False}, "dials": {"monetization": 0.8, "export_leakage": 1}},
    "outside takes nothing from a clip": {"publishing": {"overlap": 0, "outside_cost_usd": 0}, "dials": {"export_leakage": 1}},
    "no place outside": {"external_platforms": {"short_video": None}},
    "two places outside, one closes": {
        "external_platforms": {"long_video": {"views_per_clip": 300, "payout_usd_per_1000_views": 2, "saturation_clips_per_day": None}},
        "interventions": {"closes": {"day": 60, "set": {"external_platforms.long_video.open": False}}},
    },
    "demand outside saturates": {"external_platforms": {"short_video": {"saturation_clips_per_day": 5e4}}},
    "nobody is ever dormant": {"habit": {"dormant_below": 0}},
    "many are dormant": {"habit": {"dormant_below": 0.1}},
    "capacity keeps up at once": {"compute": {"capacity_adjust_per_day": 1, "overflow_surcharge": 2}},
    "ramps and triggers": {
        "interventions": {
            "opens": {"day": 20, "ramp_days": 30, "set": {"dials.export_leakage": 1, "making.free_quota_per_day": 12}},
            "steers": {"when": "installs_total > 200000", "ramp_days": 15, "set": {"dials.steerability": 0.9}},
            "patience": {"when": "dau >= 100000", "set": {"making.patience_attempts": 20}},
            "stops": {"day": 35, "set": {"dials.export_leakage": 0.3}},
        }
    },
    "a dated end": {"interventions": {"end": {"day": 150, "close": True}}},
    "an end that is triggered": {"interventions": {"end": {"when": "installs_total > 700000", "close": True}}},
    "the parent's budget runs out": {"parent": {"budget_usd": 2e7}},
    "the parent loses patience": {"parent": {"stop_loss_usd": 1e7}},
    "the parent has a better use": {"parent": {"alternative_return_usd_per_gpu_hour": 1}},
}


def variant(name: str) -> Scenario:
    """The lively world with one thing different; "" for the lively world itself."""
    document = dict(LIVELY)
    for section, values in VARIANTS[name].items() if name else ():
        document[section] = document.get(section, {}) | values if isinstance(values, dict) else values
    return scenario_from(document)


def everything_on(days: int) -> Scenario:
    """A small world in which every kind of money flows and every optional rule is on."""
    return scenario_from(BUSY | {"agents": 120, "days": days})
