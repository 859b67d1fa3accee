"""What early figures are worth: the answer of `warn`, in words, tables and as a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

import sim
from analysis.early_warning.early import BY_NAME
from analysis.early_warning.foretelling import ALL, BEST_THREE
from analysis.early_warning.known import COLUMNS, MEASURED, PUBLISHED
from analysis.questions.tables import records
from analysis.wording import amount, band

HOLDS, SCHEMA = "flywheel warn", 1
MOST_WALLS = 3
SURE = 0.1
"""A probability under this is a warning."""
TABLES = ("scores", "reliability", "selection", "walls", "public")
_UNITS = {
    "scores": {"day": "days", "share": "share", "auc": "1", "brier": "1", "skill": "1", "worlds": "worlds"},
    "reliability": {"day": "days", "said": "share", "came": "share", "worlds": "worlds"},
    "selection": {"day": "days", "among_three": "share", "first": "share", "place": "1"},
    "walls": {"day": "days", "threshold": "unit", "sensitivity": "share", "specificity": "share", "yes_bad": "share", "yes_good": "share"},
    "public": {"day": "days", "p": "share", "low": "share", "high": "share", "auc": "1", "worlds": "worlds"},
}


@dataclass(frozen=True)
class EarlyWarning:
    """What early figures are worth.

    name: the scenario, or the sweep. outcome: what is told. worlds: how many, and how many of them came to it (yes). notes: what the reader
    should know. scores, reliability, selection, walls: as of a Foretelling. public: what public figures of the product say by date, a row a
    basis and day; empty where there are none.
    """

    name: str
    outcome: str
    worlds: int
    yes: int
    notes: tuple[str, ...]
    scores: pd.DataFrame
    reliability: pd.DataFrame
    selection: pd.DataFrame
    walls: pd.DataFrame
    public: pd.DataFrame

    def __post_init__(self) -> None:
        for table, units in _UNITS.items():
            getattr(self, table).attrs["units"] = units

    @property
    def share(self) -> float:
        """The share of the worlds that came to the outcome: what is said of a product of which nothing is known."""
        return self.yes / self.worlds

    @property
    def days(self) -> list[int]:
        """The days by which was looked."""
        return [int(day) for day in self.scores["day"].unique()]

    @property
    def what(self) -> str:
        """The outcome in words."""
        return self.outcome.replace("_", "-")

    def score(self, day: int, teller: str) -> dict[str, Any]:
        """A row of the scores."""
        rows = self.scores[(self.scores["day"] == day) & (self.scores["teller"] == teller)]
        return {str(key): value for key, value in rows.iloc[0].items()}

    @property
    def finding(self) -> str:
        """How well the outcome is told, early and late, what carries it, and one wall."""
        first, last = self.days[0], self.days[-1]
        names = [BY_NAME[name].label for name in self.carriers(last)]
        wall = self.shown_walls(last).iloc[:1].to_dict("records")
        together = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
        return (
            f"Early figures tell {self.what} from other worlds with an AUC of {area(self.score(first, ALL))} by day {first} and of "
            f"{area(self.score(last, ALL))} by day {last}, where {together} alone reach {area(self.score(last, BEST_THREE))}. "
            + (wall_words(wall[0], self.what) if wall else f"No single one has a wall that holds by day {last}")
        )

    @property
    def findings(self) -> tuple[str, ...]:
        """The walls day by day, and what the public figures of the product would have said."""
        walls = [wall_words(row, self.what) for day in self.days for row in self.shown_walls(day).head(1).to_dict("records")]
        return (*walls, self.verdict) if self.verdict else tuple(walls)

    def carriers(self, day: int) -> list[str]:
        """The two or three indicators that carry it by a day, the first chosen first."""
        rows = self.selection[(self.selection["day"] == day) & (self.selection["place"] > 0)]
        return [str(name) for name in rows.sort_values("place")["indicator"]]

    def shown_walls(self, day: int) -> pd.DataFrame:
        """The walls by a day that hold, at most MOST_WALLS: of the carriers first, then of what tells best alone."""
        rows = self.walls[(self.walls["day"] == day) & self.walls["holds"]]
        carriers = self.carriers(day)
        alone = [self.score(day, str(name))["auc"] for name in rows["indicator"]]
        place = [carriers.index(name) if name in carriers else len(carriers) for name in rows["indicator"]]
        return rows.assign(alone=alone, place=place).sort_values(["place", "alone"], ascending=[True, False]).head(MOST_WALLS)

    @property
    def verdict(self) -> str:
        """What the public figures of the product would have said, and when; empty where there are none."""
        if self.public.empty:
            return ""
        said = [self._said(basis) for basis in (MEASURED, PUBLISHED)]
        return "; ".join(one for one in said if one)

    def _said(self, basis: str) -> str:
        rows = self.public[(self.public["basis"] == basis) & self.public["p"].notna()]
        if rows.empty:
            return f"as {basis}, no public figure says anything"
        told = ", ".join(
            f"day {row['day']} {amount(row['p'], 'share')} ({band(row['low'], row['high'], 'share')})"
            for row in rows[rows["day"].isin(self.days)].to_dict("records")
        )
        since = first_below(rows)
        if since is None:
            return f"P({self.what}) as {basis}: {told}; never under {amount(SURE, 'share')} for good"
        sure = rows.loc[(rows["day"] >= since) & (rows["high"] < SURE), "day"]
        doubt = f"its upper end too on day {sure.iloc[0]}" if len(sure) else "its upper end never"
        return f"P({self.what}) as {basis}: {told}; under {amount(SURE, 'share')} from day {since} on, {doubt}"

    def document(self) -> dict[str, Any]:
        """All of it, fit for JSON; None where a number is not defined."""
        tables = {name: records(getattr(self, name)) for name in TABLES}
        head = {"holds": HOLDS, "schema": SCHEMA, "scenario": self.name, "outcome": self.outcome, "worlds": self.worlds, "yes": self.yes}
        return {**head, "finding": self.finding, "public_finding": self.verdict, "notes": list(self.notes), **tables}


def of_document(document: Mapping[str, Any]) -> EarlyWarning:
    """The answer that a document holds. Raises InputError where it is another one's."""
    if document.get("holds") != HOLDS or document.get("schema") != SCHEMA:
        raise sim.InputError([sim.Problem("document", f"is not an answer of `{HOLDS}` of this version", "ask again")])
    fields: dict[str, Any] = {name: document[name] for name in ("outcome", "worlds", "yes")}
    fields |= {"name": document["scenario"]} | {name: _frame(document[name], name) for name in TABLES}
    return EarlyWarning(**fields, notes=tuple(document["notes"]))


