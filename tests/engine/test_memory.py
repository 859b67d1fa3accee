"""Many runs in one process: none leaves its people behind."""

from __future__ import annotations

import gc

import sim
from sim.world import World


def worlds_in_memory() -> int:
    gc.collect()
    return sum(isinstance(one, World) for one in gc.get_objects())


def test_a_run_that_is_over_leaves_no_world_behind() -> None:
    scenario = sim.load_scenario("sora", agents=300, days=5)
    before = worlds_in_memory()
    for seed in range(3):
        sim.simulate_daily(scenario, seed)
    sim.run(scenario, seeds=3)
    assert worlds_in_memory() == before
