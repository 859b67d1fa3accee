"""Target files: YAML, as strict as scenarios.

schema: 1
product: Sora app
priors: sora_priors.yaml                      # the file beside this one that says what is unknown
days: 176                                     # of a run
worlds: {mended: {scenario: sora_three_gates, days: 90}}        # others that some targets are about
targets:
  dau_peak:
    observable: {mean: dau}                   # last, mean, sum; {ratio: [above, below]}; {figure: payers_share}
    days: [55, 63]
    value: 1e6
    error: {range: [667e3, 1.5e6]}            # targets.py
    use: fit                                  # or check
    strong: true                              # counts in the predictive check
    source: https://…
    confidence: medium
conflicts:                                    # what each of the sources that contradict each other says
  retention:
    the chart: {retention_d30: {value: .01, error: {range: [.005, .02]}}}
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import sim
from analysis.calibration.prior_file import Priors, load_priors
from analysis.calibration.reading import Reader, folder, shown
from analysis.calibration.targets import BOUND_LOG_SD, FIT, USES, Z90, Error, Observable, Target
from sim import Block, Entry, Listing, Node, Place, ProblemList, Scalar

_STATISTICS = ("last", "mean", "sum", "ratio", "figure")
_ERRORS = ("range", "log_sd", "relative_sd", "below", "above", "between")
_CONFIDENCE = ("medium", "high", "low")
_ENDING = "_targets.yaml"
_SMALLEST = "`schema: 1`, `priors: …`, `days: …`, `targets: …`"


@dataclass(frozen=True)
class World:
    """A world that runs are made of: a scenario and how long it is lived."""

    scenario: str
    days: int


@dataclass(frozen=True)
class Targets:
    """A target file. worlds: the base under "", then the others. conflicts: about -> source -> targets as that source has them."""

    name: str
    product: str
    priors: Priors
    worlds: Mapping[str, World]
    targets: tuple[Target, ...]
    conflicts: Mapping[str, Mapping[str, tuple[Target, ...]]]

    def used(self, *uses: str) -> tuple[Target, ...]:
        """The targets of these uses."""
        return tuple(target for target in self.targets if target.use in uses)


def load_targets(source: str | Path) -> Targets:
    """Load and check a target file; a bare name (sora) is a shipped one. Raises InputError with every problem found."""
    path = _find(str(source))
    return _TargetReader(path, ProblemList()).read()


def shipped_targets() -> tuple[str, ...]:
    """The names of the target files that come with the package."""
    return tuple(sorted(path.name.removesuffix(_ENDING) for path in folder().glob(f"*{_ENDING}")))


def _find(source: str) -> Path:
    if source in shipped_targets():
        return folder() / f"{source}{_ENDING}"
    path = Path(source)
    if not path.exists():
        hint = sim.did_you_mean(source, shipped_targets()) or f"shipped: {', '.join(shipped_targets())}"
        raise sim.InputError([sim.Problem(source, "there is no such target file", hint)])
    return path


class _TargetReader(Reader):
    def __init__(self, path: Path, problems: ProblemList) -> None:
        super().__init__(problems)
        self.path = path

    def read(self) -> Targets:
        root = self.root(self.path, "target file", _SMALLEST)
        top = self.fields(root, "a target file", ("priors", "days", "targets"), ("schema", "product", "worlds", "conflicts"))
        self.problems.raise_if_any()
        priors = load_priors(self.path.parent / self.text(top["priors"], "'priors'"))
        worlds = {"": World(priors.base, self.whole(top["days"], "'days'", 1, 10_000))}
        for entry in self.entries(top["worlds"], "'worlds'") if "worlds" in top else ():
            worlds[entry.key] = self.world(entry)
        targets = [self.target(entry, worlds) for entry in self.entries(top["targets"], "'targets'")]
        found = [target for target in targets if target is not None]
        self.check_contradictions(found)
        if not any(target.use == FIT for target in found) and not self.problems.found:
            self.refuse(top["targets"].place, "no target has `use: fit`", "a fit needs at least one")
        by_name = {target.name: target for target in found}
        conflicts = {
            entry.key: self.conflict(entry, by_name)
            for entry in (self.entries(top["conflicts"], "'conflicts'") if "conflicts" in top else ())
        }
        self.problems.raise_if_any()
        name = self.path.name.removesuffix(_ENDING).removesuffix(".yaml")
        return Targets(name, self.text(top.get("product"), "'product'") or name, priors, worlds, tuple(found), conflicts)

    def world(self, entry: Entry) -> World:
        fields = self.fields(entry.node, f"the world '{entry.key}'", ("scenario", "days"))
        name = self.text(fields.get("scenario"), "'scenario'")
        if "scenario" in fields and name not in sim.shipped_names():
            hint = sim.did_you_mean(name, sim.shipped_names()) or f"shipped: {', '.join(sim.shipped_names())}"
            self.refuse(fields["scenario"].place, f"there is no shipped scenario '{name}'", hint)
        return World(name, self.whole(fields["days"], "'days'", 1, 10_000) if "days" in fields else 1)

    def target(self, entry: Entry, worlds: Mapping[str, World]) -> Target | None:
        what = f"the target '{entry.key}'"
        optional = ("label", "days", "in", "unit", "use", "strong", "note")
        fields = self.fields(entry.node, what, ("observable", "value", "error", "source", "confidence"), optional)
        world = self.named_world(fields.get("in"), worlds)
        observable = self.observable(fields, what, worlds[world].days)
        value = self.number(fields["value"], "'value'", above=0.0) if "value" in fields else math.nan
        error = self.error(fields["error"], value) if "error" in fields else None
        source = self.text(fields.get("source"), "'source'")
        if "source" in fields and not source.strip():
            self.refuse(fields["source"].place, "'source' is empty", "say where the figure comes from")
        use = self.choice(fields.get("use"), "'use'", USES)
        confidence = self.choice(fields.get("confidence"), "'confidence'", _CONFIDENCE)
        if observable is None or error is None or math.isnan(value):
            return None
        label = self.text(fields.get("label"), "'label'") or entry.key.replace("_", " ")
        unit, note = self.text(fields.get("unit"), "'unit'") or "1", self.text(fields.get("note"), "'note'")
        is_strong = self.flag(fields.get("strong"), "'strong'")
        place = str(entry.place)
        return Target(entry.key, label, world, observable, value, error, unit, use, source, confidence, is_strong, note, place)

    def named_world(self, node: Node | None, worlds: Mapping[str, World]) -> str:
        """The world that a target is about, the base where it names none."""
        name = self.text(node, "'in'")
        if node is not None and name not in worlds:
            others = [world for world in worlds if world]
            hint = sim.did_you_mean(name, others) or (f"there are {', '.join(others)}" if others else "name it under `worlds`")
            self.refuse(node.place, f"there is no world '{name[:60]}'", hint)
            return ""
        return name

    def observable(self, fields: Mapping[str, Node], what: str, days: int) -> Observable | None:
        if "observable" not in fields:
            return None
        node = fields["observable"]
        if not isinstance(node, Block) or len(node.entries) != 1 or node.entries[0].key not in _STATISTICS:
            self.refuse(node.place, "'observable' must be one of last, mean, sum, ratio, figure", "for example `{mean: dau}`")
            return None
        entry = node.entries[0]
        items = entry.node.items if isinstance(entry.node, Listing) else (entry.node,)
        if len(items) != (2 if entry.key == "ratio" else 1):
            self.refuse(entry.node.place, "a ratio is of two daily metrics, anything else of one", "`{ratio: [views_here, dau]}`")
            return None
        known = [one.key for one in sim.FIGURES] if entry.key == "figure" else [one.name for one in sim.DAILY]
        names = [self.text(item, "an observable") for item in items]
        for name, item in zip(names, items, strict=True):
            if name and name not in known:
                kind = "figure of a run" if entry.key == "figure" else "daily metric"
                hint = sim.did_you_mean(name, known) or "`flywheel describe metrics` lists them"
                self.refuse(item.place, f"the model does not produce '{name[:60]}': there is no such {kind}", hint)
        if any(name not in known for name in names):
            return None
        if entry.key == "figure":
            if "days" in fields:
                self.refuse(fields["days"].place, "a figure is of the whole run and has no days", "leave them out")
            return Observable("figure", tuple(names), None)
        window = self.window(fields["days"], days) if "days" in fields else (0, days - 1)
        return None if window is None else Observable(entry.key, tuple(names), window)

    def window(self, node: Node, days: int) -> tuple[int, int] | None:
        items = node.items if isinstance(node, Listing) else ()
        ends = [item.value for item in items if isinstance(item, Scalar) and type(item.value) is int]
        if len(ends) != 2 or not 0 <= ends[0] <= ends[1]:
            self.refuse(node.place, "'days' must be `[first, last]`, whole numbers from 0 on", "for example `days: [55, 63]`")
            return None
        if ends[1] >= days:
            self.refuse(
                node.place, f"day {ends[1]} is beyond the last of the {days} days, day {days - 1}", "raise `days`, or end it sooner"
            )
            return None
        return ends[0], ends[1]

    def error(self, node: Node, value: float) -> Error | None:
        fields = self.fields(node, "'error'", (), _ERRORS)
        kinds = [key for key in fields if key != "log_sd"] or list(fields)
        if len(kinds) != 1 or (len(fields) > 1 and kinds[0] in ("range", "relative_sd")):
            if isinstance(node, Block) and node.entries:
                hint = "for example `{range: [400e3, 900e3]}` or `{below: 500e3}`"
                self.refuse(node.place, f"'error' must be one of {', '.join(_ERRORS)}", hint)
            return None
        kind, given = kinds[0], fields[kinds[0]]
        if kind in ("log_sd", "relative_sd"):
            sd = self.number(given, f"'{kind}'", above=0.0)
            return None if math.isnan(sd) else Error(kind, sd)
        sd = self.number(fields["log_sd"], "'log_sd'", above=0.0) if "log_sd" in fields else BOUND_LOG_SD
        if kind in ("below", "above"):
            bound = self.number(given, f"'{kind}'", above=0.0)
            return None if math.isnan(bound) else Error(kind, sd, **{"high" if kind == "below" else "low": bound})
        ends = self.rising(given, f"'{kind}'")
        if ends is None:
            return None
        if not ends[0] <= value <= ends[1] and not math.isnan(value):
            self.refuse(given.place, f"the value {value:g} lies outside its own range, {ends[0]:g} to {ends[1]:g}", "one of them is wrong")
        return Error(kind, math.log(ends[1] / ends[0]) / (2.0 * Z90) if kind == "range" else sd, *ends)

    def check_contradictions(self, targets: Sequence[Target]) -> None:
        """Two fitted targets on the same observable cannot be met both when their intervals do not touch."""
        for place, target in enumerate(targets):
            for other in targets[:place]:
                same = (target.world, target.observable) == (other.world, other.observable)
                if not same or (target.use, other.use) != (FIT, FIT):
                    continue
                (low, high), (other_low, other_high) = (one.error.interval(one.value) for one in (target, other))
                if (high or math.inf) < (other_low or 0.0) or (other_high or math.inf) < (low or 0.0):
                    message = f"'{target.name}' and '{other.name}' contradict each other: one observable, ranges that do not touch"
                    hint = "fit one of them, with a range that covers what is believed, and name both under `conflicts`"
                    self.problems.add(_place(target, shown(self.path)), message, hint)

    def conflict(self, entry: Entry, targets: Mapping[str, Target]) -> Mapping[str, tuple[Target, ...]]:
        """What each source says."""
        return {source.key: self.believed(source, targets) for source in self.entries(entry.node, f"the conflict '{entry.key}'")}

    def believed(self, source: Entry, targets: Mapping[str, Target]) -> tuple[Target, ...]:
        found = []
        for said in self.entries(source.node, f"what '{source.key}' says"):
            old = targets.get(said.key)
            if old is None:
                hint = sim.did_you_mean(said.key, targets) or "name one of `targets`"
                self.refuse(said.place, f"there is no target '{said.key[:60]}'", hint)
                continue
            fields = self.fields(said.node, f"'{said.key}'", ("value", "error"))
            value = self.number(fields["value"], "'value'", above=0.0) if "value" in fields else math.nan
            error = self.error(fields["error"], value) if "error" in fields else None
            if error is not None and not math.isnan(value):
                found.append(replace(old, value=value, error=error))
        return tuple(found)


def _place(target: Target, file: str) -> Place:
    line, column = target.place.removeprefix(f"{file}:").split(":")
    return Place(file, int(line), int(column))
