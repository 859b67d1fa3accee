"""Who keeps a dollar that the product's clips and tools earned, here and outside; and how unequally makers share it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import sim
from analysis.unit_economics.contribution import Whole

Numbers = NDArray[np.float64]

SOURCES = ("advertising", "credits", "subscriptions", "outside_advertising")
"""Kinds by which customers pay: everything else hands that money on."""
OUTSIDE, OPERATOR = "external_platforms", "operator"
LORENZ_POINTS = 101


def keeping(ledger: pd.DataFrame) -> pd.DataFrame:
    """A row a holder: what of all that customers paid it kept, in whole micro-dollars; columns holder and micro_usd.

    Customers are advertisers here and outside, and makers who buy. Holders: those who were paid, less what they paid on; makers apart by
    who paid them. What the operator is short of (its owners and its parent pay it) stands as a negative amount, so that all sum to what
    customers paid. ledger: of one seed.
    """
    lines = ledger[ledger["day"] >= 0]
    micro = lines.groupby(lines["kind"].astype(str))["amount_micro_usd"].sum().to_dict()
    kept: dict[str, int] = {}
    for entry in sim.ENTRIES:
        amount = int(micro.get(entry.name, 0))
        if entry.line == "funding" or entry.payee == "parent":
            continue
        payee = entry.payee if entry.payee != "creators" else f"creators, paid {'outside' if entry.payer == OUTSIDE else 'here'}"
        kept[payee] = kept.get(payee, 0) + amount
        if entry.name not in SOURCES:
            kept[entry.payer] = kept.get(entry.payer, 0) - amount
    return pd.DataFrame({"holder": list(kept), "micro_usd": np.array(list(kept.values()), dtype=np.int64)})


def lorenz(amounts: Whole) -> Numbers:
    """The share of the sum held by the poorest 0, 1, ... 100 %, shape (LORENZ_POINTS,); NaN when all have nothing.

    Every row stands for equally many people, so that each has the same weight.
    """
    ordered = np.sort(amounts).astype(np.float64)
    total = ordered.sum()
    if total <= 0.0:
        return np.full(LORENZ_POINTS, np.nan)
    curve = np.concatenate([[0.0], np.cumsum(ordered) / total])
    return np.asarray(np.interp(np.linspace(0.0, 1.0, LORENZ_POINTS), np.linspace(0.0, 1.0, curve.size), curve))
