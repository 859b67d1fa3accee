"""The books against second sources on random legal scenarios, and the errors they must find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings

from sim import day
from sim.ecosystem import Ecosystem
from sim.ledger import entries, journal
from sim.ledger.journal import Books, BooksBroken
from sim.ledger.statements import COST, COST_KINDS, REVENUE, REVENUE_KINDS, cash_table, flow_matrix
from sim.populations import clips, sessions
from sim.world import World
from tests.properties.drawing import scenarios
from tests.worlds import BUSY, Document, busy, day_with, scenario_from, sora

ONE_KIND_EACH = {
    "parent_funding_usd": ("parent_funding",),
    "value_leaked_usd": ("outside_advertising",),
    "outside_payout_usd": ("outside_payout",),
    "revenue_usd": REVENUE_KINDS,
    "cost_usd": COST_KINDS,
}
WITHIN = (
    ("makers", "dau"),
    ("watchers", "dau"),
    ("dau", "wau"),
    ("wau", "mau"),
    ("mau", "installs_total"),
    ("subscribers", "payers_total"),
    ("payers_total", "installs_total"),
    ("accepted_sessions", "sessions"),
    ("sessions", "attempts"),
    ("controlled_attempts", "attempts"),
    ("credit_attempts", "attempts"),
)
Whole = npt.NDArray[np.int64]


def _is_same_money(micro: Any, usd: Any, out_of: Any = 0) -> bool:
    """Whole micro-dollars against USD in the daily table: a float64, reckoned from amounts up to `out_of` micro-dollars."""
    exact = np.asarray(micro, dtype=np.float64) / 1e6
    return bool((np.abs(exact - np.asarray(usd)) <= 2.0**-50 * np.maximum(np.abs(exact), np.asarray(out_of) / 1e6)).all())


def _assert_books_agree(model: Ecosystem) -> None:
    """Columns of the daily table are sums of the ledger by kind; cash comes from nowhere for nobody; the populations' columns agree."""
    tables, world = model.tables(), model.world
    daily, ledger = tables["daily"], tables["ledger"]
    days = len(daily)
    booked: dict[str, Whole] = {}
    kinds = ledger["kind"].astype(str).to_numpy()
    for column, members in (REVENUE | COST | ONE_KIND_EACH).items():
        lines = ledger[np.isin(kinds, members) & (ledger["day"] >= 0)]
        by_day = np.zeros(days, dtype=np.int64)
        np.add.at(by_day, lines["day"].to_numpy(), lines["amount_micro_usd"].to_numpy())
        booked[column] = by_day
        assert _is_same_money(by_day, daily[column], booked.get("revenue_usd", 0)), column
    profit = booked["revenue_usd"] - booked["cost_usd"]
    assert _is_same_money(profit, daily["operating_profit_usd"])
    assert _is_same_money(-profit.cumsum(), daily["cumulated_loss_usd"])

    cash = cash_table(ledger)
    assert (cash.sum() == 0).all()
    assert (flow_matrix(ledger).sum(axis=1) == 0).all()
    assert cash[cash.columns[-1]].to_dict() == {holder: world.books.cash_micro(holder) for holder in cash.index}
    for holder, column in (("operator", "operator_cash_usd"), ("parent", "parent_budget_usd")):
        assert _is_same_money(cash.loc[holder].reindex(range(-1, days)).ffill()[1:], daily[column]), holder
    assert (cash.loc["parent"] >= 0).all()
    assert (cash.loc["operator"].iloc[:-1] >= 0).all()
    assert (cash.loc["operator"].iloc[-1] < 0) == (world.cause == "insolvency")

    creators = world.creators
    paid = ledger[np.isin(kinds, ("creator_share_of_advertising", "creator_fund"))]["amount_micro_usd"].sum()
    assert paid == creators.pay_micro.sum()
    assert ledger[kinds == "outside_payout"]["amount_micro_usd"].sum() == creators.outside_pay_micro.sum()
    assert daily["views_here"].sum() == creators.views.sum()


