"""Falsifiers: each can be computed, says its threshold and command, and knows when the model's own band reaches over the threshold."""

from __future__ import annotations

import dataclasses
import json
import math

import pandas as pd
import pytest

import sim
from analysis.falsifiers import predicting
from analysis.falsifiers.listed import FALSIFIERS, Falsifier, World
from analysis.falsifiers.measures import flattening
from analysis.falsifiers.page import document, falsifiers_page
from analysis.falsifiers.predicting import Predicted, predict, predicted, worlds


@dataclasses.dataclass
class MadeUp:
    """A run of two seeds with these summaries."""

    summaries: list[dict[str, object]]
    seeds: tuple[int, ...] = (1, 2)
    cohorts: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)


def made_up(*numbers: float | None) -> MadeUp:
    return MadeUp([{"seed": seed, "exported_share": number} for seed, number in enumerate(numbers, start=1)])


FUND = next(one for one in FALSIFIERS if one.name == "fund_without_effect")


@pytest.mark.parametrize("one", FALSIFIERS, ids=lambda one: one.name)
def test_every_world_is_a_scenario(one: Falsifier) -> None:
    for world in filter(None, (one.world, one.other)):
        source = sim.shipped_folder() / world.scenario if "/" in world.scenario else world.scenario
        sim.load_scenario(source, world.changes)
    assert (one.other is None) == (one.compared == "alone")


def test_the_names_differ_and_there_are_eight() -> None:
    assert len({one.name for one in FALSIFIERS}) == len(FALSIFIERS) == 8


def test_worlds_are_compared_seed_by_seed() -> None:
    runs = {FUND.world.command(): made_up(0.4, 0.2), FUND.other.command() if FUND.other else "": made_up(0.8, 0.8)}
    found = predicted(FUND, runs)  # type: ignore[arg-type]
    assert (found.median, found.seeds) == (pytest.approx(0.375), 2)
    minus = predicted(dataclasses.replace(FUND, compared="minus"), runs)  # type: ignore[arg-type]
    assert minus.median == pytest.approx(-0.5)


def test_a_seed_without_the_number_is_left_out() -> None:
    runs = {FUND.world.command(): made_up(0.4, None), FUND.other.command() if FUND.other else "": made_up(0.8, 0.0)}
    assert predicted(FUND, runs).seeds == 1  # type: ignore[arg-type]
    runs = {FUND.world.command(): made_up(None, None), FUND.other.command() if FUND.other else "": made_up(0.8, 0.8)}
    assert predicted(FUND, runs).seeds == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(("low", "high", "clear"), [(0.5, 0.9, True), (0.5, 0.96, False), (0.96, 0.99, False)])
def test_a_band_that_reaches_over_the_threshold_decides_nothing(low: float, high: float, clear: bool) -> None:
    one = Predicted(FUND, low, (low + high) / 2.0, high, 5)
    assert one.is_clear == clear
    assert ("decides nothing" in falsifiers_page([one], 5, 1000, 200)) != clear


def test_constant_churn_does_not_flatten() -> None:
    run = MadeUp([{"seed": 1, "retention": {f"d{age}": 0.97**age for age in (7, 30, 60)}}])
    assert flattening(run, 1) == pytest.approx(0.0, abs=1e-12)  # type: ignore[arg-type]
    assert math.isnan(flattening(MadeUp([{"seed": 1, "retention": {"d7": 0.0, "d30": 0.0, "d60": 0.0}}]), 1))  # type: ignore[arg-type]


def test_every_world_is_run_once_and_everything_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(predicting, "DAYS", 100)
    told: list[str] = []
    predictions = predict(1, 600, lambda command, number, count: told.append(command))
    assert told == [world.command() for world in worlds()]
    assert len(set(told)) == len(told)
    assert all(one.seeds == 1 for one in predictions)
    page = " ".join(falsifiers_page(predictions, 1, 600, 300).split())
    for one in FALSIFIERS:
        assert f"{one.name} (claims {one.claim})" in page
        assert one.world.command() in page
    assert len(json.loads(json.dumps(document(predictions, 1, 600), allow_nan=False))["falsifiers"]) == len(FALSIFIERS)


def test_the_command_of_a_world_is_one_that_can_be_typed() -> None:
    assert World("sora", {"parent.stop_loss_usd": None}).command() == "flywheel run sora --days 240 --set parent.stop_loss_usd=null"
