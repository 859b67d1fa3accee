"""Random legal scenarios for hypothesis: many parameters anywhere in their ranges, with platforms, rivals, interventions."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from sim.foundation.parameters import Value
from tests.worlds import Document

Strategy = st.SearchStrategy[Any]


def _number(low: float, high: float) -> Strategy:
    return st.one_of(st.floats(low, high), st.sampled_from((float(low), float(high))))


def _or_null(strategy: Strategy) -> Strategy:
    return st.one_of(st.none(), strategy)


MID_RUN: dict[str, Strategy] = {
    "dials.steerability": _number(0, 1),
    "dials.monetization": _number(0, 1),
    "dials.export_leakage": _number(0, 1),
    "adoption.open_share": _number(0, 1),
    "adoption.buzz_per_day": _number(0, 0.5),
    "adoption.chart_per_day": _number(0, 0.1),
    "adoption.word_of_mouth_per_day": _number(0, 0.5),
    "adoption.referral_per_outside_view": _number(0, 1e-3),
    "adoption.news_per_day": _number(0, 0.5),
    "adoption.entry_reputation": _number(0, 4),
    "making.capability": _number(0.1, 20),
    "making.capability_to_miss": _number(0, 1),
    "making.patience_attempts": st.integers(1, 40),
    "making.free_quota_per_day": st.integers(0, 40),
    "making.effort_usd": _number(0, 2),
    "making.disappointment_usd": _number(0, 5),
    "making.uncertainty_usd": _number(-1, 1),
    "learning.rate": _number(0, 3),
    "learning.carry_over": _number(0, 1),
    "publishing.overlap": _number(0, 1),
    "publishing.exclusive": st.booleans(),
    "watching.slots_per_visit": _number(0.5, 500),
    "watching.attraction_scale": _number(1e3, 1e8),
    "watching.variety_exponent": _number(0.1, 1),
    "watching.popularity_exponent": _number(0, 1.5),
    "creators.temperature_usd": _number(0.01, 10),
    "creators.status_usd": _number(0, 3),
    "rival.edge": _number(0, 1),
    "habit.initial": _number(0, 1),
    "habit.learning_rate": _number(0, 1),
    "habit.forgetting_per_day": _number(0, 1),
    "habit.dormant_below": _number(0, 0.1),
    "habit.novelty_days": _number(0.1, 60),
    "compute.first_unit_cost_usd": _number(0, 5),
    "compute.capacity_adjust_per_day": _number(0, 1),
    "compute.overflow_surcharge": _number(0, 5),
    "compute.idle_cost_share": _number(0, 2),
    "compute.hard_limit_attempts_per_day": _or_null(_number(1e3, 1e7)),
    "charging.advertising_usd_per_1000_views": _number(0, 20),
    "charging.credit_usd_per_attempt": _or_null(_number(0, 2)),
    "charging.subscription_usd_per_month": _number(0, 50),
    "charging.subscription_quota_per_day": st.integers(0, 200),
    "charging.store_fee_share": _number(0, 1),
    "creator_pay.share_of_advertising": _number(0, 1),
    "operator.fixed_usd_per_day": _number(0, 1e6),
    "operator.marketing_usd_per_day": _number(0, 1e6),
    "parent.stop_loss_usd": _or_null(_number(0, 1e8)),
}
AT_LAUNCH: dict[str, Strategy] = {
    "people": _number(1e4, 1e9),
    "niches": st.integers(1, 12),
    "creators_share": _number(0.1, 1),
    "watching.quality_slope": _number(0, 3),
    "watching.freshness_decay_per_day": _number(0.02, 10),
    "creators.talent_sd": _number(0, 3),
    "creators.value_usd": _number(0, 20),
    "creators.value_ln_sd": _number(0, 2),
    "creators.making_outside_usd": _number(-3, 5),
    "charging.willing_to_pay_share": _number(0, 1),
    "charging.entitled_share": _number(0, 1),
    "operator.opening_cash_usd": _number(0, 1e8),
    "parent.budget_usd": _number(0, 1e9),
    "rules.watching_reward": st.sampled_from(("share", "any_view")),
}
PLATFORM: dict[str, Strategy] = {
    "views_per_clip": _number(0, 1e4),
    "saturation_clips_per_day": _or_null(_number(10, 1e7)),
    "payout_usd_per_1000_views": _number(0, 20),
    "advertising_usd_per_1000_views": _number(0, 40),
    "open": st.booleans(),
}
RIVAL: dict[str, Strategy] = {
    "steerability": _number(0, 1),
    "capability": _number(0.1, 20),
    "price_usd_per_attempt": _number(0, 2),
    "open": st.booleans(),
}
_RAMPED = (
    "dials.steerability",
    "making.effort_usd",
    "charging.advertising_usd_per_1000_views",
    "watching.slots_per_visit",
    "adoption.open_share",
)
_TRIGGERS = ("installs_total > 1000", "dau < 5000", "runway_days < 90", "attempts >= 1", "readiness <= 0.01")


def nested(flat: dict[str, Value]) -> Document:
    """{"a.b": 1} as {"a": {"b": 1}}."""
    document: Document = {}
    for path, value in flat.items():
        *sections, last = path.split(".")
        branch = document
        for section in sections:
            branch = branch.setdefault(section, {})
        branch[last] = value
    return document


def _some(strategies: dict[str, Strategy]) -> Strategy:
    return st.fixed_dictionaries({}, optional=strategies)


def _interventions(days: int) -> Strategy:
    changes = _some(MID_RUN).filter(bool)
    dated = st.fixed_dictionaries({"day": st.integers(days // 2 + 1, days - 1), "set": changes})
    ramped = st.fixed_dictionaries(
        {
            "day": st.integers(0, days // 2),
            "ramp_days": st.integers(1, 40),
            "set": _some({key: MID_RUN[key] for key in _RAMPED}).filter(bool),
        }
    )
    triggered = st.fixed_dictionaries({"when": st.sampled_from(_TRIGGERS), "set": changes})
    closing = st.fixed_dictionaries({"day": st.integers(days // 2, days - 1), "close": st.just(True)})
    return st.fixed_dictionaries({}, optional={"ramped": ramped, "triggered": triggered, "closing": closing, "dated": dated})


@st.composite
def scenarios(draw: st.DrawFn, agents: int = 300, days: int = 60) -> Document:
    """A legal scenario document over the baseline: about half of some sixty parameters drawn from their whole ranges."""
    document = nested(draw(_some(AT_LAUNCH | MID_RUN)))
    document |= {"schema": 1, "question": "What if?", "extends": "baseline", "agents": agents, "days": days}
    document["external_platforms"] = draw(
        st.fixed_dictionaries({"short_video": st.one_of(st.none(), _some(PLATFORM))}, optional={"elsewhere": _some(PLATFORM)})
    )
    document["rival_tools"] = draw(st.dictionaries(st.sampled_from(("pencil", "brush")), _some(RIVAL), max_size=2))
    document["interventions"] = draw(_interventions(days))
    return document