def _frame(rows: Sequence[Mapping[str, Any]], name: str) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=None if rows or name != "public" else list(COLUMNS))
    numbers = [column for column in frame if frame[column].isna().any()]
    return frame.astype(dict.fromkeys(numbers, np.float64))


def area(row: Mapping[str, Any]) -> str:
    """An AUC with its interval: .78 (.74-.82)."""
    return f"{row['auc']:.2f} ({row['auc_low']:.2f}–{row['auc_high']:.2f})"


def rule(row: Mapping[Any, Any]) -> str:
    """The side of a wall that speaks against: D7 under 9 %."""
    return f"{row['label']} {'under' if row['more_is_yes'] else 'over'} {amount(row['threshold'], row['unit'])}"


def wall_words(row: Mapping[Any, Any], what: str) -> str:
    """A wall as a sentence: by day 14, D7 under 9 % means ..."""
    there, other = (amount(row[side], "share") for side in ("yes_bad", "yes_good"))
    return f"By day {row['day']}, {rule(row)} means {what} in {there} of the worlds, else in {other}"


def first_below(rows: pd.DataFrame) -> int | None:
    """The day from which on p stays under SURE; None where it is not at the end."""
    under = (rows["p"] < SURE).to_numpy()
    if not under[-1]:
        return None
    return int(rows["day"].iloc[int(np.flatnonzero(~under).max(initial=-1)) + 1])
