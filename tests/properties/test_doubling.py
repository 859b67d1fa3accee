"""Money has no natural unit: doubling every amount leaves all choices bit-equal and doubles money, but for the rounding of entries.

Bounds, in micro-dollars, of the difference between an amount and twice the one before. An amount is rounded once, so it may differ by 1.
An entry summed over clips, each rounded for itself, may differ by 1 a clip. A share of amounts that are rounded already (the store's fee,
creators' share of advertising): 2. A line of a split over cohorts is rounded again: 2 more. What the parent has paid since launch covers
all other entries, and may differ by the sum of their differences; what it pays on a day is the difference of two such sums.

Operator and parent read the books, which hold rounded amounts. A threshold in USD could therefore fall between a loss and its double; with
losses of a hundred thousand dollars a day against bounds of a few thousand micro-dollars this is not met, and the closing day is compared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from sim.ecosystem import Ecosystem
from sim.foundation.parameters import Value
from sim.observation.metrics import DAILY
from sim.populations.people import CREATORS, PEOPLE
from sim.scenario import Intervention, Scenario, load_scenario
from sim.scenario.keys import declaration
from tests.properties.drawing import scenarios
from tests.worlds import BUSY, Document, scenario_from

BY_CLIP = ("creator_share_of_advertising", "creator_fund", "outside_payout")
SHARE_OFF_BY, SPLIT_OFF_BY = 2, 2
POSTS_OF_THE_STORE_FEE = 2
"""The fee on credits and the fee on subscriptions, each rounded and split for itself."""
UNIT_OF = {metric.name: metric.unit for metric in DAILY}


def _doubled_values(values: Mapping[str, Value]) -> dict[str, Value]:
    doubled = dict(values)
    for key, value in values.items():
        parameter = declaration(key)
        assert parameter is not None
        if parameter.has_money and value is not None:
            assert isinstance(value, int | float)
            doubled[key] = 2.0 * value
    return doubled


def _doubled_intervention(one: Intervention) -> Intervention:
    when = one.when
    if when is not None and "USD" in UNIT_OF[when.metric]:
        when = replace(when, number=2.0 * when.number)
    return replace(one, changes=_doubled_values(one.changes), when=when)


def doubled(scenario: Scenario) -> Scenario:
    """The same scenario with every amount of money doubled, also those that interventions set or wait for."""
    interventions = tuple(_doubled_intervention(one) for one in scenario.interventions)
    return replace(scenario, values=_doubled_values(scenario.values), interventions=interventions)


def _assert_choices_are_bit_equal(plain: Ecosystem, twice: Ecosystem) -> None:
    for columns, mine, theirs in (
        (PEOPLE, plain.world.people, twice.world.people),
        (CREATORS, plain.world.creators, twice.world.creators),
    ):
        for column in columns:
            one, other = getattr(mine, column.name), getattr(theirs, column.name)
            if "micro-USD" in column.unit:
                assert (np.abs(other - 2 * one) <= plain.world.creators.attempts).all(), column.name
            elif "USD" in column.unit:
                assert (2 * one).tobytes() == other.tobytes(), column.name
            else:
                assert one.tobytes() == other.tobytes(), column.name
    for column, mine in plain.world.shelf.fresh()._asdict().items():
        assert mine.tobytes() == getattr(twice.world.shelf.fresh(), column).tobytes(), f"clips.{column}"
    assert (plain.closed_day, plain.closed_cause) == (twice.closed_day, twice.closed_cause)
    daily, other_daily = plain.tables()["daily"], twice.tables()["daily"]
    for name, unit in UNIT_OF.items():
        if "USD" not in unit and name != "runway_days":
            assert daily[name].to_numpy().tobytes() == other_daily[name].to_numpy().tobytes(), name
    assert (2 * daily["unit_cost_usd"] == other_daily["unit_cost_usd"]).all()


def _off(plain: Ecosystem, twice: Ecosystem, keys: list[str]) -> pd.DataFrame:
    """By how many micro-dollars the second world's sums miss twice those of the first: the keys, and `off`."""
    sums = []
    for model in (plain, twice):
        ledger = model.tables()["ledger"]
        sums.append(ledger.assign(kind=ledger["kind"].astype(str)).groupby(keys)["amount_micro_usd"].sum())
    return sums[1].sub(2 * sums[0], fill_value=0).abs().rename("off").reset_index()


def _assert_money_is_doubled(plain: Ecosystem, twice: Ecosystem) -> None:
    daily = plain.tables()["daily"]
    clips = ((daily["clips_here"] + daily["clips_both"] + daily["clips_outside"]) / plain.world.people_per_row).round()

    def bound(entries: pd.DataFrame) -> pd.Series:
        """The largest difference of an entry of this day and kind."""
        by_clip = entries["day"].map(clips).fillna(0) + SHARE_OFF_BY
        others = np.where(entries["kind"] == "store_fee", POSTS_OF_THE_STORE_FEE * SHARE_OFF_BY, 1)
        return by_clip.where(entries["kind"].isin(BY_CLIP), others)

    entries = _off(plain, twice, ["day", "kind"])
    is_funding = entries["kind"] == "parent_funding"
    others, funding = entries[~is_funding], entries[is_funding]
    assert (others["off"] <= bound(others)).all(), others[others["off"] > bound(others)]
    assert (funding["off"] <= 2 * funding["day"].map(others.groupby("day")["off"].sum().cumsum())).all()
    lines = _off(plain, twice, ["day", "kind", "cohort"])
    split = lines[lines["cohort"] >= 0]
    most = bound(split) + np.where(split["kind"] == "store_fee", POSTS_OF_THE_STORE_FEE, 1) * SPLIT_OFF_BY
    assert (split["off"] <= most).all(), split[split["off"] > most]


@pytest.mark.parametrize("scenario", [scenario_from(BUSY), load_scenario("sora", agents=600, days=130)], ids=["busy", "sora"])
def test_doubling_all_money_changes_no_choice_and_doubles_every_entry(scenario: Scenario) -> None:
    plain, twice = Ecosystem(scenario, run_seed=4).run(), Ecosystem(doubled(scenario), run_seed=4).run()
    assert plain.digest() != twice.digest()
    _assert_choices_are_bit_equal(plain, twice)
    _assert_money_is_doubled(plain, twice)


@settings(max_examples=15)
@given(document=scenarios(days=40))
def test_doubling_all_money_changes_no_choice_in_every_legal_world(document: Document) -> None:
    scenario = scenario_from(document)
    plain, twice = Ecosystem(scenario, run_seed=4).run(), Ecosystem(doubled(scenario), run_seed=4).run()
    _assert_choices_are_bit_equal(plain, twice)
    _assert_money_is_doubled(plain, twice)
