"""Paired comparison: differences that are known, luck that is shared, and what cannot be told apart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

import sim
from analysis import compare
from analysis.questions.compare import CURVES, Comparison, Side, compared, variance_saved
from analysis.questions.intervals import FEWEST_RUNS, mean_band, mean_interval
from analysis.questions.verdicts import FEW, HIGHER, LOWER, SAME, UNCLEAR, UNDEFINED

PAIRS, DAYS = 20, 30


def side(name: str, outcomes: list[str] | None = None, last_days: list[int] | None = None, **figures: NDArray[np.float64] | float) -> Side:
    """Runs made up by hand: figures are NaN but those named; ten people come a day while the product is open."""
    lengths = last_days or [DAYS] * PAIRS
    runs = pd.DataFrame({"seed": range(1, PAIRS + 1), "outcome": outcomes or ["fading"] * PAIRS, "days_run": lengths})
    runs = runs.assign(**{figure.key: np.nan for figure in sim.FIGURES if figure.key != "days_run"} | figures)
    runs.index = [f"{name}-{seed}" for seed in runs["seed"]]
    days = [pd.DataFrame({"run": run, "day": range(length)}) for run, length in zip(runs.index, lengths, strict=True)]
    series = pd.concat(days, ignore_index=True).assign(**dict.fromkeys(CURVES, 10.0))
    series["installs_total"] = 100.0 * (series["day"] + 1.0)
    return Side(name, runs, series)


def luck(seed: int) -> NDArray[np.float64]:
    """What twenty runs were lucky by."""
    return np.random.default_rng(seed).normal(size=PAIRS)


def row(comparison: Comparison, figure: str = "dau_peak") -> dict[str, object]:
    """The row of a figure."""
    [found] = comparison.figures[comparison.figures["figure"] == figure].to_dict("records")
    return {str(name): value for name, value in found.items()}


def test_a_difference_that_all_pairs_share_is_told_whatever_luck_does() -> None:
    shared = 100.0 * luck(1)
    found = row(compared(side("a", dau_peak=shared), side("b", dau_peak=shared + 1.0)))
    assert found["difference"] == pytest.approx(1.0)
    assert found["verdict"] == HIGHER
    assert found["saved"] == pytest.approx(1.0)


def test_without_shared_luck_pairing_saves_nothing_and_a_small_difference_is_not_told() -> None:
    found = row(compared(side("a", dau_peak=luck(1)), side("b", dau_peak=luck(2) + 0.1)))
    assert found["verdict"] == UNCLEAR
    assert float(str(found["low"])) < 0.0 < float(str(found["high"]))


def test_a_large_fall_is_told() -> None:
    assert row(compared(side("a", dau_peak=luck(1)), side("b", dau_peak=luck(2) - 5.0)))["verdict"] == LOWER


def test_what_never_differs_is_the_same() -> None:
    assert row(compared(side("a", dau_peak=luck(1)), side("b", dau_peak=luck(1))))["verdict"] == SAME


def test_a_figure_that_few_pairs_or_none_have_is_not_judged() -> None:
    some = np.where(np.arange(PAIRS) < FEWEST_RUNS - 1, 1.0, np.nan)
    comparison = compared(side("a", dau_peak=some), side("b", dau_peak=2.0))
    assert (row(comparison)["verdict"], row(comparison)["pairs"]) == (FEW, FEWEST_RUNS - 1)
    assert row(comparison, "outcome_day")["verdict"] == UNDEFINED


def test_the_variance_saved_is_the_correlation_where_both_vary_alike() -> None:
    common, own_a, own_b = np.random.default_rng(3).normal(size=(3, 200_000))
    assert variance_saved(common + own_a, common + own_b) == pytest.approx(0.5, abs=0.01)
    assert variance_saved(common, -common) == pytest.approx(-1.0)
    assert np.isnan(variance_saved(np.ones(5), np.ones(5)))


def test_changes_of_outcome_are_counted_pair_by_pair() -> None:
    before = ["shutdown"] * 15 + ["fading"] * 5
    after = ["fading"] * 4 + ["shutdown"] * 11 + ["fading"] * 5
    comparison = compared(side("a", before), side("b", after))
    assert comparison.changed == 4
    assert comparison.transitions.loc["shutdown", "fading"] == 4
    assert comparison.transitions.loc["shutdown", "shutdown"] == 11
    assert "changes in 4 of 20 pairs, from shutdown to fading" in comparison.finding


def test_after_a_closure_nobody_comes_and_what_added_up_stays() -> None:
    comparison = compared(side("a"), side("b", last_days=[10] * PAIRS))
    daily = comparison.daily.set_index(["metric", "day"])
    assert daily.loc[("dau", 9), "difference"] == 0.0
    assert daily.loc[("dau", 10), "difference"] == pytest.approx(-10.0)
    assert daily.loc[("installs_total", DAYS - 1), "mean_b"] == pytest.approx(1000.0)


def test_the_interval_holds_the_mean_about_as_often_as_it_says() -> None:
    """Over 400 samples of 20 skewed values; the binomial spread of the share is 1.1 points."""
    draws = np.random.default_rng(4).gamma(2.0, size=(400, PAIRS))
    held = [low <= 2.0 <= high for low, high in filter(None, map(mean_interval, draws))]
    assert len(held) == 400
    assert 0.89 <= np.mean(held) <= 0.98


def test_a_band_keeps_the_days_of_a_run_together() -> None:
    """Runs that differ by a constant have a band of constant width, whatever their common course."""
    course = np.linspace(0.0, 5.0, DAYS)
    low, high = mean_band(luck(5)[:, None] + course[None, :])
    assert np.ptp(high - low) < 1e-12
    np.testing.assert_allclose(low - course, low[0], atol=1e-12)


def test_runs_of_other_seeds_are_not_paired() -> None:
    other = side("b")
    other.runs["seed"] += 1
    with pytest.raises(ValueError, match="not paired"):
        compared(side("a"), other)


def test_bad_scenarios_are_all_named_at_once_and_lengths_must_agree() -> None:
    with pytest.raises(sim.InputError) as raised:
        compare("nowhere", "elsewhere")
    assert "nowhere" in str(raised.value)
    assert "elsewhere" in str(raised.value)
    with pytest.raises(sim.InputError, match="'sora' lasts 40 days and 'baseline' 365"):
        compare(sim.load_scenario("sora", days=40), "baseline")


def test_a_real_comparison_shares_its_people_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    told: list[int] = []

    def ask(seeds: int) -> Comparison:
        told.clear()
        return compare(
            "sora", "sora_steerable", seeds=seeds, days=40, agents=300, workers=1, out=tmp_path, told=lambda at: told.append(at.total)
        )

    ask(4)
    assert told[-1] == 8
    found = ask(6)
    assert told[-1] == 4
    assert row(found, "attempts_per_accepted")["verdict"] == LOWER
    daily = found.daily.set_index(["metric", "day"])
    assert daily.loc[("installs_total", 0), "difference"] == 0.0, "the same people adopt on day 0"
    ask(6)
    assert told == []


def test_a_scenario_beside_itself_differs_in_nothing() -> None:
    found = compare("sora", "sora", seeds=FEWEST_RUNS, days=20, agents=200, workers=1)
    assert set(found.figures["verdict"]) <= {SAME, UNDEFINED}
    assert found.changed == 0
    assert (found.name_a, found.name_b) == ("sora (A)", "sora (B)")
    assert any("the same scenario" in note for note in found.notes)
