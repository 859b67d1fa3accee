"""Interventions put together and checked, once all layers are merged."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from sim.foundation.parameters import Value
from sim.scenario import keys
from sim.scenario.layers import Setting
from sim.scenario.merging import Merged
from sim.scenario.scenario import Intervention, Trigger, order_of
from sim.scenario.yaml_tree import Place, ProblemList

CUT_OFF = "is cut off"
"""How the note about an intervention that a shortened run leaves out is known."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """What days are measured against. own_days: the length the files themselves give; days: the length of the run. launch: None
    if unreadable.
    """

    launch: datetime.date | None
    own_days: int
    days: int


def build_interventions(
    merged: Merged, values: Mapping[str, Value], calendar: Calendar, problems: ProblemList, notes: list[str]
) -> tuple[Intervention, ...]:
    """All interventions of the merged scenario in order; one that only the shortened run cuts off is left out with a note."""
    built: list[Intervention] = []
    fields_of: dict[str, dict[str, Setting]] = {}
    for path, setting in merged.below("interventions.").items():
        name, _, field = path.partition(".")
        fields_of.setdefault(f"interventions.{name}", {})[field] = setting
    for entry, place in merged.entries.items():
        if not entry.startswith("interventions."):
            continue
        fields = fields_of.get(entry, {})
        intervention = _build(entry, place, fields, merged, values, calendar, problems)
        if intervention is None:
            continue
        if intervention.day is not None and intervention.day >= calendar.days:
            notes.append(f"intervention '{intervention.name}' on day {intervention.day} {CUT_OFF}: the run ends after {calendar.days} days")
        else:
            built.append(intervention)
    _check_same_day(built, merged, problems)
    return tuple(sorted(built, key=order_of))


def _build(
    entry: str,
    place: Place,
    fields: Mapping[str, Setting],
    merged: Merged,
    values: Mapping[str, Value],
    calendar: Calendar,
    problems: ProblemList,
) -> Intervention | None:
    """One intervention, or None when something in it is wrong (noted here or before)."""
    is_broken = merged.is_broken(entry)
    changes = {path.removeprefix("set."): setting for path, setting in fields.items() if path.startswith("set.")}
    closes = "close" in fields and fields["close"].value is True
    timed = any(timing in fields for timing in keys.TIMINGS)
    if not is_broken and not timed:
        problems.add(place, f"'{entry}' says no time", "give it one of `day: 59`, `date: 2025-11-28`, `when: runway_days < 90`")
    if not is_broken and not changes and not closes:
        problems.add(place, f"'{entry}' does nothing", "give it `set: {path: value}` or `close: true`")
    day = _day(entry, fields, calendar, problems)
    if "ramp_days" in fields:
        _check_ramp(entry, fields["ramp_days"], changes, closes, values, problems)
    trigger = fields["when"].value if "when" in fields else None
    if is_broken or not (changes or closes) or (day is None and trigger is None):
        return None
    return Intervention(
        name=entry.partition(".")[2],
        day=day,
        when=trigger if isinstance(trigger, Trigger) else None,
        changes={path: cast(Value, setting.value) for path, setting in sorted(changes.items())},
        ramp_days=cast(int, fields["ramp_days"].value) if "ramp_days" in fields else 0,
        closes=closes,
        note=str(fields["note"].value) if "note" in fields else "",
    )


def _day(entry: str, fields: Mapping[str, Setting], calendar: Calendar, problems: ProblemList) -> int | None:
    """The day of a dated intervention; None for a triggered one and for a day that cannot be."""
    timing = fields.get("day") or fields.get("date")
    if timing is None or calendar.launch is None:
        return None
    if isinstance(timing.value, str):
        date = datetime.date.fromisoformat(timing.value)
        day = (date - calendar.launch).days
        said = f"'{entry}.date' is {date}"
    else:
        day = cast(int, timing.value)
        said = f"'{entry}.day' is {day}"
    if day < 0:
        problems.add(timing.place, f"{said}, before the launch on {calendar.launch}", "the launch is `launch_date`, day 0")
        return None
    limit = calendar.own_days if timing.place.line else max(calendar.own_days, calendar.days)
    if day >= limit:
        reached = f", day {day}" if "date" in fields else ""
        last = calendar.launch + datetime.timedelta(days=limit - 1)
        hint = f"raise `days`, or remove it with `{entry.replace('.', ': {')}: null}}`"
        problems.add(timing.place, f"{said}{reached}, beyond the last of the {limit} days, day {limit - 1} ({last})", hint)
        return None
    return day


def _check_ramp(
    entry: str, ramp: Setting, changes: Mapping[str, Setting], closes: bool, values: Mapping[str, Value], problems: ProblemList
) -> None:
    if closes:
        problems.add(ramp.place, f"'{entry}' closes the product and has a ramp", "a closing happens on one day; leave `ramp_days` out")
    for path, setting in changes.items():
        declared = keys.declaration(path)
        if declared is not None and declared.kind not in ("number", "whole"):
            problems.add(
                setting.place,
                f"'{path}' cannot move along a ramp: it is {declared.kind}, not a number",
                "set it in an intervention of its own",
            )
        elif setting.value is None or values.get(path, 0) is None:
            problems.add(
                setting.place,
                f"'{path}' cannot move along a ramp from or to null",
                "set it in an intervention of its own, without `ramp_days`",
            )


def _check_same_day(built: list[Intervention], merged: Merged, problems: ProblemList) -> None:
    """Two interventions may not set the same path on the same day: nothing says which comes last."""
    first: dict[tuple[int, str], str] = {}
    for intervention in built:
        for path in intervention.changes if intervention.day is not None else ():
            day = cast(int, intervention.day)
            other = first.setdefault((day, path), intervention.name)
            if other != intervention.name:
                place = merged.settings[f"interventions.{intervention.name}.set.{path}"].place
                problems.add(place, f"'{path}' is set twice on day {day}, first by '{other}'", "keep one of them, or move one by a day")
