"""The operator's and the parent's money: who pays whom in a day, and the compute bill (M7, M8, M9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.twin.arithmetic import MICRO_PER_USD
from tests.twin.creator import RENEWAL_DAYS

if TYPE_CHECKING:
    from tests.twin.model import TwinEcosystem

REVENUE = ("advertising", "credits", "subscriptions")
COST = (
    "store_fee",
    "compute_used",
    "compute_idle",
    "compute_overflow",
    "delivery",
    "moderation",
    "fixed",
    "marketing",
    "creator_share_of_advertising",
    "creator_fund",
)
OUTSIDE_MONEY = ("outside_advertising", "outside_payout")


class Purse:
    """The operator's and the parent's money in whole micro-dollars, and what was paid today and since launch by kind."""

    def __init__(self, opening_cash_usd: float, budget_usd: float) -> None:
        self.operator = round(opening_cash_usd * MICRO_PER_USD)
        self.parent = round(budget_usd * MICRO_PER_USD)
        self.since_launch = dict.fromkeys((*REVENUE, *COST, *OUTSIDE_MONEY, "parent_funding"), 0)
        self.since_launch |= {"opening_cash": self.operator, "parent_endowment": self.parent}
        self.today = dict.fromkeys(self.since_launch, 0)

    def open(self) -> None:
        """Begin a day."""
        self.today = dict.fromkeys(self.today, 0)

    def post(self, kind: str, usd: float) -> None:
        """Book an amount in USD, rounded once, half to even."""
        self.post_micro(kind, round(usd * MICRO_PER_USD))

    def post_micro(self, kind: str, micro: int) -> None:
        """Book whole micro-dollars: revenue to the operator, cost from it, funding from the parent to it; the rest concerns others."""
        self.today[kind] += micro
        self.since_launch[kind] += micro
        if kind in REVENUE:
            self.operator += micro
        elif kind in COST:
            self.operator -= micro
        elif kind == "parent_funding":
            self.operator += micro
            self.parent -= micro

    def usd(self, *kinds: str) -> float:
        """What was paid today under these kinds, USD, added in their order."""
        total = 0.0
        for kind in kinds:
            total += self.today[kind] / MICRO_PER_USD
        return total

    def profit_micro(self) -> int:
        """Today's revenue less cost, outside funding not counted."""
        return sum(self.today[kind] for kind in REVENUE) - sum(self.today[kind] for kind in COST)

    def cover(self) -> bool:
        """The parent pays what the operator is short of, as far as its budget goes; returns whether that was not enough."""
        if self.operator < 0:
            self.post_micro("parent_funding", min(-self.operator, self.parent))
        return self.operator < 0 and self.parent == 0


def charge_and_pay(model: TwinEcosystem) -> None:
    """M8: who pays the operator, whom it pays, and what clips earn outside."""
    s, today, purse, w = model.settings, model.today, model.purse, model.people_per_row
    purse.open()
    views = sum(today.views_of_niche)
    purse.post("advertising", views / 1000.0 * s.charging_advertising_usd_per_1000_views)
    if today.credit_attempts:
        purse.post("credits", today.credit_attempts * w * s.charging_credit_usd_per_attempt)
    purse.post("subscriptions", today.subscribers * w * s.charging_subscription_usd_per_month / RENEWAL_DAYS)
    for kind in ("credits", "subscriptions"):
        purse.post("store_fee", s.charging_store_fee_share * purse.usd(kind))
    from_advertising = min(today.pay_micro, round(s.creator_pay_share_of_advertising * purse.today["advertising"]))
    purse.post_micro("creator_share_of_advertising", from_advertising)
    purse.post_micro("creator_fund", today.pay_micro - from_advertising)
    purse.post("outside_advertising", today.outside_views / 1000.0 * model.platform.advertising_usd_per_1000_views)
    purse.post_micro("outside_payout", today.outside_pay_micro)
    purse.post("delivery", views * s.compute_delivery_usd_per_view)
    purse.post("moderation", today.published * w * s.compute_moderation_usd_per_clip)
    purse.post("fixed", s.operator_fixed_usd_per_day)
    purse.post("marketing", s.operator_marketing_usd_per_day)


def pay_for_compute(model: TwinEcosystem) -> None:
    """M7: attempts used, capacity idle, overflow; the launch day's demand is what was reserved for it."""
    s, today, purse = model.settings, model.today, model.purse
    used = today.attempts * model.people_per_row
    today.unit_cost_usd = model.rules.compute.unit_cost_usd(
        s.compute_first_unit_cost_usd,
        s.compute_floor_unit_cost_usd,
        s.compute_wright_exponent,
        s.compute_wright_reference_attempts,
        s.compute_decline_factor_per_year,
        model.attempts_total,
        float(model.day),
    )
    if model.day == 0:
        model.operator.reserved = used
    model.attempts_total += used
    idle, overflow = max(0.0, model.operator.reserved - used), max(0.0, used - model.operator.reserved)
    purse.post("compute_used", used * today.unit_cost_usd)
    purse.post("compute_idle", idle * today.unit_cost_usd * s.compute_idle_cost_share)
    purse.post("compute_overflow", overflow * today.unit_cost_usd * s.compute_overflow_surcharge)
