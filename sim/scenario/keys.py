"""Where each key belongs in a scenario file, and how to name a key that somebody misspelt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from sim.foundation.errors import did_you_mean, quoted
from sim.foundation.parameters import Parameter, assumed
from sim.scenario.schema import NAMED_GROUPS, PARAMETERS

Section = dict[str, "Parameter | Section"]

GATES: Final = ("interaction", "ecosystem", "cost")
GROUP_FIELDS: Final = {group: {field.key: field for field in fields} for group, fields in NAMED_GROUPS.items()}

_FORMAT = assumed("form of the file")
QUESTION: Final = Parameter("question", "", "text", "what the scenario asks, one sentence", _FORMAT, kind="text")
EVIDENCE: Final = Parameter("evidence", None, "text", "name of the evidence file it is compared with", _FORMAT, kind="text", optional=True)
EXTENDS: Final = Parameter("extends", "", "text", "scenario this one differs from", _FORMAT, kind="text")
TEXTS: Final = {text.key: text for text in (QUESTION, EVIDENCE, EXTENDS)}

INTERVENTION_FIELDS: Final = {
    field.key: field
    for field in (
        Parameter("day", 0, "day", "day it happens, 0 is the launch", _FORMAT, kind="whole", low=0, high=9_999),
        Parameter("date", "", "date", "calendar date it happens", _FORMAT, kind="date"),
        Parameter("when", "", "text", "metric, operator, number: fires once, on yesterday's closed books", _FORMAT, kind="text"),
        Parameter("ramp_days", 0, "days", "days until the new value is reached", _FORMAT, kind="whole", low=1, high=10_000),
        Parameter("close", False, "flag", "closes the product", _FORMAT, kind="flag"),
        Parameter("note", "", "text", "why", _FORMAT, kind="text"),
    )
}
TIMINGS: Final = ("day", "date", "when")

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FLAGS_ELSEWHERE = frozenset({"on", "off", "yes", "no", "y", "n", "true", "false", "null"})


def _tree() -> Section:
    tree: Section = {}
    for key, parameter in PARAMETERS.items():
        *sections, last = key.split(".")
        branch = tree
        for section in sections:
            inner = branch.setdefault(section, {})
            assert isinstance(inner, dict), f"'{key}' is declared below a value"
            branch = inner
        branch[last] = parameter
    return tree


SECTIONS: Final = _tree()
TOP_LEVEL: Final = ("schema", *TEXTS, *SECTIONS, *NAMED_GROUPS, "interventions", "gates")


def declaration(path: str) -> Parameter | None:
    """The declaration of a dotted path, also of a field of a named group whatever the name; None if there is none."""
    if path in PARAMETERS:
        return PARAMETERS[path]
    group, _, rest = path.partition(".")
    name, _, last = rest.partition(".")
    return GROUP_FIELDS.get(group, {}).get(last) if _NAME.fullmatch(name) else None


def override_declaration(path: str) -> Parameter | None:
    """The declaration of what an override can address: a parameter, a field of an intervention, what an intervention or a gate sets."""
    parts = path.split(".")
    if parts[0] == "interventions" and len(parts) > 2 and _NAME.fullmatch(parts[1]):
        return declaration(".".join(parts[3:])) if parts[2] == "set" else INTERVENTION_FIELDS.get(".".join(parts[2:]))
    if parts[0] == "gates" and len(parts) > 2 and parts[1] in GATES:
        return declaration(".".join(parts[2:]))
    return declaration(path)


def entry_of(path: str) -> str | None:
    """The entry of a named group that a path goes through ("external_platforms.short_video"), None for other paths."""
    parts = path.split(".")
    return ".".join(parts[:2]) if parts[0] in GROUP_FIELDS else None


def ending_in(name: str, paths: Iterable[str]) -> list[str]:
    """Those paths whose last part is `name`."""
    return [path for path in paths if path.rpartition(".")[2] == name]


def unknown_key_hint(key: str, here: str, siblings: Iterable[str]) -> str:
    """What somebody who wrote the unknown `key` inside the section `here` ("" at the top) may have meant."""
    known = list(siblings)
    written = f"{here}.{key}" if here else key
    if key == "on" and "date" in known:
        return "write `date: 2025-11-28` or `day: 59`; other programs read the key `on` as true"
    if near := did_you_mean(key, known):
        return near
    if elsewhere := ending_in(key.rpartition(".")[2], PARAMETERS):
        return f"did you mean '{elsewhere[0]}'?" if len(elsewhere) == 1 else f"did you mean one of {', '.join(elsewhere)}?"
    if near := did_you_mean(written, PARAMETERS):
        return near
    return f"known here: {', '.join(known)}" if len(known) <= 12 else "`flywheel check baseline` prints all keys"


def name_problem(name: str) -> Iterator[str]:
    """What is wrong with a name somebody gave to an entry of a named mapping, if anything."""
    if name in _FLAGS_ELSEWHERE:
        yield f"{quoted(name)} is not a name: other programs read it as a flag"
    elif not _NAME.fullmatch(name):
        yield f"{quoted(name)} is not a name: small letters, digits and underscores, a letter first"
