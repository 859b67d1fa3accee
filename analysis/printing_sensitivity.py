"""What is printed of rankings, ablations and regions; at most 80 columns wide."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.questions.verdicts import HIGHER, LOWER
from analysis.sensitivity.outputs import CASH, OUTPUTS, SUSTAINED, USERS
from analysis.sensitivity.wording import rank_words
from analysis.wording import amount, band, number, short_name

if TYPE_CHECKING:
    from analysis.sensitivity.ablating import Ablations
    from analysis.sensitivity.apportioning import Apportioning
    from analysis.sensitivity.discovering import Region
    from analysis.sensitivity.screening import Screening

_MOST_ROWS = 12
Row = Mapping[Hashable, Any]


def print_screening(out: Console, found: Screening) -> None:
    """The finding, and the first rows of each output."""
    out.print(Text(found.finding, style="bold"))
    for output, rows in found.effects.groupby("output", sort=False):
        out.print()
        shown = _plain_table(OUTPUTS[str(output)].label.capitalize(), "unknown", "μ*", "95 %", "mean μ", "spread σ", "rank")
        for row in rows.head(_MOST_ROWS).to_dict("records"):
            numbers = (number(row["mu_star"]), _between(row["low"], row["high"]), number(row["mu"]), number(row["sigma"]))
            shown.add_row(_name(row), *numbers, _rank(row))
        out.print(shown)
    out.print()
    out.print(
        f"Of {found.trajectories} walks, {found.runs:,} runs. Bold: beyond luck, the dummy that only changes the seed. "
        "Rank a–b: cannot be told apart from the others of that range."
    )


def print_apportioning(out: Console, found: Apportioning) -> None:
    """The finding, and all indices of each output."""
    out.print(Text(found.finding, style="bold"))
    for output, rows in found.indices.groupby("output", sort=False):
        out.print()
        shown = _plain_table(OUTPUTS[str(output)].label.capitalize(), "factor", "total", "95 %", "alone", "95 %", "rank")
        for row in rows.to_dict("records"):
            total, first = amount(row["total"], "share"), amount(row["first"], "share")
            spans = [band(row[f"{of}_low"], row[f"{of}_high"], "share").replace(" %", "") for of in ("total", "first")]
            shown.add_row(_name(row), total, spans[0], first, spans[1], _rank(row))
        out.print(shown)
    out.print()
    out.print(
        f"{found.points:,} points, {found.runs:,} runs. Total: the share of the variance it has a part in; alone: the share it explains by "
        "itself. Bold: beyond luck. Rank a–b: cannot be told apart."
    )


def print_ablations(out: Console, found: Ablations) -> None:
    """The finding, and a row an ablation with its effect on each output."""
    out.print(Text(found.finding, style="bold"))
    out.print()
    plain = {row["output"]: amount(row["plain"], row["unit"]) for row in found.effects.head(len(OUTPUTS)).to_dict("records")}
    shown = _plain_table("", "ablation", *(f"{OUTPUTS[name].label}\n{plain.get(name, '–')}" for name in (SUSTAINED, USERS, CASH)))
    for ablation, rows in found.effects.groupby("ablation", sort=False):
        by_output = {row["output"]: row for row in rows.to_dict("records")}
        shown.add_row(str(ablation), *(_effect(by_output[name]) for name in (SUSTAINED, USERS, CASH)))
    out.print(shown)
    out.print()
    out.print(f"{found.draws} paired draws; 95 % intervals of the change, of users as a factor. Bold: beyond luck.")


def _effect(row: Row) -> Text:
    low, high = row["low"], row["high"]
    if row["output"] == USERS:
        told = f"× {number(10.0 ** row['difference'])} ({number(10.0**low)}–{number(10.0**high)})"
    elif row["output"] == SUSTAINED:
        told = f"{100 * row['difference']:+.0f} ({100 * low:.0f} to {100 * high:.0f})"
    else:
        told = f"{amount(row['difference'], 'USD')} ({band(low, high, 'USD')})"
    return Text(told, style="bold" if row["verdict"] in (HIGHER, LOWER) else "")


def print_region(out: Console, found: Region) -> None:
    """The finding, the conditions and how the region does on both halves."""
    out.print(Text(found.finding, style="bold"))
    out.print()
    shown = _plain_table("Conditions", "", "share of its range", "density without", "quasi-p", "held out")
    for row in found.conditions.to_dict("records"):
        chances = (f"{row['quasi_p']:.2g}", f"{row['quasi_p_held_out']:.2g}")
        shown.add_row(row["words"], amount(row["share_of_prior"], "share"), amount(row["density_without"], "share"), *chances)
    out.print(shown)
    out.print()
    halves = _plain_table("The region", "", "worlds", "inside", "density", "95 %", "coverage", "95 %")
    for row in found.scores.to_dict("records"):
        spans = [band(row[f"{of}_low"], row[f"{of}_high"], "share") for of in ("density", "coverage")]
        shares = [amount(row[of], "share") for of in ("density", "coverage")]
        halves.add_row(str(row["half"]), f"{row['points']:,}", f"{row['points_inside']:,}", shares[0], spans[0], shares[1], spans[1])
    out.print(halves)
    out.print()
    out.print("Density: how many worlds in the region sustain themselves; coverage: how many of all that do lie in it.")


def _plain_table(title: str, *columns: str) -> Table:
    shown = Table(title=title, box=None, title_justify="left", padding=(0, 1, 0, 0))
    for place, column in enumerate(columns):
        shown.add_column(column, justify="right" if place else "left", no_wrap=bool(place))
    return shown


def _name(row: Row) -> Text:
    return Text(short_name(row["factor"]), style="bold" if row["beyond_luck"] else "")


def _rank(row: Row) -> str:
    return rank_words(row["rank"], row["best_rank"], row["worst_rank"])


def _between(low: float, high: float) -> str:
    return f"{number(low)}–{number(high)}"
