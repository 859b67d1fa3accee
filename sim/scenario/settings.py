"""The settings of a day: every numeric parameter by name, for Python (`settings.making_effort_usd`) and as a record for kernels."""

from __future__ import annotations

import math
from collections import namedtuple
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.foundation.parameters import Parameter, Value
from sim.scenario.schema import PARAMETERS


def field_of(key: str) -> str:
    """Name of a key in the record: "making.effort_usd" becomes "making_effort_usd"."""
    return key.replace(".", "_")


def number_of(parameter: Parameter, value: Value) -> float:
    """A value as the record holds it: null is infinity (off), a flag is 0 or 1, a choice its index."""
    if value is None:
        return math.inf
    if parameter.kind == "choice":
        return float(parameter.choices.index(str(value)))
    return float(value)


_FIELDS = tuple((key, parameter) for key, parameter in PARAMETERS.items() if parameter.kind not in ("text", "date"))
Settings: Any = namedtuple("Settings", [field_of(key) for key, _ in _FIELDS])  # type: ignore[misc]
RECORD = np.dtype([(field_of(key), "f8") for key, _ in _FIELDS])


def settings_of(values: Mapping[str, Value]) -> Any:
    """One day's values as a named tuple of floats."""
    return Settings(*(number_of(parameter, values[key]) for key, parameter in _FIELDS))


def record_of(settings: Any) -> NDArray[Any]:
    """The same as kernels take them: a structured array of one row (a bare record would cost thirty microseconds a call)."""
    return np.array([tuple(settings)], dtype=RECORD)
