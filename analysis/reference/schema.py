"""The JSON Schema (draft 2020-12) of scenario files, with which editors complete keys and mark what is not legal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sim

Schema = dict[str, Any]

_NAME = "^[a-z][a-z0-9_]*$"
_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def scenario_schema() -> Schema:
    """The schema of one file. What takes more than one place to see (a misspelt platform, two gates at odds) only `flywheel check` sees."""
    top: Schema = {
        "schema": {"const": sim.SCHEMA, "description": "version of the scenario format"},
        "question": {
            "type": "string",
            "pattern": r"^[^\n]*\S[^\n]*$",
            "maxLength": 300,
            "description": "what the scenario asks, in one sentence",
        },
        "extends": {
            "type": "string",
            "description": "the scenario this one differs from: a shipped name, or a file in or below this folder",
            "examples": list(sim.shipped_names()),
        },
        "evidence": {
            "type": ["string", "null"],
            "pattern": _NAME,
            "description": "the public figures runs are held against",
            "examples": list(sim.evidence_names()),
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Flywheel scenario",
        "type": "object",
        "required": ["schema", "question"],
        "additionalProperties": False,
        "properties": top | _sections() | _groups() | {"interventions": _by_name(_intervention()), "gates": _gates()},
    }


def _sections() -> Schema:
    """Every parameter where it stands in a file."""
    found: Schema = {}
    for key, parameter in sim.PARAMETERS.items():
        *sections, last = key.split(".")
        here = found
        for section in sections:
            here = here.setdefault(section, _object({}))["properties"]
        here[last] = _value(parameter)
    return found


def _groups() -> Schema:
    return {group: _by_name(_object({field.key: _value(field) for field in fields})) for group, fields in sim.NAMED_GROUPS.items()}


def _object(properties: Schema) -> Schema:
    return {"type": "object", "additionalProperties": False, "properties": properties}


def _by_name(entry: Schema) -> Schema:
    """A mapping by name; null removes an inherited entry."""
    return {"type": "object", "propertyNames": {"pattern": _NAME}, "additionalProperties": {"anyOf": [entry, {"type": "null"}]}}


def _intervention() -> Schema:
    fields = {key: _value(field) for key, field in sim.INTERVENTION_FIELDS.items()}
    for field in fields.values():
        field.pop("default", None)
    operators = "|".join(sorted(sim.OPERATORS, key=len, reverse=True))
    metrics = "|".join(metric.name for metric in sim.DAILY)
    fields["when"] |= {"pattern": rf"^\s*({metrics})\s*({operators})\s*\S+\s*$", "examples": ["runway_days < 90"]}
    fields["set"] = _changes(parameter for parameter in sim.PARAMETERS.values() if parameter.mid_run)
    timings = [{"not": {"required": list(pair)}} for pair in (("day", "date"), ("day", "when"), ("date", "when"))]
    return _object(fields) | {"allOf": timings}


def _gates() -> Schema:
    mended = {"type": "array", "items": {"enum": list(sim.GATES)}, "uniqueItems": True, "description": "gates whose overrides are applied"}
    return _object({gate: _changes(sim.PARAMETERS.values()) for gate in sim.GATES} | {"mended": mended})


def _changes(parameters: Iterable[sim.Parameter]) -> Schema:
    """A mapping of dotted paths to values."""
    fields = {
        rf"^{group}\.[a-z][a-z0-9_]*\.{field.key}$": _value(field) for group, declared in sim.NAMED_GROUPS.items() for field in declared
    }
    return _object({parameter.key: _value(parameter) for parameter in parameters}) | {"patternProperties": fields, "minProperties": 1}


def _value(parameter: sim.Parameter) -> Schema:
    """What is legal for one parameter, with its meaning, unit and default."""
    described: Schema = {"description": f"{parameter.meaning} [{parameter.unit}]", "default": parameter.default}
    legal = _legal(parameter)
    return described | ({"anyOf": [legal, {"type": "null"}]} if parameter.optional else legal)


def _legal(parameter: sim.Parameter) -> Schema:
    match parameter.kind:
        case "flag":
            return {"type": "boolean"}
        case "choice":
            return {"enum": list(parameter.choices)}
        case "date":
            return {"type": "string", "pattern": _DATE}
        case "text":
            return {"type": "string", "pattern": r"\S"}
        case _:
            legal: Schema = {"type": "integer" if parameter.kind == "whole" else "number"}
            if parameter.low is not None:
                legal["exclusiveMinimum" if parameter.low_open else "minimum"] = parameter.low
            if parameter.high is not None:
                legal["maximum"] = parameter.high
            return legal
