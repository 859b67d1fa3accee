"""Single people can be followed; nobody is unless asked for, and following changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from sim.populations.people import CREATORS, PEOPLE
from tests.worlds import busy, differing, sora, state_of, steps


def test_a_history_holds_the_columns_of_each_evening() -> None:
    model = sora(days=30).follow(range(0, 600, 50))
    evenings = []
    for _ in range(30):
        model.step()
        world = model.world
        rows = world.people.uid.argsort()[::50]
        evenings.append((world.people.x_watch[rows], world.people.last_active[rows]))
    table = model.tables()["histories"]
    assert list(table.columns) == ["day", *(column.name for column in PEOPLE), *(column.name for column in CREATORS)]
    assert len(table) == 30 * 12
    assert np.array_equal(table["x_watch"], np.concatenate([x for x, _ in evenings]))
    assert np.array_equal(table["last_active"], np.concatenate([day for _, day in evenings]))
    makers = round(0.4 * 600)
    assert (table["talent"].notna() == (table["uid"] < makers)).all()
    assert table[table["uid"] == 0]["talent"].nunique() == 1


def test_following_changes_nothing_and_nobody_is_followed_unasked() -> None:
    plain, followed = busy().run(), busy().follow(range(600)).run()
    assert differing(state_of(plain.world), state_of(followed.world)) == []
    assert "histories" not in plain.tables()


def test_people_may_be_followed_from_any_day_on() -> None:
    model = steps(sora(days=20), 15).follow([3])
    assert model.tables()["histories"].empty
    assert model.run().tables()["histories"]["day"].tolist() == list(range(15, 20))


@pytest.mark.parametrize("uids", [[-1], [600], [3, 10_000]])
def test_nobody_can_be_followed_who_is_not_there(uids: list[int]) -> None:
    with pytest.raises(ValueError, match="uids are from 0 to 599"):
        sora(days=3).follow(uids)
