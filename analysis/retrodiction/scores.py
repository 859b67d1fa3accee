"""How well predicted ends fit known ones, and how well rules of thumb do: pure functions of small lists, one entry a case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

Interval = tuple[float, float]

SUSTAINED = "self_sustaining"
_RESAMPLES, _SEED = 4000, 1
BINS = (0.0, 0.2, 0.8, 1.0)
"""Edges of the probabilities that are pooled for reliability: more than three bins would be empty with a dozen cases."""


def balanced_accuracy(known: Sequence[str], right: Sequence[bool]) -> float:
    """Mean over the known classes of the share of their cases that is told right."""
    classes = dict.fromkeys(known)
    return float(np.mean([np.mean([hit for one, hit in zip(known, right, strict=True) if one == name]) for name in classes]))


def bootstrap_interval(known: Sequence[str], right: Sequence[bool]) -> Interval:
    """95 % interval of the balanced accuracy when the cases are drawn anew, with the classes that happen to be drawn."""
    classes = np.unique(known, return_inverse=True)[1]
    is_of = classes[:, None] == np.arange(classes.max() + 1)
    places = np.random.default_rng(_SEED).integers(0, len(known), (_RESAMPLES, len(known)))
    drawn = is_of[places].sum(axis=1)
    told = (is_of & np.array(right)[:, None])[places].sum(axis=1)
    shares = np.divide(told, drawn, out=np.full(drawn.shape, np.nan), where=drawn > 0)
    low, high = np.percentile(np.nanmean(shares, axis=1), (2.5, 97.5))
    return float(low), float(high)


def brier(shares: Sequence[dict[str, float]], known: Sequence[tuple[str, ...]]) -> float:
    """Mean over cases of Σ (probability - truth)² over outcomes, those that fit a case taken together: 0 is perfect, 2 is the worst."""
    total = 0.0
    for one, fits in zip(shares, known, strict=True):
        right = sum(share for name, share in one.items() if name in fits)
        total += (right - 1.0) ** 2 + sum(share**2 for name, share in one.items() if name not in fits)
    return total / len(known)


def brier_of_event(probabilities: Sequence[float], happened: Sequence[bool]) -> float:
    """Mean of (probability - truth)² of one event: .25 is a coin."""
    return float(np.mean([(p - y) ** 2 for p, y in zip(probabilities, happened, strict=True)]))


def reliability(probabilities: Sequence[float], happened: Sequence[bool]) -> list[tuple[float, float, int, float, float]]:
    """A row a bin that has cases: its ends, how many cases, their mean probability, the share of them in which it happened."""
    rows = []
    for low, high in pairwise(BINS):
        inside = [
            (p, y) for p, y in zip(probabilities, happened, strict=True) if low <= p and (p < high or (high == BINS[-1] and p <= high))
        ]
        if inside:
            said, was = np.mean(np.array(inside, dtype=np.float64), axis=0)
            rows.append((low, high, len(inside), float(said), float(was)))
    return rows


def majority(labels: Sequence[str]) -> str:
    """The label that most have; of equals the first in the alphabet."""
    counts = Counter(labels)
    return min(counts, key=lambda name: (-counts[name], name))


def leave_one_out(n: int, rule: Callable[[list[int], int], str]) -> list[str]:
    """What a rule says of each case when it has learned from all others. rule: places to learn from, the place to tell -> label."""
    return [rule([other for other in range(n) if other != place], place) for place in range(n)]


def by_threshold(values: Sequence[float | None], happened: Sequence[bool]) -> Callable[[list[int], int], bool]:
    """The rule that says yes from a value on, which told the learned cases best; of a case without a value, what most did."""

    def rule(learned: list[int], place: int) -> bool:
        value = values[place]
        known = [(values[one], happened[one]) for one in learned]
        pairs = [(x, y) for x, y in known if x is not None]
        most = 2 * sum(y for _, y in known) > len(known)
        if value is None or len({y for _, y in pairs}) < 2:
            return most
        return value >= _best_threshold(pairs)

    return rule


def _best_threshold(pairs: Sequence[tuple[float, bool]]) -> float:
    """The value from which on yes is said with the best balanced accuracy: half way between two values; of equals the lowest."""
    ordered = sorted({x for x, _ in pairs})
    cuts = [ordered[0], *((one + other) / 2.0 for one, other in pairwise(ordered)), np.inf]
    truth = [str(y) for _, y in pairs]
    scores = [balanced_accuracy(truth, [(x >= cut) == y for x, y in pairs]) for cut in cuts]
    return float(cuts[int(np.argmax(scores))])
