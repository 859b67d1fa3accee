"""Whether the people of a scenario can be built at all: enough of each kind, and no more rows than memory holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from sim.foundation.memory import available_memory_bytes
from sim.foundation.parameters import Value
from sim.scenario.merging import Merged
from sim.scenario.scenario import number_text
from sim.scenario.yaml_tree import Place, ProblemList

BYTES_PER_AGENT: Final = 200
"""What a run holds for one row: its state, and what is recorded of it."""


def check_population(values: Mapping[str, Value], merged: Merged, root: Place, problems: ProblemList) -> None:
    """Note what makes the population impossible. Problems stand where one of the numbers was set, else at `root`."""
    if any(merged.is_broken(key) for key in ("people", "agents", "niches", "creators_share")):
        return
    people, agents = cast(float, values["people"]), cast(int, values["agents"])
    if agents > people:
        message = f"{agents} agents are more than the {number_text(people)} people they stand for"
        problems.add(_place(merged, root, "agents", "people"), message, f"set agents to at most {int(people)}, or raise people")
        return
    niches, share = cast(int, values["niches"]), cast(float, values["creators_share"])
    makers = round(share * agents)
    if makers < niches:
        counted = "no creators" if makers == 0 else f"{makers} creators"
        message = f"creators_share {number_text(share)} of {agents} agents makes {counted}; each of the {niches} niches needs at least one"
        hint = "raise creators_share or agents" + (f", or set niches to at most {makers}" if makers else "")
        problems.add(_place(merged, root, "creators_share", "agents", "niches"), message, hint)
    available = available_memory_bytes()
    if available is not None and agents * BYTES_PER_AGENT > available:
        needed = _bytes_text(agents * BYTES_PER_AGENT)
        hint = f"set agents to at most {available // BYTES_PER_AGENT}; results do not depend on it beyond sampling noise"
        problems.add(
            _place(merged, root, "agents"), f"{agents} agents need about {needed} of memory, {_bytes_text(available)} are free", hint
        )


def _place(merged: Merged, root: Place, *candidates: str) -> Place:
    """Where the last override among the candidates stands, else the first of them that is set."""
    places = [merged.settings[key].place for key in candidates if key in merged.settings]
    return next((place for place in places if not place.line), places[0] if places else root)


def _bytes_text(count: int) -> str:
    for power, unit in ((4, "TB"), (3, "GB"), (2, "MB")):
        if count >= 1000**power:
            return f"{count / 1000**power:.3g} {unit}"
    return f"{count} bytes"
