"""Contribution of cohorts, in whole micro-dollars.

    CM1 = revenue - variable cost (compute used and overflow, delivery, moderation, store fee)
    CM2 = CM1 - creator pay          CM3 = CM2 - marketing

The books know the cohort of an amount, not its side or channel. Here they are shared out by a key, by largest remainder, so that no
micro-dollar is lost: money of making (credits, subscriptions, store fee, compute, moderation, creator pay) falls to the makers of the
cohort, because nobody else makes; money of viewing (advertising, delivery) to both sides; and within those by active days. Marketing of a
week is charged to those of that week's cohort whom advertising brought, by heads; where it brought nobody to all of the cohort.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import sim
from analysis.unit_economics.retention_triangle import CELL, WEEK
from sim.ledger.split import largest_remainder

Whole = NDArray[np.int64]

MICRO = 1_000_000
PART_OF = {
    "advertising": "revenue",
    "credits": "revenue",
    "subscriptions": "revenue",
    "store_fee": "variable",
    "compute_used": "variable",
    "compute_overflow": "variable",
    "delivery": "variable",
    "moderation": "variable",
    "creator_share_of_advertising": "creator_pay",
    "creator_fund": "creator_pay",
    "marketing": "marketing",
    "compute_idle": "idle",
    "fixed": "fixed",
}
"""Entry kind -> the part of the contribution it is; all that is revenue or cost of the operator."""
OF_COHORTS = ("revenue", "variable", "creator_pay")
OF_VIEWING = ("advertising", "delivery")
MAKERS, ADVERTISING = "creator", "advertising"
RECENT_DAYS = 28


def cells_of(cohorts: pd.DataFrame, ledger: pd.DataFrame, people_per_row: float) -> pd.DataFrame:
    """A row a cohort, side and channel: adopters (people), active_days (people x days), revenue, variable, creator_pay, marketing.

    Money in whole micro-dollars (int64), costs as positive numbers. cohorts, ledger: of one seed.
    """
    at_first = cohorts[cohorts["age_days"] == 0].set_index(CELL)["adopters"]
    cells = pd.DataFrame({"adopters": at_first, "active_days": cohorts.groupby(CELL)["active"].sum()}).fillna(0.0).reset_index()
    rows = {int(str(cohort)): np.asarray(place) for cohort, place in cells.groupby("cohort").indices.items()}
    weights = {name: np.rint(cells[name].to_numpy() / people_per_row).astype(np.int64) for name in ("adopters", "active_days")}
    is_maker, is_bought = (cells["side"] == MAKERS).to_numpy(), (cells["channel"] == ADVERTISING).to_numpy()
    shared = {part: np.zeros(len(cells), dtype=np.int64) for part in (*OF_COHORTS, "marketing")}
    for (cohort, kind), micro in by_cohort_and_kind(ledger, list(rows)).items():
        place = rows[cohort]
        if kind == "marketing":
            keys = (weights["adopters"][place] * is_bought[place], weights["adopters"][place])
        else:
            those = np.ones(place.size, dtype=np.bool_) if kind in OF_VIEWING else is_maker[place]
            keys = (weights["active_days"][place] * those, weights["adopters"][place] * those)
        shared[PART_OF[kind]][place] += shares(micro, next((key for key in keys if key.any()), np.ones(place.size, dtype=np.int64)))
    return cells.assign(**shared)


def by_cohort_and_kind(ledger: pd.DataFrame, cohorts: Sequence[int]) -> dict[tuple[int, str], int]:
    """Micro-dollars of each cohort and kind. Marketing counts to the cohort of its week, if it is among those in which anybody came."""
    lines = _operating(ledger)
    week = lines["day"] // WEEK
    is_marketing = (lines["kind"] == "marketing") & week.isin(cohorts)
    lines = lines.assign(cohort=lines["cohort"].where(~is_marketing, week))
    sums = lines[lines["cohort"] >= 0].groupby(["cohort", "kind"])["amount_micro_usd"].sum().reset_index()
    columns = (sums[name].tolist() for name in ("cohort", "kind", "amount_micro_usd"))
    return {(cohort, kind): micro for cohort, kind, micro in zip(*columns, strict=True)}


def shares(micro: int, weights: Whole) -> Whole:
    """The amount split in proportion to whole weights, not all zero, so that the parts sum to it."""
    parts = np.zeros(weights.size, dtype=np.int64)
    largest_remainder(micro, np.ascontiguousarray(weights), parts)
    return parts


def _operating(ledger: pd.DataFrame) -> pd.DataFrame:
    """The lines that are revenue or cost of the operator, with plain text for kinds."""
    lines = ledger.assign(kind=ledger["kind"].astype(str))
    return lines[(lines["day"] >= 0) & lines["kind"].isin(PART_OF)]


def books_of(cells: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """What cohorts brought, what belongs to none, and the operating profit of the ledger: a row a line, columns line and micro_usd (int).

    The last two lines are reckoned apart: the profit from who paid whom, and the difference, which is 0 where nothing was lost.
    """
    lines = _operating(ledger)
    none = lines[lines["cohort"] < 0].groupby(lines["kind"].map(PART_OF))["amount_micro_usd"].sum()
    of = {part: int(cells[part].sum()) for part in (*OF_COHORTS, "marketing")}
    cm1 = of["revenue"] - of["variable"]
    cm2 = cm1 - of["creator_pay"]
    cm3 = cm2 - of["marketing"]
    loose = {part: int(none.get(part, 0)) for part in ("revenue", "variable", "creator_pay", "idle", "fixed", "marketing")}
    marketing_of_none = loose["marketing"] - of["marketing"]
    other = loose["revenue"] - loose["variable"] - loose["creator_pay"]
    total = cm3 - loose["idle"] - loose["fixed"] - marketing_of_none + other
    profit = operating_profit(ledger)
    rows = {
        "revenue of cohorts": of["revenue"],
        "variable cost": -of["variable"],
        "CM1": cm1,
        "creator pay": -of["creator_pay"],
        "CM2": cm2,
        "marketing of cohorts": -of["marketing"],
        "CM3": cm3,
        "idle compute": -loose["idle"],
        "fixed cost": -loose["fixed"],
        "marketing of weeks in which nobody came": -marketing_of_none,
        "other amounts without a cohort": other,
        "sum": total,
        "operating profit of the ledger": profit,
        "difference": total - profit,
    }
    return pd.DataFrame({"line": list(rows), "micro_usd": np.array(list(rows.values()), dtype=np.int64)})


def operating_profit(ledger: pd.DataFrame) -> int:
    """Micro-dollars that the operator received less what it paid, its funding left out: by payer and payee, not by kinds."""
    funding = [entry.name for entry in sim.ENTRIES if entry.line == "funding"]
    lines = ledger[~ledger["kind"].astype(str).isin(funding)]
    micro = lines["amount_micro_usd"]
    received, paid = (int(micro[lines[who].astype(str) == "operator"].sum()) for who in ("payee", "payer"))
    return received - paid


class Margins(NamedTuple):
    """CM2 a day that somebody is active (USD), over the last days of a run, by side."""

    creator: float
    viewer: float


def recent_margins(cohorts: pd.DataFrame, ledger: pd.DataFrame, daily: pd.DataFrame, days: int = RECENT_DAYS) -> Margins:
    """Money of viewing over all active days, and for makers money of making over theirs on top.

    Active days of all are exact; how they fall to the sides is read off cohorts of weeks, so that a window is off by three days at most.
    """
    end = len(daily)
    lines = _operating(ledger)
    lines = lines[(lines["day"] >= end - days) & lines["kind"].map(PART_OF).isin(OF_COHORTS)]
    sign = np.where(lines["kind"].map(PART_OF) == "revenue", 1, -1)
    is_viewing = lines["kind"].isin(OF_VIEWING).to_numpy()
    signed = lines["amount_micro_usd"].to_numpy() * sign
    middle = WEEK * cohorts["cohort"] + WEEK // 2 + cohorts["age_days"]
    recent = cohorts[middle >= end - days].groupby("side")["active"].sum()
    all_days = float(daily["dau"].iloc[-days:].sum())
    if all_days <= 0.0 or recent.sum() <= 0.0:
        return Margins(0.0, 0.0)
    viewing = int(signed[is_viewing].sum()) / MICRO / all_days
    maker_days = all_days * float(recent.get(MAKERS, 0.0)) / float(recent.sum())
    making = int(signed[~is_viewing].sum()) / MICRO / maker_days if maker_days > 0.0 else 0.0
    return Margins(viewing + making, viewing)
