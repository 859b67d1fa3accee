"""Questions that were asked about the run's world, as sections of its report.

A verb that asks one leaves `<verb>.json` in its folder; one that stands in the run's folder under the verb's name (`flywheel explain sora
--out RUN/explain`) is told in the report.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import pandas as pd
from markupsafe import Markup
from matplotlib.figure import Figure

from analysis.early_warning import answer as early_warning
from analysis.figures.deadline import deadline_figure
from analysis.figures.economics import economics_figure
from analysis.figures.explained import explanation_figure
from analysis.figures.rescue import rescue_figure
from analysis.figures.style import as_png, as_svg, settle
from analysis.figures.warn import warning_figure
from analysis.questions import deadline, explain
from analysis.report.pictures import inline_svg
from analysis.rescuing import answer as rescuing
from analysis.unit_economics.answer import economics_of
from analysis.wording import amount
from sim import Run, read_json, write_bytes

_MOST_ROWS = 40
_PLAIN = ("name", "text", "1", "share")
"""Units that a head of a table does not tell."""


class Answer(Protocol):
    """What the report needs of an answer: the finding, more of it, and what the reader should know; its tables are its data frames."""

    @property
    def finding(self) -> str:
        """The answer in a sentence or two."""

    @property
    def findings(self) -> tuple[str, ...]:
        """More of it, a sentence or two each."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader should know."""


@dataclass(frozen=True)
class Question:
    """A question: the verb that asks it, the heading of its section, and the ways from its document to the answer and to the figure."""

    verb: str
    heading: str
    of_document: Callable[[Mapping[str, Any]], Any]
    draw: Callable[[Any], Figure]


QUESTIONS = (
    Question("explain", "What kills it", explain.of_document, explanation_figure),
    Question("rescue", "What would save it", rescuing.of_document, rescue_figure),
    Question("deadline", "Until when it can be saved", deadline.of_document, deadline_figure),
    Question("warn", "How early one can know", early_warning.of_document, warning_figure),
    Question("economics", "What a user is worth", economics_of, economics_figure),
)


class Cell(NamedTuple):
    """What stands in a place of a table, and whether it is a number."""

    text: str
    is_number: bool


@dataclass(frozen=True)
class Table:
    """A table of an answer as the page has it; left_out: rows that only the file has."""

    name: str
    heads: list[str]
    rows: list[list[Cell]]
    left_out: int


@dataclass(frozen=True)
class Told:
    """An answer as the page has it."""

    verb: str
    heading: str
    finding: str
    findings: tuple[str, ...]
    notes: tuple[str, ...]
    svg: Markup
    tables: list[Table]


def answers(run: Run) -> Iterator[Told]:
    """The answers that stand in the run's folder, in the order of QUESTIONS. Their figures are written beside those of the report.

    One about another scenario is left out. Raises InputError for a file that is cut off.
    """
    for question in QUESTIONS:
        path = run.folder / question.verb / f"{question.verb}.json" if run.folder is not None else None
        if path is None or not path.exists():
            continue
        document = read_json(path)
        if document["scenario"] == run.name:
            yield _told(question, question.of_document(document), run)


def _told(question: Question, answer: Answer, run: Run) -> Told:
    figure = question.draw(answer)
    figure.suptitle("")  # the page says the finding above it
    settle(figure)
    width, height = (float(size) for size in figure.get_size_inches())
    svg = as_svg(figure)
    for ending, data in (("png", as_png(figure)), ("svg", svg)):
        assert run.folder is not None
        write_bytes(run.folder / "figures" / f"{question.verb}.{ending}", data)
    shown = inline_svg(svg, question.verb, answer.finding, " ".join(answer.findings), (0.0, 0.0, width, height))
    frames = {name: value for name, value in vars(answer).items() if isinstance(value, pd.DataFrame)}
    tables = [_table(name, frame) for name, frame in frames.items()]
    return Told(question.verb, question.heading, answer.finding, answer.findings, answer.notes, shown, tables)


def _table(name: str, frame: pd.DataFrame) -> Table:
    units = {str(column): str(frame.attrs.get("units", {}).get(column, "name")) for column in frame.columns}
    heads = [f"{column}, {unit}" if unit not in _PLAIN else column for column, unit in units.items()]
    rows = [[_cell(value, units[str(column)]) for column, value in row.items()] for row in frame.head(_MOST_ROWS).to_dict("records")]
    return Table(name.replace("_", " "), [head.replace("_", " ") for head in heads], rows, max(0, len(frame) - _MOST_ROWS))


def _cell(value: object, unit: str) -> Cell:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Cell(amount(float(value), unit) if is_number else str(value), is_number)  # type: ignore[arg-type]
