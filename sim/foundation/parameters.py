"""Declarations of parameters: each is declared once, beside the rule that uses it, with unit, legal range, meaning and source."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Value = float | int | bool | str | None
Kind = Literal["number", "whole", "flag", "choice", "text", "date"]


class Evidence(StrEnum):
    """How we know a default: read off the world, fitted to it, or chosen."""

    MEASURED = "measured"
    CALIBRATED = "calibrated"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a default comes from: the class of evidence and the citation, target or reason."""

    evidence: Evidence
    text: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """One declared parameter.

    key: dotted path in a scenario file ("adoption.buzz_per_day"); for a field of a named group, the field alone ("views_per_clip").
    low, high: legal range, both ends included unless `low_open`. None: unbounded on that side.
    optional: `null` is legal and means "off"; numbers that are off read as infinity in the day's settings.
    mid_run: an intervention may change it while the world runs.
    derived_from: key of the parameter whose value this one takes (again whenever that one moves) unless a scenario sets it.
    """

    key: str
    default: Value
    unit: str
    meaning: str
    source: Source
    kind: Kind = "number"
    low: float | None = None
    high: float | None = None
    low_open: bool = False
    choices: tuple[str, ...] = ()
    optional: bool = False
    mid_run: bool = True
    derived_from: str | None = None

    @property
    def has_money(self) -> bool:
        """Whether the unit contains US dollars."""
        return "USD" in self.unit


def measured(text: str) -> Source:
    """A default read off a published figure; `text` is the citation."""
    return Source(Evidence.MEASURED, text)


def calibrated(text: str) -> Source:
    """A default fitted to a target; `text` names the target."""
    return Source(Evidence.CALIBRATED, text)


def assumed(text: str) -> Source:
    """A default chosen without evidence; `text` says why it is harmless or that it must be varied."""
    return Source(Evidence.ASSUMED, text)
