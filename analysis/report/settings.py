"""What the run was told: the parameters that differ from the defaults with their sources, and the dated changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.figures.series import date_words
from analysis.reference.parameters import all_declared
from sim import NAMED_GROUPS, PARAMETERS, Run
from sim.foundation.parameters import Evidence, Parameter, Value

CLASSES = tuple(one.value for one in Evidence)

_FIELDS = {group: {field.key: field for field in fields} for group, fields in NAMED_GROUPS.items()}


@dataclass(frozen=True)
class Setting:
    """A parameter whose value is not its default, in words; `source` is that of the declared parameter."""

    key: str
    meaning: str
    value: str
    default: str
    unit: str
    origin: str
    source_class: str
    source: str


def differing(run: Run) -> list[Setting]:
    """The parameters whose values differ from their defaults, in the order of their declaration, then those of named groups."""
    values, origins = run.scenario["values"], run.manifest["origins"]
    found = []
    for key in (*PARAMETERS, *sorted(values.keys() - PARAMETERS.keys())):
        declared = declared_as(key)
        if declared is not None and values[key] != declared.default:
            found.append(_setting(key, declared, values[key], str(origins.get(key, ""))))
    return found


def declared_as(key: str) -> Parameter | None:
    """The declaration of a key, also of a field of a named group; None if this version has none."""
    group, _, field = key.partition(".")
    return PARAMETERS.get(key) or _FIELDS.get(group, {}).get(field.rpartition(".")[2])


def _setting(key: str, declared: Parameter, value: Value, origin: str) -> Setting:
    unit = "" if declared.unit in ("1", "flag", "choice", "date") else declared.unit
    source = declared.source
    return Setting(
        key, declared.meaning, value_words(value), value_words(declared.default), unit, origin, source.evidence.value, source.text
    )


def value_words(value: Any) -> str:
    """A value as a scenario file writes it, thousands set apart: 43 100 000; off; yes."""
    if value is None:
        return "off"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)) and float(value).is_integer() and 1e4 <= abs(value) < 1e15:
        return f"{int(value):,}".replace(",", "\u202f")
    return f"{value:g}" if isinstance(value, float) else str(value)


def class_counts(settings: Sequence[Setting]) -> list[tuple[str, int, int]]:
    """For each class of source: its name, how many of the differing parameters have it, and how many of all that are declared."""
    every = [one.source.evidence.value for one in all_declared()]
    return [(name, sum(one.source_class == name for one in settings), every.count(name)) for name in CLASSES]


def changes(run: Run) -> list[dict[str, str]]:
    """The interventions of the scenario: name, when, what changes, whether it happened, why; dated ones first, in order."""
    interventions = run.scenario["interventions"]
    order = sorted(interventions, key=lambda name: (interventions[name]["day"] is None, interventions[name]["day"] or 0, name))
    return [_change(run, name, interventions[name]) for name in order]


def _change(run: Run, name: str, one: Mapping[str, Any]) -> dict[str, str]:
    when = f"when {one['when']}" if one["day"] is None else f"{date_words(run, one['day'])} (day {one['day']})"
    what = [f"{key}: {_with_unit(key, value)}" for key, value in one["set"].items()]
    if one["ramp_days"]:
        what.append(f"over {one['ramp_days']} days")
    if one["close"]:
        what.append("closes the product")
    return {"name": name, "when": when, "what": "; ".join(what), "happened": _happened_words(run, name), "why": one["note"]}


def _happened_words(run: Run, name: str) -> str:
    """In how many runs an intervention happened, and when if its day was not given."""
    days = run.ensemble["figures"].get(f"interventions.{name}", {"n": 0})
    if days["n"] == 0:
        return "never"
    when = f", day {days['q50']:.0f}" if run.scenario["interventions"][name]["day"] is None else ""
    spread = f" (5–95 %: {days['q05']:.0f}–{days['q95']:.0f})" if when and days["q95"] > days["q05"] else ""
    return f"in {days['n']} of {len(run.seeds)} runs{when}{spread}"


def _with_unit(key: str, value: Value) -> str:
    declared = declared_as(key)
    unit = "" if declared is None or declared.unit in ("1", "flag", "choice", "date") else f" {declared.unit}"
    return value_words(value) + unit
