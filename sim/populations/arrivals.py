"""Who joins and who comes back today (M0): thresholds sorted once, so that the work is proportional to those who move."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.foundation.compiled import compiled
from sim.foundation.streams import CHANNEL, Key, draw
from sim.populations.people import MAKES, WATCHES


class Queue(NamedTuple):
    """People still outside, in the order of their thresholds within each class: makers by niche, then all viewers.

    rows, thresholds: shape (rows,); start, position: shape (classes + 1,) and (classes,); hazard: cumulated hazard by class, shape
    (classes,).
    """

    rows: NDArray[np.int32]
    thresholds: NDArray[np.float32]
    start: NDArray[np.int64]
    position: NDArray[np.int64]
    hazard: NDArray[np.float64]


class Newcomers(NamedTuple):
    """The columns that an arrival reads and writes."""

    uid: NDArray[np.int32]
    channel: NDArray[np.int8]
    adopted_day: NDArray[np.int16]
    return_at: NDArray[np.float64]
    x_watch: NDArray[np.float32]
    x_make: NDArray[np.float32]
    came: NDArray[np.uint8]
    drawn: NDArray[np.uint8]


class Listed(NamedTuple):
    """A list of rows that grows and shrinks: the roster of those drawn every day, or those who lapsed and may return.

    rows: shape (people,); count: shape (1,), how many of them are filled.
    """

    rows: NDArray[np.int32]
    count: NDArray[np.int64]  # type: ignore[assignment]

    def filled(self) -> NDArray[np.int32]:
        """The rows on the list."""
        return self.rows[: self.count[0]]


def queue_of(people: Any, creators: int, niches: int) -> Queue:
    """The queue of a market in which nobody has joined."""
    classes = np.where(np.arange(people.uid.size) < creators, people.niche.astype(np.int64), niches)
    rows = np.lexsort((people.uid, people.threshold, classes)).astype(np.int32)
    start = np.concatenate(([0], np.cumsum(np.bincount(classes, minlength=niches + 1)))).astype(np.int64)
    return Queue(rows, people.threshold[rows], start, start[:-1].copy(), np.zeros(niches + 1))


def newcomers_of(people: Any, creators: Any) -> Newcomers:
    """Those columns of the two tables."""
    return Newcomers(*(getattr(creators if name == "x_make" else people, name) for name in Newcomers._fields))


def empty_list(people: int) -> Listed:
    """A list with room for everybody."""
    return Listed(np.zeros(people, dtype=np.int32), np.zeros(1, dtype=np.int64))


@compiled
def _channel(terms: tuple[float, float, float, float, float], pick: float) -> int:
    """The channel on which a point between 0 and the sum of the terms falls."""
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
    key: Key,
    newcomers: Newcomers,
    queue: Queue,
    roster: Listed,
    terms: tuple[float, float, float, float, float],
    factors: NDArray[np.float64],
    day: int,
    initial: float,
    moving: NDArray[np.int32],
    joined: NDArray[np.int64],
) -> None:
    """Let in everybody whose threshold the cumulated hazard has passed.

    terms: hazard of today by channel; factors: multiplier of each class, shape (classes,); moving: room for the rows that move today;
    joined: rows (creators, viewers), added to.
    """
    total_hazard = terms[0] + terms[1] + terms[2] + terms[3] + terms[4]
    new = 0
    for group in range(factors.size):
        queue.hazard[group] += total_hazard * factors[group]
        first = queue.position[group]
        last = queue.start[group + 1]
        at = first
        while at < last and queue.thresholds[at] <= queue.hazard[group]:
            at += 1
        queue.position[group] = at
        joined[1 if group == factors.size - 1 else 0] += at - first
        for place in range(first, at):
            row = queue.rows[place]
            newcomers.channel[row] = _channel(terms, draw(key, newcomers.uid[row], day, CHANNEL)[0] * total_hazard)
            newcomers.adopted_day[row] = day
            moving[new] = row
            new += 1
    _enter(newcomers, roster, moving, new, initial)


@compiled
def come_back(
    newcomers: Newcomers, roster: Listed, lapsed: Listed, return_hazard: float, initial: float, moving: NDArray[np.int32]
) -> None:
    """Bring back every lapsed person whose threshold the cumulated hazard of return has passed; who came of herself is lapsed no more."""
    return_at, rows = newcomers.return_at, lapsed.rows
    back = waiting = 0
    for i in range(lapsed.count[0]):
        row = rows[i]
        if return_at[row] <= return_hazard:
            moving[back] = row
            back += 1
        if return_at[row] < np.inf:
            rows[waiting] = row
            waiting += 1
    lapsed.count[0] = waiting
    _enter(newcomers, roster, moving, back, initial)


@compiled
def arrive(
    key: Key,
    newcomers: Newcomers,
    queue: Queue,
    roster: Listed,
    lapsed: Listed,
    terms: tuple[float, float, float, float, float],
    factors: NDArray[np.float64],
    return_hazard: float,
    day: int,
    initial: float,
    moving: NDArray[np.int32],
    joined: NDArray[np.int64],
) -> None:
    """Bring back and let in who is due (`come_back`, `join`), in one call."""
    come_back(newcomers, roster, lapsed, return_hazard, initial, moving)
    join(key, newcomers, queue, roster, terms, factors, day, initial, moving, joined)


@compiled
def _enter(newcomers: Newcomers, roster: Listed, rows: NDArray[np.int32], number: int, initial: float) -> None:
    """Give newcomers and those who came back their first readiness, and put them on the roster; today they make and watch."""
    x_watch, x_make, came, drawn = newcomers.x_watch, newcomers.x_make, newcomers.came, newcomers.drawn
    for i in range(number):
        row = rows[i]
        x_watch[row] = initial
        came[row] = WATCHES
        if row < x_make.size:
            x_make[row] = initial
            came[row] = MAKES | WATCHES
        if drawn[row] == 0:
            drawn[row] = 1
            roster.rows[roster.count[0]] = row
            roster.count[0] += 1
