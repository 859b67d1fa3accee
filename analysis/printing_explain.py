"""What is printed of a post-mortem and of a deadline."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

import sim
from analysis.postmortem.explain_words import NAMES, rows_of, said, when
from analysis.postmortem.shares import SHARE, TOGETHER, WHOLE
from analysis.wording import amount, band

if TYPE_CHECKING:
    from analysis.questions.deadline import Deadline
    from analysis.questions.explain import Explanation


def print_explanation(out: Console, answer: Explanation) -> None:
    """The finding, the worlds it rests on, the parts, what broke when, and the operator's trap."""
    out.print(Text(answer.finding, style="bold"))
    for table in (_worlds(answer), _parts(answer)):
        out.print()
        out.print(table)
    out.print()
    out.print(Text(answer.order, style="bold"))
    out.print()
    out.print(_breaks(answer))
    out.print()
    out.print(Text(answer.users, style="bold"))
    if len(answer.trap):
        out.print()
        out.print(_trap(answer))
    out.print()
    out.print(
        f"Over {int(answer.worlds['draws'].iloc[0])} paired {answer.over}. In brackets: 95 %, of P by Wilson, of all else by resampling "
        "draws; of days 5–95 % of the draws. Shares: Shapley values. They sum to the whole, and so do the rows below them: what gates "
        "bring alone and, beyond that, only together. "
        "Broken: for good, over 28 days; what comes first need not be the cause. A user's worth is read on the last day both worlds live, "
        "before what it costs to win her."
    )


def _table(title: str, *headings: str) -> Table:
    table = Table(headings[0], title=title, box=None, title_justify="left", padding=(0, 1, 0, 0))
    for heading in headings[1:]:
        table.add_column(heading, justify="right")
    return table


def _worlds(answer: Explanation) -> Table:
    table = _table("Worlds with gates mended", "mended", "P", "daily users", "profit", "what becomes of it")
    for row in answer.worlds.to_dict("records"):
        p = f"{amount(row['p'], 'share')} ({100 * row['p_low']:.0f}–{100 * row['p_high']:.0f})"
        table.add_row(row["mended"] or "nothing", p, amount(row["users"], "people"), amount(row["profit"], "USD"), row["outcomes"])
    return table


def _parts(answer: Explanation) -> Table:
    scales = {measure: _scale(answer, measure) for measure in NAMES}
    units = {"p": "P, points", "users": f"daily users{scales['users'][1]}", "profit": f"profit{scales['profit'][1]} USD"}
    table = _table("Parts of the difference", "", *units.values())
    kinds = {SHARE: "share of ", TOGETHER: "", WHOLE: "the whole"}
    columns = {kind: [rows_of(answer.parts, measure, kind) for measure in NAMES] for kind in kinds}
    for kind, heading in kinds.items():
        for row in zip(*columns[kind], strict=True):
            part = row[0]["part"] + (" alone" if kind == TOGETHER and "+" not in row[0]["part"] else "")
            table.add_row(heading + part, *(_cell(one, scales[measure][0]) for one, measure in zip(row, NAMES, strict=True)))
        table.add_section()
    return table


def _scale(answer: Explanation, measure: str) -> tuple[float, str]:
    """What the numbers of a measure are divided by, and how that is said."""
    if measure == "p":
        return 0.01, ""
    rows = answer.parts[answer.parts["outcome"] == measure]
    largest = float(rows["value"].abs().max())
    return next(((size, f", {name}") for size, name in ((1e6, "M"), (1e3, "k")) if largest >= size), (1.0, ","))


def _cell(row: Mapping[Hashable, Any], scale: float) -> str:
    value, low, high = (_short(row[key] / scale) for key in ("value", "low", "high"))
    if pd.isna(row["low"]):
        return value
    return f"{value} ({low} to {high})" if row["low"] < row["high"] else f"{value} (each draw)"


def _short(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 99.5 or float(f"{value:.2g}") == 0.0 else f"{value:.3g}"


def _breaks(answer: Explanation) -> Table:
    table = _table("What broke for good", "", "draws", "day", "what that is")
    table.columns[3].justify = "left"
    for row in answer.breaks.to_dict("records"):
        start = row["day"] < sim.GATE_DAYS
        day = (
            "–"
            if not row["broke"]
            else "from the start"
            if start
            else f"{when(row['day'], answer.launch)}, {band(row['day_low'], row['day_high'], 'day')}"
        )
        table.add_row(row["thing"], amount(row["share"], "share"), day, row["broken"])
    return table


def _trap(answer: Explanation) -> Table:
    table = _table("A tenth more or fewer users", "", "adopters", "USD a user", "P", "closed, days later")
    for row in answer.trap.to_dict("records"):
        usd = amount(row["usd_per_adopter"], "USD")
        table.add_row(
            row["world"],
            said(row["adopters"], "users"),
            f"{usd} ({band(row['usd_low'], row['usd_high'], 'USD')})",
            f"{amount(row['p_as_it_is'], 'share')} → {amount(row['p'], 'share')}",
            f"{row['days']:+.0f} ({row['days_low']:.0f} to {row['days_high']:.0f})",
        )
    return table


def print_deadline(out: Console, answer: Deadline) -> None:
    """The finding and the curve."""
    out.print(Text(answer.finding, style="bold"))
    out.print()
    table = _table(f"The fix: {', '.join(answer.fix)}", "it comes on", "saved", "P(saved)", "95 %")
    for row in answer.curve.to_dict("records"):
        saved = f"{row['saved']:.0f} of {row['draws']:.0f}"
        table.add_row(when(row["day"], answer.launch), saved, amount(row["p"], "share"), band(row["low"], row["high"], "share"))
    out.print(table)
    out.print()
    out.print(
        f"Saved: self-sustaining {answer.judged_after} days after the fix, so that a late one has as long as an early one; a product "
        f"closed before it is lost. Without the fix {answer.as_it_is} of {answer.curve['draws'].iloc[0]:.0f} {answer.over} sustain "
        "themselves. P is made monotone, its band is Wilson's; the interval of the day is by resampling draws."
    )
