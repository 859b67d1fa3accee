"""Settings and their ranges as somebody writes them: dials.steerability, habit.initial=0.05:0.4, dials.export_leakage=0,0.4,0.8."""

from __future__ import annotations

from collections.abc import Sequence

import sim
from analysis.questions.tracing import Axis


def axis_of(written: str, place: str, problems: list[sim.Problem]) -> Axis | None:
    """The axis that `written` stands for: a parameter of a number, with `=low:high` where its legal range is not to be taken whole.

    None after noting what is wrong.
    """
    name, _, span = written.partition("=")
    declared = _declared(name, place, problems)
    if declared is None:
        return None
    if declared.kind != "number":
        problems.append(
            sim.Problem(place, f"'{declared.key}' is not a number that can be moved smoothly", "choose another, for example a dial")
        )
        return None
    low, high = _span(span, declared, place, problems) if span else (declared.low, declared.high)
    if low is None or high is None:
        if not span:
            hint = f"say from where to where: {place} {declared.key}=0.1:0.4"
            problems.append(sim.Problem(place, f"'{declared.key}' has no bounds of its own", hint))
        return None
    return Axis(declared.key, low, high, declared.unit)


def _span(span: str, declared: sim.Parameter, place: str, problems: list[sim.Problem]) -> tuple[float | None, float | None]:
    try:
        low, high = (float(end) for end in span.split(":"))
    except ValueError:
        problems.append(sim.Problem(place, f"'{span}' is no range", f"two numbers with a colon: {declared.key}=0.1:0.4"))
        return None, None
    if not low < high:
        problems.append(sim.Problem(place, f"the range {span} is empty", "the lower end comes first"))
        return None, None
    floor, ceiling = declared.low, declared.high
    if (floor is not None and low < floor) or (ceiling is not None and high > ceiling):
        problems.append(
            sim.Problem(place, f"the range {span} goes beyond what is legal for '{declared.key}'", f"legal: {sim.legal_phrase(declared)}")
        )
        return None, None
    return low, high


def facet_of(written: str, place: str, problems: list[sim.Problem]) -> tuple[str, tuple[str, ...]] | None:
    """The path and the values, as texts, of `path=value,value`; the values are checked when the scenario is loaded with them."""
    name, _, listed = written.partition("=")
    declared = _declared(name, place, problems)
    values = tuple(dict.fromkeys(value.strip() for value in listed.split(",") if value.strip()))
    if declared is not None and not values:
        problems.append(sim.Problem(place, "which values?", f"for example {place} {declared.key}=0,0.4,0.8"))
    return None if declared is None or not values else (declared.key, values)


def _declared(name: str, place: str, problems: list[sim.Problem]) -> sim.Parameter | None:
    """The declaration of a parameter named in full or by its last part."""
    found = [key for key in sim.PARAMETERS if name in (key, key.rpartition(".")[2])]
    if len(found) == 1:
        return sim.PARAMETERS[found[0]]
    if found:
        problems.append(sim.Problem(place, f"'{name}' is not unique", f"write one of {', '.join(found)}"))
    else:
        problems.append(sim.Problem(place, f"there is no parameter '{name}'", _nearest(name, [*sim.PARAMETERS])))
    return None


def _nearest(name: str, keys: Sequence[str]) -> str:
    return sim.did_you_mean(name, keys) or sim.did_you_mean(name, [key.rpartition(".")[2] for key in keys])
