"""Levers as they fit a scenario, and the runs of its lives under packages of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sim
from analysis.experiments import Job
from analysis.questions.lives import Life, Lives
from analysis.questions.making import Maker
from analysis.rescuing.cheapest import Package, Space
from analysis.rescuing.levers import Level, Lever
from analysis.wording import amount, number

WANTED = "self_sustaining"


@dataclass(frozen=True)
class Step:
    """A level as it fits a scenario. before, after: what the first path is changed from and to, in words."""

    level: Level
    cost_usd: float
    before: str
    after: str


@dataclass(frozen=True)
class Fitted:
    """A lever with those of its levels that change something."""

    lever: Lever
    steps: tuple[Step, ...]


def space_of(fitted: Sequence[Fitted], budget: float) -> Space:
    """The packages that these levers make."""
    return Space(tuple((0.0, *(step.cost_usd for step in one.steps)) for one in fitted), budget)


def steps_of(fitted: Sequence[Fitted], package: Package) -> list[tuple[Lever, Step]]:
    """What a package changes."""
    return [(one.lever, one.steps[level - 1]) for one, level in zip(fitted, package, strict=True) if level]


def changes_of(level: Level, scenario: sim.Scenario) -> dict[str, sim.Value]:
    """Path -> value of a level in a scenario, for the whole run: where a dated intervention sets the path, there too."""
    found = {}
    for path in level.paths:
        places = {path: scenario.values[path]} | {
            f"interventions.{one.name}.set.{path}": one.changes[path] for one in scenario.interventions if path in one.changes
        }
        found.update({place: _moved(level, path, old) for place, old in places.items()})
    return found


def _moved(level: Level, path: str, old: sim.Value) -> sim.Value:
    if path in level.changes:
        return level.changes[path]
    assert isinstance(old, int | float)
    return round(old * level.factors[path]) if isinstance(old, int) else old * level.factors[path]


class Changed:
    """The lives of a question under packages of changes."""

    def __init__(self, lives: Lives) -> None:
        self.lives = lives.under()
        self._family = sim.ScenarioFamily(lives.world.source)
        self._texts = lives.world.overrides
        self._made: dict[tuple[Package, int], sim.Scenario] = {}

    def __len__(self) -> int:
        return len(self.lives)

    def scenario(self, own: sim.Scenario, levels: Sequence[Level]) -> sim.Scenario:
        """The scenario of a life with these levels on top. Raises InputError."""
        return self._family.member(self.overrides(own, levels), days=own.days, agents=own.agents)

    def overrides(self, own: sim.Scenario, levels: Sequence[Level]) -> list[str]:
        """Everything laid over the file, as "path=value": what the life has of its own, then the levels."""
        laid = {path: own.values[path] for path, origin in own.origins.items() if origin == "--set" and path in own.values}
        other = [text for text in self._texts if not any(f".{path}".endswith(f".{text.partition('=')[0]}") for path in laid)]
        for level in levels:
            laid.update(changes_of(level, own))
        other = [text for text in other if text.partition("=")[0] not in laid]
        return [*other, *(f"{path}={sim.value_text(value)}" for path, value in laid.items())]

    def life(self, draw: int, fitted: Sequence[Fitted], package: Package) -> Life:
        """A life under a package."""
        own, seed = self.lives[draw]
        key = package, id(own)
        if key not in self._made:
            self._made[key] = self.scenario(own, [step.level for _, step in steps_of(fitted, package)])
        return Life(self._made[key], seed)


def fit(levers: Sequence[Lever], changed: Changed, plain: sim.Scenario) -> tuple[list[Fitted], list[str]]:
    """The levers as they fit a scenario, and what the reader should know of those that do not.

    plain: the scenario whose values the words and costs are of. Raises InputError for levels that make no legal world.
    """
    found, problems, notes = [], list[sim.Problem](), []
    for lever in levers:
        steps = []
        for level in lever.levels:
            if not _fits(lever, level, plain):
                continue
            try:
                changed.scenario(plain, [level])
            except sim.InputError as error:
                problems += [sim.Problem(level.place, f"in '{plain.name}': {one.message}", one.hint) for one in error.problems]
            steps.append(_step(level, plain))
        if steps:
            found.append(Fitted(lever, tuple(steps)))
        else:
            notes.append(f"the lever '{lever.name}' is left out: '{plain.name}' has nothing there to change, or has it already")
    if problems:
        raise sim.InputError(problems)
    return found, notes


def _fits(lever: Lever, level: Level, scenario: sim.Scenario) -> bool:
    """Whether a level changes a scenario, and its first path the right way."""
    if any(path not in scenario.values for path in level.paths):
        return False
    if any(not isinstance(scenario.values[path], int | float) or not scenario.values[path] for path in level.factors):
        return False
    changes = changes_of(level, scenario)
    old, new = scenario.values[level.paths[0]], changes[level.paths[0]]
    if isinstance(old, int | float) and isinstance(new, int | float) and lever.direction != "either":
        return new > old if lever.direction == "up" else new < old
    told = {f"interventions.{one.name}.set.{path}": value for one in scenario.interventions for path, value in one.changes.items()}
    return any(value != {**scenario.values, **told}[path] for path, value in changes.items())


def _step(level: Level, scenario: sim.Scenario) -> Step:
    path = level.paths[0]
    changes = changes_of(level, scenario)
    dated = sorted((one for one in scenario.interventions if path in one.changes and one.day is not None), key=lambda one: one.day or 0)
    before = [scenario.values[path], *(one.changes[path] for one in dated)]
    after = [changes[path], *(changes[f"interventions.{one.name}.set.{path}"] for one in dated)]
    cost = level.cost_usd
    if cost is None:
        old, new = scenario.values[path], changes[path]
        assert isinstance(old, int | float)
        assert isinstance(new, int | float)
        cost = max(float(new - old), 0.0)
    return Step(level, cost, _words(before, path), _words(after, path))


def _words(values: Sequence[sim.Value], path: str) -> str:
    declared = sim.override_declaration(path)
    unit = declared.unit if declared is not None else ""
    first, *later = dict.fromkeys(_value(one, unit) for one in values)
    return f"{first}, later {' and '.join(later)}" if later else first


def _value(value: sim.Value, unit: str) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool) or not isinstance(value, int | float):
        return sim.value_text(value)
    return amount(value, unit) if unit.startswith("USD") else number(value)


@dataclass
class Asking:
    """Answers whether packages sustain the product in lives. told: called with how many runs were asked before each batch."""

    fitted: Sequence[Fitted]
    changed: Changed
    maker: Maker
    told: Callable[[int], None]
    asked: int = 0

    def __call__(self, packages: Sequence[tuple[Package, range]]) -> list[list[bool]]:
        """As `cheapest.Ask` asks."""
        lives = [(package, draw, self.changed.life(draw, self.fitted, package)) for package, draws in packages for draw in draws]
        jobs = [
            Job(0, number, {"package": "-".join(map(str, one))}, life.scenario, life.seed) for number, (one, _, life) in enumerate(lives)
        ]
        self.told(self.asked)
        outcomes = iter(self.maker.make(jobs)["outcome"].tolist())
        self.asked += len(jobs)
        return [[str(next(outcomes)) == WANTED for _ in draws] for _, draws in packages]
