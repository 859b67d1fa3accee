"""What each of several changes is worth where they were tried alone and together: fair shares, and what only some of them together bring.

Knows nothing of scenarios. A game gives each coalition of players a worth, here an array over draws, so that everything is paired draw
by draw. Its Harsanyi dividends (Harsanyi 1963, *International Economic Review* 4(2); the Möbius transform of the game) say what each
coalition brings beyond all that its parts bring; the Shapley value (Shapley 1953, *Contributions to the Theory of Games* 2) divides each
dividend evenly among those who are needed for it. Both sum to the whole, in each draw and so in the mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.questions.intervals import mean_interval
from analysis.questions.tables import FLAG, NAME, table

Floats = NDArray[np.float64]
Coalition = tuple[str, ...]

SHARE, TOGETHER, WHOLE = "share", "together", "whole"
"""What a row of parts is: a player's Shapley value, a coalition's dividend, or the difference that both sum to."""


def coalitions(players: Sequence[str]) -> list[Coalition]:
    """All subsets of the players, the empty one first, by size and then in the order of the players."""
    return list(chain.from_iterable(combinations(players, size) for size in range(len(players) + 1)))


def dividends(players: Sequence[str], worth: Mapping[Coalition, Floats]) -> dict[Coalition, Floats]:
    """The Harsanyi dividend of each coalition but the empty one: its worth less that of nobody and less the dividends inside it.

    worth: of each of `coalitions(players)`, one value a draw.
    """
    found: dict[Coalition, Floats] = {}
    for coalition in coalitions(players)[1:]:
        inside = [found[part] for part in coalitions(coalition)[1:-1]]
        found[coalition] = worth[coalition] - worth[()] - np.sum(inside, axis=0)
    return found


def shapley(players: Sequence[str], brought: Mapping[Coalition, Floats]) -> dict[str, Floats]:
    """The Shapley value of each player, from the dividends: an even part of each that the player is needed for."""
    return {
        player: np.sum([dividend / len(coalition) for coalition, dividend in brought.items() if player in coalition], axis=0)
        for player in players
    }


def carriers(shares: Mapping[str, Floats], whole: float) -> tuple[str, ...]:
    """The players that carry the whole: the one with the largest share, and those that cannot be told from it draw by draw.

    Told apart: the 95 % interval of the paired difference of their shares does not reach zero. Nobody, where the largest share cannot be
    told from nothing, or there are too few draws for an interval.
    """
    sign = np.sign(whole)
    toward = {player: sign * share for player, share in shares.items()}
    lead = max(toward, key=lambda player: float(toward[player].mean()))
    own = mean_interval(toward[lead])
    if not sign or own is None or own[0] <= 0.0:
        return ()
    found = []
    for player, share in toward.items():
        apart, alone = mean_interval(toward[lead] - share), mean_interval(share)
        if player == lead or (apart and alone and apart[0] <= 0.0 < alone[1]):
            found.append(player)
    return tuple(found)


PARTS = {
    "outcome": NAME,
    "kind": NAME,
    "part": NAME,
    "value": "unit of the outcome",
    "low": "unit of the outcome",
    "high": "unit of the outcome",
    "carries": FLAG,
}
"""Columns of `parts`. part: the player, the coalition joined by " + ", or "". low, high: 95 %, by resampling draws."""


def parts(players: Sequence[str], worths: Mapping[str, Mapping[Coalition, Floats]]) -> pd.DataFrame:
    """The shares, dividends and whole of each outcome: a row a part, columns as in PARTS. worths: outcome -> worth of each coalition."""
    rows = []
    for outcome, worth in worths.items():
        brought = dividends(players, worth)
        shares = shapley(players, brought)
        whole = worth[tuple(players)] - worth[()]
        leading = carriers(shares, float(whole.mean()))
        rows += [_row(outcome, SHARE, player, shares[player], carries=player in leading) for player in players]
        rows += [_row(outcome, TOGETHER, " + ".join(coalition), dividend) for coalition, dividend in brought.items()]
        rows.append(_row(outcome, WHOLE, "", whole))
    return table(rows, PARTS)


def _row(outcome: str, kind: str, part: str, values: Floats, *, carries: bool = False) -> dict[str, object]:
    low, high = mean_interval(values) or (np.nan, np.nan)
    mean = float(values.mean())
    return {"outcome": outcome, "kind": kind, "part": part, "value": mean, "low": low, "high": high, "carries": carries}
