"""The same seed gives the same bits, whatever process or number of threads computes them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.worlds import busy, differing, sora, state_of

ROOT = Path(__file__).parents[2]
PRINT_DIGEST = "from tests.worlds import busy; print(busy(6).run().digest())"


def test_the_same_seed_gives_the_same_bits_twice() -> None:
    one, other = busy(6).run(), busy(6).run()
    assert differing(state_of(one.world), state_of(other.world)) == []
    assert one.digest() == other.digest()


def test_different_seeds_give_different_worlds_from_the_first_day_on() -> None:
    digests = set()
    for seed in range(1, 9):
        model = sora(seed, days=3)
        digests |= {model.digest()}
        digests |= {model.run().digest()}
    assert len(digests) == 16


def test_two_worlds_in_turns_do_not_touch_each_other() -> None:
    one, other, alone = busy(6), sora(days=60), busy(6).run()
    while one.running or other.running:
        one.step()
        other.step()
    assert one.digest() == alone.digest()


def test_a_fresh_process_with_one_thread_gives_the_same_bits() -> None:
    environment = os.environ | {"NUMBA_NUM_THREADS": "1", "PYTHONHASHSEED": "3", "PYTHONPATH": str(ROOT)}
    fresh = subprocess.run([sys.executable, "-c", PRINT_DIGEST], env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    assert fresh.stdout.strip() == busy(6).run().digest()


def test_where_dormancy_begins_matters_only_as_noise() -> None:
    strict = sora(agents=2000, days=120, habit__dormant_below=0, habit__forgetting_per_day=0.15).run()
    skipping = sora(agents=2000, days=120, habit__dormant_below=1e-4, habit__forgetting_per_day=0.15).run()
    assert skipping.world.roster.count[0] < strict.world.roster.count[0]
    of_all, of_few = strict.tables()["daily"], skipping.tables()["daily"]
    for name in ("installs_total", "dau", "attempts", "views_here"):
        assert of_few[name].sum() == pytest.approx(of_all[name].sum(), rel=0.01), name
