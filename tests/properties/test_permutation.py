"""The order of rows leaves no trace: permuting people permutes results, bit for bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from sim.ecosystem import Ecosystem
from sim.populations.arrivals import queue_of
from tests.properties.drawing import scenarios
from tests.worlds import Document, busy, differing, scenario_from, sora


def _permute(model: Ecosystem, seed: int) -> None:
    """Permute creators among themselves and viewers among themselves, before the first day."""
    world, order = model.world, np.random.default_rng(seed)
    makers = world.creators.x_make.size
    of_creators = order.permutation(makers)
    rows = np.concatenate((of_creators, makers + order.permutation(world.people.uid.size - makers)))
    for column in world.people:
        column[:] = column[rows]
    for column in world.creators:
        column[:] = column[of_creators]
    world.queue = queue_of(world.people, makers, world.shelf.niches)


def _by_uid(model: Ecosystem) -> dict[str, Any]:
    """What a run ends with, each person and clip under her uid."""
    world, tables = model.world, model.tables()
    uid, makers = world.people.uid, world.creators.x_make.size
    found: dict[str, Any] = {f"people.{name}": column[uid.argsort()].tobytes() for name, column in world.people._asdict().items()}
    found |= {f"creators.{name}": column[uid[:makers].argsort()].tobytes() for name, column in world.creators._asdict().items()}
    clips = world.shelf.fresh()
    found |= {f"clips.{name}": column.tobytes() for name, column in clips._asdict().items() if name != "maker"}
    found |= {f"ledger.{name}": column.tobytes() for name, column in world.books.lines().items()}
    found["clips.maker"] = uid[clips.maker].tobytes()
    found["daily"] = tables["daily"].to_numpy().tobytes()
    found["cohorts"] = pd.util.hash_pandas_object(tables["cohorts"]).to_numpy().tobytes()
    found["roster"] = set(uid[world.roster.rows[: world.roster.count[0]]].tolist())
    return found


@pytest.mark.parametrize("order", [1, 2])
@pytest.mark.parametrize("make", [busy, lambda: sora(days=120)], ids=["busy", "sora"])
def test_permuting_rows_permutes_results_bit_for_bit(make: Any, order: int) -> None:
    plain, permuted = make(), make()
    _permute(permuted, order)
    assert differing(_by_uid(plain), _by_uid(permuted)) == []
    assert (plain.world.people.uid != permuted.world.people.uid).any()
    assert differing(_by_uid(plain.run()), _by_uid(permuted.run())) == []


@settings(max_examples=15)
@given(document=scenarios(days=70))
def test_permuting_rows_permutes_results_in_every_legal_world(document: Document) -> None:
    scenario = scenario_from(document)
    plain, permuted = Ecosystem(scenario, run_seed=5), Ecosystem(scenario, run_seed=5)
    _permute(permuted, 9)
    assert differing(_by_uid(plain.run()), _by_uid(permuted.run())) == []
