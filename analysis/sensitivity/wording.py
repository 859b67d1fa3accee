"""What rankings say, in words."""

from __future__ import annotations

import pandas as pd

from analysis.sensitivity.outputs import OUTPUTS
from analysis.wording import number, short_name

LUCK = "luck"
"""The factor that changes nothing but the seed: the dummy."""
OTHERS = "all others"
"""The group of what screening left out."""
_MOST_NAMED = 3


def beyond_luck_words(name: str, rows: pd.DataFrame, index: str) -> str:
    """Output by output: which unknowns stand out of luck, the first of them with their index."""
    told = (_of_output(str(output), part, index) for output, part in rows.groupby("output", sort=False))
    return f"What {name} hangs on beyond luck: {'; '.join(told)}"


def _of_output(output: str, part: pd.DataFrame, index: str) -> str:
    clear = part[part["beyond_luck"] & (part["factor"] != OTHERS)]
    label = OUTPUTS[output].label
    beside = ", ".join(f"{row['factor']} {number(row[index])}" for row in part.to_dict("records") if row["factor"] in (LUCK, OTHERS))
    if clear.empty:
        return f"{label} on nothing that stands out ({beside})"
    first = ", ".join(f"{short_name(row['factor'])} {number(row[index])}" for row in clear.head(_MOST_NAMED).to_dict("records"))
    more = f" and {len(clear) - _MOST_NAMED} more" if len(clear) > _MOST_NAMED else ""
    tied = "" if _is_first_sure(clear) else "; which is first cannot be told"
    return f"{label} on {first}{more} ({beside}{tied})"


def _is_first_sure(clear: pd.DataFrame) -> bool:
    return int(clear["worst_rank"].iloc[0]) == 1


def rank_words(rank: int, best: int, worst: int) -> str:
    """1; 2–5 where it cannot be told which; a dash for what has none."""
    if not rank:
        return "–"
    return f"{best}" if best == worst else f"{best}–{worst}"
