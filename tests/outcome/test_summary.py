"""The summary of a run and the ensemble of many."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from sim.outcome import judge
from sim.scenario import Scenario
from sim.summary import ensemble_of, flatten, quantiles, retention, summarise
from tests.made_up import cohort_table, daily_table

PROMISED = """
    schema scenario seed days_run outcome outcome_day outcome_cause dials people agents installs_total dau_peak dau_peak_day
    dau_end mau_end retention.d1 retention.d7 retention.d30 retention.d60 attempts_per_accepted accepted_share exported_share
    leaked_view_share income_parity revenue_usd.advertising revenue_usd.subscriptions revenue_usd.credits revenue_usd.total
    cost_usd.compute cost_usd.creator_pay cost_usd.delivery cost_usd.moderation cost_usd.marketing cost_usd.store_fee
    cost_usd.fixed cost_usd.total operating_profit_usd cash_end_usd value_leaked_usd unit_cost_end_usd creator_income_gini wall_s
"""


def summary_of(small: Scenario, daily: pd.DataFrame, seed: int = 1, **finals: float) -> dict[str, object]:
    return summarise(
        small, seed, daily, cohort_table((1, 10.0, 2.0)), {"creator_income_gini": 0.4} | finals, judge(daily), fired={}, wall_s=1.0
    )


def test_a_summary_has_all_promised_keys(small: Scenario) -> None:
    summary = summary_of(small, daily_table(200))
    keys = set(summary) | {key for key, _ in flatten(summary)}
    assert set(PROMISED.split()) <= keys
    assert set(summary["dials"]) == {"steerability", "monetization", "export_leakage"}  # type: ignore[call-overload]


def test_ratios_are_ratios_of_sums(small: Scenario) -> None:
    summary = summary_of(small, daily_table(200))
    assert summary["attempts_per_accepted"] == 5.0
    assert summary["accepted_share"] == 0.8
    assert summary["exported_share"] == 0.25
    assert summary["leaked_view_share"] == pytest.approx(0.1)
    assert summary["operating_profit_usd"] == 2e6


def test_what_is_undefined_or_infinite_is_null(small: Scenario) -> None:
    nothing = dict.fromkeys(("sessions", "accepted_sessions", "attempts", "clips_here", "clips_both", "views_here", "views_outside"), 0.0)
    summary = summary_of(small, daily_table(200, **nothing), payers_share=float("nan"))
    for key in ("attempts_per_accepted", "accepted_share", "exported_share", "leaked_view_share", "income_parity", "runway_end_days"):
        assert summary[key] is None
    assert summary["payers_share"] is None
    assert summary["retention"] == {"d1": 0.2, "d7": None, "d30": None, "d60": None}
    json.dumps(summary, allow_nan=False)


def test_the_peak_is_dated(small: Scenario) -> None:
    summary = summary_of(small, daily_table(200, dau=1000.0 - np.abs(np.arange(200) - 37.0)))
    assert (summary["dau_peak"], summary["dau_peak_day"]) == (1000.0, 37)


def test_retention_pools_cohorts_and_is_none_without_adopters() -> None:
    cohorts = cohort_table((0, 100.0, 100.0), (7, 100.0, 10.0), (7, 300.0, 50.0), (30, 0.0, 0.0))
    assert retention(cohorts, 7) == 0.15
    assert retention(cohorts, 30) is None
    assert retention(cohorts, 60) is None


def test_break_even_views_pay_the_compute_of_an_attempt(small: Scenario) -> None:
    earning = daily_table(200, revenue_advertising_usd=1.8, cost_delivery_usd=0.9, cost_compute_usd=40.0)
    assert summary_of(small, earning)["break_even_views_per_attempt"] == pytest.approx(0.1 / 0.001)
    assert summary_of(small, daily_table(200, cost_compute_usd=40.0))["break_even_views_per_attempt"] is None


def test_the_ensemble_has_quantiles_over_the_seeds_that_have_the_figure(small: Scenario) -> None:
    summaries = [summary_of(small, daily_table(200, dau=float(dau)), seed) for seed, dau in enumerate(range(0, 101, 5), start=1)]
    ensemble = ensemble_of(summaries)
    figures = ensemble["figures"]
    assert figures["dau_end"] == {"unit": "people", "n": 21, "q05": 5.0, "q25": 25.0, "q50": 50.0, "q75": 75.0, "q95": 95.0}
    assert figures["retention.d7"] == {"unit": "share", "n": 0}
    assert ensemble["closing_day"] is None
    assert ensemble["verdict"] == "self_sustaining"
    assert "wall_s" not in figures
    json.dumps(ensemble, allow_nan=False)


def test_the_closing_band_is_over_the_runs_that_closed(small: Scenario) -> None:
    daily = daily_table(200)
    ran = summary_of(small, daily)
    closed = [
        summarise(small, day, daily, cohort_table(), {}, judge(daily, closed_day=day, closed_cause="stop_loss"), fired={}, wall_s=1.0)
        for day in (50, 60)
    ]
    ensemble = ensemble_of([ran, *closed])
    assert ensemble["closing_day"]["n"] == 2
    assert ensemble["closing_day"]["q50"] == 55.0
    assert ensemble["causes"] == {"stop_loss": 2}
    assert ensemble["verdict"] == "contested"


def test_quantiles_of_nothing_are_none() -> None:
    assert quantiles([None]) is None
