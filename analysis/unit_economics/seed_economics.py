"""All of one seed: its tables and its figures. Tables in, tables out; knows nothing of folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.unit_economics.contribution import ADVERTISING, MICRO, books_of, cells_of, recent_margins
from analysis.unit_economics.keeping import OPERATOR, OUTSIDE, keeping, lorenz
from analysis.unit_economics.lifetimes import FEWEST_WEEKS, MODELS, NAIVE, SBG, Law, fit_laws, forecast
from analysis.unit_economics.relived import Relived, visit_forecast
from analysis.unit_economics.retention_triangle import Numbers, grid, survival_curve, triangle
from analysis.unit_economics.user_cost import break_even, user_cost
from analysis.unit_economics.value import ALL, Terms, payback_days, segments, with_remaining

FEWEST_ROWS = 100
"""Adopters, in rows, of a group below which no curve is fitted to it: it would be noise."""


class Figure(NamedTuple):
    """A number of a seed: key, unit, meaning."""

    key: str
    unit: str
    meaning: str


FIGURES = (
    Figure("adopters", "people", "first adoptions"),
    Figure("active_days_per_adopter", "days", "days on which an adopter was active, so far"),
    Figure("revenue_per_adopter_usd", "USD/person", "revenue"),
    Figure("cm1_per_adopter_usd", "USD/person", "CM1: revenue less variable cost"),
    Figure("cm2_per_adopter_usd", "USD/person", "CM2: CM1 less creator pay; lifetime value so far"),
    Figure("cm3_per_adopter_usd", "USD/person", "CM3: CM2 less marketing"),
    Figure("ltv_sbg_usd", "USD/person", "lifetime value: CM2 so far and what sBG expects"),
    Figure("ltv_naive_usd", "USD/person", "the same with one churn for all"),
    Figure("cac_blended_usd", "USD/person", "marketing over all adopters"),
    Figure("cac_advertising_usd", "USD/person", "marketing over those whom advertising brought"),
    Figure("ltv_to_cac", "1", "lifetime value (sBG) over acquisition (blended)"),
    Figure("payback_day", "day", "median cohort: days until its CM2 covered its marketing; undefined where it has not"),
    Figure("cohorts_paid_back", "share", "cohorts whose CM2 has covered their marketing"),
    Figure("churn_naive", "share/week", "constant weekly churn, pooled"),
    Figure("sbg_alpha", "1", "sBG: alpha"),
    Figure("sbg_beta", "1", "sBG: beta"),
    Figure("error_naive", "share", "active days of the second half, foretold over what came, less one: constant churn"),
    Figure("error_sbg", "share", "the same: sBG"),
    Figure("error_bdw", "share", "the same: BdW"),
    Figure("error_constant_rate", "share", "the same for visits of single people: the rate so far"),
    Figure("error_bgnbd", "share", "the same: BG/NBD"),
    Figure("bgnbd_r", "1", "BG/NBD: r of the rates of visits, by weeks"),
    Figure("bgnbd_alpha", "week", "BG/NBD: alpha of the rates of visits"),
    Figure("bgnbd_a", "1", "BG/NBD: a of leaving after a visit"),
    Figure("bgnbd_b", "1", "BG/NBD: b of leaving after a visit"),
    Figure("views_per_attempt", "views", "views here per generation"),
    Figure("needed_views_per_attempt", "views", "views here per generation for advertising to pay compute"),
    Figure("revenue_per_active_day_usd", "USD/day", "revenue per active day of a user"),
    Figure("variable_per_active_day_usd", "USD/day", "average cost per active day: variable"),
    Figure("all_in_per_active_day_usd", "USD/day", "average cost per active day: all in"),
    Figure("one_more_today_usd", "USD/day", "cost of one more active day, capacity as it stands"),
    Figure("one_more_for_good_usd", "USD/day", "cost of one more active day, capacity follows"),
    Figure("one_more_gain_usd", "USD/day", "what one more active day brings, less what it costs for good"),
    Figure("income_gini", "1", "Gini of creators' income, here and outside"),
    Figure("views_gini", "1", "Gini of creators' views here"),
    Figure("income_top1_share", "share", "income of the top 1 % of creators"),
    Figure("views_top1_share", "share", "views here of the top 1 % of creators"),
    Figure("kept_outside", "share", "of what customers paid, here and outside: kept by outside platforms"),
    Figure("kept_by_operator", "share", "of what customers paid, here and outside: kept by the operator; negative: others pay"),
    Figure("paid_here", "share", "of what customers paid, here and outside: paid to the operator"),
)


@dataclass(frozen=True)
class SeedEconomics:
    """triangle, segments, books, costs, kept: tables of one seed. laws: by group and model. figures: by key. lorenz: of income and views.

    unfitted: groups without a fit, and why.
    """

    triangle: pd.DataFrame
    segments: pd.DataFrame
    books: pd.DataFrame
    costs: pd.DataFrame
    kept: pd.DataFrame
    laws: Mapping[str, Mapping[str, Law]]
    unfitted: Mapping[str, str]
    figures: Mapping[str, float]
    lorenz: Mapping[str, Numbers]


def seed_economics(
    tables: Mapping[str, pd.DataFrame], summary: Mapping[str, Any], values: Mapping[str, Any], relived: Relived | None, terms: Terms
) -> SeedEconomics:
    """Everything of one seed. tables: daily, cohorts, ledger. values: of the scenario. relived: None where it cannot be lived again."""
    daily, cohorts, ledger = tables["daily"], tables["cohorts"], tables["ledger"]
    days, weight = len(daily), float(summary["people"]) / float(summary["agents"])
    table = triangle(cohorts, days)
    laws, unfitted = laws_of(table, weight)
    cells = cells_of(cohorts, ledger, weight)
    by_side = {side: laws.get(side) or laws.get(ALL, {}) for side in ("creator", "viewer")}
    cells = with_remaining(cells, table, by_side, recent_margins(cohorts, ledger, daily), days, terms)
    payback = payback_days(ledger, cells)
    groups = segments(cells, payback)
    costs, kept = user_cost(daily, ledger, values), keeping(ledger)
    figures = {
        **_of_value(groups, cells, payback),
        **_of_laws(laws.get(ALL, {}), forecast(grid(table), days // 2)),
        **break_even(daily),
        **_of_costs(costs),
        **_of_keeping(kept, ledger),
        **_of_people(relived, days // 2),
    }
    curves = {} if relived is None else {"income": lorenz(relived.income), "views": lorenz(relived.views)}
    figures |= {
        f"{of}_{what}": float(summary[f"creator_{of}_{what}"] if summary.get(f"creator_{of}_{what}") is not None else np.nan)
        for of in ("income", "views")
        for what in ("gini", "top1_share")
    }
    known = {figure.key: figures.get(figure.key, np.nan) for figure in FIGURES}
    return SeedEconomics(table, groups, books_of(cells, ledger), costs, kept, laws, unfitted, known, curves)


def laws_of(
    table: pd.DataFrame, people_per_row: float, models: Sequence[str] = (NAIVE, SBG)
) -> tuple[dict[str, dict[str, Law]], dict[str, str]]:
    """The laws of all, each side and each channel that can be fitted, and why the others cannot. table: a triangle."""
    groups = {ALL: table}
    for by in ("side", "channel"):
        groups |= {str(name): part for name, part in table.groupby(by)}
    laws, unfitted = {}, {}
    for name, part in groups.items():
        curve = survival_curve(grid(part))
        rows = float(part.loc[part["age_week"] == 0, "adopters"].sum()) / people_per_row
        if curve.size < FEWEST_WEEKS:
            unfitted[name] = f"too short a run: fewer than {FEWEST_WEEKS} whole weeks"
        elif rows < FEWEST_ROWS:
            unfitted[name] = f"fewer than {FEWEST_ROWS} rows adopted"
        elif found := fit_laws(curve, models if name == ALL else (NAIVE, SBG)):
            laws[name] = found
        else:
            unfitted[name] = "its activity does not fall"
    return laws, unfitted


def _of_value(groups: pd.DataFrame, cells: pd.DataFrame, payback: Mapping[int, float]) -> dict[str, float]:
    row = groups[groups["by"] == ALL].iloc[0]
    heads = float(row["adopters"])
    bought = float(cells.loc[cells["channel"] == ADVERTISING, "adopters"].sum())
    marketing = float(row["marketing_micro_usd"]) / MICRO
    days, cac = list(payback.values()), float(row["cac_usd"])
    per_head = {f"{level}_per_adopter_usd": float(row[f"{level}_micro_usd"]) / MICRO / heads for level in ("revenue", "cm1", "cm2", "cm3")}
    return per_head | {
        "adopters": heads,
        "active_days_per_adopter": float(row["active_days"]) / heads,
        "ltv_sbg_usd": float(row["ltv_sbg_usd"]),
        "ltv_naive_usd": float(row["ltv_naive_usd"]),
        "cac_blended_usd": cac,
        "ltv_to_cac": float(row["ltv_sbg_usd"]) / cac,
        "cac_advertising_usd": marketing / bought if marketing > 0.0 and bought > 0.0 else np.nan,
        "payback_day": float(np.median(np.nan_to_num(days, nan=np.inf))) if days and not np.isnan(days).mean() >= 0.5 else np.nan,
        "cohorts_paid_back": float(np.mean(~np.isnan(days))) if days else np.nan,
    }


def _of_laws(laws: Mapping[str, Law], foretold: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    errors = {f"error_{model.lower()}": foretold[model][0] / foretold[model][1] - 1.0 for model in MODELS if model in foretold}
    if not laws:
        return errors
    parameters = {"churn_naive": laws[NAIVE].alpha, "sbg_alpha": laws[SBG].alpha, "sbg_beta": laws[SBG].beta}
    return errors | parameters


def _of_costs(costs: pd.DataFrame) -> dict[str, float]:
    run = costs[costs["month"] == -1]
    if run.empty:
        return {}
    row = run.iloc[0]
    averages = {f"{name}_per_active_day_usd": float(row[f"{name}_usd"]) for name in ("revenue", "variable", "all_in")}
    more = {name: float(row[name]) for name in ("one_more_today_usd", "one_more_for_good_usd")}
    return averages | more | {"one_more_gain_usd": float(row["revenue_usd"] - row["one_more_for_good_usd"])}


def _of_keeping(kept: pd.DataFrame, ledger: pd.DataFrame) -> dict[str, float]:
    by_holder = kept.set_index("holder")["micro_usd"]
    paid = int(by_holder.sum())
    if paid <= 0:
        return {}
    outside = int(ledger.loc[ledger["kind"].astype(str) == "outside_advertising", "amount_micro_usd"].sum())
    return {
        "kept_outside": float(by_holder.get(OUTSIDE, 0)) / paid,
        "kept_by_operator": float(by_holder.get(OPERATOR, 0)) / paid,
        "paid_here": (paid - outside) / paid,
    }


def _of_people(relived: Relived | None, split_day: int) -> dict[str, float]:
    found = visit_forecast(relived.adopted, relived.came, split_day) if relived is not None else None
    if found is None:
        return {}
    law = {f"bgnbd_{name}": float(value) for name, value in zip(("r", "alpha", "a", "b"), found.law, strict=False)}
    return law | {"error_bgnbd": found.bgnbd / found.came - 1.0, "error_constant_rate": found.constant_rate / found.came - 1.0}
