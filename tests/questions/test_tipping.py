"""Tipping points, traps and what is neither, told apart on toys whose answer is known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from scipy.special import ndtr

from analysis.questions.tipping import (
    FEW,
    FEW_OFF,
    MANY,
    MANY_OFF,
    NETWORK_OFF,
    NO_DEPENDENCE,
    OPEN,
    STARTS,
    TIPPING,
    TRAP,
    dependence,
    tipping_words,
    verdict_on,
)
from analysis.questions.tracing import Axis, Trace, trace
from sim import load_scenario

PULL = Axis("pull", 0.0, 1.0)
NEVER = 2.0


def traces(few: float, many: float, few_off: float, many_off: float) -> Mapping[str, Trace]:
    """Traces of products that live above these thresholds, each with some luck."""

    def traced(threshold: float) -> Trace:
        def answers(points, seeds):  # type: ignore[no-untyped-def]
            luck = [np.random.default_rng(seed).random() for seed in seeds]
            return [one < ndtr((point["pull"] - threshold) / 0.03) for one, point in zip(luck, points, strict=True)]

        return trace(answers, [PULL], budget=40)

    return {panel: traced(at) for panel, at in zip((FEW, MANY, FEW_OFF, MANY_OFF), (few, many, few_off, many_off), strict=True)}


@pytest.mark.parametrize(
    ("thresholds", "verdict", "words"),
    [
        ((0.7, 0.4, 0.8, 0.8), TIPPING, "a tipping point, between pull"),
        ((0.7, 0.4, 0.7, 0.4), TRAP, "a trap that remembers the start, not a tipping point"),
        ((0.5, 0.5, 0.8, 0.8), NO_DEPENDENCE, "no tipping point, the start decides nowhere"),
        ((0.7, 0.4, NEVER, NEVER), OPEN, "the control cannot tell"),
    ],
)
def test_what_a_threshold_is(thresholds: tuple[float, float, float, float], verdict: str, words: str) -> None:
    found = traces(*thresholds)
    assert verdict_on(found) == verdict
    assert words in tipping_words("self-sustaining", found)


def test_the_stretch_where_the_start_decides_lies_between_both_thresholds() -> None:
    found = traces(0.7, 0.4, 0.8, 0.8)
    low, high = dependence(found[FEW], found[MANY]) or (0.0, 0.0)
    assert 0.4 <= low <= 0.5
    assert 0.6 <= high <= 0.7


def test_every_setting_of_starts_and_control_exists_and_is_legal() -> None:
    for changes in STARTS.values():
        scenario = load_scenario("sora", changes)
        assert all(scenario.values[path] == value for path, value in changes.items())


def test_with_the_network_off_nobodys_coming_depends_on_anybody_elses() -> None:
    """The terms of the hazard that others cause, and being seen, are zero; the feed does not depend on what is made."""
    scenario = load_scenario("sora", NETWORK_OFF)
    assert not any(scenario.values[path] for path in NETWORK_OFF if path != "watching.variety_exponent")
    assert 1e9 ** float(scenario.values["watching.variety_exponent"]) == pytest.approx(1.0, abs=1e-4)  # type: ignore[arg-type]
