"""The journal: what a posting writes, what is refused, and what the close of a day finds."""

from __future__ import annotations

import pickle
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.ledger.accounts import HOLDER_NAMES
from sim.ledger.entries import ENTRIES, ENTRY_NAMES
from sim.ledger.journal import Books, BooksBroken
from sim.ledger.statements import cash_table, flow_matrix, ledger_table

COHORTS = 5
POSTING = st.tuples(
    st.sampled_from(ENTRY_NAMES),
    st.one_of(st.integers(0, 50), st.integers(0, 10**16)),
    st.none() | st.lists(st.integers(0, 10**10), min_size=COHORTS, max_size=COHORTS),
)


def rows(books: Books) -> list[tuple[int, str, int, int]]:
    lines = books.lines()
    return [
        (int(day), ENTRY_NAMES[kind], int(amount), int(cohort))
        for day, kind, amount, cohort in zip(lines["day"], lines["kind"], lines["amount_micro_usd"], lines["cohort"], strict=True)
    ]


def broken(act: Callable[[], object]) -> BooksBroken:
    with pytest.raises(BooksBroken) as raised:
        act()
    return raised.value


def test_a_posting_is_rounded_once_and_split_by_largest_remainder(books: Books) -> None:
    books.open_day(0)
    books.post("advertising", 10.0000005, np.array([1, 0, 2]))
    books.post("credits", 2.5e-6)
    books.post("fixed", 3.5e-6, np.zeros(3, dtype=np.int64))
    books.post_cohorts("subscriptions", np.array([0, 5, 7]))
    books.post("marketing", 0.0)
    books.post("delivery", 4e-7, np.array([1, 1]))
    assert books.operating_profit_micro() == 10_000_000 + 2 + 12 - 4
    books.close_day()
    assert rows(books)[1:] == [
        (0, "advertising", 3_333_333, 0),
        (0, "advertising", 6_666_667, 2),
        (0, "credits", 2, -1),
        (0, "fixed", 4, -1),
        (0, "subscriptions", 5, 1),
        (0, "subscriptions", 7, 2),
    ]
    assert books.today_usd("advertising") == 10.0
    assert [books.cash_micro(name) for name in ("operator", "creators", "suppliers")] == [10_000_010, -14, 4]


def test_totals_since_launch_stay_and_those_of_today_start_again(books: Books) -> None:
    for day in (0, 1):
        books.open_day(day)
        assert books.today_micro("advertising") == 0
        books.post_micro("advertising", 30)
        books.post_micro("advertising", 12)
        books.close_day()
    assert (books.today_micro("advertising"), books.since_launch_micro("advertising")) == (42, 84)


@pytest.mark.parametrize("usd", [-1e-3, float("nan"), float("inf"), 1e13])
def test_an_amount_that_is_not_one_is_refused_by_name(books: Books, usd: float) -> None:
    books.open_day(0)
    breach = broken(lambda: books.post("credits", usd))
    assert (breach.day, breach.entry) == (0, "credits")
    assert str(usd) in str(breach)


def test_postings_that_cannot_be_are_refused_and_leave_no_trace(books: Books) -> None:
    assert "no day is open" in str(broken(lambda: books.post("credits", 1.0)))
    assert "no day is open" in str(broken(books.close_day))
    books.open_day(0)
    assert "the last day is 0, open" in str(broken(lambda: books.open_day(1)))
    weights = np.ones(3, dtype=np.int64)
    assert "no such entry kind" in str(broken(lambda: books.post("credit", 1.0)))
    assert "below zero" in str(broken(lambda: books.post("credits", 1.0, -weights)))
    assert "not int64" in str(broken(lambda: books.post("credits", 1.0, weights.astype(np.float64))))
    assert "not int64" in str(broken(lambda: books.post_cohorts("credits", weights.astype(np.int32))))
    assert "54 cohorts" in str(broken(lambda: books.post("credits", 1.0, np.ones(54, dtype=np.int64))))
    assert "-5 micro-dollars" in str(broken(lambda: books.post_micro("credits", -5)))
    assert "below zero" in str(broken(lambda: books.post_cohorts("credits", np.array([7, -5]))))
    books.close_day()
    assert books.cash_micro("operator") == 0
    assert len(rows(books)) == 1


