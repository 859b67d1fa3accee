"""Applied to a real product: what its public figures say by each date, to tellers that learnt from the same figures of simulated worlds.

A figure counts from the day on which all that it measures has passed; "published" counts it only once its source had appeared, too. Of the
figures those are used that are about what the indicators are made of. Each is drawn from its own error, worlds are drawn anew, and where
sources contradict each other the teller is asked with the figures of each.
"""

from __future__ import annotations

import calendar
import datetime
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logit

import sim
from analysis.calibration.target_file import load_targets, shipped_targets
from analysis.calibration.targets import FIT, Z90, Observable, Target
from analysis.early_warning.early import METRICS, Days
from analysis.early_warning.foretelling import FEWEST
from analysis.early_warning.logistic import Floats, Groups, Labels, best_penalty, learn
from analysis.early_warning.telling import everything, rehearse

MEASURED, PUBLISHED = "measured by then", "published by then"
COLUMNS = ("day", "basis", "figures", "p", "low", "high", "auc", "auc_low", "auc_high", "worlds")

_VISIBLE = {*METRICS, "installs_total"}
_RETENTION = {"retention.d1": 7, "retention.d7": 14, "retention.d30": 60}
"""Figures of a run that are public, and by which of the early days there are some cohorts to see them in."""
_PUBLIC = {
    "installs": ("last", ("installs_total",)),
    "dau": ("mean", ("dau",)),
    "making_share": ("ratio", ("makers", "dau")),
    **{name.removeprefix("retention."): ("figure", (name,)) for name in _RETENTION},
}
"""How the public figures of indicators are taken."""
_WEEK, _NEAR = 7, 3
"""A public figure is about a day if it reaches into the week before, or ends within so many days after."""
_DRAWS, _REPEATS = 200, 2


@dataclass(frozen=True)
class Known:
    """A public figure. day: by which it counts. log_sd: of its error, on a log scale."""

    name: str
    label: str
    observable: Observable
    unit: str
    value: float
    log_sd: float
    day: int

    def scaled(self, values: Floats) -> Floats:
        """Figures on the scale that a teller sees: log, or the logit of a share."""
        if self.unit == "share":
            return np.asarray(logit(np.clip(values, 1e-3, 1.0 - 1e-3)))
        return np.asarray(np.log(np.maximum(values, 1.0)))


@dataclass(frozen=True)
class Record:
    """What is public of a product, as one basis has it: its figures in the order of their days."""

    basis: str
    figures: tuple[Known, ...]


def records(evidence: str, launch: datetime.date) -> tuple[Record, ...]:
    """The records of the product of that name: as measured, as each of the contradicting sources has it, and as published.

    Raises InputError when there is no such product.
    """
    public = sim.load_evidence(evidence).figures
    published = [_of_figure(one, launch, is_published=True) for one in public]
    if evidence not in shipped_targets():
        return _record(MEASURED, [_of_figure(one, launch, is_published=False) for one in public]), _record(PUBLISHED, published)
    targets = load_targets(evidence)
    believed = {one.name: _of_target(one) for one in targets.used(FIT)}
    others = []
    for about, sources in targets.conflicts.items():
        for source, said in sources.items():
            changed = {one.name: _of_target(one) for one in said if believed.get(one.name) is not None}
            if changed:
                others.append(_record(f"{about}: {source}", list((believed | changed).values())))
    return _record(MEASURED, list(believed.values())), *others, _record(PUBLISHED, published)


def _record(basis: str, figures: Sequence[Known | None]) -> Record:
    return Record(basis, tuple(sorted((one for one in figures if one is not None), key=lambda one: one.day)))


def _of_target(target: Target) -> Known | None:
    day = _day(target.observable)
    if target.world or day is None or target.error.kind not in ("range", "log_sd"):
        return None
    return Known(target.name, target.label, target.observable, target.unit, target.value, target.error.sd, day)


def _of_figure(figure: sim.PublicFigure, launch: datetime.date, *, is_published: bool) -> Known | None:
    if figure.low is None:
        return None
    is_retention = figure.statistic == "retention"
    of = (f"retention.d{figure.of[0]}",) if is_retention else figure.of
    observable = Observable("figure" if is_retention else figure.statistic, of, figure.days(launch))
    day = _day(observable)
    if day is None:
        return None
    if is_published:
        day = max(day, (_published(figure.date) - launch).days + 1)
    return Known(figure.name, figure.label, observable, figure.unit, figure.value, math.log(figure.high / figure.low) / (2.0 * Z90), day)


def _day(observable: Observable) -> int | None:
    """By which day a figure can be known; None for one that is not publicly visible or has no day."""
    if observable.statistic == "figure":
        return _RETENTION.get(observable.of[0])
    return observable.last_day + 1 if observable.last_day is not None and set(observable.of) <= _VISIBLE else None


