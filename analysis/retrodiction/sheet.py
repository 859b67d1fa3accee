"""A sheet: a product, what became of it, the public facts from before that, and the step chosen for each question of the guide."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import sim
from analysis.retrodiction.guide import Question
from sim import Block, Entry, Listing, Node, Place, ProblemList, Scalar

SHEETS = "sheets"
"""The folder of the sheets, in that of the cases."""

OUTCOMES = ("self_sustaining", "subsidised", "harvest", "fading", "vestigial", "shutdown")
"""What may be known of a product's end."""

_KEYS = ("product", "launched", "known", "published_d30", "facts", "coding", "cannot_express")
_KNOWN_KEYS = ("outcome", "date", "closing_day", "event")
_FACT_KEYS = ("what", "value", "unit", "as_of", "source", "publisher", "confidence")
_CONFIDENCES = ("high", "medium", "low")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_MOST_YEARS, _DAYS_A_YEAR = 5, 365


@dataclass(frozen=True, slots=True)
class Choice:
    """The step of a question, from 1, and why."""

    step: int
    because: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A coded product.

    outcomes: those that fit what became of it. known_on: the day on which that was public. closing_day: days from launch, None where it was
    not closed. published_d30: share of adopters active 30 days later, None where nobody published it. facts: name -> what, value, unit,
    as_of, source, publisher, confidence, as written.
    """

    name: str
    product: str
    launched: datetime.date
    outcomes: tuple[str, ...]
    known_on: datetime.date
    closing_day: int | None
    event: str
    published_d30: float | None
    facts: Mapping[str, Mapping[str, sim.Value]]
    coding: Mapping[str, Choice]
    cannot_express: tuple[str, ...]

    @property
    def days(self) -> int:
        """How long it is run: whole years, to the end of the one in which its outcome was known, five at the most."""
        years = -(-(self.known_on - self.launched).days // _DAYS_A_YEAR)
        return _DAYS_A_YEAR * min(_MOST_YEARS, max(1, years))


def load_sheets(folder: Path, questions: tuple[Question, ...]) -> tuple[Sheet, ...]:
    """The sheets of a folder of cases, in order of their names. Raises InputError with every problem of all of them."""
    paths = sorted((folder / SHEETS).glob("*.yaml"))
    if not paths:
        hint = f"sheets stand in {folder}/{SHEETS}: copy the template there; the shipped cases are in {_shown(sim.shipped_folder())}/cases"
        raise sim.InputError([sim.Problem(str(folder), "holds no sheets", hint)])
    problems = ProblemList()
    found = [_Reader(path, questions, problems).read() for path in paths]
    problems.raise_if_any()
    return tuple(sheet for sheet in found if sheet is not None)


def load_codings(path: Path, cases: Sequence[str], questions: tuple[Question, ...]) -> dict[str, dict[str, Choice]]:
    """The choices of a coder for these cases, from a file of nothing else. Raises InputError with every problem of it."""
    problems = ProblemList()
    reader = _Reader(path, questions, problems)
    root = sim.read_tree(path, reader.start.file, reader.start, problems, "coding", "`vine: {steerability: {step: 4, because: …}, …}`")
    answers = {} if root is None else reader.fields(root, tuple(cases), "")
    codings = {case: reader.coding(node) for case, node in answers.items()}
    problems.raise_if_any()
    return codings


def last_day_of(as_of: str) -> datetime.date | None:
    """The last day of a year, month or day as written ("2020-05"); None where it is none of these."""
    match = _DATE.fullmatch(as_of)
    if match is None:
        return None
    year, month = int(match[1]), int(match[2] or 12)
    try:
        return datetime.date(year, month, int(match[3] or calendar.monthrange(year, month)[1]))
    except ValueError:
        return None


def _shown(path: Path) -> str:
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else path.as_posix()


class _Reader:
    """Reads one sheet, noting every problem with its place."""

    def __init__(self, path: Path, questions: tuple[Question, ...], problems: ProblemList) -> None:
        self.path, self.questions, self.problems = path, questions, problems
        self.start = Place(_shown(path), 1, 1)
        self.known = len(problems.found)

    def read(self) -> Sheet | None:
        """The sheet; None after noting what is wrong with it."""
        root = sim.read_tree(self.path, self.start.file, self.start, self.problems, "sheet", "`product: …`, `launched: …`")
        if root is None:
            return None
        top = self.fields(root, _KEYS, "")
        known = self.fields(top.get("known"), _KNOWN_KEYS, "known")
        launched, known_on = self.date(top.get("launched"), "launched"), self.date(known.get("date"), "date")
        if launched and known_on and known_on <= launched:
            self.problems.add(known["date"].place, f"'known.date' {known_on} is not after the launch on {launched}")
        facts = self.facts(top.get("facts"), known_on)
        coding, cannot = self.coding(top.get("coding")), self.texts(top.get("cannot_express"), "cannot_express")
        outcomes = self.outcomes(known.get("outcome"))
        closing_day = self.number(known.get("closing_day"), "known.closing_day", 10_000)
        if outcomes and (closing_day is not None) != ("shutdown" in outcomes):
            said = "is given, but the product was not closed" if closing_day is not None else "is missing of a product that was closed"
            self.problems.add(known["closing_day"].place, f"'known.closing_day' {said}")
        d30 = self.number(top.get("published_d30"), "published_d30", 1)
        product, event = self.text(top.get("product"), "product"), self.text(known.get("event"), "known.event")
        if len(self.problems.found) > self.known or launched is None or known_on is None:
            return None
        day = None if closing_day is None else int(closing_day)
        return Sheet(self.path.stem, product, launched, outcomes, known_on, day, event, d30, facts, coding, cannot)

    def fields(self, node: Node | None, keys: tuple[str, ...], what: str) -> dict[str, Node]:
        """The nodes of a mapping that must have just these keys."""
        if not isinstance(node, Block):
            if node is not None:
                self.problems.add(node.place, f"'{what}' must be a mapping, not {sim.kind_of(node)}")
            return {}
        dot = f"{what}." if what else ""
        for entry in node.entries:
            if entry.key not in keys:
                hint = sim.did_you_mean(entry.key, keys) or f"known here: {', '.join(keys)}"
                self.problems.add(entry.place, f"unknown key '{dot}{entry.key[:60]}'", hint)
        given = {entry.key: entry.node for entry in node.entries}
        for key in keys:
            if key not in given:
                self.problems.add(node.place, f"'{dot}{key}' is missing", "the template has every key")
        return given

    def text(self, node: Node | None, what: str) -> str:
        if isinstance(node, Scalar) and node.text.strip():
            return node.text.strip()
        if node is not None:
            self.problems.add(node.place, f"'{what}' must be text, not {sim.kind_of(node)}")
        return ""

    def texts(self, node: Node | None, what: str) -> tuple[str, ...]:
        if isinstance(node, Listing) and node.items:
            return tuple(self.text(item, what) for item in node.items)
        if node is not None:
            self.problems.add(node.place, f"'{what}' must be a list of sentences, not {sim.kind_of(node)}")
        return ()

    def date(self, node: Node | None, what: str) -> datetime.date | None:
        text = self.text(node, what)
        day = last_day_of(text) if len(text) == 10 else None
        if day is None and node is not None and text:
            self.problems.add(node.place, f"'{what}' must be a date such as 2020-05-17, not '{text[:40]}'")
        return day

    def number(self, node: Node | None, what: str, high: float) -> float | None:
        """A number above 0 and up to `high`, or None for null."""
        value = node.value if isinstance(node, Scalar) else ""
        if value is None or node is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and 0.0 < value <= high:
            return value
        self.problems.add(node.place, f"'{what}' must be a number above 0 and up to {high:g}, or null, not {sim.kind_of(node)}")
        return None

    def outcomes(self, node: Node | None) -> tuple[str, ...]:
        names = self.texts(node, "known.outcome")
        for name in names:
            if name and name not in OUTCOMES and node is not None:
                hint = sim.did_you_mean(name, OUTCOMES) or f"known here: {', '.join(OUTCOMES)}"
                self.problems.add(node.place, f"there is no outcome '{name[:40]}'", hint)
        return names

    def facts(self, node: Node | None, known_on: datetime.date | None) -> dict[str, dict[str, sim.Value]]:
        """The facts by name, each from before the outcome."""
        found = {}
        for entry in self.entries(node, "facts"):
            nodes = self.fields(entry.node, _FACT_KEYS, f"facts.{entry.key}")
            found[entry.key] = {key: one.value if isinstance(one, Scalar) else None for key, one in nodes.items()}
            if "as_of" not in nodes:
                continue
            as_of = nodes["as_of"]
            last = last_day_of(self.text(as_of, "as_of"))
            if last is None:
                self.problems.add(as_of.place, "'as_of' must be a year, a month or a day", "for example 2020, 2020-05 or 2020-05-17")
            elif known_on is not None and last >= known_on:
                message = f"'facts.{entry.key}' is not from before the outcome of {known_on}"
                self.problems.add(as_of.place, message, "a fact counts as of the last day of its year or month")
            if found[entry.key].get("confidence") not in _CONFIDENCES and "confidence" in nodes:
                self.problems.add(nodes["confidence"].place, f"'confidence' must be one of {', '.join(_CONFIDENCES)}")
        return found

    def coding(self, node: Node | None) -> dict[str, Choice]:
        """The chosen step of every question."""
        answers = self.fields(node, tuple(question.name for question in self.questions), "coding")
        found = {}
        for question in self.questions:
            if question.name not in answers:
                continue
            choice = self.fields(answers[question.name], ("step", "because"), f"coding.{question.name}")
            step = choice.get("step")
            value = step.value if isinstance(step, Scalar) else None
            if type(value) is int and 1 <= value <= len(question.steps):
                found[question.name] = Choice(value, self.text(choice.get("because"), "because"))
            elif step is not None:
                message = f"'coding.{question.name}.step' must be a whole number from 1 to {len(question.steps)}, not {sim.kind_of(step)}"
                self.problems.add(step.place, message)
        return found

    def entries(self, node: Node | None, what: str) -> tuple[Entry, ...]:
        if isinstance(node, Block):
            return node.entries
        if node is not None:
            self.problems.add(node.place, f"'{what}' must be a mapping by name, not {sim.kind_of(node)}")
        return ()
