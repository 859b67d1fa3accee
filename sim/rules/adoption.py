"""M0. Novelty brings a wave, word of mouth and exported clips carry it on (claims C5, C8).

A person not yet in joins with the hazard per day

    h = open · [p + b·e^(-t/τ_b) + c·min(1, I_7/I_top) + q·X + r·V_out]                                                   (M0)

and each has a threshold E ~ Exp(1): she joins on the first day on which the cumulated hazard passes it. With only p and q, and X the
share who
are in, this is Bass (1969), Management Science 15(5) 215-227. Someone away for 28 days returns with the hazard σ·[q·X + r·V_out + news].
Known limit: everybody in the market knows everybody; there is no network of friends.
"""

from __future__ import annotations

from sim.foundation.compiled import compiled
from sim.foundation.elementary import exp, logistic, power
from sim.foundation.parameters import Parameter, assumed, calibrated

CHANNELS = ("advertising", "buzz", "chart", "word_of_mouth", "referral")
"""What brought a person in, in the order of the terms of M0."""

LAPSE_DAYS = 28
"""Days away after which a person counts as lapsed and may return."""

_FIT = "installs of the Sora app, days 31-151 (Appfigures)"
PARAMETERS = (
    Parameter(
        "adoption.advertising_per_day", 2e-5, "1/day", "hazard from advertising and press (p)", assumed("below the other terms"), low=0
    ),
    Parameter("adoption.buzz_per_day", 0.0053, "1/day", "launch buzz on day 0 (b)", calibrated(_FIT), low=0),
    Parameter("adoption.buzz_days", 77.0, "day", "e-folding time of the launch buzz (τ_b)", calibrated(_FIT), low=0, low_open=True),
    Parameter(
        "adoption.chart_per_day",
        0.0,
        "1/day",
        "hazard at the top of the app-store chart (c)",
        assumed("off; app_store worlds vary it"),
        low=0,
    ),
    Parameter(
        "adoption.chart_top_installs_7d",
        600e3,
        "people",
        "installs of 7 days that reach the top of the chart (I_top)",
        assumed("the first week of Sora, 627 thousand, held the top rank (Appfigures, 2025-10)"),
        low=0,
        low_open=True,
    ),
    Parameter("adoption.word_of_mouth_per_day", 0.013, "1/day", "hazard when everybody is ready to come (q)", calibrated(_FIT), low=0),
    Parameter(
        "adoption.referral_per_outside_view",
        0.0,
        "1",
        "hazard per outside view and person: the watermark as advertisement (r)",
        assumed("no public evidence; 1e-6 to 1e-4 is the interesting range"),
        low=0,
    ),
    Parameter("adoption.open_share", 1.0, "share", "share of the market let in: invites, platforms", calibrated(_FIT), low=0, high=1),
    Parameter("adoption.return_factor", 0.3, "1", "pull on the lapsed relative to newcomers (σ)", assumed("vary"), low=0),
    Parameter("adoption.news_per_day", 0.0, "1/day", "hazard from a dated release for those who left", assumed("off unless dated"), low=0),
    Parameter(
        "adoption.entry_reputation",
        0.0,
        "1",
        "how strongly makers' entry follows what makers of their niche got out of it (ε)",
        assumed("off; a rival form to sweep"),
        low=0,
    ),
)


@compiled
def hazard_terms(
    open_share: float,
    advertising: float,
    buzz: float,
    buzz_days: float,
    chart: float,
    chart_top_installs: float,
    word_of_mouth: float,
    referral: float,
    day: float,
    installs_7d: float,
    readiness: float,
    outside_views_per_person: float,
) -> tuple[float, float, float, float, float]:
    """The five terms of the hazard of joining today (1/day), in the order of CHANNELS."""
    return (
        open_share * advertising,
        open_share * buzz * exp(-day / buzz_days),
        open_share * chart * min(1.0, installs_7d / chart_top_installs),
        open_share * word_of_mouth * readiness,
        open_share * referral * outside_views_per_person,
    )


@compiled
def return_hazard(
    factor: float, word_of_mouth: float, referral: float, news: float, readiness: float, outside_views_per_person: float
) -> float:
    """Hazard per day of a lapsed person to come back."""
    return factor * (word_of_mouth * readiness + referral * outside_views_per_person + news)


@compiled
def reputation_factor(mean_advantage: float, exponent: float) -> float:
    """(Λ((ū-o)/T)/Λ(0))^ε, by which a maker's hazard of joining is multiplied.

    mean_advantage: mean of (u-o)/T over the sessions of recent makers of her niche; averaging the ratio rather than u alone needs no second
    look at who is still outside and stays free of units.
    """
    return power(logistic(mean_advantage) / 0.5, exponent)
