"""The whole model against its plain-Mesa twin, how it grows, where its day goes, and how soon it starts."""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial

from sim import day
from tests.benchmarks.measuring import ROUNDS, Row, cpu_seconds, in_a_process, in_turns
from tests.twin.rate import twin_rate
from tests.worlds import sora

_LARGE_WORLD = """
import json, resource, sys, time
from tests.worlds import sora
sora(days=3).run()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start, cpu = time.perf_counter(), time.process_time()
model = sora(agents={agents}, days=365)
model.world.crew.threads = {threads}
built = time.perf_counter()
roster = 0
while model.running:
    model.step()
    roster += int(model.world.roster.count[0])
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps(dict(built_s=built - start, wall_s=time.perf_counter() - start, cpu_s=time.process_time() - cpu,
                      peak_mb=peak / 1024, before_mb=before / 1024, active=roster)))
"""
_FIRST_DAY = """
import json, time
start = time.perf_counter()
import sim
model = sim.Ecosystem("sora", agents=2000, days=2)
imported = time.perf_counter()
model.step()
print(json.dumps(dict(import_s=imported - start, first_day_s=time.perf_counter() - start)))
"""


def engine_rate(agents: int, days: int) -> float:
    """Agent-days per CPU-second of the same world as the twin's, on one thread; building it is not counted."""
    model = sora(agents=agents, days=days)
    model.world.crew.threads = 1
    return agents * days / cpu_seconds(model.run)


def against_the_twin() -> Iterator[Row]:
    """The Sora world that nobody closes, ours and in plain Mesa, per core; and where Mesa calls the whole market, as models mostly do."""
    for agents, days, aim in ((10_000, 365, "≥ 150"), (100_000, 120, "≥ 200")):
        contestants: dict[str, Callable[[], float]] = {"flywheel": partial(engine_rate, agents, days)}
        for activation in ("do", "shuffle_do"):
            contestants[activation] = partial(twin_rate, agents, days, activation)
            contestants[f"{activation}, all called"] = partial(twin_rate, agents, days, activation, calls_everybody=True)
        rates = in_turns(contestants)
        ours = rates.pop("flywheel")
        yield Row("twin", f"flywheel, {agents:,} rows", ours / 1e6, "M agent-days/CPU-s")
        for name, rate in rates.items():
            yield Row("twin", f"plain Mesa {name}, {agents:,} rows", rate / 1e6, "M agent-days/CPU-s")
            yield Row("twin", f"flywheel / {name}, {agents:,} rows", ours / rate, "×", aim)


def growth(largest: int = 10_000_000, threads: int = 2) -> Iterator[Row]:
    """Time and memory of a year from 10^4 rows on, and the exponents with which they grow over the last two decades."""
    found: dict[int, dict[str, float]] = {}
    agents = 10_000
    while agents <= largest:
        found[agents] = one = in_a_process(_LARGE_WORLD.format(agents=agents, threads=threads))
        aim = {1_000_000: "about 10", 10_000_000: "about 100"}.get(agents, "")
        yield Row("growth", f"{agents:,} rows × 365, {threads} threads, wall", one["wall_s"], "s", aim)
        yield Row("growth", f"{agents:,} rows × 365, CPU per active agent-day", one["cpu_s"] / one["active"] * 1e9, "ns")
        yield Row("growth", f"{agents:,} rows, peak memory", one["peak_mb"], "MiB", "≤ 2048" if agents == largest else "")
        agents *= 10
    last, before = found[max(found)], found[max(found) // 100]
    yield Row("growth", "exponent of CPU time, last two decades", math.log(last["cpu_s"] / before["cpu_s"]) / math.log(100), "", "1")


def where_the_day_goes(agents: int = 10_000, days: int = 365) -> Iterator[Row]:
    """CPU time of each phase of a day, the least of several runs."""
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        spent = dict.fromkeys((phase.run.__name__ for phase in day.DAY), 0.0)
        model = sora(agents=agents, days=days)
        for _ in range(days):
            for phase in day.DAY:
                start = time.process_time()
                phase.run(model.world)
                spent[phase.run.__name__] += time.process_time() - start
            model.world.day += 1
        best = {name: min(best.get(name, math.inf), seconds) for name, seconds in spent.items()}
    for name, seconds in best.items():
        yield Row("day", f"{name}, {agents:,} rows", seconds / days * 1e6, "µs/day")
    whole = min(cpu_seconds(sora(agents=agents, days=days).run) for _ in range(ROUNDS))
    yield Row("day", f"a day, {agents:,} rows", whole / days * 1e6, "µs/day", "≤ 329")


def start_up() -> Iterator[Row]:
    """Import and first day in a fresh process, with kernels compiled for the first time and read from their cache."""
    with tempfile.TemporaryDirectory() as cache:
        cold, warm = (in_a_process(_FIRST_DAY, {"NUMBA_CACHE_DIR": cache}) for _ in range(2))
    yield Row("start", "first day, cold cache", cold["first_day_s"], "s", "≤ 20")
    yield Row("start", "first day, warm cache", warm["first_day_s"], "s", "≤ 2")
    yield Row("start", "of which import and building", warm["import_s"], "s")
