"""A threshold for a wall: the number of one indicator that parts yes from no best, and what it is worth.

Youden's J = sensitivity + specificity - 1 is the largest there (Youden 1950). Its interval: worlds drawn anew. Sensitivity, specificity and
the shares of yes on both sides are out of sample: worlds that the threshold was not set by. Nothing here knows the simulator.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import sim
from analysis.early_warning.logistic import FOLDS, Floats, Groups, Labels, folds_of
from analysis.early_warning.telling import REPEATS, drawn_groups

_RESAMPLES = 400


@dataclass(frozen=True)
class Wall:
    """A threshold. low, high: its 95 % interval.

    more_is_yes: whether yes lies above it. sensitivity, specificity: shares of the yeses and of the noes that it tells. yes_bad, yes_good:
    the share of yes on the side that speaks against it and on the side that speaks for it, with their 95 % intervals. bad_share: how many
    worlds are on the side that speaks against it.
    """

    threshold: float
    low: float
    high: float
    more_is_yes: bool
    sensitivity: float
    specificity: float
    yes_bad: float
    yes_bad_low: float
    yes_bad_high: float
    yes_good: float
    yes_good_low: float
    yes_good_high: float
    bad_share: float


def wall(values: Floats, labels: Labels, groups: Groups, *, repeats: int = REPEATS, seed: int = 1) -> Wall:
    """The wall of one indicator. values: no NaN among them; labels: both occur."""
    _, of_group = np.unique(groups, return_inverse=True)
    cut, more_is_yes = youden(values, labels, np.ones(len(values)))
    anew = [youden(values, labels, weights)[0] for weights in drawn_groups(groups, _RESAMPLES)[:, of_group]]
    low, high = np.nanpercentile(anew, (2.5, 97.5))
    said = np.zeros(len(values))
    for repeat in range(repeats):
        folds = folds_of(labels, groups, np.random.default_rng((seed, repeat)))
        for fold in range(FOLDS):
            there, is_more = youden(values, labels, (folds != fold).astype(np.float64))
            aside = folds == fold
            said[aside] += ((values[aside] > there) == is_more) / repeats
    good, bad = _share(said, labels), _share(1.0 - said, labels)
    return Wall(
        cut, float(low), float(high), more_is_yes, float(said[labels].mean()), float(1.0 - said[~labels].mean()), *bad, *good,
        float(1.0 - said.mean()),
    )  # fmt: skip


def youden(values: Floats, labels: Labels, weights: Floats) -> tuple[float, bool]:
    """The threshold with the largest J, half way between two values, and whether yes lies above it (the ROC area is one half or more).

    weights: how often each row counts. NaN where all that counts is of one kind, or all values are one.
    """
    order = np.argsort(values, kind="stable")
    x, yes, w = values[order], labels[order], weights[order]
    is_end = np.append(np.flatnonzero(np.diff(x) > 0.0), len(x) - 1)
    noes, yeses = (np.cumsum(w * kind)[is_end] for kind in (~yes, yes))
    if len(is_end) == 1 or noes[-1] == 0.0 or yeses[-1] == 0.0:
        return np.nan, True
    noes, yeses = noes / noes[-1], yeses / yeses[-1]
    more_is_yes = bool((np.diff(noes, prepend=0.0) * (1.0 - yeses + np.diff(yeses, prepend=0.0) / 2.0)).sum() >= 0.5)
    best = is_end[int(((noes - yeses)[:-1] * (1.0 if more_is_yes else -1.0)).argmax())]
    return float((x[best] + x[best + 1]) / 2.0), more_is_yes


def _share(said: Floats, labels: Labels) -> tuple[float, float, float]:
    """The share of yes among what is on a side, with the interval of as many worlds; NaN where none is."""
    count = float(said.sum())
    if round(count) == 0:
        return np.nan, np.nan, np.nan
    share = float((said * labels).sum()) / count
    return share, *sim.wilson(round(share * round(count)), round(count))
