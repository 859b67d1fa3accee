"""Who comes today, what watching is worth, and what the day leaves behind (M4, M6)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.foundation.compiled import compiled, inlined
from sim.foundation.streams import COME, draw
from sim.foundation.sums import SHARE_SCALE, fixed
from sim.populations.arrivals import Roster, lapse
from sim.populations.people import ACTIVE, MAKES, WATCHES
from sim.rules.adoption import LAPSE_DAYS
from sim.rules.habit import faded, readiness_after_day_without, readiness_after_visit
from sim.rules.viewing import any_view_share, attention_share

_BITS_28 = np.uint32(0x0FFFFFFF)
_BITS_BEFORE = np.uint32(0x0FFFFFFE)
_BITS_7 = np.uint32(0x7F)

COHORT_DAYS = 7
"""Days of adoption that make a cohort."""

# What `remember` counts, in rows (readiness in fixed point).
DAU, WAU, MAU, RETAINED, RETURNED, LAPSED, READINESS, READINESS_MAKE, READINESS_WATCH, CREATORS_DRAWN = range(10)
REMEMBERED = 10


@compiled
def come(
    key: NDArray[np.uint64],
    people: Any,
    creators: Any,
    roster: Roster,
    day: int,
    makers: NDArray[np.int32],
    watchers: NDArray[np.int32],
) -> tuple[int, int]:
    """Draw who comes to make and who to watch, each with her own readiness; newcomers and those who came back do both.

    Fills makers and watchers (rows) and returns how many of each.
    """
    making = watching = 0
    for i in range(roster.count[0]):
        row = roster.rows[i]
        if people.came[row] == 0:
            to_make, to_watch, _, _ = draw(key, people.uid[row], day, COME)
            if to_watch < people.x_watch[row]:
                people.came[row] = WATCHES
            if row < creators.x_make.size and to_make < creators.x_make[row]:
                people.came[row] |= MAKES
        if people.came[row] & MAKES:
            makers[making] = row
            making += 1
        if people.came[row] & WATCHES:
            watchers[watching] = row
            watching += 1
    return making, watching


@compiled
def watch(
    settings: Any,
    people: Any,
    watchers: NDArray[np.int32],
    attraction: NDArray[np.float64],
    day: int,
    people_per_row: float,
    views_of_niche: NDArray[np.int64],
    views_of_cohort: NDArray[np.int64],
) -> None:
    """Each visitor gives the product its share of her attention, in whole views; adds to the views of niches and cohorts."""
    settings = settings[0]
    any_view = settings.rules_watching_reward == 1.0
    for i in range(watchers.size):
        row = watchers[i]
        niche = people.niche[row]
        age = float(day - people.adopted_day[row])
        novelty = faded(settings.habit_novelty_watching_logit, age, settings.habit_novelty_days)
        share = attention_share(attraction[niche], people.outside_attention[row], novelty)
        views = fixed(settings.watching_slots_per_visit * share * people_per_row, 1.0)
        people.watch_reward[row] = any_view_share(share, settings.habit_depth_views) if any_view else share
        people.came[row] |= ACTIVE
        views_of_niche[niche] += views
        views_of_cohort[people.adopted_day[row] // COHORT_DAYS] += views


@compiled
def remember(
    key: NDArray[np.uint64],
    settings: Any,
    people: Any,
    creators: Any,
    roster: Roster,
    day: int,
    return_hazard: float,
    counts: NDArray[np.int64],
) -> None:
    """Readiness after the day, activity, lapses; takes the dormant off the roster. counts: shape (REMEMBERED,), set here."""
    settings = settings[0]
    counts[:] = 0
    kept = 0
    for i in range(roster.count[0]):
        row = roster.rows[i]
        x_make = _update_readiness(settings, people, creators, row)
        _update_activity(key, people, row, day, return_hazard, counts)
        x_watch = people.x_watch[row]
        counts[READINESS] += fixed(max(x_make, x_watch), SHARE_SCALE)
        counts[READINESS_WATCH] += fixed(x_watch, SHARE_SCALE)
        if row < creators.x_make.size:
            counts[READINESS_MAKE] += fixed(x_make, SHARE_SCALE)
            counts[CREATORS_DRAWN] += 1
        away = day - people.last_active[row]
        if away >= LAPSE_DAYS and max(x_make, x_watch) < settings.habit_dormant_below:
            people.drawn[row] = 0
        else:
            roster.rows[kept] = row
            kept += 1
    roster.count[0] = kept


@inlined
def _update_readiness(settings: Any, people: Any, creators: Any, row: int) -> float:
    """x_watch and x_make of a row after today; returns x_make, 0 for a viewer."""
    came = people.came[row]
    x = people.x_watch[row]
    if came & WATCHES:
        people.x_watch[row] = readiness_after_visit(x, settings.habit_learning_rate, people.watch_reward[row])
    else:
        people.x_watch[row] = readiness_after_day_without(x, settings.habit_forgetting_per_day)
    if row >= creators.x_make.size:
        return 0.0
    x = creators.x_make[row]
    if came & MAKES:
        creators.x_make[row] = readiness_after_visit(x, settings.habit_learning_rate, creators.make_reward[row])
    else:
        creators.x_make[row] = readiness_after_day_without(x, settings.habit_forgetting_per_day)
    return float(creators.x_make[row])


@inlined
def _update_activity(
    key: NDArray[np.uint64], people: Any, row: int, day: int, return_hazard: float, counts: NDArray[np.int64]
) -> None:
    bits = (people.activity[row] << np.uint32(1)) & _BITS_28
    if people.came[row] & ACTIVE:
        bits |= np.uint32(1)
        counts[DAU] += 1
        if bits & _BITS_BEFORE:
            counts[RETAINED] += 1
        elif people.adopted_day[row] < day:
            counts[RETURNED] += 1
        people.return_at[row] = np.inf
        people.last_active[row] = day
    elif day - people.last_active[row] == LAPSE_DAYS:
        counts[LAPSED] += 1
        lapse(key, people, row, day, return_hazard)
    people.activity[row] = bits
    if bits & _BITS_7:
        counts[WAU] += 1
    if bits:
        counts[MAU] += 1
    people.came[row] = 0
