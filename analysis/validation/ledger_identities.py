"""Identities of growth and money: ruin through the books and the parent (M9), lifetime value, base size, and referral trees."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

import sim
from analysis.validation.comparison import Comparison, Exact, exact, row
from analysis.validation.ruin import CONTINUOUS, SHIFT, SIGMA, WEEKS, X0, ruin, ruined_by_the_books, weekly_ruin
from analysis.validation.target import Section, Target
from analysis.validation.worlds import ALL_IN, AT_ONCE, lived

WALKS = 80
"""Walks of a seed that go through the books."""
ADVERTISING, DELIVERY, SLOTS = 10.0, 0.002, 100
"""USD per 1000 views, USD a view, views of a visit."""
MARGIN = SLOTS * (ADVERTISING / 1000.0 - DELIVERY)
"""USD that a visit leaves."""
_BROADIE = "Broadie, Glasserman & Kou 1997"


def check_ruin_formula(seeds: Sequence[int], *, shift: float = SHIFT, barrier_sign: float = 1.0) -> list[Comparison]:
    """The printed chances, and the shifted barrier beside the law of weekly checks. shift: in σ; barrier_sign: which way."""
    del seeds
    table: list[Comparison] = []
    for drift, *chances in CONTINUOUS:
        for weeks, text in zip((52.0, 260.0, math.inf), chances, strict=True):
            table.append(exact(f"μ = {drift:g}: within {weeks:g} weeks", ruin(X0, barrier_sign * drift, SIGMA, weeks), text))
    shifted = ruin(X0 + barrier_sign * shift * SIGMA, 1.0, SIGMA, WEEKS)
    discrete = float(weekly_ruin(X0, 1.0, SIGMA, WEEKS)[-1])
    table.append(exact("μ = 1: barrier shifted", shifted, "0.224"))
    return [*table, Exact("μ = 1: shifted against weekly checks", shifted, discrete, 1e-3)]


def check_ruin_by_the_books(seeds: Sequence[int], *, drift: float = 1.0) -> list[Comparison]:
    """Walks posted to the ledger, closed every week, are ruined as the law of weekly checks says. drift: of the walks; 1 is expected."""
    law = weekly_ruin(X0, 1.0, SIGMA, WEEKS)
    ended = np.array([[ruined_by_the_books(walk) for walk in _walks(seed, WALKS, drift)] for seed in seeds])
    shares = {week: (ended < week).mean(axis=1) for week in (13, 26, 52)}
    table: list[Comparison] = [row(f"ruined within {week} weeks", share, float(law[week - 1])) for week, share in shares.items()]
    return [*table, row("52 weeks, barrier .583 σ further off", shares[52], ruin(X0 + SHIFT * SIGMA, 1.0, SIGMA, WEEKS))]


def _walks(seed: int, walks: int, drift: float) -> NDArray[np.float64]:
    """Weekly net cash, shape (walks, WEEKS)."""
    return np.random.default_rng(seed).normal(drift, SIGMA, (walks, WEEKS))


def check_insolvency(seeds: Sequence[int], *, cash_factor: float = 1.0) -> list[Comparison]:
    """An operator on its own cash (M9) ends on the very day on which a walk of its cost has eaten it up. cash_factor: on its cash."""
    late = []
    for seed in seeds:
        cost = np.maximum(0.0, np.random.default_rng(seed).normal(2e5, 1e5, WEEKS)).round()
        opening = 0.5 * float(cost.sum())
        due = int(np.argmax(np.cumsum(cost) > opening))
        late.append(_closing_day(seed, cost, cash_factor * opening) - due)
    return [Exact("days between walk and closure, at most", float(np.abs(late).max()), 0.0, 1e-9)]


def _closing_day(seed: int, cost: NDArray[np.float64], opening: float) -> int:
    """The day of insolvency of a world without users whose fixed cost changes every day."""
    nobody = {
        "agents": 100,
        "days": WEEKS,
        "adoption.advertising_per_day": 0,
        "adoption.buzz_per_day": 0,
        "parent.budget_usd": 0.0,
        "parent.stop_loss_usd": None,
        "operator.opening_cash_usd": opening,
        "operator.fixed_usd_per_day": float(cost[0]),
    }
    days = [f"  day_{day}: {{day: {day}, set: {{operator.fixed_usd_per_day: {usd:g}}}}}" for day, usd in enumerate(cost) if day]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "walk.yaml"
        path.write_text("\n".join(["schema: 1", "question: Ruin", "extends: baseline", "interventions:", *days, ""]), encoding="utf-8")
        scenario = sim.load_scenario(path, nobody)
    ended = sim.Ecosystem(scenario, run_seed=seed).run()
    return ended.closed_day if ended.closed_cause == "insolvency" and ended.closed_day is not None else WEEKS


def _watching(seed: int, staying: float, more: dict[str, Any]) -> sim.Ecosystem:
    """A world whose people watch every day until one day they do not, with the same chance each day, and never come back.

    staying: the chance. One maker's clips of the first day are watched for ever, and all of everybody's attention is given to them.
    """
    values = {
        "agents": 2000,
        "creators_share": 0.0005,
        "dials.export_leakage": 0.0,
        "days": 120,
        "habit.initial": staying,
        "habit.learning_rate": 0.0,
        "habit.forgetting_per_day": 1.0,
        "watching.outside_logit": -40.0,
        "watching.outside_logit_sd": 0.0,
        "watching.slots_per_visit": SLOTS,
        "watching.attraction_scale": 1.0,
        "watching.freshness_decay_per_day": 0.01,
        "charging.advertising_usd_per_1000_views": ADVERTISING,
        "compute.delivery_usd_per_view": DELIVERY,
    }
    return lived(seed, ALL_IN, AT_ONCE, values, more)


def check_lifetime_value(seeds: Sequence[int], *, churn: float = 0.1) -> list[Comparison]:
    """LTV = m/c from the ledger, at a daily churn of 10 %; payback of a cost of acquisition = CAC/m where nobody leaves.

    churn: of the world.
    """
    worth, cost_of_acquisition = [], 2.5
    for seed in seeds:
        world = _watching(seed, 1.0 - churn, {})
        run = sim.income_statement(world.tables()["ledger"], by="run").iloc[0]
        worth.append((run["revenue_advertising_usd"] - run["cost_delivery_usd"]) / world.metric("installs_total"))
    loyal = _watching(1, 1.0, {"days": 10})
    day = sim.income_statement(loyal.tables()["ledger"], by="day")
    earned = (day["revenue_advertising_usd"] - day["cost_delivery_usd"]).cumsum().to_numpy() / loyal.metric("installs_total")
    payback = float(np.interp(cost_of_acquisition, earned, np.arange(1, earned.size + 1)))
    return [row("LTV (USD)", worth, MARGIN / 0.1), Exact("payback (days)", payback, cost_of_acquisition / MARGIN, 1e-6)]


def check_base_size(seeds: Sequence[int], *, churn: float = 0.1) -> list[Comparison]:
    """Little's law over a run in which all arrive and all leave: mean watchers = arrivals a day × mean lifetime. churn: of the world."""
    ratio = []
    for seed in seeds:
        daily = _watching(seed, 1.0 - churn, {"adoption.advertising_per_day": 0.05, "days": 300}).tables()["daily"]
        ratio.append(daily["watchers"].mean() / daily["installs"].mean())
    return [row("watchers over arrivals (days)", ratio, 1.0 / 0.1)]


