"""Who joins and who comes back today (M0): thresholds sorted once, so that the work is proportional to those who move."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.foundation.compiled import compiled, inlined
from sim.foundation.elementary import log
from sim.foundation.streams import CHANNEL, RETURN, draw
from sim.populations.people import MAKES, WATCHES


class Queue(NamedTuple):
    """People still outside, in the order of their thresholds within each class: makers by niche, then all viewers.

    rows, thresholds: shape (rows,); start, position: shape (classes + 1,) and (classes,); hazard: cumulated hazard by class, shape (classes,).
    """

    rows: NDArray[np.int32]
    thresholds: NDArray[np.float32]
    start: NDArray[np.int64]
    position: NDArray[np.int64]
    hazard: NDArray[np.float64]


class Roster(NamedTuple):
    """Rows drawn every day: joined, and neither dormant. rows: shape (people,); count: shape (1,), how many of them are filled."""

    rows: NDArray[np.int32]
    count: NDArray[np.int64]


def queue_of(people: Any, creators: int, niches: int) -> Queue:
    """The queue of a market in which nobody has joined."""
    classes = np.where(np.arange(people.uid.size) < creators, people.niche.astype(np.int64), niches)
    rows = np.lexsort((people.uid, people.threshold, classes)).astype(np.int32)
    start = np.concatenate(([0], np.cumsum(np.bincount(classes, minlength=niches + 1)))).astype(np.int64)
    return Queue(rows, people.threshold[rows], start, start[:-1].copy(), np.zeros(niches + 1))


def empty_roster(people: int) -> Roster:
    """A roster with room for everybody."""
    return Roster(np.zeros(people, dtype=np.int32), np.zeros(1, dtype=np.int64))


@inlined
def _arrive(people: Any, creators: Any, roster: Roster, row: int, initial: float) -> None:
    people.x_watch[row] = initial
    people.came[row] = WATCHES
    if row < creators.x_make.size:
        creators.x_make[row] = initial
        people.came[row] = MAKES | WATCHES
    if people.drawn[row] == 0:
        people.drawn[row] = 1
        roster.rows[roster.count[0]] = row
        roster.count[0] += 1


@inlined
def _channel(terms: tuple[float, float, float, float, float], pick: float) -> int:
    passed = 0.0
    last = 0
    for channel in range(5):
        if terms[channel] > 0.0:
            passed += terms[channel]
            last = channel
            if pick < passed:
                break
    return last


@compiled
def join(
    key: NDArray[np.uint64],
    people: Any,
    creators: Any,
    queue: Queue,
    roster: Roster,
    terms: tuple[float, float, float, float, float],
    factors: NDArray[np.float64],
    day: int,
    initial: float,
    joined: NDArray[np.int64],
) -> int:
    """Let in everybody whose threshold the cumulated hazard has passed; returns the number of rows.

    terms: hazard of today by channel; factors: multiplier of each class, shape (classes,); joined: rows by class (creators, viewers), added to.
    """
    total_hazard = terms[0] + terms[1] + terms[2] + terms[3] + terms[4]
    before = roster.count[0]
    viewers_class = factors.size - 1
    for group in range(factors.size):
        queue.hazard[group] += total_hazard * factors[group]
        reached = queue.hazard[group]
        at = queue.position[group]
        end = queue.start[group + 1]
        while at < end and queue.thresholds[at] <= reached:
            row = queue.rows[at]
            pick = draw(key, people.uid[row], day, CHANNEL)[0] * total_hazard
            people.channel[row] = _channel(terms, pick)
            people.adopted_day[row] = day
            _arrive(people, creators, roster, row, initial)
            joined[1 if group == viewers_class else 0] += 1
            at += 1
        queue.position[group] = at
    return int(roster.count[0] - before)


@compiled
def come_back(people: Any, creators: Any, roster: Roster, return_hazard: float, initial: float) -> None:
    """Bring back every lapsed person whose threshold the cumulated hazard of return has passed."""
    for row in range(people.return_at.size):
        if people.return_at[row] <= return_hazard:
            _arrive(people, creators, roster, row, initial)


@inlined
def lapse(key: NDArray[np.uint64], people: Any, row: int, day: int, return_hazard: float) -> None:
    """From today on a person is lapsed: draw how much hazard of return must pass before she comes back."""
    people.return_at[row] = return_hazard - log(draw(key, people.uid[row], day, RETURN)[0])
