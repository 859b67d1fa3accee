"""Work over long lists of rows by stretches, on one thread or several, with the same bits whatever their number and length.

A piece of work takes a stretch (first, last) of a list and counters to add to. Counters are whole numbers, so that the order in which
stretches are done leaves no trace; what it fills into a list stands from `first` on and is closed up afterwards, in order.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

Result = TypeVar("Result")

ROWS_OF_A_STRETCH = 2**16
ROWS_FOR_THREADS = 250_000
"""Below, threads cost more than they bring."""


def threads_for(rows: int) -> int:
    """Threads for a world of this many rows: one, or all cores this process may use."""
    if rows < ROWS_FOR_THREADS:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Crew:
    """Who does the work. threads: at once; rows: length of a stretch."""

    def __init__(self, threads: int, rows: int = ROWS_OF_A_STRETCH) -> None:
        self.threads = threads
        self.rows = rows
        self._pool: ThreadPoolExecutor | None = None

    def over(self, count: int, work: Callable[..., Result], *totals: NDArray[np.int64]) -> list[Result]:
        """Do work(first, last, *counters) over `count` rows; what the stretches counted is added to the totals. Results in order."""
        if count <= self.rows:
            return [work(0, count, *totals)]

        def one(first: int) -> tuple[Result, list[NDArray[np.int64]]]:
            own = [np.zeros_like(total) for total in totals]
            return work(first, min(first + self.rows, count), *own), own

        results = []
        for result, counted in self._map(one, range(0, count, self.rows)):
            results.append(result)
            for total, own in zip(totals, counted, strict=True):
                np.add(total, own, out=total)
        return results

    def closed_up(self, filled: Sequence[int], *lists: NDArray[Any]) -> int:
        """Move what each stretch filled to the front of the lists, in order; returns how many entries there are. filled: by stretch."""
        end = filled[0]
        for stretch in range(1, len(filled)):
            first, number = stretch * self.rows, filled[stretch]
            for entries in lists:
                entries[end : end + number] = entries[first : first + number]
            end += number
        return end

    def _map(self, one: Callable[[int], Any], firsts: range) -> Any:
        if self.threads == 1:
            return map(one, firsts)
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix="flywheel")
        return self._pool.map(one, firsts)
