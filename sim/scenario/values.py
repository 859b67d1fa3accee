"""Whether what a file gives for a key is legal: kind, finite, in range; and what to write instead."""

from __future__ import annotations

import datetime
import math
import re
from typing import Final

from sim.foundation.errors import did_you_mean, listed, quoted
from sim.foundation.parameters import Parameter, Value
from sim.observation.metrics import DAILY_NAMES
from sim.scenario.scenario import OPERATORS, Trigger, number_text
from sim.scenario.yaml_tree import Node, Place, ProblemList, Scalar, kind_of, plain_value

_LARGEST_WHOLE: Final = 2**53
_LONGEST_SHOWN: Final = 40
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TRIGGER = re.compile(r"\s*(\w+)\s*([<>=!]+)\s*(\S+)\s*")
_YEARS = range(1970, 2201)
_WITHOUT_UNIT = frozenset({"", "1", "flag", "date", "choice", "text"})


class IllegalValueError(Exception):
    """A value is not legal; the problem is already noted."""


def legal_phrase(parameter: Parameter) -> str:
    """What may stand there, in words: "a whole number from 1 to 500 (attempts)"."""
    if parameter.kind in ("number", "whole"):
        phrase = ("a number" if parameter.kind == "number" else "a whole number") + _range_phrase(parameter)
    elif parameter.kind == "choice":
        phrase = f"one of {listed(parameter.choices, 'or')}"
    else:
        phrase = {"flag": "true or false", "text": "text", "date": "a date (year-month-day)"}[parameter.kind]
    unit = "" if parameter.unit in _WITHOUT_UNIT else f" ({parameter.unit})"
    return f"{phrase}{unit}{' or null (off)' if parameter.optional else ''}"


def _range_phrase(parameter: Parameter) -> str:
    low = None if parameter.low is None else number_text(parameter.low)
    high = None if parameter.high is None else number_text(parameter.high).replace("0" * 10, "e10")
    if low is None:
        return "" if high is None else f" of at most {high}"
    if parameter.low_open:
        return f" above {low}" if high is None else f" above {low} and at most {high}"
    return f" of at least {low}" if high is None else f" from {low} to {high}"


def legal_value(parameter: Parameter, path: str, node: Node, problems: ProblemList) -> Value:
    """The value of `node` for this parameter, in the type of its kind. Raises IllegalValueError after noting what is wrong at `path`."""
    if isinstance(node, Scalar):
        if node.value is None and parameter.optional:
            return None
        value = _convert(parameter, node)
        if value is not None:
            return value
        if isinstance(node.value, float) and not math.isfinite(node.value):
            hint = "write null for no limit" if parameter.optional else ""
            problems.add(node.place, f"'{path}' must be a finite number, not {node.text[:_LONGEST_SHOWN]}", hint)
            raise IllegalValueError
    problems.add(node.place, f"'{path}' must be {legal_phrase(parameter)}, not {kind_of(node)}", _hint(parameter, node))
    raise IllegalValueError


def _convert(parameter: Parameter, node: Scalar) -> Value:
    """The legal value, or None."""
    value = node.value
    match parameter.kind:
        case "number" | "whole":
            return _number(parameter, value)
        case "flag":
            return value if isinstance(value, bool) else None
        case "choice":
            return value if isinstance(value, str) and value in parameter.choices else None
        case "date":
            return value if isinstance(value, str) and _is_date(value) else None
        case "text":
            return value if isinstance(value, str) and value.strip() else None


def _number(parameter: Parameter, value: Value) -> Value:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    if parameter.low is not None and (value < parameter.low or (parameter.low_open and value == parameter.low)):
        return None
    if parameter.high is not None and value > parameter.high:
        return None
    if parameter.kind == "number":
        return float(value) + 0.0
    return int(value) if value == int(value) and abs(value) <= _LARGEST_WHOLE else None


def _is_date(text: str) -> bool:
    try:
        return _DATE.fullmatch(text) is not None and datetime.date.fromisoformat(text).year in _YEARS
    except ValueError:
        return False


def _hint(parameter: Parameter, node: Node) -> str:
    """What to write instead, where that can be told."""
    if not isinstance(node, Scalar):
        return f"write `{parameter.key.rsplit('.', 1)[-1]}: value`, one value"
    if node.value is None:
        return "leave the key out to keep the inherited value or the default"
    match parameter.kind:
        case "number" | "whole":
            return _number_hint(parameter, node)
        case "flag":
            return "write true or false, in small letters and without quotation marks"
        case "choice":
            return did_you_mean(node.text, parameter.choices)
        case "date":
            if _DATE.fullmatch(node.text):
                return (
                    "the calendar has no such day" if int(node.text[:4]) in _YEARS else f"years go from {_YEARS.start} to {_YEARS.stop - 1}"
                )
            return "write it as 2025-11-28"
        case "text":
            return "put it in quotation marks" if node.text.strip() else ""


def _number_hint(parameter: Parameter, node: Scalar) -> str:
    if isinstance(node.value, str):
        bare = node.text.replace("_", "").strip()[:_LONGEST_SHOWN]
        share = plain_value(bare.removesuffix("%").strip())
        if bare.endswith("%") and isinstance(share, (int, float)):
            return f"write the share, {number_text(round(share / 100, 12))}"
        if isinstance(plain_value(bare), (int, float)):
            return f"write {bare}, without quotation marks" if node.quoted else f"write {bare}, without underscores"
    elif isinstance(node.value, float) and parameter.kind == "whole" and node.value != int(node.value):
        return f"write {math.floor(node.value)} or {math.ceil(node.value)}"
    elif isinstance(node.value, (int, float)) and parameter.kind == "whole" and abs(node.value) > _LARGEST_WHOLE:
        return f"whole numbers go up to {_LARGEST_WHOLE}"
    return ""


def parse_trigger(text: str, path: str, place: Place, problems: ProblemList) -> Trigger:
    """The trigger in "runway_days < 90". Raises IllegalValueError after noting what is wrong at `path`."""
    match = _TRIGGER.fullmatch(text)
    number = plain_value(match[3]) if match else None
    if (
        not match
        or match[2] not in OPERATORS
        or isinstance(number, bool)
        or not isinstance(number, (int, float))
        or not math.isfinite(number)
    ):
        message = f"'{path}' must be a metric, an operator ({' '.join(OPERATORS)}) and a number, not {quoted(text)}"
        problems.add(place, message, "for example `when: runway_days < 90`")
        raise IllegalValueError
    metric = match[1]
    if metric not in DAILY_NAMES:
        hint = (
            "write `day: 59` instead of `when`"
            if metric == "day"
            else did_you_mean(metric, DAILY_NAMES) or "it must be a column of the daily table"
        )
        problems.add(place, f"'{path}' names an unknown metric {quoted(metric)}", hint)
        raise IllegalValueError
    return Trigger(metric, match[2], float(number))
