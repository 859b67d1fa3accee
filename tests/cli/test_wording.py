"""Numbers and verdicts in words."""

from __future__ import annotations

import math
from typing import Any

import pytest

from analysis.wording import amount, band, verdict
from sim.results import Run


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (4_500_000.0, "people", "4.5 M"),
        (999_600.0, "people", "1 M"),
        (540_000.0, "USD", "$540 k"),
        (-1.7e8, "USD", "-$170 M"),
        (1.25e9, "USD", "$1.25 bn"),
        (0.7, "share", "70 %"),
        (0.0995, "share", "10 %"),
        (0.008, "share", "0.8 %"),
        (0.0, "people", "0"),
        (100.0, "1", "100"),
        (0.4222, "USD/attempt", "$0.422"),
        (95.0, "day", "95"),
        (None, "USD", "–"),
        (math.nan, "share", "–"),
    ],
)
def test_amounts_are_short(value: float | None, unit: str, text: str) -> None:
    assert amount(value, unit) == text


def test_bands_may_have_one_end() -> None:
    assert band(1e6, 2e6, "people") == "1 M–2 M"
    assert band(math.nan, 5e5, "people") == "up to 500 k"
    assert band(-2e6, -1e6, "USD") == "-$2 M to -$1 M"
    assert band(None, None, "USD") == "–"


def world(outcomes: dict[str, int], **more: Any) -> Run:
    n = sum(outcomes.values())
    shares = {name: {"count": count, "low": 0.4, "high": 0.9} for name, count in outcomes.items()}
    name = next(iter(outcomes)) if len(outcomes) == 1 else "contested"
    ensemble = {"verdict": name, "outcomes": shares} | more
    summaries = tuple({"seed": seed} for seed in range(n))
    empty: Any = None
    return Run({"scenario": "it"}, summaries, daily=empty, cohorts=empty, ledger=empty, runs=empty, ensemble=ensemble)


CLOSING = {
    "closing_day": {"n": 20, "q05": 171.0, "q50": 176.0, "q95": 181.0},
    "causes": {"stop_loss": 20},
    "first_gates": {"interaction": 20},
}


def test_a_shutdown_is_told_with_day_cause_and_gate() -> None:
    assert verdict(world({"shutdown": 20}, **CLOSING)) == (
        "it: shutdown in 20 of 20 runs (95 % interval 40–90 %), on day 176 (5–95 %: 171–181): the parent's stop-loss; "
        "the first gate to break was interaction."
    )


def test_a_shutdown_may_have_no_broken_gate() -> None:
    assert verdict(world({"shutdown": 20}, **(CLOSING | {"first_gates": {}}))).endswith("no gate had broken.")


def test_a_contested_world_lists_its_outcomes() -> None:
    text = verdict(world({"fading": 12, "shutdown": 8}, **CLOSING))
    assert "contested, no outcome has 80 % of 20 runs: fading in 12 (40–90 %), shutdown in 8" in text
    assert "on day 176" in text


def test_other_outcomes_are_explained() -> None:
    assert verdict(world({"harvest": 20})).endswith("it pays its costs and shrinks.")
