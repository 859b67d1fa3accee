"""Checks at the close of a day: the books against second sources, the populations' own columns.

Each check is a function of the closed day's books and facts that raises BooksBroken with the entry, what was booked and what was expected.
Sums of whole columns must agree exactly. An amount that a formula gives may differ by 2 micro-dollars, as it was rounded once, and by
1e-12 of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sim.ledger.journal import Books, BooksBroken
from sim.ledger.statements import MICRO_PER_USD

TOLERANCE_MICRO = 2.0
RELATIVE_TOLERANCE = 1e-12
RENEWAL_DAYS = 30


class DayFacts(NamedTuple):
    """One day by the populations' columns and today's prices. Counts of rows stand for `people_per_row` times as many people's acts.

    The first block is sums of columns: cumulated since launch where it says so, else of today.
    """

    people_per_row: float
    creator_pay_micro: int
    """Creators' pay column, cumulated, micro-dollars of all people."""
    outside_pay_micro: int
    """Creators' outside pay column, cumulated, micro-dollars of all people."""
    clip_views: int
    """Today's whole views over clips, of all people."""
    visit_views: int
    """Today's whole views over visits, of all people."""
    attempts_column: int
    """Creators' attempts column, cumulated, rows."""
    attempts_sessions: int
    """Attempts over sessions, cumulated, rows."""
    credit_attempts_column: int
    """Creators' column of attempts bought with credits, cumulated, rows."""
    outside_views: int
    """Today's whole views outside, summed over cohorts, of all people."""
    subscribers_rows: int
    clips_published_rows: int
    """Clips published here today, those also outside included, rows."""
    compute_reserved: float
    """Capacity reserved for today, attempts of all people."""

    unit_cost_usd: float
    idle_cost_share: float
    overflow_surcharge: float
    advertising_usd_per_1000_views: float
    creator_share_of_advertising: float
    outside_advertising_usd_per_1000_views: float
    credit_usd_per_attempt: float
    subscription_usd_per_month: float
    store_fee_share: float
    delivery_usd_per_view: float
    moderation_usd_per_clip: float
    fixed_usd_per_day: float
    marketing_usd_per_day: float


Check = Callable[[Books, DayFacts], None]


def check_creator_pay(books: Books, facts: DayFacts) -> None:
    """Creators' pay column = what was paid to creators since launch."""
    paid = books.since_launch_micro("creator_share_of_advertising") + books.since_launch_micro("creator_fund")
    _same(
        books,
        "creator_share_of_advertising + creator_fund",
        paid,
        facts.creator_pay_micro,
        "micro-dollars paid to creators since launch, in their pay column",
    )


def check_creator_share(books: Books, facts: DayFacts) -> None:
    """Creator pay comes first from its share of advertising, and from the fund only beyond it."""
    pay = books.today_usd("creator_share_of_advertising") + books.today_usd("creator_fund")
    _close(books, "creator_share_of_advertising", min(pay, facts.creator_share_of_advertising * books.today_usd("advertising")))


def check_parent_funding(books: Books, facts: DayFacts) -> None:
    """The parent pays what the operator is short of after its own cash, as far as the parent's budget went; never more."""
    missing = -(books.cash_at_open_micro("operator") + books.operating_profit_micro())
    expected = min(max(0, missing), books.cash_at_open_micro("parent"))
    _same(books, "parent_funding", books.today_micro("parent_funding"), expected, "micro-dollars paid in by the parent, missing")


def check_outside_pay(books: Books, facts: DayFacts) -> None:
    """Creators' outside pay column = what external platforms paid out since launch."""
    paid = books.since_launch_micro("outside_payout")
    _same(books, "outside_payout", paid, facts.outside_pay_micro, "micro-dollars paid outside since launch, in their column")


def check_views(books: Books, facts: DayFacts) -> None:
    """Clips' whole views = visits' whole views, exactly."""
    _same(books, "views", facts.clip_views, facts.visit_views, "views counted by clips, by visits")


def check_attempts(books: Books, facts: DayFacts) -> None:
    """Creators' attempts column = attempts over sessions, exactly."""
    _same(books, "attempts", facts.attempts_column, facts.attempts_sessions, "attempts since launch in creators' column, over sessions")


def check_advertising(books: Books, facts: DayFacts) -> None:
    """Advertising = views here x rate."""
    _close(books, "advertising", facts.visit_views / 1000 * facts.advertising_usd_per_1000_views)


