"""The same people, the same luck: where nothing couples two niches, a change in one leaves every history in the others bit by bit."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim.ecosystem import Ecosystem

UNCOUPLED: dict[str, Any] = {
    "adoption.word_of_mouth_per_day": 0,
    "adoption.chart_per_day": 0,
    "adoption.referral_per_outside_view": 0,
    "adoption.buzz_per_day": 0.02,
    "external_platforms.short_video.saturation_clips_per_day": None,
    "niches": 3,
    "agents": 900,
    "days": 90,
}


def _histories(values: dict[str, Any], *, changed: bool) -> pd.DataFrame:
    """Everybody's evenings; `changed`: the makers of niche 0 want half as much of a clip, so that they are content sooner."""
    model = Ecosystem("sora", run_seed=3, parent__stop_loss_usd=None, **{key.replace(".", "__"): value for key, value in values.items()})
    if changed:
        world = model.world
        makers = world.creators.acceptable_miss.size
        world.creators.acceptable_miss[world.people.niche[:makers] == 0] *= 2
    return model.follow(range(900)).run().tables()["histories"]


def _niches_that_differ(values: dict[str, Any]) -> set[int]:
    plain, changed = (_histories(values, changed=one) for one in (False, True))
    columns = [name for name in plain.columns if name != "acceptable_miss"]
    differs = (plain[columns].fillna(-1) != changed[columns].fillna(-1)).any(axis=1)
    return set(plain.loc[differs, "niche"])


def test_a_change_in_one_niche_leaves_every_history_in_the_others_bit_by_bit() -> None:
    assert _niches_that_differ(UNCOUPLED) == {0}


def test_word_of_mouth_carries_the_change_to_all_niches() -> None:
    assert _niches_that_differ(UNCOUPLED | {"adoption.word_of_mouth_per_day": 0.05}) == {0, 1, 2}
