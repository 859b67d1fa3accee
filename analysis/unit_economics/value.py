"""What people are worth: what they have brought so far, what is to be expected of them, and when their acquisition was paid back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.unit_economics.contribution import MAKERS, MICRO, OF_COHORTS, Margins
from analysis.unit_economics.lifetimes import NAIVE, SBG, Law, remaining_weeks
from analysis.unit_economics.retention_triangle import CELL, WEEK

ALL = "all"
GROUPINGS = ("cohort", "side", "channel")


@dataclass(frozen=True, slots=True)
class Terms:
    """How the future is valued: a discount (share a year) and how far one looks ahead (days)."""

    discount_per_year: float = 0.1
    horizon_days: int = 1095


def with_remaining(
    cells: pd.DataFrame, triangle: pd.DataFrame, laws: Mapping[str, Mapping[str, Law]], margins: Margins, days: int, terms: Terms
) -> pd.DataFrame:
    """The cells with `remaining_sbg_usd` and `remaining_naive_usd`: discounted CM2 after the end of the run; NaN without a fit.

    laws: by side and model. A cell goes on from its active days in its last whole week (before one is whole: from what its side does in
    the first), falls as the law of its side says, and each active day brings the recent margin of its side.
    """
    last = triangle.sort_values("age_week").groupby(CELL).last().reindex(pd.MultiIndex.from_frame(cells[CELL]))
    first = triangle[triangle["age_week"] == 0].groupby("side")[["active_days", "adopters"]].sum()
    usual = (first["active_days"] / first["adopters"]).to_dict()
    found: dict[str, list[float]] = {SBG: [], NAIVE: []}
    ages, levels = last["age_week"].to_numpy(dtype=np.float64), last["active_days"].to_numpy(dtype=np.float64)
    weeks = terms.horizon_days // WEEK
    known_law: dict[tuple[str, str, int], float] = {}
    for i, (cohort, side, adopters) in enumerate(zip(cells["cohort"], cells["side"], cells["adopters"], strict=True)):
        is_new = np.isnan(ages[i])
        age, level = (0.0, adopters * usual.get(side, np.nan)) if is_new else (ages[i], levels[i])
        start = max(0.0, (days - 1 - (WEEK * cohort + WEEK // 2)) / WEEK)
        margin = margins.creator if side == MAKERS else margins.viewer
        for model, values in found.items():
            law = laws.get(side, {}).get(model)
            key = (side, model, int(cohort))
            if law is not None and key not in known_law:
                known_law[key] = remaining_weeks(law, float(age), start, weeks, terms.discount_per_year)
            values.append(level * known_law[key] * margin if law is not None else np.nan)
    return cells.assign(remaining_sbg_usd=found[SBG], remaining_naive_usd=found[NAIVE])


def segments(cells: pd.DataFrame, payback: Mapping[int, float]) -> pd.DataFrame:
    """A row for all and for each cohort, side and channel, with contribution levels, CAC and LTV; see `SEGMENT_UNITS`.

    payback: day by cohort. LTV is CM2 a head, before acquisition: what was realised, and with what is to be expected.
    """
    summed = ["adopters", "active_days", *OF_COHORTS, "marketing", "remaining_sbg_usd", "remaining_naive_usd"]
    parts = [cells[summed].sum(min_count=1).to_frame().T.assign(by=ALL, name=ALL)]
    for by in GROUPINGS:
        of = cells.groupby(by)[summed].sum(min_count=1).reset_index(names="name")
        parts.append(of.assign(by=by, name=of["name"].astype(str)))
    table = pd.concat(parts, ignore_index=True)
    whole = [*OF_COHORTS, "marketing"]
    table[whole] = table[whole].astype(np.int64)
    table["cm1"] = table["revenue"] - table["variable"]
    table["cm2"] = table["cm1"] - table["creator_pay"]
    table["cm3"] = table["cm2"] - table["marketing"]
    heads = table["adopters"]
    table["cac_usd"] = (table["marketing"] / MICRO / heads).where(table["marketing"] > 0)
    table["ltv_realised_usd"] = table["cm2"] / MICRO / heads
    for model in ("sbg", "naive"):
        table[f"ltv_{model}_usd"] = table["ltv_realised_usd"] + table[f"remaining_{model}_usd"] / heads
    is_cohort = table["by"] == "cohort"
    table["payback_day"] = [payback.get(int(name), np.nan) if one else np.nan for name, one in zip(table["name"], is_cohort, strict=True)]
    table = table.rename(columns={name: f"{name}_micro_usd" for name in (*whole, "cm1", "cm2", "cm3")})
    return table[list(SEGMENT_UNITS)]


SEGMENT_UNITS = {
    "by": "name",
    "name": "name",
    "adopters": "people",
    "active_days": "people x days",
    "revenue_micro_usd": "micro-USD",
    "variable_micro_usd": "micro-USD",
    "cm1_micro_usd": "micro-USD",
    "creator_pay_micro_usd": "micro-USD",
    "cm2_micro_usd": "micro-USD",
    "marketing_micro_usd": "micro-USD",
    "cm3_micro_usd": "micro-USD",
    "cac_usd": "USD/person",
    "ltv_realised_usd": "USD/person",
    "ltv_sbg_usd": "USD/person",
    "ltv_naive_usd": "USD/person",
    "payback_day": "day",
}


def payback_days(ledger: pd.DataFrame, cells: pd.DataFrame) -> dict[int, float]:
    """By cohort: days from the start of its week until its CM2 so far first covered the marketing of its week; NaN where it has not.

    Cohorts without marketing have nothing to pay back and are left out.
    """
    marketing = cells.groupby("cohort")["marketing"].sum()
    found = {}
    for cohort, cost in marketing[marketing > 0].items():
        lines = ledger[(ledger["cohort"] == cohort) & (ledger["day"] >= 0)]
        by_day = pd.concat([_signed(lines, "payee", 1), _signed(lines, "payer", -1)])
        so_far = by_day.groupby("day")["micro"].sum().sort_index().cumsum()
        covered = so_far.index[(so_far >= cost).to_numpy()]
        found[int(str(cohort))] = float(covered[0] - WEEK * int(str(cohort)) + 1) if len(covered) else np.nan
    return found


def _signed(lines: pd.DataFrame, who: str, sign: int) -> pd.DataFrame:
    """Day and micro-dollars of the lines in which the operator is payer or payee."""
    own = lines[lines[who].astype(str) == "operator"]
    return pd.DataFrame({"day": own["day"], "micro": sign * own["amount_micro_usd"]})
