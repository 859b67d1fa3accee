"""A target: a published result or a closed form, and the check that holds the model or its machinery against it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from analysis.validation.comparison import Comparison

Kind = Literal["rule", "toy"]
"""rule: it runs through a rule of the model itself; toy: a test of our estimators and machinery on a model that is not ours."""


@dataclass(frozen=True)
class Target:
    """One claim.

    name: unique, as in `--json`. source: author and year, or that it is derived here. check: takes the seeds and gives the comparisons;
    its further arguments are the mechanism, by default the true one, so that a wrong exponent, rate or sign can be planted.
    """

    name: str
    kind: Kind
    claim: str
    source: str
    check: Callable[..., list[Comparison]]


@dataclass(frozen=True)
class Section:
    """The targets of one field, by the name that `flywheel validate` takes."""

    name: str
    title: str
    targets: tuple[Target, ...]
