"""The operator's trap: what one more user is worth and whether shrinking helps, in worlds whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from analysis.postmortem import trap
from analysis.postmortem.trap import CAPPED, CHEAPER, DEARER, FEW, HARMS, HELPS, LESS, MORE, NO, UNCLEAR, Lived, pulled

DRAWS = 20


def lived(adopters: float, usd: float, days: int = 100, saved: float = 0.0, draws: int = DRAWS, noise: float = 0.0) -> Lived:
    """Draws of a world with about so many adopters by day 100, each of whom brings so much; `saved` of the draws sustain themselves."""
    luck = np.random.default_rng(int(adopters)).normal(size=draws)
    curves = []
    for k in range(draws):
        came = (adopters + 10.0 * k) * np.arange(1, days + 1) / 100.0
        curves.append(np.array([came, -usd * came + noise * luck[k]]))
    return Lived(np.arange(draws) < saved * draws, np.full(draws, float(days)), curves)


@pytest.mark.parametrize(("usd", "said"), [(-4.0, DEARER), (2.5, CHEAPER)])
def test_what_a_user_is_worth_is_found(usd: float, said: str) -> None:
    row = trap.trap(lived(1000.0, usd), {MORE: lived(1100.0, usd)}).iloc[0]
    assert (row["usd_per_adopter"], row["usd_low"], row["usd_high"]) == pytest.approx((usd, usd, usd))
    assert row["user"] == said
    assert row["adopters"] == pytest.approx(100.0)


def test_what_a_user_is_worth_is_read_while_both_worlds_live() -> None:
    row = trap.trap(lived(1000.0, -4.0, days=100), {MORE: lived(1250.0, -4.0, days=80)}).iloc[0]
    assert row["usd_per_adopter"] == pytest.approx(-4.0)
    assert row["adopters"] == pytest.approx(200.0), "on day 79, not at the ends, where both had 1000"
    assert row["days"] == -20.0


def test_luck_that_drowns_it_leaves_it_untold() -> None:
    assert trap.trap(lived(1000.0, -4.0), {MORE: lived(1100.0, -4.0, noise=1e5)}).iloc[0]["user"] == UNCLEAR


def test_a_lever_that_moves_nobody_tells_nothing() -> None:
    row = trap.trap(lived(1000.0, -4.0), {MORE: lived(1000.0, -5.0)}).iloc[0]
    assert row["user"] == UNCLEAR
    assert np.isnan(row["usd_low"])


@pytest.mark.parametrize(
    ("before", "after", "verdict"), [(0.0, 0.8, HELPS), (0.8, 0.1, HARMS), (0.0, 0.0, NO), (1.0, 1.0, NO), (0.5, 0.55, UNCLEAR)]
)
def test_whether_shrinking_helps_is_judged_by_who_sustains_himself(before: float, after: float, verdict: str) -> None:
    row = trap.trap(lived(1000.0, -4.0, saved=before), {LESS: lived(900.0, -4.0, saved=after)}).iloc[0]
    assert row["verdict"] == verdict
    assert (row["p_as_it_is"], row["p"]) == pytest.approx((before, after))


def test_four_draws_are_too_few() -> None:
    row = trap.trap(lived(1000.0, -4.0, draws=4), {LESS: lived(900.0, -4.0, draws=4)}).iloc[0]
    assert (row["user"], row["verdict"]) == (FEW, FEW)


def test_levers_move_what_they_say_wherever_it_is_set() -> None:
    sora = sim.load_scenario("sora")
    more, less, capped = (pulled(sora, lever) for lever in (MORE, LESS, CAPPED))
    buzz, wide = "adoption.buzz_per_day", "adoption.open_share"
    assert more.values[buzz] == pytest.approx(1.1 * float(str(sora.values[buzz])))
    assert less.values[buzz] == pytest.approx(0.9 * float(str(sora.values[buzz])))
    assert more.values[wide] == sora.values[wide]
    [android] = [one for one in capped.interventions if one.name == "android_launch"]
    assert (capped.values[wide], android.changes[wide]) == pytest.approx((0.9 * 0.74, 0.9))
    others = {path for path in sora.values if capped.values[path] != sora.values[path]}
    assert others == {wide}


def test_moved_worlds_have_more_and_fewer_adopters() -> None:
    scenario = sim.load_scenario("sora", days=40, agents=1000)
    adopters = {lever: sim.simulate_daily(pulled(scenario, lever), 1)[1]["installs_total"] for lever in trap.LEVERS}
    as_it_is = sim.simulate_daily(scenario, 1)[1]["installs_total"]
    assert adopters[MORE] > as_it_is > max(adopters[LESS], adopters[CAPPED])
