"""What a run comes to: `summary.json` of one seed, and the ensemble over seeds. Pure functions of tables."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.outcome import Outcome, share_table, verdict_of
from sim.scenario import Scenario

SCHEMA = 2
"""The version of the results format: 2 has the day of each intervention."""

RETENTION_DAYS = (1, 7, 30, 60)
QUANTILES = (5, 25, 50, 75, 95)

REVENUES = ("advertising", "subscriptions", "credits")
COSTS = ("compute", "creator_pay", "delivery", "moderation", "marketing", "store_fee", "fixed")


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a summary. `key` is its path in summary.json with dots, and its column in the table of runs."""

    key: str
    unit: str
    meaning: str


FIGURES: tuple[Figure, ...] = (
    Figure("days_run", "days", "days simulated"),
    Figure("outcome_day", "day", "day of the shutdown"),
    Figure("trend_per_month", "1/month", "growth of monthly users over the last 120 days"),
    Figure("outcome_agreement", "share", "share of nine windows and thresholds that give the same outcome"),
    Figure("installs_total", "people", "first adoptions"),
    Figure("dau_peak", "people", "most daily users on a day"),
    Figure("dau_peak_day", "day", "the day of that peak"),
    Figure("dau_end", "people", "daily users on the last day"),
    Figure("mau_end", "people", "monthly users on the last day"),
    Figure("retention.d1", "share", "adopters active exactly 1 day later"),
    Figure("retention.d7", "share", "adopters active exactly 7 days later"),
    Figure("retention.d30", "share", "adopters active exactly 30 days later"),
    Figure("retention.d60", "share", "adopters active exactly 60 days later"),
    Figure("attempts_per_accepted", "attempts", "attempts per usable clip"),
    Figure("accepted_share", "share", "sessions that end with a usable clip, refused ones counted as without"),
    Figure("exported_share", "share", "clips that also or only go outside"),
    Figure("exported_quality_share", "share", "the same, weighted by quality"),
    Figure("leaked_view_share", "share", "views outside over all views of clips made here"),
    Figure("income_parity", "share", "paid here over what the same clips would have earned outside"),
    Figure("payers_share", "share", "adopters who ever paid"),
    Figure("break_even_views_per_attempt", "views", "views here that must follow an attempt for advertising to pay its compute"),
    Figure("revenue_usd.advertising", "USD", "advertising"),
    Figure("revenue_usd.subscriptions", "USD", "subscriptions"),
    Figure("revenue_usd.credits", "USD", "credits"),
    Figure("revenue_usd.total", "USD", "all revenue"),
    Figure("cost_usd.compute", "USD", "compute"),
    Figure("cost_usd.creator_pay", "USD", "pay of creators"),
    Figure("cost_usd.delivery", "USD", "delivery of views"),
    Figure("cost_usd.moderation", "USD", "moderation"),
    Figure("cost_usd.marketing", "USD", "marketing"),
    Figure("cost_usd.store_fee", "USD", "fee of the app store"),
    Figure("cost_usd.fixed", "USD", "fixed cost"),
    Figure("cost_usd.total", "USD", "all cost"),
    Figure("operating_profit_usd", "USD", "revenue minus cost, outside funding not counted"),
    Figure("cash_end_usd", "USD", "cash of the operator on the last day"),
    Figure("parent_budget_end_usd", "USD", "left in the budget of the parent on the last day"),
    Figure("runway_end_days", "days", "days the funds last at the last week's loss; none without a loss"),
    Figure("value_leaked_usd", "USD", "outside advertising on exported clips, before payouts"),
    Figure("unit_cost_end_usd", "USD/attempt", "cost of an attempt on the last day"),
    Figure("creator_income_gini", "1", "Gini coefficient of creators' income"),
    Figure("creator_income_top1_share", "share", "income of the top 1 % of creators over all of it"),
    Figure("creator_views_gini", "1", "Gini coefficient of creators' views here"),
    Figure("creator_views_top1_share", "share", "views here of the top 1 % of creators over all of them"),
)

_UNITS = {figure.key: figure.unit for figure in FIGURES}


def unit_of(key: str) -> str:
    """The unit of a leaf of a summary: that of a figure, "day" of an intervention, else "1"."""
    return "day" if key.startswith("interventions.") else _UNITS.get(key, "1")


def retention(cohorts: pd.DataFrame, age_days: int) -> float | None:
    """D_n: share of adopters active exactly `age_days` days later, pooled over the adoption days whose day n is inside the run.

    None if there are none. cohorts: columns age_days, adopters, active (people); `adopters` counts those whose day of that age was run.
    """
    rows = cohorts["age_days"].to_numpy() == age_days
    active, adopters = (math.fsum(cohorts[column].to_numpy()[rows].tolist()) for column in ("active", "adopters"))
    return _ratio(active, adopters)


