"""Planted faults: each is found at the close of its day and the finding names the entry."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest

from sim.ledger import entries, journal
from sim.ledger.checks import CHECKS, DayFacts, check_day
from sim.ledger.entries import ENTRY_NAMES
from sim.ledger.journal import Books, BooksBroken

NewBooks = Callable[..., Books]
PostADay = Callable[..., DayFacts]

PAY = "creator_share_of_advertising + creator_fund"
RECONCILED = (
    "advertising",
    "credits",
    "subscriptions",
    "store_fee",
    "compute_used",
    "compute_idle",
    "delivery",
    "moderation",
    "fixed",
    "marketing",
    "outside_payout",
    "creator_fund",
    "creator_share_of_advertising",
)
WRONG = {"missing": (), "twice": (1.0, 1.0), "a wrong rate": (1.01,)}


def closing(books: Books) -> BooksBroken:
    with pytest.raises(BooksBroken) as raised:
        books.close_day()
    return raised.value


def planted(books: Books, a_day: PostADay, **options: object) -> BooksBroken:
    """What the close and checks of day 1 say, after a sound day 0."""
    check_day(books, a_day(books, 0))
    with pytest.raises(BooksBroken) as raised:
        check_day(books, a_day(books, 1, **options))
    return raised.value


def test_the_worked_day_reconciles_day_after_day(books: Books, a_day: PostADay) -> None:
    for day in range(3):
        check_day(books, a_day(books, day, overflows=day == 1))


@pytest.mark.parametrize("fault", WRONG)
@pytest.mark.parametrize("kind", RECONCILED)
def test_a_posting_that_is_missing_doubled_or_at_a_wrong_rate_is_named(books: Books, a_day: PostADay, kind: str, fault: str) -> None:
    breach = planted(books, a_day, times={kind: WRONG[fault]})
    assert breach.day == 1
    assert breach.entry == (PAY if kind.startswith("creator") else kind)


@pytest.mark.parametrize("kind", ["compute_used", "fixed"])
def test_one_part_in_a_thousand_million_is_found(books: Books, a_day: PostADay, kind: str) -> None:
    assert planted(books, a_day, times={kind: (1.000000001,)}).entry == kind


@pytest.mark.parametrize("fault", WRONG)
def test_a_wrong_surcharge_is_named(books: Books, a_day: PostADay, fault: str) -> None:
    assert planted(books, a_day, times={"compute_overflow": WRONG[fault]}, overflows=True).entry == "compute_overflow"


def test_missing_funding_leaves_the_operator_below_zero(books: Books, a_day: PostADay) -> None:
    assert planted(books, a_day, times={"parent_funding": ()}).entry == "operator"


@pytest.mark.parametrize("fault", WRONG)
def test_wrong_outside_advertising_is_named(books: Books, a_day: PostADay, fault: str) -> None:
    assert planted(books, a_day, times={"outside_advertising": WRONG[fault]}).entry == "outside_advertising"


@pytest.mark.parametrize("kind", RECONCILED)
def test_a_wrong_sign_is_refused(books: Books, a_day: PostADay, kind: str) -> None:
    assert planted(books, a_day, times={kind: (-1.0,)}).entry == kind


@pytest.mark.parametrize("kind", ENTRY_NAMES)
def test_a_swapped_payer_and_payee_is_named(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    swapped = [replace(entry, payer=entry.payee, payee=entry.payer) if entry.name == kind else entry for entry in entries.ENTRIES]
    monkeypatch.setattr(entries, "ENTRIES", tuple(swapped))
    books = Books(1, 3)
    books.open_day(0)
    for other in ("parent_endowment", "opening_cash", "outside_advertising"):
        if other != kind:
            books.post(other, 1e6)
    books.post(kind, 7.0)
    assert closing(books).entry == kind


def test_a_new_kind_that_the_statements_do_not_list_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    gift = entries.Entry("gift", "viewers", "operator", "tips", "revenue", "revenue_usd")
    monkeypatch.setattr(entries, "ENTRIES", (*entries.ENTRIES, gift))
    books = Books(1, 3)
    books.open_day(0)
    books.post("gift", 1.0)
    assert closing(books).entry == "gift"


@pytest.mark.parametrize("change", [-1, 1])
def test_a_split_that_loses_or_makes_a_micro_dollar_is_named(
    monkeypatch: pytest.MonkeyPatch, books: Books, a_day: PostADay, change: int
) -> None:
    write = journal._write

    def leaky(amount: int, weights: npt.NDArray[np.int64], kind: int, line: int, *columns: npt.NDArray[np.int64]) -> int:
        count = write(amount, weights, kind, line, *columns)  # type: ignore[arg-type]
        if ENTRY_NAMES[kind] == "moderation":
            columns[1][line] += change
        return count

    monkeypatch.setattr(journal, "_write", leaky)
    a_day(books, 0, close=False)
    breach = closing(books)
    assert breach.entry == "moderation"
    assert "35000000 were posted" in str(breach)


def test_a_line_written_twice_is_named(books: Books, a_day: PostADay) -> None:
    a_day(books, 0, close=False)
    line = books._first
    for column in (books._kinds, books._amounts, books._cohorts):
        column[books._count] = column[line]
    books._count += 1
    assert closing(books).entry == "advertising"


def test_a_lost_line_is_named(books: Books, a_day: PostADay) -> None:
    a_day(books, 0, close=False)
    books._count -= 1
    assert closing(books).entry == "parent_funding"


def test_a_line_under_another_kind_between_the_same_holders_is_named(books: Books, a_day: PostADay) -> None:
    a_day(books, 0, close=False)
    books._kinds[: books._count][books._kinds[: books._count] == ENTRY_NAMES.index("moderation")] = ENTRY_NAMES.index("delivery")
    assert closing(books).entry == "delivery"


@pytest.mark.parametrize("holder", ["operator", "cloud", "creators"])
def test_cash_moved_without_a_line_names_the_holder(books: Books, a_day: PostADay, holder: str) -> None:
    a_day(books, 0, close=False)
    books._cash[books._holder_at[holder]] += 1
    assert closing(books).entry == holder


@pytest.mark.parametrize(
    ("fact", "entry"),
    [
        ("creator_pay_micro", PAY),
        ("outside_pay_micro", "outside_payout"),
        ("clip_views", "views"),
        ("visit_views", "views"),
        ("attempts_sessions", "attempts"),
        ("attempts_column", "attempts"),
        ("credit_attempts_column", "credits"),
        ("subscribers_rows", "subscriptions"),
        ("clips_published_rows", "moderation"),
    ],
)
def test_a_second_source_that_is_one_off_is_named(books: Books, a_day: PostADay, fact: str, entry: str) -> None:
    facts = a_day(books, 0)
    with pytest.raises(BooksBroken) as raised:
        check_day(books, facts._replace(**{fact: getattr(facts, fact) + 1}))
    assert raised.value.entry == entry


def test_a_price_that_is_not_a_number_is_a_breach(books: Books, a_day: PostADay) -> None:
    with pytest.raises(BooksBroken, match="compute_used"):
        check_day(books, a_day(books, 0)._replace(unit_cost_usd=float("nan")))


def test_a_hundred_days_keep_their_lines_and_print_their_time(
    new_books: NewBooks, a_day: PostADay, capsys: pytest.CaptureFixture[str]
) -> None:
    days, rounds = 100, []
    for _ in range(5):
        books = new_books(days, 53)
        started = time.process_time()
        for day in range(days):
            check_day(books, a_day(books, day))
        rounds.append((time.process_time() - started) / days * 1e6)
    assert len(books.lines()["day"]) == 1 + days * (11 * 52 + 4)
    with capsys.disabled():
        print(f"\n{len(CHECKS)} checks, 15 postings, 11 of them over 53 cohorts: {min(rounds):.0f} µs a day, figures included (best of 5)")
