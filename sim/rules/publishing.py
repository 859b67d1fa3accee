"""M3. Creators who cannot earn or be seen here take their work, the best first, to where they can (claims C6, C7).

Pay-offs in USD per clip, Q = e^(βz) over its mean at launch:

    U_here = mot·pay_h + α·ln(1 + V_h·Q)
    U_both = mot·(pay_h·[not exclusive] + pay_o) + α·ln(1 + (1-d)·V_h·Q + V_o·Q) - c_x
    U_out  = mot·pay_o + α·ln(1 + V_o·Q) - c_x

pay_o = payout·V_o·Q/1000 at the best open platform, V_o = V̄/(1 + N_exp/N_sat), pay_h = m·pay_o. With probability ℓ (export leakage) a logit
with temperature T among the outlets open today; otherwise the clip stays. Known limit: there is no public evidence on the overlap d.
"""

from __future__ import annotations

from sim.foundation.compiled import compiled
from sim.foundation.elementary import exp, log
from sim.foundation.parameters import Parameter, assumed, calibrated, measured

HERE, BOTH, OUTSIDE = 0, 1, 2
"""The outlets."""

PARAMETERS = (
    Parameter(
        "dials.monetization",
        0.5,
        "1",
        "income parity: expected pay of a clip here relative to outside (m)",
        calibrated("coding guide: Sora 0, no payout was seen (The Verge digest, 2025-10-30)"),
        low=0,
        high=1,
    ),
    Parameter("dials.export_leakage", 0.5, "1", "chance that a clip can leave (ℓ)", calibrated("coding guide: Sora .8"), low=0, high=1),
    Parameter(
        "publishing.overlap",
        0.64,
        "share",
        "part of a clip's worth here that is lost when it is also outside (d)",
        assumed("no evidence: vary 0 to .9"),
        low=0,
        high=1,
    ),
    Parameter("publishing.outside_cost_usd", 0.05, "USD/clip", "effort of posting outside (c_x)", assumed("a minute or less"), low=0),
    Parameter("publishing.exclusive", True, "flag", "creator pay only for clips that stay", assumed("the stricter contract"), kind="flag"),
)

EXTERNAL_PLATFORM = (
    Parameter(
        "views_per_clip",
        600.0,
        "views/clip",
        "views of a mean clip there without crowding (V̄)",
        measured("order of Shorts and TikTok medians"),
        low=0,
    ),
    Parameter(
        "saturation_clips_per_day",
        5e6,
        "clips/day",
        "exported clips a day that halve a clip's views (N_sat)",
        assumed("vary"),
        low=0,
        low_open=True,
        optional=True,
    ),
    Parameter(
        "payout_usd_per_1000_views",
        0.5,
        "USD/1000 views",
        "paid to makers",
        measured("TikTok Rewards .4-1, Shorts and Reels .01-.1 (digests 2024-2025)"),
        low=0,
    ),
    Parameter(
        "advertising_usd_per_1000_views",
        2.0,
        "USD/1000 views",
        "advertising sold there",
        measured(".19 USD an hour watched, about 100 views"),
        low=0,
    ),
    Parameter("open", True, "flag", "whether clips can be posted there", assumed("open"), kind="flag"),
)


@compiled
def views_outside(views_per_clip: float, exported_yesterday: float, saturation: float) -> float:
    """V_o, views of a mean clip outside when this many clips were exported yesterday (saturation may be infinite)."""
    return views_per_clip / (1.0 + exported_yesterday / saturation)


@compiled
def pay_outside_usd(payout_per_1000: float, views: float, relative_quality: float) -> float:
    """pay_o, what a clip of this Q earns its maker outside, in USD."""
    return payout_per_1000 * views * relative_quality / 1000.0


@compiled
def payoff_here(motive: float, pay_here: float, status: float, views_here: float, q: float) -> float:
    """U_here in USD."""
    return motive * pay_here + status * log(1.0 + views_here * q)


@compiled
def payoff_both(
    motive: float,
    pay_here: float,
    pay_outside: float,
    status: float,
    views_here: float,
    views_out: float,
    q: float,
    overlap: float,
    cost: float,
    exclusive: bool,
) -> float:
    """U_both in USD."""
    pay = pay_outside if exclusive else pay_here + pay_outside
    return motive * pay + status * log(1.0 + (1.0 - overlap) * views_here * q + views_out * q) - cost


@compiled
def payoff_outside(motive: float, pay_outside: float, status: float, views_out: float, q: float, cost: float) -> float:
    """U_out in USD."""
    return motive * pay_outside + status * log(1.0 + views_out * q) - cost


@compiled
def choose_outlet(here: float, both: float, outside: float, temperature: float, draw: float) -> int:
    """Logit choice among the three outlets by one uniform draw; pay-offs and temperature in USD."""
    top = max(here, both, outside)
    stay = exp((here - top) / temperature)
    share = exp((both - top) / temperature)
    leave = exp((outside - top) / temperature)
    point = draw * (stay + share + leave)
    if point < stay:
        return HERE
    return BOTH if point < stay + share else OUTSIDE
