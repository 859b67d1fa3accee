"""What `flywheel validate` says: a table for the rules of the model, another for the toys, never mixed; or one document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.table import Table
from rich.text import Text

from analysis.validation.comparison import LEVEL, Comparison, Exact, Row
from analysis.validation.sections import Judgement
from analysis.validation.target import Kind

TITLES: dict[Kind, str] = {
    "rule": "Rules of the model",
    "toy": "Toys: our estimators and machinery on models that are not ours",
}


def tables(judged: Sequence[Judgement], seeds: int, *, in_detail: bool) -> Iterator[Table]:
    """A table a kind. in_detail: every comparison; otherwise a line a target, with the comparison that came nearest to failing."""
    for kind, title in TITLES.items():
        of_kind = [one for one in judged if one.target.kind == kind]
        if of_kind:
            yield _table(of_kind, f"{title}: {_count(of_kind)} met", _caption(seeds, in_detail=in_detail), in_detail=in_detail)


def _count(judged: Sequence[Judgement]) -> str:
    return f"{sum(one.met for one in judged)} of {len(judged)} targets"


def _caption(seeds: int, *, in_detail: bool) -> str:
    shown = "" if in_detail else "Each line shows the comparison nearest to failing. "
    return (
        f"{shown}±: half of the last printed digit, or, over {seeds} seeds, what the spread between them allows at one chance of "
        f"{LEVEL:g} for all targets of a section and kind. > : the mean must lie above by at least so much."
    )


def _table(judged: Sequence[Judgement], title: str, caption: str, *, in_detail: bool) -> Table:
    table = Table(
        "target", "source", title=title, caption=caption, box=None, title_justify="left", caption_justify="left", padding=(0, 1, 0, 0)
    )
    for heading in ("expected", "got", "tolerance", "met"):
        table.add_column(heading, justify="right", no_wrap=True)
    section = ""
    for one in judged:
        if one.section.title != section:
            section = one.section.title
            table.add_row(Text(section, style="italic"))
        if in_detail:
            table.add_row(f" {one.target.claim}", one.target.source)
            for each in one.comparisons:
                table.add_row(f"   {each.name}", "", *_numbers(each, one.limit), _mark(one.holds(each), "yes", "no"))
        else:
            met = f"{sum(one.holds(each) for each in one.comparisons)}/{len(one.comparisons)}"
            table.add_row(f" {one.target.claim}", one.target.source, *_numbers(one.hardest, one.limit), _mark(one.met, met, met))
    return table


def _mark(met: bool, yes: str, no: str) -> Text:
    return Text(yes) if met else Text(no, style="bold red")


def _numbers(one: Comparison, limit: float) -> tuple[str, str, str]:
    """Expected, got, tolerance."""
    if isinstance(one, Exact):
        return _short(one.expected), _short(one.value), f"±{one.tolerance:.2g}"
    if isinstance(one, Row):
        return _short(one.expected), _short(one.mean), f"±{one.tolerance(limit):.2g}"
    return f"> {_short(one.floor)}", _short(one.mean), f"by {one.tolerance(limit):.2g}"


def _short(value: float) -> str:
    return f"{value:.5g}"


def document(judged: Sequence[Judgement], seeds: int) -> dict[str, Any]:
    """All targets with all their comparisons."""
    return {
        "schema": 1,
        "seeds": seeds,
        "level": LEVEL,
        "met": all(one.met for one in judged),
        "targets": [
            {
                "section": one.section.name,
                "name": one.target.name,
                "kind": one.target.kind,
                "claim": one.target.claim,
                "source": one.target.source,
                "met": one.met,
                "comparisons": [_entry(each, one) for each in one.comparisons],
            }
            for one in judged
        ],
    }


def _entry(one: Comparison, judgement: Judgement) -> dict[str, Any]:
    met = judgement.holds(one)
    if isinstance(one, Exact):
        numbers = {"expected": float(one.expected), "got": float(one.value), "tolerance": one.tolerance}
        return {"name": one.name, "form": "exact", **numbers, "met": met}
    form, expected = ("mean", one.expected) if isinstance(one, Row) else ("above", one.floor)
    numbers = {"expected": float(expected), "got": one.mean, "tolerance": one.tolerance(judgement.limit)}
    return {"name": one.name, "form": form, **numbers, "met": met}
