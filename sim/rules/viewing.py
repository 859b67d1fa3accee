"""M4. A community lives on what there is to watch (claims C4, C7).

    A_g = [(K/A0)·Σ_clips w_i·e^(βz - δ·age)·(1 - d·[also outside])·(1 + views)^χ]^η

over the fresh clips of niche g, K niches. A visitor gives the product the share ρ = A_g/(A_g + e^o_watch) of the views of a visit; views
go to clips in proportion to their weight. Newcomers see A_g·e^(ν·e^(-age/τ)).
"""

from __future__ import annotations

from sim.foundation.compiled import compiled
from sim.foundation.elementary import exp, log, power
from sim.foundation.parameters import Parameter, assumed, calibrated, measured

_FIT = "13 minutes a day (Sensor Tower, 2026-01) and daily users of the Sora app"
PARAMETERS = (
    Parameter(
        "watching.slots_per_visit",
        120.0,
        "views",
        "views of a visit that is wholly given to the product",
        measured("TikTok 90 min a day against 13 for Sora (Sensor Tower, 2026-01)"),
        low=0,
        low_open=True,
    ),
    Parameter(
        "watching.attraction_scale",
        4e6,
        "clips",
        "fresh clips of mean worth that balance the outside (A0)",
        calibrated(_FIT),
        low=0,
        low_open=True,
    ),
    Parameter(
        "watching.quality_slope", 0.82, "1", "how steeply worth rises with quality (β)", calibrated(_FIT), low=0, high=3, mid_run=False
    ),
    Parameter(
        "watching.freshness_decay_per_day", 0.24, "1/day", "decay of a clip's worth (δ)", calibrated(_FIT), low=0.01, high=10, mid_run=False
    ),
    Parameter(
        "watching.variety_exponent",
        1.0,
        "1",
        "how far more clips attract more (η)",
        assumed("try .5: variety saturates"),
        low=0,
        high=1,
        low_open=True,
    ),
    Parameter("watching.popularity_exponent", 0.0, "1", "how far views bring views (χ)", assumed("off; vary to 1"), low=0, high=1.5),
    Parameter(
        "watching.outside_logit", 1.8, "logit", "mean pull of everything else on attention (o_watch)", calibrated(_FIT), mid_run=False
    ),
    Parameter("watching.outside_logit_sd", 1.5, "logit", "its sd over people", calibrated(_FIT), low=0, mid_run=False),
)

WEIGHT_FLOOR = 1e-4
"""A clip is forgotten when its freshness has fallen to this share."""


@compiled
def clip_worth(quality_slope: float, z: float) -> float:
    """e^(βz), what a clip is worth to a visitor on its first day."""
    return exp(quality_slope * z)


@compiled
def freshness(decay_per_day: float, age_days: float) -> float:
    """e^(-δ·age)."""
    return exp(-decay_per_day * age_days)


@compiled
def popularity(views: float, exponent: float) -> float:
    """(1 + views)^χ; 1 when the feedback is off."""
    return power(1.0 + views, exponent)


@compiled
def attraction(weight_of_clips: float, niches: float, scale: float, variety_exponent: float) -> float:
    """A_g from the summed weight of a niche's fresh clips, in clips of people (not rows)."""
    return power(weight_of_clips * niches / scale, variety_exponent)


@compiled
def attention_share(attraction: float, outside_logit: float, novelty_logit: float) -> float:
    """ρ in [0, 1], the share of a visit given to the product; novelty_logit = ν·e^(-age/τ)."""
    if attraction <= 0.0:
        return 0.0
    return 1.0 / (1.0 + exp(outside_logit - log(attraction) - novelty_logit))


@compiled
def any_view_share(share: float, views: float) -> float:
    """1 - (1-ρ)^H: the rival form of what a visit leaves behind, the chance that at least one of H views was worth it."""
    return 1.0 - power(1.0 - share, views)