def _assert_counts_agree(model: Ecosystem) -> None:
    tables, world = model.tables(), model.world
    daily, cohorts = tables["daily"], tables["cohorts"]
    assert not daily.drop(columns="runway_days").isin([np.inf, -np.inf]).any().any()
    assert not daily.isna().any().any()
    weight = world.people_per_row
    rows = (daily.drop(columns="day") / weight).round(6)
    joined = np.bincount(world.people.adopted_day[world.people.adopted_day >= 0], minlength=len(daily))
    assert (rows["installs"] == joined).all()
    assert (rows["installs_total"] == joined.cumsum()).all()
    for smaller, larger in WITHIN:
        assert (rows[smaller] <= rows[larger]).all(), (smaller, larger)
    assert daily["installs_total"].iloc[-1] <= float(world.policy.settings.people) * (1 + 1e-12)
    assert (rows["dau"] <= rows["makers"] + rows["watchers"]).all()
    assert (rows["installs"] + rows["retained_users"] + rows["returned_users"]).round(6).equals(rows["dau"])
    assert (rows["clips_here"] + rows["clips_both"] + rows["clips_outside"]).round(6).equals(rows["accepted_sessions"])
    assert round(float(rows["attempts"].sum())) == world.creators.attempts.sum()
    assert round(float(rows["credit_attempts"].sum())) == world.creators.credit_attempts.sum()
    assert rows["payers_total"].iloc[-1] == world.creators.paid_ever.sum()
    for share in ("readiness", "readiness_make", "readiness_watch", "skill", "admitted_share"):
        assert daily[share].between(0, 1).all(), share
    at_first = cohorts[cohorts["age_days"] == 0]
    assert at_first["adopters"].sum() / weight == pytest.approx(joined.sum())
    assert cohorts["active"].sum() / weight == pytest.approx(rows["dau"].sum())


@settings(max_examples=45)
@given(document=scenarios())
def test_books_and_counts_agree_with_second_sources_in_every_legal_world(document: Document) -> None:
    model = Ecosystem(scenario_from(document), run_seed=7).run()
    _assert_books_agree(model)
    _assert_counts_agree(model)


@pytest.mark.parametrize("model", [busy(), sora(days=120)], ids=["busy", "sora"])
def test_books_and_counts_agree_in_a_world_that_is_looked_at_closely(model: Ecosystem) -> None:
    model.run()
    _assert_books_agree(model)
    _assert_counts_agree(model)


def test_an_operator_with_own_cash_only_closes_on_the_day_it_is_gone() -> None:
    model = sora(parent__budget_usd=0, operator__opening_cash_usd=5e6).run()
    assert model.closed_cause == "insolvency"
    _assert_books_agree(model)


def test_an_outside_platform_may_pay_makers_more_than_it_earns_on_their_clips() -> None:
    model = sora(external_platforms__short_video__payout_usd_per_1000_views=3).run()
    _assert_books_agree(model)


def test_every_kind_of_money_flows_in_the_busy_world() -> None:
    ledger = busy().run().tables()["ledger"]
    assert set(ledger["kind"].astype(str)) == set(entries.ENTRY_NAMES)


