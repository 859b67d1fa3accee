"""For people who come from Mesa: batch_run, DataCollector, a model that stops itself; the same rows on Mesa 3.3 and 3.5."""

from __future__ import annotations

import inspect
from importlib.metadata import version
from typing import Any

import mesa
import pytest
from mesa.batchrunner import batch_run

from sim.ecosystem import Ecosystem

DAYS = 12
METRICS = ("installs_total", "dau", "attempts", "revenue_usd")
PARAMETERS: dict[str, Any] = {
    "scenario": "sora",
    "agents": 300,
    "days": DAYS,
    "run_seed": [1, 2],
    "dials__steerability": [0.05, 0.85],
}


class Collected(Ecosystem):
    """An ecosystem that collects its metrics each day, as a Mesa user writes it."""

    def __init__(self, *args: Any, **overrides: Any) -> None:
        super().__init__(*args, **overrides)
        reporters = {name: lambda model, name=name: model.metric(name) for name in METRICS}
        self.datacollector = mesa.DataCollector(model_reporters=reporters)

    def step(self) -> None:
        """One day, and a row of it."""
        if self.running:
            super().step()
            self.datacollector.collect(self)


def _own_rows(run_seed: int, steerability: float) -> list[dict[Any, Any]]:
    daily = Ecosystem("sora", run_seed=run_seed, agents=300, days=DAYS, dials__steerability=steerability).run().tables()["daily"]
    return daily[list(METRICS)].to_dict("records")


def test_batch_run_gives_the_rows_of_the_daily_table_for_each_seed_and_override() -> None:
    rows = batch_run(Collected, PARAMETERS, number_processes=1, data_collection_period=1, max_steps=1000, display_progress=False)
    assert len(rows) == 2 * 2 * DAYS
    for seed in PARAMETERS["run_seed"]:
        for steerability in PARAMETERS["dials__steerability"]:
            mine = [row for row in rows if row["run_seed"] == seed and row["dials__steerability"] == steerability]
            assert [{name: row[name] for name in METRICS} for row in mine] == _own_rows(seed, steerability)


def test_batch_run_collects_the_last_day_when_asked_for_the_end_only() -> None:
    rows = batch_run(Collected, PARAMETERS | {"run_seed": 1, "dials__steerability": 0.05}, number_processes=1, display_progress=False)
    assert [{name: row[name] for name in METRICS} for row in rows] == [_own_rows(1, 0.05)[-1]]


@pytest.mark.skipif("rng" not in inspect.signature(batch_run).parameters, reason="Mesa 3.3 has no rng in batch_run")
def test_the_generators_that_batch_run_hands_to_a_model_leave_no_trace_in_the_world() -> None:
    one = PARAMETERS | {"run_seed": 2, "dials__steerability": 0.05}
    rows = batch_run(Collected, one, number_processes=1, rng=[3, 4], display_progress=False)
    assert [{name: row[name] for name in METRICS} for row in rows] == 2 * [_own_rows(2, 0.05)[-1]]


def test_batch_run_takes_an_ecosystem_as_it_is() -> None:
    one = PARAMETERS | {"run_seed": 1, "dials__steerability": 0.05}
    rows = batch_run(Ecosystem, one, number_processes=1, display_progress=False)
    assert rows[0]["dau"] == _own_rows(1, 0.05)[-1]["dau"]


def test_a_data_collector_from_outside_reads_metrics_by_name() -> None:
    model = Ecosystem("sora", agents=300, days=DAYS)
    collector = mesa.DataCollector(model_reporters={"dau": lambda m: m.metric("dau"), "running": "running"})
    while model.running:
        model.step()
        collector.collect(model)
    table = collector.get_model_vars_dataframe()
    assert table["dau"].tolist() == model.tables()["daily"]["dau"].tolist()
    assert table["running"].tolist() == [True] * (DAYS - 1) + [False]


def test_it_stops_itself_at_the_horizon_and_stepping_on_does_nothing() -> None:
    model = Ecosystem("sora", agents=300, days=DAYS)
    model.run()
    assert not model.running
    ended, figures = model.digest(), model.finals()
    for _ in range(3):
        model.step()
    assert (model.digest(), model.finals(), model.world.day, model.running) == (ended, figures, DAYS, False)


def test_mesas_own_generators_leave_no_trace_in_the_world() -> None:
    digests = {Ecosystem("sora", run_seed=5, agents=300, days=DAYS, **given).run().digest() for given in ({}, {"rng": 1}, {"seed": 2})}
    assert len(digests) == 1


def test_institutions_are_mesa_agents_and_people_are_not() -> None:
    model = Ecosystem("sora", agents=300, days=DAYS)
    assert sorted(type(agent).__name__ for agent in model.agents) == ["ExternalPlatform", "Operator", "Parent"]


def test_mesa_is_one_that_this_package_supports() -> None:
    major, minor = map(int, version("mesa").split(".")[:2])
    assert (major, minor) >= (3, 3)
