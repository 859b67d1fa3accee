"""M5. What a making session is worth, and what stands against it (claims C1, C3, C4, C6, C10).

    u = 1[accepted]·(v + U_chosen) - e·attempts - loss·1[not accepted]·(1 - ζ·n_ctrl/max(1, n-1)) - ρ_u·ln(1 + variance of attempts)
        - price paid + novelty·e^(-age/τ)
    o = o_make + (1 - edge)·mot·(expected pay outside per session) + Σ_rivals max(0, u_rival - o_make)

In USD per session. One rule holds a generator whose makers sell elsewhere (edge 1: leakage feeds it) and a camera whose stars leave
(edge 0).
"""

from __future__ import annotations

from sim.foundation.compiled import compiled
from sim.foundation.elementary import log
from sim.foundation.parameters import Parameter, assumed, calibrated

_FIT = "daily users and the share of them making, Sora app"
PARAMETERS = (
    Parameter(
        "creators.value_usd", 2.4, "USD/clip", "median worth of a usable clip to its maker (v)", calibrated(_FIT), low=0, mid_run=False
    ),
    Parameter("creators.value_ln_sd", 1.2, "1", "sd of ln v over makers", calibrated(_FIT), low=0, mid_run=False),
    Parameter(
        "creators.making_outside_usd",
        1.76,
        "USD/session",
        "mean worth of a maker's time elsewhere (o_make)",
        calibrated(_FIT),
        mid_run=False,
    ),
    Parameter("creators.making_outside_usd_sd", 1.18, "USD/session", "its sd over makers", calibrated(_FIT), low=0, mid_run=False),
    Parameter(
        "creators.income_motive_a",
        2.0,
        "1",
        "first shape of Beta for the income motive (mot)",
        assumed("vary"),
        low=0.5,
        mid_run=False,
    ),
    Parameter("creators.income_motive_b", 2.0, "1", "second shape", assumed("vary"), low=0.5, mid_run=False),
    Parameter(
        "creators.talent_sd",
        1.0,
        "sd of z",
        "spread of talent over makers",
        assumed("top-1 % share of views is held against it"),
        low=0,
        mid_run=False,
    ),
    Parameter("creators.clip_noise_sd", 0.42, "sd of z", "spread of a maker's clips", assumed("as talent"), low=0, mid_run=False),
    Parameter(
        "creators.temperature_usd",
        0.33,
        "USD",
        "noise in every choice (T)",
        calibrated(_FIT),
        low=0,
        low_open=True,
    ),
    Parameter(
        "creators.status_usd", 0.31, "USD per ln view", "worth of being seen (α)", calibrated("unidentified: .03 to .8 fit alike"), low=0
    ),
    Parameter(
        "rival.edge",
        1.0,
        "1",
        "how much of outside income needs this tool: 1 nobody else makes such clips, 0 a camera would do",
        assumed("1 at Sora's launch"),
        low=0,
        high=1,
    ),
)

RIVAL_TOOL = (
    Parameter("steerability", 0.5, "1", "steerability of the rival tool", assumed("per rival"), low=0, high=1),
    Parameter("capability", 1.0, "1", "its capability relative to ours at launch", assumed("per rival"), low=0, low_open=True),
    Parameter("price_usd_per_attempt", 0.0, "USD/attempt", "what an attempt costs there", assumed("per rival"), low=0),
    Parameter("open", True, "flag", "whether it is on offer", assumed("dated by an intervention"), kind="flag"),
)


@compiled
def session_worth(
    accepted: bool,
    value: float,
    payoff: float,
    attempts: float,
    controlled: float,
    effort: float,
    disappointment: float,
    relief: float,
    uncertainty: float,
    attempts_variance: float,
    paid: float,
    novelty: float,
) -> float:
    """u of one session in USD; novelty is already faded, paid are the USD spent in it."""
    worth = novelty - effort * attempts - paid
    if accepted:
        worth += value + payoff
    else:
        worth -= disappointment * (1.0 - relief * controlled / max(1.0, attempts - 1.0))
    if uncertainty != 0.0:
        worth -= uncertainty * log(1.0 + attempts_variance)
    return worth


@compiled
def expected_session_worth(
    success: float,
    attempts: float,
    bought: float,
    failed_control: float,
    value: float,
    payoff: float,
    effort: float,
    disappointment: float,
    relief: float,
    uncertainty: float,
    attempts_variance: float,
    price: float,
) -> float:
    """Expected u in USD from the law of a session (see `making.Law` for the first four); novelty is left out."""
    spent = price * bought if bought > 0.0 else 0.0
    unsure = uncertainty * log(1.0 + attempts_variance) if uncertainty != 0.0 else 0.0
    return success * (value + payoff) - effort * attempts - disappointment * (1.0 - success - relief * failed_control) - unsure - spent


@compiled
def outside_option(own: float, edge: float, motive: float, expected_pay_outside: float, rivals_gain: float) -> float:
    """o in USD per session; rivals_gain = Σ max(0, u_rival - o_make)."""
    return own + (1.0 - edge) * motive * expected_pay_outside + rivals_gain
