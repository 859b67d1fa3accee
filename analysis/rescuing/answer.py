"""What saves a product at the least cost: the answer, in words, tables and as a document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.rescuing.saving import LOST, NEED_UNCLEAR, NEEDS_NONE, UNCLEAR
from analysis.wording import amount, band

SCHEMA, HOLDS = 1, "flywheel rescue"
_UNITS = {"cost_usd": "USD", "probability": "share", "low": "share", "high": "share"}
_SHARES = ("count", "draws", "probability", "low", "high")
_COLUMNS = {
    "front": ("package", "cost_usd", *_SHARES, "recommended"),
    "changes": ("lever", "title", "before", "after", "cost_usd", "source"),
    "without": ("lever", "title", "cost_usd", *_SHARES, "verdict"),
    "checked": ("package", "cost_usd", *_SHARES, "recommended"),
}
_PLAIN = ("kind", "wanted", "budget", "draws")


@dataclass(frozen=True)
class Rescue:
    """What saves a product at the least cost.

    kind: "needs no saving", "cannot tell whether it needs saving", "saved", "cannot tell" or "lost". wanted: the probability asked for.
    budget: USD, None for any. draws: over what the probabilities are. searched: packages there are, packages and runs asked, and whether
    the search came to its end. overrides: what makes the recommended change, for `--set`.
    front: packages than which none is cheaper and likelier, the cheapest first: package, cost_usd, count, draws, probability, low, high
    (Wilson's 95 %), recommended. changes: the recommended ones, the dearest first: lever, title, before, after, cost_usd, source.
    without: the recommended package with one lever left out: lever, title, cost_usd, count, draws, probability, low, high, verdict.
    checked: over an ensemble, how the packages of the point fit's front do there: the columns of front. point: that answer; else None.
    """

    name: str
    kind: str
    wanted: float
    budget: float | None
    draws: str
    notes: tuple[str, ...]
    searched: Mapping[str, int | bool]
    overrides: tuple[str, ...]
    front: pd.DataFrame
    changes: pd.DataFrame
    without: pd.DataFrame
    checked: pd.DataFrame
    point: Rescue | None = None

    @property
    def recommended(self) -> dict[str, Any]:
        """The row of the front that is recommended; under "lost" the likeliest one."""
        [row] = self.front[self.front["recommended"]].to_dict("records")
        return {str(key): value for key, value in row.items()}

    @property
    def finding(self) -> str:
        """What saves it, in a sentence or two."""
        row, wanted = self.recommended, f"{100.0 * self.wanted:.3g} %"
        share = f"{row['count']} of {row['draws']} {self.draws} (95 % interval {band(row['low'], row['high'], 'share')})"
        if self.kind == NEEDS_NONE:
            return f"{self.name} needs no saving: as it is, it sustains itself in {share}{self._of_the_point()}"
        if self.kind == NEED_UNCLEAR:
            return f"{self.name} sustains itself in {share} as it is: too few draws to tell whether that is {wanted}{self._of_the_point()}"
        cost = amount(row["cost_usd"], "USD")
        package = f"{row['package']}, for {cost} once"
        within = "" if self.budget is None else f" within {amount(self.budget, 'USD')}"
        if self.kind == LOST:
            return f"{self.name} cannot be saved with these levers{within}: the best is {package}, which sustains it in {share}" + (
                self._of_the_point()
            )
        if self.kind == UNCLEAR:
            return (
                f"Too few draws to tell whether {self.name} can be saved{within}: {package} sustains it in {share}, and {wanted} is asked"
                + (self._of_the_point())
            )
        return (
            f"{self.name} can be saved for {cost} once, the least that was found: {row['package']}. It then sustains itself in {share};"
            f" {self._parts()}{self._of_the_point()}"
        )

    @property
    def findings(self) -> tuple[str, ...]:
        """Each change with what it costs, and what an assumption that is."""
        changes = (f"{one['title']}: {one['before']} → {one['after']}, {amount(one['cost_usd'], 'USD')}" for one in self._changes())
        return (*changes, "What changes cost is assumed, right to a factor of three at best.")

    def _changes(self) -> list[dict[Any, Any]]:
        return self.changes.to_dict("records")

    def _parts(self) -> str:
        """Which of the changes can be left out."""
        unclear = self.without.loc[self.without["verdict"] != "needed", "title"].tolist()
        if not unclear:
            return f"none of the {len(self.without)} changes can be left out" if len(self.without) > 1 else "nothing less does"
        return f"whether it needs {', '.join(unclear)} cannot be told"

    def _of_the_point(self) -> str:
        if self.point is None or self.checked.empty:
            return ""
        [row] = self.checked[self.checked["recommended"]].to_dict("records")
        share = f"{row['count']} of {row['draws']} sets (95 % interval {band(row['low'], row['high'], 'share')})"
        return f". What the point fit recommends ({row['package']}, {amount(row['cost_usd'], 'USD')}) does so in {share}"

    def document(self) -> dict[str, Any]:
        """All of it, fit for JSON; `of_document` reads it."""
        plain = {field: getattr(self, field) for field in _PLAIN}
        tables = {name: getattr(self, name).to_dict("records") for name in _COLUMNS}
        lists: dict[str, Any] = {"notes": list(self.notes), "searched": dict(self.searched), "overrides": list(self.overrides)}
        point = None if self.point is None else self.point.document()
        head = {"holds": HOLDS, "schema": SCHEMA, "scenario": self.name, "finding": self.finding}
        return {**head, **plain, **lists, **tables, "point": point}


def of_document(document: Mapping[str, Any]) -> Rescue:
    """The answer that `Rescue.document` wrote. Raises ValueError for other documents."""
    if document.get("holds") != HOLDS or document.get("schema") != SCHEMA:
        raise ValueError(f"this is no document of {HOLDS}, schema {SCHEMA}")
    fields: dict[str, Any] = {field: document[field] for field in _PLAIN} | {name: table_of(name, document[name]) for name in _COLUMNS}
    return Rescue(
        document["scenario"],
        **fields,
        notes=tuple(document["notes"]),
        searched=dict(document["searched"]),
        overrides=tuple(document["overrides"]),
        point=None if document["point"] is None else of_document(document["point"]),
    )


def table_of(name: str, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """One of the tables of an answer, with the units of its columns."""
    table = pd.DataFrame(rows, columns=list(_COLUMNS[name]))
    table.attrs["units"] = {column: _UNITS[column] for column in _COLUMNS[name] if column in _UNITS}
    return table