@pytest.mark.parametrize("day", [-1, 0, 10, -2])
def test_days_only_rise_and_end(books: Books, day: int) -> None:
    books.open_day(0)
    books.close_day()
    assert broken(lambda: books.open_day(day)).entry == "open_day"


def test_who_may_not_go_below_zero_is_named_unless_the_operator_ends(books: Books) -> None:
    books.open_day(0)
    books.post("fixed", 5.0)
    breach = broken(books.close_day)
    assert breach.entry == "operator"
    assert "-5000000" in str(breach)
    books.close_day(insolvent=True)
    books.open_day(1)
    books.post("parent_funding", 2e9)
    assert broken(lambda: books.close_day(insolvent=True)).entry == "parent"


def test_a_breach_can_be_sent_between_processes() -> None:
    breach = pickle.loads(pickle.dumps(BooksBroken(3, "credits", "1 is not 2")))
    assert (breach.day, breach.entry, str(breach)) == (3, "credits", "books broken on day 3: credits: 1 is not 2")


def test_lines_of_an_open_day_are_not_shown(books: Books) -> None:
    books.open_day(0)
    books.post("advertising", 1.0)
    assert len(rows(books)) == 1


@given(st.lists(st.lists(POSTING, max_size=6), min_size=1, max_size=4))
def test_rows_of_the_flow_matrix_are_zero_and_its_columns_the_change_in_cash(days: list[list[tuple[str, int, list[int] | None]]]) -> None:
    books = Books(len(days), COHORTS)
    books.open_day(-1)
    for kind in ("parent_endowment", "opening_cash", "outside_advertising"):
        books.post_micro(kind, 10**18)
    books.close_day()
    cash = {-1: [books.cash_micro(name) for name in HOLDER_NAMES]}
    for day, postings in enumerate(days):
        books.open_day(day)
        for kind, micro, weights in postings:
            books.post_micro(kind, micro, None if weights is None else np.array(weights, dtype=np.int64))
        books = pickle.loads(pickle.dumps(books))
        books.close_day()
        cash[day] = [books.cash_micro(name) for name in HOLDER_NAMES]
    ledger = ledger_table(books)
    for day, postings in enumerate(days):
        flows = flow_matrix(ledger, day)
        assert (flows.sum(axis=1) == 0).all()
        assert list(flows.sum()) == [after - before for after, before in zip(cash[day], cash[day - 1], strict=True)]
        for entry in ENTRIES:
            posted = sum(micro for kind, micro, _ in postings if kind == entry.name)
            assert (flows.loc[entry.name, entry.payee], flows.loc[entry.name, entry.payer]) == (posted, -posted)
    table = cash_table(ledger)
    assert all(list(table[min(day, table.shape[1] - 2)]) == cash[day] for day in cash)
    assert sum(cash[len(days) - 1]) == 0


@given(st.floats(0, 1e9), st.lists(st.integers(0, 1000), min_size=1, max_size=5))
def test_twice_the_dollars_are_twice_the_money_to_within_a_micro_dollar(usd: float, weights: list[int]) -> None:
    once, twice = Books(1, COHORTS), Books(1, COHORTS)
    for books, amount in ((once, usd), (twice, 2 * usd)):
        books.open_day(0)
        books.post("advertising", amount, np.array(weights, dtype=np.int64))
        books.close_day()
    assert abs(twice.today_micro("advertising") - 2 * once.today_micro("advertising")) <= 1


def test_books_grow_without_losing_a_line() -> None:
    books = Books(200, 700)
    weights = np.ones(700, dtype=np.int64)
    for day in range(20):
        books.open_day(day)
        books.post_micro("advertising", 1_000 + day, weights)
        books.close_day()
    lines = books.lines()
    assert len(lines["day"]) == 20 * 700
    assert [int(lines["amount_micro_usd"][lines["day"] == day].sum()) for day in range(20)] == [1_000 + day for day in range(20)]
    assert {name: column.dtype for name, column in lines.items()} == {"day": "i4", "kind": "i2", "amount_micro_usd": "i8", "cohort": "i4"}
