"""A teller: penalised logistic regression of a yes or no on a few indicators.

    p = Λ(w_0 + Σ w_k·x_k),   w minimises  mean log loss + λ/2·Σ w_k²      (ridge: le Cessie and van Houwelingen 1992)

x are standardised by what was learnt from and cut at CUT standard deviations; a missing one counts as the mean. λ is chosen by
cross-validation inside of what is learnt from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.float64]
Labels = NDArray[np.bool_]
Groups = NDArray[np.int64]

CUT = 3.0
"""Standard deviations beyond which an indicator counts no more: one dead world must not bend the line."""
PENALTIES = (1e-3, 1e-2, 3e-2, 0.1, 0.3, 1.0)
WEAK = PENALTIES[0]
"""λ where few indicators leave nothing to choose: it only keeps the weights finite where a line separates all."""
FOLDS = 5

_STEPS, _CLOSE = 50, 1e-8
_LEAST_CHANCE = 1e-6


@dataclass(frozen=True)
class Teller:
    """What was learnt. columns: which indicators it looks at. middle, spread: of these. weights: w_0 first."""

    columns: tuple[int, ...]
    middle: Floats
    spread: Floats
    weights: Floats

    def probability(self, features: Floats) -> Floats:
        """The probability of yes for each row. features: shape (rows, all indicators), NaN where one is missing."""
        return np.asarray(expit(_design(features, self.columns, self.middle, self.spread) @ self.weights))


def learn(features: Floats, labels: Labels, columns: Sequence[int], penalty: float) -> Teller:
    """The teller that looks at these columns. features: shape (rows, all indicators), NaN where one is missing; penalty: λ."""
    chosen = features[:, columns]
    there = ~np.isnan(chosen)
    count = np.maximum(there.sum(axis=0), 1)
    middle = np.where(there, chosen, 0.0).sum(axis=0) / count
    spread = np.sqrt((np.where(there, chosen - middle, 0.0) ** 2).sum(axis=0) / count)
    spread = np.where(spread > 0.0, spread, 1.0)
    design = _design(features, columns, middle, spread)
    return Teller(tuple(columns), middle, spread, _weights(design, labels, penalty))


def log_loss(teller: Teller, features: Floats, labels: Labels) -> float:
    """Mean of -log of the probability that was given to what came."""
    p = np.clip(teller.probability(features), _LEAST_CHANCE, 1.0 - _LEAST_CHANCE)
    return float(-np.log(np.where(labels, p, 1.0 - p)).mean())


def folds_of(labels: Labels, groups: Groups, generator: np.random.Generator, count: int = FOLDS) -> NDArray[np.int64]:
    """The fold of each row: rows of a group stay together, and the folds have about the same share of yes."""
    names, places = np.unique(groups, return_inverse=True)
    share = np.bincount(places, labels) / np.bincount(places)
    order = np.lexsort((generator.random(len(names)), share))
    folds = np.empty(len(names), dtype=np.int64)
    folds[order] = np.arange(len(names)) % count
    return folds[places]


def best_penalty(features: Floats, labels: Labels, groups: Groups, columns: Sequence[int], generator: np.random.Generator) -> float:
    """The λ whose tellers lose least on folds they have not seen."""
    folds = folds_of(labels, groups, generator)
    losses = np.zeros(len(PENALTIES))
    for fold in range(FOLDS):
        seen = folds != fold
        for place, penalty in enumerate(PENALTIES):
            teller = learn(features[seen], labels[seen], columns, penalty)
            losses[place] += log_loss(teller, features[~seen], labels[~seen]) * (~seen).sum()
    return PENALTIES[int(losses.argmin())]


def forward(features: Floats, labels: Labels, most: int) -> tuple[int, ...]:
    """The columns, at most so many, that tell most together: each step adds the one whose teller fits best what is learnt from."""
    chosen: tuple[int, ...] = ()
    for _ in range(min(most, features.shape[1])):
        others = [column for column in range(features.shape[1]) if column not in chosen]
        losses = [log_loss(learn(features, labels, (*chosen, column), WEAK), features, labels) for column in others]
        chosen = (*chosen, others[int(np.argmin(losses))])
    return chosen


def _design(features: Floats, columns: Sequence[int], middle: Floats, spread: Floats) -> Floats:
    """Standardised columns behind one of ones."""
    scaled = np.clip((features[:, columns] - middle) / spread, -CUT, CUT)
    return np.column_stack([np.ones(len(features)), np.nan_to_num(scaled)])


def _weights(design: Floats, labels: Labels, penalty: float) -> Floats:
    """The least of the penalised loss, by Newton's steps, halved where one would lead upwards."""
    n, width = design.shape
    ridge = np.full(width, penalty)
    ridge[0] = 0.0
    weights = np.zeros(width)
    share = np.clip(labels.mean(), 0.5 / n, 1.0 - 0.5 / n)
    weights[0] = np.log(share / (1.0 - share))
    loss = _loss(design, labels, weights, ridge)
    for _ in range(_STEPS):
        p = expit(design @ weights)
        slope = design.T @ (p - labels) / n + ridge * weights
        bend = (design * (p * (1.0 - p))[:, None]).T @ design / n + np.diag(ridge + _CLOSE)
        step = np.linalg.solve(bend, slope)
        size = 1.0
        while (ahead := _loss(design, labels, weights - size * step, ridge)) > loss and size > _CLOSE:
            size /= 2.0
        if loss - ahead < _CLOSE:
            break
        weights, loss = weights - size * step, ahead
    return weights


def _loss(design: Floats, labels: Labels, weights: Floats, ridge: Floats) -> float:
    height = design @ weights
    return float(np.logaddexp(0.0, height).mean() - height[labels].sum() / len(labels) + 0.5 * (ridge * weights**2).sum())