def _published(date: str) -> datetime.date:
    """The day of a publication, the last of its month where no more is known."""
    parts = [int(part) for part in date.split("-")]
    year, month = parts[0], parts[1]
    return datetime.date(year, month, parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1])


def beside_walls(walls: pd.DataFrame, figures: Sequence[Known]) -> pd.DataFrame:
    """The walls with the public figure of each indicator about that day: public, public_low, public_high (90 %); NaN: there is none."""
    found = [_about(str(row["indicator"]), int(row["day"]), figures) for row in walls.to_dict("records")]
    ends = [(value, value * math.exp(-Z90 * sd), value * math.exp(Z90 * sd)) for value, sd in found]
    return walls.assign(**dict(zip(("public", "public_low", "public_high"), np.array(ends).reshape(-1, 3).T, strict=True)))


def _about(indicator: str, day: int, figures: Sequence[Known]) -> tuple[float, float]:
    """The public figure of an indicator about a day, and its error on a log scale."""
    if indicator == "daily_share":
        (users, sd), (installs, other_sd) = (_about(name, day, figures) for name in ("dau", "installs"))
        return users / installs, math.hypot(sd, other_sd)
    wanted = _PUBLIC.get(indicator)
    for one in figures:
        window = one.observable.days or (day, day)
        if (one.observable.statistic, one.observable.of) == wanted and window[0] < day + _NEAR and window[1] >= day - _WEEK:
            return one.value, one.log_sd
    return math.nan, math.nan


@dataclass(frozen=True)
class Lived:
    """What the worlds came to. daily: worlds x days by metric. retention: by early day, then by name (d1). labels: whether the end came."""

    daily: Days
    retention: Mapping[int, Mapping[str, Floats]]
    days_run: Floats
    labels: Labels
    groups: Groups

    def figures(self, known: Sequence[Known], day: int, places: Sequence[int]) -> Floats:
        """These figures of these worlds as they can be seen by a day, scaled, shape (worlds, figures)."""
        seen = max(one for one in self.retention if one <= max(day, min(self.retention)))
        columns = []
        for one in known:
            rows = [
                one.observable.of_run(
                    {metric: self.daily[metric][place] for metric in one.observable.metrics},
                    {f"retention.{name}": values[place] for name, values in self.retention[seen].items()},
                    closed=False,
                )
                for place in places
            ]
            columns.append(one.scaled(np.array(rows)))
        return np.column_stack(columns)


def told_by_date(record: Record, lived: Lived, days: Sequence[int], told: Callable[[int], None] | None = None) -> pd.DataFrame:
    """What tellers refitted on the figures that a record has by each of these days say of the product: a row a day, COLUMNS.

    p: the probability at the published values; low, high: 95 % over the errors of the figures and over worlds drawn anew. auc: of the same
    teller over worlds it has not seen. A day without any figure, or with too few open worlds, has NaN.
    """
    rows = []
    for day in days:
        if told is not None:
            told(day)
        known = [one for one in record.figures if one.day <= day]
        rows.append({"day": day, "basis": record.basis, "figures": ", ".join(one.label for one in known), **_told(known, day, lived)})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _told(known: Sequence[Known], day: int, lived: Lived) -> dict[str, float]:
    places = np.flatnonzero(lived.days_run >= day)
    labels, groups = lived.labels[places], lived.groups[places]
    if not known or min(labels.sum(), (~labels).sum()) < FEWEST:
        return {"worlds": len(places)}
    features, columns = lived.figures(known, day, places.tolist()), range(len(known))
    score = rehearse(features, labels, groups, {"": everything}, repeats=_REPEATS)[""].score
    generator = np.random.default_rng(day)
    penalty = best_penalty(features, labels, groups, columns, generator)
    values, errors = np.array([one.value for one in known]), np.array([one.log_sd for one in known])
    said = []
    for _ in range(_DRAWS):
        rows = generator.integers(0, len(places), len(places))
        drawn = values * np.exp(errors * generator.standard_normal(len(known)))
        said.append(_asked(learn(features[rows], labels[rows], columns, penalty).probability, known, drawn))
    low, high = np.percentile(said, (2.5, 97.5))
    p = _asked(learn(features, labels, columns, penalty).probability, known, values)
    return {"p": p, "low": float(low), "high": float(high), "auc": score.auc, "auc_low": score.auc_low, "auc_high": score.auc_high} | {
        "worlds": len(places)
    }


def _asked(probability: Callable[[Floats], Floats], known: Sequence[Known], values: Floats) -> float:
    row = [float(one.scaled(np.array([value]))[0]) for one, value in zip(known, values, strict=True)]
    return float(probability(np.array([row]))[0])
