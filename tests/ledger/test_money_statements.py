"""Statements of the worked day, by hand, and the two tables of entry kinds against each other."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from sim.ledger.accounts import HOLDER_NAMES, HOLDERS
from sim.ledger.checks import DayFacts
from sim.ledger.entries import ENTRIES, ENTRY_NAMES
from sim.ledger.journal import Books
from sim.ledger.statements import COST, RECEIVED_AND_PAID, REVENUE, cash_table, flow_matrix, income_statement, ledger_table
from sim.observation.metrics import DAILY_NAMES

DAYS = 32


@pytest.fixture
def ledger(new_books: Callable[..., Books], a_day: Callable[..., DayFacts]) -> pd.DataFrame:
    books = new_books(DAYS, 4)
    for day in range(DAYS):
        a_day(books, day)
    return ledger_table(books)


def test_the_ledger_has_the_columns_that_were_promised(ledger: pd.DataFrame) -> None:
    assert list(ledger.columns) == ["day", "kind", "payer", "payee", "amount_micro_usd", "cohort"]
    assert [str(ledger[name].dtype) for name in ("day", "amount_micro_usd", "cohort")] == ["int32", "int64", "int32"]
    assert list(ledger.iloc[0]) == [-1, "parent_endowment", "equity", "parent", 10**15, -1]
    assert list(ledger.iloc[1]) == [0, "advertising", "advertisers", "operator", 21_428_571, 1]


def test_the_income_statement_of_a_day_is_that_by_hand(ledger: pd.DataFrame, worked_profit_usd: float) -> None:
    day = income_statement(ledger, by="day").loc[3]
    by_hand = {
        "revenue_advertising_usd": 300.0,
        "revenue_subscriptions_usd": 1_000.0,
        "revenue_credits_usd": 2_000.0,
        "revenue_usd": 3_300.0,
        "cost_compute_usd": 27_500.0,
        "cost_creator_pay_usd": 500.0,
        "cost_delivery_usd": 5.0,
        "cost_moderation_usd": 35.0,
        "cost_marketing_usd": 1_000.0,
        "cost_store_fee_usd": 900.0,
        "cost_fixed_usd": 150_000.0,
        "cost_usd": 179_940.0,
        "operating_profit_usd": -176_640.0,
        "parent_funding_usd": 176_640.0,
    }
    assert day.to_dict() == by_hand
    assert worked_profit_usd == by_hand["operating_profit_usd"]


def test_months_cohorts_and_the_run_share_the_same_total(ledger: pd.DataFrame) -> None:
    months = income_statement(ledger)
    assert list(months.index) == [0, 1]
    assert list(months["operating_profit_usd"]) == [30 * -176_640.0, 2 * -176_640.0]
    cohorts = income_statement(ledger, by="cohort")
    assert list(cohorts.index) == [-1, 1, 2, 3]
    run = income_statement(ledger, by="run")
    assert len(run) == 1
    for statement in (months, cohorts, income_statement(ledger, by="day")):
        assert statement.sum().to_numpy() == pytest.approx(run.iloc[0].to_numpy(), rel=1e-12)
    assert cohorts.loc[-1, "cost_fixed_usd"] == run["cost_fixed_usd"].iloc[0]


def test_cash_of_every_holder_is_that_by_hand(ledger: pd.DataFrame) -> None:
    cash = cash_table(ledger)
    assert cash.shape == (len(HOLDER_NAMES), DAYS + 1)
    assert (cash.sum() == 0).all()
    a_day = {
        "equity": 0,
        "operator": 0,
        "parent": -176_640,
        "creators": -3_000 + 500 + 10,
        "viewers": 0,
        "advertisers": -340,
        "cloud": 27_500,
        "suppliers": 5 + 35 + 150_000 + 1_000,
        "app_store": 900,
        "external_platforms": 30,
    }
    opening = {"equity": -1_000_000_000, "parent": 1_000_000_000}
    assert cash[-1].to_dict() == {name: opening.get(name, 0) * 10**6 for name in HOLDER_NAMES}
    assert cash[4].to_dict() == {name: (opening.get(name, 0) + 5 * a_day[name]) * 10**6 for name in HOLDER_NAMES}
    assert list(flow_matrix(ledger, 4).sum()) == [a_day[name] * 10**6 for name in HOLDER_NAMES]
    assert list(flow_matrix(ledger).sum()) == list(cash[DAYS - 1])


def test_statements_of_books_without_a_day_are_empty() -> None:
    ledger = ledger_table(Books(5, 3))
    assert len(ledger) == 0
    assert len(income_statement(ledger)) == 0
    assert int(flow_matrix(ledger).abs().to_numpy().sum()) == 0


def test_both_classifications_know_the_same_kinds_and_lines() -> None:
    stated = {kind: line for lines in (REVENUE, COST) for line, kinds in lines.items() for kind in kinds}
    operators = {entry.name: entry.metric for entry in ENTRIES if entry.line in ("revenue", "cost")}
    assert stated == operators
    assert all(line in DAILY_NAMES for line in stated.values())
    assert {entry.metric for entry in ENTRIES} <= set(DAILY_NAMES)
    assert {kind for received, paid in RECEIVED_AND_PAID.values() for kind in (*received, *paid)} == set(ENTRY_NAMES)
    for entry in ENTRIES:
        assert ("operator" in (entry.payer, entry.payee)) == (entry.line != "outside")
        assert entry.payer != entry.payee
        assert {entry.payer, entry.payee} <= set(HOLDER_NAMES)


def test_only_the_rest_of_the_world_may_go_below_zero() -> None:
    assert {holder.name for holder in HOLDERS if holder.may_go_below_zero} == {
        "equity",
        "creators",
        "viewers",
        "advertisers",
        "external_platforms",
    }
