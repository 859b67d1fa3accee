"""Public figures beside simulated ones: what was published about a product, and what a run gives for the same figure."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from sim.foundation.errors import InputError, Problem, did_you_mean, listed
from sim.results import Run
from sim.summary import retention

_FOLDER = Path(__file__).parent / "data"
_Z90 = 2.0 * 1.645
"""Width of a 90 % interval in standard deviations."""
_ONE_SIDED_FACTOR = 2.0
"""A figure this many times beyond a one-sided bound is as surprising as one at the end of a 90 % interval (z = 1.645)."""

CLOSED_BEFORE = "closed before"
RUN_TOO_SHORT = "run too short"


@dataclass(frozen=True, slots=True)
class PublicFigure:
    """One published figure.

    statistic, of: how it is taken from a run: last, mean or sum of a daily column, ratio of two, or retention after so many days.
    window: first and last day, both included, or the calendar dates of these; None for the whole run.
    low, high: the range, read as a 90 % interval; no low: a bound from above only. Numbers are in `unit`.
    fitted: whether a fit may use it.
    """

    name: str
    label: str
    statistic: str
    of: tuple[str, ...]
    window: tuple[int, int] | tuple[datetime.date, datetime.date] | None
    value: float
    low: float | None
    high: float
    unit: str
    fitted: bool
    source: str
    publisher: str
    date: str
    confidence: str
    note: str

    def days(self, launch_date: datetime.date) -> tuple[int, int] | None:
        """First and last day of the window in a run launched on that date."""
        if self.window is None:
            return None
        first, last = ((end - launch_date).days if isinstance(end, datetime.date) else end for end in self.window)
        return first, last

    def z(self, simulated: float) -> float:
        """Distance from the published value in standard deviations on a log scale; 0 inside a one-sided bound."""
        if math.isnan(simulated):
            return math.nan
        if self.low is None:
            return max(0.0, _log_ratio(simulated, self.high)) / (2.0 * math.log(_ONE_SIDED_FACTOR)) * _Z90
        return _log_ratio(simulated, self.value) / math.log(self.high / self.low) * _Z90

    def is_met(self, simulated: float) -> bool:
        """Whether it lies in the published range, ends included."""
        return (self.low is None or simulated >= self.low) and simulated <= self.high


def _log_ratio(above: float, below: float) -> float:
    return math.log(above / below) if above > 0.0 else -math.inf


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources that contradict each other: about what, what each says, what is used here, the figures it touches, where to read it."""

    name: str
    about: str
    says: tuple[str, ...]
    used: str
    figures: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The public figures on one product, and where the sources disagree."""

    name: str
    product: str
    figures: tuple[PublicFigure, ...]
    conflicts: tuple[Conflict, ...] = ()


def evidence_names() -> tuple[str, ...]:
    """The names by which public figures are found, in alphabetical order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def load_evidence(name: str) -> Evidence:
    """The public figures of that name. Raises InputError for an unknown one."""
    known = evidence_names()
    if name not in known:
        hint = did_you_mean(name, known) or f"there are: {listed(known)}"
        raise InputError([Problem("evidence", f"there are no public figures named '{name}'", hint)])
    document = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    figures = tuple(_figure(entry) for entry in document["figures"])
    return Evidence(name, document["product"], figures, tuple(_conflict(entry) for entry in document.get("conflicts", ())))


def _conflict(entry: dict[str, Any]) -> Conflict:
    lists = {key: tuple(entry[key]) for key in ("says", "figures", "sources")}
    return Conflict(name=entry["name"], about=entry["about"], used=entry["used"], **lists)


def _figure(entry: dict[str, Any]) -> PublicFigure:
    fields = dict(entry)
    [(statistic, of)] = fields.pop("observable").items()
    window: Any = fields.pop("days", None)
    if dates := fields.pop("dates", None):
        window = tuple(datetime.date.fromisoformat(date) for date in dates)
    columns = tuple(str(column) for column in of) if isinstance(of, list) else (str(of),)
    return PublicFigure(statistic=statistic, of=columns, window=tuple(window) if window else None, **fields)


def observe(
    figure: PublicFigure, daily: pd.DataFrame, cohorts: pd.DataFrame, *, launch_date: datetime.date, closed: bool
) -> tuple[float, str]:
    """The figure in one run, and why it is missing (NaN): the product was closed before its window, or the run ends too soon.

    daily, cohorts: tables of that run. closed: whether it ended by a closure; after it nothing is sold, so sums go on, and means end there.
    """
    if figure.statistic == "retention":
        share = retention(cohorts, int(figure.of[0]))
        return (math.nan, RUN_TOO_SHORT) if share is None else (share, "")
    first, last = figure.days(launch_date) or (0, len(daily) - 1)
    needed = last if figure.statistic == "last" or not closed else first
    if first < 0 or needed >= len(daily):
        return math.nan, CLOSED_BEFORE if closed else RUN_TOO_SHORT
    above = daily[figure.of[0]].to_numpy(dtype=np.float64)[first : last + 1]
    if figure.statistic == "last":
        return float(above[-1]), ""
    if figure.statistic == "mean":
        return math.fsum(above) / len(above), ""
    if figure.statistic == "sum":
        return math.fsum(above), ""
    below = math.fsum(daily[figure.of[1]].to_numpy(dtype=np.float64)[first : last + 1])
    return (math.fsum(above) / below if below else math.nan), ""


def compare(run: Run, evidence: Evidence) -> pd.DataFrame:
    """A row per public figure: the simulated median and 5-95 % band over seeds beside the published value and range.

    Columns: figure, label, unit, simulated, low_sim, high_sim (5 % and 95 % over the seeds that have it), seeds (how many have it), value,
    low, high, z (of the median), met (None where the figure is missing), fitted, missing (why), source, publisher, date, confidence, note.
    """
    closed = {summary["seed"]: summary["outcome"] == "shutdown" for summary in run.summaries}
    tables = [(closed[seed], run.daily[run.daily["seed"] == seed], run.cohorts[run.cohorts["seed"] == seed]) for seed in run.seeds]
    rows = []
    for figure in evidence.figures:
        seen = [observe(figure, daily, cohorts, launch_date=run.launch_date, closed=shut) for shut, daily, cohorts in tables]
        values = [value for value, _ in seen if not math.isnan(value)]
        low, median, high = (float(q) for q in np.percentile(values, (5, 50, 95))) if values else (math.nan,) * 3
        rows.append(
            {
                "figure": figure.name,
                "label": figure.label,
                "unit": figure.unit,
                "simulated": median,
                "low_sim": low,
                "high_sim": high,
                "seeds": len(values),
                "value": figure.value,
                "low": math.nan if figure.low is None else figure.low,
                "high": figure.high,
                "z": figure.z(median),
                "met": figure.is_met(median) if values else None,
                "fitted": figure.fitted,
                "missing": "" if values else seen[0][1],
                "source": figure.source,
                "publisher": figure.publisher,
                "date": figure.date,
                "confidence": figure.confidence,
                "note": figure.note,
            }
        )
    return pd.DataFrame(rows).astype({"met": "object"})
