"""Public figures, and how they are read off a run."""

from __future__ import annotations

import datetime
import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.evidence import CLOSED_BEFORE, RUN_TOO_SHORT, PublicFigure, compare, load_evidence, observe
from sim.foundation.errors import InputError
from sim.observation.metrics import DAILY_NAMES
from sim.running import run
from sim.scenario import Scenario, load_scenario
from tests.made_up import cohort_table, daily_table

LAUNCH = datetime.date(2025, 9, 30)


def figure(**fields: Any) -> PublicFigure:
    known = {figure.name: figure for figure in load_evidence("sora").figures}["dau_november"]
    return PublicFigure(**{name: fields.get(name, getattr(known, name)) for name in PublicFigure.__dataclass_fields__})


def read(one: PublicFigure, daily: pd.DataFrame, *, closed: bool = False) -> tuple[float, str]:
    return observe(one, daily, cohort_table((1, 10.0, 3.0)), launch_date=LAUNCH, closed=closed)


def test_every_figure_is_whole_and_read_from_declared_columns() -> None:
    evidence = load_evidence("sora")
    assert len({one.name for one in evidence.figures}) == len(evidence.figures) == 18
    for one in evidence.figures:
        assert one.high > 0.0
        assert one.is_met(one.value)
        assert one.source.startswith("https://")
        assert one.confidence in ("high", "medium", "low")
        assert one.statistic in ("last", "mean", "sum", "ratio", "retention")
        assert one.statistic == "retention" or set(one.of) <= set(DAILY_NAMES)


def test_installs_daily_users_and_the_two_shares_are_fitted_and_no_other() -> None:
    fitted = {one.name for one in load_evidence("sora").figures if one.fitted}
    installs = {f"installs_day_{day}" for day in (31, 61, 92, 123, 151)}
    assert fitted == installs | {"dau_november", "dau_peak", "dau_late", "views_per_daily_user", "making_share"}


def test_windows_are_days_of_the_run_or_dates() -> None:
    days = {one.name: one.days(LAUNCH) for one in load_evidence("sora").figures}
    assert days["installs_day_31"] == ((datetime.date(2025, 10, 31) - LAUNCH).days,) * 2
    assert days["revenue_december"] == (62, 92)
    assert days["revenue_january"] == (93, 123)


def test_statistics_are_taken_over_the_window() -> None:
    daily = daily_table(100, dau=np.arange(100.0), views_here=2.0 * np.arange(100.0))
    assert read(figure(statistic="mean", of=("dau",), window=(40, 50)), daily) == (45.0, "")
    assert read(figure(statistic="last", of=("dau",), window=(31, 31)), daily) == (31.0, "")
    assert read(figure(statistic="sum", of=("dau",), window=(0, 3)), daily) == (6.0, "")
    assert read(figure(statistic="ratio", of=("views_here", "dau"), window=(5, 9)), daily) == (2.0, "")
    assert read(figure(statistic="retention", of=("1",), window=None), daily) == (0.3, "")


def test_what_the_run_does_not_reach_is_missing() -> None:
    mean, last = figure(statistic="mean", window=(40, 50)), figure(statistic="last", window=(45, 45))
    for one in (mean, last):
        assert read(one, daily_table(30), closed=True)[1] == CLOSED_BEFORE
        assert read(one, daily_table(45), closed=False)[1] == RUN_TOO_SHORT
    assert math.isnan(read(mean, daily_table(30))[0])
    assert read(figure(statistic="retention", of=("30",), window=None), daily_table(10))[1] == RUN_TOO_SHORT


def test_a_closure_inside_the_window_ends_a_mean_and_completes_a_sum() -> None:
    daily = daily_table(45, dau=10.0)
    assert read(figure(statistic="mean", window=(40, 50)), daily, closed=True) == (10.0, "")
    assert read(figure(statistic="sum", window=(40, 50)), daily, closed=True) == (50.0, "")
    assert read(figure(statistic="last", window=(45, 45)), daily, closed=True)[1] == CLOSED_BEFORE


def test_z_reads_the_range_as_a_90_percent_interval_on_a_log_scale() -> None:
    one = figure(value=30.0, low=15.0, high=60.0)
    assert one.z(30.0) == 0.0
    assert one.z(60.0) == pytest.approx(1.645)
    assert one.z(15.0) == pytest.approx(-1.645)
    assert one.z(0.0) == -math.inf
    assert math.isnan(one.z(math.nan))


def test_a_bound_from_above_asks_nothing_of_what_is_under_it() -> None:
    one = figure(value=5.0, low=None, high=5.0)
    assert one.z(0.0) == one.z(5.0) == 0.0
    assert one.is_met(0.0)
    assert not one.is_met(5.1)
    assert one.z(10.0) == pytest.approx(1.645)


def test_the_comparison_has_median_band_and_verdict_per_figure(made_up_runs: list[int], small: Scenario) -> None:
    table = compare(run(small, seeds=21), load_evidence("sora")).set_index("figure")
    november = table.loc["dau_november"]
    assert (november["simulated"], november["low_sim"], november["high_sim"]) == (300_011.0, 300_002.0, 300_020.0)
    assert november["seeds"] == 21
    assert november["met"] is False
    assert table.loc["making_share", "met"] is True
    assert table.loc["retention_d30", "met"] is None


def test_a_short_run_leaves_later_figures_out(made_up_runs: list[int]) -> None:
    table = compare(run(load_scenario("baseline", days=70), seeds=2), load_evidence("sora")).set_index("figure")
    assert table.loc["installs_day_61", "missing"] == ""
    assert table.loc["installs_day_92", "missing"] == RUN_TOO_SHORT
    assert math.isnan(table.loc["installs_day_92", "z"])


def test_unknown_figures_are_named() -> None:
    with pytest.raises(InputError, match="no public figures named 'sorra'"):
        load_evidence("sorra")
