"""What a trace says, in words and as points."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.questions.tracing import Trace
from analysis.wording import number, short_name

Stretch = tuple[float | None, float | None]
"""From where to where p is above one half; None where it is so up to the end of the range."""


def stretches(x: np.ndarray, p: np.ndarray) -> list[Stretch]:
    """Where p is above one half along increasing x; the ends are interpolated."""
    above = p > 0.5
    turns = [_between(x, p, place) for place in np.flatnonzero(above[1:] != above[:-1]).tolist()]
    ends: list[float | None] = ([None] if above[0] else []) + turns + ([None] if above[-1] else [])
    return list(zip(ends[::2], ends[1::2], strict=True))


def _between(x: np.ndarray, p: np.ndarray, place: int) -> float:
    """Where p is one half between two neighbouring points."""
    share = (0.5 - p[place]) / (p[place + 1] - p[place])
    return float(x[place] + share * (x[place + 1] - x[place]))


def crossings(one: Trace) -> pd.DataFrame:
    """Points where p is one half, along each row and column of the grid: a column an axis."""
    paths = [axis.path for axis in one.axes]
    found: list[dict[str, float]] = []
    for path in paths:
        other = next((name for name in paths if name != path), None)
        rows = [one.map] if other is None else [one.map[one.map[other] == at] for at in one.map[other].unique()]
        for row in rows:
            beside = {} if other is None else {other: float(row[other].iloc[0])}
            ends = (end for stretch in stretches(row[path].to_numpy(), row["p"].to_numpy()) for end in stretch if end is not None)
            found += [{path: end} | beside for end in ends]
    return pd.DataFrame(found, columns=paths)


def side_words(one: Trace) -> str:
    """Where p is above one half: over one axis, or over the first at both ends of the second."""
    x = one.axes[0]
    if len(one.axes) == 1:
        return _stretch_words(stretches(one.map[x.path].to_numpy(), one.map["p"].to_numpy()), short_name(x.path))
    y = one.axes[1]
    told = []
    for end in (one.map[y.path].min(), one.map[y.path].max()):
        line = one.map[one.map[y.path] == end]
        where = _stretch_words(stretches(line[x.path].to_numpy(), line["p"].to_numpy()), short_name(x.path))
        told.append(f"at {short_name(y.path)} {number(end)} {where}")
    return ", ".join(told)


def _stretch_words(found: list[Stretch], name: str) -> str:
    if not found:
        return "nowhere"
    if found == [(None, None)]:
        return "everywhere"
    if len(found) > 1:
        return f"in {len(found)} stretches of {name}"
    [(low, high)] = found
    if high is None:
        assert low is not None
        return f"from {name} {number(low)} on"
    return f"up to {name} {number(high)}" if low is None else f"between {name} {number(low)} and {number(high)}"
