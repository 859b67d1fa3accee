"""What the user should know although nothing is wrong: settings and interventions that change nothing, a market resized by half."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, cast

from sim.foundation.parameters import Value
from sim.scenario.description import value_text
from sim.scenario.layers import Layer
from sim.scenario.merging import Merged
from sim.scenario.scenario import Intervention, number_text

OF_THE_MARKET: Final = "watching.attraction_scale"
"""How many clips balance the outside: fitted to a market, to be scaled with its `people` so that each finds as much to watch."""

_NAMED = 5
"""Most keys named in a note; the rest are counted."""


def idle_keys(layer: Layer, before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """The paths a file sets to what they are without it. before, after: what stands without and with the file, by path; see `standing`."""
    return [path for path in layer.settings if path in before and path in after and before[path] == after[path]]


def standing(merged: Merged, values: Mapping[str, Value], derived: Collection[str]) -> dict[str, object]:
    """What holds after these layers, by path: values of keys, and what was said of interventions and gates. Without the question, which
    each file must give, and without keys that follow another one: to set one of them ends that.
    """
    said = {path: setting.value for path, setting in merged.settings.items() if path != "question"}
    return {path: value for path, value in (said | dict(values)).items() if path not in derived}


def file_note(shown: str, idle: Sequence[str], count: int) -> str:
    """The note on a file of `count` settings, its question apart, some of which change nothing."""
    more = f" and {len(idle) - _NAMED} more" if len(idle) > _NAMED else ""
    named = ", ".join(idle[:_NAMED]) + more
    return f"{shown}: settings that change nothing, for it is so without them ({len(idle)} of {count}): {named}"


def market_note(before: Mapping[str, Value], after: Mapping[str, Value]) -> Iterator[str]:
    """A note where the market was resized and what is fitted to its size was not. before, after: values of all keys."""
    old, new = (cast(float, values["people"]) for values in (before, after))
    if new != old and after[OF_THE_MARKET] == before[OF_THE_MARKET]:
        scale = cast(float, before[OF_THE_MARKET])
        yield (
            f"'people' is {new / 1e6:.4g} million, but '{OF_THE_MARKET}' is still {number_text(scale)} clips, which goes with "
            f"{old / 1e6:.4g} million: {'hardly anything' if new < old else 'too much'} will be there to watch; "
            f"set it to about {number_text(float(f'{scale * new / old:.3g}'))}"
        )


def idle_interventions(built: Sequence[Intervention], values: Mapping[str, Value], derived: Collection[str]) -> Iterator[str]:
    """A note on each intervention that sets keys to the only value they can have when it happens."""
    for one in built:
        if not one.closes and all(_is_idle(one, key, built, values, derived) for key in one.changes):
            already = ", ".join(f"'{key}' is {value_text(value)}" for key, value in one.changes.items())
            yield f"intervention '{one.name}' changes nothing: {already} already"


def _is_idle(one: Intervention, key: str, built: Sequence[Intervention], values: Mapping[str, Value], derived: Collection[str]) -> bool:
    """Whether a key can only have the value an intervention gives it. One that follows another, or is on a ramp, may have any."""
    others = [other for other in built if other is not one and key in other.changes]
    if key in derived or any(other.ramp_days for other in others):
        return False
    possible = [other.changes[key] for other in others if one.day is None or other.day is None]
    earlier = [other for other in others if one.day is not None and other.day is not None and other.day < one.day]
    possible.append(max(earlier, key=lambda other: cast(int, other.day)).changes[key] if earlier else values[key])
    return all(value == one.changes[key] for value in possible)
