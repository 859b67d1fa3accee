"""The jobs of a sweep, made when they are asked for, so that a hundred thousand of them take little memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import overload

import sim
from analysis.experiments.designs import Point
from analysis.experiments.jobs import Job, independent_seed, paired_seed, run_name

_MOST_TOLD = 10
_MOST_SAMPLED, _MOST_VALUES = 500, 20
"""Jobs among which, and values with which it is looked whether a path has an effect."""


class SweepJobs(Sequence[Job]):
    """All jobs of a sweep, point by point and within a point replicate by replicate."""

    def __init__(
        self,
        family: sim.ScenarioFamily,
        fixed: Mapping[str, sim.Value],
        points: Sequence[Point],
        worlds: Sequence[Point],
        replicates: int,
        *,
        is_paired: bool,
    ) -> None:
        """worlds: what is drawn once a replicate (or once a job, if not paired); none where nothing is."""
        self._family, self._fixed, self._points, self._worlds = family, fixed, points, worlds
        self._replicates, self._is_paired = replicates, is_paired
        self._digests: dict[int, str] = {}
        self._last: tuple[int, sim.Scenario] | None = None

    def __len__(self) -> int:
        return len(self._points) * self._replicates

    @overload
    def __getitem__(self, place: int) -> Job: ...

    @overload
    def __getitem__(self, place: slice) -> list[Job]: ...

    def __getitem__(self, place: int | slice) -> Job | list[Job]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        if not 0 <= place < len(self):
            raise IndexError(place)
        point, replicate = divmod(place, self._replicates)
        parameters = self._parameters(place)
        scenario, digest = self._scenario(place if self._worlds else point, parameters)
        seed = paired_seed(replicate) if self._is_paired else independent_seed(point, replicate)
        return Job(point, replicate, parameters, scenario, seed, run_name(digest, seed))

    def _parameters(self, place: int) -> Point:
        point, replicate = divmod(place, self._replicates)
        if not self._worlds:
            return self._points[point]
        return {**self._points[point], **self._worlds[replicate if self._is_paired else place]}

    def _scenario(self, number: int, parameters: Point) -> tuple[sim.Scenario, str]:
        """The scenario of these parameters and its digest; the last one is kept, digests are kept all."""
        if self._last is None or self._last[0] != number:
            self._last = (number, self._family.member({**self._fixed, **parameters}))
        scenario = self._last[1]
        if number not in self._digests:
            self._digests[number] = scenario.digest()
        return scenario, self._digests[number]

    def check(self, places: Mapping[str, str], whole: str) -> None:
        """Resolve every scenario once. Raises InputError when some cannot be, or when a path that varies changes nothing.

        places: where each path stands in the sweep file; whole: where all of them do. The same problem at several points is told once.
        """
        problems: dict[str, sim.Problem] = {}
        for place in range(0, len(self), 1 if self._worlds else self._replicates):
            try:
                _ = self[place]
            except sim.InputError as error:
                for one in error.problems:
                    path = one.place.removeprefix("override ").partition("=")[0]
                    at = "" if path in places else f"at point {place // self._replicates + 1}: "
                    problems.setdefault(one.message, sim.Problem(places.get(path, whole), f"{at}{one.message}", one.hint))
                if len(problems) >= _MOST_TOLD:
                    break
        found = list(problems.values()) or [sim.Problem(places[path], *why) for path, why in self._idle()]
        if found:
            raise sim.InputError(found)

    def _idle(self) -> list[tuple[str, tuple[str, str]]]:
        """The varied paths whose values all make the same world, and what to say of them."""
        found = []
        first, notes = self._parameters(0), self[0].scenario.notes
        sample = [self._parameters(place) for place in range(0, len(self), max(1, len(self) // _MOST_SAMPLED))]
        for path in first:
            values = list(dict.fromkeys(parameters[path] for parameters in sample))[:_MOST_VALUES]
            worlds = {_world(self._family.member({**self._fixed, **first, path: value})) for value in values}
            if len(worlds) == 1 and len(values) > 1:
                found.append((path, (f"'{path}' has no effect here: the world is the same whatever it is", _why(path, notes))))
        return found


def _world(scenario: sim.Scenario) -> str:
    """All that a day of the scenario depends on."""
    document = scenario.as_document()
    return repr([document[key] for key in ("values", "interventions", "derived")])


def _why(path: str, notes: Sequence[str]) -> str:
    group, name = path.split(".")[:2]
    if group == "gates":
        return f"the gate '{name}' is not mended: vary '{path.removeprefix(f'gates.{name}.')}' itself"
    about = [note for note in notes if group == "interventions" and f"'{name}'" in note]
    return about[0] if about else "something outranks it: `flywheel check` shows where each value comes from"
