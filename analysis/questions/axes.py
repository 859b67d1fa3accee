"""Settings and their ranges as somebody writes them: dials.steerability, habit.initial=0.05:0.4, dials.export_leakage=0,0.4,0.8."""

from __future__ import annotations

import sim
from analysis.questions.tracing import Axis


def axis_of(written: str, place: str, problems: list[sim.Problem]) -> Axis | None:
    """The axis that `written` stands for: a parameter of a number, with `=low:high` where its legal range is not to be taken whole.

    None after noting what is wrong.
    """
    name, _, span = written.partition("=")
    found = _declared(name, place, problems)
    if found is None:
        return None
    path, declared = found
    if declared.kind != "number":
        problems.append(sim.Problem(place, f"'{path}' is not a number that can be moved smoothly", "choose another, for example a dial"))
        return None
    if span:
        ends = _span(span, path, declared, place, problems)
        return None if ends is None else Axis(path, *ends, declared.unit)
    if declared.low is None or declared.high is None:
        problems.append(sim.Problem(place, f"'{path}' has no bounds of its own", f"say from where to where: {place} {path}=0.1:0.4"))
        return None
    return Axis(path, declared.low, declared.high, declared.unit)


def _span(span: str, path: str, declared: sim.Parameter, place: str, problems: list[sim.Problem]) -> tuple[float, float] | None:
    try:
        low, high = (float(end) for end in span.split(":"))
    except ValueError:
        problems.append(sim.Problem(place, f"'{span}' is no range", f"two numbers with a colon: {path}=0.1:0.4"))
        return None
    if not low < high:
        problems.append(sim.Problem(place, f"the range {span} is empty", "the lower end comes first"))
        return None
    floor, ceiling = declared.low, declared.high
    if (floor is not None and low < floor) or (ceiling is not None and high > ceiling):
        message = f"the range {span} goes beyond what is legal for '{path}'"
        problems.append(sim.Problem(place, message, f"legal: {sim.legal_phrase(declared)}"))
        return None
    return low, high


def facet_of(written: str, place: str, problems: list[sim.Problem]) -> tuple[str, tuple[str, ...]] | None:
    """The path and the values, as texts, of `path=value,value`; the values are checked when the scenario is loaded with them."""
    name, _, listed = written.partition("=")
    found = _declared(name, place, problems)
    values = tuple(dict.fromkeys(value.strip() for value in listed.split(",") if value.strip()))
    if found is not None and not values:
        problems.append(sim.Problem(place, "which values?", f"for example {place} {found[0]}=0,0.4,0.8"))
    return None if found is None or not values else (found[0], values)


def _declared(name: str, place: str, problems: list[sim.Problem]) -> tuple[str, sim.Parameter] | None:
    """Path and declaration of a parameter named in full or by its last part."""
    if declared := sim.override_declaration(name):
        return name, declared
    found = [key for key in sim.PARAMETERS if key.rpartition(".")[2] == name]
    if len(found) == 1:
        return found[0], sim.PARAMETERS[found[0]]
    if found:
        problems.append(sim.Problem(place, f"'{name}' is not unique", f"write one of {', '.join(found)}"))
    else:
        problems.append(sim.Problem(place, f"there is no parameter '{name}'", sim.did_you_mean(name, sim.PARAMETERS)))
    return None
