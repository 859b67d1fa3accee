"""Ablations: effects that are known, draw by draw, and what cannot be told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

import sim
from analysis.questions.asking import World
from analysis.questions.lives import Seeded
from analysis.questions.verdicts import FEW, HIGHER, LOWER, SAME, UNCLEAR
from analysis.sensitivity.ablating import SWITCHED_OFF, Ablation, ablate, effect_rows, of_document, share_interval, variants

ONE = Ablation("one", {"people": 1e6})


def runs(outcomes: list[str], users: list[float], profit: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"outcome": outcomes, "dau_end": users, "operating_profit_usd": profit})


def verdicts(plain: pd.DataFrame, ablated: pd.DataFrame) -> dict[str, str]:
    return {row["output"]: row["verdict"] for row in effect_rows(ONE, plain, ablated)}


def test_each_output_has_its_own_verdict() -> None:
    luck = np.random.default_rng(1).normal(size=20)
    plain = runs(["self_sustaining"] * 20, list(10.0 ** (7 + 0.2 * luck)), list(luck))
    ablated = runs(["fading"] * 20, list(10.0 ** (7.5 + 0.2 * luck)), list(luck))
    assert verdicts(plain, ablated) == {"self_sustaining": LOWER, "users": HIGHER, "cash": SAME}
    rows = {row["output"]: row for row in effect_rows(ONE, plain, ablated)}
    assert rows["users"]["difference"] == pytest.approx(0.5, abs=1e-3)
    assert (rows["self_sustaining"]["plain"], rows["self_sustaining"]["ablated"]) == (1.0, 0.0)
    assert rows["self_sustaining"]["low"] == -1.0 < rows["self_sustaining"]["high"] < -0.5, "twenty alike do not make it certain"


def test_unpaired_draws_would_hide_what_pairs_tell() -> None:
    luck = 1e6 * np.random.default_rng(1).normal(size=20)
    plain, ablated = (runs(["fading"] * 20, [1.0] * 20, list(luck + shift)) for shift in (0.0, 1e5))
    assert verdicts(plain, ablated)["cash"] == HIGHER
    shuffled = ablated.sample(frac=1.0, random_state=1).reset_index(drop=True)
    assert verdicts(plain, shuffled)["cash"] == UNCLEAR


def test_few_draws_are_not_judged() -> None:
    few = runs(["fading"] * 4, [1.0] * 4, [0.0, 1.0, 2.0, 3.0])
    assert set(verdicts(few, few).values()) == {FEW}


@pytest.mark.slow
def test_the_interval_of_a_paired_share_covers() -> None:
    """Twenty pairs, of which each turns from yes to no with chance .3 and from no to yes with .1: exactly counted, the coverage is 95 %."""
    n, up, down = 20, 0.1, 0.3
    covered = 0.0
    for ups in range(n + 1):
        for downs in range(n + 1 - ups):
            low, high = share_interval(np.concatenate([np.ones(ups), -np.ones(downs), np.zeros(n - ups - downs)]))
            chance = binom.pmf(ups, n, up) * binom.pmf(downs, n - ups, down / (1.0 - up))
            covered += chance * (low <= up - down <= high)
    assert 0.93 < covered < 0.98


def test_every_rule_flag_and_rival_form_has_its_variants() -> None:
    told = variants()
    sets = {(path, value) for one in told for path, value in one.sets.items()}
    assert {("rules.watching_reward", "share"), ("rules.watching_reward", "any_view"), ("publishing.exclusive", False)} <= sets
    assert {path for path, one in sim.PARAMETERS.items() if one.kind in ("choice", "flag")} <= {path for path, _ in sets}
    assert len({one.name for one in (*SWITCHED_OFF, *told)}) == len(SWITCHED_OFF) + len(told)


def test_ablations_of_a_real_world_are_paired_and_leave_out_what_it_has_already() -> None:
    lives = Seeded(World("sora_steerable", (), 60, 300), (1, 2, 3, 4, 5))
    chosen = [SWITCHED_OFF[0], Ablation("as it is", {"creators.talent_sd": 1.0}), Ablation("quota", {"making.free_quota_per_day": 5})]
    told = ablate(lives, ablations=chosen, workers=1)
    rows = told.effects[told.effects["output"] == "users"].set_index("ablation")
    assert rows.loc["network off", "verdict"] == LOWER
    assert set(rows.index) == {"network off", "quota"}
    assert "so in the plain world already: as it is" in told.notes
    assert any("'quota' holds until 'quota_cut' sets making.free_quota_per_day again" in note for note in told.notes)
    again = of_document(told.document())
    assert again.document() == told.document()
    assert again.effects.equals(told.effects)
    assert told.finding.startswith("sora_steerable sustains itself in 0 % of 5 draws; no ablation of 2 changes that beyond luck")
