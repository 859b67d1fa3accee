"""Fixes as somebody writes them: path=value, or gate:interaction,cost for what a scenario says mends these gates."""

from __future__ import annotations

from collections.abc import Sequence

import sim

OPTION = "--fix"
_GATE = "gate:"


def overrides_of(fixes: Sequence[str], scenario: sim.Scenario) -> tuple[str, ...]:
    """What the fixes set, as "path=value". Raises InputError with every problem: no fix, a gate that the scenario does not mend."""
    problems: list[sim.Problem] = []
    found: dict[str, str] = {}
    for written in fixes:
        if written.startswith(_GATE):
            found |= _of_gates(written, scenario, problems)
        else:
            path, is_set, value = written.partition("=")
            if not is_set:
                hint = "write --fix path=value, or --fix gate:interaction,cost"
                problems.append(sim.Problem(f"{OPTION} {written}", "this sets nothing", hint))
            found[path.strip()] = value.strip()
    if not fixes:
        problems.append(sim.Problem(OPTION, "which fix?", "--fix path=value, or --fix gate:interaction,cost; may be repeated"))
    if problems:
        raise sim.InputError(problems)
    return tuple(f"{path}={value}" for path, value in found.items())


def _of_gates(written: str, scenario: sim.Scenario, problems: list[sim.Problem]) -> dict[str, str]:
    """What mends the gates of `gate:one,other`; "gate:all" stands for all that the scenario has."""
    names = [name.strip() for name in written.removeprefix(_GATE).split(",") if name.strip()]
    found: dict[str, str] = {}
    for gate in scenario.gates if names == ["all"] else names:
        if gate in scenario.gates:
            found |= {path: "null" if value is None else str(value) for path, value in scenario.gates[gate].items()}
            continue
        has = f"it mends {', '.join(scenario.gates)}" if scenario.gates else f"write --fix path=value, or `gates: {{{gate}: ...}}` in it"
        problems.append(sim.Problem(f"{OPTION} {written}", f"'{scenario.name}' does not say what mends the gate '{gate}'", has))
    if not names:
        problems.append(sim.Problem(f"{OPTION} {written}", "which gates?", "for example --fix gate:interaction,cost"))
    return found