@pytest.mark.parametrize("kind", entries.ENTRY_NAMES)
def test_a_payer_and_payee_written_the_wrong_way_round_are_found(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    swapped = tuple(replace(one, payer=one.payee, payee=one.payer) if one.name == kind else one for one in entries.ENTRIES)
    monkeypatch.setattr(entries, "ENTRIES", swapped)
    with pytest.raises(BooksBroken) as breach:
        busy().run()
    assert breach.value.entry == kind


POSTED_DAILY = [kind for kind in entries.ENTRY_NAMES if kind not in ("parent_endowment", "opening_cash")]


def _found_when_posted_at(factor: float, kind: str, monkeypatch: pytest.MonkeyPatch) -> str:
    exact = Books.post_micro

    def off(books: Books, posted: str, micro: int, by_cohort: Whole | None = None) -> None:
        exact(books, posted, round(factor * micro) if posted == kind else micro, by_cohort)

    monkeypatch.setattr(Books, "post_micro", off)
    with pytest.raises(BooksBroken) as breach:
        busy().run()
    return breach.value.entry


@pytest.mark.parametrize("kind", POSTED_DAILY)
def test_an_amount_posted_too_low_is_found(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ("operator" if kind == "parent_funding" else kind) in _found_when_posted_at(0.999, kind, monkeypatch)


@pytest.mark.parametrize("kind", POSTED_DAILY)
def test_an_amount_posted_too_high_is_found(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert kind in _found_when_posted_at(1.001, kind, monkeypatch)


@pytest.mark.parametrize("kind", ["advertising", "credits", "compute_used", "outside_payout", "creator_fund"])
def test_a_micro_dollar_lost_in_a_split_over_cohorts_is_found(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    exact, at = journal._write, entries.ENTRY_NAMES.index(kind)

    def leaky(amount: int, weights: Whole, position: int, line: int, kinds: Any, amounts: Whole, cohorts: Any) -> int:
        end = int(exact(amount, weights, position, line, kinds, amounts, cohorts))
        if position == at and end > line:
            amounts[line] -= 1
        return end

    monkeypatch.setattr(journal, "_write", leaky)
    with pytest.raises(BooksBroken) as breach:
        busy().run()
    assert breach.value.entry == kind


def _fewer(counter: int) -> Callable[[World], None]:
    def lose(world: World) -> None:
        world.today.counts[counter] -= min(1, world.today.counts[counter])

    return lose


def _lose_in_column(name: str) -> Callable[[World], None]:
    def lose(world: World) -> None:
        column = getattr(world.creators, name)
        column[int(column.argmax())] -= min(1, int(column.max()))

    return lose


def _lose_a_view(world: World) -> None:
    world.today.views_of_niche[0] -= min(1, int(world.today.views_of_niche[0]))


def _lose_an_outside_view(world: World) -> None:
    world.today.counts[sessions.OUTSIDE_VIEWS] -= world.today.counts[sessions.OUTSIDE_VIEWS] // 1000


LOST: dict[str, tuple[str, Callable[[World], None], str]] = {
    "an attempt in the day's count": ("make_and_publish", _fewer(sessions.ATTEMPTS), "attempts"),
    "an attempt in the makers' column": ("make_and_publish", _lose_in_column("attempts"), "attempts"),
    "a bought attempt in the day's count": ("make_and_publish", _fewer(sessions.CREDIT_ATTEMPTS), "credits"),
    "a bought attempt in the makers' column": ("make_and_publish", _lose_in_column("credit_attempts"), "credits"),
    "a clip": ("make_and_publish", _fewer(sessions.CLIPS_HERE), "moderation"),
    "a subscriber": ("renew", _fewer(sessions.SUBSCRIBERS), "subscriptions"),
    "a creator's pay": ("make_and_publish", _lose_in_column("pay_micro"), "creator_fund"),
    "a creator's pay from outside": ("make_and_publish", _lose_in_column("outside_pay_micro"), "outside_payout"),
    "a view": ("view", _lose_a_view, "views"),
    "a thousandth of the views outside": ("make_and_publish", _lose_an_outside_view, "outside_advertising"),
}


@pytest.mark.parametrize("what", LOST)
def test_what_a_population_counts_and_the_day_does_not_is_found(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    phase, lose, named = LOST[what]
    model = busy()
    monkeypatch.setattr(day, "DAY", day_with(phase, lose))
    with pytest.raises(BooksBroken) as breach:
        model.run()
    assert named in breach.value.entry


def test_a_view_that_clips_lose_in_the_sharing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    exact = clips.share_views
    monkeypatch.setattr(clips, "share_views", lambda *given: exact(*given) - 1)
    with pytest.raises(BooksBroken) as breach:
        busy().run()
    assert breach.value.entry == "views"


def test_the_busy_scenario_leaves_no_optional_rule_off() -> None:
    values = scenario_from(BUSY).values
    assert values["rules.watching_reward"] == "any_view"
    for key in ("adoption.entry_reputation", "watching.popularity_exponent", "making.uncertainty_usd", "adoption.chart_per_day"):
        assert values[key]
