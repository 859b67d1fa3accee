"""Layers laid over one another, the nearest file last: named entries merge field by field, null removes one."""

from __future__ import annotations

from dataclasses import dataclass, field

from sim.foundation.errors import did_you_mean
from sim.scenario import keys
from sim.scenario.layers import Layer, Setting
from sim.scenario.yaml_tree import Place, ProblemList

_NAMES_LOOKED_AT = 100
"""Names searched for one that was meant; comparing with a thousand takes seconds where many are misspelt."""


@dataclass
class Merged:
    """All layers so far; the same flat paths as in a Layer.

    broken: the paths of refused values and all that lead to them. overridden: paths set by an override, which outrank mended gates.
    """

    settings: dict[str, Setting] = field(default_factory=dict)
    entries: dict[str, Place] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    overridden: set[str] = field(default_factory=set)

    def __copy__(self) -> Merged:
        """One that can be laid over without changing this one."""
        return Merged(dict(self.settings), dict(self.entries), set(self.broken), set(self.overridden))

    def below(self, prefix: str) -> dict[str, Setting]:
        """The settings under a prefix, which is cut off."""
        return {path.removeprefix(prefix): setting for path, setting in self.settings.items() if path.startswith(prefix)}

    def is_broken(self, path: str) -> bool:
        """Whether a value at or below this path was refused."""
        return path in self.broken

    def lay(self, layer: Layer, problems: ProblemList, *, overriding: bool = False) -> None:
        """Lay a file, or an override, over what is here."""
        for path, place in layer.removed.items():
            self._remove(path, place, problems)
        for path, place in layer.entries.items():
            if overriding and path not in self.entries:
                self._refuse_entry(path, place, problems)
                layer.broken.add(path)
            else:
                self.entries[path] = place
            self._forget_other_timings(path, layer)
        for path in layer.broken:
            parts = path.split(".")
            self.broken.update(".".join(parts[:length]) for length in range(1, len(parts) + 1))
        if overriding:
            self.overridden |= layer.settings.keys()
        self.settings.update(layer.settings)

    def _remove(self, path: str, place: Place, problems: ProblemList) -> None:
        if path not in self.entries:
            self._refuse_entry(path, place, problems)
            return
        del self.entries[path]
        for below in [one for one in self.settings if one.startswith(f"{path}.")]:
            del self.settings[below]

    def _refuse_entry(self, path: str, place: Place, problems: ProblemList) -> None:
        group, _, name = path.partition(".")
        hint = ""
        if not problems.full:
            names = [entry.partition(".")[2] for entry in self.entries if entry.startswith(f"{group}.")][:_NAMES_LOOKED_AT]
            hint = did_you_mean(name, names) or (f"known: {', '.join(names)}" if names else "there are none")
        problems.add(place, f"there is no '{name}' in '{group}' to change or remove", hint)

    def _forget_other_timings(self, path: str, layer: Layer) -> None:
        """A nearer day, date or when takes the place of whichever the entry had."""
        if any(f"{path}.{timing}" in layer.settings or f"{path}.{timing}" in layer.broken for timing in keys.TIMINGS):
            for timing in keys.TIMINGS:
                self.settings.pop(f"{path}.{timing}", None)
