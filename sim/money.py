"""The phases of a day that move money: charging and paying (M8), the compute bill (M7), and the close of the books."""

from __future__ import annotations

import math

from sim.ledger.checks import DayFacts, check_day
from sim.ledger.statements import MICRO_PER_USD
from sim.populations import sessions
from sim.populations.people import column_sums
from sim.rules.charging import SUBSCRIPTION_DAYS
from sim.world import World


def credit_price_usd(world: World) -> float:
    """Price of a credit; 0 where none are sold, so that amounts stay numbers."""
    price = float(world.policy.settings.charging_credit_usd_per_attempt)
    return 0.0 if math.isinf(price) else price


def charge_and_pay(world: World) -> None:
    """Advertising, credits, subscriptions, the store's fee; creator pay, first from its share of advertising; what outside platforms
    earn.
    """
    s, today, books = world.policy.settings, world.today, world.books
    counts, by_cohort, w = today.counts.tolist(), today.by_cohort, world.people_per_row
    books.open_day(world.day)
    views = int(today.views_of_niche.sum())
    books.post("advertising", views / 1000.0 * s.charging_advertising_usd_per_1000_views, by_cohort[sessions.BY_VIEWS])
    bought = counts[sessions.CREDIT_ATTEMPTS] * w
    books.post("credits", bought * credit_price_usd(world), by_cohort[sessions.BY_CREDIT_ATTEMPTS])
    subscribers = counts[sessions.SUBSCRIBERS] * w
    books.post("subscriptions", subscribers * s.charging_subscription_usd_per_month / SUBSCRIPTION_DAYS, by_cohort[sessions.BY_SUBSCRIBERS])
    for kind, payers in (("credits", by_cohort[sessions.BY_CREDIT_ATTEMPTS]), ("subscriptions", by_cohort[sessions.BY_SUBSCRIBERS])):
        books.post("store_fee", s.charging_store_fee_share * books.today_usd(kind), payers)

    pay = int(by_cohort[sessions.BY_PAY_MICRO].sum())
    from_advertising = min(pay, round(s.creator_pay_share_of_advertising * books.today_micro("advertising")))
    books.post_micro("creator_share_of_advertising", from_advertising, by_cohort[sessions.BY_PAY_MICRO])
    books.post_micro("creator_fund", pay - from_advertising, by_cohort[sessions.BY_PAY_MICRO])

    views_outside = counts[sessions.OUTSIDE_VIEWS]
    rate = today.platform.advertising_usd_per_1000_views
    books.post("outside_advertising", views_outside / 1000.0 * rate, by_cohort[sessions.BY_OUTSIDE_VIEWS])
    books.post_cohorts("outside_payout", by_cohort[sessions.BY_OUTSIDE_PAY_MICRO])

    books.post("delivery", views * s.compute_delivery_usd_per_view, by_cohort[sessions.BY_VIEWS])
    published = (counts[sessions.CLIPS_HERE] + counts[sessions.CLIPS_BOTH]) * w
    books.post("moderation", published * s.compute_moderation_usd_per_clip, by_cohort[sessions.BY_CLIPS_PUBLISHED])
    books.post("fixed", s.operator_fixed_usd_per_day)
    books.post("marketing", s.operator_marketing_usd_per_day)


def pay_for_compute(world: World) -> None:
    """cost = u·(used + ρ_c·idle + surcharge·overflow)."""
    s, today, books = world.policy.settings, world.today, world.books
    used = int(today.counts[sessions.ATTEMPTS]) * world.people_per_row
    reserved = world.carried.reserved_attempts
    by_attempts = today.by_cohort[sessions.BY_ATTEMPTS]
    books.post("compute_used", used * today.unit_cost_usd, by_attempts)
    books.post("compute_idle", max(0.0, reserved - used) * today.unit_cost_usd * s.compute_idle_cost_share)
    books.post("compute_overflow", max(0.0, used - reserved) * today.unit_cost_usd * s.compute_overflow_surcharge, by_attempts)


def close_books(world: World) -> None:
    """The parent covers what is missing as far as its budget goes; then the day is closed and held against second sources."""
    books = world.books
    missing = -books.cash_micro("operator")
    if missing > 0:
        books.post_micro("parent_funding", min(missing, books.cash_micro("parent")))
    insolvent = books.cash_micro("operator") < 0 and books.cash_micro("parent") == 0
    if insolvent:
        world.cause = "insolvency"
    books.close_day(insolvent)
    world.carried.loss_micro -= books.operating_profit_micro()
    check_day(books, facts_of(world))


def facts_of(world: World) -> DayFacts:
    """The day by the populations' own columns."""
    s, today, c = world.policy.settings, world.today, world.creators
    pay, pay_outside, attempts, bought, subscribers = column_sums(
        c.pay_micro, c.outside_pay_micro, c.attempts, c.credit_attempts, c.subscribed
    )
    return DayFacts(
        people_per_row=world.people_per_row,
        creator_pay_micro=pay,
        outside_pay_micro=pay_outside,
        clip_views=today.clip_views,
        visit_views=int(today.views_of_niche.sum()),
        attempts_column=attempts,
        attempts_sessions=world.carried.attempts_rows,
        credit_attempts_column=bought,
        outside_views=int(today.by_cohort[sessions.BY_OUTSIDE_VIEWS].sum()),
        subscribers_rows=subscribers,
        clips_published_rows=world.today.published,
        compute_reserved=world.carried.reserved_attempts,
        unit_cost_usd=today.unit_cost_usd,
        idle_cost_share=s.compute_idle_cost_share,
        overflow_surcharge=s.compute_overflow_surcharge,
        advertising_usd_per_1000_views=s.charging_advertising_usd_per_1000_views,
        creator_share_of_advertising=s.creator_pay_share_of_advertising,
        outside_advertising_usd_per_1000_views=today.platform.advertising_usd_per_1000_views,
        credit_usd_per_attempt=credit_price_usd(world),
        subscription_usd_per_month=s.charging_subscription_usd_per_month,
        store_fee_share=s.charging_store_fee_share,
        delivery_usd_per_view=s.compute_delivery_usd_per_view,
        moderation_usd_per_clip=s.compute_moderation_usd_per_clip,
        fixed_usd_per_day=s.operator_fixed_usd_per_day,
        marketing_usd_per_day=s.operator_marketing_usd_per_day,
    )


def runway_days(world: World) -> float:
    """Days that the operator's cash and the parent's budget last at the mean daily result of the last 7 days; infinite without a loss."""
    books = world.books
    cash = (books.cash_micro("operator") + books.cash_micro("parent")) / MICRO_PER_USD
    recent = [*world.recorder.of("operating_profit_usd", 6), books.operating_profit_micro() / MICRO_PER_USD]
    loss = -math.fsum(recent) / len(recent)
    return max(0.0, cash) / loss if loss > 0.0 else math.inf
