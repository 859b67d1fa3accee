"""An external short-video platform: shows exported clips to its own audience, sells advertising on them, pays makers a part (M3, C7)."""

from __future__ import annotations

from typing import Any, NamedTuple

import mesa

from sim.rules.publishing import views_outside


class PlatformBrief(NamedTuple):
    """What the platform knows this morning: its own terms, and how many clips came over yesterday (of all people)."""

    views_per_clip: float
    saturation_clips_per_day: float
    payout_usd_per_1000_views: float
    advertising_usd_per_1000_views: float
    exported_clips_yesterday: float


class PlatformOffer(NamedTuple):
    """What a mean clip finds there today: views, and USD per 1000 views to its maker and to the platform."""

    views_per_clip: float
    payout_usd_per_1000_views: float
    advertising_usd_per_1000_views: float


NO_PLATFORM = PlatformOffer(0.0, 0.0, 0.0)


class ExternalPlatform(mesa.Agent):  # type: ignore[misc]
    """One platform by name."""

    def __init__(self, model: Any, name: str) -> None:
        super().__init__(model)
        self.name = name

    def decide(self, brief: PlatformBrief) -> PlatformOffer:
        """Today's offer: demand saturates in the clips exported yesterday."""
        views = views_outside(brief.views_per_clip, brief.exported_clips_yesterday, brief.saturation_clips_per_day)
        return PlatformOffer(views, brief.payout_usd_per_1000_views, brief.advertising_usd_per_1000_views)


def best_offer(offers: list[PlatformOffer]) -> PlatformOffer:
    """The offer that pays a mean clip most, by views where pay is equal; NO_PLATFORM if there is none."""
    return max(
        offers, key=lambda offer: (offer.payout_usd_per_1000_views * offer.views_per_clip, offer.views_per_clip), default=NO_PLATFORM
    )
