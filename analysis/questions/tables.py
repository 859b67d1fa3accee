"""Tables of an answer: rows with declared columns, units in `.attrs`, and back from JSON without a difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

NAME, FLAG = "name", "yes or no"
"""Units of columns that hold no number."""


def table(rows: Iterable[Mapping[str, Any]], units: Mapping[str, str]) -> pd.DataFrame:
    """A frame with these columns, each with its unit; what is no NAME or FLAG is a number, NaN where it is None."""
    frame = pd.DataFrame(list(rows), columns=list(units))
    kinds = {column: {NAME: "object", FLAG: "bool"}.get(unit, "float64") for column, unit in units.items()}
    frame = frame.astype(kinds)
    frame.attrs["units"] = dict(units)
    return frame


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain JSON: None where a number is not defined."""
    return [{str(key): None if pd.isna(value) else value for key, value in row.items()} for row in frame.to_dict("records")]
