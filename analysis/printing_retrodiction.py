"""What is printed of a retrodiction, and the document that --json prints."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from analysis.retrodiction.recoding import Agreement
from analysis.retrodiction.retrodict import Prediction, Retrodiction
from analysis.wording import amount

_LEAST_AGREED = 6
FEW = 20
"""Cases under which the table says that they are few."""


def print_retrodiction(out: Console, result: Retrodiction) -> None:
    """How many ends were told, case by case, the misses explained, the confusion, and the scores beside those of rules of thumb."""
    cases = result.predictions
    out.print(Text(headline(result), style="bold"))
    out.print()
    out.print(_case_table(cases))
    misses = [one for one in cases if not one.is_right]
    if misses:
        out.print(Text("\nThe misses, and what the model cannot express of each (written down before any run):"))
        for one in misses:
            out.print(f"  {one.sheet.product}: {one.sheet.cannot_express[0]}", markup=False, soft_wrap=True)
    out.print()
    out.print(_confusion_table(cases))
    out.print()
    out.print(_rule_table(result))
    low, high = result.interval
    out.print(
        f"\nOver all outcomes: balanced accuracy {result.accuracy:.2f} (95 % interval {low:.2f}–{high:.2f}), what most others did "
        f"{result.majority:.2f}; Brier score {result.brier:.2f} (0 is perfect, equal chances of six outcomes give .83).",
        soft_wrap=True,
    )
    out.print(f"Whether it sustains itself: Brier score {result.brier_sustained:.2f} (a coin: .25); {_reliable(result)}.", soft_wrap=True)
    if len(cases) < FEW:
        out.print(f"{len(cases)} cases are few: an interval over them is wide, and a difference inside it says nothing.", soft_wrap=True)


def print_agreement(out: Console, agreed: Agreement) -> None:
    """How far two codings of the cases agree, and on which questions least."""
    steps, table = agreed.steps, Table("question", title="Least agreed on", box=None, title_justify="left", padding=(0, 2, 0, 0))
    cases = steps["case"].nunique()
    out.print(
        Text(
            f"two coders: {amount(agreed.same, 'share')} of {len(steps)} answers on the same step, "
            f"{amount(agreed.within_one, 'share')} at most one apart",
            style="bold",
        )
    )
    for heading in ("same step", "at most one apart", "second minus first, steps"):
        table.add_column(heading, justify="right")
    for row in agreed.by_question.head(_LEAST_AGREED).to_dict("records"):
        shares = (f"{row[name] * cases:.0f} of {cases}" for name in ("same", "within_one"))
        table.add_row(str(row["question"]), *shares, f"{row['mean_apart']:+.1f}")
    out.print(table)
    out.print()


def headline(result: Retrodiction) -> str:
    """How many ends were told."""
    return f"{sum(one.is_right for one in result.predictions)} of {len(result.predictions)} ends told from what was known before"


def _case_table(cases: tuple[Prediction, ...]) -> Table:
    table = Table("case", title="Each case: what most runs came to", box=None, title_justify="left", padding=(0, 1, 0, 0))
    for heading in ("happened", "said"):
        table.add_column(heading, min_width=len("self-sustaining"))
    for heading in ("of runs", "closed", "said"):
        table.add_column(heading, justify="right")
    table.add_column("", no_wrap=True)
    for one in cases:
        known = " or ".join(map(_plain, one.sheet.outcomes))
        closed = "" if one.sheet.closing_day is None else f"day {one.sheet.closing_day}"
        said = "" if one.closing is None else f"day {one.closing[1]:.0f}"
        share = amount(one.shares[one.outcome], "share")
        table.add_row(one.sheet.product, known, _plain(one.outcome), share, closed, said, "told" if one.is_right else "missed")
    return table


def _confusion_table(cases: tuple[Prediction, ...]) -> Table:
    counts = Counter((" or ".join(one.sheet.outcomes), one.outcome) for one in cases)
    said = list(dict.fromkeys(outcome for _, outcome in sorted(counts)))
    table = Table(
        "what happened", title="Cases by what happened and what most runs came to", box=None, title_justify="left", padding=(0, 2, 0, 0)
    )
    for outcome in said:
        table.add_column(_plain(outcome), justify="right")
    for known in dict.fromkeys(known for known, _ in sorted(counts)):
        table.add_row(_plain(known), *(str(counts[known, outcome] or "·") for outcome in said))
    return table


def _rule_table(result: Retrodiction) -> Table:
    table = Table(
        "told by", title="Does it sustain itself? Told of each case from the others", box=None, title_justify="left", padding=(0, 2, 0, 0)
    )
    for heading in ("balanced accuracy", "95 % interval", "cases told"):
        table.add_column(heading, justify="right")
    happened = ["self_sustaining" in one.sheet.outcomes for one in result.predictions]
    for rule in result.rules:
        told = sum(one == other for one, other in zip(rule.said, happened, strict=True))
        table.add_row(rule.rule, f"{rule.accuracy:.2f}", f"{rule.interval[0]:.2f}–{rule.interval[1]:.2f}", f"{told} of {len(happened)}")
    published = sum(one.sheet.published_d30 is not None for one in result.predictions)
    table.caption = (
        f"D30 was published before the outcome of {published} of {len(happened)} cases; without it that rule says what most did."
    )
    table.caption_justify = "left"
    return table


def _reliable(result: Retrodiction) -> str:
    rows = (f"said {said:.2f} and was {was:.2f} in {count}" for _, _, count, said, was in result.reliability)
    return "probability by bins of cases: " + ", ".join(rows)


def _plain(name: str) -> str:
    return name.replace("_", "-")


def document(result: Retrodiction, agreed: Agreement | None = None) -> dict[str, Any]:
    """The retrodiction as plain JSON values. agreed: of its coding with that of the sheets, where it is another."""
    cases = [
        {
            "case": one.sheet.name,
            "product": one.sheet.product,
            "known": list(one.sheet.outcomes),
            "known_on": one.sheet.known_on.isoformat(),
            "known_closing_day": one.sheet.closing_day,
            "said": one.outcome,
            "right": one.is_right,
            "shares": one.shares,
            "closing_day": None if one.closing is None else dict(zip(("q05", "q50", "q95"), one.closing, strict=True)),
            "simulated_d30": one.d30,
            "cannot_express": list(one.sheet.cannot_express),
        }
        for one in result.predictions
    ]
    return {
        "headline": headline(result),
        "cases": cases,
        "balanced_accuracy": {"value": result.accuracy, "interval": list(result.interval), "majority": result.majority},
        "brier": result.brier,
        "brier_self_sustaining": result.brier_sustained,
        "reliability": [dict(zip(("from", "to", "cases", "said", "was"), row, strict=True)) for row in result.reliability],
        "rules": [dataclasses.asdict(rule) for rule in result.rules],
        "agreement": None if agreed is None else _agreement(agreed),
    }


def _agreement(agreed: Agreement) -> dict[str, Any]:
    tables = {"by_question": agreed.by_question.to_dict("records"), "steps": agreed.steps.to_dict("records")}
    return {"same": agreed.same, "within_one": agreed.within_one, **tables}
