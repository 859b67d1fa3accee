"""Contribution, LTV, CAC and payback of a ledger reckoned by hand, and books that agree in every legal world."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from analysis.unit_economics.contribution import PART_OF, Margins, books_of, cells_of, operating_profit, recent_margins, shares
from analysis.unit_economics.lifetimes import NAIVE, SBG, Law
from analysis.unit_economics.retention_triangle import triangle
from analysis.unit_economics.value import Terms, payback_days, segments, with_remaining
from sim.ecosystem import Ecosystem
from tests.properties.drawing import scenarios
from tests.unit_economics.planted import MICRO, cohorts_of, daily_of, ledger_of
from tests.worlds import Document, busy, scenario_from

# Two makers and two watchers come in week 0, one watcher in week 1; one maker by advertising. One row is one person.
COHORTS = cohorts_of(
    (0, "creator", "advertising", 0, 1.0, 1.0),
    (0, "creator", "advertising", 1, 1.0, 1.0),
    (0, "creator", "buzz", 0, 1.0, 1.0),
    (0, "viewer", "buzz", 0, 2.0, 2.0),
    (0, "viewer", "buzz", 1, 2.0, 1.0),
    (1, "viewer", "buzz", 0, 1.0, 1.0),
)
LEDGER = ledger_of(
    (-1, "parent_endowment", 500 * MICRO, -1),
    (0, "credits", 9 * MICRO, 0),
    (0, "store_fee", 3 * MICRO, 0),
    (0, "compute_used", 2 * MICRO, 0),
    (1, "advertising", 12 * MICRO + 1, 0),
    (2, "creator_fund", 1 * MICRO, 0),
    (3, "fixed", 4 * MICRO, -1),
    (4, "marketing", 10 * MICRO, -1),
    (4, "compute_idle", 1 * MICRO, -1),
    (8, "advertising", 5 * MICRO, 1),
    (8, "marketing", 6 * MICRO, -1),
    (9, "parent_funding", 7 * MICRO, -1),
    (9, "outside_advertising", 100 * MICRO, 0),
    (9, "outside_payout", 25 * MICRO, 0),
)
CELLS = cells_of(COHORTS, LEDGER, 1.0)


def group(table: pd.DataFrame, by: str, name: str) -> pd.Series:
    """A row of the segments."""
    return table[(table["by"] == by) & (table["name"] == name)].iloc[0]


def segments_by_hand() -> pd.DataFrame:
    unfitted = CELLS.assign(remaining_sbg_usd=np.nan, remaining_naive_usd=np.nan)
    return segments(unfitted, payback_days(LEDGER, CELLS))


def test_contribution_levels_are_as_reckoned_by_hand() -> None:
    table = segments_by_hand()
    first = group(table, "cohort", "0")
    assert first["revenue_micro_usd"] == 21 * MICRO + 1
    assert first["cm1_micro_usd"] == 16 * MICRO + 1
    assert first["cm2_micro_usd"] == 15 * MICRO + 1
    assert first["cm3_micro_usd"] == 5 * MICRO + 1
    assert first["ltv_realised_usd"] == pytest.approx((15 * MICRO + 1) / MICRO / 4)
    assert group(table, "all", "all")["cm3_micro_usd"] == 4 * MICRO + 1


def test_money_of_making_falls_to_makers_and_money_of_viewing_to_all_by_active_days() -> None:
    table = segments_by_hand()
    makers, watchers = group(table, "side", "creator"), group(table, "side", "viewer")
    assert makers["revenue_micro_usd"] == 9 * MICRO + 6 * MICRO, "half of the active days of week 0"
    assert makers["variable_micro_usd"] == 5 * MICRO
    assert watchers["revenue_micro_usd"] == 6 * MICRO + 1 + 5 * MICRO, "the odd one to the largest remainder"
    assert watchers["creator_pay_micro_usd"] == 0


def test_marketing_is_charged_to_those_of_its_week_whom_advertising_brought() -> None:
    table = segments_by_hand()
    assert group(table, "channel", "advertising")["cac_usd"] == pytest.approx(10.0)
    assert group(table, "channel", "buzz")["marketing_micro_usd"] == 6 * MICRO, "in week 1 advertising brought nobody"
    assert group(table, "all", "all")["cac_usd"] == pytest.approx(16.0 / 5.0)


def test_a_cohort_is_paid_back_on_the_day_its_contribution_first_covers_its_marketing() -> None:
    found = payback_days(LEDGER, CELLS)
    assert found[0] == 2.0, "4 on day 0, 16 on day 1"
    assert np.isnan(found[1]), "5 of 6"


def test_nothing_is_paid_back_where_nothing_was_spent() -> None:
    ledger = LEDGER[LEDGER["kind"] != "marketing"]
    cells = cells_of(COHORTS, ledger, 1.0)
    assert payback_days(ledger, cells) == {}
    table = segments(cells.assign(remaining_sbg_usd=np.nan, remaining_naive_usd=np.nan), {})
    assert table["cac_usd"].isna().all()


def test_marketing_before_anybody_comes_belongs_to_no_cohort() -> None:
    ledger = pd.concat([LEDGER, ledger_of((15, "marketing", 2 * MICRO, -1))], ignore_index=True)
    books = books_of(cells_of(COHORTS, ledger, 1.0), ledger).set_index("line")["micro_usd"]
    assert books["marketing of weeks in which nobody came"] == -2 * MICRO
    assert books["difference"] == 0


def test_cohorts_and_what_belongs_to_none_are_the_profit_of_the_ledger() -> None:
    books = books_of(CELLS, LEDGER).set_index("line")["micro_usd"]
    assert books["CM3"] == 4 * MICRO + 1
    assert books["operating profit of the ledger"] == 26 * MICRO + 1 - 5 * MICRO - MICRO - 4 * MICRO - 16 * MICRO - MICRO
    assert books["difference"] == 0


def test_a_lost_micro_dollar_shows() -> None:
    short = CELLS.assign(revenue=CELLS["revenue"] - np.eye(1, len(CELLS), dtype=np.int64)[0])
    assert books_of(short, LEDGER).set_index("line").loc["difference", "micro_usd"] == -1


def test_every_kind_that_is_revenue_or_cost_has_its_part() -> None:
    assert set(PART_OF) == {entry.name for entry in sim.ENTRIES if entry.line in ("revenue", "cost")}
    assert {kind for kind, part in PART_OF.items() if part == "revenue"} == {one.name for one in sim.ENTRIES if one.line == "revenue"}


@given(st.integers(0, 2**60), st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any))
def test_parts_sum_to_the_amount_and_nobody_without_weight_gets_any(micro: int, weights: list[int]) -> None:
    parts = shares(micro, np.array(weights, dtype=np.int64)).tolist()
    assert sum(parts) == micro
    assert all(abs(part * sum(weights) - micro * weight) < sum(weights) for part, weight in zip(parts, weights, strict=True))


def test_what_is_to_come_is_level_times_law_times_margin() -> None:
    """Twenty-two days of one cohort of a hundred: fifty active days in its last whole week, half of them left each week, 3 USD each."""
    rows = [(0, "viewer", "buzz", age, 100.0, 100.0 if age == 0 else 10.0 if age < 8 else 50.0 / 7.0) for age in range(22)]
    cohorts = cohorts_of(*rows)
    cells = cells_of(cohorts, ledger_of(), 1.0)
    laws = {"viewer": {model: Law(NAIVE, 0.5) for model in (SBG, NAIVE)}}
    valued = with_remaining(cells, triangle(cohorts, 22), laws, Margins(0.0, 3.0), 22, Terms(0.0, 21))
    weeks_since = (21 - 3) / 7 - 1
    expected = 3.0 * 50.0 * 0.5**weeks_since * (1 + 0.5 + 0.25)
    assert valued["remaining_sbg_usd"].tolist() == [pytest.approx(expected)]


def test_recent_margins_are_what_an_active_day_left_by_side() -> None:
    daily = daily_of(14, dau=10.0)
    cohorts = cohorts_of((0, "creator", "buzz", 8, 1.0, 40.0), (0, "viewer", "buzz", 8, 1.0, 60.0))
    ledger = ledger_of((13, "advertising", 70 * MICRO, 0), (13, "compute_used", 28 * MICRO, 0), (3, "advertising", 999 * MICRO, 0))
    margins = recent_margins(cohorts, ledger, daily, days=7)
    assert margins.viewer == pytest.approx(70 / 70)
    assert margins.creator == pytest.approx(1.0 - 28 / (0.4 * 70))


def _assert_books_agree(model: Ecosystem) -> None:
    tables = model.tables()
    if tables["cohorts"].empty:
        return
    cells = cells_of(tables["cohorts"], tables["ledger"], model.world.people_per_row)
    books = books_of(cells, tables["ledger"]).set_index("line")["micro_usd"]
    assert books["difference"] == 0
    assert books.dtype == np.int64
    profit = tables["daily"]["operating_profit_usd"].sum()
    assert books["sum"] / MICRO == pytest.approx(profit, rel=1e-9, abs=1e-3)
    lines = tables["ledger"]
    for part, column in (("revenue", "payee"), ("variable", "payer")):
        kinds = [kind for kind, of in PART_OF.items() if of == part]
        booked = lines[lines["kind"].isin(kinds) & (lines["cohort"] >= 0) & (lines[column] == "operator")]
        assert cells.groupby("cohort")[part].sum().sum() == booked["amount_micro_usd"].sum()


@settings(max_examples=15, deadline=None)
@given(document=scenarios(agents=200, days=40))
def test_books_agree_to_the_micro_dollar_in_every_legal_world(document: Document) -> None:
    _assert_books_agree(Ecosystem(scenario_from(document), run_seed=3).run())


@pytest.mark.parametrize("name", ["sora_makers_pay", "short_video_ads", "paid_tool"])
def test_books_agree_in_shipped_worlds(name: str) -> None:
    _assert_books_agree(Ecosystem(name, run_seed=1, agents=400, days=90).run())


def test_books_agree_where_every_kind_of_money_flows() -> None:
    model = busy().run()
    _assert_books_agree(model)
    assert operating_profit(model.tables()["ledger"]) == -model.world.carried.loss_micro
