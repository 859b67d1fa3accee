"""Fresh clips: what they attract together, and how the views of a day fall to them (M4)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.foundation.columns import Column, grown, new_table, rows_of, table_type
from sim.foundation.compiled import compiled
from sim.foundation.sums import WEIGHT_LIMIT, WEIGHT_SCALE, fixed
from sim.populations.sessions import Clipboard
from sim.rules.viewing import attraction, freshness, popularity

CLIPS = (
    Column("maker", "i4", 0, "1", "row of the maker"),
    Column("niche", "i2", 0, "1", "niche"),
    Column("day", "i2", 0, "day", "day of publishing"),
    Column("worth", "f4", 0, "1", "e^(βz) with the overlap taken off"),
    Column("weight", "i8", 0, "2^-20", "today's weight in fixed point"),
    Column("views", "i8", 0, "views", "whole views since publishing, of all people behind the row"),
    Column("views_today", "i8", 0, "views", "whole views today"),
)
Clips = table_type("Clips", CLIPS, __name__)


class ClipShelf:
    """The fresh clips, oldest first. `table` holds rows `first` to `last`; the stale are dropped from the front."""

    def __init__(self, niches: int) -> None:
        self.table = new_table(Clips, CLIPS, 1024)
        self.first = 0
        self.last = 0
        self.niches = niches

    def fresh(self) -> Any:
        """The fresh rows, as a table of views."""
        return rows_of(self.table, slice(self.first, self.last))

    def add(self, board: Clipboard, new: int, uid: NDArray[np.int32], day: int) -> None:
        """Shelve the first `new` clips of the board in the order of their makers' uid, so that the order of rows leaves no trace."""
        order = np.argsort(uid[board.maker[:new]])
        if self.last + new > self.table.maker.size:
            self._make_room(new)
        _shelve(board, order, day, rows_of(self.table, slice(self.last, self.last + new)))
        self.last += new

    def forget_before(self, day: int) -> None:
        """Drop clips published before this day."""
        self.first += int(np.searchsorted(self.table.day[self.first : self.last], day))

    def _make_room(self, new: int) -> None:
        kept = self.last - self.first
        room = grown(self.table, 2 * (kept + new)) if 2 * (kept + new) > self.table.maker.size else self.table
        for column, old in zip(room, self.table, strict=True):
            column[:kept] = old[self.first : self.last].copy()
        self.table, self.first, self.last = room, 0, kept


def freshness_by_age(decay_per_day: float, floor: float) -> NDArray[np.float64]:
    """e^(-δ·age) for the ages (days) at which a clip is still fresh."""
    ages: list[float] = []
    while (value := freshness(decay_per_day, float(len(ages)))) >= floor:
        ages.append(value)
    return np.array(ages)


@compiled
def _shelve(board: Clipboard, order: NDArray[np.int64], day: int, clips: Any) -> None:
    for i in range(order.size):
        clips.maker[i] = board.maker[order[i]]
        clips.niche[i] = board.niche[order[i]]
        clips.worth[i] = board.worth[order[i]]
        clips.day[i] = day
        clips.views[i] = 0


@compiled
def attract(weight_of_niche: NDArray[np.int64], people_per_row: float, scale: float, exponent: float, out: NDArray[np.float64]) -> None:
    """A_g of each niche today into `out`, shape (niches,)."""
    niches = float(out.size)
    for niche in range(out.size):
        out[niche] = attraction(weight_of_niche[niche] / WEIGHT_SCALE * people_per_row, niches, scale, exponent)


@compiled
def weigh(
    clips: Any,
    day: int,
    fresh_by_age: NDArray[np.float64],
    popularity_exponent: float,
    people_per_row: float,
    weight_of_niche: NDArray[np.int64],
) -> None:
    """Today's weight of each clip, and their sum by niche (fixed point, shape (niches,)), set here.

    Popularity is by the views of one person's clip, so that it does not depend on the number of rows.
    """
    worth, published, views, weights, niches = clips.worth, clips.day, clips.views, clips.weight, clips.niche
    weight_of_niche[:] = 0
    for i in range(worth.size):
        weight = worth[i] * fresh_by_age[day - published[i]]
        if popularity_exponent != 0.0:
            weight *= popularity(views[i] / people_per_row, popularity_exponent)
        weights[i] = fixed(min(weight, WEIGHT_LIMIT), WEIGHT_SCALE)
        weight_of_niche[niches[i]] += weights[i]


@compiled
def share_views(clips: Any, of_maker: NDArray[np.int64], views_of_niche: NDArray[np.int64], weight_of_niche: NDArray[np.int64]) -> int:
    """Give the views of each niche to its clips in proportion to their weight, in whole views that add up exactly; returns the views given.

    of_maker: views of each creator's clips since launch, added to. Rounding is cumulative: a clip gets the whole views between its own and
    the last clip's place on the line from 0 to all views of the niche.
    """
    niches = views_of_niche.size
    weight_so_far = np.zeros(niches, dtype=np.int64)
    views_so_far = np.zeros(niches, dtype=np.int64)
    weights, niche_of, maker = clips.weight, clips.niche, clips.maker
    total, today = clips.views, clips.views_today
    given = 0
    for i in range(weights.size):
        niche = niche_of[i]
        views = 0
        if weights[i] > 0:
            weight_so_far[niche] += weights[i]
            until_here = int(views_of_niche[niche] * (weight_so_far[niche] / weight_of_niche[niche]))
            views = until_here - views_so_far[niche]
            views_so_far[niche] = until_here
        today[i] = views
        total[i] += views
        of_maker[maker[i]] += views
        given += views
    return int(given)