OF_CUSTOMERS = (
    "advertising",
    "credits",
    "subscriptions",
    "compute_used",
    "compute_overflow",
    "creator_fund",
    "creator_share_of_advertising",
    "delivery",
    "moderation",
)
"""Entry kinds that are booked by cohort: revenue, and cost that moves with what they do. The store's fee is booked for all together."""


def check_cohorts(seeds: Sequence[int], *, left_out: tuple[str, ...] = ()) -> list[Comparison]:
    """What all cohorts have brought, by the ledger's lines, is revenue less variable cost, by the daily table, to the micro-dollar.

    left_out: kinds forgotten in the sum.
    """
    prices = {"charging.credit_usd_per_attempt": 0.4, "charging.subscription_usd_per_month": 10.0, "making.free_quota_per_day": 3}
    shares = {"charging.advertising_usd_per_1000_views": 1.0, "creator_pay.share_of_advertising": 0.3}
    difference = []
    for seed in seeds:
        tables = lived(seed, {"agents": 500, "days": 60}, prices, shares).tables()
        ledger, daily = tables["ledger"], tables["daily"]
        lines = ledger[(ledger["cohort"] >= 0) & ledger["kind"].isin(OF_CUSTOMERS) & ~ledger["kind"].isin(left_out)]
        received = lines["amount_micro_usd"].where(lines["payee"] == "operator", -lines["amount_micro_usd"])
        idle = int(ledger.loc[ledger["kind"] == "compute_idle", "amount_micro_usd"].sum())
        costs = ("cost_compute_usd", "cost_creator_pay_usd", "cost_delivery_usd", "cost_moderation_usd")
        second = _micro(daily["revenue_usd"]) - sum(_micro(daily[name]) for name in costs) + idle
        difference.append(int(received.sum()) - second)
    return [Exact("cohorts less books (micro-USD), at most", float(np.abs(difference).max()), 0.0, 0.5)]


