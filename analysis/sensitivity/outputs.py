"""What is asked of each run: whether the product sustains itself, how many use it in the end, and what it cost or earned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import sim
from analysis.calibration.conclusions import WANTED

Floats = NDArray[np.float64]

SUSTAINED, USERS, CASH = "self_sustaining", "users", "cash"
FEW_USERS, _USD = 1e4, 1e6
"""Fewer daily users are as good as none: otherwise one row more or less of a dying product would outweigh everything."""


@dataclass(frozen=True)
class Output:
    """label: as a heading. scale: what the numbers are."""

    label: str
    scale: str


OUTPUTS = {
    SUSTAINED: Output("self-sustaining", "1 where the verdict is self-sustaining, else 0"),
    USERS: Output("final users", "log10(1 + daily users on the last day that is lived / 10,000), because fewer are as good as none"),
    CASH: Output("cumulated cash", "±log10(1 + |operating profit of the whole run| / 1 M USD), with the sign of the profit"),
}


def outputs_of(runs: pd.DataFrame) -> pd.DataFrame:
    """The three outputs of a table of runs, a column each, on the scales of OUTPUTS."""
    profit = runs["operating_profit_usd"].to_numpy(np.float64)
    return pd.DataFrame(
        {
            SUSTAINED: (runs["outcome"] == WANTED).to_numpy(np.float64),
            USERS: log_users(runs),
            CASH: np.sign(profit) * np.log10(1.0 + np.abs(profit) / _USD),
        }
    )


def log_users(runs: pd.DataFrame) -> Floats:
    """log10(1 + daily users on the last day / FEW_USERS), a number a run."""
    return np.asarray(np.log10(1.0 + runs["dau_end"].to_numpy(np.float64) / FEW_USERS))


def that_vary(outputs: pd.DataFrame, place: str) -> tuple[list[str], tuple[str, ...]]:
    """The outputs that differ between runs, and a note for each that does not. Raises InputError where none does."""
    still = [name for name in outputs if np.ptp(outputs[name].to_numpy()) == 0.0]
    notes = tuple(
        f"'{OUTPUTS[str(name)].label}' is left out: it is the same in all {len(outputs):,} runs ({outputs[name].iloc[0]:.3g}); {_HINT}"
        for name in still
    )
    if len(still) == outputs.shape[1]:
        message = f"no output varies: all {len(outputs):,} runs end alike"
        raise sim.InputError([sim.Problem(place, message, "choose a world that is neither sure to live nor sure to die, or wider priors")])
    return [str(name) for name in outputs if name not in still], notes


_HINT = "a verdict needs 180 days, and a world that is neither sure to live nor sure to die"
