"""What is printed of a rescue."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.wording import amount, band

if TYPE_CHECKING:
    import pandas as pd

    from analysis.rescuing.answer import Rescue

_INTERVALS = "Intervals: Wilson's, 95 %, each for itself. Every cost is assumed, and paid once; what a change costs to run is in the books."


def print_rescue(out: Console, answer: Rescue) -> None:
    """The finding, what to change, what happens without each change, and what less or more money buys."""
    out.print(Text(answer.finding, style="bold"))
    if len(answer.changes):
        out.print()
        out.print(_changes(answer))
    if len(answer.without):
        out.print()
        out.print(_without(answer))
    if len(answer.front) > 1:
        out.print()
        out.print(_packages(answer.front, f"What money buys: P(self-sustaining) over {answer.draws}"))
    if len(answer.checked):
        out.print()
        out.print(_packages(answer.checked, "What the point fit recommends, held to the sets"))
    out.print()
    out.print(_INTERVALS)
    if answer.overrides:
        out.print("To run it: " + " ".join(f"--set {text}" for text in answer.overrides), soft_wrap=True, markup=False)


def _table(title: str, *columns: str) -> Table:
    """A plain table: the first column is text, the others are numbers and stand right."""
    table = Table(columns[0], title=title, box=None, title_justify="left", padding=(0, 2, 0, 0))
    for column in columns[1:]:
        table.add_column(column, justify="right", no_wrap=True)
    return table


def _changes(answer: Rescue) -> Table:
    table = _table("What to change", "", "from", "to", "once")
    for row in answer.changes.to_dict("records"):
        table.add_row(row["title"], row["before"], row["after"], amount(row["cost_usd"], "USD"))
    if len(answer.changes) > 1:
        table.add_row(Text("all", style="italic"), "", "", amount(float(answer.changes["cost_usd"].sum()), "USD"))
    return table


def _without(answer: Rescue) -> Table:
    table = _table("With one of them left out", "without", "P", "95 %", "")
    for row in answer.without.to_dict("records"):
        table.add_row(row["title"], *_shares(row), row["verdict"])
    return table


def _packages(rows: pd.DataFrame, title: str) -> Table:
    table = _table(title, "package", "once", "P", "95 %")
    for row in rows.to_dict("records"):
        style = "bold" if row["recommended"] else ""
        table.add_row(row["package"], amount(row["cost_usd"], "USD"), *_shares(row), style=style)
    return table


def _shares(row: Mapping[Hashable, Any]) -> tuple[str, str]:
    return amount(row["probability"], "share"), band(row["low"], row["high"], "share")