def _micro(usd: Any) -> int:
    """A column of USD, which are whole micro-dollars, summed exactly."""
    return int((usd * 1e6).round().astype(np.int64).sum())


def check_referral(seeds: Sequence[int], *, k: float = 0.6) -> list[Comparison]:
    """A hundred people who each bring Poisson(k) others: totals by generation, 250 in the end. k: of the tree; .6 is expected."""
    trees = np.array([_tree(seed, k, 60) for seed in seeds])
    expected = 100.0 * (1.0 - 0.6 ** np.arange(1, 61)) / 0.4
    table: list[Comparison] = []
    for generation, text in enumerate(("100", "160", "196", "217.6", "230.56", "238.336")):
        table.append(exact(f"law, generation {generation}", expected[generation], text))
    return [*table, *(row(f"generation {i}", trees[:, i], expected[i]) for i in (1, 2, 3, 5)), row("in the end", trees[:, -1], 250.0)]


def _tree(seed: int, k: float, generations: int, roots: int = 100, trees: int = 200) -> NDArray[np.float64]:
    """Mean number of people up to each generation."""
    random, living = np.random.default_rng(seed), np.full(trees, roots)
    totals = [living.mean()]
    for _ in range(generations - 1):
        living = random.poisson(k * living)
        totals.append(totals[-1] + living.mean())
    return np.array(totals)


def check_extinction(seeds: Sequence[int], *, k_factor: float = 1.0) -> list[Comparison]:
    """Trees of Poisson(k), k > 1, die out with the chance q = e^(k(q-1)), ten with q^10 (seen at k = 1.2). k_factor: on k of the trees."""
    table: list[Comparison] = []
    for k, text in ((1.2, "0.6863"), (1.5, "0.4172"), (2.0, "0.2032"), (3.0, "0.0595")):
        q = float(brentq(lambda x, k=k: x - math.exp(k * (x - 1.0)), 0.0, 1.0 - 1e-6))
        table.append(exact(f"k = {k:g}: q", q, text))
        for roots in (1, 10) if k < 1.5 else (1,):
            died = [_died_out(seed, k_factor * k, roots) for seed in seeds]
            table.append(row(f"k = {k:g}: {roots} together", died, q**roots))
    return table


def _died_out(seed: int, k: float, roots: int, trees: int = 2000, safe: int = 400) -> float:
    """Share of trees that die out; one with `safe` living people does not any more."""
    random, living = np.random.default_rng([seed, roots]), np.full(trees, roots)
    while ((living > 0) & (living < safe)).any():
        growing = living < safe
        living[growing] = random.poisson(k * living[growing])
    return float((living == 0).mean())


SECTION = Section(
    "ledger_identities",
    "4.9 Identities of money and growth",
    (
        Target("ruin_by_the_books", "rule", "random net cash through the ledger", _BROADIE, check_ruin_by_the_books),
        Target("insolvency", "rule", "own cash gone closes the product (M9)", "derived", check_insolvency),
        Target("lifetime_value", "rule", "LTV = m/c and payback = CAC/m in the ledger", "derived", check_lifetime_value),
        Target("base_size", "rule", "base size = arrivals × lifetime", "Little 1961", check_base_size),
        Target("cohorts", "rule", "cohorts add up to the books", "derived", check_cohorts),
        Target("ruin_formula", "toy", "chance of ruin, and the barrier of weekly checks", _BROADIE, check_ruin_formula),
        Target("referral_tree", "toy", "referral below one ends at U0/(1-k)", "derived", check_referral),
        Target("extinction", "toy", "referral above one may still die out", "Harris 1963", check_extinction),
    ),
)
