"""Every world that asks about a shape of product runs at a small size, and its books close."""

from __future__ import annotations

import numpy as np
import pytest

from sim.ecosystem import Ecosystem
from sim.ledger.statements import cash_table, flow_matrix, income_statement
from sim.scenario import load_scenario

WORLDS = (
    "app_store_rocket",
    "capable_but_unsteerable",
    "creators_only",
    "hype_wave",
    "no_pay_leak",
    "paid_tool",
    "parent_changes_mind",
    "rival_arrives",
    "short_video_ads",
    "steerable_but_unpaid",
)


@pytest.mark.parametrize("name", WORLDS)
def test_a_world_runs_and_its_books_close(name: str) -> None:
    # Interventions that lie beyond a run so short are noted when the world is loaded, not refused.
    model = Ecosystem(load_scenario(name, agents=300, days=40), run_seed=1).run()
    tables = model.tables()
    daily, ledger = tables["daily"], tables["ledger"]

    assert len(daily) == 40
    assert daily["installs"].sum() > 0
    assert daily["attempts"].sum() > 0
    assert not daily.drop(columns="runway_days").isna().to_numpy().any()

    profit = income_statement(ledger, by="day")["operating_profit_usd"].to_numpy()
    np.testing.assert_array_equal(np.round(profit * 1e6), np.round(daily["operating_profit_usd"].to_numpy() * 1e6))
    flows = flow_matrix(ledger)
    assert not flows.sum(axis=1).any()
    assert list(flows.sum()) == list(cash_table(ledger)[39])


@pytest.mark.parametrize("name", WORLDS)
def test_a_world_asks_one_question_and_its_notes_are_empty(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.question.endswith("?")
    assert scenario.question.count("?") == 1
    assert scenario.evidence is None
    assert scenario.notes == ()
