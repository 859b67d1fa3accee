"""Sweep files: YAML, as strict as scenarios.

    schema: 1
    base: sora                                      # a shipped scenario, or a file beside this one
    set: {agents: 10000}                            # dotted paths, the same in every run
    vary:                                           # each path: values, levels or a distribution (variables.py)
      dials: {steerability: {from: 0, to: 1, steps: 7}}
      policies: {interventions.quota_cut.date: [2025-11-28, 2026-01-10]}
      uncertain: {creators.status_usd: {log_uniform: [0.03, 0.8]}}
    design: grid                                    # or {name: sobol, points: 256}: designs.py
    replicates: 10
    draws: paired                                   # or independent
    series: [dau, cost_usd]                         # daily metrics to keep

What is uncertain and has a distribution is drawn by the design where that samples; under grid and zip once a replicate, so that
every point meets the same worlds. `list` has its points under `vary` as a list, each with the groups.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sim
from analysis.experiments.designs import SAMPLED, Design, Point, drawn, latin_hypercube
from analysis.experiments.jobs import Job
from analysis.experiments.sweep_jobs import SweepJobs
from analysis.experiments.sweep_keys import MOST_RUNS, read_choice, read_design, read_keys, read_series, read_whole
from analysis.experiments.sweep_vary import PathReader, check_fit
from analysis.experiments.variables import Variable
from analysis.experiments.writing import SERIES
from sim import Block, Node, Place, ProblemList, Scalar

REPLICATES = 10
"""Of each point, where the file does not say."""
MANY_RUNS = 1_000_000
"""So many runs need a yes."""
_DRAWS = ("paired", "independent")
_SMALLEST = "`schema: 1`, `base: …`, `vary: …`, `design: …`"


@dataclass(frozen=True)
class Sweep:
    """A sweep: points of a design, replicates of each.

    groups: path -> "dials", "policies" or "uncertain". base: the scenario with what the file sets. points: path -> value, in order,
    without what is drawn once a replicate. jobs: all runs, point by point, each made when asked for. series: daily metrics to keep.
    """

    name: str
    base: sim.Scenario
    design: Design
    groups: Mapping[str, str]
    points: Sequence[Point]
    replicates: int
    draws: str
    series: tuple[str, ...]
    jobs: Sequence[Job]


def load_sweep(source: str | Path, *, many: bool = False) -> Sweep:
    """Load and check a sweep file; a bare name is a shipped one. Raises InputError with every problem found.

    many: whether a million runs and more are meant.
    """
    path = _find(str(source))
    problems = ProblemList()
    root = sim.read_tree(path, _shown(path), Place(_shown(path)), problems, "sweep", _SMALLEST)
    problems.raise_if_any()
    assert root is not None
    return _Reader(path, root, problems, many).read()


def shipped_sweeps() -> tuple[str, ...]:
    """The names of the sweep files that come with the package."""
    return tuple(sorted(path.stem for path in (sim.shipped_folder() / "sweeps").glob("*.yaml")))


def _find(source: str) -> Path:
    if source in shipped_sweeps():
        return sim.shipped_folder() / "sweeps" / f"{source}.yaml"
    path = Path(source)
    if not os.path.exists(path):
        hint = sim.did_you_mean(source, shipped_sweeps()) or f"shipped sweeps: {', '.join(shipped_sweeps())}"
        raise sim.InputError([sim.Problem(source, "there is no such sweep file", hint)])
    return path


def _shown(path: Path) -> str:
    shipped = sim.shipped_folder().parent
    return path.relative_to(shipped).as_posix() if path.is_relative_to(shipped) else path.as_posix()


@dataclass(frozen=True)
class _Reader:
    """Reads the tree of a sweep file, noting every problem with its place."""

    path: Path
    root: Block
    problems: ProblemList
    many: bool

    def read(self) -> Sweep:
        nodes = {key: entry.node for key, entry in read_keys(self.root, self.problems).items()}
        design = read_design(nodes["design"], self.problems) if "design" in nodes else None
        replicates = read_whole(nodes["replicates"], "replicates", 1, MOST_RUNS, self.problems) if "replicates" in nodes else REPLICATES
        draws = read_choice(nodes["draws"], "draws", _DRAWS, self.problems) if "draws" in nodes else _DRAWS[0]
        series = read_series(nodes["series"], self.problems) if "series" in nodes else SERIES
        family = self.family(nodes["base"]) if "base" in nodes else None
        paths = PathReader(self.member(family, {}), self.problems)
        fixed = paths.fixed(nodes["set"]) if "set" in nodes else {}
        base = self.member(family, fixed)
        variables, listed = self.varied(nodes.get("vary"), design, paths)
        for path in fixed:
            if path in paths.groups:
                self.problems.add(nodes["set"].place, f"'{path}' is both set and varied", "keep it under `vary` only")
        self.problems.raise_if_any()
        assert family is not None
        assert base is not None
        assert design is not None
        assert replicates is not None
        is_paired = draws == _DRAWS[0]
        by_design = [one for one in variables if design.name in SAMPLED or one.levels]
        others = [one for one in variables if one not in by_design]
        self.check_number((len(listed) or design.count(by_design)) * replicates)
        points = listed or design.points(by_design)
        times = replicates if is_paired else replicates * len(points)
        worlds = drawn(others, latin_hypercube(1, times, len(others))) if others else []
        jobs = SweepJobs(family, fixed, points, worlds, replicates, is_paired=is_paired)
        jobs.check(paths.places, str(nodes["vary"].place))
        return Sweep(self.path.stem, base, design, paths.groups, points, replicates, str(draws), series, jobs)

    def varied(self, node: Node | None, design: Design | None, paths: PathReader) -> tuple[list[Variable], list[Point]]:
        """What `vary` says: variables, or for the design `list` points."""
        if node is None:
            return [], []
        if design is not None and design.name == "list":
            return [], paths.listed(node)
        variables = paths.variables(node)
        if design is not None:
            check_fit(design, variables, node, self.problems)
        return variables, []

    def family(self, node: Node) -> sim.ScenarioFamily | None:
        """The scenarios that can be made of the base; None after noting that there is none."""
        name = node.value if isinstance(node, Scalar) else None
        if not isinstance(name, str) or not name.strip():
            self.problems.add(node.place, f"'base' must be the name of a scenario, not {sim.kind_of(node)}", "for example `base: sora`")
            return None
        shipped = sim.shipped_names()
        if not name.endswith((".yaml", ".yml")):
            if name in shipped:
                return sim.ScenarioFamily(name)
            hint = sim.did_you_mean(name, shipped) or f"shipped: {', '.join(shipped)}; a file is named with its ending .yaml"
            self.problems.add(node.place, f"there is no shipped scenario '{name[:60]}'", hint)
            return None
        path = self.path.parent / name
        if not os.path.exists(path):  # pathlib raises for names that are too long
            self.problems.add(node.place, f"there is no such scenario file: {name[:60]}", "paths begin at the folder of the sweep file")
            return None
        try:
            return sim.ScenarioFamily(path)
        except sim.InputError as error:
            self.take_over(error)
            return None

    def member(self, family: sim.ScenarioFamily | None, overrides: Mapping[str, sim.Value]) -> sim.Scenario | None:
        """The base under these overrides; None after noting what is wrong with it."""
        try:
            return None if family is None else family.member(overrides)
        except sim.InputError as error:
            self.take_over(error)
            return None

    def take_over(self, error: sim.InputError) -> None:
        for problem in error.problems:
            self.problems.add(Place(problem.place), problem.message, problem.hint)

    def check_number(self, runs: int) -> None:
        """Raises InputError for too many runs."""
        if runs > MOST_RUNS or (runs >= MANY_RUNS and not self.many):
            hint = "if that is meant, say --yes; if not, take fewer levels, points or replicates"
            raise sim.InputError(
                [sim.Problem(_shown(self.path), f"this makes {runs:,} runs", f"at most {MOST_RUNS:,}" if runs > MOST_RUNS else hint)]
            )
