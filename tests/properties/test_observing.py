"""Looking at the world changes nothing in it."""

from __future__ import annotations

import pytest

from sim import day
from tests.worlds import busy, day_without, differing, sora, state_of


def test_a_day_without_observation_leaves_the_same_world(monkeypatch: pytest.MonkeyPatch) -> None:
    observed = busy().run()
    monkeypatch.setattr(day, "DAY", day_without("observe"))
    unobserved = busy().run()
    assert differing(state_of(observed.world), state_of(unobserved.world)) == ["cohorts.active", "cohorts.adopters"]
    assert observed.digest() == unobserved.digest()


def test_asking_for_tables_figures_metrics_and_digests_every_day_changes_nothing() -> None:
    plain, looked_at = sora(days=50).run(), sora(days=50)
    while looked_at.running:
        looked_at.metric("dau")
        looked_at.digest()
        looked_at.step()
        looked_at.tables()
        looked_at.finals()
    assert differing(state_of(plain.world), state_of(looked_at.world)) == []


def test_writing_into_a_table_that_was_handed_out_does_not_reach_the_world() -> None:
    plain, handed_out = sora(days=30), sora(days=30)
    for model in (plain, handed_out):
        for _ in range(20):
            model.step()
    for table in handed_out.tables().values():
        for column in table.select_dtypes("number"):
            table[column] = 0
            table.loc[:, column] = 1
    assert differing(state_of(plain.world), state_of(handed_out.world)) == []