def check_outside_advertising(books: Books, facts: DayFacts) -> None:
    """Outside advertising = views outside x rate there."""
    _close(books, "outside_advertising", facts.outside_views / 1000 * facts.outside_advertising_usd_per_1000_views)


def check_delivery(books: Books, facts: DayFacts) -> None:
    """Delivery = views here x cost of a view."""
    _close(books, "delivery", facts.visit_views * facts.delivery_usd_per_view)


def check_compute_used(books: Books, facts: DayFacts) -> None:
    """Compute used = attempts x unit cost."""
    _close(books, "compute_used", _attempts_today(books, facts) * facts.unit_cost_usd)


def check_compute_idle(books: Books, facts: DayFacts) -> None:
    """Compute bought = used + idle: what was reserved and not used costs its share of the unit cost."""
    idle = max(0.0, facts.compute_reserved - _attempts_today(books, facts))
    _close(books, "compute_idle", idle * facts.unit_cost_usd * facts.idle_cost_share)


def check_compute_overflow(books: Books, facts: DayFacts) -> None:
    """Compute bought beyond the reservation costs a surcharge on the unit cost."""
    overflow = max(0.0, _attempts_today(books, facts) - facts.compute_reserved)
    _close(books, "compute_overflow", overflow * facts.unit_cost_usd * facts.overflow_surcharge)


def check_credits(books: Books, facts: DayFacts) -> None:
    """Credits = attempts bought today x price."""
    bought = (facts.credit_attempts_column - books.credit_attempts_checked) * facts.people_per_row
    _close(books, "credits", bought * facts.credit_usd_per_attempt)


def check_subscriptions(books: Books, facts: DayFacts) -> None:
    """Subscriptions = holders x price of a day."""
    _close(books, "subscriptions", facts.subscribers_rows * facts.people_per_row * facts.subscription_usd_per_month / RENEWAL_DAYS)


def check_store_fee(books: Books, facts: DayFacts) -> None:
    """Store fee = its share of credits and subscriptions."""
    _close(books, "store_fee", facts.store_fee_share * (books.today_usd("credits") + books.today_usd("subscriptions")))


def check_moderation(books: Books, facts: DayFacts) -> None:
    """Moderation = clips published here x cost of a clip."""
    _close(books, "moderation", facts.clips_published_rows * facts.people_per_row * facts.moderation_usd_per_clip)


def check_fixed(books: Books, facts: DayFacts) -> None:
    """Fixed cost is today's fixed cost."""
    _close(books, "fixed", facts.fixed_usd_per_day)


def check_marketing(books: Books, facts: DayFacts) -> None:
    """Marketing is today's marketing."""
    _close(books, "marketing", facts.marketing_usd_per_day)


CHECKS: tuple[Check, ...] = (
    check_creator_pay,
    check_outside_pay,
    check_views,
    check_attempts,
    check_advertising,
    check_outside_advertising,
    check_delivery,
    check_compute_used,
    check_compute_idle,
    check_compute_overflow,
    check_credits,
    check_subscriptions,
    check_store_fee,
    check_moderation,
    check_fixed,
    check_marketing,
    check_creator_share,
    check_parent_funding,
)


def check_day(books: Books, facts: DayFacts) -> None:
    """Run every check on the day just closed, once, and keep the cumulated counts that tomorrow's attempts are counted from.

    Raises BooksBroken at the first breach.
    """
    for check in CHECKS:
        check(books, facts)
    books.attempts_checked = facts.attempts_column
    books.credit_attempts_checked = facts.credit_attempts_column


def _attempts_today(books: Books, facts: DayFacts) -> float:
    """Attempts of all people today: what the creators' column grew by since the last check."""
    return (facts.attempts_column - books.attempts_checked) * facts.people_per_row


def _same(books: Books, entry: str, found: int, expected: int, what: str) -> None:
    """Two whole sums agree."""
    if found != expected:
        raise BooksBroken(books.day, entry, f"{found} is not {expected} ({what})")


def _close(books: Books, entry: str, expected_usd: float) -> None:
    """What was booked today is the expected amount within the tolerance."""
    booked, expected = books.today_micro(entry), expected_usd * MICRO_PER_USD
    if not abs(booked - expected) <= TOLERANCE_MICRO + RELATIVE_TOLERANCE * abs(expected):
        raise BooksBroken(books.day, entry, f"booked {booked / MICRO_PER_USD:.6f} USD, the second source says {expected_usd:.6f} USD")
