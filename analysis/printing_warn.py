"""What is printed of an early warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.early_warning.answer import area, rule
from analysis.early_warning.early import INDICATORS
from analysis.early_warning.foretelling import ALL, BEST_ONE, BEST_THREE
from analysis.wording import amount, band

if TYPE_CHECKING:
    from analysis.early_warning.early import INDICATORS
from analysis.early_warning.answer import EarlyWarning


def print_warning(out: Console, answer: EarlyWarning) -> None:
    """The finding, how well is told by day, the walls, and what the public figures say by date."""
    out.print(Text(f"{answer.name}: {answer.finding}.", style="bold"))
    out.print()
    out.print(_scores(answer))
    out.print()
    out.print(_alone(answer))
    out.print()
    out.print(_walls(answer))
    if not answer.public.empty:
        out.print()
        out.print(_public(answer))
        out.print(f"{answer.verdict}.", soft_wrap=False)
    out.print()
    out.print(
        f"{answer.worlds} worlds, {amount(answer.share, 'share')} of them {answer.what}. AUC: the chance that of two worlds, one of them "
        f"{answer.what}, that one is named; a coin has .5. Skill: what is gained on saying that share of every world. All over worlds that "
        "were not learnt from; 95 % intervals over worlds. A wall stands where sensitivity + specificity is largest."
    )


def _scores(answer: EarlyWarning) -> Table:
    table = Table("by day", title="AUC (95 %)", box=None, title_justify="left", padding=(0, 2, 0, 0))
    for heading in (ALL, BEST_THREE, BEST_ONE, "skill, all"):
        table.add_column(heading, justify="right")
    for day in answer.days:
        row = answer.score(day, ALL)
        skill = f"{amount(row['skill'], 'share')} ({band(row['skill_low'], row['skill_high'], 'share')})"
        table.add_row(str(day), *(area(answer.score(day, teller)) for teller in (ALL, BEST_THREE, BEST_ONE)), skill)
    return table


def _alone(answer: EarlyWarning) -> Table:
    title = "AUC of one indicator alone, and how many of the tellers of three chose it"
    table = Table("", title=title, box=None, title_justify="left", padding=(0, 2, 0, 0))
    for day in answer.days:
        table.add_column(f"day {day}", justify="right")
    chosen = answer.selection.set_index(["day", "indicator"])["among_three"]
    for indicator in INDICATORS:
        cells = [
            f"{answer.score(day, indicator.name)['auc']:.2f}, {amount(chosen[day, indicator.name], 'share')}"
            if (day, indicator.name) in chosen.index
            else "–"
            for day in answer.days
        ]
        table.add_row(indicator.label, *cells)
    return table


def _walls(answer: EarlyWarning) -> Table:
    table = Table("by day", "a warning is", title="Walls", box=None, title_justify="left", padding=(0, 2, 0, 0))
    for heading in ("95 %", f"{answer.what} then", "else", "AUC alone"):
        table.add_column(heading, justify="right")
    for row in (row for day in answer.days for row in answer.shown_walls(day).to_dict("records")):
        shares = (amount(row[side], "share") for side in ("yes_bad", "yes_good"))
        table.add_row(str(row["day"]), rule(row), band(row["low"], row["high"], row["unit"]), *shares, f"{row['alone']:.2f}")
    return table


def _public(answer: EarlyWarning) -> Table:
    title = f"P({answer.what}) by the public figures (95 %)"
    table = Table("figures", title=title, box=None, title_justify="left", padding=(0, 2, 0, 0))
    for day in answer.days:
        table.add_column(f"day {day}", justify="right")
    for basis, rows in answer.public.groupby("basis", sort=False):
        cells = {row["day"]: f"{amount(row['p'], 'share')} ({band(row['low'], row['high'], 'share')})" for row in rows.to_dict("records")}
        known = dict(zip(rows["day"], rows["p"].notna(), strict=True))
        table.add_row(str(basis), *(cells[day] if known[day] else "–" for day in answer.days))
    return table
