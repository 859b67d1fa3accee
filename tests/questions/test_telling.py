"""Tellers put to toy worlds whose answer is known: nothing to tell, all to tell, one indicator planted, labels shuffled."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit
from scipy.stats import norm

from analysis.early_warning.logistic import WEAK, Floats, Groups, Labels, Teller, folds_of, forward, learn
from analysis.early_warning.telling import BEST, Score, best_of, everything, only, placements, rehearse, reliability
from analysis.early_warning.walls import wall, youden

WORLDS = 400


def toy(strength: float, seed: int = 1, indicators: int = 6) -> tuple[Floats, Labels]:
    """Indicators that carry nothing, but the third, which shifts the log odds by `strength` a standard deviation."""
    generator = np.random.default_rng(seed)
    features = generator.normal(size=(WORLDS, indicators))
    return features, generator.random(WORLDS) < expit(strength * features[:, 2])


def score_of(features: Floats, labels: Labels, repeats: int = 3) -> Score:
    """That of the teller that sees all."""
    return rehearse(features, labels, np.arange(len(labels)), {"all": everything}, repeats=repeats)["all"].score


def test_where_early_figures_carry_nothing_the_area_is_one_half_within_its_interval() -> None:
    score = score_of(*toy(0.0))
    assert score.auc_low < 0.5 < score.auc_high
    assert score.auc == pytest.approx(0.5, abs=0.08)
    assert score.skill_low <= 0.0


def test_where_early_figures_decide_the_area_is_above_nine_tenths() -> None:
    score = score_of(*toy(5.0))
    assert score.auc_low > 0.9
    assert score.skill > 0.4


def test_shuffled_labels_leave_nothing_to_tell() -> None:
    features, labels = toy(5.0)
    shuffled = np.random.default_rng(3).permutation(labels)
    score = score_of(features, shuffled)
    assert score.auc_low < 0.5 < score.auc_high


def six(features: Floats, labels: Labels, groups: Groups, generator: np.random.Generator) -> Teller:
    """All indicators under one penalty, which is quick."""
    return learn(features, labels, range(features.shape[1]), 0.03)


@pytest.mark.slow
def test_the_interval_of_a_null_world_holds_one_half_as_often_as_it_says() -> None:
    held = []
    for seed in range(200):
        features, labels = toy(0.0, seed)
        score = rehearse(features, labels, np.arange(WORLDS), {"six": six}, repeats=2)["six"].score
        held.append(score.auc_low < 0.5 < score.auc_high)
    assert np.mean(held) > 0.92


@pytest.mark.slow
def test_the_interval_holds_the_area_of_a_planted_indicator_at_least_as_often_as_it_says() -> None:
    generator = np.random.default_rng(5)
    truth, held = norm.cdf(1.0 / np.sqrt(2.0)), []
    for _ in range(100):
        labels = generator.random(300) < 0.4
        features = (labels + generator.normal(size=300))[:, None]
        score = rehearse(features, labels, np.arange(300), {"one": only(0)}, repeats=1)["one"].score
        held.append(score.auc_low < truth < score.auc_high)
    assert np.mean(held) > 0.92


def test_the_planted_indicator_is_chosen_first_by_every_teller() -> None:
    features, labels = toy(2.0)
    used = rehearse(features, labels, np.arange(WORLDS), {"three": best_of(BEST)}, repeats=2)["three"].used
    assert {one[0] for one in used} == {2}
    assert {len(one) for one in used} == {3}


def test_two_indicators_that_say_the_same_are_not_both_chosen_before_another_that_adds() -> None:
    generator = np.random.default_rng(2)
    one, other = generator.normal(size=(2, WORLDS))
    labels = generator.random(WORLDS) < expit(3.0 * one + 2.0 * other)
    features = np.column_stack([one, one + 0.05 * generator.normal(size=WORLDS), other])
    assert set(forward(features, labels, 2)) in ({0, 2}, {1, 2})


def test_the_weights_are_those_of_the_penalised_likelihood() -> None:
    features, labels = toy(1.0)
    teller, penalty = learn(features, labels, (2, 4), 0.1), 0.1
    scaled = np.clip((features[:, [2, 4]] - features[:, [2, 4]].mean(0)) / features[:, [2, 4]].std(0), -3.0, 3.0)
    design = np.column_stack([np.ones(WORLDS), scaled])
    slope = design.T @ (expit(design @ teller.weights) - labels) / WORLDS + penalty * teller.weights * np.array([0.0, 1.0, 1.0])
    assert np.abs(slope).max() < 1e-4


def test_worlds_that_a_line_separates_have_finite_weights() -> None:
    features = np.linspace(-1.0, 1.0, 100)[:, None]
    teller = learn(features, features[:, 0] > 0.0, (0,), WEAK)
    assert np.isfinite(teller.weights).all()


def test_a_missing_indicator_says_nothing() -> None:
    features, labels = toy(2.0)
    teller = learn(features, labels, (2,), WEAK)
    missing = np.full((1, features.shape[1]), np.nan)
    assert teller.probability(missing)[0] == pytest.approx(expit(teller.weights[0]))


def test_rows_of_a_group_are_never_on_both_sides_and_folds_have_alike_shares() -> None:
    groups = np.repeat(np.arange(40), 5)
    labels = np.random.default_rng(1).random(200) < 0.3
    folds = folds_of(labels, groups, np.random.default_rng(2))
    assert all(len(set(folds[groups == group])) == 1 for group in range(40))
    assert max(labels[folds == fold].mean() for fold in range(5)) - min(labels[folds == fold].mean() for fold in range(5)) < 0.15


def test_copies_of_a_world_do_not_make_the_interval_narrower() -> None:
    features, labels = toy(1.0)
    single = score_of(features, labels)
    groups = np.repeat(np.arange(WORLDS), 4)
    copied = rehearse(np.repeat(features, 4, axis=0), np.repeat(labels, 4), groups, {"all": everything}, repeats=3)["all"].score
    assert copied.auc_high - copied.auc_low == pytest.approx(single.auc_high - single.auc_low, rel=0.2)


def test_placements_are_counted_by_hand() -> None:
    place = placements(np.array([1.0, 2.0, 2.0, 3.0]), np.array([False, True, False, True]))
    assert place.tolist() == [1.0, 0.75, 0.75, 1.0]


def test_reliability_counts_each_world_once() -> None:
    features, labels = toy(2.0)
    found = rehearse(features, labels, np.arange(WORLDS), {"all": everything}, repeats=2)["all"]
    table = reliability(found.probability, labels)
    assert table["worlds"].sum() == WORLDS
    assert ((table["came_low"] <= table["came"]) & (table["came"] <= table["came_high"])).all()
    assert reliability(np.array([0.0, 1.0]), np.array([False, True]))["said"].tolist() == [0.0, 1.0]


def test_the_planted_threshold_is_found_with_what_it_is_worth() -> None:
    generator = np.random.default_rng(4)
    values = generator.random(1000)
    labels = np.where(values > 0.3, generator.random(1000) < 0.8, generator.random(1000) < 0.1)
    found = wall(values, labels, np.arange(1000), repeats=2)
    assert found.low <= 0.3 <= found.high
    assert found.threshold == pytest.approx(0.3, abs=0.02)
    assert found.more_is_yes
    assert found.yes_bad == pytest.approx(0.1, abs=0.05)
    assert found.yes_good == pytest.approx(0.8, abs=0.05)
    assert found.bad_share == pytest.approx(0.3, abs=0.05)
    other = wall(-values, labels, np.arange(1000), repeats=2)
    assert (other.more_is_yes, other.threshold) == (False, pytest.approx(-found.threshold))


def test_youden_is_worked_by_hand_and_weights_count_as_copies() -> None:
    values, labels = np.array([1.0, 2.0, 3.0, 4.0]), np.array([False, False, True, True])
    assert youden(values, labels, np.ones(4)) == (2.5, True)
    assert youden(-values, labels, np.ones(4)) == (-2.5, False)
    mixed, weights = np.array([False, True, False, True]), np.array([3.0, 1.0, 1.0, 3.0])
    assert youden(values, mixed, weights) == youden(np.repeat(values, [3, 1, 1, 3]), np.repeat(mixed, [3, 1, 1, 3]), np.ones(8))
    assert np.isnan(youden(values, np.ones(4, dtype=bool), np.ones(4))[0])
    assert np.isnan(youden(np.ones(4), labels, np.ones(4))[0])
