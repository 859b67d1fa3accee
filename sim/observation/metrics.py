"""The daily metrics: every column of the daily table with unit, meaning and how it aggregates over days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Aggregation = Literal["sum", "last", "mean", "max"]


@dataclass(frozen=True, slots=True)
class Metric:
    """One column of the daily table. `aggregation` says how days make a month; counts of people are in people, not rows."""

    name: str
    unit: str
    meaning: str
    aggregation: Aggregation


DAILY: tuple[Metric, ...] = (
    Metric("installs", "people", "first adoptions today", "sum"),
    Metric("installs_total", "people", "first adoptions since launch", "last"),
    Metric("dau", "people", "made or watched today, counted once", "mean"),
    Metric("wau", "people", "active on at least one of the last 7 days", "last"),
    Metric("mau", "people", "active on at least one of the last 28 days", "last"),
    Metric("makers", "people", "made at least one attempt today", "mean"),
    Metric("watchers", "people", "watched today", "mean"),
    Metric("retained_users", "people", "active today and on one of the 28 days before", "mean"),
    Metric("returned_users", "people", "came back today after more than 28 days away", "sum"),
    Metric("lapsed_users", "people", "became 28 days away today", "sum"),
    Metric("readiness", "share", "mean readiness over the whole market, the larger of making and watching (X of M0)", "last"),
    Metric("readiness_make", "share", "mean readiness to make over creators who are in and not dormant", "last"),
    Metric("readiness_watch", "share", "mean readiness to watch over people who are in and not dormant", "last"),
    Metric("sessions", "sessions", "making sessions admitted", "sum"),
    Metric("refused_sessions", "sessions", "making sessions refused at overload", "sum"),
    Metric("attempts", "attempts", "generations made, free and paid", "sum"),
    Metric("controlled_attempts", "attempts", "of which controlled: one step nearer to what the maker wants", "sum"),
    Metric("credit_attempts", "attempts", "of which bought with credits", "sum"),
    Metric("accepted_sessions", "sessions", "sessions that ended with a usable clip", "sum"),
    Metric("skill", "share", "mean skill at the end of today's sessions", "mean"),
    Metric("clips_here", "clips", "published here only", "sum"),
    Metric("clips_both", "clips", "published here and outside", "sum"),
    Metric("clips_outside", "clips", "published outside only", "sum"),
    Metric("quality_made", "clips", "today's clips weighted by Q (a mean launch clip counts 1)", "sum"),
    Metric("quality_exported", "clips", "exported clips weighted by Q", "sum"),
    Metric("views_here", "views", "whole views of clips here", "sum"),
    Metric("views_outside", "views", "views outside of clips exported today", "sum"),
    Metric("views_per_clip_here", "views", "moving average of views today per clip published here today, mean of niches (V_h)", "last"),
    Metric("subscribers", "people", "hold a subscription today", "last"),
    Metric("payers_total", "people", "ever bought a credit or a subscription", "last"),
    Metric("admitted_share", "share", "share of sessions admitted, from yesterday's overload", "mean"),
    Metric("unit_cost_usd", "USD/attempt", "cost of one attempt today", "last"),
    Metric("compute_used", "attempts", "compute used", "sum"),
    Metric("compute_reserved", "attempts", "capacity reserved", "mean"),
    Metric("compute_idle", "attempts", "reserved and not used", "sum"),
    Metric("compute_overflow", "attempts", "used beyond the reservation", "sum"),
    Metric("revenue_advertising_usd", "USD", "advertising sold on views here", "sum"),
    Metric("revenue_subscriptions_usd", "USD", "subscriptions as earned, before the store fee", "sum"),
    Metric("revenue_credits_usd", "USD", "credits, before the store fee", "sum"),
    Metric("revenue_usd", "USD", "all revenue", "sum"),
    Metric("cost_compute_usd", "USD", "used, idle and overflow compute", "sum"),
    Metric("cost_creator_pay_usd", "USD", "paid to creators, from advertising and from the fund", "sum"),
    Metric("cost_delivery_usd", "USD", "delivery of views", "sum"),
    Metric("cost_moderation_usd", "USD", "moderation of clips published here", "sum"),
    Metric("cost_marketing_usd", "USD", "marketing", "sum"),
    Metric("cost_store_fee_usd", "USD", "the app store's share of what users pay", "sum"),
    Metric("cost_fixed_usd", "USD", "fixed cost", "sum"),
    Metric("cost_usd", "USD", "all cost", "sum"),
    Metric("operating_profit_usd", "USD", "revenue minus all cost, outside funding not counted", "sum"),
    Metric("cumulated_loss_usd", "USD", "minus the operating profit since launch", "last"),
    Metric("parent_funding_usd", "USD", "paid in by the parent to cover today's deficit", "sum"),
    Metric("parent_budget_usd", "USD", "left in the parent's budget", "last"),
    Metric("operator_cash_usd", "USD", "operator's cash at close", "last"),
    Metric(
        "runway_days", "days", "operator's cash and parent's budget over the mean daily loss of 7 days; infinite without a loss", "last"
    ),
    Metric("value_leaked_usd", "USD", "outside advertising on exported clips, before payouts", "sum"),
    Metric("outside_payout_usd", "USD", "paid to creators by outside platforms", "sum"),
    Metric("outside_equivalent_usd", "USD", "what clips published here today would have earned outside", "sum"),
)

DAILY_NAMES: tuple[str, ...] = tuple(metric.name for metric in DAILY)
