"""The same products coded a second time: how far two people who read the same guide agree."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.retrodiction.guide import Question
from analysis.retrodiction.sheet import Choice, Sheet, load_codings


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two codings of the same cases. steps: a row an answer: case, question, first, second, apart (second minus first, in steps)."""

    steps: pd.DataFrame

    @property
    def same(self) -> float:
        """Share of the answers on the same step."""
        return float((self.steps["apart"] == 0).mean())

    @property
    def within_one(self) -> float:
        """Share of the answers at most one step apart."""
        return float((self.steps["apart"].abs() <= 1).mean())

    @property
    def by_question(self) -> pd.DataFrame:
        """A row a question, the least agreed on first: question, same, within_one (shares of the cases), mean_apart (steps, with sign)."""
        grouped = self.steps.assign(same=self.steps["apart"] == 0, within_one=self.steps["apart"].abs() <= 1).groupby(
            "question", sort=False
        )
        table = grouped.agg(same=("same", "mean"), within_one=("within_one", "mean"), mean_apart=("apart", "mean"))
        return table.sort_values(["within_one", "same"], kind="stable").reset_index()


def recoded(sheets: Sequence[Sheet], path: Path, questions: tuple[Question, ...]) -> tuple[tuple[Sheet, ...], Agreement]:
    """The sheets with the steps of another coder, and how far the two agree. path: YAML, case -> question -> `{step: 2, because: …}`.

    Raises InputError with everything that is wrong with the file; cases and questions must be those of the sheets.
    """
    codings = load_codings(path, [sheet.name for sheet in sheets], questions)
    again = tuple(dataclasses.replace(sheet, coding=codings[sheet.name]) for sheet in sheets)
    return again, agreement({sheet.name: sheet.coding for sheet in sheets}, codings)


def agreement(first: Mapping[str, Mapping[str, Choice]], second: Mapping[str, Mapping[str, Choice]]) -> Agreement:
    """How far two codings, case -> question -> choice, agree on the answers that both have."""
    rows = [
        (case, question, choice.step, second[case][question].step, second[case][question].step - choice.step)
        for case, answers in first.items()
        for question, choice in answers.items()
    ]
    table = pd.DataFrame(rows, columns=["case", "question", "first", "second", "apart"])
    table.attrs["units"] = {"case": "name", "question": "name"} | dict.fromkeys(("first", "second", "apart"), "step")
    return Agreement(table)
