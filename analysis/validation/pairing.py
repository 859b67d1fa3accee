"""Common random numbers: paired worlds differ less than unpaired ones, and a change that changes nothing changes no bit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.validation.comparison import Comparison, Exact, above, jackknife
from analysis.validation.target import Section, Target
from analysis.validation.worlds import lived

DAYS = 90
_CHANGES: dict[str, dict[str, Any]] = {
    "steerability .5 → .55": {"dials.steerability": 0.55},
    "leakage .5 → .45": {"dials.export_leakage": 0.45},
}
_OBSERVED = ("installs_total", "mau", "operating_profit_usd")


@cache
def _ended(seed: int, change: str) -> NDArray[np.float64]:
    """What is observed of a world after three months: totals of the run, people on the last day."""
    daily = lived(seed, {"agents": 500, "days": DAYS, "adoption.buzz_per_day": 0.02}, _CHANGES.get(change, {})).tables()["daily"]
    return np.array([daily["installs_total"].iloc[-1], daily["mau"].iloc[-1], daily["operating_profit_usd"].sum()])


def check_variance(seeds: Sequence[int], *, shift: int = 0) -> list[Comparison]:
    """Var(paired difference) lies below Var(unpaired) = Var(one) + Var(other): the part of the variance that pairing saves is above 0.

    The spread of that part is the jackknife's over seeds. shift: by how many seeds the pairs are moved apart; 0 is true.
    """
    table: list[Comparison] = []
    for change in _CHANGES:
        plain, changed = (np.array([_ended(seed, one) for seed in seeds]) for one in ("", change))
        saved = jackknife(np.stack((plain, np.roll(changed, shift, axis=0)), axis=1), _saved)
        table += [above(f"{change}: {name}, variance saved", saved[:, i]) for i, name in enumerate(_OBSERVED)]
    return table


def _saved(worlds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the unpaired variance that pairing saves; worlds: shape (seeds, 2, observed)."""
    apart = worlds.var(axis=0, ddof=1).sum(axis=0)
    return np.asarray(1.0 - (worlds[:, 1] - worlds[:, 0]).var(axis=0, ddof=1) / apart)


def check_null(seeds: Sequence[int], *, price_usd: float = 0.0) -> list[Comparison]:
    """A change that cannot matter (the temperature of renewals where nothing is sold) leaves every bit. price_usd: of a subscription."""
    priced = {"agents": 500, "days": 60, "making.free_quota_per_day": 3, "charging.subscription_usd_per_month": price_usd}
    digests = [[lived(seed, priced, change).digest() for change in ({}, {"charging.subscription_temperature_usd": 5.0})] for seed in seeds]
    return [Exact("seeds that differ", float(sum(one != other for one, other in digests)), 0.0, 0.5)]


SECTION = Section(
    "pairing",
    "4.9 e Common random numbers",
    (
        Target("paired_variance", "rule", "paired differences vary less than unpaired ones", "Glasserman & Yao 1992", check_variance),
        Target("null_change", "rule", "a change that changes nothing changes no bit", "derived", check_null),
    ),
)
