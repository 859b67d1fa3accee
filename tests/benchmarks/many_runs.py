"""Many runs: the time of a thousand, start-up included, and our sweep against Mesa's over the twin."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import mesa

from sim.running import simulate_daily
from tests.benchmarks.measuring import ROOT, Row, cpu_seconds, in_turns
from tests.twin.model import TwinEcosystem
from tests.worlds import sora

_SWEEP = """\
schema: 1
base: sora
set: {{parent.stop_loss_usd: null, agents: {agents}, days: {days}}}
vary: {{dials: {{steerability: [0.05, 0.06]}}}}
design: grid
replicates: {runs}
"""


def a_thousand_runs(runs: int = 1000, agents: int = 10_000, days: int = 365) -> Iterator[Row]:
    """`flywheel sweep` over seeds of the Sora world that nobody closes, from the shell to the last part on disk, all cores."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "seeds.yaml"
        file.write_text(_SWEEP.format(agents=agents, days=days, runs=runs // 2), encoding="utf-8")
        command = [sys.executable, "-m", "analysis.cli", "sweep", str(file), "--out", str(Path(folder) / "store"), "--yes"]
        start = time.perf_counter()
        subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True, capture_output=True)
        wall = time.perf_counter() - start
    yield Row("runs", f"{runs:,} runs of {agents:,} × {days}, wall", wall, "s", "about 60")
    yield Row("runs", "runs per second", runs / wall, "1/s")


class _BatchTwin(TwinEcosystem):
    """The twin as `mesa.batch_run` makes one."""

    def __init__(self, agents: int, days: int, run_seed: int, rng: Any = None, seed: Any = None) -> None:
        super().__init__(sora(agents=agents, days=days).plan, run_seed, activation="do")
        self.datacollector = mesa.DataCollector(model_reporters={"day": "day"})

    def step(self) -> None:
        if self.running:
            super().step()
            self.datacollector.collect(self)


def against_batch_run(agents: int = 2000, days: int = 120, runs: int = 4) -> Iterator[Row]:
    """Runs per CPU-second in one process: what a worker of our sweep does, and `mesa.batch_run` over the plain-Mesa twin."""
    rates = in_turns(
        {"flywheel": partial(_ours, agents, days, 10 * runs), "mesa.batch_run": partial(_theirs, agents, days, runs)}, rounds=5
    )
    for name, rate in rates.items():
        yield Row("runs", f"{name}, {agents:,} × {days}", rate, "runs/CPU-s")
    yield Row("runs", "flywheel / mesa.batch_run", rates["flywheel"] / rates["mesa.batch_run"], "×")


def _ours(agents: int, days: int, runs: int) -> float:
    plan = sora(agents=agents, days=days).plan
    return runs / cpu_seconds(lambda: [simulate_daily(plan, seed) for seed in range(runs)])


def _theirs(agents: int, days: int, runs: int) -> float:
    parameters = {"agents": agents, "days": days, "run_seed": list(range(runs))}
    return runs / cpu_seconds(lambda: mesa.batch_run(_BatchTwin, parameters, max_steps=days, display_progress=False))


def many_runs() -> Iterator[Row]:
    """Both."""
    yield from against_batch_run()
    yield from a_thousand_runs()
