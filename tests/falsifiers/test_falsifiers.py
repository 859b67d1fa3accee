"""Falsifiers: each can be computed, says its threshold and command, and knows when the model's own band reaches over the threshold."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

import sim
from analysis.calibration import load_ensemble
from analysis.falsifiers.listed import FALSIFIERS, Falsifier, World
from analysis.falsifiers.measures import flattening
from analysis.falsifiers.page import document, falsifiers_page
from analysis.falsifiers.predicting import Predicted, predict, predicted, worlds
from analysis.questions.asking import World as Asked
from analysis.questions.lives import Across, Life


@dataclasses.dataclass
class MadeUp:
    """A run of two seeds with these summaries."""

    summaries: list[dict[str, object]]
    seeds: tuple[int, ...] = (1, 2)
    cohorts: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)


FUND = next(one for one in FALSIFIERS if one.name == "fund_without_effect")


@pytest.mark.parametrize("one", FALSIFIERS, ids=lambda one: one.name)
def test_every_world_is_a_scenario(one: Falsifier) -> None:
    for world in one.worlds:
        sim.load_scenario(world.source, world.overrides)
    assert (one.other is None) == (one.compared == "alone")


def test_the_names_differ_and_there_are_eight() -> None:
    assert len({one.name for one in FALSIFIERS}) == len(FALSIFIERS) == 8


def readings(*columns: Sequence[float]) -> dict[tuple[str, str], np.ndarray]:
    return {(world.command(), FUND.name): np.array(column) for world, column in zip(FUND.worlds, columns, strict=True)}


def test_worlds_are_compared_draw_by_draw() -> None:
    read = readings((0.4, 0.2), (0.8, 0.8))
    found = predicted(FUND, read)
    assert (found.median, found.draws) == (pytest.approx(0.375), 2)
    assert predicted(dataclasses.replace(FUND, compared="minus"), read).median == pytest.approx(-0.5)


def test_a_draw_without_the_number_is_left_out() -> None:
    assert predicted(FUND, readings((0.4, np.nan), (0.8, 0.0))).draws == 1
    assert predicted(FUND, readings((np.nan, np.nan), (0.8, 0.8))).draws == 0


def test_a_figure_that_a_run_does_not_have_is_no_number() -> None:
    run = MadeUp([{"seed": seed, "exported_share": share} for seed, share in ((1, 0.4), (2, None))])
    assert FUND.read(run, 1) == 0.4  # type: ignore[arg-type]
    assert math.isnan(FUND.read(run, 2))  # type: ignore[arg-type]


@pytest.mark.parametrize(("low", "high", "clear"), [(0.5, 0.9, True), (0.5, 0.96, False), (0.96, 0.99, False)])
def test_a_band_that_reaches_over_the_threshold_decides_nothing(low: float, high: float, clear: bool) -> None:
    one = Predicted(FUND, low, (low + high) / 2.0, high, 5)
    assert one.is_clear == clear
    assert ("decides nothing" in falsifiers_page([one], 5, 1000, 200)) != clear


def test_constant_churn_does_not_flatten() -> None:
    run = MadeUp([{"seed": 1, "retention": {f"d{age}": 0.97**age for age in (7, 30, 60)}}])
    assert flattening(run, 1) == pytest.approx(0.0, abs=1e-12)  # type: ignore[arg-type]
    assert math.isnan(flattening(MadeUp([{"seed": 1, "retention": {"d7": 0.0, "d30": 0.0, "d60": 0.0}}]), 1))  # type: ignore[arg-type]


def test_every_world_is_run_once_over_the_same_draws_and_everything_is_printed() -> None:
    told: list[str] = []
    ensemble = load_ensemble("sora")
    lived = Across(Asked("sora"), ensemble, tuple(ensemble.drawn(2)))

    def lives(world: World) -> list[Life]:
        return dataclasses.replace(lived, world=Asked(world.source, world.overrides, 100, 600)).under()

    predictions = predict(lives, lambda command, number, count: told.append(command))
    assert told == [world.command() for world in worlds()]
    assert len(set(told)) == len(told)
    assert {one.falsifier.name: one.draws for one in predictions} == dict.fromkeys((one.name for one in FALSIFIERS), 2)
    page = " ".join(falsifiers_page(predictions, 2, 600, 300, "sora").split())
    assert "2 sets of the ensemble 'sora'" in page
    for one in FALSIFIERS:
        assert f"{one.name} (claims {one.claim})" in page
        assert one.world.command() in page
    assert len(json.loads(json.dumps(document(predictions, 2, 600), allow_nan=False))["falsifiers"]) == len(FALSIFIERS)


def test_the_command_of_a_world_is_one_that_can_be_typed() -> None:
    assert World("sora", {"parent.stop_loss_usd": None}).command() == "flywheel run sora --days 240 --set parent.stop_loss_usd=null"
