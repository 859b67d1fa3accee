"""What is printed of comparisons and frontiers."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.questions.verdicts import HIGHER, LOWER, SAME
from analysis.wording import KEY_FIGURES, amount, band, number, short_name

if TYPE_CHECKING:
    from analysis.questions.compare import Comparison
    from analysis.questions.frontier import Frontier


def print_comparison(out: Console, comparison: Comparison) -> None:
    """The finding, the key figures side by side, and how outcomes changed."""
    out.print(Text(comparison.finding, style="bold"))
    out.print()
    out.print(_figures(comparison))
    if comparison.changed:
        out.print()
        out.print(_transitions(comparison))
    changed = comparison.document()["outcome_changed"]
    share, interval = amount(changed["share"], "share"), band(changed["low"], changed["high"], "share")
    out.print()
    out.print(
        f"The outcome changes in {share} of the pairs (95 % interval {interval}). Each interval is for itself: of forty figures that do "
        "not differ, two may miss zero by chance. Differences of shares in points. Saved: by pairing, of the variance of the difference."
    )


def _figures(comparison: Comparison) -> Table:
    title = f"Means over {len(comparison.seeds)} pairs: A {comparison.name_a}, B {comparison.name_b}"
    table = Table("figure", title=title, box=None, title_justify="left", padding=(0, 1, 0, 0))
    for heading in ("A", "B", "B - A", "95 %", "saved"):
        table.add_column(heading, justify="right", no_wrap=True)
    rows = {row["figure"]: row for row in comparison.figures.to_dict("records")}
    for key, label in KEY_FIGURES.items():
        table.add_row(label, *_cells(rows[key]))
    return table


def _cells(row: Mapping[Hashable, Any]) -> tuple[str, ...]:
    unit, verdict = row["unit"], row["verdict"]
    sign = "+" if row["difference"] > 0.0 else ""
    difference = sign + amount(row["difference"], unit) if verdict in (HIGHER, LOWER) else verdict
    interval = band(row["low"], row["high"], unit) if verdict != SAME else "–"
    if unit == "share":
        difference, interval = (text.replace(" %", "") for text in (difference, interval))
    return amount(row["mean_a"], unit), amount(row["mean_b"], unit), difference, interval, amount(row["saved"], "share")


def _transitions(comparison: Comparison) -> Table:
    counts = comparison.transitions
    table = Table("A ↓  B →", title="Pairs by outcome", box=None, title_justify="left", padding=(0, 2, 0, 0))
    for name in counts.columns:
        table.add_column(str(name), justify="right")
    for outcome, row in counts.iterrows():
        table.add_row(str(outcome), *(str(count) for count in row))
    return table


def print_frontier(out: Console, result: Frontier) -> None:
    """The finding and a row a panel."""
    out.print(Text(f"{result.name}: {result.finding}", style="bold"))
    out.print()
    names = " and ".join(short_name(axis.path) for axis in result.axes)
    ranges = ", ".join(f"{number(axis.low)} to {number(axis.high)}" for axis in result.axes)
    what = result.outcome.replace("_", "-")
    table = Table("", f"where P({what}) is above one half", box=None, padding=(0, 2, 0, 0))
    table.add_column("runs", justify="right")
    table.add_column("undecided", justify="right")
    for row in result.panels.to_dict("records"):
        table.add_row(*_panel(row))
    out.print(table)
    out.print()
    out.print(
        f"Over {names} ({ranges}). Undecided: the share of it where, with 95 % confidence, one half is not excluded.", soft_wrap=False
    )


def _panel(row: Mapping[Hashable, Any]) -> tuple[str, ...]:
    return row["panel"], row["finding"], str(row["runs"]), amount(row["undecided"], "share")
