"""The fresh clips, what they attract, and which of them the views of a day fall to (M4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.twin.arithmetic import WEIGHT_LIMIT, WEIGHT_SCALE, Arithmetic, whole

if TYPE_CHECKING:
    from tests.twin.creator import Creator

WEIGHT_FLOOR = 1e-4
"""Freshness under which a clip is forgotten."""


class Clip:
    """One fresh clip. worth: on its first day, the overlap taken off; weight: today, a whole number; views: of all people of the row."""

    __slots__ = ("day", "maker", "niche", "views", "views_today", "weight", "worth")

    def __init__(self, maker: Creator, day: int, worth: float) -> None:
        self.maker = maker
        self.niche = maker.niche
        self.day = day
        self.worth = worth
        self.weight = 0
        self.views = 0
        self.views_today = 0


class Feed:
    """What there is to watch: `clips`, the oldest first, those of a day in the order of their makers."""

    def __init__(self, rules: Arithmetic, niches: int, decay_per_day: float, people_per_row: float) -> None:
        self.rules = rules
        self.niches = niches
        self.people_per_row = people_per_row
        self.clips: list[Clip] = []
        self.published: list[Clip] = []
        self.freshness: list[float] = []
        while (fresh := rules.viewing.freshness(decay_per_day, float(len(self.freshness)))) >= WEIGHT_FLOOR:
            self.freshness.append(fresh)

    def add(self, clip: Clip) -> None:
        """Take in one of today's clips."""
        self.published.append(clip)

    def open(self, day: int, popularity_exponent: float) -> list[int]:
        """Drop the stale clips, shelve today's, weigh all; returns the weight of each niche. Popularity goes by one person's views."""
        self.published.sort(key=lambda clip: clip.maker.uid)
        self.clips = [clip for clip in self.clips if day - clip.day < len(self.freshness)] + self.published
        weights = [0] * self.niches
        for clip in self.clips:
            weight = clip.worth * self.freshness[day - clip.day]
            if popularity_exponent != 0.0:
                weight *= self.rules.viewing.popularity(clip.views / self.people_per_row, popularity_exponent)
            clip.weight = whole(min(weight, WEIGHT_LIMIT), WEIGHT_SCALE)
            weights[clip.niche] += clip.weight
        return weights

    def close(self, views_of_niche: list[int], weights: list[int]) -> int:
        """Give the views of each niche to its clips in proportion to their weights, in whole views; returns the views given.

        A clip gets the whole views between its own end and the last clip's on a line as long as the niche's views.
        """
        passed, given = [0] * self.niches, [0] * self.niches
        for clip in self.clips:
            niche = clip.niche
            clip.views_today = 0
            if clip.weight > 0:
                passed[niche] += clip.weight
                until_here = int(views_of_niche[niche] * (passed[niche] / weights[niche]))
                clip.views_today = until_here - given[niche]
                given[niche] = until_here
                clip.views += clip.views_today
                clip.maker.views += clip.views_today
        self.published = []
        return sum(given)
