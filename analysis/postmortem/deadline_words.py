"""What is said of a deadline."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.postmortem.explain_words import listed, when
from analysis.questions.intervals import FEWEST_RUNS

if TYPE_CHECKING:
    from analysis.questions.deadline import Deadline

FOUND, NEVER, ALWAYS, NO_SAVING, CANNOT_TELL, FEW = "found", "never", "always", "needs no saving", "cannot be told", "too few draws"


def state(curve: pd.DataFrame, as_it_is: int, day: float | None) -> str:
    """Whether P(saved) falls under one half within the days asked, or why that cannot be said."""
    first, last = curve.iloc[0], curve.iloc[-1]
    if first["draws"] < FEWEST_RUNS:
        return FEW
    if as_it_is >= 0.5 * first["draws"]:
        return NO_SAVING
    if day is None:
        return ALWAYS if last["low"] >= 0.5 else CANNOT_TELL
    if day == 0.0:
        return NEVER if first["high"] < 0.5 else CANNOT_TELL
    return FOUND


def finding(answer: Deadline) -> str:
    """Until when the fix saves, in a sentence."""
    first, last = answer.curve.iloc[0], answer.curve.iloc[-1]
    draws = int(first["draws"])
    early, late = _probability(first), _probability(last)
    match answer.state:
        case "too few draws":
            return f"{draws} {answer.over} are too few to tell until when the fix saves; {FEWEST_RUNS} or more are needed"
        case "needs no saving":
            return f"it needs no saving: self-sustaining as it is in {answer.as_it_is} of {draws} {answer.over}"
        case "never":
            return f"the fix comes too late on any day: even on day 0 it saves {early} of {draws} {answer.over}"
        case "always":
            end = f"{when(last['day'], answer.launch)}, the last day asked"
            return f"the fix needs no hurry: even on {end}, it saves {late} of {draws} {answer.over}"
        case "cannot be told":
            return (
                f"until when the fix saves cannot be told from {draws} {answer.over}: it saves {early} on day 0 and {late} on day"
                f" {last['day']:.0f}, so one half is not excluded"
            )
    assert answer.day is not None
    return (
        f"the fix saves more often than not until {when(answer.day, answer.launch)}, 95 % interval {interval(answer)};"
        f" on day 0 it saves {early} of {draws} {answer.over}, on day {last['day']:.0f} {late}"
    )


def interval(answer: Deadline) -> str:
    """From which to which day."""
    low = "before day 0" if not answer.low else f"day {answer.low:.0f}"
    high = f"after day {answer.curve['day'].iloc[-1]:.0f}" if answer.high is None else when(answer.high, answer.launch)
    return f"{low} to {high}"


def _probability(row: Any) -> str:
    return f"{100.0 * row['p']:.0f} % ({100.0 * row['low']:.0f}–{100.0 * row['high']:.0f})"


def notes(rise: tuple[int, int, float] | None, set_again: Sequence[str]) -> tuple[str, ...]:
    """What the reader should know of the curve."""
    found = []
    if rise is not None:
        before, after, by = rise
        found.append(
            f"P(saved) rises by {100.0 * by:.0f} points between a fix on day {before} and on day {after}, beyond luck: sooner is not better"
            " there, and the curve, which may only fall, smooths that over"
        )
    if set_again:
        those = listed(set_again)
        found.append(f"what the fix sets is set by {those} too: what comes later holds, and a fix on such a day comes the day after")
    return tuple(found)
