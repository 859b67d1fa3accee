"""One worked day of business, posted to the books and described by its second sources."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pytest

from sim.ledger.checks import DayFacts
from sim.ledger.journal import Books

PostADay = Callable[..., DayFacts]

USD: dict[str, float] = {
    "advertising": 300.0,  # 100,000 views at 3 USD per 1000
    "credits": 2_000.0,  # 100 rows x 50 people x .40
    "subscriptions": 1_000.0,  # 30 rows x 50 people x 20 / 30 days
    "store_fee": 900.0,  # .3 x 3000
    "compute_used": 25_000.0,  # 1000 rows x 50 people x .50
    "compute_idle": 2_500.0,  # 10,000 attempts x .50 x .5
    "compute_overflow": 0.0,
    "delivery": 5.0,  # 100,000 views x 5e-5
    "moderation": 35.0,  # 70 rows x 50 people x .01
    "fixed": 150_000.0,
    "marketing": 1_000.0,
    "creator_share_of_advertising": 120.0,
    "creator_fund": 380.0,
    "outside_advertising": 40.0,
    "outside_payout": 10.0,
}
OPERATING_PROFIT_USD = 3_300.0 - 179_940.0
UNDIVIDED = {"compute_idle", "compute_overflow", "fixed", "marketing"}


def facts_of_day(day: int, reserved: float = 60_000.0) -> DayFacts:
    """The second sources of the worked day, the same business every day."""
    return DayFacts(
        people_per_row=50.0,
        creator_pay_micro=500_000_000 * (day + 1),
        outside_pay_micro=10_000_000 * (day + 1),
        clip_views=100_000,
        visit_views=100_000,
        attempts_column=1_000 * (day + 1),
        attempts_sessions=1_000 * (day + 1),
        credit_attempts_column=100 * (day + 1),
        outside_views=20_000,
        subscribers_rows=30,
        clips_published_rows=70,
        compute_reserved=reserved,
        unit_cost_usd=0.5,
        idle_cost_share=0.5,
        overflow_surcharge=0.25,
        advertising_usd_per_1000_views=3.0,
        creator_share_of_advertising=0.4,
        outside_advertising_usd_per_1000_views=2.0,
        credit_usd_per_attempt=0.4,
        subscription_usd_per_month=20.0,
        store_fee_share=0.3,
        delivery_usd_per_view=5e-5,
        moderation_usd_per_clip=0.01,
        fixed_usd_per_day=150e3,
        marketing_usd_per_day=1e3,
    )


def post_a_day(
    books: Books, day: int, times: Mapping[str, tuple[float, ...]] | None = None, overflows: bool = False, close: bool = True
) -> DayFacts:
    """Post and close the worked day. times: kind -> factors it is posted at; () is not at all, (1, 1) twice, (1.01,) at a wrong rate."""
    usd = {**USD, "compute_idle": 0.0, "compute_overflow": 1_250.0} if overflows else USD
    weights = np.arange(books.cohorts, dtype=np.int64) ** 2
    books.open_day(day)
    for kind, amount in usd.items():
        for factor in (times or {}).get(kind, (1.0,)):
            books.post(kind, amount * factor, None if kind in UNDIVIDED else weights)
    if "parent_funding" not in (times or {}):
        books.post_micro("parent_funding", max(0, -books.operating_profit_micro()))
    if close:
        books.close_day()
    return facts_of_day(day, 40_000.0 if overflows else 60_000.0)


def open_books(days: int = 10, cohorts: int = 53) -> Books:
    """Books with a billion in the parent's budget and nothing in the operator's."""
    books = Books(days, cohorts)
    books.open_day(-1)
    books.post("parent_endowment", 1e9)
    books.close_day()
    return books


@pytest.fixture
def books() -> Books:
    """Books after the opening entries."""
    return open_books()


@pytest.fixture
def a_day() -> PostADay:
    """The function that posts the worked day."""
    return post_a_day


@pytest.fixture
def new_books() -> Callable[..., Books]:
    """The function that opens books."""
    return open_books


@pytest.fixture
def worked_profit_usd() -> float:
    """Operating profit of the worked day, by hand."""
    return OPERATING_PROFIT_USD