def summarise(
    scenario: Scenario,
    seed: int,
    daily: pd.DataFrame,
    cohorts: pd.DataFrame,
    finals: Mapping[str, float],
    outcome: Outcome,
    *,
    fired: Mapping[str, int],
    wall_s: float,
) -> dict[str, Any]:
    """The document summary.json of one run: plain JSON values, None where a figure is undefined.

    daily, cohorts: the tables of the run. finals: figures taken from the populations at the end, under their own names. fired: the day
    of each intervention that happened. wall_s: seconds.
    """
    columns = dict(zip(map(str, daily.columns), daily.to_numpy(dtype=np.float64).T, strict=True))
    last = {name: days[-1] for name, days in columns.items()}
    peak = int(columns["dau"].argmax())
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "scenario": scenario.name,
        "seed": seed,
        "days_run": len(daily),
        "outcome": outcome.name,
        "outcome_day": outcome.day,
        "outcome_cause": outcome.cause,
        "first_gate": outcome.first_gate,
        "trend_per_month": outcome.trend.middle if outcome.trend else None,
        "outcome_agreement": outcome.agreement,
        "dials": {dial: scenario.values[f"dials.{dial}"] for dial in ("steerability", "monetization", "export_leakage")},
        "people": scenario.people,
        "agents": scenario.agents,
        "installs_total": last["installs_total"],
        "dau_peak": columns["dau"][peak],
        "dau_peak_day": int(columns["day"][peak]),
        "dau_end": last["dau"],
        "mau_end": last["mau"],
        "retention": {f"d{age}": retention(cohorts, age) for age in RETENTION_DAYS},
        **_making_and_leaking(columns),
        **_money(columns),
        "runway_end_days": last["runway_days"],
        "unit_cost_end_usd": last["unit_cost_usd"],
        **finals,
        "interventions": {one.name: fired.get(one.name) for one in scenario.interventions},
        "wall_s": wall_s,
    }
    return {key: _plain(value) for key, value in document.items()}


def _making_and_leaking(daily: Mapping[str, NDArray[np.float64]]) -> dict[str, float | None]:
    def total(column: str) -> float:
        return math.fsum(daily[column].tolist())

    exported = total("clips_both") + total("clips_outside")
    attempts, views = total("attempts"), total("views_here")
    earned_by_views = total("revenue_advertising_usd") - total("cost_delivery_usd")
    return {
        "attempts_per_accepted": _ratio(attempts, total("accepted_sessions")),
        "accepted_share": _ratio(total("accepted_sessions"), total("sessions") + total("refused_sessions")),
        "exported_share": _ratio(exported, total("clips_here") + exported),
        "exported_quality_share": _ratio(total("quality_exported"), total("quality_made")),
        "leaked_view_share": _ratio(total("views_outside"), views + total("views_outside")),
        "income_parity": _ratio(total("cost_creator_pay_usd"), total("outside_equivalent_usd")),
        "break_even_views_per_attempt": _ratio(total("cost_compute_usd") * views, attempts * earned_by_views),
        "value_leaked_usd": total("value_leaked_usd"),
    }


def _money(daily: Mapping[str, NDArray[np.float64]]) -> dict[str, Any]:
    def total(column: str) -> float:
        return math.fsum(daily[column].tolist())

    return {
        "revenue_usd": {name: total(f"revenue_{name}_usd") for name in REVENUES} | {"total": total("revenue_usd")},
        "cost_usd": {name: total(f"cost_{name}_usd") for name in COSTS} | {"total": total("cost_usd")},
        "operating_profit_usd": total("operating_profit_usd"),
        "cash_end_usd": daily["operator_cash_usd"][-1],
        "parent_budget_end_usd": daily["parent_budget_usd"][-1],
    }


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole > 0.0 else None


def _plain(value: Any) -> Any:
    """The value as plain JSON: numpy scalars as Python's, undefined and infinite numbers as None."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def flatten(summary: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves of a summary with their dotted paths."""
    for key, value in summary.items():
        if isinstance(value, Mapping):
            yield from flatten(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def quantiles(values: Sequence[float | None]) -> dict[str, float] | None:
    """The 5, 25, 50, 75 and 95 % quantiles of the defined values (keys q05 to q95) and their number n; None if there are none."""
    defined = [value for value in values if value is not None]
    if not defined:
        return None
    return {"n": len(defined)} | {f"q{q:02d}": float(np.percentile(defined, q)) for q in QUANTILES}


def ensemble_of(summaries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The document ensemble.json: verdict, share of each outcome, causes, first gates, closing-day band, quantiles of each figure."""
    rows = [dict(flatten(summary)) for summary in summaries]
    outcomes = [row["outcome"] for row in rows]
    skipped = {"schema", "seed", "wall_s", "people", "agents"}
    numbers = [
        key
        for key in dict.fromkeys(key for row in rows for key in row)
        if key not in skipped and not key.startswith("dials.") and all(isinstance(row.get(key), (int, float, type(None))) for row in rows)
    ]
    return {
        "schema": SCHEMA,
        "scenario": rows[0]["scenario"],
        "seeds": [row["seed"] for row in rows],
        "verdict": verdict_of(outcomes),
        "outcomes": share_table(outcomes),
        "causes": _counts(row["outcome_cause"] for row in rows),
        "first_gates": _counts(row["first_gate"] for row in rows),
        "closing_day": quantiles([row["outcome_day"] for row in rows]),
        "figures": {key: {"unit": unit_of(key)} | (quantiles([row.get(key) for row in rows]) or {"n": 0}) for key in numbers},
    }


def _counts(values: Iterator[str | None]) -> dict[str, int]:
    return dict(Counter(value for value in values if value is not None).most_common())
