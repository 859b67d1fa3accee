"""Who comes today, what watching is worth, and what the day leaves behind (M4, M6)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.foundation.compiled import compiled
from sim.foundation.elementary import log
from sim.foundation.streams import COME, RETURN, Key, draw
from sim.foundation.sums import SHARE_SCALE, fixed
from sim.populations.arrivals import Roster
from sim.populations.people import ACTIVE, MAKES, WATCHES
from sim.rules.adoption import LAPSE_DAYS
from sim.rules.habit import faded, readiness_after_day_without, readiness_after_visit
from sim.rules.viewing import any_view_share, attention_share

_BITS_28 = np.uint32(0x0FFFFFFF)
_BITS_7 = np.uint32(0x7F)

COHORT_DAYS = 7
"""Days of adoption that make a cohort."""

# What `remember` counts, in rows (readiness in fixed point).
DAU, WAU, MAU, RETAINED, RETURNED, LAPSED, READINESS, READINESS_MAKE, READINESS_WATCH, CREATORS_DRAWN = range(10)
REMEMBERED = 10


@compiled
def come(
    key: Key,
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
    uid, came, x_watch, x_make, rows = people.uid, people.came, people.x_watch, creators.x_make, roster.rows
    pair = (key[0], key[1])
    making = watching = 0
    for i in range(roster.count[0]):
        row = rows[i]
        visit = came[row]
        if visit == 0:
            to_make, to_watch, _, _ = draw(pair, uid[row], day, COME)
            if to_watch < x_watch[row]:
                visit = WATCHES
            if row < x_make.size and to_make < x_make[row]:
                visit |= MAKES
            came[row] = visit
        if visit & MAKES:
            makers[making] = row
            making += 1
        if visit & WATCHES:
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
    niches, adopted_day, outside = people.niche, people.adopted_day, people.outside_attention
    came, watch_reward = people.came, people.watch_reward
    for i in range(watchers.size):
        row = watchers[i]
        niche = niches[row]
        age = float(day - adopted_day[row])
        novelty = faded(settings.habit_novelty_watching_logit, age, settings.habit_novelty_days)
        share = attention_share(attraction[niche], outside[row], novelty)
        views = fixed(settings.watching_slots_per_visit * share * people_per_row, 1.0)
        watch_reward[row] = any_view_share(share, settings.habit_depth_views) if any_view else share
        came[row] |= ACTIVE
        views_of_niche[niche] += views
        views_of_cohort[adopted_day[row] // COHORT_DAYS] += views


@compiled
def remember(
    key: Key,
    settings: Any,
    people: Any,
    creators: Any,
    roster: Roster,
    day: int,
    return_hazard: float,
    counts: NDArray[np.int64],
) -> None:
    """Readiness after the day, activity and lapses; then the dormant leave the roster. counts: shape (REMEMBERED,), set here."""
    counts[:] = 0
    _update_readiness(settings[0], people, creators, roster, counts)
    _update_activity(key, people, roster, day, return_hazard, counts)
    _dismiss_dormant(settings[0].habit_dormant_below, people, creators, roster, day)


@compiled
def _update_readiness(settings: Any, people: Any, creators: Any, roster: Roster, counts: NDArray[np.int64]) -> None:
    rate, forgetting = settings.habit_learning_rate, settings.habit_forgetting_per_day
    came, x_watch, watch_reward = people.came, people.x_watch, people.watch_reward
    x_make, make_reward, rows = creators.x_make, creators.make_reward, roster.rows
    larger = watching = making = makers = 0
    for i in range(roster.count[0]):
        row = rows[i]
        visit = came[row]
        seen = readiness_after_visit(x_watch[row], rate, watch_reward[row])
        x_watch[row] = seen if visit & WATCHES else readiness_after_day_without(x_watch[row], forgetting)
        watching_now = fixed(x_watch[row], SHARE_SCALE)
        making_now = 0
        if row < x_make.size:
            made = readiness_after_visit(x_make[row], rate, make_reward[row])
            x_make[row] = made if visit & MAKES else readiness_after_day_without(x_make[row], forgetting)
            making_now = fixed(x_make[row], SHARE_SCALE)
            makers += 1
        watching += watching_now
        making += making_now
        larger += max(making_now, watching_now)
    counts[READINESS], counts[READINESS_MAKE], counts[READINESS_WATCH], counts[CREATORS_DRAWN] = larger, making, watching, makers


@compiled
def _update_activity(key: Key, people: Any, roster: Roster, day: int, return_hazard: float, counts: NDArray[np.int64]) -> None:
    """Activity of the last 28 days; who has been away for 28 draws how much hazard of return must pass before she comes back."""
    uid, came, activity, last_active = people.uid, people.came, people.activity, people.last_active
    adopted_day, return_at, rows = people.adopted_day, people.return_at, roster.rows
    pair = (key[0], key[1])
    dau = wau = mau = retained = returned = lapsed = 0
    for i in range(roster.count[0]):
        row = rows[i]
        before = activity[row] & _BITS_28
        bits = (before << np.uint32(1)) & _BITS_28
        if came[row] & ACTIVE:
            bits |= np.uint32(1)
            dau += 1
            if before:
                retained += 1
            elif adopted_day[row] < day:
                returned += 1
            return_at[row] = np.inf
            last_active[row] = day
        elif day - last_active[row] == LAPSE_DAYS:
            lapsed += 1
            return_at[row] = return_hazard - log(draw(pair, uid[row], day, RETURN)[0])
        activity[row] = bits
        came[row] = 0
        wau += 1 if bits & _BITS_7 else 0
        mau += 1 if bits else 0
    counts[DAU], counts[WAU], counts[MAU] = dau, wau, mau
    counts[RETAINED], counts[RETURNED], counts[LAPSED] = retained, returned, lapsed


@compiled
def _dismiss_dormant(dormant_below: float, people: Any, creators: Any, roster: Roster, day: int) -> None:
    x_watch, x_make, last_active, drawn, rows = people.x_watch, creators.x_make, people.last_active, people.drawn, roster.rows
    kept = 0
    for i in range(roster.count[0]):
        row = rows[i]
        away = day - last_active[row]
        if away >= LAPSE_DAYS and x_watch[row] < dormant_below and (row >= x_make.size or x_make[row] < dormant_below):
            drawn[row] = 0
        else:
            rows[kept] = row
            kept += 1
    roster.count[0] = kept
