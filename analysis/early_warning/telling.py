"""How well a yes or no can be told from early indicators, out of sample: worlds that a teller was not taught are told by it.

The area under the ROC curve is taken within each fold that was kept aside (over all folds at once, tellers with other intercepts would be
compared) and averaged over folds and repeats. Its interval is that of the placements (DeLong et al. 1988), rows of one group taken
together, and wider by half: a fold that is told has taught the tellers of the others, which doubles the variance where little can be told
(Nadeau and Bengio 2003). The Brier score is held against the share of yes among what was learnt from. Nothing here knows the simulator.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy.special import expit, logit
from scipy.stats import rankdata

import sim
from analysis.early_warning.logistic import FOLDS, WEAK, Floats, Groups, Labels, Teller, best_penalty, folds_of, forward, learn

REPEATS = 10
BEST = 3
"""Indicators that the shortest useful teller looks at."""
BINS = (0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 0.9, 1.0)
"""Edges of the probabilities that are pooled for reliability."""

_RESAMPLES, _SEED = 2000, 20250930
_Z95 = 1.959963984540054
_WIDER = (1.0 + FOLDS / (FOLDS - 1.0)) ** 0.5
"""By how much an interval is wider than if folds were told by tellers that had nothing to do with each other."""

Learner = Callable[[Floats, Labels, Groups, np.random.Generator], Teller]


def everything(features: Floats, labels: Labels, groups: Groups, generator: np.random.Generator) -> Teller:
    """All indicators, with a penalty chosen by cross-validation inside of what is learnt from."""
    columns = range(features.shape[1])
    return learn(features, labels, columns, best_penalty(features, labels, groups, columns, generator))


def best_of(most: int) -> Learner:
    """The few indicators that a forward selection finds in what is learnt from."""

    def learner(features: Floats, labels: Labels, groups: Groups, generator: np.random.Generator) -> Teller:
        return learn(features, labels, forward(features, labels, most), WEAK)

    return learner


def only(column: int) -> Learner:
    """One indicator alone."""

    def learner(features: Floats, labels: Labels, groups: Groups, generator: np.random.Generator) -> Teller:
        return learn(features, labels, (column,), WEAK)

    return learner


@dataclass(frozen=True)
class Score:
    """How well worlds are told, each number with its 95 % interval. skill: 1 - Brier score / that of the share of yes alone."""

    auc: float
    auc_low: float
    auc_high: float
    brier: float
    skill: float
    skill_low: float
    skill_high: float


@dataclass(frozen=True)
class Rehearsal:
    """What a learner's tellers said of rows that they had not seen.

    probability: of yes, mean over repeats, shape (rows,). used: the columns that each of the tellers looked at, in the order chosen.
    """

    score: Score
    probability: Floats
    used: tuple[tuple[int, ...], ...]


def rehearse(
    features: Floats, labels: Labels, groups: Groups, learners: Mapping[str, Learner], *, repeats: int = REPEATS, seed: int = 1
) -> dict[str, Rehearsal]:
    """Each learner taught and tried on the same folds, `repeats` times over.

    features: shape (rows, indicators), NaN where one is missing. labels: yes or no. groups: rows of one are never on both sides.
    """
    asides = {name: _Aside(len(labels), repeats) for name in learners}
    for repeat in range(repeats):
        generator = np.random.default_rng((seed, repeat))
        folds = folds_of(labels, groups, generator)
        for fold in range(FOLDS):
            seen = folds != fold
            for name, learner in learners.items():
                teller = learner(features[seen], labels[seen], groups[seen], generator)
                asides[name].add(repeat, ~seen, teller, features, labels, float(labels[seen].mean()))
    return {name: aside.rehearsal(labels, groups) for name, aside in asides.items()}


class _Aside:
    """Sums over repeats of what is told of each row while it is kept aside."""

    def __init__(self, rows: int, repeats: int) -> None:
        self._said, self._loss, self._idle_loss = np.zeros((3, rows))
        self._place = np.full((repeats, rows), np.nan)
        self._used: list[tuple[int, ...]] = []

    def add(self, repeat: int, aside: Labels, teller: Teller, features: Floats, labels: Labels, share: float) -> None:
        p, truth = teller.probability(features[aside]), labels[aside]
        self._said[aside] += p
        self._loss[aside] += (p - truth) ** 2
        self._idle_loss[aside] += (share - truth) ** 2
        if truth.any() and not truth.all():
            self._place[repeat, aside] = placements(p, truth)
        self._used.append(teller.columns)

    def rehearsal(self, labels: Labels, groups: Groups) -> Rehearsal:
        repeats = len(self._place)
        loss = self._loss / repeats
        skill = _skill(loss, self._idle_loss / repeats, groups)
        score = Score(*_area(self._place, labels, groups), float(loss.mean()), *skill)
        return Rehearsal(score, self._said / repeats, tuple(self._used))


def placements(scores: Floats, labels: Labels) -> Floats:
    """Of each yes the share of noes with a lower score, of each no the share of yeses with a higher one; equal ones count half."""
    ranks, own = rankdata(scores), np.empty(len(scores))
    for side in (True, False):
        own[labels == side] = rankdata(scores[labels == side])
    others = np.where(labels, (~labels).sum(), labels.sum())
    below = (ranks - own) / others
    return np.asarray(np.where(labels, below, 1.0 - below))


def _area(place: Floats, labels: Labels, groups: Groups) -> tuple[float, float, float]:
    """The area, mean of the placements, shape (repeats, rows), and its interval on the scale of the logit."""
    area = float(np.nanmean(place[:, labels]))
    variance = float(np.mean([_variance(one, labels, groups) for one in place]))
    if not 0.0 < area < 1.0:
        return area, area, area
    reach = _Z95 * _WIDER * variance**0.5 / (area * (1.0 - area))
    return area, float(expit(logit(area) - reach)), float(expit(logit(area) + reach))


def _variance(place: Floats, labels: Labels, groups: Groups) -> float:
    """The variance of the mean placement of one repeat: sum over groups of the squares of what each moves it by."""
    moved = np.zeros(len(place))
    for kind in (labels, ~labels):
        moved[kind] = (place[kind] - np.nanmean(place[kind])) / kind.sum()
    together = _by_group(groups, np.nan_to_num(moved))[:, 0]
    return float((together**2).sum() * len(together) / (len(together) - 1.0))


def _skill(loss: Floats, idle: Floats, groups: Groups) -> tuple[float, float, float]:
    """1 - loss / idle loss, and its interval when groups are drawn anew, as much wider."""
    sums = drawn_groups(groups, _RESAMPLES) @ _by_group(groups, loss, idle)
    skill = float(1.0 - loss.sum() / idle.sum())
    low, high = skill + _WIDER * (np.percentile(1.0 - sums[:, 0] / sums[:, 1], (2.5, 97.5)) - skill)
    return skill, float(low), float(high)


def _by_group(groups: Groups, *values: Floats) -> Floats:
    _, places = np.unique(groups, return_inverse=True)
    return np.column_stack([np.bincount(places, value) for value in values])


def drawn_groups(groups: Groups, resamples: int) -> Floats:
    """How often each group, in rising order, is drawn when as many are drawn anew, shape (resamples, groups); the same each time."""
    return _drawn(len(np.unique(groups)), resamples)


@functools.cache
def _drawn(count: int, resamples: int) -> Floats:
    return np.random.default_rng(_SEED).multinomial(count, np.full(count, 1.0 / count), resamples).astype(np.float64)


def reliability(probability: Floats, labels: Labels) -> pd.DataFrame:
    """A row a bin that has worlds: low, high (its ends), worlds, said (mean probability), came (share of yes) with its 95 % interval."""
    place = np.clip(np.searchsorted(BINS, probability, side="right") - 1, 0, len(BINS) - 2)
    rows = []
    for number, (low, high) in enumerate(pairwise(BINS)):
        inside = place == number
        if inside.any():
            yes, count = int(labels[inside].sum()), int(inside.sum())
            ends = sim.wilson(yes, count)
            rows.append((low, high, count, float(probability[inside].mean()), yes / count, *ends))
    return pd.DataFrame(rows, columns=["low", "high", "worlds", "said", "came", "came_low", "came_high"])
