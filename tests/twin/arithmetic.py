"""How the twin reckons: the scalar rules of `sim.rules`, and the one place that says where a state loses digits.

The columnar engine keeps most states as 32-bit floats and reckons with them in 64 bits. `EXACT` does the same, so that a twin that follows
the same rules has the same bits: a state is rounded when it is kept (`keep`), and only the distance of a readiness from its reward, two
32-bit numbers, is itself a 32-bit number. `PLAIN` is what a Mesa user would write: the same equations in Python's own floats, with the
`math` module, and no rounding.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist
from types import FunctionType, ModuleType, SimpleNamespace

import numpy as np

from sim.foundation import elementary
from sim.rules import adoption, charging, compute, habit, learning, making, parent, publishing, viewing, worth

SHARE_SCALE = 2**30
WORTH_SCALE = WEIGHT_SCALE = 2**20
QUALITY_SCALE = 2**16
WORTH_LIMIT, WEIGHT_LIMIT = 2.0**15, 2.0**17
"""Scales and limits of the whole numbers in which sums are taken (`sim/foundation/sums.py` states their ranges)."""

MICRO_PER_USD = 1_000_000


def whole(amount: float, scale: float = 1) -> int:
    """An amount as a whole number of 1/scale, rounded half up: people's sums are taken in these, so that no order of summing matters."""
    return math.floor(amount * scale + 0.5)


@dataclass(frozen=True)
class Arithmetic:
    """The rules as the twin calls them, and how a state is rounded when it is kept."""

    adoption: SimpleNamespace | ModuleType
    charging: SimpleNamespace | ModuleType
    compute: SimpleNamespace | ModuleType
    habit: SimpleNamespace | ModuleType
    learning: SimpleNamespace | ModuleType
    making: SimpleNamespace | ModuleType
    parent: SimpleNamespace | ModuleType
    publishing: SimpleNamespace | ModuleType
    viewing: SimpleNamespace | ModuleType
    worth: SimpleNamespace | ModuleType
    exp: Callable[[float], float]
    keep: Callable[[float], float]
    readiness_after_visit: Callable[[float, float, float], float]
    """x + κ(reward - x), not yet rounded."""


def _single(number: float) -> float:
    """The nearest 32-bit float, as a 64-bit one."""
    return float(np.float32(number))


def _after_visit_in_single(readiness: float, learning_rate: float, reward: float) -> float:
    return float(habit.readiness_after_visit(np.float32(readiness), learning_rate, np.float32(reward)))


def _logistic(y: float) -> float:
    return 1.0 / (1.0 + math.exp(-y)) if y > -700.0 else 0.0


_OF_PYTHON: dict[str, Callable[..., float]] = {
    "exp": math.exp,
    "log": math.log,
    "logistic": _logistic,
    "power": pow,
    "normal_quantile": NormalDist().inv_cdf,
}


def _in_plain_python(module: ModuleType) -> SimpleNamespace:
    """The rules of a module, uncompiled, on Python's own elementary functions."""
    names = dict(vars(module))
    for name, value in vars(module).items():
        if name in _OF_PYTHON:
            names[name] = _OF_PYTHON[name]
        elif hasattr(value, "py_func"):
            names[name] = FunctionType(value.py_func.__code__, names, name)
    return SimpleNamespace(**names)


_RULES = (adoption, charging, compute, habit, learning, making, parent, publishing, viewing, worth)
_PLAIN_RULES = tuple(_in_plain_python(module) for module in _RULES)

EXACT = Arithmetic(*_RULES, exp=elementary.exp, keep=_single, readiness_after_visit=_after_visit_in_single)
PLAIN = Arithmetic(*_PLAIN_RULES, exp=math.exp, keep=float, readiness_after_visit=_PLAIN_RULES[3].readiness_after_visit)
