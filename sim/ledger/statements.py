"""Statements read from the ledger's lines, and the second classification of entry kinds, listed by hand.

The lists below do not look at `sim.ledger.entries`: the journal compares both at the close of each day, so that a payer and payee
written the wrong way round are found. pandas is for reading the books, never for keeping them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from sim.ledger.accounts import HOLDER_NAMES
from sim.ledger.entries import ENTRY_NAMES

if TYPE_CHECKING:
    from sim.ledger.journal import Books

REVENUE: dict[str, tuple[str, ...]] = {
    "revenue_advertising_usd": ("advertising",),
    "revenue_subscriptions_usd": ("subscriptions",),
    "revenue_credits_usd": ("credits",),
}
COST: dict[str, tuple[str, ...]] = {
    "cost_compute_usd": ("compute_used", "compute_idle", "compute_overflow"),
    "cost_creator_pay_usd": ("creator_share_of_advertising", "creator_fund"),
    "cost_delivery_usd": ("delivery",),
    "cost_moderation_usd": ("moderation",),
    "cost_marketing_usd": ("marketing",),
    "cost_store_fee_usd": ("store_fee",),
    "cost_fixed_usd": ("fixed",),
}
"""Lines of the operator's income statement (named like the columns of the daily table) and the entry kinds in each."""

REVENUE_KINDS: tuple[str, ...] = tuple(kind for kinds in REVENUE.values() for kind in kinds)
COST_KINDS: tuple[str, ...] = tuple(kind for kinds in COST.values() for kind in kinds)

RECEIVED_AND_PAID: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "operator": ((*REVENUE_KINDS, "opening_cash", "parent_funding"), COST_KINDS),
    "parent": (("parent_endowment",), ("parent_funding",)),
    "external_platforms": (("outside_advertising",), ("outside_payout",)),
}
"""Holder -> (kinds it receives, kinds it pays): its change in cash must be the first less the second."""

MONTH_DAYS = 30
MICRO_PER_USD = 1_000_000

By = Literal["day", "month", "cohort", "run"]


def ledger_table(books: Books) -> pd.DataFrame:
    """The lines of all closed days.

    Columns: day (int32, -1 = opening), kind, payer, payee (categories), amount_micro_usd (int64), cohort (int32, -1 none).
    """
    lines = books.lines()
    kinds = lines["kind"]
    return pd.DataFrame(
        {
            "day": lines["day"],
            "kind": pd.Categorical.from_codes(kinds, categories=pd.Index(ENTRY_NAMES)),
            "payer": pd.Categorical.from_codes(np.array(books.payers)[kinds], categories=pd.Index(HOLDER_NAMES)),
            "payee": pd.Categorical.from_codes(np.array(books.payees)[kinds], categories=pd.Index(HOLDER_NAMES)),
            "amount_micro_usd": lines["amount_micro_usd"],
            "cohort": lines["cohort"],
        }
    )


def income_statement(ledger: pd.DataFrame, by: By = "month") -> pd.DataFrame:
    """The operator's income statement in USD: a row per day, month, adoption cohort (-1 = none) or run. A month is 30 days from launch.

    Columns: each line of revenue, `revenue_usd`, each line of cost, `cost_usd`, `operating_profit_usd` (outside funding not counted) and
    `parent_funding_usd`. Opening entries are left out. Sums are taken in whole micro-dollars and divided once.
    """
    lines = ledger[ledger["day"] >= 0]
    groups = {"day": lines["day"], "month": lines["day"] // MONTH_DAYS, "cohort": lines["cohort"]}
    group = groups[by] if by != "run" else pd.Series(0, index=lines.index)
    amounts = pd.crosstab(group.rename(by), lines["kind"].astype(str), lines["amount_micro_usd"], aggfunc="sum").fillna(0)
    by_kind = amounts.astype(np.int64).reindex(columns=list(ENTRY_NAMES), fill_value=0)
    statement = pd.DataFrame(index=by_kind.index)
    for total, parts in (("revenue_usd", REVENUE), ("cost_usd", COST)):
        for line, kinds in parts.items():
            statement[line] = by_kind[list(kinds)].sum(axis=1)
        statement[total] = statement[list(parts)].sum(axis=1)
    statement["operating_profit_usd"] = statement["revenue_usd"] - statement["cost_usd"]
    statement["parent_funding_usd"] = by_kind["parent_funding"]
    return statement / MICRO_PER_USD


def flow_matrix(ledger: pd.DataFrame, day: int | None = None) -> pd.DataFrame:
    """The transaction-flow matrix of one day (None: the whole run with the opening), entry kind x holder, in whole micro-dollars.

    Received counts plus, paid minus: every row sums to zero and a column to that holder's change in cash.
    """
    lines = ledger if day is None else ledger[ledger["day"] == day]
    amounts = lines["amount_micro_usd"].to_numpy(dtype=np.int64)
    kind, payer, payee = (
        _codes(lines[name], names) for name, names in (("kind", ENTRY_NAMES), ("payer", HOLDER_NAMES), ("payee", HOLDER_NAMES))
    )
    flows = np.zeros((len(ENTRY_NAMES), len(HOLDER_NAMES)), dtype=np.int64)
    np.add.at(flows, (kind, payee), amounts)
    np.subtract.at(flows, (kind, payer), amounts)
    return pd.DataFrame(flows, index=pd.Index(ENTRY_NAMES, name="kind"), columns=pd.Index(HOLDER_NAMES, name="holder"))


def cash_table(ledger: pd.DataFrame) -> pd.DataFrame:
    """Cash of each holder (rows) at the close of each day (columns, from -1 to the last day with a line), in whole micro-dollars."""
    amounts = ledger["amount_micro_usd"].to_numpy(dtype=np.int64)
    day = ledger["day"].to_numpy(dtype=np.int64) + 1
    changes = np.zeros((len(HOLDER_NAMES), int(day.max(initial=0)) + 1), dtype=np.int64)
    np.add.at(changes, (_codes(ledger["payee"], HOLDER_NAMES), day), amounts)
    np.subtract.at(changes, (_codes(ledger["payer"], HOLDER_NAMES), day), amounts)
    days = pd.RangeIndex(-1, changes.shape[1] - 1, name="day")
    return pd.DataFrame(changes.cumsum(axis=1), index=pd.Index(HOLDER_NAMES, name="holder"), columns=days)


def _codes(column: pd.Series[str], names: tuple[str, ...]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Positions in `names` of a column of names, whether text or categories."""
    return pd.Index(names).get_indexer(pd.Index(column.astype(str))).astype(np.int64)
