"""What a post-mortem says, in sentences."""

from __future__ import annotations

import datetime
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd

import sim
from analysis.postmortem import trap as levers
from analysis.postmortem.shares import SHARE, TOGETHER, WHOLE
from analysis.questions.intervals import FEWEST_RUNS
from analysis.wording import amount, band

NO_SAVING, NOT_SAVED, CANNOT_TELL, TOLD, FEW = "needs no saving", "not saved", "cannot be told", "told", "too few draws"
SAVED = "self_sustaining"
_CLEAR = 0.8
"""A product that sustains itself in so many draws needs no saving: the share that makes an outcome of a world clear."""
UNITS = {"p": "share", "users": "people", "profit": "USD"}
NAMES = {"p": "P(self-sustaining)", "users": "daily users on the last day", "profit": "operating profit"}

Row = Mapping[Hashable, Any]


def listed(words: Sequence[str]) -> str:
    """a, b and c."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def said(value: float, measure: str) -> str:
    """A difference of a measure with its sign: +50 points, +4.5 M, -$12 M."""
    text = whole_number(100.0 * value) if measure == "p" else amount(value + 0.0, UNITS[measure])
    return f"+{text}" if value > 0.0 and text != "0" else text


def said_band(row: Row, measure: str) -> str:
    """Its 95 % interval, or that all draws agree."""
    if pd.isna(row["low"]):
        return "no interval"
    if row["low"] == row["high"]:
        return "in each draw"
    if measure != "p":
        return f"{said(row['low'], measure)} to {said(row['high'], measure)}"
    return f"{whole_number(100.0 * row['low'])} to {whole_number(100.0 * row['high'])}"


def whole_number(value: float) -> str:
    """A number without decimals, and zero without a sign."""
    return f"{round(value) + 0}"


def state(worlds: pd.DataFrame, parts: pd.DataFrame) -> str:
    """Whether mending saves the product: NO_SAVING, NOT_SAVED, CANNOT_TELL, TOLD, or FEW draws to say."""
    first, last = worlds.iloc[0], worlds.iloc[-1]
    if first["draws"] < FEWEST_RUNS:
        return FEW
    if first["p"] >= _CLEAR:
        return NO_SAVING
    if first["p"] == last["p"] == 0.0:
        return NOT_SAVED
    whole = rows_of(parts, "p", WHOLE)[0]
    return TOLD if whole["low"] > 0.0 or whole["high"] < 0.0 else CANNOT_TELL


def rows_of(parts: pd.DataFrame, measure: str, kind: str) -> list[dict[Hashable, Any]]:
    """The rows of a measure and a kind."""
    return parts[(parts["outcome"] == measure) & (parts["kind"] == kind)].to_dict("records")


def cause(worlds: pd.DataFrame, parts: pd.DataFrame, gates: Sequence[str], over: str) -> str:
    """Whether mending saves it, and which gates carry that."""
    first, last = worlds.iloc[0], worlds.iloc[-1]
    draws = int(first["draws"])
    as_it_is, mended = (_probability(world) for world in (first, last))
    every = "all gates" if len(gates) > 1 else f"the gate of {gates[0]}"
    match state(worlds, parts):
        case "too few draws":
            return f"{draws} {over} are too few to tell: self-sustaining in {as_it_is} as it is, {mended} with {every} mended"
        case "needs no saving":
            return f"it needs no saving: self-sustaining in {as_it_is} of {draws} {over} as it is. {_instead(parts, every)}"
        case "not saved":
            return f"mending {every} does not save it either: self-sustaining in {mended} of {draws} {over}. {_instead(parts, every)}"
        case "cannot be told":
            return f"whether mending {every} saves it cannot be told from {draws} {over}: {as_it_is} as it is, {mended} mended"
    told = f"self-sustaining in {as_it_is} of {draws} {over} as it is, in {mended} with {every} mended"
    return f"{told}. {carried(parts, 'p').capitalize()}"


def _probability(world: Any) -> str:
    return f"{100.0 * world['p']:.0f} % ({100.0 * world['p_low']:.0f}–{100.0 * world['p_high']:.0f})"


def _instead(parts: pd.DataFrame, every: str) -> str:
    """What mending changes where it does not change whether the product sustains itself."""
    changes = []
    for measure in ("users", "profit"):
        whole = rows_of(parts, measure, WHOLE)[0]
        changes.append(f"{NAMES[measure]} by {said(whole['value'], measure)} ({said_band(whole, measure)}; {carried(parts, measure)})")
    return f"Mending {every} changes {' and '.join(changes)}"


def carried(parts: pd.DataFrame, measure: str) -> str:
    """Which gates carry the whole difference in a measure, and what comes of several only together."""
    shares, whole = rows_of(parts, measure, SHARE), rows_of(parts, measure, WHOLE)[0]
    unit = " points" if measure == "p" else ""
    if whole["low"] <= 0.0 <= whole["high"]:
        return "whether it changes at all cannot be told"
    lead = sorted((row for row in shares if row["carries"]), key=lambda row: -abs(row["value"]))
    if not lead:
        return "which gate carries it cannot be told"
    names = listed([row["part"] for row in lead])
    of = listed([f"{said(row['value'], measure)}{unit} ({said_band(row, measure)})" for row in lead])
    told = f"{of} of {said(whole['value'], measure)}{_together(parts, measure, whole)}"
    if len(lead) == 1:
        return f"{names} carries it: {told}"
    same = max(abs(row["value"] - lead[0]["value"]) for row in lead) < 1e-9 * abs(lead[0]["value"])
    if len(lead) == len(shares) and not same:
        return f"no gate can be named before the others: {names} {told}"
    return f"{names} carry it, {'to equal parts' if same else 'and which of them most cannot be told'}: {told}"


def _together(parts: pd.DataFrame, measure: str, whole: Row) -> str:
    """What several gates bring only together, where it is most of the whole and beyond luck."""
    rows = [row for row in rows_of(parts, measure, TOGETHER) if " + " in row["part"] and row["value"] * whole["value"] > 0.0]
    clear = [row for row in rows if row["low"] > 0.0 or row["high"] < 0.0]
    most = max(clear, key=lambda row: abs(row["value"]), default=None)
    if most is None or abs(most["value"]) < 0.5 * abs(whole["value"]):
        return ""
    names = listed(most["part"].split(" + "))
    return f"; {said(most['value'], measure)} ({said_band(most, measure)}) only with {names} together"


def order(breaks: pd.DataFrame, launch: datetime.date) -> str:
    """What broke, in order, of what broke in most draws."""
    rows = breaks[breaks["share"] > 0.5].to_dict("records")
    if not rows:
        return "Nothing broke for good in most of the draws"
    from_start = [str(row["thing"]) for row in rows if row["day"] < sim.GATE_DAYS]
    later = [f"{row['thing']} on {when(row['day'], launch)}" for row in rows if row["day"] >= sim.GATE_DAYS]
    start = f"Broken from the start: {listed(from_start)}" if from_start else ""
    return "; then ".join(part for part in (start, ", ".join(later) if from_start else f"First {', then '.join(later)}") if part)


def when(day: float, launch: datetime.date) -> str:
    """day 92 (31 Dec 2025)."""
    date = launch + datetime.timedelta(days=round(day))
    return f"day {day:.0f} ({date.day} {date:%b %Y})"


def trap(found: pd.DataFrame) -> str:
    """What one more user is worth, and whether shrinking helps."""
    rows = {str(row["world"]): row for row in found.to_dict("records")}
    if not rows:
        return "What one more user is worth cannot be told: neither advertising and buzz nor the share let in moves anybody here"
    shrunk = [rows[name] for name in (levers.LESS, levers.CAPPED) if name in rows]
    return f"{_one_more(rows.get(levers.MORE) or shrunk[0])}. {_shrinking(shrunk)}"


def _one_more(row: Row) -> str:
    if row["user"] == levers.FEW:
        return f"Too few draws to tell what one more user is worth ({FEWEST_RUNS} or more are needed)"
    if row["user"] == levers.UNCLEAR:
        reach: str = "" if pd.isna(row["usd_low"]) else f" (95 % {band(row['usd_low'], row['usd_high'], 'USD')})"
        return f"What one more user is worth cannot be told{reach}"
    brings = "costs" if row["user"] == levers.DEARER else "brings"
    worth, low, high = (abs(row[key]) for key in ("usd_per_adopter", "usd_low", "usd_high"))
    interval = band(min(low, high), max(low, high), "USD")
    return f"One more user {brings} {amount(worth, 'USD')} (95 % {interval}): more users are more {row['user']}"


_SHRINKING = {
    levers.HELPS: "shrinking helps",
    levers.HARMS: "shrinking does harm",
    levers.NO: "shrinking does not help",
    levers.UNCLEAR: "whether shrinking helps cannot be told",
    levers.FEW: "too few draws to tell whether shrinking helps",
}


def _shrinking(rows: Sequence[Row]) -> str:
    """What becomes of the product with fewer users, the worlds of one verdict together."""
    told = []
    for verdict, words in _SHRINKING.items():
        if those := [row for row in rows if row["verdict"] == verdict]:
            as_it_is = f"as it is in {100.0 * those[0]['p_as_it_is']:.0f} % of the draws"
            told.append(f"{words}: self-sustaining {as_it_is}, {', '.join(map(_shrunk, those))}")
    sentence = "; ".join(told)
    return sentence[:1].upper() + sentence[1:]


def _shrunk(row: Row) -> str:
    """What becomes of the product in one such world."""
    told = f"with {row['world']} by a tenth in {100.0 * row['p']:.0f} %"
    if not (row["days_low"] > 0.0 or row["days_high"] < 0.0):
        return told
    low, high = sorted((abs(row["days_low"]), abs(row["days_high"])))
    return f"{told} (closed {abs(row['days']):.0f} days {'later' if row['days'] > 0.0 else 'sooner'}, {low:.0f}–{high:.0f})"


def notes(runs: pd.DataFrame) -> tuple[str, ...]:
    """What the reader should know of these runs (columns world, outcome)."""
    found = []
    draws = int((runs["world"] == "").sum())
    agree = runs.assign(saved=runs["outcome"] == SAVED).groupby("world")["saved"].nunique().max() == 1
    if draws < FEWEST_RUNS:
        found.append(f"no intervals: they need {FEWEST_RUNS} draws")
    elif agree:
        beyond = sim.wilson(0, draws)[1]
        found.append(f"all draws agree on P, so its intervals have no width; {draws} draws leave room for {beyond:.0%} that do otherwise")
    return tuple(found)
