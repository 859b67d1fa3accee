"""Whether a threshold is a tipping point: does it depend on the start, and does it still when the network is off?

A tipping point is a stretch of the setting in which a product that many join at once lives and the same product that few join dies,
because people bring, feed and reward each other. Where the same difference shows with all of that off, something else remembers the start
(readiness that only fades, a scale that pays fixed costs): a trap, not a tipping point.
"""

from __future__ import annotations

from collections.abc import Mapping

import sim
from analysis.questions.tracing import ABOVE, BELOW, Trace
from analysis.questions.words import side_words
from analysis.wording import number, short_name

_FEW: Mapping[str, sim.Value] = {"adoption.buzz_per_day": 0.0}
_MANY: Mapping[str, sim.Value] = {"adoption.buzz_per_day": 0.1, "adoption.buzz_days": 14.0}
"""A launch without buzz, and one that alone brings three of four people within two months."""

NETWORK_OFF: Mapping[str, sim.Value] = {
    "adoption.word_of_mouth_per_day": 0.0,
    "adoption.referral_per_outside_view": 0.0,
    "adoption.chart_per_day": 0.0,
    "adoption.entry_reputation": 0.0,
    "creators.status_usd": 0.0,
    "watching.popularity_exponent": 0.0,
    "watching.variety_exponent": 1e-6,
}
"""Nobody's coming depends on anybody else's: no word of mouth, referral, charts or reputation (M0), being seen is worth nothing (M3), and
the feed is as good as A0 clips would make it, whatever is made (M4 with η near 0)."""

FEW, MANY, FEW_OFF, MANY_OFF = "few come at first", "many come at once", "few, network off", "many, network off"
STARTS: Mapping[str, Mapping[str, sim.Value]] = {
    FEW: _FEW,
    MANY: _MANY,
    FEW_OFF: {**_FEW, **NETWORK_OFF},
    MANY_OFF: {**_MANY, **NETWORK_OFF},
}
"""The panels of a threshold and what each sets."""

TIPPING, TRAP, NO_DEPENDENCE, OPEN = "tipping point", "trap", "no dependence on the start", "open"

LEAST_SHARE = 0.02
"""A stretch shorter than this share of the range is not told from none."""


def dependence(few: Trace, many: Trace) -> tuple[float, float] | None:
    """From where to where the start decides: surely not for few, surely for many. None where it does nowhere (or hardly anywhere)."""
    path = few.axes[0].path
    decides = (few.map["side"] == BELOW).to_numpy() & (many.map["side"] == ABOVE).to_numpy()
    where = few.map[path].to_numpy()[decides]
    return (float(where.min()), float(where.max())) if decides.mean() >= LEAST_SHARE else None


def verdict_on(traces: Mapping[str, Trace]) -> str:
    """TIPPING where the start decides somewhere and, with the network off, nowhere; TRAP where it does then too; NO_DEPENDENCE where it
    never does; OPEN where the control says nothing, because without the network the outcome is certain to be missed whatever the start.
    """
    if dependence(traces[FEW], traces[MANY]) is None:
        return NO_DEPENDENCE
    if dependence(traces[FEW_OFF], traces[MANY_OFF]) is not None:
        return TRAP
    return OPEN if not (traces[MANY_OFF].map["side"] == ABOVE).any() else TIPPING


def tipping_words(outcome: str, traces: Mapping[str, Trace]) -> str:
    """What the four traces say together, in a sentence or two."""
    name = short_name(traces[FEW].axes[0].path)
    few, many = side_words(traces[FEW]), side_words(traces[MANY])
    told = f"{outcome} in more than half of the runs {few} where few come at first, {many} where many do"
    between, control = dependence(traces[FEW], traces[MANY]), dependence(traces[FEW_OFF], traces[MANY_OFF])
    if between is None:
        return f"{told}: no tipping point, the start decides nowhere"
    span = f"between {name} {number(between[0])} and {number(between[1])} the start decides"
    if control is not None:
        off = f"between {number(control[0])} and {number(control[1])}"
        return f"{told}: {span}, but with the network off it does so too, {off}: a trap that remembers the start, not a tipping point"
    if verdict_on(traces) == OPEN:
        return f"{told}: {span}; with the network off none is {outcome}, so the control cannot tell whether this is a tipping point"
    return f"{told}: a tipping point, {span}, and with the network off it decides nowhere"
