"""M8. Two engines can pay: makers and audiences (claim C10).

Credits: beyond her quota a willing maker buys the next attempt while v·P(it is accepted | controlled steps so far) > price, P from M1.
Subscription: at a 30-day renewal she holds it with chance Λ((n·Δu - price)/T_s), n = 30·x_make expected sessions, Δu what its quota adds
to the expected worth of a session; nobody holds one that adds nothing.
"""

from __future__ import annotations

from sim.foundation.compiled import compiled
from sim.foundation.elementary import logistic
from sim.foundation.parameters import Parameter, assumed, calibrated, measured

SUBSCRIPTION_DAYS = 30

PARAMETERS = (
    Parameter("charging.advertising_usd_per_1000_views", 0.0, "USD/1000 views", "advertising sold on views here", assumed("off"), low=0),
    Parameter(
        "charging.credit_usd_per_attempt",
        None,
        "USD/attempt",
        "price of an attempt beyond the quota; null: none sold",
        measured("Sora: 4 USD for 10 from day 30 (Peebles, 2025-10-30)"),
        low=0,
        optional=True,
    ),
    Parameter("charging.subscription_usd_per_month", 0.0, "USD/month", "price of 30 days; 0: none sold", assumed("off"), low=0),
    Parameter(
        "charging.subscription_quota_per_day",
        100,
        "attempts/day",
        "quota of a subscriber",
        measured("Pro, 100 a day (2025-10-31)"),
        kind="whole",
        low=0,
    ),
    Parameter(
        "charging.subscription_temperature_usd", 10.0, "USD/month", "noise of the renewal (T_s)", assumed("vary"), low=0, low_open=True
    ),
    Parameter(
        "charging.store_fee_share", 0.3, "share", "the app store's share of credits and subscriptions", measured("list fee"), low=0, high=1
    ),
    Parameter(
        "charging.willing_to_pay_share",
        0.21,
        "share",
        "makers who pay at all",
        calibrated("consumer spending of December and January (Appfigures)"),
        low=0,
        high=1,
        mid_run=False,
    ),
    Parameter(
        "charging.entitled_share",
        0.0,
        "share",
        "makers whose quota comes with another subscription",
        calibrated("Sora: Plus and Pro users, held against daily users after the paywall"),
        low=0,
        high=1,
        mid_run=False,
    ),
    Parameter(
        "charging.entitled_quota_per_day", 30, "attempts/day", "their quota", measured("Plus, 30 a day (2025-10-31)"), kind="whole", low=0
    ),
    Parameter(
        "creator_pay.share_of_advertising",
        0.0,
        "share",
        "share of advertising that pays creators before the fund does",
        assumed("off"),
        low=0,
        high=1,
    ),
    Parameter("operator.fixed_usd_per_day", 150e3, "USD/day", "staff and all that does not scale", assumed("some 150 people"), low=0),
    Parameter(
        "operator.marketing_usd_per_day",
        0.0,
        "USD/day",
        "marketing; its effect is adoption.advertising_per_day",
        assumed("none seen"),
        low=0,
    ),
    Parameter(
        "operator.opening_cash_usd", 0.0, "USD", "the operator's own cash at launch", assumed("the parent funds"), low=0, mid_run=False
    ),
)


@compiled
def buys_attempt(value: float, chance: float, price: float) -> bool:
    """Whether a willing maker buys the next attempt; value and price in USD, price infinite when none is sold."""
    return value * chance > price


@compiled
def subscription_chance(sessions: float, gain: float, price: float, temperature: float) -> float:
    """Chance to hold the subscription for the next 30 days: gain in USD per session, price and temperature in USD per 30 days."""
    if gain <= 0.0:
        return 0.0
    return logistic((sessions * gain - price) / temperature)
