"""The kinds of money flow: one row a kind. Mechanisms post a kind; only this table knows who pays whom.

A new kind is a row here and its name in `sim.ledger.statements`, which classifies the kinds a second time so that a wrong row is found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

StatementLine = Literal["revenue", "cost", "funding", "outside"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of money flow.

    payer, payee: holders (`sim.ledger.accounts`).
    line: part of the operator's statement; "outside" does not touch the operator.
    metric: the column of the daily table that the amount enters.
    """

    name: str
    payer: str
    payee: str
    meaning: str
    line: StatementLine
    metric: str


ENTRIES: tuple[Entry, ...] = (
    Entry("parent_endowment", "equity", "parent", "the parent's budget at the opening", "outside", "parent_budget_usd"),
    Entry("opening_cash", "equity", "operator", "the operator's own cash at the opening", "funding", "operator_cash_usd"),
    Entry("advertising", "advertisers", "operator", "advertising sold on views here", "revenue", "revenue_advertising_usd"),
    Entry("credits", "creators", "operator", "attempts bought beyond the quota, before the store fee", "revenue", "revenue_credits_usd"),
    Entry(
        "subscriptions", "creators", "operator", "a day's part of every price, before the store fee", "revenue", "revenue_subscriptions_usd"
    ),
    Entry("store_fee", "operator", "app_store", "the shop's share of credits and subscriptions", "cost", "cost_store_fee_usd"),
    Entry("compute_used", "operator", "cloud", "attempts made", "cost", "cost_compute_usd"),
    Entry("compute_idle", "operator", "cloud", "capacity reserved and not used", "cost", "cost_compute_usd"),
    Entry("compute_overflow", "operator", "cloud", "surcharge on attempts beyond the reservation", "cost", "cost_compute_usd"),
    Entry("delivery", "operator", "suppliers", "delivery of views here", "cost", "cost_delivery_usd"),
    Entry("moderation", "operator", "suppliers", "moderation of clips published here", "cost", "cost_moderation_usd"),
    Entry("fixed", "operator", "suppliers", "staff, rent and all that does not move with use", "cost", "cost_fixed_usd"),
    Entry("marketing", "operator", "suppliers", "marketing", "cost", "cost_marketing_usd"),
    Entry("creator_share_of_advertising", "operator", "creators", "creators' share of advertising", "cost", "cost_creator_pay_usd"),
    Entry("creator_fund", "operator", "creators", "creator pay beyond the share of advertising", "cost", "cost_creator_pay_usd"),
    Entry("parent_funding", "parent", "operator", "paid in by the parent to cover a deficit", "funding", "parent_funding_usd"),
    Entry("outside_advertising", "advertisers", "external_platforms", "advertising on exported clips", "outside", "value_leaked_usd"),
    Entry("outside_payout", "external_platforms", "creators", "paid for exported clips", "outside", "outside_payout_usd"),
)

ENTRY_NAMES: tuple[str, ...] = tuple(entry.name for entry in ENTRIES)
