"""Who comes today, what watching is worth, and what the day leaves behind (M4, M6).

A kernel takes the columns it reads and writes by name, and works on a stretch of a list of rows, `first` to `last`; what it counts is whole
and added to what it is given, so that stretches may be lived in any order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sim.foundation.compiled import compiled
from sim.foundation.elementary import log
from sim.foundation.streams import COME, RETURN, Key, draw, draw_pairs
from sim.foundation.sums import SHARE_SCALE, fixed
from sim.populations.people import ACTIVE, MAKES, WATCHES
from sim.rules.adoption import LAPSE_DAYS
from sim.rules.habit import faded, readiness_after_day_without, readiness_after_visit
from sim.rules.viewing import any_view_share, attention_share

_BITS_28 = np.uint32(0x0FFFFFFF)
_BITS_7 = np.uint32(0x7F)
_AT_ONCE = 256
"""Rows whose draws are made in one go, in a loop that vectorises."""

COHORT_DAYS = 7
"""Days of adoption that make a cohort."""

# What `remember` counts, in rows (readiness in fixed point).
DAU, WAU, MAU, RETAINED, RETURNED, LAPSED, READINESS, READINESS_MAKE, READINESS_WATCH, CREATORS_DRAWN, DRAWN = range(11)
REMEMBERED = 11


@compiled
def fade(novelty: float, novelty_days: float, out: NDArray[np.float64]) -> None:
    """Fill `out` with what is left of novelty by days since adoption, 0 and on."""
    for age in range(out.size):
        out[age] = faded(novelty, float(age), novelty_days)


@compiled
def come(
    key: Key,
    uid: NDArray[np.int32],
    x_watch: NDArray[np.float32],
    x_make: NDArray[np.float32],
    came: NDArray[np.uint8],
    roster: NDArray[np.int32],
    first: int,
    last: int,
    day: int,
    makers: NDArray[np.int32],
    watchers: NDArray[np.int32],
) -> tuple[int, int]:
    """Draw who comes to make and who to watch, each with her own readiness; newcomers and those who came back do both.

    roster: rows drawn every day. Fills makers and watchers with rows, from `first` on, and returns how many of each.
    """
    pair = (key[0], key[1])
    to_make, to_watch, uids = np.empty(_AT_ONCE), np.empty(_AT_ONCE), np.empty(_AT_ONCE, dtype=np.int32)
    making = watching = first
    for start in range(first, last, _AT_ONCE):
        rows = roster[start : min(start + _AT_ONCE, last)]
        for i in range(rows.size):
            uids[i] = uid[rows[i]]
        draw_pairs(pair, uids[: rows.size], day, COME, to_make, to_watch)
        for i in range(rows.size):
            row = rows[i]
            visit = came[row]
            if visit == 0:
                visit = WATCHES if to_watch[i] < x_watch[row] else 0
                if row < x_make.size and to_make[i] < x_make[row]:
                    visit |= MAKES
                came[row] = visit
            if visit & MAKES:
                makers[making] = row
                making += 1
            if visit & WATCHES:
                watchers[watching] = row
                watching += 1
    return making - first, watching - first


@compiled
def watch(
    niche: NDArray[np.int16],
    adopted_day: NDArray[np.int16],
    outside_attention: NDArray[np.float32],
    came: NDArray[np.uint8],
    watch_reward: NDArray[np.float32],
    watchers: NDArray[np.int32],
    first: int,
    last: int,
    attraction: NDArray[np.float64],
    novelty_logit: NDArray[np.float64],
    day: int,
    slots: float,
    depth_views: float,
    any_view: bool,
    people_per_row: float,
    views_of_niche: NDArray[np.int64],
    views_of_cohort: NDArray[np.int64],
) -> None:
    """Each visitor gives the product its share of her attention, in whole views; adds to the views of niches and cohorts.

    novelty_logit: what novelty adds by days since adoption, shape (at least day + 1,); slots: views of a visit; depth_views: H of the
    variant `any_view`.
    """
    for i in range(first, last):
        row = watchers[i]
        joined = adopted_day[row]
        share = attention_share(attraction[niche[row]], outside_attention[row], novelty_logit[day - joined])
        views = fixed(slots * share * people_per_row, 1.0)
        watch_reward[row] = any_view_share(share, depth_views) if any_view else share
        came[row] |= ACTIVE
        views_of_niche[niche[row]] += views
        views_of_cohort[joined // COHORT_DAYS] += views


@compiled
def _moved(readiness: float, has_come: bool, reward: float, learning_rate: float, forgetting: float) -> float:
    """Readiness after a day with or without a visit."""
    return readiness_after_visit(readiness, learning_rate, reward) if has_come else readiness_after_day_without(readiness, forgetting)


@compiled
def _count_active(before: int, is_new: bool, counts: NDArray[np.int64]) -> None:
    """Count somebody who was active today; before: her activity bits of the 28 days before."""
    counts[DAU] += 1
    if before:
        counts[RETAINED] += 1
    elif not is_new:
        counts[RETURNED] += 1


@compiled
def remember(
    key: Key,
    uid: NDArray[np.int32],
    adopted_day: NDArray[np.int16],
    x_watch: NDArray[np.float32],
    watch_reward: NDArray[np.float32],
    x_make: NDArray[np.float32],
    make_reward: NDArray[np.float32],
    came: NDArray[np.uint8],
    activity: NDArray[np.uint32],
    last_active: NDArray[np.int16],
    return_at: NDArray[np.float64],
    drawn: NDArray[np.uint8],
    roster: NDArray[np.int32],
    first: int,
    last: int,
    day: int,
    learning_rate: float,
    forgetting: float,
    dormant_below: float,
    return_hazard: float,
    lapsed: NDArray[np.int32],
    counts: NDArray[np.int64],
) -> tuple[int, int]:
    """Readiness after the day and activity of the last 28; who has been away for 28 draws how much hazard of return must pass before she
    comes back; the dormant leave the roster.

    counts: shape (REMEMBERED,), added to. Keeps the others on the roster in order, from `first` on, and fills `lapsed` with the rows that
    lapsed today, from `first` on; returns how many of each.
    """
    pair = (key[0], key[1])
    kept = gone = first
    for i in range(first, last):
        row = roster[i]
        visit = came[row]
        came[row] = 0

        x_watch[row] = _moved(x_watch[row], visit & WATCHES != 0, watch_reward[row], learning_rate, forgetting)
        is_ready = x_watch[row] >= dormant_below
        watching, making = fixed(x_watch[row], SHARE_SCALE), 0
        if row < x_make.size:
            x_make[row] = _moved(x_make[row], visit & MAKES != 0, make_reward[row], learning_rate, forgetting)
            is_ready = is_ready or x_make[row] >= dormant_below
            making = fixed(x_make[row], SHARE_SCALE)
            counts[CREATORS_DRAWN] += 1
        counts[READINESS_WATCH] += watching
        counts[READINESS_MAKE] += making
        counts[READINESS] += max(making, watching)

        before = activity[row] & _BITS_28
        bits = (before << np.uint32(1)) & _BITS_28
        away = 0
        if visit & ACTIVE:
            bits |= np.uint32(1)
            last_active[row] = day
            return_at[row] = np.inf
            _count_active(before, adopted_day[row] == day, counts)
        else:
            away = day - last_active[row]
            if away == LAPSE_DAYS:
                return_at[row] = return_hazard - log(draw(pair, uid[row], day, RETURN)[0])
                lapsed[gone] = row
                gone += 1
        activity[row] = bits
        counts[WAU] += 1 if bits & _BITS_7 else 0
        counts[MAU] += 1 if bits else 0

        if away >= LAPSE_DAYS and not is_ready:
            drawn[row] = 0
        else:
            roster[kept] = row
            kept += 1
    counts[LAPSED] += gone - first
    counts[DRAWN] += last - first
    return kept - first, gone - first
